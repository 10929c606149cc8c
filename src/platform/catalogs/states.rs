//! The states that accounts of a platform can have.

use serde::{Deserialize, Serialize};

use crate::model::{Action, BLOCKED, ListWords, OtherTabs, PendingTab, Standing};

/// The states that an account can have besides active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<StateName>", into = "Vec<StateName>")]
pub struct States {
    /// Says whether accounts begin with an invitation; otherwise a new account is active immediately.
    pub pending: bool,
    /// Says whether an account can be inactive; otherwise an account is removed when its owner leaves.
    pub inactive: bool,
    /// Says whether an account can be blocked.
    pub blocked: bool,
}

/// This is a state by its name in catalogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateName {
    /// The user can sign in.
    Active,
    /// The user was invited and has not accepted yet.
    Pending,
    /// The user cannot sign in, and can be made active again.
    Inactive,
    /// The user is kept out for a reason that is noted.
    Blocked,
}

impl StateName {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => Standing::Active.as_str(),
            Self::Pending => Standing::Pending.as_str(),
            Self::Inactive => Standing::Inactive.as_str(),
            Self::Blocked => BLOCKED,
        }
    }

    /// Returns the state without which a kind of change never happens, where the catalog's other switches allow it; `None` if it happens on
    /// every platform. Somebody new is invited on every platform, and somebody who never accepted only where people can be pending.
    #[must_use]
    pub const fn needed_by(action: Action) -> Option<Self> {
        match action {
            Action::Block | Action::Unblock => Some(Self::Blocked),
            Action::ResendInvitation | Action::WithdrawInvitation => Some(Self::Pending),
            Action::Activate => Some(Self::Inactive),
            Action::CreateClinic
            | Action::UpdateClinic
            | Action::CreateRole
            | Action::UpdateRole
            | Action::CreateEmployee
            | Action::UpdateEmployee
            | Action::Invite
            | Action::Update
            | Action::Inactivate
            | Action::GeneratePasscode
            | Action::SetCodeWord => None,
        }
    }
}

/// Active and inactive.
impl Default for States {
    fn default() -> Self {
        Self { pending: false, inactive: true, blocked: false }
    }
}

impl States {
    /// Returns the state that a kind of change needs and that accounts cannot have; `None` if it lacks none.
    #[must_use]
    pub const fn lacking(self, action: Action) -> Option<StateName> {
        let (needed, has) = match StateName::needed_by(action) {
            None => return None,
            Some(needed @ StateName::Active) => (needed, true),
            Some(needed @ StateName::Pending) => (needed, self.pending),
            Some(needed @ StateName::Inactive) => (needed, self.inactive),
            Some(needed @ StateName::Blocked) => (needed, self.blocked),
        };
        if has { None } else { Some(needed) }
    }

    /// Returns whether an account can have a state besides being blocked.
    #[must_use]
    pub const fn has(self, standing: Standing) -> bool {
        match standing {
            Standing::Active => true,
            Standing::Pending => self.pending,
            Standing::Inactive => self.inactive,
        }
    }

    /// Returns the tabs of the product's page of users. Where only the missing name tells who is invited, they have no tab of their own.
    #[must_use]
    pub fn other_tabs(self, list: &ListWords) -> OtherTabs {
        let pending = match (self.pending, list.nameless) {
            (false, _) => PendingTab::Nowhere,
            (true, Some(Standing::Pending)) => PendingTab::AmongActive,
            (true, Some(Standing::Active | Standing::Inactive) | None) => PendingTab::Own,
        };
        OtherTabs { inactive: self.inactive, pending }
    }
}

impl TryFrom<Vec<StateName>> for States {
    type Error = String;

    fn try_from(names: Vec<StateName>) -> Result<Self, String> {
        let has = |name: StateName| names.contains(&name);
        if !has(StateName::Active) {
            return Err("`active` is missing: every product has active users".to_owned());
        }
        Ok(Self { pending: has(StateName::Pending), inactive: has(StateName::Inactive), blocked: has(StateName::Blocked) })
    }
}

impl From<States> for Vec<StateName> {
    fn from(states: States) -> Self {
        let States { pending, inactive, blocked } = states;
        let all =
            [(StateName::Active, true), (StateName::Pending, pending), (StateName::Inactive, inactive), (StateName::Blocked, blocked)];
        all.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
    }
}
