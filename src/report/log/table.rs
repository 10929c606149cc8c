//! A log as a table for a terminal, with the times of the workspace's time zone.

use jiff::tz::TimeZone;

use crate::model::{Digest, Moment};
use crate::report::clean::clean;
use crate::report::grid::{self, Width, wrapped};
use crate::report::sentences::user_list::when;
use crate::report::words::count;

use super::csv::known_in_words;
use super::document::{LogDocument, LogEntryDocument, LogKnown, LogSource, WorkspaceLogDocument};
use super::in_zone;

const HEADS: [&str; 5] = ["WHEN", "ACTION", "ABOUT", "BY", "KNOWN"];

/// Renders all workspaces, first those that were read.
pub(super) fn render(document: &LogDocument, zones: &[TimeZone], width: Width) -> String {
    let mut text = String::new();
    for (workspace, zone) in document.workspaces.iter().zip(zones) {
        wrapped(&mut text, "", &heading(workspace), width);
        if !workspace.entries.is_empty() {
            let mut rows = vec![HEADS.map(str::to_owned).to_vec()];
            rows.extend(workspace.entries.iter().map(|entry| cells(entry, zone)));
            grid::rows(&mut text, &rows, width);
        }
        text.push('\n');
    }
    for unread in &document.unread {
        wrapped(&mut text, "", &unread.sentence(), width);
    }
    text
}

/// Says what kind of log a workspace has, and how many entries.
pub(super) fn heading(workspace: &WorkspaceLogDocument) -> String {
    let name = clean(&workspace.workspace);
    let (shown, total) = (workspace.entries.len(), workspace.total);
    let number = |one: &str, many: &str| {
        let all = count(total, one, many);
        if shown == total { all } else { format!("{shown} of {all}") }
    };
    match workspace.source {
        LogSource::Server => format!("{name}: {} of its log, read now.", number("entry", "entries")),
        LogSource::NotCreated => format!("{name} has no log yet. The workspace does not exist yet: the first apply creates it."),
        LogSource::NoLog => format!("{name} has no log: its server does not offer one."),
        LogSource::Attested => {
            let attested = number("step that people attest", "steps that people attest");
            format!("{name}: {attested}. The product has no interface: what nobody attests is not in this log.")
        }
    }
}

fn cells(entry: &LogEntryDocument, zone: &TimeZone) -> Vec<String> {
    // Where nobody says which clock the workspace has, a plan shows the one of the list, too.
    let is_own = *zone == TimeZone::UTC;
    let local = |moment: Moment| {
        if is_own { when(moment) } else { in_zone(moment.millis(), zone).parse().map_or_else(|_| entry.at.clone(), when) }
    };
    let kind = || entry.kind.to_lowercase();
    let about = match (entry.is_about_user, &entry.name) {
        (true, Some(name)) => name.clone(),
        (false, Some(name)) => format!("{} {name}", kind()),
        (_, None) => kind(),
    };
    let approved = entry.approved_by.as_ref().filter(|approver| **approver != entry.by);
    let by = approved.map_or_else(|| entry.by.clone(), |approver| format!("{}, approved by {approver}", entry.by));
    // What a list says about a step is not what the person wrote about it.
    let label = match entry.known {
        LogKnown::Done | LogKnown::Denied => ": ",
        LogKnown::Proved | LogKnown::Attested | LogKnown::Waiting | LogKnown::Contradicted | LogKnown::Disproved | LogKnown::Superseded => {
            "; note: "
        }
    };
    let detail = entry.detail.as_ref().map_or_else(String::new, |detail| format!("{label}{detail}"));
    let plan = entry.plan.as_ref().map_or_else(String::new, |plan| format!("; plan {}", Digest::first_digits(plan)));
    let what = entry.what.as_ref().filter(|_| entry.is_update).map_or_else(String::new, |what| format!("; {what}"));
    [
        entry.at.parse().map_or_else(|_| entry.at.clone(), local),
        entry.words.clone().unwrap_or_else(|| entry.action.replace('-', " ")),
        about,
        by,
        format!("{}{detail}{what}{plan}", known_in_words(entry.known, &entry.not_shown)),
    ]
    .map(|cell| clean(&cell))
    .to_vec()
}
