//! Finds the files that have more users of a workspace, and those that are too large, before anything else is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::yaml::{self, Finding, Kind, Lines, MOST_BYTES, Sink, Span, Spot, Tree};

use super::file::File;
use super::read::Source;

/// The first key of a file that has more users of a workspace.
pub(super) const USERS_OF: &str = "users_of";

/// A file that has more users of a workspace.
pub(super) struct Part<'s> {
    pub(super) tree: Tree<'s>,
    lines: Lines,
    /// The workspace, and where its name is.
    pub(super) workspace: String,
    pub(super) name: Span,
}

impl Part<'_> {
    /// Begins to read the file.
    pub(super) fn file(&self, name: Arc<str>, index: usize) -> File<'_> {
        File::new(name, index, &self.tree, &self.lines, Sink::default())
    }
}

/// Parses a file that has more users of a workspace; `None` for any other file, and for one that cannot be parsed.
pub(super) fn part(source: &Source) -> Option<Part<'_>> {
    if !may_begin_with(&source.bytes, USERS_OF) {
        return None;
    }
    let mut sink = Sink::default();
    let tree = yaml::tree(&source.bytes, &mut sink).filter(|_| sink.found.is_empty())?;
    let (key, value) = tree.root().filter(|root| root.kind() == Kind::Map)?.entries().next()?;
    let (is_part, workspace, name) = (key.text() == USERS_OF, value.text().to_owned(), value.span());
    let lines = Lines::new(tree.source());
    is_part.then_some(Part { tree, lines, workspace, name })
}

/// Returns whether a file may begin with a key, without parsing it: false only if another word comes first.
fn may_begin_with(bytes: &[u8], key: &str) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#") && *line != b"---");
    first.is_some_and(|line| line.starts_with(key.as_bytes()) || !line.first().is_some_and(u8::is_ascii_alphabetic))
}

/// Reports a file that is too large to be read; `sizes` has the true sizes of files that were not read to their end, by name.
pub(super) fn too_large(source: &Source, sizes: &BTreeMap<String, u64>) -> Option<Finding> {
    let size = sizes.get(&source.name).copied().unwrap_or_default().max(source.bytes.len() as u64);
    let message = || format!("the file has {size} bytes; at most {MOST_BYTES} are allowed");
    let hint = "move some of the users to another file, which must begin with `users_of: WORKSPACE`; a roster can have any number of files";
    (size > MOST_BYTES as u64).then(|| Finding::at("too-large", Spot::File, message()).hint(hint))
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
        ] {
            assert!(may_begin_with(text.as_bytes(), USERS_OF), "{text}");
        }
        for text in ["workspace: w\n# users_of: w", "users: {}", "", "# users_of: w"] {
            assert!(!may_begin_with(text.as_bytes(), USERS_OF), "{text}");
        }
    }
}
