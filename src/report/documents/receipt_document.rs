//! The JSON form of receipts: the types behind `schemas/receipt.schema.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Action, WorkspaceReceipt};
use crate::platform::Catalog;
use crate::report::People;
use crate::report::by_hand::ListDocument;

use super::document::{LeftOutDocument, RefusalDocument, StopDocument, SubjectDocument, TaskDocument};

/// A receipt as `rosterctl apply --format json` prints it and `rosterctl apply` saves it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl receipt")]
pub struct ReceiptDocument<'a> {
    /// The version of this form: 3. A reader should refuse any other.
    pub format: u32,
    /// This is the SHA-256 of this document with 64 zeros in place of this checksum (64 hex digits).
    pub checksum: String,
    /// This is what tells a receipt from a plan.
    pub kind: ReceiptKind,
    /// The digest of the approved plan, over all workspaces.
    pub digest: String,
    /// These are the workspaces, by name.
    pub workspaces: Vec<WorkspaceReceiptDocument<'a>>,
    /// The workspaces that could not be read, or whose saved plan is not applied: nothing was written to them.
    pub unread: Vec<LeftOutDocument<'a>>,
    /// The counts over all workspaces.
    pub summary: OutcomeCounts,
    /// The names of the people in the receipt, by workspace and address.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub people: &'a People,
    /// These are the roster's own definitions of the platforms; absent if the roster defines none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub definitions: Vec<&'static Catalog>,
}

/// This is the kind of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptKind {
    /// It is a receipt.
    Receipt,
}

/// This is the result for one workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceReceiptDocument<'a> {
    /// This is its name.
    pub workspace: String,
    /// Its platform, under the name it has in YAML.
    pub platform: String,
    /// The digest of its approved plan.
    pub digest: String,
    /// Says whether the workspace was read again and matches the roster, apart from refusals.
    pub converged: bool,
    /// This is its state in one phrase.
    #[serde(rename = "standing")]
    pub result: String,
    /// This is the error that concerns the whole workspace.
    pub error: Option<String>,
    /// The list of users, with how many steps are left, waiting, attested and proved; null if the workspace has an interface.
    pub list: Option<ListDocument>,
    /// There is one entry for each change, in the order of the plan.
    pub changes: Vec<OutcomeDocument>,
    /// Parts of the roster that cannot be carried out.
    pub refusals: Vec<RefusalDocument>,
    /// Tasks that a person must do.
    pub tasks: Vec<TaskDocument>,
    /// The guards that stopped the plan. If there are any, nothing was written.
    pub stops: Vec<StopDocument>,
    /// The changes that were left when the workspace was read again, in words.
    pub left: Vec<String>,
    /// The plan and the same result with typed causes instead of sentences, which `show` reads. Its members belong to `format`.
    pub exact: &'a WorkspaceReceipt,
}

/// This is the result of one change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutcomeDocument {
    /// The user's address; null if the change is not about a user.
    pub user: Option<String>,
    /// The person or thing that it is about.
    pub subject: SubjectDocument,
    /// This is the kind of change.
    pub action: Action,
    /// This is the outcome.
    pub outcome: OutcomeWord,
    /// The reason, or what to do; null if the change was made.
    pub detail: Option<String>,
    /// The resource's id, if it is known.
    pub id: Option<String>,
    /// The number of requests that were sent for it.
    pub attempts: u32,
}

/// A change has one of these outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// It was made.
    Done,
    /// It was made in part.
    Partly,
    /// It was already done before this run, so nothing was written.
    AlreadyDone,
    /// A person must do it.
    Handoff,
    /// The server refused, or the network failed.
    Failed,
    /// Somebody else changed the resource after the plan, so nothing was sent.
    Drifted,
    /// It was not started.
    NotTried,
}

/// These are counts by outcome.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct OutcomeCounts {
    /// Changes that were made.
    pub done: usize,
    /// Changes that were already done before this run.
    pub already_done: usize,
    /// Changes that a person must make.
    pub handoff: usize,
    /// This is the number of changes that failed.
    pub failed: usize,
    /// Changes that became stale, since somebody else changed the resource.
    pub drifted: usize,
    /// Changes that were not started.
    pub not_tried: usize,
    /// This is the number of refusals.
    pub refused: usize,
    /// This is the number of workspaces that converged.
    pub converged: usize,
}
