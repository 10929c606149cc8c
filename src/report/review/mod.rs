//! The access of people, for an auditor: one document, shown as text, CSV, Markdown, HTML or JSON. Unknown is never called "no access".

mod csv;
pub mod document;
mod findings;
mod made;
mod page;
mod person;
mod sentences;
mod tables;

use crate::model::{Moment, Review, Staff};

use super::outline::Outline;
use super::users::ReadWorkspace;
use super::{Unread, Width, html, json_text, markdown, text};
use document::ReviewDocument;

/// A review with everything needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct ReviewView<'a> {
    /// The review.
    pub review: &'a Review,
    /// The workspaces that were read, in the order of the review.
    pub workspaces: &'a [ReadWorkspace<'a>],
    /// The workspaces that could not be read.
    pub unread: &'a [Unread],
    /// The payroll, if one was given.
    pub payroll: Option<PayrollView<'a>>,
    /// The time at which the review was made.
    pub as_of: Moment,
}

/// A payroll, as a review shows it.
#[derive(Clone, Copy, Debug)]
pub struct PayrollView<'a> {
    /// The name of its file.
    pub file: &'a str,
    /// The payroll itself.
    pub staff: &'a Staff,
}

/// The form in which a review is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewFormat {
    /// Text for a terminal.
    Text {
        /// Says whether it is colored.
        color: bool,
        /// The width of its lines.
        width: Width,
    },
    /// CSV for a spreadsheet.
    Csv,
    /// Markdown.
    Markdown,
    /// One HTML file that works without a network.
    Html,
    /// JSON for machines.
    Json,
}

/// Shows a review.
#[must_use]
pub fn show_review(view: &ReviewView<'_>, format: ReviewFormat) -> String {
    let document = made::document(view);
    match format {
        ReviewFormat::Text { color, width } => {
            let mut said = text::render(&outline(&document), color, width);
            tables::text(&mut said, &document, width);
            said
        }
        ReviewFormat::Csv => csv::render(&document),
        ReviewFormat::Markdown => markdown::render_with_table(&outline(&document), TITLE, tables::markdown(&document)),
        ReviewFormat::Html => html::static_page(TITLE, &findings::lead(&document), &page::body(&document, &outline(&document))),
        ReviewFormat::Json => json_text(&document),
    }
}

/// Returns whether somebody has access, or may have it, who should not.
#[must_use]
pub fn finds_wrong_access(view: &ReviewView<'_>) -> bool {
    let is_unseen = |read: &ReadWorkspace<'_>| made::unseen(read).iter().any(|one| one.ended.is_none());
    let mut accounts = view.review.people.iter().flat_map(|person| &person.accounts);
    accounts.any(|account| !account.wrong.is_empty()) || view.workspaces.iter().any(is_unseen)
}

const TITLE: &str = "Access review";

fn outline(document: &ReviewDocument) -> Outline {
    Outline { parts: vec![findings::part(document)], ..Outline::default() }
}
