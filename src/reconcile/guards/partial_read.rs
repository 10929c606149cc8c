//! Stops a plan that removes or invites users on the strength of an incomplete list (rule 7 of the core).

use crate::model::{Completeness, StopCause};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let why = match &case.actual.completeness {
        Completeness::Partial { why } => why,
        // Each invitation was compared with what the server finds, and only people who are listed are removed.
        Completeness::Complete | Completeness::Unproven { .. } => return None,
    };
    let invited = case.after.touched().filter(|(before, _)| before.is_none()).count();
    let removed = case.removed().len();
    (removed + invited > 0).then(|| StopCause::PartialRead { why: why.clone(), removed, invited })
}
