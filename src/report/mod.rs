//! The texts that people see: a plan or a receipt as text, Markdown or JSON. It is pure: values in, text out.
//!
//! `plan` and `receipt` decide what is said (an outline), `text` and `markdown` how it looks; `json` has its own documents, whose
//! schemas are published. `saved` is the form of plan and receipt files.

mod boxes;
mod documents;
mod forms;
mod html;
pub mod log;
mod markdown;
mod outlines;
pub mod review;
pub mod runbook;
mod schema;
pub mod sentences;
pub mod users;
mod words;

use documents::json;
pub use documents::{document, receipt_document, saved};
use forms::{grid, separated, text};
use outlines::{bill, by_hand, difference, guard, one_person, outline, plan, receipt};
use words::{clean, people};

pub use clean::clean;
pub use grid::Width;
pub use outlines::receipt::result;
pub use people::People;
pub use schema::schemas;
pub use words::{few, more, of_system, privilege_origin, span, without_number};

pub use crate::model::Unread;
use crate::model::{Receipt, RosterPlan};

/// A plan with everything needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct PlanView<'a> {
    /// The plan.
    pub plan: &'a RosterPlan,
    /// The names of the people in it.
    pub people: &'a People,
    /// The workspaces that could not be read.
    pub unread: &'a [Unread],
}

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text for a terminal.
    Text {
        /// Says whether it is colored.
        color: bool,
        /// The width of its lines.
        width: Width,
    },
    /// Markdown for a pull request.
    Markdown,
    /// JSON for machines.
    Json,
    /// Markdown with a box to tick for each step that a person does.
    Runbook,
    /// One HTML file that works without a network; a plan has a box to tick for each step.
    Html,
}

/// Shows a plan.
#[must_use]
pub fn show_plan(page: &PlanView<'_>, form: Format) -> String {
    match form {
        Format::Text { color, width } => text::render(&plan::outline(page), color, width),
        Format::Markdown => markdown::render(&plan::outline(page), "Roster plan"),
        Format::Json => saved::plan(page),
        Format::Runbook => markdown::render_runbook(page),
        Format::Html => html::plan_page(page),
    }
}

/// Shows the result of a plan.
#[must_use]
pub fn show_receipt(receipt: &Receipt, people: &People, form: Format) -> String {
    match form {
        Format::Text { color, width } => text::render(&receipt::outline(receipt, people), color, width),
        // What a receipt is about has been done.
        Format::Markdown | Format::Runbook => markdown::render(&receipt::outline(receipt, people), "Roster receipt"),
        Format::Json => saved::receipt(receipt, people),
        Format::Html => html::outline_page(&receipt::outline(receipt, people), "Roster receipt"),
    }
}

fn json_text<T: serde::Serialize>(document: &T) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    clean::clean_json(&text)
}
