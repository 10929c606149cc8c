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
    /// It was deleted, on plain SCIM.
    Deleted,
}

impl Event {
    /// The word that the log keeps: that of the plan's action where there is one.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        let action = match self {
            Self::Created => return "create",
            Self::BecameMainAdmin => return "become-main-admin",
            Self::Deleted => return "delete",
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

/// An event of a supporting record, as the user log keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordEvent {
    /// A clinic was made.
    ClinicMade,
    /// A clinic changed.
    ClinicChanged,
    /// A role was made.
    RoleMade,
    /// A role changed.
    RoleChanged,
    /// An employee record was made.
    EmployeeMade,
    /// An employee record changed.
    EmployeeChanged,
    /// A group of plain SCIM was made.
    GroupMade,
    /// A group of plain SCIM changed.
    GroupChanged,
    /// A record was deleted, on plain SCIM.
    Deleted,
}

impl RecordEvent {
    /// The word that the log keeps: that of the plan's action where there is one.
    #[must_use]
    pub const fn word(self) -> &'static str {
        let action = match self {
            Self::GroupMade => return "create-group",
            Self::GroupChanged => return "update-group",
            Self::Deleted => return Event::Deleted.word(),
            Self::ClinicMade => Action::CreateClinic,
            Self::ClinicChanged => Action::UpdateClinic,
            Self::RoleMade => Action::CreateRole,
            Self::RoleChanged => Action::UpdateRole,
            Self::EmployeeMade => Action::CreateEmployee,
            Self::EmployeeChanged => Action::UpdateEmployee,
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
