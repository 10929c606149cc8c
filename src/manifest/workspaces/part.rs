//! Finds the files that belong to a workspace (more of its users, its own list of users), and those that are too large, before anything
//! else is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::yaml::{self, Finding, Lines, MOST_BYTES, NodeKind, Sink, Span, Spot, Tree};

use crate::manifest::file::File;
use crate::manifest::snapshot::SNAPSHOT;
use crate::manifest::sources::Source;

/// The first key of a file that has more users of a workspace.
pub(in crate::manifest) const USERS_OF: &str = "users_of";

/// The kind of part of a workspace that a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum PartKind {
    /// More of its users.
    Users,
    /// The content of its own list of users.
    Snapshot,
}

impl PartKind {
    /// Returns whether it is a list of users.
    pub(in crate::manifest) const fn is_snapshot(self) -> bool {
        match self {
            Self::Snapshot => true,
            Self::Users => false,
        }
    }
}

/// A file that belongs to a workspace.
pub(in crate::manifest) struct WorkspaceFile<'s> {
    pub(in crate::manifest) kind: PartKind,
    pub(in crate::manifest) tree: Tree<'s>,
    lines: Lines,
    /// The workspace, and where its name is.
    pub(in crate::manifest) workspace: String,
    pub(in crate::manifest) name: Span,
}

impl WorkspaceFile<'_> {
    /// Begins to read the file.
    pub(in crate::manifest) fn file(&self, name: Arc<str>, index: usize) -> File<'_> {
        File::new(name, index, &self.tree, &self.lines, Sink::default())
    }
}

/// Parses a file that belongs to a workspace; `None` for any other file, and for one that cannot be parsed.
pub(in crate::manifest) fn part(source: &Source) -> Option<WorkspaceFile<'_>> {
    if !may_begin_with(&source.bytes, USERS_OF) && !may_begin_with(&source.bytes, SNAPSHOT) {
        return None;
    }
    let mut sink = Sink::default();
    let tree = yaml::tree(&source.bytes, &mut sink).filter(|_| sink.found.is_empty())?;
    let (key, value) = tree.root().filter(|root| root.kind() == NodeKind::Map)?.entries().next()?;
    let kind = match key.text() {
        USERS_OF => PartKind::Users,
        SNAPSHOT => PartKind::Snapshot,
        _ => return None,
    };
    let (workspace, name) = (value.text().to_owned(), value.span());
    let lines = Lines::new(tree.source());
    Some(WorkspaceFile { kind, tree, lines, workspace, name })
}

/// Returns the workspace to which a file adds users, without parsing it; `None` if it takes parsing to know.
#[must_use]
pub fn users_of_in(bytes: &[u8]) -> Option<String> {
    begins_with_key(bytes, USERS_OF)
}

/// Returns the workspace with which a file begins, without parsing it.
#[must_use]
pub fn workspace_in(bytes: &[u8]) -> Option<String> {
    begins_with_key(bytes, "workspace")
}

/// Returns the value of a key with which a file begins, without parsing it.
pub(in crate::manifest) fn begins_with_key(bytes: &[u8], key: &str) -> Option<String> {
    let rest = first_line(bytes)?.strip_prefix(key.as_bytes())?.strip_prefix(b":")?;
    let rest = rest.split(|byte| *byte == b'#').next()?.trim_ascii();
    let name: Vec<u8> = rest.iter().copied().filter(|byte| !b"\"'".contains(byte)).collect();
    String::from_utf8(name).ok()
}

/// Returns whether a file may begin with a key, without parsing it: false only if another word comes first.
pub(in crate::manifest) fn may_begin_with(bytes: &[u8], key: &str) -> bool {
    first_line(bytes).is_some_and(|line| line.starts_with(key.as_bytes()) || !line.first().is_some_and(u8::is_ascii_alphabetic))
}

/// Returns whether a file may add users to a workspace, without parsing it: false only if it surely does not.
#[must_use]
pub fn may_add_users(bytes: &[u8]) -> bool {
    may_begin_with(bytes, USERS_OF) && bytes.windows(USERS_OF.len()).any(|word| word == USERS_OF.as_bytes())
}

/// The first line that is more than a comment.
fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = text.split(|byte| b"\r\n".contains(byte)).map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty() && !line.starts_with(b"#") && *line != b"---")
}

/// Reports a file that is too large to be read; `sizes` has the true sizes of files that were not read to their end, by name.
pub(in crate::manifest) fn too_large(source: &Source, sizes: &BTreeMap<String, u64>) -> Option<Finding> {
    let size = sizes.get(&source.name).copied();
    let read = source.bytes.len() as u64;
    let message = || match size {
        Some(size) => yaml::too_large(size.max(read)),
        // It was not read to its end.
        None => format!("the file has more than {MOST_BYTES} bytes, which are the most that are allowed"),
    };
    (size.unwrap_or_default().max(read) > MOST_BYTES as u64)
        .then(|| Finding::at("too-large", Spot::File, message()).hint(how_to_shorten(&source.bytes)))
}

/// Says how a file of its kind can be made smaller.
fn how_to_shorten(bytes: &[u8]) -> &'static str {
    let is = |key: &str| begins_with_key(bytes, key).is_some();
    if is("start") {
        "a start file cannot be divided: keep fewer accounts in it, and list the other people in the roster, which invites them"
    } else if is(SNAPSHOT) {
        "a list of users cannot be divided: take lists that show fewer users, and make it again with `rosterctl snapshot`"
    } else if ["workspace", USERS_OF].into_iter().any(is) {
        "move some of the users to another file, which must begin with `users_of: WORKSPACE`; a roster can have any number of files"
    } else {
        "remove what it does not need"
    }
}

/// The beginnings of lines of git's conflict marks: ours, and the end of theirs.
const CONFLICT: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];

/// Reports git's conflict marks, which would otherwise be a mistake about colons.
pub(in crate::manifest) fn conflict(bytes: &[u8]) -> Option<Finding> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let [ours, theirs] = CONFLICT;
    if !text.contains(ours) {
        return None;
    }
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        let from = start;
        start += line.chars().count();
        (from, line)
    });
    let (from, line) = lines.find(|(_, line)| line.starts_with(ours))?;
    lines.find(|(_, line)| line.starts_with(theirs))?;
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span { start: place(from), end: place(from + line.trim_end().chars().count()) };
    let hint = if may_begin_with(bytes, SNAPSHOT) {
        "keep the lines of both sides under `attested`; for the rest, keep one side, and then take a new list with `rosterctl snapshot`"
    } else {
        "decide which lines are right, and delete the marks"
    };
    Some(Finding::new("conflict", span, "git could not merge two versions of this file").hint(hint).syntax())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_begins_with_another_word_is_passed_over() {
        for text in [
            "users_of: w",
            "# c\n\n---\nusers_of: w",
            "\u{feff}users_of: w",
            "--- {users_of: w}",
            "{users_of: w}",
            "\"users_of\": w",
            "? users_of",
            "# c\rusers_of: w",
            "users_of : w",
            "%YAML 1.2\n---\nusers_of: w",
        ] {
            assert!(may_begin_with(text.as_bytes(), USERS_OF) && may_add_users(text.as_bytes()), "{text}");
        }
        for text in ["workspace: w\n# users_of: w", "users: {}", "", "# users_of: w"] {
            assert!(!may_begin_with(text.as_bytes(), USERS_OF) && !may_add_users(text.as_bytes()), "{text}");
        }
    }
}
