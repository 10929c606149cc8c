//! Stops a plan that inactivates or blocks the main admin (AR-20).

use crate::model::StopCause;

use super::{Case, is_shut_out};

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let user = case.after.touched().find_map(|(before, after)| {
        let before = before.filter(|b| b.main_admin || Some(&b.email) == case.actual.main_admin.as_ref())?;
        is_shut_out(before, &after).then(|| before.email.clone())
    })?;
    Some(StopCause::MainAdmin { user })
}
