//! A file of a roster, read.

use crate::model::Waiver;
use crate::yaml::{Lines, Sink, Span, Tree};

use super::workspace::Workspace;

/// The content of a file.
#[derive(Default)]
pub(super) enum What<'s> {
    #[default]
    Nothing,
    Workspace(Box<Workspace>),
    /// A workspace whose platform is unknown; its name, and where that is.
    Unfinished(String, Span),
    Waivers(Vec<(Waiver, Span)>),
    /// Kept until its workspace is known.
    Start {
        tree: Tree<'s>,
        lines: Lines,
        workspace: String,
        name: Span,
    },
}

#[derive(Default)]
pub(super) struct FileRead<'s> {
    pub(super) sink: Sink,
    pub(super) what: What<'s>,
}

impl What<'_> {
    /// Packs the users tightly, which makes a copy: a roster can have a hundred thousand. Done when the tree of the file is freed.
    pub(super) fn pack(&mut self) {
        if let Self::Workspace(workspace) = self {
            let users = std::mem::take(&mut workspace.desired.users);
            workspace.desired.users = users.into_iter().collect();
        }
    }

    /// Returns the workspace if it is one.
    pub(super) fn take_workspace(&mut self) -> Option<Box<Workspace>> {
        match std::mem::take(self) {
            Self::Workspace(workspace) => Some(workspace),
            other @ (Self::Nothing | Self::Unfinished(..) | Self::Waivers(_) | Self::Start { .. }) => {
                *self = other;
                None
            }
        }
    }
}
