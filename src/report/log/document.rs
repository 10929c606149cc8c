//! The JSON form of what happened in the workspaces: the types behind `schemas/log.schema.json`.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::model::{LogResult, Proof};
use crate::report::document::UnreadDocument;

/// This is the log of the workspaces, as `rosterctl log --format json` prints it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl log")]
pub struct LogDocument {
    /// The version of this form: 1. A reader should refuse any other.
    pub format: u32,
    /// The workspaces that were read, in the roster's order.
    pub workspaces: Vec<WorkspaceLogDocument>,
    /// These are the workspaces that could not be read.
    pub unread: Vec<UnreadDocument>,
}

/// This is the log of one workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceLogDocument {
    /// This is its name.
    pub workspace: String,
    /// Its platform, under the name it has in YAML.
    pub platform: String,
    /// The kind of log that it has.
    pub source: LogSource,
    /// Counts how many entries were read: all of the log, or of a server those since `--since`; the shown ones may be fewer.
    pub total: usize,
    /// These are the entries that `--user` and `--since` select, oldest first.
    pub entries: Vec<LogEntryDocument>,
}

/// The kind of log that a workspace has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogSource {
    /// The log of the workspace's server was read now.
    Server,
    /// The workspace does not exist yet.
    NotCreated,
    /// The workspace's server has no log.
    NoLog,
    /// The workspace has no interface: the log is what people attest.
    Attested,
}

impl LogSource {
    /// Returns whether there is a log.
    pub(in crate::report) const fn has_log(self) -> bool {
        match self {
            Self::Server | Self::Attested => true,
            Self::NotCreated | Self::NoLog => false,
        }
    }
}

/// This is one thing that happened.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct LogEntryDocument {
    /// It happened at this time, which has an offset.
    pub at: String,
    /// This is the action, such as `inactivate`.
    pub action: String,
    /// The kind of thing it is about, such as `User`.
    pub kind: String,
    /// The address, user name or key of that thing; null if the log does not say one.
    pub name: Option<String>,
    /// This is the server's id of that thing; null for an attestation.
    pub id: Option<String>,
    /// This person did it, or attests it.
    pub by: String,
    /// The person who approved the plan; null if nobody says.
    pub approved_by: Option<String>,
    /// The digest of the plan, in full or its first digits; null if it was not part of a plan.
    pub plan: Option<String>,
    /// The commit that the plan was made from; null if nobody says.
    pub commit: Option<String>,
    /// Says how it is known.
    pub known: LogKnown,
    /// Through what it was done, such as `embedded`; null for an attestation.
    pub via: Option<String>,
    /// Says where it came from: a network address, or for a workspace in a file of this machine the person and the machine, as `user@machine`;
    /// null if that is not known, and for an attestation.
    pub origin: Option<String>,
    /// This is more about it: a server's words, or the note of the person who attests it.
    pub detail: Option<String>,
    /// These are attributes before and after, as the server wrote them; null for an attestation.
    pub changes: Option<Json>,
    /// This is the id of the step that somebody attests; null for a server's log.
    pub step: Option<String>,
    /// The keys of the values that the list cannot show, where it proves the others that somebody attests in this step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_shown: Vec<String>,
    /// Says whether it is about a user, where people read it.
    #[serde(skip)]
    pub is_about_user: bool,
    /// Says whether it changed values of what was there, where people read it: what somebody new has is in the roster.
    #[serde(skip)]
    pub is_update: bool,
    /// The changes, where people read them.
    #[serde(skip)]
    pub what: Option<String>,
    /// The words for an attested step on its platform, where people read them.
    #[serde(skip)]
    pub words: Option<String>,
}

/// Says how something is known to have happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogKnown {
    /// The workspace's server did it.
    #[default]
    Done,
    /// The workspace's server refused it: nothing happened.
    Denied,
    /// Somebody attests it, and a newer list shows it.
    Proved,
    /// Somebody attests it, and the list cannot show it.
    Attested,
    /// Somebody attests it, and the next list can show it.
    Waiting,
    /// Somebody attests it, and a newer list shows otherwise.
    Contradicted,
    /// Somebody attests it, and a list showed otherwise; since then it was done again, or it came about without this step.
    Disproved,
    /// Somebody attests it, and it was changed again since.
    Superseded,
}

impl LogKnown {
    /// Returns whether a newer list shows otherwise.
    pub(in crate::report) const fn is_contradicted(self) -> bool {
        match self {
            Self::Contradicted => true,
            Self::Done | Self::Denied | Self::Proved | Self::Attested | Self::Waiting | Self::Disproved | Self::Superseded => false,
        }
    }

    /// Returns how something is known that a server's log has; only a refusal is called one.
    pub(super) const fn from_result(result: Option<LogResult>) -> Self {
        match result {
            Some(LogResult::Denied) => Self::Denied,
            Some(LogResult::Done) | None => Self::Done,
        }
    }

    /// Returns how a step is known that somebody attests.
    pub(in crate::report) const fn from_proof(proof: Proof) -> Self {
        match proof {
            Proof::Proved => Self::Proved,
            Proof::CannotShow => Self::Attested,
            Proof::Waits => Self::Waiting,
            Proof::Contradicted => Self::Contradicted,
            Proof::Disproved => Self::Disproved,
            Proof::Superseded => Self::Superseded,
        }
    }
}
