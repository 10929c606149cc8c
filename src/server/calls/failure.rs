//! The reasons why a request failed, and what the answer says about it: never SQL, paths, versions or secrets.

use crate::scim::{Explanation, ScimError, ScimType};
use crate::store::StoreError;

/// The reason why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(in crate::server) enum Failure {
    /// The request is wrong, or the state of the resource does not allow it.
    #[error(transparent)]
    Refused(#[from] ScimError),
    /// The caller is not allowed to do this: the user log gets a row.
    #[error("denied: {0}")]
    Denied(ScimError),
    /// The token, or its owner, lacks the right to every request of this kind: the user log gets a row, too.
    #[error("not entitled: {0}")]
    Unentitled(ScimError),
    /// The phone number does not confirm the block: it is counted, and the user log gets a row.
    #[error("wrong phone number: {0}")]
    WrongPhone(ScimError),
    /// There were too many wrong answers: the caller has to wait.
    #[error("too many: {error}")]
    TooMany {
        /// The answer to the caller.
        error: ScimError,
        /// The time that the caller has to wait, in seconds.
        seconds: i64,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row contains something that the server did not write.
    #[error("a stored resource is damaged")]
    Damaged,
}

impl Failure {
    /// Returns how long the caller has to wait before the next try, in seconds; `None` if nothing is gained by waiting.
    pub(in crate::server) const fn seconds_to_wait(&self) -> Option<i64> {
        match self {
            Self::TooMany { seconds, .. } => Some(*seconds),
            Self::Refused(_) | Self::Denied(_) | Self::Unentitled(_) | Self::WrongPhone(_) | Self::Store(_) | Self::Damaged => None,
        }
    }

    /// The caller is not allowed to do this; `detail` is the sentence a person reads.
    pub(in crate::server) fn denied(status: u16, detail: impl Into<Explanation>) -> Self {
        Self::Denied(ScimError::new(status, detail))
    }

    /// No such resource.
    pub(in crate::server) fn not_found(kind: &str, id: &str) -> Self {
        let id: String = id.chars().take(64).collect();
        Self::Refused(ScimError::new(404, format!("there is no {kind} with id `{id}`")))
    }

    /// An invalid value.
    pub(in crate::server) fn value(detail: impl Into<Explanation>) -> Self {
        Self::Refused(ScimError::with_type(ScimType::InvalidValue, detail))
    }

    /// A malformed message.
    pub(in crate::server) fn syntax(detail: impl Into<Explanation>) -> Self {
        Self::Refused(ScimError::with_type(ScimType::InvalidSyntax, detail))
    }

    /// The error that the answer carries.
    pub(in crate::server) fn to_error(&self) -> ScimError {
        match self {
            Self::Refused(error)
            | Self::Denied(error)
            | Self::Unentitled(error)
            | Self::WrongPhone(error)
            | Self::TooMany { error, seconds: _ } => error.clone(),
            Self::Store(StoreError::Taken) => ScimError::with_type(ScimType::Uniqueness, "a value that must be unique is already in use"),
            Self::Store(StoreError::GivenUp) => ScimError::new(503, "the write was abandoned and nothing was saved: try again"),
            Self::Store(StoreError::DiskFull) => {
                ScimError::new(507, "the disk that has the database is full, and nothing was saved: make room on it, then run again")
            }
            Self::Store(
                StoreError::Database(_)
                | StoreError::File { .. }
                | StoreError::NotWritable { .. }
                | StoreError::Replaced
                | StoreError::NotOurs
                | StoreError::Name { .. }
                | StoreError::Key { .. }
                | StoreError::KeyMissing { .. }
                | StoreError::KeyFile { .. }
                | StoreError::Damaged { .. }
                | StoreError::TooNew { .. }
                | StoreError::NewerField { .. }
                | StoreError::NotUpgraded(_)
                | StoreError::WrongKind,
            )
            | Self::Damaged => ScimError::new(500, "the server failed: ask its operator, whose log has the reason under the request's id"),
        }
    }
}

/// Only stored JSON is converted this way: errors in a request have their own sentences.
impl From<serde_json::Error> for Failure {
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged
    }
}
