//! What changed from one snapshot to the next, and what the new one does not say.

use std::fmt::Write as _;

use crate::list::UserList;
use crate::model::{Field, LoginName, Row, Shows, Snapshot, Standing, Tab, ValueRef};
use crate::platform::Catalog;
use crate::report::clean;

/// Lists what the last list showed and the new one does not, by key.
pub(in crate::cli) fn missing_columns<'c>(last: &Shows, new: &Shows, catalog: &'c Catalog) -> Vec<&'c str> {
    let fields = last.fields.difference(&new.fields).map(|field| catalog.yaml_key(*field));
    let status = (last.status && !new.status).then_some("status");
    let blocked = (last.blocked && !new.blocked).then_some("blocked");
    fields.chain(status).chain(blocked).collect()
}

/// Says what changed since the last list, with the drop in people first.
pub(in crate::cli) fn changes(last: Option<&Snapshot>, new: &Snapshot, catalog: &Catalog) -> String {
    let mut text = String::new();
    let Some(last) = last else {
        let _ = writeln!(text, "This is the first list of {}: {}.", clean(&new.workspace), people(new.accounts.len()));
        return text;
    };
    let (before, now) = (last.accounts.len(), new.accounts.len());
    if now < before {
        let _ = writeln!(text, "! {} fewer than in the last list ({before} → {now})", people(before - now));
    }
    let mut lines = Vec::new();
    for login in last.accounts.keys().filter(|login| !new.accounts.contains_key(login)) {
        lines.push(format!("- {} is no longer listed", clean(login.as_str())));
    }
    for (login, row) in &new.accounts {
        match last.accounts.get(login) {
            None => lines.push(format!("+ {}", described(login, row, catalog))),
            Some(old) => {
                let differs = differences(old, row, catalog);
                if !differs.is_empty() {
                    lines.push(format!("~ {}: {}", clean(login.as_str()), differs.join("; ")));
                }
            }
        }
    }
    if lines.is_empty() {
        text.push_str("Nothing changed since the last list.\n");
    } else {
        let _ = writeln!(text, "Changed since the last list:");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// Says of each tab how many users it has, and whether it is complete.
pub(in crate::cli) fn tabs(list: &UserList) -> String {
    let mut text = String::new();
    for (tab, found) in &list.tabs {
        let name = if *tab == Tab::All { "all users" } else { tab.as_str() };
        let count = people(usize::try_from(found.people).unwrap_or(usize::MAX));
        let flag = if *tab == Tab::All { "--total N".to_owned() } else { format!("--total {}=N", tab.as_str()) };
        let complete = match found.total {
            _ if found.is_filtered => "not complete: a search or filter was on".to_owned(),
            Some(total) if total == found.people => "complete".to_owned(),
            Some(total) => format!("not complete: the page says {total}"),
            None => format!("nobody says that this is complete; if the page shows a total, add `{flag}`"),
        };
        let _ = writeln!(text, "{name}: {count}, {complete}");
    }
    text
}

/// Lists what the list does not show.
pub(in crate::cli) fn not_shown(shows: &Shows, catalog: &Catalog) -> String {
    let fields = catalog.known_fields().map(|(field, _)| field).filter(|field| !shows.fields.contains(field));
    let keys = fields.map(|field| catalog.yaml_key(field));
    let status = (!shows.status).then_some("status");
    let blocked = (catalog.states.blocked && !shows.blocked).then_some("blocked");
    let all: Vec<&str> = keys.chain(status).chain(blocked).collect();
    if all.is_empty() { String::new() } else { format!("Not shown: {}\n", all.join(", ")) }
}

/// "1 person", "3 people".
fn people(count: usize) -> String {
    format!("{count} {}", if count == 1 { "person" } else { "people" })
}

fn described(login: &LoginName, row: &Row, catalog: &Catalog) -> String {
    let role = row.fields.text(Field::Role).map(|role| format!("{} {role}", catalog.yaml_key(Field::Role)));
    let about: Vec<String> = role.into_iter().chain(row.status.map(|status| state(status).to_owned())).collect();
    let login = clean(login.as_str());
    if about.is_empty() { login } else { format!("{login}: {}", clean(&about.join("; "))) }
}

/// What two rows of one person say differently.
fn differences(old: &Row, new: &Row, catalog: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    for (field, value) in new.fields.iter() {
        if let Some(before) = old.fields.get(field).filter(|before| !before.is_same(value, field)) {
            found.push(format!("{} {} → {}", catalog.yaml_key(field), shown(before), shown(value)));
        }
    }
    if let (Some(before), Some(now)) = (old.status, new.status)
        && before != now
    {
        found.push(format!("{} → {}", state(before), state(now)));
    }
    if let (Some(before), Some(now)) = (old.blocked, new.blocked)
        && before != now
    {
        found.push(if now { "blocked" } else { "no longer blocked" }.to_owned());
    }
    found
}

const fn state(standing: Standing) -> &'static str {
    Tab::showing(standing).as_str()
}

/// A value in words.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Unset => "nothing".to_owned(),
        ValueRef::Text(text) => clean(text),
        ValueRef::Flag(on) => if on { "yes" } else { "no" }.to_owned(),
        ValueRef::Number(number) => number.to_string(),
        ValueRef::List(texts) | ValueRef::Set(texts) => clean(&texts.into_iter().collect::<Vec<_>>().join(", ")),
        ValueRef::Changes { .. } => "other privileges".to_owned(),
    }
}
