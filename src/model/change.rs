//! One change to a workspace: each kind with what it needs and nothing else, so that an impossible one does not compile.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{AccountChange, Action, Effective, Email, FieldChange, Fingerprint, Followup, Reason, RemoteId, SubjectRef};

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

/// One step of a plan: a change, why it is made, and when it has its turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What changes.
    pub change: Change,
    /// Why.
    pub reason: Reason,
    /// When it has its turn.
    pub stage: Stage,
    /// Whether it belongs in the risk section of the report: removals, unblocks, unexpected activations.
    pub risky: bool,
    /// Positions in the plan of the steps that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
}

/// What is there already, in the version the change was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The server's id.
    pub id: RemoteId,
    /// The version.
    pub fingerprint: Fingerprint,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit<T> {
    /// What was found.
    pub before: T,
    /// What is wanted.
    pub after: T,
}

/// The account a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKey<'a> {
    /// One that is there, by the server's id.
    Known(&'a RemoteId),
    /// One that the plan makes, by its address.
    New(&'a Email),
}

/// One change. Large payloads are boxed: a plan may have a hundred thousand changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Adds a clinic.
    CreateClinic {
        /// Its key.
        key: String,
        /// The name people see.
        name: String,
    },
    /// Renames a clinic.
    UpdateClinic(Box<ClinicUpdate>),
    /// Adds a role.
    CreateRole {
        /// Its key.
        key: String,
        /// The name people see.
        name: String,
        /// What it gives.
        privileges: BTreeSet<String>,
    },
    /// Changes a role's name or privileges.
    UpdateRole(Box<RoleUpdate>),
    /// Adds an employee record (PBN-1).
    CreateEmployee {
        /// Its key.
        key: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Whether the record is active (PBN-8).
        active: bool,
        /// Whether the person is from outside the practice (PBN-3).
        external: bool,
    },
    /// Changes an employee record.
    UpdateEmployee(Box<EmployeeUpdate>),
    /// Makes an account for somebody new and invites them; with a first password they are active immediately.
    CreateAccount(NewAccount),
    /// Completes an account that an earlier step of the same plan makes.
    Complete {
        /// The new account's address.
        email: Email,
        /// What is still to be done.
        followup: Followup,
    },
    /// Changes an account that is there.
    Account {
        /// The address the account has now.
        email: Email,
        /// The account.
        target: Target,
        /// What happens to it.
        change: AccountChange,
    },
    /// Sets the practice's code word (PBN-5).
    SetCodeWord,
}

/// A new name for a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicUpdate {
    /// The clinic's key.
    pub key: String,
    /// The clinic.
    pub target: Target,
    /// Its name.
    pub name: Edit<String>,
}

/// What changes of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleUpdate {
    /// The role's key.
    pub key: String,
    /// The role.
    pub target: Target,
    /// Its name, where that differs.
    pub name: Option<Edit<String>>,
    /// What it gives, where that differs.
    pub privileges: Option<Effective>,
}

/// What changes of an employee record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeUpdate {
    /// The record's key.
    pub key: String,
    /// The record.
    pub target: Target,
    /// First name, where that differs.
    pub first_name: Option<Edit<String>>,
    /// Last name, where that differs.
    pub last_name: Option<Edit<String>>,
    /// Whether the record is active, where that differs.
    pub active: Option<Edit<bool>>,
    /// Whether the person is from outside, where that differs.
    pub external: Option<Edit<bool>>,
}

/// An account for somebody who has none yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAccount {
    /// The address.
    pub email: Email,
    /// What it is made with, ordered by field.
    pub fields: Vec<FieldChange>,
    /// Whether it begins with a temporary first password instead of an invitation (AR-10).
    pub with_password: bool,
}

impl Change {
    /// What kind of change it is.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::CreateClinic { .. } => Action::CreateClinic,
            Self::UpdateClinic(_) => Action::UpdateClinic,
            Self::CreateRole { .. } => Action::CreateRole,
            Self::UpdateRole(_) => Action::UpdateRole,
            Self::CreateEmployee { .. } => Action::CreateEmployee,
            Self::UpdateEmployee(_) => Action::UpdateEmployee,
            Self::CreateAccount(_) => Action::Invite,
            Self::Complete { followup: Followup::Update { .. }, .. } => Action::Update,
            Self::Complete { followup: Followup::GeneratePasscode, .. } => Action::GeneratePasscode,
            Self::Account { change, .. } => change.action(),
            Self::SetCodeWord => Action::SetCodeWord,
        }
    }

    /// Whom or what it is about; a user by the address the account has before the change.
    #[must_use]
    pub fn subject(&self) -> SubjectRef<'_> {
        match self {
            Self::CreateClinic { key, .. } => SubjectRef::Clinic(key),
            Self::UpdateClinic(update) => SubjectRef::Clinic(&update.key),
            Self::CreateRole { key, .. } => SubjectRef::Role(key),
            Self::UpdateRole(update) => SubjectRef::Role(&update.key),
            Self::CreateEmployee { key, .. } => SubjectRef::Employee(key),
            Self::UpdateEmployee(update) => SubjectRef::Employee(&update.key),
            Self::CreateAccount(NewAccount { email, .. }) | Self::Complete { email, .. } | Self::Account { email, .. } => {
                SubjectRef::User(email)
            }
            Self::SetCodeWord => SubjectRef::Workspace,
        }
    }

    /// What it changes; `None` where it makes something, goes on with what the same plan makes, or sets the code word.
    #[must_use]
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::UpdateClinic(update) => Some(&update.target),
            Self::UpdateRole(update) => Some(&update.target),
            Self::UpdateEmployee(update) => Some(&update.target),
            Self::Account { target, .. } => Some(target),
            Self::CreateClinic { .. }
            | Self::CreateRole { .. }
            | Self::CreateEmployee { .. }
            | Self::CreateAccount(_)
            | Self::Complete { .. }
            | Self::SetCodeWord => None,
        }
    }

    /// The account it is about; `None` where it is about something else.
    #[must_use]
    pub const fn account(&self) -> Option<AccountKey<'_>> {
        match self {
            Self::CreateAccount(NewAccount { email, .. }) | Self::Complete { email, .. } => Some(AccountKey::New(email)),
            Self::Account { target, .. } => Some(AccountKey::Known(&target.id)),
            Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::SetCodeWord => None,
        }
    }

    /// The account fields it sets, ordered by field.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        match self {
            Self::CreateAccount(NewAccount { fields, .. }) | Self::Complete { followup: Followup::Update { fields }, .. } => fields,
            Self::Account { change, .. } => change.fields(),
            Self::Complete { followup: Followup::GeneratePasscode, .. }
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::SetCodeWord => &[],
        }
    }

    /// Privileges before and after, where it changes what a role gives or what an account may do.
    #[must_use]
    pub fn effective(&self) -> Option<&Effective> {
        match self {
            Self::UpdateRole(update) => update.privileges.as_ref(),
            Self::Account { change, .. } => change.effective(),
            Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::CreateAccount(_)
            | Self::Complete { .. }
            | Self::SetCodeWord => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Step};

    #[test]
    fn a_step_is_small_since_a_plan_may_have_a_hundred_thousand() {
        assert!(size_of::<Change>() <= 112, "a change has {} bytes", size_of::<Change>());
        assert!(size_of::<Step>() <= 168, "a step has {} bytes", size_of::<Step>());
    }
}
