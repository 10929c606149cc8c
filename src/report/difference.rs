//! One field before and after, as lines.

use std::fmt::Write as _;

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};

use crate::model::{Action, Change, PlatformId, Value};

use super::clean::clean;
use super::outline::Line;
use super::words;

/// From how many characters on a text is compared line by line.
const LONG: usize = 60;

/// Everything a change sets, in reading order.
pub(super) fn lines(change: &Change, platform: &PlatformId) -> Vec<Line> {
    let fresh = change.id.is_none() || change.action == Action::Block;
    let mut lines = Vec::new();
    for attribute in &change.resource {
        lines.push(line(words::spaced(&attribute.name), &attribute.before, &attribute.after, fresh));
    }
    for field in &change.fields {
        let label = words::label(platform, field.field);
        // A role whose privileges changed since is written once more, though its name is the same.
        lines.push(if !fresh && field.before == field.after {
            Line::Pair(label, format!("{} applied again", words::value(&field.after)))
        } else {
            line(label, &field.before, &field.after, fresh)
        });
    }
    if let Some(effective) = &change.effective {
        let (lost, gained) = (effective.lost(), effective.gained());
        if !lost.is_empty() {
            lines.push(Line::Pair("may no longer".to_owned(), words::list(&lost)));
        }
        if !gained.is_empty() {
            lines.push(Line::Pair("may now also".to_owned(), words::list(&gained)));
        }
        if lost.is_empty() && gained.is_empty() {
            lines.push(Line::Pair("may".to_owned(), "the same as before".to_owned()));
        }
    }
    lines
}

fn line(label: String, before: &Value, after: &Value, fresh: bool) -> Line {
    if is_long(before) || is_long(after) {
        return Line::Diff(label, text_difference(before, after));
    }
    let said = match (entries(before), entries(after)) {
        (Some(had), Some(has)) if !had.is_empty() => set_difference(&had, &has),
        _ if fresh && before.is_empty() => words::value(after),
        _ => format!("{} → {}", words::value(before), words::value(after)),
    };
    Line::Pair(label, said)
}

/// The members of a set; `Unset` is the empty one beside a set.
fn entries(value: &Value) -> Option<BTreeSet<&str>> {
    match value {
        Value::Set(set) => Some(set.iter().map(String::as_str).collect()),
        Value::Unset => Some(BTreeSet::new()),
        Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Changes(_) => None,
    }
}

fn set_difference(had: &BTreeSet<&str>, has: &BTreeSet<&str>) -> String {
    let added = has.difference(had).map(|e| format!("+{}", clean(e)));
    let removed = had.difference(has).map(|e| format!("−{}", clean(e)));
    let kept = had.intersection(has).count();
    let mut said = added.chain(removed).collect::<Vec<_>>().join(" ");
    if has.is_empty() {
        said.push_str(" (none left)");
    } else if kept > 0 {
        let _ = write!(said, " ({kept} kept)");
    }
    said
}

fn is_long(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains('\n') || text.chars().count() > LONG)
}

/// Line by line; a text without line ends is taken sentence by sentence.
fn text_difference(before: &Value, after: &Value) -> Vec<(char, String)> {
    let (before, after) = (sentences(before), sentences(after));
    let difference = TextDiff::from_lines(&before, &after);
    (difference.iter_all_changes())
        .map(|change| {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            (sign, clean(change.value().trim_end_matches(['\n', '\r'])))
        })
        .collect()
}

fn sentences(value: &Value) -> String {
    let text = match value {
        Value::Unset => String::new(),
        Value::Text(text) => text.clone(),
        other => words::value(other),
    };
    let mut lines = if text.contains('\n') { text } else { text.replace(". ", ".\n").replace("! ", "!\n").replace("? ", "?\n") };
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}
