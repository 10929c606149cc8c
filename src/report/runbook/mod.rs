//! The plan of a workspace as steps for a person: what to click, what to enter, what the product asks, and how to see that it worked.
//!
//! A runbook never contains a secret: a plan has none, and the click paths of the catalogs say where a person finds or types it.

mod bill;
mod data;
mod order;
mod phrase;
mod steps;
mod text;
mod values;

pub(super) use data::json;
pub use data::{RunbookFault, StepData, TickedStep, Ticks, ticks};
pub(super) use phrase::{Phrase, Piece};

use crate::model::{StepId, Subject, WorkspacePlan};

use super::People;

/// The words before the sign by which a person sees that a step worked.
pub(super) const WORKED: &str = "It worked if:";

/// The steps of one workspace, in the order in which a person does them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runbook {
    /// The steps.
    pub steps: Vec<RunbookStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookStep {
    /// The data that `attest` needs, with the id.
    pub data: StepData,
    /// The person or thing.
    pub subject: Subject,
    /// The person or thing, in words.
    pub person: String,
    /// The kind of change, in words.
    pub change: String,
    /// The reason why it is done.
    pub why: Option<String>,
    /// The time at which it is done.
    pub turn: Turn,
    /// Says whether it needs a careful look.
    pub is_risky: bool,
    /// The steps that must be done before it.
    pub after: Vec<StepId>,
    /// The time at which a list showed that it was not done, epoch milliseconds: a tick that is not later than that no longer counts.
    pub not_done_at: Option<i64>,
    /// The menus and buttons that lead there.
    pub(super) path: Vec<Phrase>,
    /// The questions to ask before beginning.
    pub(super) first: Vec<Phrase>,
    /// The instructions on what to do.
    pub(super) instructions: Vec<Phrase>,
    /// The values to enter.
    pub values: Vec<LabeledValue>,
    /// The questions that the product asks.
    pub(super) questions: Vec<StepQuestion>,
    /// The effect on the bill.
    pub(super) bill: Vec<Phrase>,
    /// The check that it worked.
    pub(super) check: Option<Phrase>,
    /// Doubts about it.
    pub(super) doubts: Vec<Phrase>,
}

/// The time at which a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Before all others: it takes away access, or needs a careful look.
    First,
    /// With the other steps about the same person.
    Usual,
    /// After all others: it takes away what somebody else must have first.
    Last,
}

impl Turn {
    /// Returns whether it is the turn of the other steps about the same person.
    #[must_use]
    pub const fn is_usual(self) -> bool {
        match self {
            Self::Usual => true,
            Self::First | Self::Last => false,
        }
    }
}

/// A value with its label in the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabeledValue {
    /// The label.
    pub label: String,
    /// The value, safe to show.
    pub text: String,
    /// The value as it is typed or pasted, and not safe to show; `None` if it is chosen.
    pub typed: Option<String>,
    /// A remark: what it was before, or that nobody knows.
    pub was: Option<String>,
}

/// A question of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepQuestion {
    pub says: Phrase,
    pub answer: Phrase,
    pub buttons: Vec<String>,
}

/// Makes the runbook of a workspace. It has no steps while a guard stops the plan.
#[must_use]
pub fn runbook(workspace: &WorkspacePlan, people: &People) -> Runbook {
    if !workspace.stops.is_empty() {
        return Runbook { steps: Vec::new() };
    }
    Runbook { steps: order::ordered(steps::steps(workspace, people)) }
}
