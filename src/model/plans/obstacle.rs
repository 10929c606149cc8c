//! The reasons why an admin cannot change a field, or give a right, and who had an address before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// The reason why an admin cannot change a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Immutable {
    /// The platform does not have the field.
    NotOnPlatform,
    /// The server does not let clients change it.
    Server,
    /// Only the member can change it.
    MembersOwn {
        /// The requirement, if the catalog names one.
        requirement: Option<Cow<'static, str>>,
        /// Says whether nobody has accepted the account yet, and the invitation counts.
        #[serde(default)]
        pending: bool,
        /// Says whether the account is inactive and nobody ever accepted it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        withdrawn: bool,
        /// Says whether it is the main admin's.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        main_admin: bool,
    },
}

impl Immutable {
    /// Returns the requirement behind it, if there is one.
    #[must_use]
    pub fn requirement(&self) -> Option<&str> {
        match self {
            Self::NotOnPlatform => Some("X-2"),
            Self::Server => None,
            Self::MembersOwn { requirement, .. } => requirement.as_deref(),
        }
    }
}

/// Rights that somebody cannot give (AR-6, AR-18, PBN-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ungranted {
    /// Privileges that the giver lacks and that no role of the platform hands out.
    Privileges(BTreeSet<String>),
    /// Privileges that the giver would add to their own.
    ToOneself(BTreeSet<String>),
    /// A role that only its owners give.
    Role(String),
    /// A role that only its owners change.
    RoleChange(String),
}

/// The account that had an address before, which the roster gives to somebody new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FormerHolder {
    /// Its present address.
    pub login: Email,
    /// Its first and last name.
    pub name: String,
    /// Says whether the roster gives the new person that name.
    pub is_namesake: bool,
}
