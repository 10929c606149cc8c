//! Stops a plan that takes access or administration from the account that applies it.
//!
//! - Stops a plan when: the plan takes access or administration away from the account that owns the token; in an embedded workspace, that
//!   is the main admin
//! - Why: halfway through the run, nobody would be left who can continue it
//! - What to do: apply the plan with another administrator's token; in an embedded workspace, and where it is the main admin who would lose
//!   access, transfer the main admin first. A waiver lifts the guard, but the workspace server that comes with rosterctl still refuses the
//!   change, so none is offered for it

use crate::model::{ServerId, StopCause};

use super::main_admin::is_main_admin;
use super::{Case, is_shut_out};

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let own = case.actual.token_owner.as_ref()?;
    let privilege = case.catalog().manages_users.as_deref();
    let main_admin = case.after.touched().find_map(|(before, after)| {
        let before = before.filter(|before| before.email == *own)?;
        let demoted = privilege.is_some_and(|p| before.privileges.contains(p) && !after.privileges.contains(p));
        let shut_out = is_shut_out(before, &after);
        (shut_out || demoted).then(|| shut_out && is_main_admin(before, case.actual))
    })?;
    let embedded = match case.plan.server {
        ServerId::Embedded { .. } => true,
        ServerId::Scim { .. } | ServerId::Snapshot { .. } => false,
    };
    let refused = embedded || case.actual.capabilities.practice_extension;
    Some(StopCause::OwnAccount { user: own.clone(), embedded, refused, main_admin })
}
