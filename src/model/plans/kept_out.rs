//! Users who already match the roster, and cannot sign in all the same.

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// A user who already matches the roster and cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KeptOut {
    /// The user.
    pub user: Email,
    /// The reason.
    pub by: KeptOutBy,
}

/// The reason why a user who already matches cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeptOutBy {
    /// The invitation is not accepted yet.
    Invitation {
        /// The day it was sent, in the workspace's time zone; `None` if the server does not say.
        #[schemars(with = "Option<String>")]
        since: Option<jiff::civil::Date>,
        /// The last day of its link, in the workspace's time zone; `None` if the server does not say.
        #[schemars(with = "Option<String>")]
        until: Option<jiff::civil::Date>,
    },
    /// A block that the roster asks for or does not mention.
    Block,
    /// There is no account, and the roster asks for none.
    NoAccount,
}

impl KeptOutBy {
    /// Returns whether it is a block.
    #[must_use]
    pub const fn is_block(&self) -> bool {
        match self {
            Self::Block => true,
            Self::Invitation { .. } | Self::NoAccount => false,
        }
    }
}
