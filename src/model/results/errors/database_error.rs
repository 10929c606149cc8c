//! The reasons why a database cannot be opened, read or written.

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// The reason why the database of embedded workspaces cannot be opened, read or written. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatabaseError {
    /// The database refused.
    Refused {
        /// The text of the database library.
        source_text: String,
    },
    /// There is no room for what the database has to write.
    DiskFull,
    /// This user cannot write to the file or its folder.
    NotWritable {
        /// The file.
        file: String,
        /// Says whether changes wait beside it, which only a program that may write puts into it.
        has_waiting: bool,
    },
    /// Somebody wrote to the file, which this user can only read, in the meantime.
    Replaced,
    /// The file or its folder could not be made.
    File {
        /// The file.
        file: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The key file is another database's, or damaged.
    Key {
        /// The key file.
        file: String,
    },
    /// The key file is missing, and something in the database opens only with it.
    KeyMissing {
        /// The key file.
        file: String,
    },
    /// The key file cannot be read or made.
    KeyFile {
        /// The key file.
        file: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The file is a database of another program.
    NotOurs,
    /// The database cannot be opened under the name of its file.
    Name {
        /// The file.
        file: String,
    },
    /// A value that must be unique is already in use.
    Taken,
    /// A row contains something that this program does not write.
    Damaged {
        /// The table.
        table: String,
    },
    /// The database was made by a newer version of this program.
    TooNew {
        /// The version of the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A stored account has a field that this program does not have.
    NewerField {
        /// The key under which it is stored.
        key: String,
    },
    /// The database is of an earlier version, and a workspace has a platform that this program does not have.
    UnknownPlatform {
        /// The workspace.
        workspace: String,
        /// The platform.
        platform: String,
    },
    /// The database is of an earlier version, and an account has an attribute that no field of the platform is.
    UnknownAttribute {
        /// The workspace.
        workspace: String,
        /// The attribute, with its part after a dot.
        attribute: String,
    },
    /// A value has another kind than its field.
    WrongKind,
    /// The write was abandoned.
    GivenUp,
    /// The workspace of a roster cannot be made.
    NotSeeded {
        /// The reason.
        why: SeedFault,
    },
}

/// The reason why a workspace cannot be made from a roster. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeedFault {
    /// The platform is unknown.
    Platform {
        /// The platform.
        platform: String,
    },
    /// The main admin is required and missing.
    NoMainAdmin,
    /// An account breaks a rule of its platform.
    Account {
        /// The address of the account.
        email: Email,
        /// The server's text.
        source_text: String,
    },
}
