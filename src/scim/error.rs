//! The error message (RFC 7644 section 3.12), strict when written and lenient when read.

use serde_json::{Map, Value, json};

use crate::model::with_all;
use crate::scim::urn;
use crate::scim::value::member;

/// The longest message that can be an error, in bytes.
const LONGEST_MESSAGE: usize = 64 << 10;
/// The most characters kept of another server's error.
const LONGEST_DETAIL: usize = 500;

/// An error as it is sent over the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail} (status {status})")]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// The kind of error, if the RFC has one for it.
    pub scim_type: Option<ScimType>,
    /// The explanation for people. Programs never branch on it.
    pub detail: Explanation,
}

/// A sentence for people, and as much of it as may be kept where nothing can be removed from: text that others sent may be a secret in the
/// wrong place. A sentence that the program has whole repeats nothing; of one that was put together, nothing is known until its maker says so.
#[derive(Clone, Debug)]
pub struct Explanation {
    text: String,
    kept: Option<String>,
}

impl Explanation {
    /// A sentence made of our own words, and of names that the schemas or the store have.
    #[must_use]
    pub fn own(text: String) -> Self {
        Self { kept: Some(text.clone()), text }
    }

    /// A sentence that repeats what was sent, and the one that does not.
    #[must_use]
    pub const fn with_kept(text: String, kept: String) -> Self {
        Self { text, kept: Some(kept) }
    }

    /// Returns the sentence that repeats nothing of what was sent; `None` if nobody made one.
    #[must_use]
    pub fn kept(&self) -> Option<&str> {
        self.kept.as_deref()
    }
}

/// A sentence as of `format!`, made of our own words, and of names that the schemas or the store have.
macro_rules! own {
    ($($part:tt)*) => {
        $crate::scim::Explanation::own(format!($($part)*))
    };
}
pub(crate) use own;

impl From<&'static str> for Explanation {
    fn from(text: &'static str) -> Self {
        Self::own(text.to_owned())
    }
}

impl From<String> for Explanation {
    fn from(text: String) -> Self {
        Self { text, kept: None }
    }
}

impl From<Explanation> for String {
    fn from(said: Explanation) -> Self {
        said.text
    }
}

impl std::ops::Deref for Explanation {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Equal are answers with the same text.
impl PartialEq for Explanation {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Explanation {}

impl PartialEq<str> for Explanation {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Explanation {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

with_all! {
    /// The kinds of errors (RFC 7644 table 9; RFC 9865 section 2.1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ScimType {
        /// The filter does not parse, or compares something that cannot be compared.
        InvalidFilter,
        /// There are more results than the server returns.
        TooMany,
        /// A value that must be unique is already in use.
        Uniqueness,
        /// The attribute cannot be changed.
        Mutability,
        /// The message does not fit its schema.
        InvalidSyntax,
        /// The path of a PATCH operation does not name an attribute.
        InvalidPath,
        /// The path of a PATCH operation does not match any value.
        NoTarget,
        /// A required value is missing, or a value does not fit its attribute.
        InvalidValue,
        /// The protocol version is not supported.
        InvalidVers,
        /// The request URI contains something that must not be in it.
        Sensitive,
        /// The cursor is unknown.
        InvalidCursor,
        /// The cursor has expired.
        ExpiredCursor,
        /// The count changed between two pages.
        InvalidCount,
    }
}

impl ScimType {
    /// Returns the word used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }

    /// Parses the word used on the wire, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str().eq_ignore_ascii_case(word))
    }
}

impl ScimError {
    /// Makes an error without a kind.
    #[must_use]
    pub fn new(status: u16, detail: impl Into<Explanation>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// Makes an error of a kind, with status 400, or 409 for `uniqueness` (RFC 7644 section 3.3).
    #[must_use]
    pub fn with_type(kind: ScimType, detail: impl Into<Explanation>) -> Self {
        let status = if kind == ScimType::Uniqueness { 409 } else { 400 };
        Self { status, scim_type: Some(kind), detail: detail.into() }
    }

    pub(in crate::scim) fn filter(detail: impl Into<Explanation>) -> Self {
        Self::with_type(ScimType::InvalidFilter, detail)
    }

    pub(in crate::scim) fn path(detail: impl Into<Explanation>) -> Self {
        Self::with_type(ScimType::InvalidPath, detail)
    }

    pub(in crate::scim) fn syntax(detail: impl Into<Explanation>) -> Self {
        Self::with_type(ScimType::InvalidSyntax, detail)
    }

    pub(in crate::scim) fn value(detail: impl Into<Explanation>) -> Self {
        Self::with_type(ScimType::InvalidValue, detail)
    }

    pub(in crate::scim) fn mutability(detail: impl Into<Explanation>) -> Self {
        Self::with_type(ScimType::Mutability, detail)
    }

    /// Returns the message, in which the status is a string.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), json!([urn::ERROR]));
        body.insert("status".to_owned(), json!(self.status.to_string()));
        if let Some(kind) = self.scim_type {
            body.insert("scimType".to_owned(), json!(kind.as_str()));
        }
        body.insert("detail".to_owned(), json!(self.detail.text));
        Value::Object(body)
    }

    /// Returns whether a body is a SCIM error, whatever the status is that it came with.
    #[must_use]
    pub fn is_message(body: &[u8]) -> bool {
        let begins = body.get(..body.len().min(LONGEST_MESSAGE)).unwrap_or_default();
        if body.len() > LONGEST_MESSAGE || !begins.windows(urn::ERROR.len()).any(|part| part.eq_ignore_ascii_case(urn::ERROR.as_bytes())) {
            return false;
        }
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let schemas = json.as_object().and_then(|message| member(message, "schemas"));
        schemas
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(urn::ERROR))))
    }

    /// Reads anything that a server sent with an error status: a SCIM error with its status as string or number, other JSON, HTML, or nothing.
    ///
    /// The status of the HTTP response is used; the one in the body counts only if `status` is not an HTTP status.
    #[must_use]
    pub fn from_response(status: u16, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let stated = json.as_object().and_then(|o| member(o, "status")).and_then(|s| match s.as_str() {
            Some(text) => text.trim().parse().ok(),
            None => u16::try_from(s.as_u64()?).ok(),
        });
        let status = if (100..600).contains(&status) { status } else { stated.unwrap_or(500) };
        let word = |name: &str| json.as_object().and_then(|o| member(o, name)).and_then(Value::as_str);
        let scim_type = word("scimType").and_then(ScimType::parse);
        let detail = word("detail").or_else(|| word("message")).or_else(|| word("error_description")).or_else(|| word("error"));
        let detail = match detail {
            Some(detail) => detail.to_owned(),
            None => String::from_utf8_lossy(body.get(..body.len().min(LONGEST_DETAIL * 4)).unwrap_or_default()).into_owned(),
        };
        let detail: String = detail.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_DETAIL).collect();
        let detail = if detail.is_empty() { "the server gave no reason".to_owned() } else { detail };
        Self { status, scim_type, detail: detail.into() }
    }
}
