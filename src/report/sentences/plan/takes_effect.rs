//! The sentence about when a bill changes.

use crate::model::{NextBilling, TakesEffect};

/// Says when a bill changes.
#[must_use]
pub fn takes_effect(when: &TakesEffect) -> String {
    match when {
        TakesEffect::AtOnce => "at once".to_owned(),
        TakesEffect::NewSeatsAtOnce(next) => format!("new seats at once; seats that end, from {}", next_billing(*next)),
        TakesEffect::NextBilling(next) => format!("on {}", next_billing(*next)),
    }
}

fn next_billing(next: NextBilling) -> String {
    match next {
        NextBilling::NotGiven => "the next billing date".to_owned(),
        NextBilling::On(date) => format!("the next billing date, {date}"),
        NextBilling::Past(date) => {
            format!("the next billing date (warning: `next_billing: {date}` is past, write the next one)")
        }
    }
}
