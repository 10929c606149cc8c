//! Stops an exact roster without users, which looks like a missing file.
//!
//! - Stops a plan when: the roster lists no users at all, and the plan takes access away from somebody
//! - Why: the cause may be a missing file or the wrong branch
//! - What to do: restore the file; to stop managing a workspace, remove its file or write `manage: observe`

use crate::model::StopCause;

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let removed = case.removed().len();
    (case.desired.users.is_empty() && removed > 0).then_some(StopCause::EmptyDesired { removed })
}
