//! Stops a plan that inactivates or blocks the main admin.
//!
//! - Stops a plan when: the main admin would be inactivated or blocked
//! - Why: nobody can undo that
//! - What to do: transfer the main admin in the workspace first

use crate::model::{Account, Actual, StopCause};

use super::{Case, is_shut_out};

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let user = case.after.touched().find_map(|(before, after)| {
        let before = before.filter(|before| is_main_admin(before, case.actual))?;
        is_shut_out(before, &after).then(|| before.email.clone())
    })?;
    Some(StopCause::MainAdmin { user })
}

/// Returns whether an account is the main admin's.
pub(super) fn is_main_admin(account: &Account, actual: &Actual) -> bool {
    account.main_admin || Some(&account.email) == actual.main_admin.as_ref()
}
