//! The reasons why changes of an approved plan were not made.

use serde::{Deserialize, Serialize};

use crate::model::{Action, Field, MissingSecret, NotReady, ServerError, Subject};

/// The effect that a change of a saved plan would have, and a plan made now would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoLongerPlanned {
    /// The end of somebody's access.
    AccessEnds,
    /// Access for somebody.
    AccessBegins,
    /// A value of a field.
    Field(Field),
    /// Privileges that come with the change.
    Privileges,
    /// The reason of a block, or its note (AR-26).
    BlockReason,
    /// A passcode (AR-11).
    Passcode,
    /// The effect of the change on a clinic, a role, an employee record or the code word.
    Record,
}

/// The reason why a change was not started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotTried {
    /// A guard stopped the workspace.
    GuardStopped,
    /// Nothing was written to the workspace, for the reason that the receipt gives.
    WorkspaceFailed,
    /// The run ended before its turn.
    NotReached,
    /// It depends on a change that depends on it, which no sound plan contains.
    Circular,
    /// A change that it depends on was not made.
    DependsOn {
        /// The person or thing which that change is about.
        subject: Subject,
        /// The kind of that change.
        action: Action,
    },
    /// The run of this workspace ended early.
    Halted(Halt),
    /// An address that the list of users lacks was taken, so people whom the list shows as not in the roster are left alone.
    ListInDoubt,
    /// The user interrupted the run.
    Interrupted,
    /// Nobody would see the passcode that it makes (AR-11).
    PasscodeUnseen,
    /// The secret that it needs could not be fetched, or cannot be used.
    NoSecret(MissingSecret),
}

/// The reason why the run of a workspace ended early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Halt {
    /// The server does not accept the token.
    TokenRejected,
    /// The token does not permit writing.
    TokenCannotWrite,
    /// The server no longer answers.
    NoAnswer,
    /// The server asks for one pause after the other, and takes nothing.
    PutOff,
    /// The journal cannot be written.
    Journal {
        /// Its path.
        place: String,
        /// The operating system's text.
        source_text: String,
    },
}

/// An error that concerns a whole workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WorkspaceError {
    /// The run ended early.
    Halted(Halt),
    /// Nothing was written: a secret, a confirmation or the connection is missing.
    NotStarted(NotReady),
}

/// The reason why a change that was sent was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeFailure {
    /// The words of the server or the network; never a secret.
    pub why: ServerError,
    /// The reason why it was not sent again, although that could have helped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<GivenUp>,
    /// Says whether the server refused what is in it, or did not keep it: another run will have the same answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
}

/// The reason why a change is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GivenUp {
    /// The user interrupted the run.
    Interrupted,
    /// The server asks for a longer pause, which its error names.
    PauseAsked,
}
