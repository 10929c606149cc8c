//! Files of a roster, read, and what they say together.

use std::collections::BTreeMap;

use crate::model::Waiver;
use crate::yaml::{Lines, Marks, Mistake, Mistakes, Sink, Span, Spot, Tree, Warning, marks};

use super::keys;
use super::sources::{Roster, Source};
use super::workspace::RosterWorkspace;

/// The content of a file.
#[derive(Default)]
pub(super) enum What<'s> {
    #[default]
    Nothing,
    Workspace(Box<RosterWorkspace>),
    /// A workspace whose platform is unknown.
    Unfinished(Unfinished),
    Waivers(Vec<(Waiver, Span)>),
    /// Kept until its workspace is known.
    Start {
        tree: Tree<'s>,
        lines: Lines,
        workspace: String,
        name: Span,
    },
}

/// A workspace that has no platform that could be read.
pub(super) struct Unfinished {
    pub(super) name: String,
    /// The place of the key that gives the name.
    pub(super) place: Span,
    /// Says whether the file names a platform: one without may be meant as a part of another file.
    pub(super) has_platform: bool,
}

#[derive(Default)]
pub(super) struct FileRead<'s> {
    pub(super) sink: Sink,
    pub(super) what: What<'s>,
}

impl What<'_> {
    /// Returns whether nothing of the file could be read.
    pub(super) const fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Workspace(_) | Self::Unfinished(..) | Self::Waivers(_) | Self::Start { .. } => false,
        }
    }

    /// Packs the users tightly, which makes a copy: a roster can have a hundred thousand. Done when the tree of the file is freed, so that
    /// the copy takes its memory.
    pub(super) fn pack(&mut self) {
        if let Self::Workspace(workspace) = self {
            let users = std::mem::take(&mut workspace.desired.users);
            workspace.desired.users = users.into_iter().collect();
        }
    }

    /// Returns the workspace if it is one.
    pub(super) fn take_workspace(&mut self) -> Option<Box<RosterWorkspace>> {
        match std::mem::take(self) {
            Self::Workspace(workspace) => Some(workspace),
            other @ (Self::Nothing | Self::Unfinished(..) | Self::Waivers(_) | Self::Start { .. }) => {
                *self = other;
                None
            }
        }
    }
}

/// Mistakes, or else the roster with its warnings.
pub(super) fn conclude(
    files: &[&Source],
    reads: Vec<FileRead<'_>>,
    workspaces: BTreeMap<String, (usize, Box<RosterWorkspace>)>,
) -> Result<Roster, Mistakes> {
    let marks: Vec<Option<Marks<'_>>> = files
        .iter()
        .zip(&reads)
        .map(|(file, read)| {
            let pointed_at = reads.iter().any(|r| r.sink.found.iter().any(|f| matches!(f.also, Some((Some(_), ..)))));
            (pointed_at || !read.sink.found.is_empty()).then(|| marks(&file.name, &file.bytes, &read.sink.found, keys::SECRETS))
        })
        .collect();
    let (mut list, mut warnings, mut more) = (Vec::new(), Vec::new(), 0);
    for (i, read) in reads.into_iter().enumerate() {
        more += read.sink.more;
        let mut found = read.sink.found;
        found.sort_by_key(|f| f.spot);
        for finding in found {
            let marks_of = |file: usize| marks.get(file).and_then(Option::as_ref);
            let Some(own) = marks_of(i) else { continue };
            let also =
                finding.also.and_then(|(file, span, label)| marks_of(file.unwrap_or(i)).map(|marks| (marks.mark(Spot::Text(span)), label)));
            let warning = finding.warning;
            let mistake = Mistake::new(&finding, own, also);
            if warning { warnings.push(Warning(mistake)) } else { list.push(mistake) }
        }
    }
    if list.is_empty() {
        let workspaces = workspaces.into_values().map(|(_, workspace)| workspace.desired).collect();
        return Ok(Roster { workspaces, warnings });
    }
    Err(Mistakes { list, more })
}
