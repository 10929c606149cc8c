//! The cost of seats. Amounts are whole US cents.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The subscription of a workspace, as the roster has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The plan's name, as the platform's catalog has it.
    pub plan: Option<String>,
    /// Monthly or yearly; monthly if absent.
    pub billing: Option<Billing>,
    /// The next billing date.
    pub next_billing: Option<jiff::civil::Date>,
    /// Monthly prices by kind of seat (US cents), instead of the catalog's.
    pub prices: BTreeMap<String, i64>,
}

impl Subscription {
    /// Returns whether seats are billed each year.
    #[must_use]
    pub const fn is_yearly(&self) -> bool {
        match self.billing {
            Some(Billing::Yearly) => true,
            Some(Billing::Monthly) | None => false,
        }
    }
}

/// A seat is billed monthly or yearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Billing {
    /// The seat is billed each month.
    Monthly,
    /// The seat is billed each year; a new seat is charged at once (AR-16).
    Yearly,
}

/// The change of the bill by a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Bill {
    /// One line for each kind of seat, sorted by kind.
    pub lines: Vec<SeatLine>,
    /// The change per month (US cents), negative if the bill decreases; `None` if a price is unknown.
    pub monthly_change_cents: Option<i64>,
    /// The amount charged at once (US cents); `None` if a price is unknown or nothing is charged at once.
    pub at_once_cents: Option<i64>,
    /// Says whether `at_once_cents` is an estimate: full months at the monthly price.
    pub estimate: bool,
    /// The time at which the bill changes; `None` if nobody computed it.
    pub when: Option<TakesEffect>,
}

/// The time at which a bill changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TakesEffect {
    /// Immediately.
    AtOnce,
    /// Immediately for new seats, and on the next billing date for those that end.
    NewSeatsAtOnce(NextBilling),
    /// On the next billing date.
    NextBilling(NextBilling),
}

/// The next billing date, as the roster gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NextBilling {
    /// The roster does not give it.
    NotGiven,
    /// This date.
    On(#[schemars(with = "String")] jiff::civil::Date),
    /// The date that the roster gives has passed, so the next one is unknown.
    Past(#[schemars(with = "String")] jiff::civil::Date),
}

/// Seats of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SeatLine {
    /// The kind, such as `practitioner`, or the subscription's plan.
    pub kind: String,
    /// Seats before.
    pub before: usize,
    /// Seats after.
    pub after: usize,
    /// New seats, which a yearly subscription charges at once.
    pub added: usize,
    /// The monthly price (US cents); `None` if unknown.
    pub price_cents: Option<i64>,
    /// Says whether the price is assumed rather than published.
    pub assumed: bool,
}
