//! The changes of a workspace since the plan.

use serde::{Deserialize, Serialize};

use crate::model::{Email, Field};

/// The difference between a resource of the workspace and the one that a change was planned for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Drift {
    /// The plan creates it, and somebody else did so meanwhile.
    Appeared,
    /// The plan creates one account, and several with its address appeared meanwhile.
    SeveralAppeared {
        /// The number of accounts.
        accounts: usize,
    },
    /// It no longer exists.
    Gone,
    /// Another resource has its place.
    Replaced,
    /// The account has another address.
    OtherAddress {
        /// The present one.
        now: Email,
    },
    /// Somebody changed these fields, which the change is about.
    Fields(Box<[Field]>),
    /// Somebody changed something else of the account.
    Account,
    /// Somebody changed it; what, is unknown.
    Rewritten,
}
