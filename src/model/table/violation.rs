//! A rule of the platform that an account breaks.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::Field;

/// A rule of the platform that an account breaks. `platform::sentences` puts it into words, for roster, plan and server alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Violation {
    /// The field that breaks it.
    pub field: Field,
    /// The offending entry, if the field has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The rule.
    pub rule: Rule,
    /// The requirement, such as `AR-9`.
    pub requirement: Cow<'static, str>,
}

/// The rules an account can break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A required field is missing.
    Required,
    /// A list has more entries than allowed.
    TooMany {
        /// The number of its entries.
        count: usize,
        /// The number that is allowed.
        most: usize,
    },
    /// A text is longer than a workspace stores.
    TooLong {
        /// The number of its bytes.
        bytes: usize,
        /// The number that is allowed.
        most: usize,
    },
    /// A text has a character that no workspace stores.
    Unwritable {
        /// The character.
        character: char,
    },
    /// The entry is not one of the field's values.
    UnknownValue(Suggestion),
    /// No such role.
    UnknownRole(Suggestion),
    /// No such clinic.
    UnknownClinic(Suggestion),
    /// No such privilege.
    UnknownPrivilege(Suggestion),
    /// The platform does not have the field.
    OtherPlatform,
    /// The default clinic is not among the user's clinics.
    DefaultClinicNotAmong {
        /// Says whether adding it to the user's clinics would help: the roster declares the clinic.
        declared: bool,
        /// The clinics that are possible instead.
        instead: Suggestion,
    },
    /// A user of several clinics needs a default clinic.
    DefaultClinicMissing,
    /// A privilege is both granted and revoked.
    GrantedAndRevoked,
    /// The entry is not a phone number.
    Phone,
    /// The entry is not a color.
    Color,
    /// The entry is not an e-mail address.
    Email,
    /// A rule that this platform alone has.
    #[serde(untagged)]
    Own(OwnRule),
}

impl Rule {
    /// Returns whether the field has no value, and needs one.
    #[must_use]
    pub const fn is_missing_value(&self) -> bool {
        match self {
            Self::Required => true,
            Self::TooMany { .. }
            | Self::TooLong { .. }
            | Self::Unwritable { .. }
            | Self::UnknownValue(_)
            | Self::UnknownRole(_)
            | Self::UnknownClinic(_)
            | Self::UnknownPrivilege(_)
            | Self::OtherPlatform
            | Self::DefaultClinicNotAmong { .. }
            | Self::DefaultClinicMissing
            | Self::GrantedAndRevoked
            | Self::Phone
            | Self::Color
            | Self::Email
            | Self::Own(_) => false,
        }
    }
}

/// The meaning that an unknown name could have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Suggestion {
    /// A similar name.
    Near(String),
    /// One of several names.
    OneOf(Box<[String]>),
    /// There is no similar name.
    Nothing,
}

/// A rule that one platform alone has, as plans store it. Its folder in `platform` makes it of an enum of its own, and reads it back.
///
/// It is JSON, since nothing outside that folder looks into it: the core only carries it, in plans too, and knows no vendor's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(extend("type" = ["string", "object"]))]
pub struct OwnRule(serde_json::Value);

impl OwnRule {
    /// Stores a rule.
    #[must_use]
    pub fn new(rule: &impl Serialize) -> Self {
        Self(serde_json::to_value(rule).unwrap_or_default())
    }

    /// Reads a rule back; `None` if it is not one of this kind.
    #[must_use]
    pub fn read<R: DeserializeOwned>(&self) -> Option<R> {
        R::deserialize(&self.0).ok()
    }
}
