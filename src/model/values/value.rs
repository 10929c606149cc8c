//! The value of a field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Field;

/// The most bytes in one text: workspaces store no longer ones.
pub const LONGEST_TEXT: usize = 8 * 1024;

/// The value of a field.
///
/// `Unset` clears the field, or says that it is empty; absent, `null` and `[]` are equal on the wire (RFC 7643 section 2.5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// No value.
    Unset,
    /// A text.
    Text(String),
    /// A boolean.
    Flag(bool),
    /// A whole number, in the unit of its field.
    Number(i64),
    /// Texts whose order matters.
    List(Vec<String>),
    /// Texts whose order does not matter.
    Set(BTreeSet<String>),
    /// Privileges granted and revoked on top of a role. Boxed: few accounts have any, and every value is as large as the largest.
    Changes(Box<PrivilegeChanges>),
}

/// Privileges granted and revoked on top of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PrivilegeChanges {
    /// Granted in addition to the role's.
    pub grant: BTreeSet<String>,
    /// Revoked from the role's.
    pub revoke: BTreeSet<String>,
}

impl Value {
    /// Privileges granted and revoked on top of a role.
    #[must_use]
    pub fn changes(grant: BTreeSet<String>, revoke: BTreeSet<String>) -> Self {
        Self::Changes(Box::new(PrivilegeChanges { grant, revoke }))
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unset | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes(_) => None,
        }
    }

    /// The entries of a list, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::List(entries) => Some(entries),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::Set(_) | Self::Changes(_) => None,
        }
    }

    /// The privileges that it grants and revokes, if it does.
    #[must_use]
    pub const fn as_changes(&self) -> Option<&PrivilegeChanges> {
        match self {
            Self::Changes(changes) => Some(changes),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) => None,
        }
    }

    /// The members of a set, if it is one.
    #[must_use]
    pub const fn as_set(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::Set(set) => Some(set),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Changes(_) => None,
        }
    }

    /// The texts it has, each on its own; none if it has no texts.
    #[must_use]
    pub fn texts(&self) -> Vec<&String> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(texts) => texts.iter().collect(),
            Self::Set(texts) => texts.iter().collect(),
            Self::Unset | Self::Flag(_) | Self::Number(_) | Self::Changes(_) => Vec::new(),
        }
    }

    /// Returns whether it is empty: unset, or an empty text, list or set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(t) => t.is_empty(),
            Self::Flag(_) | Self::Number(_) => false,
            Self::List(l) => l.is_empty(),
            Self::Set(s) => s.is_empty(),
            Self::Changes(changes) => changes.grant.is_empty() && changes.revoke.is_empty(),
        }
    }

    /// Returns whether it is the same as an absent field: empty, or `false` if that means nothing.
    #[must_use]
    pub fn is_off(&self, of: Field) -> bool {
        of.is_off(self.is_empty(), *self == Self::Flag(false))
    }
}

/// Returns whether two texts are the same apart from blanks.
#[must_use]
pub fn differs_in_blanks(one: &str, other: &str) -> bool {
    one != other && one.split_whitespace().eq(other.split_whitespace())
}

/// Returns whether two texts are the same apart from capitals and blanks.
#[must_use]
pub fn differs_in_form(one: &str, other: &str) -> bool {
    one != other && one.to_lowercase().split_whitespace().eq(other.to_lowercase().split_whitespace())
}
