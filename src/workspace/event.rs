//! Events of an account, as the user log keeps them.

use crate::model::{Action, State};

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The account was made without an invitation.
    Created,
    /// An invitation was sent to somebody who never accepted one.
    Invited,
    /// The invitation was sent again; the old link is dead.
    InvitedAgain,
    /// The invitation was withdrawn.
    Withdrawn,
    /// The account was blocked, or its block got another reason (AR-24).
    Blocked {
        /// The last digits of the number that confirmed it (AR-19).
        digits: String,
    },
    /// The block was lifted (AR-24).
    Unblocked,
    /// A new passcode took the place of the old one (AR-11).
    PasscodeMade,
    /// The account became inactive (AR-15).
    Inactivated,
    /// The account became active again (AR-16).
    Activated,
    /// Its attributes changed.
    Updated,
    /// It got the main admin role.
    BecameMainAdmin,
}

impl Event {
    /// The word that the log keeps: that of the plan's action where there is one.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        let action = match self {
            Self::Created => return "create",
            Self::BecameMainAdmin => return "become-main-admin",
            Self::Invited => Action::Invite,
            Self::InvitedAgain => Action::ResendInvitation,
            Self::Withdrawn => Action::WithdrawInvitation,
            Self::Blocked { .. } => Action::Block,
            Self::Unblocked => Action::Unblock,
            Self::PasscodeMade => Action::GeneratePasscode,
            Self::Inactivated => Action::Inactivate,
            Self::Activated => Action::Activate,
            Self::Updated => Action::Update,
        };
        action.as_str()
    }
}

/// The new state and its event, to be stored and logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The account's state from now on.
    pub state: State,
    /// Its event in the user log.
    pub event: Event,
}
