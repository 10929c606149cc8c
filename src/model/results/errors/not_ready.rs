//! The reasons why a workspace cannot be read or written at all.

use serde::{Deserialize, Serialize};

use crate::model::{DatabaseError, Email, SecretError, ServerError};

/// The reason why a workspace cannot be read, or why nothing is written to it. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotReady {
    /// The server refused, failed, or did not answer.
    Server(ServerError),
    /// The token cannot be had.
    Token(SecretError),
    /// The server's address is not one that a token is sent to.
    Address(AddressError),
    /// There is no list of users yet.
    NoList {
        /// The workspace.
        workspace: String,
        /// The file that the list will have.
        file: String,
    },
    /// The workspace has no interface, so a person makes its changes.
    NoInterface,
    /// The embedded workspace has no main admin who could act.
    NoMainAdmin,
    /// The name of the embedded workspace cannot be part of an address.
    NameInAddress {
        /// The text of the library that reads addresses.
        source_text: String,
    },
    /// The path of an embedded workspace's database is not UTF-8.
    DatabaseName {
        /// The path, as far as it can be shown.
        file: String,
    },
    /// A link on the path of an embedded workspace's database leads nowhere.
    DatabaseLink {
        /// The link.
        file: String,
    },
    /// Nobody can tell whether the database of an embedded workspace exists.
    DatabaseUnknown {
        /// Its path.
        file: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The database of an embedded workspace is missing or empty, although an earlier run wrote to it.
    DatabaseLost {
        /// Its path.
        file: String,
    },
    /// The database of an embedded workspace cannot be opened or made.
    Database {
        /// Its path.
        file: String,
        /// The reason.
        why: DatabaseError,
    },
    /// An embedded workspace cannot be read.
    DatabaseRead(DatabaseError),
    /// The folder of a roster's databases, journals and receipts cannot be made.
    Folder {
        /// Its path.
        folder: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The journal of a run cannot be made.
    Journal {
        /// Its path.
        file: String,
        /// The operating system's text.
        source_text: String,
    },
    /// A block is not confirmed (AR-19).
    Unconfirmed {
        /// The reason.
        why: Unconfirmed,
        /// The environment variable that can have the number of this workspace; `None` where it was given, or asked for at a terminal.
        variable: Option<String>,
    },
    /// Nobody answered the question for the number that confirms a block.
    NoAnswer {
        /// The operating system's text; `None` if the input ended.
        source_text: Option<String>,
    },
    /// The connection that the workspace was read through is no longer there.
    NotConnected {
        /// The workspace.
        workspace: String,
    },
}

/// The reason why a token is not sent to an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AddressError {
    /// The connection would not be encrypted.
    NotEncrypted {
        /// The address.
        url: String,
    },
    /// The scheme is neither `http` nor `https`.
    NotWeb {
        /// The address.
        url: String,
    },
    /// The address contains a user name or a password.
    Credentials,
    /// The token cannot be sent.
    Token,
    /// The HTTP client could not be made.
    Client {
        /// The text of the HTTP client.
        source_text: String,
    },
}

/// The reason why a block is not confirmed; then nothing is written to the workspace (AR-19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unconfirmed {
    /// No number was given for the block of this person.
    Missing(Email),
    /// The given value is not a phone number.
    Form,
    /// The server does not report the acting admin, who would confirm the block of this person.
    NobodyActs(Email),
    /// The number is that of the person who is blocked.
    Target(Email),
    /// The number is someone else's, or unknown.
    NotTheirs {
        /// The acting admin's account.
        admin: Email,
    },
}

impl Unconfirmed {
    /// Returns whether another number can be right.
    #[must_use]
    pub const fn can_be_corrected(&self) -> bool {
        match self {
            Self::Missing(_) | Self::Form | Self::Target(_) | Self::NotTheirs { .. } => true,
            Self::NobodyActs(_) => false,
        }
    }
}
