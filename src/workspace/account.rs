//! The acting account, its target, and whether the target may be activated or inactivated.

use std::collections::BTreeSet;

use crate::model::AccountChange;
use crate::model::transition::{Terms, next_state};
use crate::model::{Action, State};

use super::{Deed, Event, MainAdmins, Refusal};

/// The account that acts.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its effective privileges.
    pub privileges: &'a BTreeSet<String>,
    /// The key of its role.
    pub role: Option<&'a str>,
    /// Whether it is the workspace's main admin.
    pub main_admin: bool,
}

/// The account acted upon.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whether it is the workspace's main admin.
    pub main_admin: bool,
    /// Its state before.
    pub state: &'a State,
}

impl Target<'_> {
    /// Refuses a deed that nobody can do to their own account (AR-20).
    ///
    /// # Errors
    /// The acting account is this one.
    pub fn is_not(&self, acting: &Acting<'_>, deed: Deed) -> Result<(), Refusal> {
        if self.id == acting.id { Err(Refusal::Oneself(deed)) } else { Ok(()) }
    }

    /// Refuses a deed that nobody can do to the main admin (AR-20).
    ///
    /// # Errors
    /// This account is the main admin's.
    pub const fn is_not_main_admin(&self, deed: Deed) -> Result<(), Refusal> {
        if self.main_admin { Err(Refusal::MainAdmin(deed)) } else { Ok(()) }
    }

    /// Refuses a change of the main admin's account that nobody else makes.
    ///
    /// # Errors
    /// This account is the main admin's, and somebody else acts.
    pub fn is_not_anothers(&self, acting: &Acting<'_>, what: MainAdmins) -> Result<(), Refusal> {
        if is_foreign_to(acting, self.id, self.main_admin) { Err(Refusal::MainAdmins(what)) } else { Ok(()) }
    }
}

/// The state after an account is activated or inactivated (AR-15, AR-16); unchanged if it already matches.
///
/// # Errors
/// The person has not accepted an invitation yet, or the account is the acting one or the main admin's.
pub fn set_active(acting: &Acting<'_>, target: &Target<'_>, active: bool, terms: &Terms<'_>) -> Result<State, Refusal> {
    let (change, action) = match (active, target.state.inactive) {
        (true, false) | (false, true) => return Ok(target.state.clone()),
        (true, true) => (AccountChange::Activate, Action::Activate),
        (false, false) => {
            target.is_not(acting, Deed::Inactivate)?;
            target.is_not_main_admin(Deed::Inactivate)?;
            (AccountChange::Inactivate, Action::Inactivate)
        }
    };
    next_state(target.state, &change, terms).map_err(|why| Refusal::State { action, why })
}

/// The state of an account that is deleted, where plain SCIM allows it.
///
/// # Errors
/// The account is the acting one or the main admin's.
pub fn delete(acting: &Acting<'_>, target: &Target<'_>, terms: &Terms<'_>) -> Result<State, Refusal> {
    target.is_not(acting, Deed::Delete)?;
    target.is_not_main_admin(Deed::Delete)?;
    next_state(target.state, &AccountChange::Inactivate, terms).map_err(|why| Refusal::State { action: Action::Inactivate, why })
}

/// The events of a write on an account, for the log: its state first, then its attributes, where they changed or nothing else did.
#[must_use]
pub fn changes(before: &State, after: &State, attributes: bool) -> Vec<Event> {
    let switched = match (before.inactive, after.inactive) {
        (false, true) if before.accepted => Some(Event::Inactivated),
        (false, true) => Some(Event::Withdrawn),
        (true, false) => Some(Event::Activated),
        (false, false) | (true, true) => None,
    };
    let updated = (switched.is_none() || attributes).then_some(Event::Updated);
    switched.into_iter().chain(updated).collect()
}

/// Whether somebody else than the main admin acts on the main admin's account.
#[must_use]
pub fn is_foreign_to(acting: &Acting<'_>, id: &str, main_admin: bool) -> bool {
    main_admin && acting.id != id
}
