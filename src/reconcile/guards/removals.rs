//! Stops a plan in which more accounts lose access or rights than the roster allows.
//!
//! - Stops a plan when: more accounts lose access, privileges, a clinic, or a role of which only the name is known, than `count` ({count}), or
//!   at least {fewest} and more than `share` ({share}) of the active ones
//! - Why: a slip in one line must not empty a practice
//! - What to do: check the list; then raise `guards: { removals: … }`, or write a waiver. Where more accounts lose something than are
//!   active, no `share` is enough: write a waiver

use crate::model::{Guards, RemovalLimit, StopCause};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let removed = case.removed();
    let active = case.actual.accounts.iter().filter(|a| a.state.standing().is_active()).count();
    let limits = &case.limits;
    let limit = if removed.len() > limits.removals_count as usize {
        RemovalLimit::Count(limits.removals_count)
    } else if removed.len() >= Guards::FEWEST_OF_SHARE && limits.removals_share.is_exceeded_by(removed.len(), active) {
        RemovalLimit::Share(limits.removals_share.millionths())
    } else {
        return None;
    };
    let moved = case.after.touched();
    let working = moved.filter(|(before, after)| before.is_some_and(|b| b.state.standing().is_active() && case.is_removed(b, after)));
    Some(StopCause::Removals { working: working.count(), removed: removed.into(), active, limit })
}
