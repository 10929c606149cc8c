//! The meanings that headers and words of user lists can have.

use crate::model::Standing;
pub use crate::platform::ListColumn as Kept;

/// Words of headers, states and notes that say until when something is so.
pub(super) const UNTIL: [&str; 5] = ["until", "till", "thru", "through", "ends"];
/// Words of headers about the day on which something expires.
pub(super) const EXPIRES: [&str; 3] = ["expires", "expiry", "expiration"];

/// The meaning of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) kept: Kept,
    pub(super) sense: Sense,
    /// The rank of its certainty; 0 is the workspace's own word, 1 the catalog's.
    pub(super) rank: usize,
}

/// The way in which a column gives its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// By a word, or by yes and no.
    Plain,
    /// By a word: nobody knows what a yes says.
    Words,
    /// Yes means that somebody is not active, but this.
    Inverted(Standing),
    /// A date means that somebody is not active, and a blank cell says nothing.
    Date,
}

/// The meaning of a word of a status column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateWord {
    Is(Standing),
    /// The invitation has expired: the person is pending, and cannot accept it.
    Expired,
    Blocked,
    /// It says nothing about who has access, or nobody knows what.
    Unknown,
}

impl StateWord {
    /// The standing that it says.
    pub(super) const fn standing(self) -> Option<Standing> {
        match self {
            Self::Is(standing) => Some(standing),
            Self::Expired => Some(Standing::Pending),
            Self::Blocked | Self::Unknown => None,
        }
    }
}
