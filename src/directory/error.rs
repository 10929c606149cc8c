//! Things that can go wrong between us and a workspace, sorted by what helps.

use std::time::Duration;

use crate::model::{Drift, Fingerprint, NetworkError, NotReady, ProtocolError, RefusalNote, RemoteId, Scope, ServerError};
use crate::report::sentences;

/// The reason why a workspace could not be read, or a change not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryError {
    /// No answer came; whether the server acted is not known.
    Unreachable {
        /// The reason, as far as it is known.
        why: NetworkError,
    },
    /// The server is busy or broken: 429 or 5xx.
    Busy {
        /// The HTTP status.
        status: u16,
        /// The server's own words.
        why: String,
        /// The time for which it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The resource is not the one that was planned for: 412, or it is gone, or it appeared meanwhile.
    Stale(Drift),
    /// The address of a new account is taken, by an account that the list of users did not contain (409).
    Taken,
    /// The server refused: any other 4xx.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The SCIM error type, if there is one (RFC 7644 section 3.12).
        scim_type: Option<String>,
        /// The server's own words.
        why: String,
        /// More than the server said.
        note: Option<RefusalNote>,
    },
    /// The token is invalid (401), or lacks the right (403).
    Auth {
        /// The HTTP status.
        status: u16,
        /// Says what the token is not allowed to do.
        scope: Scope,
        /// The server's own words.
        why: String,
    },
    /// The server reported success, and stored something else.
    Dropped {
        /// The keys of the fields that differ from what was sent.
        what: Vec<String>,
        /// The id and the version of the account that the write left, if it is one.
        after: Option<Box<(RemoteId, Fingerprint)>>,
    },
    /// The answer cannot be understood, or the server cannot store such a value.
    Protocol {
        /// The problem with the answer.
        why: ProtocolError,
    },
}

impl std::error::Error for DirectoryError {}

impl std::fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&sentences::server_error(&self.cause()))
    }
}

impl From<ProtocolError> for DirectoryError {
    fn from(why: ProtocolError) -> Self {
        Self::Protocol { why }
    }
}

impl From<DirectoryError> for NotReady {
    fn from(why: DirectoryError) -> Self {
        Self::Server(why.cause())
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

    /// Returns the cause, as a receipt or a warning carries it.
    #[must_use]
    pub fn cause(&self) -> ServerError {
        match self.clone() {
            Self::Unreachable { why } => ServerError::NoAnswer(why),
            Self::Busy { status, why, retry_after } => {
                let pause_seconds = retry_after.map(in_seconds).filter(|seconds| *seconds > 0);
                ServerError::Busy { status, said: why, pause_seconds }
            }
            Self::Stale(drift) => ServerError::Changed(drift),
            Self::Taken => ServerError::Taken,
            Self::Refused { status, scim_type, why, note } => ServerError::Refused { status, scim_type, said: why, note },
            Self::Auth { status, scope, why } => ServerError::Forbidden { status, scope, said: why },
            Self::Dropped { what, after: _ } => ServerError::NotStored { keys: what },
            Self::Protocol { why } => ServerError::Protocol(why),
        }
    }

    /// Turns a failure of the server at one change into the refusal of what the change sets.
    #[must_use]
    pub fn as_refusal_of(self, keys: Vec<String>) -> Self {
        match self {
            Self::Busy { status, why, retry_after: _ } => {
                Self::Refused { status, scim_type: None, why, note: Some(RefusalNote::FailsAt { keys }) }
            }
            other @ (Self::Unreachable { .. }
            | Self::Stale { .. }
            | Self::Taken { .. }
            | Self::Refused { .. }
            | Self::Auth { .. }
            | Self::Dropped { .. }
            | Self::Protocol { .. }) => other,
        }
    }

    /// Returns whether trying again can help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { why } => !why.is_given_up(),
            Self::Busy { .. } => true,
            Self::Stale(_) | Self::Taken | Self::Refused { .. } | Self::Auth { .. } | Self::Dropped { .. } | Self::Protocol { .. } => false,
        }
    }

    /// Returns whether the server refused or did not keep what was sent, whatever the time and the token.
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

    /// Returns whether no answer came at all.
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

    /// Returns whether the server said "later" and did not act on the request (429); any other failure may hide that it did.
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

    /// Returns whether the server said "later" (429, 503): that is about the request, whatever is in it.
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

    /// Returns whether the server forbids more than this one request, or does not say how much.
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

    /// Returns the time for which the server asks to be left alone.
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

/// Rounds a pause up to whole seconds.
fn in_seconds(pause: Duration) -> u64 {
    pause.as_secs() + u64::from(pause.subsec_nanos() > 0)
}
