//! Stops a plan that would leave too few administrators at some point of the run.
//!
//! - Stops a plan when: at some point of the run, fewer users could manage users than `administrators: { at_least: {at_least} }`, and fewer than
//!   before; or somebody loses access or a role, the list of users does not show whether they are one, and nobody else is known to be
//! - Why: a run can stop at any point, and somebody must be able to repair it
//! - What to do: keep one administrator, or wait until the next one has accepted the invitation: an invited user does not count. Where a
//!   list shows no roles, write the role of an administrator into the roster, or take a list that shows them

use crate::model::{Account, Actual, Desired, Email, Step, StopCause};
use crate::reconcile::list::may_be_administrator;
use crate::reconcile::project::{Overlay, is_administrator};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let privilege = case.catalog().manages_users.as_deref()?;
    let before = case.actual.accounts.iter().filter(|a| is_administrator(a, privilege)).count() + unseen(case.desired, case.actual);
    let at_least = case.limits.administrators_at_least as usize;
    let mut overlay = Overlay::new([], case.actual, case.catalog());
    let (mut now, mut worst) = (before, before);
    let mut perhaps_last: Vec<Email> = Vec::new();
    let may_be_one = |account: &Account| may_be_administrator(case.actual, account, privilege);
    for Step { change, .. } in &case.plan.changes {
        let present = overlay.account(change);
        let could = present.as_ref().is_some_and(|a| is_administrator(a, privilege));
        let perhaps = present.filter(may_be_one);
        overlay.make(change);
        if overlay.holders_changed {
            now = overlay.iter().filter(|(_, a)| is_administrator(a, privilege)).count() + unseen(case.desired, case.actual);
        } else {
            let can = overlay.account(change).is_some_and(|a| is_administrator(&a, privilege));
            now = (now + usize::from(can)).saturating_sub(usize::from(could));
        }
        worst = worst.min(now);
        let is_taken = || overlay.account(change).is_none_or(|a| !is_administrator(&a, privilege) && !may_be_one(&a));
        perhaps_last.extend(perhaps.filter(|_| now == 0 && at_least > 0 && is_taken()).map(|account| account.email));
    }
    if worst < before && worst < at_least {
        return Some(StopCause::LastAdministrator { worst, before, at_least });
    }
    perhaps_last.sort_unstable();
    perhaps_last.dedup();
    (!perhaps_last.is_empty()).then(|| StopCause::PerhapsLastAdministrator { taken: perhaps_last.into() })
}

/// Counts the main admin whom a list of users lacks, unless its tab of active users is complete: then they may be anything but active. Where that tab
/// is not complete, nothing says that they are gone.
pub(in crate::reconcile) fn unseen(desired: &Desired, actual: &Actual) -> usize {
    let Some(main_admin) = &desired.main_admin else { return 0 };
    let is_unclear = actual.list.as_deref().is_some_and(|list| !list.shows_all_active());
    let user = desired.users.get(main_admin);
    // The list can still have a former address.
    let is_former = |account: &Account| user.is_some_and(|user| user.addresses().any(|own| *own == account.email));
    let is_listed = actual.accounts.iter().any(|account| account.main_admin || is_former(account));
    usize::from(is_unclear && !is_listed)
}
