//! Stops a plan that takes access or administration from the account that applies it.

use crate::model::{ServerId, StopCause};

use super::{Case, is_shut_out};

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let own = case.actual.token_owner.as_ref()?;
    let privilege = case.catalog().manages_users.as_deref();
    case.after.touched().find(|(before, after)| {
        before.is_some_and(|before| {
            let demoted = privilege.is_some_and(|p| before.privileges.contains(p) && !after.privileges.contains(p));
            before.email == *own && (is_shut_out(before, after) || demoted)
        })
    })?;
    let embedded = match case.plan.server {
        ServerId::Embedded { .. } => true,
        ServerId::Scim { .. } | ServerId::Snapshot { .. } => false,
    };
    let refused = embedded || case.actual.capabilities.practice_extension;
    Some(StopCause::OwnAccount { user: own.clone(), embedded, refused })
}
