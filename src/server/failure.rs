//! Why a request was not done, and what its caller is told of it: never SQL, paths, versions or secrets.

use crate::scim::{ScimError, ScimType};
use crate::store::StoreError;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// It can not be: the request's own fault, or the resource's state.
    #[error(transparent)]
    Refused(#[from] ScimError),
    /// The caller may not: this leaves a row in the user log.
    #[error("denied: {0}")]
    Denied(ScimError),
    /// The token, or its owner, has not the right to any request of the kind: this leaves a row, too.
    #[error("not entitled: {0}")]
    Unentitled(ScimError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row holds what the server did not write.
    #[error("a stored resource is damaged")]
    Damaged,
}

impl Failure {
    /// The caller may not; what a person should read.
    pub(super) fn denied(status: u16, detail: impl Into<String>) -> Self {
        Self::Denied(ScimError::new(status, detail))
    }

    /// No such resource.
    pub(super) fn not_found(kind: &str, id: &str) -> Self {
        let id: String = id.chars().take(64).collect();
        Self::Refused(ScimError::new(404, format!("there is no {kind} with id `{id}`")))
    }

    /// A value that does not fit.
    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::Refused(ScimError::with_type(ScimType::InvalidValue, detail))
    }

    /// A message that has not its form.
    pub(super) fn syntax(detail: impl Into<String>) -> Self {
        Self::Refused(ScimError::with_type(ScimType::InvalidSyntax, detail))
    }

    /// What can not be changed.
    pub(super) fn mutability(detail: impl Into<String>) -> Self {
        Self::Refused(ScimError::with_type(ScimType::Mutability, detail))
    }

    /// What the caller is told.
    pub(super) fn told(&self) -> ScimError {
        match self {
            Self::Refused(error) | Self::Denied(error) | Self::Unentitled(error) => error.clone(),
            Self::Store(StoreError::Taken) => ScimError::with_type(ScimType::Uniqueness, "a value that must be unique is already in use"),
            Self::Store(StoreError::GivenUp) => ScimError::new(503, "the write was abandoned and nothing was saved: try again"),
            Self::Store(_) | Self::Damaged => {
                ScimError::new(500, "the server failed: ask its operator, whose log has the reason under the request's id")
            }
        }
    }
}

/// Of what is stored; what is wrong with a request is said in words of its own.
impl From<serde_json::Error> for Failure {
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged
    }
}
