//! Stops a plan that removes or invites users on the strength of an incomplete list (rule 7 of the core).

use std::collections::BTreeSet;

use crate::model::{Completeness, StopCause, SubjectRef};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let (why, is_partial) = match &case.actual.completeness {
        Completeness::Partial { why } => (why, true),
        // Somebody who is removed may be one of those who were not looked up, under another address.
        Completeness::Unproven { why } if why.is_of_look_ups() => (why, false),
        // Each invitation was compared with what the server finds, and only people who are listed are removed.
        Completeness::Complete | Completeness::Unproven { .. } => return None,
    };
    let invited = case.after.touched().filter(|(before, _)| before.is_none()).count();
    // Somebody whom the roster itself takes access from leaves whatever else the list lacks.
    let named: BTreeSet<SubjectRef<'_>> =
        case.plan.changes.iter().filter(|step| !step.reason.is_absence()).map(|step| step.change.subject()).collect();
    let removed = case.removed().iter().filter(|email| !named.contains(&SubjectRef::User(email))).count();
    (removed > 0 || is_partial && invited > 0).then(|| StopCause::PartialRead { why: why.clone(), removed, invited })
}
