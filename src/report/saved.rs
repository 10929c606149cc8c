//! Plans and receipts as files: a checksum over the whole, so that a damaged file is refused and never half understood.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Email, Receipt, RosterPlan};

use super::People;

/// The version of the file's form that is written and read.
pub const FORMAT: u32 = 1;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Saved {
    /// A plan.
    Plan {
        /// The plan.
        plan: RosterPlan,
        /// The names of the people in it.
        people: People,
        /// The users it is about; empty for all.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        users: BTreeSet<Email>,
    },
    /// What came of a plan.
    Receipt {
        /// The receipt.
        receipt: Receipt,
        /// The names of the people in it.
        people: People,
    },
}

/// Why a file is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no such file at all.
    #[error("this is not a plan or receipt that rosterctl saved: make one with `rosterctl plan --out FILE`")]
    NotOurs,
    /// A later or earlier version wrote it.
    #[error("the file has format {0}, this rosterctl reads format {FORMAT}: make the plan again with this version")]
    Format(u64),
    /// Its content is not what was saved.
    #[error("the file is damaged or was edited: its checksum does not fit; make the plan again")]
    Damaged,
}

#[derive(Serialize)]
struct Envelope<'a> {
    format: u32,
    checksum: String,
    content: &'a Saved,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    format: u64,
    checksum: String,
    content: Saved,
}

/// The bytes of a file.
#[must_use]
pub fn save(content: &Saved) -> Vec<u8> {
    let envelope = Envelope { format: FORMAT, checksum: checksum(content), content };
    let mut bytes = serde_json::to_vec(&envelope).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads the bytes of a file.
///
/// # Errors
/// Says whether it is of another kind, of another version, or damaged.
pub fn open(bytes: &[u8]) -> Result<Saved, Unreadable> {
    let outside: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes).map_err(|_| Unreadable::NotOurs)?;
    let format = outside.get("format").and_then(serde_json::Value::as_u64).ok_or(Unreadable::NotOurs)?;
    if !outside.contains_key("content") {
        return Err(Unreadable::NotOurs);
    }
    if format != u64::from(FORMAT) {
        return Err(Unreadable::Format(format));
    }
    let opened: Opened = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    if opened.format != format || opened.checksum != checksum(&opened.content) {
        return Err(Unreadable::Damaged);
    }
    Ok(opened.content)
}

/// SHA-256 over the content as it is written, 64 hex digits.
fn checksum(content: &Saved) -> String {
    let bytes = serde_json::to_vec(content).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes))
}
