//! The result of applying a plan.

use serde::{Deserialize, Serialize};

use crate::model::{
    Action, ChangeFailure, Digest, Drift, HandState, NotTried, PartialCause, Plan, Reason, Refusal, RemoteId, ServerError, Stop, Subject,
    Unread, WorkspaceError,
};

/// The result of an apply, workspace by workspace: the plan, with an outcome for each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The version of this form.
    pub format: u32,
    /// The digest of the approved plan, over all workspaces.
    pub digest: Digest,
    /// By workspace name.
    pub workspaces: Vec<WorkspaceReceipt>,
    /// The workspaces that could not be read, or whose saved plan is not applied: nothing was written to them.
    pub unread: Vec<Unread>,
}

impl Receipt {
    /// The version that this program writes and reads.
    pub const FORMAT: u32 = 3;
}

/// The result for one workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WorkspaceReceipt {
    /// The approved plan.
    pub plan: Plan,
    /// Its digest.
    pub digest: Digest,
    /// The guards that stopped it; if there are any, nothing was written.
    pub stops: Vec<Stop>,
    /// One record for each change, in the plan's order.
    pub records: Vec<OpRecord>,
    /// Says whether the workspace was read again and matches the roster, apart from refusals.
    pub converged: bool,
    /// The changes that were left when the workspace was read again; empty when converged.
    pub left: Vec<Left>,
    /// The error that concerns the whole workspace, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<WorkspaceError>,
    /// Says whether the server does not allow the token to write: it said so, or it forbade every change that was sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_authorized: bool,
}

/// Something that was left to do, or is unknown, after a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// A change.
    Change {
        /// The person or thing it is about.
        subject: Subject,
        /// The kind of change.
        action: Action,
        /// Its reason.
        reason: Reason,
    },
    /// A refusal that the approved plan did not show.
    Refused(Refusal),
    /// The workspace could not be read again.
    NotRead(ServerError),
    /// The list of users is incomplete.
    PartialRead {
        /// The reason why the list cannot be trusted.
        why: PartialCause,
    },
}

/// The result of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpRecord {
    /// The change's position in the plan.
    pub change: usize,
    /// The outcome.
    pub outcome: OpOutcome,
    /// The number of requests that it took.
    pub attempts: u32,
}

/// The outcome of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OpOutcome {
    /// It was made.
    Done {
        /// The resource's id.
        id: RemoteId,
    },
    /// It was made in part.
    Partly {
        /// The resource's id.
        id: RemoteId,
        /// The part that was not made.
        rest: Box<Rest>,
    },
    /// It was already done, such as by an earlier run of the same plan, so nothing was written.
    #[serde(alias = "unchanged")]
    AlreadyDone,
    /// A person does it.
    Handoff(HandState),
    /// The server refused, or the network failed.
    Failed(ChangeFailure),
    /// The resource changed after the plan, so nothing was sent.
    Drifted(Drift),
    /// It was not started: something it depends on was not done, or the run was interrupted.
    NotTried(NotTried),
}

/// The parts that a write that succeeded left undone: keys of fields, or names of SCIM attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rest {
    /// The parts that the server did not store.
    pub not_stored: Vec<String>,
    /// Old values that the server keeps beside the new ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_there: Vec<KeptForm>,
    /// The parts that repeat a name or an address in words of their own, and were left as they are.
    pub stayed: Vec<String>,
    /// The parts that the server keeps in a form of its own, such as in small letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptForm>,
    /// The server's answer to a part that it did not store, if it said that it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A value that a server keeps, in a form of its own or although it was to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KeptForm {
    /// The key of the field.
    pub key: String,
    /// The value as the server has it.
    pub value: String,
}

impl Rest {
    /// Returns whether nothing was left undone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { not_stored, still_there, stayed, kept, answer: _ } = self;
        not_stored.is_empty() && still_there.is_empty() && stayed.is_empty() && kept.is_empty()
    }
}

impl OpOutcome {
    /// Returns whether the change was made, at least in the main.
    #[must_use]
    pub const fn is_made(&self) -> bool {
        match self {
            Self::Done { .. } | Self::Partly { .. } | Self::AlreadyDone => true,
            Self::Handoff(_) | Self::Failed(_) | Self::Drifted(_) | Self::NotTried(_) => false,
        }
    }

    /// Returns what the server did not store of a change that was made.
    #[must_use]
    pub fn not_stored(&self) -> &[String] {
        match self {
            Self::Partly { rest, .. } => &rest.not_stored,
            Self::Done { .. } | Self::AlreadyDone | Self::Handoff(_) | Self::Failed(_) | Self::Drifted(_) | Self::NotTried(_) => &[],
        }
    }

    /// Returns whether the server has, of a change that was made, all new values and no old one.
    #[must_use]
    pub const fn is_stored_in_full(&self) -> bool {
        match self {
            Self::Partly { rest, .. } => rest.not_stored.is_empty() && rest.still_there.is_empty(),
            Self::Done { .. } | Self::AlreadyDone | Self::Handoff(_) | Self::Failed(_) | Self::Drifted(_) | Self::NotTried(_) => true,
        }
    }

    /// Returns how the resource changed since the plan; `None` if it did not.
    #[must_use]
    pub const fn drift(&self) -> Option<&Drift> {
        match self {
            Self::Drifted(drift) => Some(drift),
            Self::Done { .. } | Self::Partly { .. } | Self::AlreadyDone | Self::Handoff(_) | Self::Failed(_) | Self::NotTried(_) => None,
        }
    }

    /// Returns whether the server keeps something of a change that was made in a form of its own.
    #[must_use]
    pub const fn keeps_form(&self) -> bool {
        match self {
            Self::Partly { rest, .. } => !rest.kept.is_empty(),
            Self::Done { .. } | Self::AlreadyDone | Self::Handoff(_) | Self::Failed(_) | Self::Drifted(_) | Self::NotTried(_) => false,
        }
    }

    /// Returns whether the resource changed since the plan.
    #[must_use]
    pub const fn has_drifted(&self) -> bool {
        self.drift().is_some()
    }
}

impl Left {
    /// Returns whether the workspace was read in full, so that this is all that is left of its kind.
    #[must_use]
    pub const fn was_read(&self) -> bool {
        match self {
            Self::Change { .. } | Self::Refused(_) => true,
            Self::NotRead(_) | Self::PartialRead { .. } => false,
        }
    }
}
