//! The files that a workspace names: the start of an embedded one, and the list of users of one without an interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Desired, RosterOddity};
use crate::yaml::{Finding, Span, suggest};

use super::part::WorkspaceFile;
use super::start::start;
use super::workspace::RosterWorkspace;
use crate::manifest::entries::StartEntry;
use crate::manifest::file::File;
use crate::manifest::file_read::{FileRead, What};
use crate::manifest::secrets::plain;
use crate::manifest::sources::Source;

/// Workspaces by name, each with the position of its file.
pub(in crate::manifest) type Workspaces = BTreeMap<String, (usize, Box<RosterWorkspace>)>;

/// Reports lists of users that are named and are not there or are something else, and those that nobody names.
pub(in crate::manifest) fn find_lists(
    files: &[&Source],
    parts: &[Option<WorkspaceFile<'_>>],
    reads: &mut [FileRead<'_>],
    workspaces: &mut Workspaces,
) {
    let mut used = vec![false; files.len()];
    let mut taken: BTreeMap<Option<String>, &String> = BTreeMap::new();
    for (at, workspace) in workspaces.values() {
        let Some((path, span)) = &workspace.list else { continue };
        let name = &workspace.desired.workspace;
        let other = taken.insert(plain(path), name);
        let refuse = |reads: &mut [FileRead<'_>], finding: Finding| {
            if let Some(read) = reads.get_mut(*at) {
                read.sink.push(finding);
            }
        };
        let Some(i) = files.iter().position(|file| Some(&file.name) == plain(path).as_ref()) else {
            if let Some(other) = other {
                let finding = Finding::new("snapshot", *span, format!("`{path}` is the list of users of `{other}`, too"));
                refuse(reads, finding.hint("each workspace has a list of its own: write another path"));
                continue;
            }
            let finding = Finding::new("snapshot", *span, format!("`{path}` is not a file in this roster yet"));
            let hint = format!("take the list of users from the workspace, and run `rosterctl snapshot {name} FILE…`, which writes it");
            refuse(reads, finding.hint(hint).warning());
            continue;
        };
        match parts.get(i).and_then(Option::as_ref).filter(|part| part.kind.is_snapshot()) {
            Some(part) if part.workspace == *name => {
                if let Some(used) = used.get_mut(i) {
                    *used = true;
                }
            }
            Some(part) => {
                let finding = Finding::new("snapshot", *span, format!("`{path}` is the list of users of `{}`", part.workspace));
                refuse(reads, finding.hint("give the path of this workspace's own list"));
            }
            // A file with mistakes has been reported.
            None if reads.get(i).is_some_and(|read| !read.sink.found.is_empty()) => {}
            None => {
                let finding = Finding::new("snapshot", *span, format!("`{path}` is not a list of users"));
                refuse(reads, finding.hint("its first key must be `snapshot:` with the name of this workspace"));
            }
        }
    }
    for (((file, part), read), used) in files.iter().zip(parts).zip(reads).zip(used) {
        let Some(part) = part.as_ref().filter(|part| part.kind.is_snapshot() && !used) else { continue };
        let Some((_, workspace)) = workspaces.get_mut(&part.workspace) else { continue };
        workspace.desired.oddities.push(RosterOddity::UnusedList { file: file.name.clone() });
        let finding = Finding::new("unused-snapshot", part.name, format!("`{}` does not use this list of users", part.workspace));
        read.sink.push(finding.hint("add it to the workspace: `connection: { snapshot: FILE }`").warning());
    }
}

/// The things that decide about start files besides the roster's other files.
pub(in crate::manifest) struct StartConditions<'a> {
    /// The workspaces whose own file could not be read.
    pub unreadable: &'a [String],
    /// Says whether the database of an embedded workspace exists.
    pub is_created: &'a dyn Fn(&Desired) -> bool,
}

/// Reads the start files of embedded workspaces.
pub(in crate::manifest) fn begin(files: &[&Source], reads: &mut [FileRead<'_>], workspaces: &mut Workspaces, around: &StartConditions<'_>) {
    let mut used = vec![false; files.len()];
    for (at, workspace) in workspaces.values_mut() {
        let Some((path, span)) = workspace.start.clone() else { continue };
        let refuse = |reads: &mut [FileRead<'_>], message: String, hint: &str| {
            if let Some(read) = reads.get_mut(*at) {
                read.sink.push(Finding::new("start", span, message).hint(hint));
            }
        };
        let Some(i) = files.iter().position(|f| Some(&f.name) == plain(&path).as_ref()) else {
            refuse(
                reads,
                format!("`{path}` is not a file in this roster"),
                "write the path of a start file relative to the roster directory; the file must begin with `start:`",
            );
            continue;
        };
        let Some(read) = reads.get_mut(i) else { continue };
        let What::Start { tree, lines, workspace: whose, .. } = &read.what else {
            if read.sink.found.is_empty() {
                refuse(reads, format!("`{path}` is not a start file"), "its first key must be `start:` with the name of this workspace");
            }
            continue;
        };
        if *whose != workspace.desired.workspace {
            let message = format!("`{path}` is the start file of `{whose}`");
            refuse(reads, message, "give the path of this workspace's own start file");
            continue;
        }
        let Some(slot) = used.get_mut(i) else { continue };
        *slot = true;
        let Some(root) = tree.root() else { continue };
        let name = files.get(i).map_or_else(|| Arc::from(""), |f| Arc::from(f.name.as_str()));
        let mut file = File::new(name, i, tree, lines, std::mem::take(&mut read.sink));
        let begun = start(&mut file, root, &workspace.desired, (around.is_created)(&workspace.desired));
        read.sink = file.decoder.into_sink();
        if let Some(start) = workspace.desired.connection.start_mut() {
            *start = begun;
        }
    }
    for ((source, read), used) in files.iter().zip(reads.iter_mut()).zip(used) {
        let What::Start { tree, lines, workspace, name } = &read.what else { continue };
        if used {
            continue;
        }
        let file = File::new(Arc::from(""), 0, tree, lines, std::mem::take(&mut read.sink));
        if let Some(root) = tree.root() {
            let _ = file.decoder.decode::<StartEntry>(root);
        }
        let finding = if let Some((_, unused)) = workspaces.get_mut(workspace) {
            unused.desired.oddities.push(RosterOddity::UnusedStart { file: source.name.clone() });
            Finding::new("unused-start", *name, format!("`{workspace}` does not use this start file"))
                .hint("add it to the workspace: `connection: { embedded: { start: FILE } }`")
                .warning()
        } else if around.unreadable.contains(workspace) {
            read.sink = file.decoder.into_sink();
            continue;
        } else {
            let known: Vec<&String> = workspaces.keys().collect();
            unknown_workspace(*name, workspace, &known)
        };
        file.push(finding);
        read.sink = file.decoder.into_sink();
    }
}

/// Says that the roster has no such workspace, in the words in which commands say so.
pub(in crate::manifest) fn unknown_workspace<S: AsRef<str>>(place: Span, name: &str, known: &[S]) -> Finding {
    Finding::new("unknown-workspace", place, format!("the roster has no workspace `{name}`")).hint(suggest(name, known))
}
