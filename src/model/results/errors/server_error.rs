//! The reasons why a server did not do what was asked.

use serde::{Deserialize, Serialize};

use crate::model::{Drift, ProtocolError};

/// The reason why a workspace could not be read, or a change not be written, for a reason on the way or on the server. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServerError {
    /// No answer came; whether the server acted is not known.
    NoAnswer(NetworkError),
    /// The server is busy or broken: 429 or 5xx.
    Busy {
        /// The HTTP status.
        status: u16,
        /// The server's own words.
        said: String,
        /// The time for which it asks to be left alone, in whole seconds; `None` if it does not ask.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pause_seconds: Option<u64>,
    },
    /// The resource is not the one that was planned for.
    Changed(Drift),
    /// The address of a new account is taken, by an account that the list of users did not contain.
    Taken,
    /// The server refused: any other 4xx.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The SCIM error type, if there is one (RFC 7644 section 3.12).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scim_type: Option<String>,
        /// The server's own words.
        said: String,
        /// More than the server said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<RefusalNote>,
    },
    /// The token is invalid (401), or lacks the right (403).
    Forbidden {
        /// The HTTP status.
        status: u16,
        /// Says what the token is not allowed to do.
        scope: Scope,
        /// The server's own words.
        said: String,
    },
    /// The server reported success, and stored something else.
    NotStored {
        /// The keys of the fields that differ from what was sent.
        keys: Vec<String>,
    },
    /// The answer cannot be understood, or the server cannot store such a value.
    Protocol(ProtocolError),
}

/// More about a refusal than the server's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalNote {
    /// The address is taken, and the server shows nobody who has it.
    NobodyShown,
    /// The server fails at what sets these keys, in whatever form it is sent.
    FailsAt {
        /// The keys of fields, or names of SCIM attributes.
        keys: Vec<String>,
    },
}

/// The scope of what a server forbids that does not authorize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything of the kind: the token is not good, or lacks the right (RFC 6750 section 3.1).
    Token,
    /// This one request; the token has the right as such.
    Request,
    /// It does not say.
    Unknown,
}

/// The reason why no complete answer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkError {
    /// No connection was made in time.
    NotReached {
        /// The scheme, host and port.
        server: String,
        /// The time that it had.
        seconds: u64,
    },
    /// No program listens at the address.
    ConnectionRefused {
        /// The scheme, host and port.
        server: String,
    },
    /// No connection could be made.
    NoConnection {
        /// The scheme, host and port.
        server: String,
        /// The operating system's text.
        source_text: String,
    },
    /// No answer began in time.
    NotAnswered {
        /// The scheme, host and port.
        server: String,
        /// The time that it had.
        seconds: u64,
    },
    /// The request was not sent, since the run had waited long enough for servers that did not answer.
    NotAsked {
        /// The scheme, host and port.
        server: String,
        /// The time that the run had waited.
        seconds: u64,
    },
    /// The answer did not end in time.
    NotFinished {
        /// The scheme, host and port.
        server: String,
        /// The time that it had.
        seconds: u64,
    },
    /// The connection ended early.
    Lost {
        /// The scheme, host and port.
        server: String,
        /// The text of the HTTP client.
        source_text: String,
    },
    /// The server in this process ended early.
    InProcess {
        /// The text of the HTTP library.
        source_text: String,
    },
}

impl NetworkError {
    /// Returns whether the run asks this server no more.
    #[must_use]
    pub const fn is_given_up(&self) -> bool {
        match self {
            Self::NotAsked { .. } => true,
            Self::NotReached { .. }
            | Self::ConnectionRefused { .. }
            | Self::NoConnection { .. }
            | Self::NotAnswered { .. }
            | Self::NotFinished { .. }
            | Self::Lost { .. }
            | Self::InProcess { .. } => false,
        }
    }
}
