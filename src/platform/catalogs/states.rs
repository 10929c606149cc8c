//! The states that accounts of a platform can have.

use serde::{Deserialize, Serialize};

use crate::model::Standing;

/// The states that an account can have besides active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<StateName>", into = "Vec<StateName>")]
pub struct States {
    /// Whether accounts begin with an invitation; otherwise a new account is active immediately.
    pub pending: bool,
    /// Whether an account can be inactive; otherwise an account is removed when its owner leaves.
    pub inactive: bool,
    /// Whether an account can be blocked.
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

/// Active and inactive.
impl Default for States {
    fn default() -> Self {
        Self { pending: false, inactive: true, blocked: false }
    }
}

impl States {
    /// Returns whether an account can have a state besides being blocked.
    #[must_use]
    pub const fn has(self, standing: Standing) -> bool {
        match standing {
            Standing::Active => true,
            Standing::Pending => self.pending,
            Standing::Inactive => self.inactive,
        }
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
