//! Filters (RFC 7644 section 3.4.2.2), and one more form that some clients send: `emails[type eq "work"].value eq "x"`.

mod check;
pub(super) mod matching;
mod parse;

use std::fmt;

use serde_json::Number;

use crate::model::with_all;

use super::attr_path::AttrPath;
use super::error::ScimError;
use super::schema::ResourceType;

pub(super) use check::flag;
pub(super) use parse::closing_bracket;
pub use parse::{DEEPEST, LONGEST, MOST_TERMS};

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// An attribute has a value.
    Present(AttrPath),
    /// An attribute compares to a value.
    Compare(AttrPath, Comparison, Literal),
    /// One value of a multi-valued attribute matches a filter on its parts.
    Within(AttrPath, Box<Filter>),
    /// The inner filter does not match.
    Not(Box<Filter>),
    /// All of at least two filters match.
    And(Vec<Filter>),
    /// One of at least two filters matches.
    Or(Vec<Filter>),
}

with_all! {
    /// The way in which an attribute compares to a value.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Comparison {
        /// Equal.
        Eq,
        /// Not equal.
        Ne,
        /// Contains.
        Co,
        /// Starts with.
        Sw,
        /// Ends with.
        Ew,
        /// Greater than.
        Gt,
        /// Greater than or equal.
        Ge,
        /// Less than.
        Lt,
        /// Less than or equal.
        Le,
    }
}

/// The value of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// No value.
    Null,
    /// True or false.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text, also a time or a reference.
    Text(String),
}

impl Filter {
    /// Reads a filter and checks it against a resource type.
    ///
    /// # Errors
    /// Returns `invalidFilter` if the text does not parse, is over a limit, names an unknown attribute, or makes an impossible comparison.
    pub fn read(text: &str, of: &ResourceType) -> Result<Self, ScimError> {
        let filter = Self::parse(text)?;
        filter.check(of)?;
        Ok(filter)
    }

    /// Reads a filter and checks it against several resource types at once.
    ///
    /// # Errors
    /// As for `read`; at least one of the types must have the attribute.
    pub fn read_over(text: &str, types: &[ResourceType]) -> Result<Self, ScimError> {
        let filter = Self::parse(text)?;
        filter.check_over(types)?;
        Ok(filter)
    }
}

/// Returns the text that an attribute must equal for the filter to match, if the filter says so at its top level: a hint for an index.
///
/// The name is compared in any case; the value is returned as the client wrote it. The caller must still apply the filter.
#[must_use]
pub fn eq_on<'a>(filter: &'a Filter, attribute: &str) -> Option<&'a str> {
    let (name, part) = match attribute.split_once('.') {
        Some((name, part)) => (name, Some(part)),
        None => (attribute, None),
    };
    let is_it = |path: &AttrPath| {
        path.name.eq_ignore_ascii_case(name)
            && match (&path.sub, part) {
                (None, None) => true,
                (Some(sub), Some(part)) => sub.eq_ignore_ascii_case(part),
                _ => false,
            }
    };
    match filter {
        Filter::Compare(path, comparison, literal) => literal.as_text().filter(|_| comparison.is_equal() && is_it(path)),
        Filter::And(all) => all.iter().find_map(|one| eq_on(one, attribute)),
        Filter::Present(_) | Filter::Within(..) | Filter::Not(_) | Filter::Or(_) => None,
    }
}

impl Literal {
    /// Returns the text, if it is one.
    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Flag(_) | Self::Number(_) => None,
        }
    }
}

impl Filter {
    /// Returns how loosely a filter binds its parts: within one that binds as tightly or more so, it needs parentheses.
    const fn looseness(&self) -> u8 {
        match self {
            Self::Or(_) => 2,
            Self::And(_) => 1,
            Self::Present(_) | Self::Compare(..) | Self::Within(..) | Self::Not(_) => 0,
        }
    }
}

impl Comparison {
    /// Returns the word used in filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// Parses the word used in filters, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str().eq_ignore_ascii_case(word))
    }

    /// Returns whether only equal values match.
    const fn is_equal(self) -> bool {
        match self {
            Self::Eq => true,
            Self::Ne | Self::Co | Self::Sw | Self::Ew | Self::Gt | Self::Ge | Self::Lt | Self::Le => false,
        }
    }

    /// Returns whether the comparison asks if two values are equal.
    #[must_use]
    pub const fn is_equality(self) -> bool {
        match self {
            Self::Eq | Self::Ne => true,
            Self::Co | Self::Sw | Self::Ew | Self::Gt | Self::Ge | Self::Lt | Self::Le => false,
        }
    }

    /// Returns whether the comparison looks for a part of a text.
    #[must_use]
    pub const fn is_of_parts(self) -> bool {
        match self {
            Self::Co | Self::Sw | Self::Ew => true,
            Self::Eq | Self::Ne | Self::Gt | Self::Ge | Self::Lt | Self::Le => false,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(path, op, literal) => write!(f, "{path} {} {literal}", op.as_str()),
            Self::Within(path, inner) => write!(f, "{path}[{inner}]"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(all) => joined(f, all, " and ", |one| one.looseness() >= 1),
            Self::Or(all) => joined(f, all, " or ", |one| one.looseness() >= 2),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Filter], word: &str, in_parentheses: impl Fn(&Filter) -> bool) -> fmt::Result {
    for (i, one) in all.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        if in_parentheses(one) {
            write!(f, "({one})")?;
        } else {
            write!(f, "{one}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{}", serde_json::Value::String(text.clone())),
        }
    }
}
