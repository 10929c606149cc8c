//! Stops a plan that would leave too few administrators at some point of the run.

use crate::model::{Step, StopCause};
use crate::reconcile::project::{Overlay, is_administrator};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let privilege = case.catalog().manages_users.as_deref()?;
    let before = case.actual.accounts.iter().filter(|a| is_administrator(a, privilege)).count() + unseen(case);
    let at_least = case.limits.administrators_at_least as usize;
    let mut overlay = Overlay::new([], case.actual, case.catalog());
    let (mut now, mut worst) = (before, before);
    for Step { change, .. } in &case.plan.changes {
        let could = overlay.account(change).is_some_and(|a| is_administrator(&a, privilege));
        overlay.make(change);
        if overlay.holders_changed {
            now = overlay.iter().filter(|(_, a)| is_administrator(a, privilege)).count() + unseen(case);
        } else {
            let can = overlay.account(change).is_some_and(|a| is_administrator(&a, privilege));
            now = (now + usize::from(can)).saturating_sub(usize::from(could));
        }
        worst = worst.min(now);
    }
    (worst < before && worst < at_least).then_some(StopCause::LastAdministrator { worst, before, at_least })
}

/// Counts the main admin whom an incomplete list of users lacks: nothing says that they are gone.
fn unseen(case: &Case<'_>) -> usize {
    let is_unclear = case.actual.list.as_deref().is_some_and(|list| !list.is_complete);
    let is_listed = case.actual.accounts.iter().any(|account| account.main_admin);
    usize::from(is_unclear && !is_listed && case.desired.main_admin.is_some())
}
