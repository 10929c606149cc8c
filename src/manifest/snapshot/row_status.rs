//! The state that a list shows of somebody.

use schemars::JsonSchema;

use crate::model::{InvitationState, Standing};

/// Says what a list shows of somebody's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum RowStatus {
    /// The member was invited and has not accepted.
    Pending,
    /// The member was invited and has not accepted, and the invitation has expired.
    Expired,
    /// The member can sign in.
    Active,
    /// The account is inactivated.
    Inactive,
}

impl RowStatus {
    /// Returns the status of a row.
    pub(in crate::manifest) const fn new(standing: Standing, is_expired: bool) -> Self {
        match standing {
            Standing::Pending if is_expired => Self::Expired,
            Standing::Pending => Self::Pending,
            Standing::Active => Self::Active,
            Standing::Inactive => Self::Inactive,
        }
    }

    /// Returns its word.
    pub(in crate::manifest) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => Standing::Pending.as_str(),
            Self::Expired => InvitationState::Expired.as_str(),
            Self::Active => Standing::Active.as_str(),
            Self::Inactive => Standing::Inactive.as_str(),
        }
    }

    /// Returns the standing.
    pub(in crate::manifest) const fn standing(self) -> Standing {
        match self {
            Self::Pending | Self::Expired => Standing::Pending,
            Self::Active => Standing::Active,
            Self::Inactive => Standing::Inactive,
        }
    }

    /// Returns whether the invitation has expired.
    pub(in crate::manifest) const fn is_expired(self) -> bool {
        match self {
            Self::Expired => true,
            Self::Pending | Self::Active | Self::Inactive => false,
        }
    }
}
