//! The differences from one snapshot to the next, and what the new one does not say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::list::UserList;
use crate::model::{BLOCKED, Field, JudgedList, LoginName, Row, Shows, Snapshot, Standing, StepValue, Tab, ValueRef, count};
use crate::platform::{Catalog, ListColumn};
use crate::report::clean;

/// Lists what the last list showed and the new one does not: in all of its tabs, or in one of them.
pub(in crate::cli) fn missing_columns(last: &Snapshot, new: &Snapshot) -> Vec<ListColumn> {
    let (before, now) = (&last.shows, &new.shows);
    let is_missing = |field: Field| {
        let has = |row: &Row| row.fields.get(field).is_some();
        before.fields.contains(&field) && (!now.fields.contains(&field) || is_lost_in_a_tab(last, new, &has))
    };
    // Without its user names, a list has the addresses beside them as logins.
    let has_names = |snapshot: &Snapshot| snapshot.accounts.keys().any(|login| login.user_name().is_some());
    let is_nameless = has_names(last) && !new.accounts.is_empty() && !has_names(new);
    let login = is_nameless.then_some(ListColumn::Login);
    let is_login_now = |field: &Field| is_nameless && *field == Field::Email;
    let fields = before.fields.iter().filter(|field| is_missing(**field) && !is_login_now(field)).map(|field| ListColumn::Field(*field));
    let status = (before.status && !now.status).then_some(ListColumn::Status);
    // A tab of blocked people says who is not only as long as it is complete.
    let has_tab = new.tabs.contains_key(&Tab::Blocked);
    let is_block_lost = !now.blocked || (!has_tab && is_lost_in_a_tab(last, new, &|row| row.blocked.is_some()));
    let blocked = (before.blocked && is_block_lost).then_some(ListColumn::Blocked);
    login.into_iter().chain(fields).chain(status).chain(blocked).collect()
}

/// Returns whether most rows of one of several tabs showed something in the last list, and no row of that tab shows it in the new one.
fn is_lost_in_a_tab(last: &Snapshot, new: &Snapshot, has: &dyn Fn(&Row) -> bool) -> bool {
    let count = |snapshot: &Snapshot, tab: Tab| {
        let rows = snapshot.accounts.values().filter(|row| snapshot.tab_of(row).map(|(known, _)| known) == Some(tab));
        rows.fold((0_usize, 0_usize), |(all, shown), row| (all + 1, shown + usize::from(has(row))))
    };
    new.tabs.keys().filter(|tab| !tab.has_everybody() && last.tabs.contains_key(tab)).any(|tab| {
        let ((before, shown_before), (now, shown_now)) = (count(last, *tab), count(new, *tab));
        shown_before * 2 > before && now > 0 && shown_now == 0
    })
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

/// Says of each tab how many users it has, and whether it is complete: as plans judge it.
pub(in crate::cli) fn tabs(list: &UserList, new: &Snapshot, catalog: &Catalog) -> String {
    let mut text = String::new();
    let judged = JudgedList::new(new.clone(), 0, i64::MAX, catalog.states.other_tabs(&catalog.list));
    for (tab, found) in &list.tabs {
        let name = if tab.has_everybody() { "all users" } else { tab.as_str() };
        let count = people(usize::try_from(found.people).unwrap_or(usize::MAX));
        let rows = judged.tabs.iter().find(|state| state.tab == *tab).map_or(0, |state| state.rows);
        let are_all_in_it = u64::try_from(rows) == Ok(found.people);
        let flag = if tab.has_everybody() { "--total N".to_owned() } else { format!("--total {}=N", tab.as_str()) };
        let complete = match found.total {
            _ if found.is_chosen => {
                format!("not complete: the page was saved with one of several choices on; if it shows everybody, add `{flag}`")
            }
            _ if found.is_filtered => "not complete: a search or filter was on".to_owned(),
            Some(total) if total == found.people && are_all_in_it => "complete".to_owned(),
            Some(total) if total == found.people => {
                format!("not complete: the files show {rows} of {total} as people of this tab, and the others in another state or in none")
            }
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
    let status = (!shows.status).then_some(StepValue::STATUS);
    let blocked = (catalog.states.blocked && !shows.blocked).then_some(BLOCKED);
    let all: Vec<&str> = keys.chain(status).chain(blocked).collect();
    if all.is_empty() { String::new() } else { format!("Not shown: {}\n", all.join(", ")) }
}

fn people(number: usize) -> String {
    count(number, "person", "people")
}

/// The words of a list about somebody who is pending and can no longer accept.
const EXPIRED: &str = "the invitation has expired";

fn described(login: &LoginName, row: &Row, catalog: &Catalog) -> String {
    let role = row.fields.text(Field::Role).map(|role| format!("{} {role}", catalog.yaml_key(Field::Role)));
    let expired = row.is_expired.then(|| EXPIRED.to_owned());
    let about: Vec<String> = role.into_iter().chain(row.status.map(|status| status.as_str().to_owned())).chain(expired).collect();
    let login = clean(login.as_str());
    if about.is_empty() { login } else { format!("{login}: {}", clean(&about.join("; "))) }
}

/// Lists what two rows of one person say differently.
fn differences(old: &Row, new: &Row, catalog: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    let fields: BTreeSet<Field> = old.fields.iter().chain(new.fields.iter()).map(|(field, _)| field).collect();
    for field in fields {
        let key = catalog.yaml_key(field);
        match (old.fields.get(field), new.fields.get(field)) {
            (Some(before), Some(now)) if before.is_same(now, field) => {}
            (Some(before), Some(now)) => found.push(format!("{key} {} → {}", shown(before), shown(now))),
            (None, Some(now)) => found.push(format!("{key} {} (was not shown)", shown(now))),
            (Some(_), None) => found.push(format!("{key} is no longer shown")),
            (None, None) => {}
        }
    }
    match (old.status, new.status) {
        (Some(before), Some(now)) if before != now => found.push(format!("{} → {}", before.as_str(), now.as_str())),
        (Some(_), Some(_)) | (None, None) => {}
        (None, Some(now)) => found.push(format!("{} (was not shown)", now.as_str())),
        (Some(before), None) => found.push(format!("{} → not shown", before.as_str())),
    }
    match (old.is_expired, new.is_expired, new.status) {
        (false, true, _) => found.push(EXPIRED.to_owned()),
        (true, false, Some(Standing::Pending)) => found.push("the invitation can be accepted again".to_owned()),
        (true, false, Some(Standing::Active | Standing::Inactive) | None) | (true, true, _) | (false, false, _) => {}
    }
    match (old.blocked, new.blocked) {
        (Some(false) | None, Some(true)) => found.push(BLOCKED.to_owned()),
        (Some(true), Some(false)) => found.push(format!("no longer {BLOCKED}")),
        (Some(true), None) => found.push(format!("{BLOCKED} → not shown")),
        (Some(true), Some(true)) | (Some(false) | None, Some(false) | None) => {}
    }
    found
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
