//! One change to a workspace: what, to whom, from which version, and after what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Email, Field, Fingerprint, Reason, RemoteId, Value};

/// What a change does. The words are those of the plan's JSON.
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
    /// Makes an account, or takes up one never accepted, and sends an invitation.
    Invite,
    /// Sends the invitation again; the old link dies.
    ResendInvitation,
    /// Withdraws the invitation; the account is inactive, never accepted.
    WithdrawInvitation,
    /// Changes attributes.
    Update,
    /// Switches the account off.
    Inactivate,
    /// Switches the account on again.
    Activate,
    /// Blocks the account in this workspace.
    Block,
    /// Lifts the block.
    Unblock,
    /// Makes a new passcode.
    GeneratePasscode,
    /// Sets the practice's code word.
    SetCodeWord,
}

impl Action {
    /// Every action, in the order of the plan's JSON schema.
    pub const ALL: [Self; 16] = [
        Self::CreateClinic,
        Self::UpdateClinic,
        Self::CreateRole,
        Self::UpdateRole,
        Self::CreateEmployee,
        Self::UpdateEmployee,
        Self::Invite,
        Self::ResendInvitation,
        Self::WithdrawInvitation,
        Self::Update,
        Self::Inactivate,
        Self::Activate,
        Self::Block,
        Self::Unblock,
        Self::GeneratePasscode,
        Self::SetCodeWord,
    ];

    /// The word of JSON and of reports.
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

/// Whom or what a change is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The workspace itself.
    Workspace,
    /// A clinic, by key.
    Clinic(String),
    /// A role, by key.
    Role(String),
    /// An employee record, by key.
    Employee(String),
    /// A user, by address: the one the account stands under now.
    User(Email),
}

/// When in a run a change has its turn: risk falls first (rule 4 of the core).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Takes access away: block, inactivate, withdraw, revoke.
    Risk,
    /// Makes what others need: clinics, roles, employee records, the code word.
    Ground,
    /// Gives access: invite, activate, grant, and mere updates.
    Access,
    /// Takes away what could only go once somebody else had it: the last administrator's hand-over.
    HandOver,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Whom or what it is about.
    pub subject: Subject,
    /// What it does.
    pub action: Action,
    /// When it has its turn.
    pub stage: Stage,
    /// Why.
    pub reason: Reason,
    /// The server's id; `None` for what is not there yet.
    pub id: Option<RemoteId>,
    /// The version it was computed from; `None` for what is not there yet.
    pub fingerprint: Option<Fingerprint>,
    /// What it sets, ordered by field. For clinics, roles and employee records see `resource`.
    pub fields: Vec<FieldChange>,
    /// What it sets on a clinic, role, employee record or block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<AttributeChange>,
    /// Effective privileges, where they change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Effective>,
    /// Whether it stands in the risk section of the report: removals, unblocks, unexpected activations.
    pub risky: bool,
    /// Positions in the plan of the changes that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// What was found; `Unset` where nothing.
    pub before: Value,
    /// What is wanted.
    pub after: Value,
}

/// An attribute of a clinic, role, employee record or block, before and after; names as in YAML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// The attribute: `name`, `privileges`, `active`, `external`, `first_name`, `last_name`, `reason`, `note`.
    pub name: String,
    /// What was found; `Unset` where nothing.
    pub before: Value,
    /// What is wanted.
    pub after: Value,
}

/// What an account may do, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effective {
    /// Before the change.
    pub before: BTreeSet<String>,
    /// After it.
    pub after: BTreeSet<String>,
}

impl Effective {
    /// Privileges that go.
    #[must_use]
    pub fn lost(&self) -> BTreeSet<&str> {
        self.before.difference(&self.after).map(String::as_str).collect()
    }

    /// Privileges that come.
    #[must_use]
    pub fn gained(&self) -> BTreeSet<&str> {
        self.after.difference(&self.before).map(String::as_str).collect()
    }
}
