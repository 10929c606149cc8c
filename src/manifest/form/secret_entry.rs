//! The ways in which documents say where a secret is, and that somebody has a passcode.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::manifest::scalars::DayOrTime;
use crate::yaml::{AsWritten, Given, PlainTextHint, SecretMap};

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
pub(in crate::manifest) enum SecretEntry {
    /// The secret is in this environment variable.
    Env(#[schemars(with = "VariableName")] AsWritten),
    /// The secret is in this file; a line break at its end is ignored.
    File(String),
    /// This command, a list of words, prints the secret.
    Command(Vec<String>),
}

impl SecretMap for SecretEntry {
    const HINT_AND_KEYS: &'static [&'static str] = &[
        "write where to find it: `{ env: NAME }`, `{ file: path }` or `{ command: [op, read, …] }`. If it was committed, change the secret: git keeps it",
        "env",
        "file",
        "command",
    ];
}

/// This says whether the account should have a passcode. The passcode itself is a secret and must not be written here.
#[derive(Debug)]
pub(in crate::manifest) struct Passcode;

impl PlainTextHint for Passcode {
    const HINT: &'static str =
        "write `passcode: true`: a new one is generated and shown once. If this one was committed, change it: git keeps it";
}

/// The passcode is made anew if it is older.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct PasscodeEntry {
    /// A passcode that was made before this day, or before this time, is made anew from then on. A day begins at midnight UTC.
    pub(in crate::manifest) renew: Given<DayOrTime>,
}

impl SecretMap for PasscodeEntry {
    const HINT_AND_KEYS: &'static [&'static str] = &[Passcode::HINT, "renew"];
}
