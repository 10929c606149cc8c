//! The way in which a platform counts seats.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// This says how seats are counted.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    /// Seats are counted by the subscription's plan, by role, or by account.
    pub by: SeatsBy,
    /// These are the kinds of seats, which `subscription.prices` can name.
    pub kinds: Vec<String>,
}

/// Says how seats are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeatsBy {
    /// All seats are of one kind, at the price of the subscription's plan.
    Plan,
    /// Each role is a separate kind.
    Role,
    /// All seats are of one kind.
    Account,
}

impl SeatsBy {
    /// Returns whether each role is a kind of seat.
    #[must_use]
    pub const fn is_role(self) -> bool {
        match self {
            Self::Role => true,
            Self::Plan | Self::Account => false,
        }
    }

    /// Returns whether the subscription's plan is the kind of seat.
    #[must_use]
    pub const fn is_plan(self) -> bool {
        match self {
            Self::Plan => true,
            Self::Role | Self::Account => false,
        }
    }
}
