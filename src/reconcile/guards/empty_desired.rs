//! Stops an exact roster without users, which looks like a missing file.

use crate::model::StopCause;

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let removed = case.removed().len();
    (case.desired.users.is_empty() && removed > 0).then_some(StopCause::EmptyDesired { removed })
}
