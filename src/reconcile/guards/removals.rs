//! Stops a plan in which more accounts lose access or rights than the roster allows.

use crate::model::{RemovalLimit, StopCause};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let removed = case.removed();
    let active = case.actual.accounts.iter().filter(|a| a.state.standing().is_active()).count();
    let limits = &case.limits;
    let limit = if removed.len() > limits.removals_count as usize {
        RemovalLimit::Count(limits.removals_count)
    } else if removed.len() >= 2 && limits.removals_share.is_exceeded_by(removed.len(), active) {
        RemovalLimit::Share(limits.removals_share.millionths())
    } else {
        return None;
    };
    let moved = case.after.touched();
    let working = moved.filter(|(before, after)| before.is_some_and(|b| b.state.standing().is_active() && case.is_removed(b, after)));
    Some(StopCause::Removals { working: working.count(), removed: removed.into(), active, limit })
}
