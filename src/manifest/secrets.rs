//! References to secrets, and paths below the roster.

use std::path::{Component, PathBuf};

use crate::model::{OwnSecret, SecretRef};
use crate::yaml::{AsWritten, Finding, Given, IN_PLAIN_TEXT, Problem, Reference, SecretMap, Span};

use super::file::File;
use super::secret_entry::SecretEntry;

/// Converts an entry to a reference.
pub(super) fn secret(file: &File<'_>, given: Given<Reference<SecretEntry>>) -> Option<SecretRef> {
    let (Reference(entry), at) = given.with_node()?;
    let span = file.node(at).span();
    let refuse = |message: &str, hint: &str| {
        file.push(Finding::new("secret", span, message).hint(hint));
        None
    };
    let texts: &[String] = match &entry {
        SecretEntry::Env(AsWritten(text)) | SecretEntry::File(text) => std::slice::from_ref(text),
        SecretEntry::Command(words) => words,
    };
    if texts.iter().any(|text| OwnSecret::is_given(text)) {
        let hint = SecretEntry::HINT_AND_KEYS.first().copied().unwrap_or_default();
        file.push(Problem::in_plain_text(hint).finding(IN_PLAIN_TEXT, span));
        return None;
    }
    match entry {
        SecretEntry::Env(AsWritten(name)) => {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if name.is_empty() || !plain || name.starts_with(|c: char| c.is_ascii_digit()) {
                let finding = Finding::new("secret", span, "this is not the name of an environment variable");
                file.push(finding.hint("write the variable's name, such as `GLOW_TOKEN`, not its value").secret());
                return None;
            }
            Some(SecretRef::Env(name))
        }
        SecretEntry::File(path) => below(file, &path, span).map(SecretRef::File),
        SecretEntry::Command(words) => match words.first() {
            None => refuse("the command is empty", "write it as a list of words, such as `[op, read, …]`"),
            Some(program) if program.trim().is_empty() => refuse("the command has no program", "write the program as the first word"),
            Some(_) => Some(SecretRef::Command(words)),
        },
    }
}

/// Returns a path as it is written; it may be absolute.
pub(super) fn below(file: &File<'_>, path: &str, span: Span) -> Option<PathBuf> {
    if path.trim().is_empty() || path.chars().any(char::is_control) {
        file.push(Finding::new("path", span, "this is not the path of a file").hint("write the path relative to the roster directory"));
        return None;
    }
    Some(PathBuf::from(path))
}

/// Says that a text names a database of another program: its URL would become the name of a file, with the password in it.
pub const DATABASE_IS_A_FILE: &str = "rosterctl keeps its data in an SQLite file";

/// Says what to write in the place of such a text.
pub const WRITE_ITS_PATH: &str = "write its path, such as `stores/office.db`";

/// Returns whether a text that should be a path is a URL.
#[must_use]
pub fn is_url(text: &str) -> bool {
    text.contains("://")
}

/// Refuses the URL of a database.
pub(super) fn not_a_file(span: Span) -> Finding {
    Problem::with_secret(DATABASE_IS_A_FILE, WRITE_ITS_PATH).finding("path", span)
}

/// Returns the path of a workspace's database, as it is written. A roster file could no longer be read if it were one, and the key of
/// a database has its name with `.key` at the end.
pub(super) fn database(file: &File<'_>, given: Given<String>) -> Option<PathBuf> {
    let (text, at) = given.with_node()?;
    let span = file.node(at).span();
    if is_url(&text) {
        file.push(not_a_file(span));
        return None;
    }
    let path = below(file, &text, span)?;
    if text.trim_end().ends_with('/') {
        file.push(Finding::new("path", span, "this is the path of a folder").hint("write the path of a file, such as `stores/office.db`"));
        return None;
    }
    if text.trim_start().starts_with('~') {
        let finding = Finding::new("path", span, "`~` is not expanded here, so this would be a folder in the roster");
        file.push(finding.hint("write the whole path from `/` on, or one relative to the roster directory"));
        return None;
    }
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase());
    if let Some(end @ ("yaml" | "yml" | "key")) = end.as_deref() {
        let finding = Finding::new("path", span, format!("a database cannot have a name that ends in `.{end}`"));
        file.push(finding.hint("end the name in `.db`"));
        return None;
    }
    Some(path)
}

/// A path without `./` parts; `None` where it leaves the roster.
pub(super) fn plain(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in std::path::Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(parts.join("/"))
}
