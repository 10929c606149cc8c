//! Stops a plan in which somebody leaves whom others still need, such as a medical director whom providers name (AR-25).
//!
//! - Stops a plan when: a medical director leaves or changes role while providers still name them (AR-25)
//! - Why: their patients' consents would no longer have a medical director
//! - What to do: name another director for each of these providers in the same change

use crate::model::{Account, Email, Field, StopCause};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let moved = case.after.touched();
    let left: Vec<&Account> = moved.filter_map(|(before, after)| before.filter(|b| supports(case, b) && !supports(case, &after))).collect();
    if left.is_empty() {
        return None;
    }
    let mut stranded: Vec<(Email, Email)> = (case.after.iter())
        .filter(|(_, a)| !a.state.inactive)
        .filter_map(|(_, a)| {
            let colleague = case.platform.relies_on(&|field| a.fields.get(field))?;
            left.iter().find(|d| d.email.as_str() == colleague).map(|d| (a.email.clone(), d.email.clone()))
        })
        .collect();
    stranded.sort_unstable();
    (!stranded.is_empty()).then(|| StopCause::NeededColleague { stranded: stranded.into() })
}

/// Returns whether others can depend on an account.
fn supports(case: &Case<'_>, account: &Account) -> bool {
    !account.state.inactive && account.fields.text(Field::Role).is_some_and(|role| case.platform.supervises(role))
}
