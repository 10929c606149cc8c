//! What happens to one account: the part of a change that the state machine takes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Action, Block, Edit, Field, Value};

/// What happens to an account that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountChange {
    /// Invites somebody whose account is inactive and was never accepted; the id stays.
    Invite,
    /// Sends the invitation again; the old link dies.
    ResendInvitation,
    /// Withdraws the invitation; the account is inactive, never accepted.
    WithdrawInvitation,
    /// Changes fields.
    Update {
        /// What is set, ordered by field.
        fields: Vec<FieldChange>,
        /// What the account may do, where that changes.
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
    /// Makes a new passcode (AR-11).
    GeneratePasscode,
}

/// What is still to be done with an account that an earlier step of the same plan makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Followup {
    /// Sets the fields that had to wait for somebody else.
    Update {
        /// What is set, ordered by field.
        fields: Vec<FieldChange>,
    },
    /// Makes a passcode (AR-11).
    GeneratePasscode,
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

/// Privileges before and after: what a role gives, or what an account may do.
pub type Effective = Edit<BTreeSet<String>>;

impl AccountChange {
    /// What kind of change it is.
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
            Self::GeneratePasscode => Action::GeneratePasscode,
        }
    }

    /// The fields it sets, ordered by field.
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
            | Self::GeneratePasscode => &[],
        }
    }

    /// What the account may do before and after, where that changes.
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
            | Self::GeneratePasscode => None,
        }
    }
}

impl Followup {
    /// The same change, as it happens to the account once that is there.
    #[must_use]
    pub fn to_account_change(&self) -> AccountChange {
        match self {
            Self::Update { fields } => AccountChange::Update { fields: fields.clone(), effective: None },
            Self::GeneratePasscode => AccountChange::GeneratePasscode,
        }
    }
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
