//! A rule of the platform that an account breaks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Email, Field};

/// A rule of the platform that an account breaks. `platform::sentences` puts it into words, for roster, plan and server alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A required field is missing.
    Required,
    /// A list has more entries than allowed.
    TooMany {
        /// How many entries it has.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
    /// A text is longer than a workspace stores.
    TooLong {
        /// How many bytes it has.
        bytes: usize,
        /// How many are allowed.
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
        /// Whether adding it to the user's clinics would help: the roster declares the clinic.
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
    /// A provider setting of a user who does not work as provider.
    ProviderSetting,
    /// A user who works as provider needs `md_consent`.
    MdConsentMissing,
    /// The goals have no number.
    GoalsWithoutNumber,
    /// The period of the goals is unknown.
    GoalsPerUnknown {
        /// The period.
        per: String,
    },
    /// The goals have no period.
    GoalsWithoutPer,
    /// A goal below zero.
    GoalNegative {
        /// The goal.
        number: i64,
    },
    /// The user gets notifications by SMS and has no phone.
    NotificationPhone,
    /// Users who name themselves as medical director.
    OwnDirector,
    /// The medical director is not a user of the workspace.
    DirectorUnknown {
        /// The address.
        director: String,
    },
    /// The medical director has another role.
    DirectorOtherRole {
        /// The address.
        director: String,
        /// The role.
        role: String,
    },
    /// The medical director is inactive.
    DirectorInactive {
        /// The address.
        director: String,
    },
    /// Medical directors who are all inactive and name each other.
    DirectorCircle {
        /// The one who should become active.
        first: Email,
        /// The others.
        others: Box<[Email]>,
    },
    /// Two providers of one clinic have the same color.
    SameColor {
        /// The one who had it first.
        first: Email,
        /// The one who has it too.
        second: Email,
        /// The clinic, by its key.
        clinic: String,
    },
    /// The role does not allow a declared need.
    NeedsOtherRole {
        /// The reason from the catalog.
        because: Cow<'static, str>,
    },
    /// The user has no second factor.
    NoTwoFactor {
        /// Whether the roster says so explicitly.
        declined: bool,
    },
}

/// What an unknown name could mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suggestion {
    /// A similar name.
    Near(String),
    /// One of several names.
    OneOf(Box<[String]>),
    /// There is no similar name.
    Nothing,
}

impl Violation {
    /// Returns the stable code, in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.rule.code()
    }

    /// Returns whether the same rule is broken in the same place.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.field, self.code(), &self.entry) == (other.field, other.code(), &other.entry)
    }
}

impl Rule {
    /// Returns the stable code, in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooMany { .. } => "too-many",
            Self::TooLong { .. } => "too-long",
            Self::Unwritable { .. } => "unwritable",
            Self::UnknownValue(_) => "unknown-value",
            Self::UnknownRole(_) => "unknown-role",
            Self::UnknownClinic(_) => "unknown-clinic",
            Self::UnknownPrivilege(_) => "unknown-privilege",
            Self::OtherPlatform => "other-platform",
            Self::DefaultClinicNotAmong { .. } | Self::DefaultClinicMissing => "default-clinic",
            Self::GrantedAndRevoked => "granted-and-revoked",
            Self::Phone => "phone",
            Self::Color => "color",
            Self::Email => "email",
            Self::ProviderSetting => "provider-setting",
            Self::MdConsentMissing => "md-consent-missing",
            Self::GoalsWithoutNumber => "goals-without-number",
            Self::GoalsPerUnknown { .. } | Self::GoalNegative { .. } => "goals",
            Self::GoalsWithoutPer => "goals-without-per",
            Self::NotificationPhone => "notification-phone",
            Self::OwnDirector | Self::DirectorUnknown { .. } | Self::DirectorOtherRole { .. } | Self::DirectorInactive { .. } => {
                "medical-director"
            }
            Self::DirectorCircle { .. } => "md-circle",
            Self::SameColor { .. } => "same-color",
            Self::NeedsOtherRole { .. } => "staff-with-practitioner-needs",
            Self::NoTwoFactor { .. } => "no-two-factor",
        }
    }
}
