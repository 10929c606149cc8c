//! The reasons why a list of users cannot be trusted to be complete (rule 7 of the core).

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// The reason why a list cannot be trusted. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartialCause {
    /// One read of an endpoint was odd, and a second one did not settle it.
    Odd {
        /// The endpoint, such as `/Users`.
        endpoint: String,
        /// The oddity of the first read.
        first: Oddity,
        /// The result of the second one.
        second: SecondRead,
    },
    /// The server sends the same page whatever page is asked for.
    Repeats {
        /// The endpoint.
        endpoint: String,
        /// The number of resources on that page.
        listed: usize,
    },
    /// The server's filter finds an account that the list does not contain.
    Lacks {
        /// Its address.
        email: Email,
    },
    /// The server's filter fails, so nobody knows whether somebody has an account who is not in the list.
    NotLookedUp {
        /// Their address.
        email: Email,
        /// The HTTP status; `None` if no answer came.
        status: Option<u16>,
    },
    /// A plan gives an account to more addresses than are looked up before it.
    NotAllLookedUp {
        /// The number of addresses that were looked up.
        asked: usize,
        /// The number of addresses that were not.
        unasked: usize,
    },
}

impl PartialCause {
    /// Returns whether the list may lack only somebody who has an account under another address, and was not looked up.
    #[must_use]
    pub const fn is_of_look_ups(&self) -> bool {
        match self {
            Self::NotAllLookedUp { .. } => true,
            Self::Odd { .. } | Self::Repeats { .. } | Self::Lacks { .. } | Self::NotLookedUp { .. } => false,
        }
    }
}

/// An oddity of one read of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// The total changed between pages.
    TotalChanged {
        /// The total before.
        before: usize,
        /// The total after.
        after: usize,
    },
    /// The list ended early.
    EndedEarly {
        /// The number of resources that it had.
        listed: usize,
        /// The number of resources that it announced.
        total: usize,
    },
    /// The list had more than it announced.
    MoreThanAnnounced {
        /// The number of resources that it had.
        listed: usize,
        /// The number of resources that it announced.
        total: usize,
    },
    /// The list was empty.
    Empty,
    /// The server does not say how many there are.
    NoTotal,
}

/// The result of a second read of an odd list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecondRead {
    /// It lacks some of the first.
    LacksSome,
    /// It announced fewer.
    SmallerTotal {
        /// The number of resources that it announced.
        total: usize,
    },
    /// It was odd, in the same way or another.
    Odd(Oddity),
}
