//! One field before and after, as lines.

use std::fmt::Write as _;

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};

use crate::model::{AccountChange, Block, Change, ClinicUpdate, Edit, EmployeeUpdate, Field, NewAccount, PlatformId, RoleUpdate, Value};

use super::outline::Line;
use crate::report::clean::{clean, distinguished};
use crate::report::words;

/// The number of characters from which a text is compared line by line.
const LONG: usize = 60;

/// Lists what a change sets besides account fields, before and after, by YAML key.
pub(in crate::report) struct OtherDifference {
    pub(in crate::report) key: &'static str,
    pub(in crate::report) before: Value,
    pub(in crate::report) after: Value,
}

/// Lists what a change sets on a clinic, role or employee record, or with a block or a first invitation, in reading order.
pub(in crate::report) fn attributes(change: &Change) -> Vec<OtherDifference> {
    let new = |key, after| OtherDifference { key, before: Value::Unset, after };
    let text = |text: &String| Value::Text(text.clone());
    let name = |key, edit: &Edit<String>| OtherDifference { key, before: text(&edit.before), after: text(&edit.after) };
    let flag = |key, edit: &Edit<bool>| OtherDifference { key, before: Value::Flag(edit.before), after: Value::Flag(edit.after) };
    match change {
        Change::CreateClinic { key: _, name } => vec![new("name", text(name))],
        Change::UpdateClinic(update) => {
            let ClinicUpdate { key: _, target: _, name: edit } = &**update;
            vec![name("name", edit)]
        }
        Change::CreateRole { key: _, name, privileges } => {
            vec![new("name", text(name)), new("privileges", Value::Set(privileges.clone()))]
        }
        Change::UpdateRole(update) => {
            let RoleUpdate { key: _, target: _, name: renamed, privileges } = &**update;
            let privileges = privileges.as_ref().map(|edit| OtherDifference {
                key: "privileges",
                before: Value::Set(edit.before.clone()),
                after: Value::Set(edit.after.clone()),
            });
            renamed.iter().map(|edit| name("name", edit)).chain(privileges).collect()
        }
        Change::CreateEmployee { key: _, first_name, last_name, active, external } => vec![
            new("first_name", text(first_name)),
            new("last_name", text(last_name)),
            new("active", Value::Flag(*active)),
            new("external", Value::Flag(*external)),
        ],
        Change::UpdateEmployee(update) => {
            let EmployeeUpdate { key: _, target: _, first_name, last_name, active, external } = &**update;
            let names = [("first_name", first_name), ("last_name", last_name)];
            let names = names.into_iter().filter_map(|(key, edit)| Some(name(key, edit.as_ref()?)));
            let flags = [("active", active), ("external", external)];
            let flags = flags.into_iter().filter_map(|(key, edit)| Some(flag(key, edit.as_ref()?)));
            names.chain(flags).collect()
        }
        Change::CreateAccount(NewAccount { email: _, fields: _, with_password }) => {
            with_password.then(|| new("initial_password", Value::Flag(true))).into_iter().collect()
        }
        Change::Account { email: _, target: _, change: AccountChange::Block(Block { reason, note }) } => {
            let reason = new("reason", Value::Text(reason.as_str().to_owned()));
            std::iter::once(reason).chain(note.as_ref().map(|note| new("note", text(note)))).collect()
        }
        Change::Account {
            email: _,
            target: _,
            change:
                AccountChange::Invite
                | AccountChange::ResendInvitation
                | AccountChange::WithdrawInvitation
                | AccountChange::Update { .. }
                | AccountChange::Inactivate
                | AccountChange::Activate
                | AccountChange::Unblock
                | AccountChange::GeneratePasscode
                | AccountChange::RenewPasscode { .. },
        }
        | Change::Complete { .. }
        | Change::SetCodeWord => Vec::new(),
    }
}

/// Lists everything that a change sets, in reading order. Some fields are set already, as somebody attests.
pub(in crate::report) fn lines(change: &Change, attested: &[Field], platform: &PlatformId) -> Vec<Line> {
    let is_new = change.target().is_none() || change.action().blocks();
    let mut lines = Vec::new();
    for OtherDifference { key, before, after } in attributes(change) {
        lines.push(line(words::spaced(key), &before, &after, is_new));
    }
    for field in change.fields() {
        let label = words::label(platform, field.field);
        // A role whose privileges have changed is written again, though its name is the same.
        lines.push(if attested.contains(&field.field) {
            Line::Pair(label, format!("{} (attested)", words::value(&field.after)))
        } else if field.unknown {
            Line::Pair(label, format!("{} (the list does not show what it is)", words::value(&field.after)))
        } else if !is_new && field.before == field.after {
            Line::Pair(label, format!("{} applied again", words::value(&field.after)))
        } else {
            line(label, &field.before, &field.after, is_new)
        });
    }
    if let Some(effective) = change.effective() {
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

fn line(label: String, before: &Value, after: &Value, is_new: bool) -> Line {
    if is_long(before) || is_long(after) {
        return Line::Diff(label, text_difference(before, after));
    }
    let said = match (entries(before), entries(after)) {
        (Some(had), Some(has)) if !had.is_empty() => set_difference(&had, &has),
        _ if is_new && before.is_empty() => words::value(after),
        _ => before
            .as_text()
            .zip(after.as_text())
            .and_then(|(before, after)| distinguished(before, after))
            .map_or_else(|| format!("{} → {}", words::value(before), words::value(after)), |[before, after]| format!("{before} → {after}")),
    };
    Line::Pair(label, said)
}

/// Lists the members of a set; `Unset` is the empty one beside a set.
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
    value.as_text().is_some_and(|text| text.contains('\n') || text.chars().count() > LONG)
}

/// Compares line by line; a text without line ends is compared sentence by sentence.
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
        Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Changes(_) => words::value(value),
    };
    let mut lines = if text.contains('\n') { text } else { text.replace(". ", ".\n").replace("! ", "!\n").replace("? ", "?\n") };
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}
