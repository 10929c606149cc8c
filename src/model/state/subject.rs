//! The subject of a change, a refusal or a notice.

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// The subject of a change, a refusal or a notice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The workspace itself.
    Workspace,
    /// A clinic, by key.
    Clinic(String),
    /// A role, by key.
    Role(String),
    /// An employee record, by key.
    Employee(String),
    /// A user, by the account's present address.
    User(Email),
}

/// A borrowed [`Subject`], as a change names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectRef<'a> {
    /// The workspace itself.
    Workspace,
    /// A clinic, by key.
    Clinic(&'a str),
    /// A role, by key.
    Role(&'a str),
    /// An employee record, by key.
    Employee(&'a str),
    /// A user, by the account's present address.
    User(&'a Email),
}

impl Subject {
    /// Borrows the subject.
    #[must_use]
    pub fn borrow(&self) -> SubjectRef<'_> {
        match self {
            Self::Workspace => SubjectRef::Workspace,
            Self::Clinic(key) => SubjectRef::Clinic(key),
            Self::Role(key) => SubjectRef::Role(key),
            Self::Employee(key) => SubjectRef::Employee(key),
            Self::User(email) => SubjectRef::User(email),
        }
    }
}

impl<'a> SubjectRef<'a> {
    /// Returns an owned copy.
    #[must_use]
    pub fn to_subject(self) -> Subject {
        match self {
            Self::Workspace => Subject::Workspace,
            Self::Clinic(key) => Subject::Clinic(key.to_owned()),
            Self::Role(key) => Subject::Role(key.to_owned()),
            Self::Employee(key) => Subject::Employee(key.to_owned()),
            Self::User(email) => Subject::User(email.clone()),
        }
    }

    /// Returns the user's address, if the subject is a user.
    #[must_use]
    pub const fn user(self) -> Option<&'a Email> {
        match self {
            Self::User(email) => Some(email),
            Self::Workspace | Self::Clinic(_) | Self::Role(_) | Self::Employee(_) => None,
        }
    }

    /// Returns the record's key, if the subject is an employee record.
    #[must_use]
    pub const fn employee(self) -> Option<&'a str> {
        match self {
            Self::Employee(key) => Some(key),
            Self::Workspace | Self::Clinic(_) | Self::Role(_) | Self::User(_) => None,
        }
    }
}

impl PartialEq<Subject> for SubjectRef<'_> {
    fn eq(&self, other: &Subject) -> bool {
        *self == other.borrow()
    }
}
