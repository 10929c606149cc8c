//! The roster's statement of whether a user is active.

use serde::{Deserialize, Serialize};

use crate::model::Standing;

/// Active or inactive; active if the roster says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The user can sign in, once an invitation was accepted.
    #[default]
    Active,
    /// The user cannot sign in.
    Inactive,
}

impl Status {
    /// Returns the word for it in YAML.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => Standing::Active.as_str(),
            Self::Inactive => Standing::Inactive.as_str(),
        }
    }

    /// Reads the word in YAML.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Inactive].into_iter().find(|status| status.as_str() == word)
    }

    /// Returns whether the user should be active.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::Active => true,
            Self::Inactive => false,
        }
    }
}
