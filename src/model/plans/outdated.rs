//! Attributes that repeat a login or a name for people to read, and have another value.

use serde::{Deserialize, Serialize};

use crate::model::RemoteId;

/// An attribute of an account that repeats its login or name, with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// The account.
    pub account: RemoteId,
    /// The attribute.
    pub attribute: Repeating,
    /// The values that the server has: one text, or the addresses in `emails`.
    pub values: Vec<String>,
}

/// An attribute that repeats a login or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repeating {
    /// `emails`, which repeats the login.
    Emails,
    /// `name.formatted`, which repeats first and last name.
    FormattedName,
    /// `displayName`, which repeats first and last name.
    DisplayName,
}

impl Repeating {
    /// Returns whether it repeats the login; otherwise it repeats the name.
    #[must_use]
    pub const fn repeats_login(self) -> bool {
        match self {
            Self::Emails => true,
            Self::FormattedName | Self::DisplayName => false,
        }
    }

    /// Returns the attribute's name in SCIM.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emails => "emails",
            Self::FormattedName => "name.formatted",
            Self::DisplayName => "displayName",
        }
    }
}
