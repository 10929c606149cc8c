//! The chain of the user log: each row's hash covers the row before it, so that a row cannot be changed, removed or moved unnoticed.

mod verify;

use sha2::{Digest as _, Sha256};

pub use verify::{ExportedHeads, LogFault, LogHead, NotVerified, SeenRow, VerifiedLog, verify_logs};

/// The beginning of what each hash covers, so that no hash of another kind is one of these.
const DOMAIN: &[u8] = b"rosterctl user log 1";

/// The columns that a hash covers, in the order of the table: all but the hash itself.
pub(super) const COLUMNS: [&str; 17] = [
    "workspace",
    "seq",
    "at",
    "actor",
    "via",
    "origin",
    "request_id",
    "action",
    "subject_kind",
    "subject_id",
    "subject",
    "result",
    "detail",
    "changes",
    "plan",
    "approver",
    "commit_id",
];

/// The type of a value in a row, by the first letter of SQLite's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// A whole number; it is hashed as decimal text.
    Integer,
    /// A text.
    Text,
}

impl ColumnKind {
    const fn letter(self) -> u8 {
        match self {
            Self::Integer => b'i',
            Self::Text => b't',
        }
    }
}

/// A hash under construction: the row before, then each column that has a value, with its name, type and length.
///
/// A column that is NULL leaves no trace, so rows keep their hash when the table gets another column.
pub(super) struct Link(Sha256);

impl Link {
    /// Begins with the hash of the row before; the first row of a workspace has an empty one.
    pub(super) fn after(former: &str) -> Self {
        let mut hasher = Sha256::new();
        for part in [DOMAIN, former.as_bytes()] {
            add(&mut hasher, part);
        }
        Self(hasher)
    }

    /// Adds a column with a value.
    pub(super) fn column(&mut self, name: &str, kind: ColumnKind, value: &[u8]) {
        add(&mut self.0, name.as_bytes());
        self.0.update([kind.letter()]);
        add(&mut self.0, value);
    }

    /// Returns the row's hash, as hexadecimal digits.
    pub(super) fn hash(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.finalize())
    }
}

/// Adds a part after its length, so that no two lists of parts give the same bytes.
fn add(hasher: &mut Sha256, part: &[u8]) {
    hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(part);
}
