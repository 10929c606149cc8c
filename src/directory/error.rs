//! What can go wrong between us and a workspace, sorted by what helps.

use std::time::Duration;

use crate::model::{Drift, Fingerprint, RemoteId};

/// Why a workspace could not be read, or a change not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// No answer came; whether the server acted is not known.
    #[error("no answer from the server: {why}")]
    Unreachable {
        /// What the network said; never a secret.
        why: String,
    },
    /// The server is busy or broken: 429 or 5xx.
    #[error("the server answered {status}: {why}")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        why: String,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The resource is not the one that was planned for: 412, or it is gone, or it appeared meanwhile.
    #[error("the resource changed since the plan")]
    Stale(Drift),
    /// The address of a new account is taken, by an account that the list of users did not contain (409).
    #[error("somebody else created the account since the plan")]
    Taken,
    /// The server refused: any other 4xx.
    #[error("the server refused ({status}{}): {why}", scim_type.as_deref().map(|t| format!(" {t}")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The SCIM error type, if there is one (RFC 7644 section 3.12).
        scim_type: Option<String>,
        /// What the server said.
        why: String,
    },
    /// The token is invalid (401), or lacks the right (403).
    #[error("{} ({status}): {why}", scope.forbids())]
    Auth {
        /// The HTTP status.
        status: u16,
        /// What the token is not allowed to do.
        scope: Scope,
        /// What the server said.
        why: String,
    },
    /// The server reported success, and stored something else.
    #[error("the server did not store {}, although it reported success", what.join(", "))]
    Dropped {
        /// The keys of the fields that differ from what was sent.
        what: Vec<String>,
        /// The id and the version of the account that the write left, if it is one.
        after: Option<Box<(RemoteId, Fingerprint)>>,
    },
    /// The answer cannot be understood, or the server cannot store such a value.
    #[error("{why}")]
    Protocol {
        /// The problem with the answer.
        why: String,
    },
}

/// How much a server that does not authorize forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything of the kind: the token is not good, or lacks the right (RFC 6750 section 3.1).
    Token,
    /// This one request; the token has the right as such.
    Request,
    /// It does not say.
    Unknown,
}

impl Scope {
    /// Says what the server does not allow.
    const fn forbids(self) -> &'static str {
        match self {
            Self::Token => "not authorized",
            Self::Request => "the server forbids this change",
            Self::Unknown => "the server forbids this change, or every write of this token",
        }
    }
}

impl DirectoryError {
    /// Returns the HTTP status, if the server answered with one that decides what the error means.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Busy { status, .. } | Self::Refused { status, .. } | Self::Auth { status, .. } => Some(*status),
            Self::Unreachable { .. } | Self::Stale(_) | Self::Taken | Self::Dropped { .. } | Self::Protocol { .. } => None,
        }
    }

    /// Says of a question that the server put off how long a pause it asks for.
    #[must_use]
    pub fn with_pause(self) -> Self {
        match self {
            Self::Busy { status, why, retry_after: Some(pause) } if pause.as_secs() > 0 => {
                let why = format!("{why}; the server asks for a pause of {} s: run again after that", pause.as_secs());
                Self::Busy { status, why, retry_after: Some(pause) }
            }
            other @ (Self::Unreachable { .. }
            | Self::Busy { .. }
            | Self::Stale { .. }
            | Self::Taken { .. }
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. }) => other,
        }
    }

    /// Turns a failure of the server at one change into the refusal of what the change sets.
    #[must_use]
    pub fn as_refusal_of(self, what: &str) -> Self {
        match self {
            Self::Busy { status, why, retry_after: _ } => Self::Refused { status, scim_type: None, why: format!("{what}: {why}") },
            other @ (Self::Unreachable { .. }
            | Self::Stale { .. }
            | Self::Taken { .. }
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. }) => other,
        }
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Busy { .. } => true,
            Self::Stale(_) | Self::Taken | Self::Refused { .. } | Self::Auth { .. } | Self::Dropped { .. } | Self::Protocol { .. } => false,
        }
    }

    /// Whether the server refused or did not keep what was sent, whatever the time and the token.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Dropped { .. } | Self::Auth { scope: Scope::Request | Scope::Unknown, .. } => true,
            Self::Unreachable { .. }
            | Self::Busy { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Auth { scope: Scope::Token, .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// Whether no answer came at all.
    #[must_use]
    pub const fn is_silence(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Busy { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// Whether the server said "later" and did not act on the request (429); any other failure may hide that it did.
    #[must_use]
    pub const fn is_put_off(&self) -> bool {
        match self {
            Self::Busy { status, .. } => *status == 429,
            Self::Unreachable { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// Whether the server said "later" (429, 503): that is about the request, whatever is in it.
    #[must_use]
    pub const fn is_later(&self) -> bool {
        match self {
            Self::Busy { status, .. } => *status == 429 || *status == 503,
            Self::Unreachable { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// Whether the server forbids more than this one request, or does not say how much.
    #[must_use]
    pub const fn forbids_more(&self) -> bool {
        match self {
            Self::Auth { scope: Scope::Token | Scope::Unknown, .. } => true,
            Self::Auth { scope: Scope::Request, .. }
            | Self::Unreachable { .. }
            | Self::Busy { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Refused { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            Self::Unreachable { .. }
            | Self::Stale(_)
            | Self::Taken
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. } => None,
        }
    }
}
