//! A step as text for a terminal.

use std::fmt::Write as _;

use crate::model::StepId;

use super::{Phrase, RunbookStep, WORKED};

impl RunbookStep {
    /// Says that the step must wait for others, safe to show.
    #[must_use]
    pub fn not_yet(&self, waits_for: &[&StepId]) -> String {
        format!("{}: {}  [{}]\n  Not yet: do it only after {}.", self.person, self.change, self.data.id, listed(waits_for))
    }

    /// Says that the step was done before others that must come first, safe to show.
    #[must_use]
    pub fn too_early(&self, waits_for: &[&StepId]) -> String {
        format!(
            "step {} ({}: {}) should be done only after {}, which nobody has ticked: do that now, or undo this step",
            self.data.id,
            self.person,
            self.change,
            listed(waits_for)
        )
    }

    /// Returns the step as lines of text, safe to show.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let why = self.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        let risk = if self.is_risky { "! " } else { "" };
        let _ = writeln!(out, "{risk}{}: {}{why}  [{}]", self.person, self.change, self.data.id);
        let mut line = |label: &str, phrase: &Phrase| {
            let _ = writeln!(out, "  {label}{}", phrase.text());
        };
        self.first.iter().for_each(|first| line("Ask first: ", first));
        if !self.after.is_empty() {
            line("Only after: ", &Phrase::plain(&listed(&self.after.iter().collect::<Vec<_>>())));
        }
        if !self.path.is_empty() {
            let path: Vec<String> = self.path.iter().map(Phrase::text).collect();
            line("Go to: ", &Phrase::plain(&path.join(" › ")));
        }
        self.instructions.iter().for_each(|instruction| line("", instruction));
        for value in &self.values {
            let was = value.was.as_ref().map(|was| format!(" ({was})")).unwrap_or_default();
            line("    ", &Phrase::plain(&format!("{}: {}{was}", value.label, value.text)));
        }
        for question in &self.questions {
            line("It asks: ", &question.says);
            if !question.buttons.is_empty() {
                line("  Buttons: ", &Phrase::plain(&question.buttons.join(" / ")));
            }
            line("  ", &question.answer);
        }
        self.doubts.iter().for_each(|doubt| line("Not certain: ", doubt));
        self.bill.iter().for_each(|bill| line("Bill: ", bill));
        self.check.iter().for_each(|check| line(&format!("{WORKED} "), check));
        out
    }
}

fn listed(ids: &[&StepId]) -> String {
    ids.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(", ")
}
