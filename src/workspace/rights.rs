//! The right to call, and to manage users, which a write may not take from the last administrator (B1, B3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Fields, State};
use crate::platform::{Catalog, PrivilegeOrigin, effective, origins};

use super::{Acting, Refusal, may_sign_in};

/// The facts that decide the privileges of an account.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The privileges that its role gives.
    pub role: Giving,
    /// The fields that bear on its privileges: its own changes, and its switches.
    pub own: Fields,
    /// Says whether it is the workspace's main admin.
    pub main_admin: bool,
}

/// The privileges that a role gives to an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Giving {
    /// The privileges that it gave when it was last applied.
    Then(Arc<BTreeSet<String>>),
    /// The privileges that the role with this key gives now.
    Now(String),
}

impl Giving {
    /// The privileges. `roles` has what each role gives now, by its key.
    #[must_use]
    pub fn privileges(&self, roles: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
        match self {
            Self::Then(privileges) => BTreeSet::clone(privileges),
            Self::Now(key) => roles.get(key).cloned().unwrap_or_default(),
        }
    }
}

impl Holding {
    /// The privileges in effect. `roles` has what each role gives now, by its key.
    #[must_use]
    pub fn effective(&self, catalog: &Catalog, roles: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
        effective(catalog, &self.role.privileges(roles), &self.own, self.main_admin)
    }

    /// As [`Holding::effective`], with all origins of each privilege.
    #[must_use]
    pub fn origins(&self, catalog: &Catalog, roles: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<PrivilegeOrigin>> {
        origins(catalog, &self.role.privileges(roles), &self.own, self.main_admin)
    }
}

/// A call, as far as rights matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Says whether the request writes.
    pub writes: bool,
    /// Says whether the caller is allowed to write.
    pub may_write: bool,
    /// Says whether they showed a token; callers in process do not.
    pub by_token: bool,
}

/// Returns whether an account with these privileges can manage users now.
#[must_use]
pub fn manages_users(catalog: &Catalog, state: &State, privileges: &BTreeSet<String>) -> bool {
    may_sign_in(state) && catalog.manages_users.as_ref().is_some_and(|privilege| privileges.contains(privilege))
}

/// Checks whether a known caller may do it: a token allows no more than its owner may, who manages users (tokens belong to named admins).
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
        Some(_) | None => Ok(()),
    }
}

/// The loss that a write causes for the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nobody who could manage users.
    Nothing,
    /// One of those who can: another must be left.
    AnAdmin,
}

/// Returns whether a write removes a usable administrator.
///
/// # Errors
/// It would be the acting one.
pub fn loses_admin(acting: &Acting<'_>, target: &str, before: bool, after: bool) -> Result<Loss, Refusal> {
    match (before, after) {
        (true, false) if target == acting.id => Err(Refusal::OwnRights),
        (true, false) => Ok(Loss::AnAdmin),
        (true, true) | (false, true | false) => Ok(Loss::Nothing),
    }
}

/// Refuses a change of a role that takes the right to manage users from the acting account (B3).
///
/// # Errors
/// The privileges it would have lack that right.
pub fn keeps_own(catalog: &Catalog, privileges: &BTreeSet<String>) -> Result<(), Refusal> {
    match &catalog.manages_users {
        Some(privilege) if !privileges.contains(privilege) => Err(Refusal::OwnRole { privilege: privilege.clone() }),
        Some(_) | None => Ok(()),
    }
}
