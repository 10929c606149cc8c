//! The text that somebody signs in with, as a list of users shows it.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::{Email, InvalidEmail};

/// The text that somebody signs in with: an address on most products, a user name on some. Ordered as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum LoginName {
    /// The login is an address.
    Address(Email),
    /// The login is a user name; the roster finds it by `id`.
    UserName(String),
}

/// The reason why a text is not a login.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogin {
    /// It has an `@` and is not an address.
    #[error(transparent)]
    Address(#[from] InvalidEmail),
    /// It is empty, too long, or contains a control character.
    #[error("a user name has 1 to {} characters that people can see", LONGEST)]
    UserName,
}

/// The most bytes of a user name: as many as an address can have.
const LONGEST: usize = 254;

impl LoginName {
    /// Reads a login: a text with an `@` is an address, any other a user name.
    ///
    /// # Errors
    /// If the text is not an address although it has an `@`, or nobody could type it.
    pub fn parse(text: &str) -> Result<Self, InvalidLogin> {
        let text = text.trim();
        if text.contains('@') {
            return Ok(Self::Address(Email::parse(text)?));
        }
        let is_typed = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
        if is_typed { Ok(Self::UserName(text.to_owned())) } else { Err(InvalidLogin::UserName) }
    }

    /// Returns the login as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Address(email) => email.as_str(),
            Self::UserName(name) => name,
        }
    }

    /// Returns the user name, if the login is one.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        match self {
            Self::Address(_) => None,
            Self::UserName(name) => Some(name),
        }
    }

    /// Returns the address, or the one that nobody can have in place of a user name: a list shows no more of who it is.
    #[must_use]
    pub fn to_email(&self) -> Email {
        match self {
            Self::Address(email) => email.clone(),
            Self::UserName(name) => Email::of_user_name(name),
        }
    }

    /// Returns the address, if the login is one.
    #[must_use]
    pub const fn address(&self) -> Option<&Email> {
        match self {
            Self::Address(email) => Some(email),
            Self::UserName(_) => None,
        }
    }
}

impl Ord for LoginName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for LoginName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Email> for LoginName {
    fn from(email: Email) -> Self {
        Self::Address(email)
    }
}

impl FromStr for LoginName {
    type Err = InvalidLogin;
    fn from_str(text: &str) -> Result<Self, InvalidLogin> {
        Self::parse(text)
    }
}

impl TryFrom<String> for LoginName {
    type Error = InvalidLogin;
    fn try_from(text: String) -> Result<Self, InvalidLogin> {
        Self::parse(&text)
    }
}

impl From<LoginName> for String {
    fn from(login: LoginName) -> Self {
        login.as_str().to_owned()
    }
}
