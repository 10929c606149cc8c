//! Stops a plan in which somebody leaves whom others still need.
//!
//! - Stops a plan when: somebody leaves, or changes role, whom active users still name as the colleague they need ({leaves})
//! - Why: these users would no longer have this colleague, and their platform requires one
//! - What to do: name another colleague for each of these users in the same change. The stop says where

use crate::model::{Account, Email, StopCause};
use crate::reconcile::project::supports;

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let moved = case.after.touched();
    let left: Vec<&Account> =
        moved.filter_map(|(before, after)| before.filter(|b| supports(case.platform, b) && !supports(case.platform, &after))).collect();
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
