//! Mistakes and warnings in the form that people and programs see.

use std::fmt::{self, Write as _};

use super::finding::Finding;
use super::mark::{Mark, Marks};
use super::render::{PlacedMessage, render};
use crate::model::count;
use crate::yaml::secret_parts::without_secrets;
use crate::yaml::visible::one_line;

/// A mistake in a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    code: &'static str,
    message: String,
    hint: Option<String>,
    mark: Mark,
    also: Option<(Mark, &'static str)>,
}

impl Mistake {
    /// Prepares a finding for display, with the marks of its file and its second place.
    pub(crate) fn new(finding: &Finding, marks: &Marks<'_>, also: Option<(Mark, &'static str)>) -> Self {
        let (message, hint) = marks.sentences(finding);
        let said = |text: &str| one_line(&without_secrets(text));
        Self { code: finding.code, message: said(&message), hint: hint.as_deref().map(said), mark: marks.mark(finding.spot), also }
    }

    fn render(&self, is_warning: bool, color: bool) -> String {
        let also = self.also.as_ref().map(|(mark, label)| (mark, *label));
        render(&PlacedMessage { message: &self.message, hint: self.hint.as_deref(), mark: &self.mark, also, is_warning }, color)
    }

    /// Returns the stable code in kebab-case, such as `unknown-key`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Says what is wrong in one line; never contains a secret.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The file, relative to the roster.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.mark.file
    }

    /// The line, from 1; 0 if the whole file is meant.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.mark.line
    }

    /// The column in characters, from 1; 0 if the whole file is meant.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.mark.column
    }

    /// Returns the second place if there is one: file, line and column.
    #[must_use]
    pub fn other_place(&self) -> Option<(&str, u32, u32)> {
        self.also.as_ref().map(|(m, _)| (m.file.as_str(), m.line, m.column))
    }
}

/// A warning about something in a roster that is allowed but unusual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub(crate) Mistake);

impl Warning {
    /// Returns what is unusual, and where.
    #[must_use]
    pub fn details(&self) -> &Mistake {
        &self.0
    }

    /// File, line, the line itself with a marker, and what to do; with terminal colors on request.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        self.0.render(true, color)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Every mistake of a roster, sorted by file and place; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    pub(crate) list: Vec<Mistake>,
    pub(crate) more: usize,
}

impl Mistakes {
    /// Returns how many there are, those not kept included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// The mistakes, sorted by file and place: at most 1,000 of each file.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.list.iter()
    }

    /// Shows all of them as a compiler would, with terminal colors on request; `place` says what has them, such as `in the roster`.
    #[must_use]
    pub fn render(&self, place: &str, color: bool) -> String {
        let mut text = String::new();
        for mistake in &self.list {
            text.push_str(&mistake.render(false, color));
            text.push_str("\n\n");
        }
        if self.more > 0 {
            let _ = write!(text, "and at least {} more\n\n", self.more);
        }
        text.push_str(&count(self.count(), "mistake", "mistakes"));
        if !place.is_empty() {
            let _ = write!(text, " {place}");
        }
        text
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("", false))
    }
}

impl std::error::Error for Mistakes {}
