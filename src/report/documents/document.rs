//! The JSON form of plans: the types behind `schemas/plan.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Action, Manage, NoticeKind, Unread, UnreadCause, Value, WorkspacePlan};
use crate::platform::Catalog;

use crate::report::People;
use crate::report::by_hand::{ListDocument, StepDocument};
use crate::report::clean::clean;
use crate::report::one_person::OnePersonDocument;
use crate::report::sentences;

/// This is a plan as `rosterctl plan --format json` prints it and `rosterctl plan --out` saves it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl plan")]
pub struct PlanDocument<'a> {
    /// The version of this form: 2. A reader should refuse any other.
    pub format: u32,
    /// This is the SHA-256 of this document with 64 zeros in place of this checksum (64 hex digits).
    pub checksum: String,
    /// This is the digest over all workspaces (64 hex digits); with one workspace, it is that one's digest.
    pub digest: String,
    /// The workspaces that were read, by name.
    pub workspaces: Vec<WorkspaceDocument<'a>>,
    /// The workspaces that could not be read; they have no plan.
    pub unread: Vec<LeftOutDocument<'a>>,
    /// The counts over all workspaces.
    pub summary: SummaryDocument,
    /// The names of the people in the plans, by workspace and address.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub people: &'a People,
    /// These are the roster's own definitions of the platforms; absent if the roster defines none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub definitions: Vec<&'static Catalog>,
}

/// This is the plan of one workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceDocument<'a> {
    /// This is its name.
    pub workspace: String,
    /// Its platform, under the name it has in YAML.
    pub platform: String,
    /// The digest of its plan (64 hex digits); a waiver names at least the first 12.
    pub digest: String,
    /// Says what happens to accounts that are not in the roster.
    pub manage: Manage,
    /// The list of users that the plan was made from; null if the workspace has an interface.
    pub list: Option<ListDocument>,
    /// The changes, in the order in which they are made.
    pub changes: Vec<ChangeDocument>,
    /// Parts of the roster that cannot be carried out.
    pub refusals: Vec<RefusalDocument>,
    /// Facts that the reader should know.
    pub notices: Vec<NoticeDocument>,
    /// Pairs of changes that may be about one person with a new address.
    pub perhaps_one_person: Vec<OnePersonDocument>,
    /// Tasks that a person must do.
    pub tasks: Vec<TaskDocument>,
    /// This is the change of the bill.
    pub bill: BillDocument,
    /// The guards that stopped the plan. If there are any, nothing is written to this workspace.
    pub stops: Vec<StopDocument>,
    /// These are the guards that a waiver lifted, with its reason.
    pub waived: BTreeMap<String, String>,
    /// The counts of this workspace.
    pub counts: SummaryDocument,
    /// The same plan with typed causes instead of sentences, which `apply --plan` and `show` read. Its members belong to `format`.
    pub exact: &'a WorkspacePlan,
}

/// This is a workspace that could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnreadDocument {
    /// This is its name.
    pub workspace: String,
    /// This is the reason.
    pub error: String,
}

impl UnreadDocument {
    /// Says it in one sentence.
    pub(in crate::report) fn sentence(&self) -> String {
        let Self { workspace, error } = self;
        format!("{} could not be read: {}", clean(workspace), clean(error))
    }
}

impl UnreadDocument {
    /// Describes workspaces that could not be read.
    pub(in crate::report) fn list(unread: &[Unread]) -> Vec<Self> {
        unread.iter().map(|one| Self { workspace: one.workspace.clone(), error: sentences::unread(&one.why) }).collect()
    }
}

/// This is a workspace that a plan or a receipt leaves out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeftOutDocument<'a> {
    /// This is its name.
    pub workspace: String,
    /// This is the reason.
    pub error: String,
    /// The same reason as a typed cause, which `apply --plan` and `show` read. Its members belong to `format`.
    pub exact: &'a UnreadCause,
}

impl<'a> LeftOutDocument<'a> {
    /// Describes workspaces that are left out.
    pub(in crate::report) fn list(unread: &'a [Unread]) -> Vec<Self> {
        unread
            .iter()
            .map(|Unread { workspace, why }| Self { workspace: workspace.clone(), error: sentences::unread(why), exact: why })
            .collect()
    }
}

/// This is one change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeDocument {
    /// The user's address; null if the change is not about a user.
    pub user: Option<String>,
    /// The person or thing that it is about.
    pub subject: SubjectDocument,
    /// This is the kind of change.
    pub action: Action,
    /// This is the reason, in words.
    pub reason: String,
    /// The fields that it sets.
    pub fields: Vec<FieldDocument>,
    /// This is the user's effective privileges before and after, if they change.
    pub effective: Option<EffectiveDocument>,
    /// Says whether somebody should check it carefully: removals, unblocks, unexpected activations.
    pub risky: bool,
    /// The positions in `changes` of those that must be made first.
    pub after: Vec<usize>,
    /// Says how far a person is with it; null if the workspace has an interface.
    pub step: Option<StepDocument>,
}

/// A person or thing that something is about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubjectDocument {
    /// This is its kind.
    pub kind: SubjectKind,
    /// This is its key, or the address of a user; null for the workspace itself.
    pub key: Option<String>,
}

/// A change can concern one of these kinds of persons and things.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// This is the workspace itself.
    Workspace,
    /// This is a clinic.
    Clinic,
    /// This is a role.
    Role,
    /// This is an employee record.
    Employee,
    /// This is a user.
    User,
}

/// This is a field before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldDocument {
    /// This is its key in YAML, with dots for nested keys.
    pub field: String,
    /// The present value; null if there is none.
    pub before: ValueDocument,
    /// The new value; null if the field is cleared.
    pub after: ValueDocument,
}

/// This is the value of a field.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ValueDocument {
    /// The field has no value.
    Nothing(()),
    /// This is a text.
    Text(String),
    /// This is a boolean.
    Flag(bool),
    /// This is a whole number.
    Number(i64),
    /// Several texts; those of a set are sorted.
    List(Vec<String>),
    /// These are privileges granted and revoked on top of a role.
    Changes {
        /// These are granted in addition to the role's.
        grant: BTreeSet<String>,
        /// These are revoked from the role's.
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

/// These are effective privileges before and after a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EffectiveDocument {
    /// These are the privileges before the change.
    pub before: BTreeSet<String>,
    /// These are the privileges after it.
    pub after: BTreeSet<String>,
    /// The privileges that are lost.
    pub lost: BTreeSet<String>,
    /// The privileges that are gained.
    pub gained: BTreeSet<String>,
}

/// A part of the roster that cannot be carried out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RefusalDocument {
    /// The user's address; null if it is not about a user.
    pub user: Option<String>,
    /// The person or thing that it is about.
    pub subject: SubjectDocument,
    /// The refused part: a field's YAML key, or an action's name.
    pub wanted: String,
    /// This is a stable code in kebab-case.
    pub code: String,
    /// This is the reason, in words.
    pub reason: String,
    /// This is a way to solve it.
    pub remedy: String,
    /// This is the number of the requirement behind it.
    pub requirement: Option<String>,
}

/// A fact that changes nothing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoticeDocument {
    /// The user's address; null if it is not about a user.
    pub user: Option<String>,
    /// The person or thing that it is about.
    pub subject: SubjectDocument,
    /// This is its kind.
    pub kind: NoticeKind,
    /// This is the fact, in words.
    pub text: String,
}

/// A task that only a person can do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TaskDocument {
    /// The task concerns this person.
    pub user: String,
    /// This is the task.
    pub text: String,
}

/// The change of the bill. Amounts are whole US cents.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BillDocument {
    /// There is one line for each kind of seat.
    pub seats: Vec<SeatDocument>,
    /// The change per month (US cents); null if a price is unknown.
    pub monthly_change_cents: Option<i64>,
    /// The amount charged at once (US cents); null if a price is unknown or nothing is charged at once.
    pub at_once_cents: Option<i64>,
    /// Says whether `at_once_cents` is an estimate.
    pub estimate: bool,
    /// Says when the bill changes, in words.
    pub when: String,
}

/// These are seats of one kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeatDocument {
    /// This is the kind of seat.
    pub kind: String,
    /// There are this many seats before the change.
    pub before: usize,
    /// There are this many seats after the change.
    pub after: usize,
    /// New seats, even if the same number of seats ends.
    pub added: usize,
    /// This is the monthly price (US cents); null if unknown.
    pub price_cents: Option<i64>,
    /// Says whether the price is assumed rather than published.
    pub assumed: bool,
}

/// This guard stopped the plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StopDocument {
    /// This is its code.
    pub guard: String,
    /// This is the finding, in words.
    pub reason: String,
    /// This is a way to continue.
    pub remedy: String,
    /// Says whether a waiver can lift it.
    pub waivable: bool,
}

/// These are counts.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SummaryDocument {
    /// Accounts that are invited, including those that were never accepted.
    pub create: usize,
    /// This is the number of accounts whose attributes change.
    pub update: usize,
    /// Accounts that are inactivated.
    pub inactivate: usize,
    /// Accounts that are activated.
    pub activate: usize,
    /// Accounts that are blocked.
    pub block: usize,
    /// Accounts that are unblocked.
    pub unblock: usize,
    /// This is the number of refusals.
    pub refused: usize,
    /// Users of the roster that already match.
    pub unchanged: usize,
    /// The number of changes by action; every action is present.
    pub actions: BTreeMap<String, usize>,
}
