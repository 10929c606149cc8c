//! The limits that a roster sets, and the waivers that lift a guard for one plan.

use serde::{Deserialize, Serialize};

use crate::model::Guard;

/// The limits of one workspace. Waivers are not included: they do not affect the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Guards {
    /// The number of accounts that a plan may remove.
    pub removals_count: u32,
    /// The share of the active accounts that a plan may remove.
    pub removals_share: Share,
    /// The number of administrators that must be left.
    pub administrators_at_least: u32,
}

impl Guards {
    /// The limits of a workspace for which a roster sets none.
    pub const USUAL: Self = Self { removals_count: 10, removals_share: Share::from_millionths(250_000), administrators_at_least: 1 };

    /// A plan that removes fewer accounts than this is not compared with the share.
    pub const FEWEST_OF_SHARE: usize = 2;

    /// The most addresses that are looked up before a plan.
    pub const MOST_LOOK_UPS: usize = 50;

    /// Returns the limits of both, the stricter of each.
    #[must_use]
    pub fn stricter(&self, other: &Self) -> Self {
        let Self { removals_count, removals_share, administrators_at_least } = other;
        Self {
            removals_count: self.removals_count.min(*removals_count),
            removals_share: self.removals_share.min(*removals_share),
            administrators_at_least: self.administrators_at_least.max(*administrators_at_least),
        }
    }
}

impl Default for Guards {
    fn default() -> Self {
        Self::USUAL
    }
}

/// A share between 0 and 1, exact to a millionth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Share(u32);

impl Share {
    /// Makes a share from millionths; more than one counts as one.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(if millionths > 1_000_000 { 1_000_000 } else { millionths })
    }

    /// Returns the share in millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Returns the share as rosters have it.
    #[must_use]
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }

    /// Returns whether `part` is more than this share of `whole`.
    #[must_use]
    pub fn is_exceeded_by(self, part: usize, whole: usize) -> bool {
        (part as u128) * 1_000_000 > u128::from(self.0) * (whole as u128)
    }
}

/// Lifts one guard for one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The workspace it is for.
    pub workspace: String,
    /// The guard.
    pub guard: Guard,
    /// At least the first 12 hex digits of the plan's digest.
    pub plan: String,
    /// The reason.
    pub reason: String,
    /// The last day on which it is valid, in the workspace's time zone.
    pub until: jiff::civil::Date,
}

impl Waiver {
    /// The placeholder that a stopped plan prints where a person writes the reason.
    pub const PLACEHOLDER: &str = "SAY WHY";
}
