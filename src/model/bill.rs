//! What seats cost. Amounts are whole US cents.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What YAML says about a workspace's subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The plan's name, such as `accelerator`.
    pub plan: Option<String>,
    /// Monthly or yearly; monthly where absent.
    pub billing: Option<Billing>,
    /// The next billing date.
    pub next_billing: Option<jiff::civil::Date>,
    /// Monthly prices by kind of seat (US cents), over the catalog's.
    pub prices: BTreeMap<String, i64>,
}

/// How a seat is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Billing {
    /// Each month.
    Monthly,
    /// Each year; a new seat is charged at once (AR-16).
    Yearly,
}

/// What a plan changes on the bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// One line for each kind of seat, sorted by kind.
    pub lines: Vec<SeatLine>,
    /// What changes each month (US cents), negative where it gets cheaper; `None` where a price is not known.
    pub monthly_change_cents: Option<i64>,
    /// What is charged at once (US cents); `None` where a price is not known or nothing is charged at once.
    pub at_once_cents: Option<i64>,
    /// Whether `at_once_cents` is an estimate: full months at the monthly price.
    pub estimate: bool,
    /// When the change shows: `at once`, `on the next billing date`, in words.
    pub when: String,
}

/// Seats of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatLine {
    /// The kind, such as `practitioner`, or the subscription's plan.
    pub kind: String,
    /// Seats before.
    pub before: usize,
    /// Seats after.
    pub after: usize,
    /// Seats that come in, which a yearly subscription charges at once.
    pub added: usize,
    /// Monthly price (US cents); `None` where not given.
    pub price_cents: Option<i64>,
    /// Whether the price is assumed rather than published.
    pub assumed: bool,
}
