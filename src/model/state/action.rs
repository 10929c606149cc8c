//! The kinds of changes, by name.

use serde::{Deserialize, Serialize};

use crate::model::with_all;

with_all! {
    /// The kind of a change, under the name that the plan's JSON uses.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Action {
        /// Adds a clinic.
        CreateClinic,
        /// Renames a clinic.
        UpdateClinic,
        /// Adds a role.
        CreateRole,
        /// Changes a role's name or privileges.
        UpdateRole,
        /// Adds an employee record.
        CreateEmployee,
        /// Changes an employee record.
        UpdateEmployee,
        /// Creates an account, or uses one that was never accepted, and sends an invitation.
        Invite,
        /// Sends the invitation again; the old link becomes invalid.
        ResendInvitation,
        /// Withdraws the invitation; the account becomes inactive, never accepted.
        WithdrawInvitation,
        /// Changes attributes.
        Update,
        /// Makes the account inactive.
        Inactivate,
        /// Makes the account active again.
        Activate,
        /// Blocks the account in this workspace.
        Block,
        /// Lifts the block.
        Unblock,
        /// Generates a new passcode.
        GeneratePasscode,
        /// Sets the practice's code word.
        SetCodeWord,
    }
}

/// A secret that goes with a change, and that no plan has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionSecret {
    /// The temporary first password of somebody new, where the workspace allows one (AR-10).
    FirstPassword,
    /// A phone number of the acting admin's own, which confirms the change (AR-19).
    AdminsPhone,
    /// The practice's code word (PBN-5).
    CodeWord,
    /// The passcode that the server makes and shows once (AR-11).
    NewPasscode,
}

impl Action {
    /// Returns the action's name in JSON and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateClinic => "create-clinic",
            Self::UpdateClinic => "update-clinic",
            Self::CreateRole => "create-role",
            Self::UpdateRole => "update-role",
            Self::CreateEmployee => "create-employee",
            Self::UpdateEmployee => "update-employee",
            Self::Invite => "invite",
            Self::ResendInvitation => "resend-invitation",
            Self::WithdrawInvitation => "withdraw-invitation",
            Self::Update => "update",
            Self::Inactivate => "inactivate",
            Self::Activate => "activate",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::GeneratePasscode => "generate-passcode",
            Self::SetCodeWord => "set-code-word",
        }
    }
}
