//! References to secrets, and paths below the roster.

use std::borrow::Cow;
use std::path::{Component, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::model::SecretRef;
use crate::yaml::{AsWritten, Finding, Given, PlainTextHint, Reference, SecretMap, Span};

use super::file::File;
use super::scalars::DayOrTime;

/// The name of an environment variable, for JSON Schemas.
struct VariableName;

impl JsonSchema for VariableName {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "VariableName".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })
    }
}

/// This says where to find a secret; it is never the secret itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SecretEntry {
    /// The secret is in this environment variable.
    Env(#[schemars(with = "VariableName")] AsWritten),
    /// The secret is in this file; a line break at its end is ignored.
    File(String),
    /// This command, a list of words, prints the secret.
    Command(Vec<String>),
}

impl PlainTextHint for SecretEntry {
    const HINT: &'static str = "write where to find it: `{ env: NAME }`, `{ file: path }` or `{ command: [op, read, …] }`. If it was committed, change the secret: git keeps it";
}

/// This says whether the account should have a passcode. The passcode itself is a secret and must not be written here.
#[derive(Debug)]
pub(super) struct Passcode;

impl PlainTextHint for Passcode {
    const HINT: &'static str =
        "write `passcode: true`: a new one is generated and shown once. If this one was committed, change it: git keeps it";
}

/// The passcode is made anew if it is older.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PasscodeEntry {
    /// A passcode that was made before this day, or before this time, is made anew from then on. A day begins at midnight UTC.
    pub(super) renew: Given<DayOrTime>,
}

impl SecretMap for PasscodeEntry {
    const HINT_AND_KEYS: &'static [&'static str] = &[Passcode::HINT, "renew"];
}

/// Converts an entry to a reference.
pub(super) fn secret(file: &File<'_>, given: Given<Reference<SecretEntry>>) -> Option<SecretRef> {
    let (Reference(entry), at) = given.with_node()?;
    let span = file.node(at).span();
    let refuse = |message: &str, hint: &str| {
        file.push(Finding::new("secret", span, message).hint(hint));
        None
    };
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

/// Returns the path of a workspace's database, as it is written. A roster file could no longer be read if it were one, and the key of
/// a database has its name with `.key` at the end.
pub(super) fn database(file: &File<'_>, given: Given<String>) -> Option<PathBuf> {
    let (text, at) = given.with_node()?;
    let span = file.node(at).span();
    let path = below(file, &text, span)?;
    if text.trim_end().ends_with('/') {
        file.push(Finding::new("path", span, "this is the path of a folder").hint("write the path of a file, such as `stores/office.db`"));
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
