//! Changes that follow each other: those of one account or record.

use crate::model::{AccountKey, Change, SubjectRef};

/// An account by its id, since several may have one address; or another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LaneKey<'a> {
    Account(AccountKey<'a>),
    Record(SubjectRef<'a>),
}

impl<'a> LaneKey<'a> {
    pub(super) fn from_change(change: &'a Change) -> Self {
        change.account().map_or_else(|| Self::Record(change.subject()), Self::Account)
    }

    /// Returns whether it is a record of the practice, not an account.
    pub(super) const fn is_record(&self) -> bool {
        match self {
            Self::Account(_) => false,
            Self::Record(_) => true,
        }
    }
}
