//! A review as CSV for a spreadsheet: one row for each person, and a column for each workspace.

use std::collections::BTreeMap;

use super::sentences;
use crate::report::separated::line;

use super::document::{AccessWord, AccountDocument, PersonDocument, ReviewDocument, UnseenDocument, WrongWord};
use super::person::title;
use super::tables::{account, whole};

/// The columns before those of the workspaces. They stay in this order; new ones are added behind the workspaces.
const COLUMNS: [&str; 8] =
    ["person", "other_names", "logins", "on_payroll", "service_owner", "should_not_have_access", "perhaps_same_as", "unknown_in"];

/// With more workspaces, one column has all accounts: a cell for each person in each would be mostly empty.
const MOST_COLUMNS: usize = 100;

/// Renders everybody.
pub(super) fn render(document: &ReviewDocument) -> String {
    let mut text = String::new();
    let workspaces: Vec<&str> = (document.workspaces.iter().map(|one| one.workspace.as_str()))
        .chain(document.unread.iter().map(|one| one.workspace.as_str()))
        .collect();
    let are_columns = workspaces.len() <= MOST_COLUMNS;
    let heads: Vec<&str> = COLUMNS.into_iter().chain(if are_columns { workspaces.clone() } else { vec!["accounts"] }).collect();
    line(&mut text, &heads);
    let mut alike: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for one in &document.alike {
        for at in &one.people {
            let others = one.people.iter().filter(|other| *other != at).filter_map(|other| document.people.get(*other));
            alike.entry(*at).or_default().extend(others.map(title));
        }
    }
    for (at, person) in document.people.iter().enumerate() {
        let mut cells = of_person(person, alike.get(&at).map_or(&[], Vec::as_slice), document);
        if are_columns {
            cells.extend(workspaces.iter().map(|workspace| cell(person, workspace)));
        } else {
            cells.push(person.accounts.iter().map(whole).collect::<Vec<_>>().join(" | "));
        }
        line(&mut text, &cells);
    }
    for (workspace, one) in document.workspaces.iter().flat_map(|workspace| workspace.unseen.iter().map(move |one| (workspace, one))) {
        let mut cells = of_unseen(&workspace.workspace, one);
        if are_columns {
            cells.extend(workspaces.iter().map(|own| if *own == workspace.workspace { one.text.clone() } else { String::new() }));
        } else {
            cells.push(one.text.clone());
        }
        line(&mut text, &cells);
    }
    text
}

/// An account that should not give access, and that only an earlier list shows.
fn of_unseen(workspace: &str, one: &UnseenDocument) -> Vec<String> {
    let wrong = format!("{workspace}: {}: {}", sentences::access(AccessWord::Unknown), sentences::wrong_unseen(one.wrong));
    let mut cells = vec![String::new(); COLUMNS.len()];
    for (at, text) in [(0, one.name.clone().unwrap_or_default()), (2, one.user.clone()), (5, wrong)] {
        if let Some(cell) = cells.get_mut(at) {
            *cell = text;
        }
    }
    cells
}

fn of_person(person: &PersonDocument, alike: &[String], document: &ReviewDocument) -> Vec<String> {
    let said = |account: &AccountDocument, access: &str, why: &[WrongWord]| {
        let why: Vec<String> = why.iter().map(|wrong| sentences::wrong(*wrong, person)).collect();
        format!("{}: {access}: {}", account.workspace, why.join(", "))
    };
    let wrong = person.accounts.iter().filter_map(|account| match (account.wrong.as_slice(), account.unproved.as_slice()) {
        ([], []) => None,
        ([], unproved) => Some(said(account, "no access, which no list has shown", unproved)),
        (wrong, _) => Some(said(account, sentences::access(account.access), wrong)),
    });
    let wrong: Vec<String> = wrong.collect();
    let service = person.service.as_ref().map(|service| sentences::owner(service, document.payroll.is_some()));
    vec![
        person.name.clone().unwrap_or_default(),
        person.other_names.join("; "),
        person.logins.join("; "),
        sentences::payroll(person),
        service.unwrap_or_default(),
        wrong.join("; "),
        alike.join("; "),
        person.unknown_in.join("; "),
    ]
}

/// Returns what is known of a person in a workspace.
fn cell(person: &PersonDocument, workspace: &str) -> String {
    let one = |one: &AccountDocument| format!("{}: {}; {}", sentences::access(one.access), account(one), one.known);
    let own: Vec<String> = person.accounts.iter().filter(|account| account.workspace == workspace).map(one).collect();
    if !own.is_empty() {
        return own.join(" | ");
    }
    let is_unknown = person.unknown_in.iter().any(|unknown| unknown == workspace);
    if is_unknown { "unknown".to_owned() } else { "no account".to_owned() }
}
