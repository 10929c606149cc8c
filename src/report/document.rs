//! The JSON form of plans and receipts: the types behind `schemas/plan.schema.json` and `schemas/receipt.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Action, Manage, NoticeKind, Value, WorkspacePlan};

use super::People;

/// A plan as `rosterctl plan --format json` prints it and `rosterctl plan --out` saves it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl plan")]
pub struct PlanDocument<'a> {
    /// The version of this form: 2. A reader should refuse any other.
    pub format: u32,
    /// The SHA-256 of this very text with 64 zeros in place of this checksum (64 hex digits).
    pub checksum: String,
    /// The digest over all workspaces (64 hex digits); with one workspace it is that one's.
    pub digest: String,
    /// The workspaces that were read, by name.
    pub workspaces: Vec<WorkspaceDocument<'a>>,
    /// The workspaces that could not be read; nothing is planned for them.
    pub unread: Vec<UnreadDocument>,
    /// Counts over all workspaces.
    pub summary: SummaryDocument,
    /// The names of the people in the plans, by workspace and address.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub people: &'a People,
}

/// What is planned for one workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceDocument<'a> {
    /// Its name.
    pub workspace: String,
    /// Its platform, as YAML writes it.
    pub platform: String,
    /// The digest of its plan (64 hex digits); a waiver names at least the first 12.
    pub digest: String,
    /// What becomes of accounts that YAML does not list.
    pub manage: Manage,
    /// What is to be written, in the order it has its turn.
    pub changes: Vec<ChangeDocument>,
    /// What is wanted and can not be.
    pub refusals: Vec<RefusalDocument>,
    /// What the reader should know.
    pub notices: Vec<NoticeDocument>,
    /// What a person must do.
    pub tasks: Vec<TaskDocument>,
    /// What changes on the bill.
    pub bill: BillDocument,
    /// Guards that said no: then nothing is written to this workspace.
    pub stops: Vec<StopDocument>,
    /// Guards that a waiver lifted, with its reason.
    pub waived: BTreeMap<String, String>,
    /// Counts of this workspace.
    pub counts: SummaryDocument,
    /// The same plan with its causes in types, without sentences: what `apply --plan` and `show` read. Its members belong to `format`.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub exact: &'a WorkspacePlan,
}

/// A workspace that could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnreadDocument {
    /// Its name.
    pub workspace: String,
    /// Why.
    pub error: String,
}

/// One change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeDocument {
    /// The user's address; null where the change is about no user.
    pub user: Option<String>,
    /// Whom or what it is about.
    pub subject: SubjectDocument,
    /// What it does.
    pub action: Action,
    /// Why, in words.
    pub reason: String,
    /// What it sets.
    pub fields: Vec<FieldDocument>,
    /// What the account may do before and after, where that changes.
    pub effective: Option<EffectiveDocument>,
    /// Whether somebody should look twice: removals, unblocks, unexpected activations.
    pub risky: bool,
    /// Positions in `changes` of what must be done first.
    pub after: Vec<usize>,
}

/// Whom or what something is about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubjectDocument {
    /// Of which kind it is.
    pub kind: SubjectKind,
    /// Its key, for a user the address; null for the workspace itself.
    pub key: Option<String>,
}

/// The kinds of things a change can be about.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// The workspace itself.
    Workspace,
    /// A clinic.
    Clinic,
    /// A role.
    Role,
    /// An employee record.
    Employee,
    /// A user.
    User,
}

/// A field before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldDocument {
    /// Its key in YAML, dotted where it stands deeper.
    pub field: String,
    /// What was found; null where nothing.
    pub before: ValueDocument,
    /// What is wanted; null where it is to be empty.
    pub after: ValueDocument,
}

/// The value of a field.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ValueDocument {
    /// Nothing.
    Nothing(()),
    /// A text.
    Text(String),
    /// A switch.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Several texts; of a set, sorted.
    List(Vec<String>),
    /// What is granted and revoked on top of a role.
    Changes {
        /// Granted besides the role's.
        grant: BTreeSet<String>,
        /// Taken away from the role's.
        revoke: BTreeSet<String>,
    },
}

impl From<&Value> for ValueDocument {
    fn from(value: &Value) -> Self {
        match value {
            Value::Unset => Self::Nothing(()),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Flag(on) => Self::Flag(*on),
            Value::Number(number) => Self::Number(*number),
            Value::List(list) => Self::List(list.clone()),
            Value::Set(set) => Self::List(set.iter().cloned().collect()),
            Value::Changes(changes) => Self::Changes { grant: changes.grant.clone(), revoke: changes.revoke.clone() },
        }
    }
}

/// What an account may do before and after a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EffectiveDocument {
    /// Before the change.
    pub before: BTreeSet<String>,
    /// After it.
    pub after: BTreeSet<String>,
    /// What goes.
    pub lost: BTreeSet<String>,
    /// What comes.
    pub gained: BTreeSet<String>,
}

/// Something wanted that can not be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RefusalDocument {
    /// The user's address; null where it is about no user.
    pub user: Option<String>,
    /// Whom or what it is about.
    pub subject: SubjectDocument,
    /// What was wanted: a field's YAML key, or an action's word.
    pub wanted: String,
    /// A stable code in kebab-case.
    pub code: String,
    /// Why it can not be.
    pub reason: String,
    /// What to do instead.
    pub remedy: String,
    /// The requirement behind it.
    pub requirement: Option<String>,
}

/// Something to know that changes nothing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoticeDocument {
    /// The user's address; null where it is about no user.
    pub user: Option<String>,
    /// Whom or what it is about.
    pub subject: SubjectDocument,
    /// Of which kind it is.
    pub kind: NoticeKind,
    /// In words.
    pub text: String,
}

/// Something only a person can do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TaskDocument {
    /// For whom.
    pub user: String,
    /// What to do.
    pub text: String,
}

/// What changes on the bill. Amounts are whole US cents.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BillDocument {
    /// One line for each kind of seat.
    pub seats: Vec<SeatDocument>,
    /// What changes each month (US cents); null where a price is not known.
    pub monthly_change_cents: Option<i64>,
    /// What is charged at once (US cents); null where nothing is, or a price is not known.
    pub at_once_cents: Option<i64>,
    /// Whether `at_once_cents` is an estimate.
    pub estimate: bool,
    /// When the change shows, in words.
    pub when: String,
}

/// Seats of one kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeatDocument {
    /// The kind.
    pub kind: String,
    /// Seats before.
    pub before: usize,
    /// Seats after.
    pub after: usize,
    /// Seats that are new, also where as many end.
    pub added: usize,
    /// The price a month (US cents); null where not given.
    pub price_cents: Option<i64>,
    /// Whether the price is assumed rather than published.
    pub assumed: bool,
}

/// A guard that said no.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StopDocument {
    /// Its code.
    pub guard: String,
    /// What it found.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// Whether a waiver can lift it.
    pub waivable: bool,
}

/// How many of what.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SummaryDocument {
    /// Accounts invited anew.
    pub create: usize,
    /// Accounts whose attributes change.
    pub update: usize,
    /// Accounts switched off.
    pub inactivate: usize,
    /// Accounts switched on again.
    pub activate: usize,
    /// Accounts blocked.
    pub block: usize,
    /// Blocks lifted.
    pub unblock: usize,
    /// Wishes refused.
    pub refused: usize,
    /// Listed users that need no change.
    pub unchanged: usize,
    /// Changes by action, every action present.
    pub actions: BTreeMap<String, usize>,
}

/// A receipt as `rosterctl apply --format json` prints it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl receipt")]
pub struct ReceiptDocument {
    /// The version of this form: 1. A reader should refuse any other.
    pub format: u32,
    /// The digest of what was approved, over all workspaces.
    pub digest: String,
    /// The workspaces, by name.
    pub workspaces: Vec<WorkspaceReceiptDocument>,
    /// Counts over all workspaces.
    pub summary: OutcomeCounts,
}

/// What came of one workspace's plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceReceiptDocument {
    /// Its name.
    pub workspace: String,
    /// Its platform, as YAML writes it.
    pub platform: String,
    /// The digest of what was approved.
    pub digest: String,
    /// Whether the workspace was read again and found as wanted, refusals aside.
    pub converged: bool,
    /// How it stands, in one phrase.
    pub standing: String,
    /// What went wrong for the workspace as a whole.
    pub error: Option<String>,
    /// One entry for each change, in the plan's order.
    pub changes: Vec<OutcomeDocument>,
    /// What is wanted and can not be.
    pub refusals: Vec<RefusalDocument>,
    /// What a person must do.
    pub tasks: Vec<TaskDocument>,
    /// Guards that said no: then nothing was written.
    pub stops: Vec<StopDocument>,
    /// What was still to do when it was read again, in words.
    pub left: Vec<String>,
}

/// What came of one change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutcomeDocument {
    /// The user's address; null where the change is about no user.
    pub user: Option<String>,
    /// Whom or what it is about.
    pub subject: SubjectDocument,
    /// What it does.
    pub action: Action,
    /// What came of it.
    pub outcome: OutcomeWord,
    /// Why, or what to do; null where it is done.
    pub detail: Option<String>,
    /// The resource's id, where it is known.
    pub id: Option<String>,
    /// How many requests were sent for it.
    pub attempts: u32,
}

/// What can come of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// Written.
    Done,
    /// It already was as wanted.
    Unchanged,
    /// A person must do it.
    Handoff,
    /// The server, or the network, said no.
    Failed,
    /// Somebody else changed it since the plan; no write was sent.
    Drifted,
    /// Not begun.
    NotTried,
}

/// How many changes came out how.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct OutcomeCounts {
    /// Written.
    pub done: usize,
    /// Already as wanted.
    pub unchanged: usize,
    /// Handed to a person.
    pub handoff: usize,
    /// Failed.
    pub failed: usize,
    /// Changed by somebody else since the plan.
    pub drifted: usize,
    /// Not begun.
    pub not_tried: usize,
    /// Wishes refused.
    pub refused: usize,
    /// Workspaces that converged.
    pub converged: usize,
}
