//! A log as CSV for a spreadsheet. The columns stay in this order; new ones are added at the end.

use crate::model::LogResult;
use crate::report::sentences::user_list;
use crate::report::separated::line;

use super::document::{LogDocument, LogEntryDocument, LogKnown};

const COLUMNS: [&str; 15] = [
    "workspace",
    "at",
    "action",
    "kind",
    "name",
    "by",
    "approved_by",
    "plan",
    "commit",
    "known",
    "via",
    "detail",
    "step",
    "changes",
    "origin",
];

/// Renders the entries of all workspaces that were read.
pub(super) fn render(document: &LogDocument) -> String {
    let mut text = String::new();
    line(&mut text, &COLUMNS);
    for workspace in &document.workspaces {
        for entry in &workspace.entries {
            let LogEntryDocument { at, action, kind, name, id: _, by, approved_by, plan, commit, known, via, .. } = entry;
            let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
            let cells: [String; COLUMNS.len()] = [
                workspace.workspace.clone(),
                at.clone(),
                action.clone(),
                kind.clone(),
                or_empty(name),
                by.clone(),
                or_empty(approved_by),
                or_empty(plan),
                or_empty(commit),
                self::known_in_words(*known, &entry.not_shown),
                or_empty(via),
                or_empty(&entry.detail),
                or_empty(&entry.step),
                or_empty(&entry.what),
                or_empty(&entry.origin),
            ];
            line(&mut text, &cells);
        }
    }
    text
}

/// Says how something is known to have happened, with the keys of what the list cannot show of it.
pub(in crate::report) fn known_in_words(known: LogKnown, not_shown: &[String]) -> String {
    if not_shown.is_empty() { proof_word(known).to_owned() } else { user_list::proved_in_part(not_shown) }
}

/// Says how something is known to have happened.
pub(in crate::report) const fn proof_word(known: LogKnown) -> &'static str {
    match known {
        LogKnown::Done => LogResult::Done.as_str(),
        LogKnown::Denied => LogResult::Denied.as_str(),
        LogKnown::Proved => user_list::PROVED,
        LogKnown::Attested => user_list::CANNOT_SHOW,
        LogKnown::Waiting => user_list::WAITS,
        LogKnown::Contradicted => user_list::SHOWS_OTHERWISE,
        LogKnown::Disproved => user_list::SHOWED_OTHERWISE,
        LogKnown::Superseded => user_list::CHANGED_SINCE,
    }
}
