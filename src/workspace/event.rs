//! Events of an account, as the user log keeps them.

use crate::model::{Action, LogAction, LoginEvent, RecordAction, State};

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
    /// The action that the log keeps: the plan's where there is one.
    #[must_use]
    pub const fn action(&self) -> LogAction {
        let action = match self {
            Self::Created => return LogAction::Record(RecordAction::Create),
            Self::BecameMainAdmin => return LogAction::Login(LoginEvent::BecameMainAdmin),
            Self::Deleted => return LogAction::Record(RecordAction::Delete),
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
        LogAction::Planned(action)
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
    /// The action that the log keeps: the plan's where there is one.
    #[must_use]
    pub const fn action(self) -> LogAction {
        let action = match self {
            Self::GroupMade => return LogAction::Record(RecordAction::CreateGroup),
            Self::GroupChanged => return LogAction::Record(RecordAction::UpdateGroup),
            Self::Deleted => return LogAction::Record(RecordAction::Delete),
            Self::ClinicMade => Action::CreateClinic,
            Self::ClinicChanged => Action::UpdateClinic,
            Self::RoleMade => Action::CreateRole,
            Self::RoleChanged => Action::UpdateRole,
            Self::EmployeeMade => Action::CreateEmployee,
            Self::EmployeeChanged => Action::UpdateEmployee,
        };
        LogAction::Planned(action)
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
