//! Invitations: sent, sent again, withdrawn; one mail, one link.

use std::borrow::Cow;

use crate::model::transition::{Terms, expired, next_state};
use crate::model::{Account, AccountChange};
use crate::model::{Action, Invitation, InvitationState, State};

use super::{Decision, Deed, Event, Refusal, TargetAccount};

/// The state of an invitation at a time (epoch milliseconds): an open one expires by itself.
#[must_use]
pub const fn state_at(sent: &Invitation, now: i64) -> InvitationState {
    match sent.state {
        InvitationState::Open if sent.expires_at <= now => InvitationState::Expired,
        InvitationState::Open | InvitationState::Expired | InvitationState::Killed | InvitationState::Accepted => sent.state,
    }
}

/// The account as it is at a time (epoch milliseconds).
pub(super) fn account_at(account: &Account, now: i64) -> Cow<'_, Account> {
    match &account.state.invitation {
        Some(sent) if state_at(sent, now) != sent.state => Cow::Owned(Account { state: expired(account.state.clone()), ..account.clone() }),
        Some(_) | None => Cow::Borrowed(account),
    }
}

/// Invites an account that nobody accepted and that is inactive; the id stays.
///
/// # Errors
/// The state of the account does not allow it.
pub fn invite(state: &State, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    decide(state, &AccountChange::Invite, Action::Invite, Event::Invited, terms)
}

/// Sends the invitation again; the old link is dead.
///
/// # Errors
/// The state of the account does not allow it.
pub fn resend(state: &State, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    decide(state, &AccountChange::ResendInvitation, Action::ResendInvitation, Event::InvitedAgain, terms)
}

/// Withdraws the invitation: the account is inactive and was never accepted.
///
/// # Errors
/// The state of the account does not allow it, or it is the main admin's.
pub fn withdraw(target: &TargetAccount<'_>, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    let decision = decide(target.state, &AccountChange::WithdrawInvitation, Action::WithdrawInvitation, Event::Withdrawn, terms)?;
    target.is_not_main_admin(Deed::Inactivate)?;
    Ok(decision)
}

fn decide(state: &State, change: &AccountChange, action: Action, event: Event, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    next_state(state, change, terms).map(|state| Decision { state, event }).map_err(|why| Refusal::State { action, why })
}
