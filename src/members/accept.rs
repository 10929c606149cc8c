//! The state of an account whose holder has accepted the invitation.

use crate::model::transition::accepted;
use crate::model::{InvitationState, State};
use crate::workspace::state_at;

use super::DeadLink;

/// Returns the state after the holder of an open invitation has accepted it. `now` is in epoch milliseconds.
///
/// # Errors
/// The invitation ended in the meantime: it expired, was withdrawn or sent again, or the account is blocked (AR-20).
pub fn accept(state: &State, now: i64) -> Result<State, DeadLink> {
    let Some(sent) = &state.invitation else { return Err(DeadLink::Withdrawn) };
    match state_at(sent, now) {
        InvitationState::Open if state.block.is_none() && !state.inactive && !state.accepted => Ok(accepted(state.clone())),
        InvitationState::Expired => Err(DeadLink::Expired),
        InvitationState::Accepted => Err(DeadLink::Used),
        InvitationState::Open | InvitationState::Killed => Err(DeadLink::Withdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, BlockReason, Invitation};

    fn pending() -> State {
        let sent = Invitation { state: InvitationState::Open, sent_at: 10, expires_at: 20 };
        State { accepted: false, inactive: false, block: None, invitation: Some(sent) }
    }

    // G2: expiry counts when the link is used, to the millisecond.
    #[test]
    fn an_invitation_is_accepted_until_the_moment_it_expires() {
        let after = accept(&pending(), 19).unwrap();
        assert!(after.accepted && !after.inactive);
        assert_eq!(after.invitation.map(|sent| sent.state), Some(InvitationState::Accepted));
        assert_eq!(accept(&pending(), 20), Err(DeadLink::Expired));
        assert_eq!(accept(&pending(), 21), Err(DeadLink::Expired));
    }

    #[test]
    fn a_blocked_withdrawn_or_accepted_account_cannot_accept() {
        let blocked = State { block: Some(Block { reason: BlockReason::ActivityReview, note: None }), ..pending() };
        assert_eq!(accept(&blocked, 15), Err(DeadLink::Withdrawn));
        assert_eq!(accept(&State { inactive: true, ..pending() }, 15), Err(DeadLink::Withdrawn));
        assert_eq!(accept(&State { invitation: None, ..pending() }, 15), Err(DeadLink::Withdrawn));
        let accepted = accept(&pending(), 15).unwrap();
        assert_eq!(accept(&accepted, 16), Err(DeadLink::Used));
    }
}
