//! Stops a plan that removes or invites users on the strength of an incomplete list.
//!
//! - Stops a plan when: the plan takes access away from a user who is not in the roster, or invites a new one, and the list of users is not
//!   complete: it ended early; its total changed between pages twice in a row; the second read found fewer users; every page was the first
//!   one again; or the server's filter found an account that the list lacks. If the plan removes people, or if the list has no inactive user,
//!   up to {lookups} addresses are looked up with that filter: those that the plan invites, and those to which the roster gives no access. On a
//!   foreign server, a plan is also stopped if it takes access away from a user who is not in the roster and gives accounts to more than {lookups}
//!   addresses, since the others were not looked up
//! - Why: a user who is missing from an incomplete list may not have left, and may already have an account
//! - What to do: run it again

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
