//! One change to a workspace: each kind has exactly the data it needs, so that an impossible change does not compile.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{
    AccountChange, Action, Edit, Effective, Email, FieldChange, Fingerprint, Followup, Reason, RemoteId, SubjectRef, with_all,
};

with_all! {
    /// The stage of a run in which a change is made: access is taken away before it is given (rule 4 of the core).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Stage {
        /// Takes access away: block, inactivate, withdraw, revoke.
        Risk,
        /// Creates what others need: clinics, roles, employee records, the code word.
        Supporting,
        /// Gives access: invite, activate, grant, and ordinary updates.
        Access,
        /// Takes away what must wait until somebody else has it: replacing the last administrator.
        HandOver,
        /// Takes from the account that applies the plan what its other changes need: rights, and the phone that confirms blocks (AR-19).
        OwnAccount,
    }
}

impl Stage {
    /// Returns whether it takes access away before anything else is made.
    #[must_use]
    pub const fn is_first(self) -> bool {
        match self {
            Self::Risk => true,
            Self::Supporting | Self::Access | Self::HandOver | Self::OwnAccount => false,
        }
    }
}

/// One step of a plan: a change, why it is made, and its stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Step {
    /// The change.
    pub change: Change,
    /// The reason why it is made.
    pub reason: Reason,
    /// Its stage.
    pub stage: Stage,
    /// Says whether the report lists it among the risks: removals, unblocks, unexpected activations.
    pub risky: bool,
    /// Positions in the plan of the steps that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
}

/// An existing resource, in the version from which the change was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Target {
    /// The server's id.
    pub id: RemoteId,
    /// The version.
    pub fingerprint: Fingerprint,
}

/// The account a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKey<'a> {
    /// An existing account, by the server's id.
    Known(&'a RemoteId),
    /// An account that the plan creates, by its address.
    New(&'a Email),
}

impl<'a> AccountKey<'a> {
    /// Returns the server's id; `None` if the plan creates the account.
    #[must_use]
    pub const fn id(self) -> Option<&'a RemoteId> {
        match self {
            Self::Known(id) => Some(id),
            Self::New(_) => None,
        }
    }
}

/// One change. Large payloads are boxed: a plan may have a hundred thousand changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Adds a clinic.
    CreateClinic {
        /// Its key.
        key: String,
        /// The name that people see.
        name: String,
    },
    /// Renames a clinic.
    UpdateClinic(Box<ClinicUpdate>),
    /// Adds a role.
    CreateRole {
        /// Its key.
        key: String,
        /// The name that people see.
        name: String,
        /// Its privileges.
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
        /// Says whether the record is active (PBN-8).
        active: bool,
        /// Says whether the person is outside the practice (PBN-3).
        external: bool,
    },
    /// Changes an employee record.
    UpdateEmployee(Box<EmployeeUpdate>),
    /// Creates an account and invites its holder; with a first password the account is active immediately.
    CreateAccount(NewAccount),
    /// Completes an account that an earlier step of the same plan creates.
    Complete {
        /// The new account's address.
        email: Email,
        /// The fields or the passcode that are left to set.
        followup: Followup,
    },
    /// Changes an existing account.
    Account {
        /// The account's present address.
        email: Email,
        /// The account.
        target: Target,
        /// The change.
        change: AccountChange,
    },
    /// Sets the practice's code word (PBN-5).
    SetCodeWord,
}

/// A new name for a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClinicUpdate {
    /// The clinic's key.
    pub key: String,
    /// The clinic.
    pub target: Target,
    /// Its name.
    pub name: Edit<String>,
}

/// A change of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RoleUpdate {
    /// The role's key.
    pub key: String,
    /// The role.
    pub target: Target,
    /// Its name, if it changes.
    pub name: Option<Edit<String>>,
    /// Its privileges, if they change.
    pub privileges: Option<Effective>,
}

/// A change of an employee record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EmployeeUpdate {
    /// The record's key.
    pub key: String,
    /// The record.
    pub target: Target,
    /// First name, if it changes.
    pub first_name: Option<Edit<String>>,
    /// Last name, if it changes.
    pub last_name: Option<Edit<String>>,
    /// Says whether the record is active, if that changes.
    pub active: Option<Edit<bool>>,
    /// Says whether the person is outside the practice, if that changes.
    pub external: Option<Edit<bool>>,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewAccount {
    /// The address.
    pub email: Email,
    /// Its first values, ordered by field.
    pub fields: Vec<FieldChange>,
    /// Says whether it starts with a temporary first password instead of an invitation (AR-10).
    pub with_password: bool,
}

impl Change {
    /// Returns the kind of change.
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

    /// Returns the subject; for a user, by the address before the change.
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

    /// Returns the existing resource that it changes; `None` if it creates one, continues with one of the same plan, or sets the code word.
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

    /// Returns the account that it changes; `None` if it changes something else.
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

    /// Returns what it does to an existing account, with the address and version it was planned for; `None` if it does something else.
    #[must_use]
    pub const fn to_account(&self) -> Option<(&Email, &Target, &AccountChange)> {
        match self {
            Self::Account { email, target, change } => Some((email, target, change)),
            Self::CreateAccount(_)
            | Self::Complete { .. }
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::SetCodeWord => None,
        }
    }

    /// Returns the account that it makes; `None` if it does something else.
    #[must_use]
    pub const fn new_account(&self) -> Option<&NewAccount> {
        match self {
            Self::CreateAccount(new) => Some(new),
            Self::Account { .. }
            | Self::Complete { .. }
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::SetCodeWord => None,
        }
    }

    /// Returns what it changes of a role; `None` if it does something else.
    #[must_use]
    pub const fn role_update(&self) -> Option<&RoleUpdate> {
        match self {
            Self::UpdateRole(update) => Some(update),
            Self::Account { .. }
            | Self::Complete { .. }
            | Self::CreateAccount(_)
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::CreateEmployee { .. }
            | Self::UpdateEmployee(_)
            | Self::SetCodeWord => None,
        }
    }

    /// Returns what it changes of an employee record; `None` if it does something else.
    #[must_use]
    pub const fn record_update(&self) -> Option<&EmployeeUpdate> {
        match self {
            Self::UpdateEmployee(update) => Some(update),
            Self::Account { .. }
            | Self::Complete { .. }
            | Self::CreateAccount(_)
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::SetCodeWord => None,
        }
    }

    /// Returns what it changes of an employee record, to be narrowed or extended; `None` if it does something else.
    #[must_use]
    pub const fn record_update_mut(&mut self) -> Option<&mut EmployeeUpdate> {
        match self {
            Self::UpdateEmployee(update) => Some(update),
            Self::Account { .. }
            | Self::Complete { .. }
            | Self::CreateAccount(_)
            | Self::CreateClinic { .. }
            | Self::UpdateClinic(_)
            | Self::CreateRole { .. }
            | Self::UpdateRole(_)
            | Self::CreateEmployee { .. }
            | Self::SetCodeWord => None,
        }
    }

    /// Returns the account fields that it sets, ordered by field.
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

    /// Returns privileges before and after, if it changes what a role gives or an account's effective privileges.
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
