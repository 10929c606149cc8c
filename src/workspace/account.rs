//! The acting account, its target, and whether the target may be activated or inactivated, or get the main admin role.

use std::collections::BTreeSet;

use crate::model::AccountChange;
use crate::model::transition::{Terms, next_state};
use crate::model::{Action, State};

use super::{Decision, Deed, Event, MainAdmins, Refusal};

/// The account that acts.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its effective privileges.
    pub privileges: &'a BTreeSet<String>,
    /// The key of its role.
    pub role: Option<&'a str>,
    /// Says whether it is the workspace's main admin.
    pub main_admin: bool,
}

/// The account acted upon.
#[derive(Clone, Copy, Debug)]
pub struct TargetAccount<'a> {
    /// Its id.
    pub id: &'a str,
    /// Says whether it is the workspace's main admin.
    pub main_admin: bool,
    /// Its state before.
    pub state: &'a State,
}

impl TargetAccount<'_> {
    /// Refuses a deed that nobody can do to their own account (AR-20). Nobody else could do it to the main admin's either.
    ///
    /// # Errors
    /// The acting account is this one.
    pub fn is_not(&self, acting: &Acting<'_>, deed: Deed) -> Result<(), Refusal> {
        if self.id != acting.id {
            Ok(())
        } else if self.main_admin {
            Err(Refusal::MainAdmin(deed))
        } else {
            Err(Refusal::Oneself(deed))
        }
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

/// Returns whether the person behind an account may sign in: accepted, active and not blocked.
#[must_use]
pub const fn may_sign_in(state: &State) -> bool {
    state.accepted && !state.inactive && state.block.is_none()
}

/// The state after an account is activated or inactivated (AR-15, AR-16); unchanged if it already matches.
///
/// # Errors
/// The person has not accepted an invitation yet, or the account is the acting one or the main admin's.
pub fn set_active(acting: &Acting<'_>, target: &TargetAccount<'_>, active: bool, terms: &Terms<'_>) -> Result<State, Refusal> {
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

/// Deletes an account, where plain SCIM allows it.
///
/// # Errors
/// The account is the acting one or the main admin's.
pub fn delete(acting: &Acting<'_>, target: &TargetAccount<'_>, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    target.is_not(acting, Deed::Delete)?;
    target.is_not_main_admin(Deed::Delete)?;
    let state =
        next_state(target.state, &AccountChange::Inactivate, terms).map_err(|why| Refusal::State { action: Action::Inactivate, why })?;
    Ok(Decision { state, event: Event::Deleted })
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

/// Returns whether somebody else than the main admin acts on the main admin's account.
#[must_use]
pub fn is_foreign_to(acting: &Acting<'_>, id: &str, main_admin: bool) -> bool {
    main_admin && acting.id != id
}

/// The person who hands the role over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedBy<'a> {
    /// A main admin, who offered it to somebody who accepts it now.
    MainAdmin {
        /// The id of their account.
        id: &'a str,
    },
    /// The operator, on the server's machine, because the main admin is gone.
    Operator,
}

/// The reason why the role stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoHandover {
    /// The account has the role already.
    AlreadyTheirs,
    /// Its holder may not sign in.
    MayNotSignIn,
    /// The account that offered the role has it no longer.
    OfferIsOver,
}

/// The role goes to another account, to be stored and logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Says whether the previous main admin loses everything that lets them in: sessions, links, codes and tokens.
    pub ends_access: bool,
}

impl Handover {
    /// The event of the next main admin's account.
    pub const EVENT: Event = Event::BecameMainAdmin;
}

/// Decides whether somebody can be offered the main admin role that `former` has.
///
/// # Errors
/// They have it, or may not sign in.
pub fn may_become_main_admin(former: &TargetAccount<'_>, next: &TargetAccount<'_>) -> Result<(), NoHandover> {
    match (next.id == former.id, may_sign_in(next.state)) {
        (true, true | false) => Err(NoHandover::AlreadyTheirs),
        (false, false) => Err(NoHandover::MayNotSignIn),
        (false, true) => Ok(()),
    }
}

/// Hands the main admin role over from `former` to `next`.
///
/// # Errors
/// The role stays where it is.
pub fn hand_over(former: &TargetAccount<'_>, next: &TargetAccount<'_>, by: HandedBy<'_>) -> Result<Handover, NoHandover> {
    may_become_main_admin(former, next)?;
    match by {
        HandedBy::MainAdmin { id } if id != former.id => Err(NoHandover::OfferIsOver),
        HandedBy::MainAdmin { .. } => Ok(Handover { ends_access: false }),
        HandedBy::Operator => Ok(Handover { ends_access: true }),
    }
}
