//! The reasons why a secret cannot be had.

use serde::{Deserialize, Serialize};

use crate::model::Email;

/// A secret that a change needs and that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MissingSecret {
    /// The workspace.
    pub workspace: String,
    /// The purpose of the secret.
    pub purpose: SecretPurpose,
    /// The reason.
    pub why: SecretError,
}

/// The purpose of a secret of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretPurpose {
    /// It is the workspace's code word.
    CodeWord,
    /// It is somebody's first password.
    FirstPassword {
        /// The user's address.
        user: Email,
    },
}

/// The reason why a secret cannot be had. It never contains the value. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretError {
    /// The environment variable is not set.
    NotSet {
        /// Its name.
        variable: String,
    },
    /// The environment variable is not set, and its name has lower-case letters: it may be the secret itself, and is not repeated.
    NotSetOrSecret,
    /// The file cannot be read.
    File {
        /// Its path.
        file: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The file does not exist, and its path begins with `~`.
    HomeFile {
        /// Its path.
        file: String,
    },
    /// The file did not end in time.
    SlowFile {
        /// Its path.
        file: String,
        /// The time that it had.
        seconds: u64,
    },
    /// The command is empty.
    NoCommand,
    /// The command cannot be started.
    Command {
        /// The program.
        program: String,
        /// The operating system's text.
        source_text: String,
    },
    /// The command cannot be started, and its path begins with `~`.
    HomeCommand {
        /// The program.
        program: String,
    },
    /// The command did not end in time.
    SlowCommand {
        /// The program.
        program: String,
        /// The time that it had.
        seconds: u64,
    },
    /// The command failed.
    CommandFailed {
        /// The program.
        program: String,
        /// The operating system's text for how it ended.
        status_text: String,
    },
    /// The value has more bytes than a secret may have.
    TooLong {
        /// The place that it comes from.
        origin: SecretOrigin,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The value is not UTF-8.
    NotText {
        /// The place that it comes from.
        origin: SecretOrigin,
    },
    /// The value begins with a byte-order mark.
    ByteOrderMark {
        /// The place that it comes from.
        origin: SecretOrigin,
    },
    /// The value is empty.
    Empty {
        /// The place that it comes from.
        origin: SecretOrigin,
    },
    /// It cannot be a token.
    Token(TokenFault),
    /// It cannot be a code word.
    CodeWord {
        /// The place that it comes from.
        origin: SecretOrigin,
        /// The reason.
        fault: CodeWordFault,
    },
    /// It has too few or too many characters for a first password.
    FirstPasswordLength,
    /// Fetching it ended unexpectedly.
    Broke,
}

/// The place that a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretOrigin {
    /// From this environment variable.
    Variable(String),
    /// From the file at this path.
    File(String),
    /// From what this program prints.
    Command(String),
}

/// The reason why a text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenFault {
    /// It has no character that anybody sees.
    Empty,
    /// It begins with the word `Bearer`.
    Bearer,
    /// The name of a variable or of the header is before it.
    Named,
    /// It has more than one line.
    LineBreak,
    /// It is in quotation marks.
    Quoted,
    /// It contains a character that no token has.
    OddCharacter,
}

/// The reason why people could not type a code word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeWordFault {
    /// It has no character.
    Empty,
    /// It has too many characters.
    TooLong,
    /// It has more than one line.
    LineBreak,
    /// It begins and ends with quotation marks.
    Quoted,
    /// The name of the place where it is kept is before it, with an equals sign or a colon.
    Named,
    /// It contains a character that people do not see or cannot type.
    Unseen(char),
}

impl CodeWordFault {
    /// Returns whether the word would be usable without what is around it.
    #[must_use]
    pub const fn is_around(self) -> bool {
        match self {
            Self::Quoted | Self::Named => true,
            Self::Empty | Self::TooLong | Self::LineBreak | Self::Unseen(_) => false,
        }
    }
}
