//! What came of a plan.

use serde::{Deserialize, Serialize};

use super::{Action, Digest, Plan, Reason, Refusal, RemoteId, Stop, Subject};

/// What came of an apply, workspace by workspace. The same form as the plan, with outcomes filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of this form: 1.
    pub format: u32,
    /// The digest of what was approved, over all workspaces.
    pub digest: Digest,
    /// By workspace name.
    pub workspaces: Vec<WorkspaceReceipt>,
}

/// What came of one workspace's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceReceipt {
    /// What was approved.
    pub plan: Plan,
    /// Its digest.
    pub digest: Digest,
    /// The guards that stopped it, where any did: then nothing was written.
    pub stops: Vec<Stop>,
    /// One record for each change, in the plan's order.
    pub records: Vec<OpRecord>,
    /// Whether the workspace was read again and found as wanted, refusals aside.
    pub converged: bool,
    /// What was still to do when it was read again; empty when converged.
    pub left: Vec<Left>,
    /// What went wrong for the workspace as a whole, where anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the server does not let the token write: it said so, or forbade every change that was sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_authorised: bool,
}

/// Something that was still to do, or not known, after a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// A change.
    Change {
        /// Whom or what it is about.
        subject: Subject,
        /// What it would do.
        action: Action,
        /// Why.
        reason: Reason,
    },
    /// A refusal that the approved plan did not show.
    Refused(Refusal),
    /// The workspace could not be read again.
    NotRead {
        /// What the connection or the server said.
        detail: String,
    },
    /// The workspace was not read in full.
    PartialRead {
        /// What was odd about the list.
        why: String,
    },
}

/// What came of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpRecord {
    /// The change's position in the plan.
    pub change: usize,
    /// What came of it.
    pub outcome: OpOutcome,
    /// How many requests were sent for it.
    pub attempts: u32,
}

/// What came of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpOutcome {
    /// Written.
    Done {
        /// The resource's id.
        id: RemoteId,
    },
    /// The server already was as wanted.
    Unchanged,
    /// A person must do it.
    Handoff {
        /// What to do.
        task: String,
    },
    /// The server, or the network, said no.
    Failed {
        /// Why; never a secret.
        why: String,
    },
    /// The resource changed since the plan: no write was sent.
    Drifted {
        /// What changed.
        why: String,
    },
    /// Not begun: something it depends on did not happen, or the run was interrupted.
    NotTried {
        /// Why.
        why: String,
    },
}
