//! What becomes of an account's state (design.md, "States").

use crate::model::{Block, Invitation, InvitationState, State};

/// What happens to an account's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// Invites somebody whose account is inactive and was never accepted.
    Invite,
    /// Sends the invitation again.
    ResendInvitation,
    /// Withdraws the invitation.
    WithdrawInvitation,
    /// Makes the account inactive (AR-15).
    Inactivate,
    /// Makes the account active again (AR-16).
    Activate,
    /// Blocks the account (AR-20).
    Block(Block),
    /// Lifts the block (AR-22).
    Unblock,
}

/// The terms on which states change.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The time of the change, epoch milliseconds.
    pub now: i64,
    /// How long an invitation is valid, in milliseconds.
    pub invitation_lives: i64,
}

/// Why a change is impossible for an account in its present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// The person accepted an invitation before.
    AlreadyAccepted,
    /// The person is invited already.
    AlreadyInvited,
    /// The account is inactive, so it has no invitation.
    NotInvited,
    /// Nobody accepted the account yet: it can be invited, not activated.
    NeverAccepted,
    /// The account is blocked, and nobody is invited while blocked (AR-20).
    Blocked,
}

/// The state after a change.
///
/// # Errors
/// Says why the change is impossible.
pub fn next_state(state: &State, change: &AccountChange, terms: &Terms) -> Result<State, Impossible> {
    let state = state.clone();
    match change {
        AccountChange::Invite if state.accepted => Err(Impossible::AlreadyAccepted),
        AccountChange::Invite if !state.inactive => Err(Impossible::AlreadyInvited),
        AccountChange::ResendInvitation | AccountChange::WithdrawInvitation if state.accepted => Err(Impossible::AlreadyAccepted),
        AccountChange::ResendInvitation | AccountChange::WithdrawInvitation if state.inactive => Err(Impossible::NotInvited),
        AccountChange::Invite | AccountChange::ResendInvitation if state.block.is_some() => Err(Impossible::Blocked),
        AccountChange::Invite | AccountChange::ResendInvitation => {
            let sent = Invitation {
                state: InvitationState::Open,
                sent_at: terms.now,
                expires_at: terms.now.saturating_add(terms.invitation_lives),
            };
            Ok(State { inactive: false, invitation: Some(sent), ..state })
        }
        AccountChange::WithdrawInvitation | AccountChange::Inactivate => {
            Ok(State { inactive: true, invitation: ended(state.invitation), ..state })
        }
        AccountChange::Activate if state.inactive && !state.accepted => Err(Impossible::NeverAccepted),
        AccountChange::Activate => Ok(State { inactive: false, ..state }),
        AccountChange::Block(block) => Ok(State { block: Some(block.clone()), invitation: ended(state.invitation), ..state }),
        AccountChange::Unblock => Ok(State { block: None, ..state }),
    }
}

/// The invitation once its link is dead; one that was used stays so.
fn ended(invitation: Option<Invitation>) -> Option<Invitation> {
    invitation.map(|sent| {
        let state = match sent.state {
            InvitationState::Open | InvitationState::Expired | InvitationState::Killed => InvitationState::Killed,
            InvitationState::Accepted => InvitationState::Accepted,
        };
        Invitation { state, ..sent }
    })
}
