//! The changes of one account: what the state machine works on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Action, Block, Field, Moment, Value};

/// A change of an existing account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountChange {
    /// Invites the holder of an inactive account that was never accepted; the id stays.
    Invite,
    /// Sends the invitation again; the old link becomes invalid.
    ResendInvitation,
    /// Withdraws the invitation; the account becomes inactive, never accepted.
    WithdrawInvitation,
    /// Changes fields.
    Update {
        /// The new values, ordered by field.
        fields: Vec<FieldChange>,
        /// The effective privileges, if they change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effective: Option<Box<Effective>>,
    },
    /// Makes the account inactive (AR-15).
    Inactivate,
    /// Makes the account active again (AR-16).
    Activate,
    /// Blocks the account in this workspace (AR-20).
    Block(Block),
    /// Lifts the block (AR-22).
    Unblock,
    /// Generates a new passcode (AR-11).
    GeneratePasscode,
    /// Generates a new passcode in place of one that is older (AR-11).
    RenewPasscode {
        /// The passcode must be made at this time or later.
        since: Moment,
    },
}

/// A later change of an account that an earlier step of the same plan creates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Followup {
    /// Sets the fields that had to wait for another account.
    Update {
        /// The new values, ordered by field.
        fields: Vec<FieldChange>,
    },
    /// Generates a passcode (AR-11).
    GeneratePasscode,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// The present value; `Unset` if there is none.
    pub before: Value,
    /// The new value.
    pub after: Value,
    /// Says whether the present value is unknown: the list of users does not show it (rule 10 of the core).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
}

/// Privileges before and after: what a role gives, or effective privileges.
pub type Effective = Edit<BTreeSet<String>>;

impl AccountChange {
    /// Returns the kind of change.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Invite => Action::Invite,
            Self::ResendInvitation => Action::ResendInvitation,
            Self::WithdrawInvitation => Action::WithdrawInvitation,
            Self::Update { .. } => Action::Update,
            Self::Inactivate => Action::Inactivate,
            Self::Activate => Action::Activate,
            Self::Block(_) => Action::Block,
            Self::Unblock => Action::Unblock,
            Self::GeneratePasscode | Self::RenewPasscode { .. } => Action::GeneratePasscode,
        }
    }

    /// Returns the fields that it sets, ordered by field.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        match self {
            Self::Update { fields, .. } => fields,
            Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Inactivate
            | Self::Activate
            | Self::Block(_)
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::RenewPasscode { .. } => &[],
        }
    }

    /// Returns the block that it makes.
    #[must_use]
    pub const fn block(&self) -> Option<&Block> {
        match self {
            Self::Block(block) => Some(block),
            Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update { .. }
            | Self::Inactivate
            | Self::Activate
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::RenewPasscode { .. } => None,
        }
    }

    /// Returns the effective privileges before and after, if they change.
    #[must_use]
    pub fn effective(&self) -> Option<&Effective> {
        match self {
            Self::Update { effective, .. } => effective.as_deref(),
            Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Inactivate
            | Self::Activate
            | Self::Block(_)
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::RenewPasscode { .. } => None,
        }
    }
}

impl Followup {
    /// Returns the same change as it affects the account once that exists.
    #[must_use]
    pub fn to_account_change(&self) -> AccountChange {
        match self {
            Self::Update { fields } => AccountChange::Update { fields: fields.clone(), effective: None },
            Self::GeneratePasscode => AccountChange::GeneratePasscode,
        }
    }
}

impl Effective {
    /// Returns the privileges that are lost.
    #[must_use]
    pub fn lost(&self) -> BTreeSet<&str> {
        self.before.difference(&self.after).map(String::as_str).collect()
    }

    /// Returns the privileges that are gained.
    #[must_use]
    pub fn gained(&self) -> BTreeSet<&str> {
        self.after.difference(&self.before).map(String::as_str).collect()
    }
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Edit<T> {
    /// The present value.
    pub before: T,
    /// The new value.
    pub after: T,
}
