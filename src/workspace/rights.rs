//! The right to call, and to manage users.

use std::collections::BTreeSet;

use crate::model::State;
use crate::platform::Catalog;

use super::Refusal;

/// A call, as far as rights matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Whether the request writes.
    pub writes: bool,
    /// Whether the caller is allowed to write.
    pub may_write: bool,
    /// Whether they showed a token; callers in process do not.
    pub by_token: bool,
}

/// Whether the person behind an account may sign in: accepted, active and not blocked.
#[must_use]
pub const fn may_sign_in(state: &State) -> bool {
    state.accepted && !state.inactive && state.block.is_none()
}

/// Whether an account with these privileges can manage users now.
#[must_use]
pub fn manages_users(catalog: &Catalog, state: &State, privileges: &BTreeSet<String>) -> bool {
    may_sign_in(state) && catalog.manages_users.as_ref().is_some_and(|privilege| privileges.contains(privilege))
}

/// Whether a known caller may do it: a token allows no more than its owner may, who manages users (tokens belong to named admins).
///
/// # Errors
/// The token is for reading only, or its owner does not manage users.
pub fn may_call(catalog: &Catalog, privileges: &BTreeSet<String>, calls: Calls) -> Result<(), Refusal> {
    if calls.writes && !calls.may_write {
        return Err(Refusal::ReadOnlyToken);
    }
    match &catalog.manages_users {
        Some(privilege) if (calls.writes || calls.by_token) && !privileges.contains(privilege) => {
            Err(Refusal::CannotManageUsers { privilege: privilege.clone() })
        }
        _ => Ok(()),
    }
}
