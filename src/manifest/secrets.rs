//! References to secrets, and paths below the roster.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::SecretRef;
use crate::yaml::{Finding, Given, PlainTextHint, Reference, Span};

use super::file::File;

/// Where a secret is to be had; never the secret itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SecretEntry {
    /// An environment variable.
    Env(String),
    /// A file; a trailing line end does not count.
    File(String),
    /// A command whose output it is, word by word.
    Command(Vec<String>),
}

impl PlainTextHint for SecretEntry {
    const HINT: &'static str = "say where it is to be had: `{ env: NAME }`, `{ file: path }` or `{ command: [op, read, …] }`; and change it, git keeps what was committed";
}

/// Whether a passcode is wanted. The passcode itself is a secret, and must not stand here.
#[derive(Debug)]
pub(super) struct Passcode;

impl PlainTextHint for Passcode {
    const HINT: &'static str = "write `passcode: true`: one is generated and shown once; and change it, git keeps what was committed";
}

/// The reference an entry makes.
pub(super) fn secret(file: &File<'_>, given: Given<Reference<SecretEntry>>) -> Option<SecretRef> {
    let (Reference(entry), at) = given.with_node()?;
    let span = file.node(at).span();
    let refuse = |message: &str, hint: &str| {
        file.push(Finding::new("secret", span, message).hint(hint));
        None
    };
    match entry {
        SecretEntry::Env(name) => {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if name.is_empty() || !plain || name.starts_with(|c: char| c.is_ascii_digit()) {
                let finding = Finding::new("secret", span, "this is no name of an environment variable");
                file.push(finding.hint("write its name, such as `GLOW_TOKEN`, not its value").secret());
                return None;
            }
            Some(SecretRef::Env(name))
        }
        SecretEntry::File(path) => below(file, &path, span).map(SecretRef::File),
        SecretEntry::Command(words) => match words.first() {
            None => refuse("a command without words", "write it word by word, as in `[op, read, …]`"),
            Some(program) if program.trim().is_empty() => refuse("a command without a program", "name the program first"),
            Some(_) => Some(SecretRef::Command(words)),
        },
    }
}

/// A path as it stands, which may be absolute.
pub(super) fn below(file: &File<'_>, path: &str, span: Span) -> Option<PathBuf> {
    if path.trim().is_empty() || path.chars().any(char::is_control) {
        file.push(Finding::new("path", span, "this is no path of a file").hint("write it relative to the roster directory"));
        return None;
    }
    Some(PathBuf::from(path))
}
