//! Everybody with all accounts, as a table for a terminal and in Markdown.

use super::sentences;
use crate::report::clean::clean;
use crate::report::grid::{self, Width};
use crate::report::markdown::{ClosingTable, escape};
use crate::report::users::csv::NOT_SHOWN;
use crate::report::users::document::UserPart;
use crate::report::words;

use super::document::{AccountDocument, PersonDocument, ReviewDocument};
use super::person::{also, title};

const EVERYBODY: &str = "Everybody";
const HEADS: [&str; 3] = ["PERSON", "WORKSPACE", "ACCESS"];

/// Adds the table for a terminal: one row for each account, the person in the first of them.
pub(super) fn text(said: &mut String, document: &ReviewDocument, width: Width) {
    said.push_str(EVERYBODY);
    said.push('\n');
    let mut rows = vec![HEADS.map(str::to_owned).to_vec()];
    for person in &document.people {
        let mut name = title(person);
        if let Some(service) = &person.service {
            name = format!("{name} ({})", sentences::owner(service, document.payroll.is_some()));
        }
        let also = also(person);
        if !also.is_empty() {
            name = format!("{name}, also {}", also.join(", "));
        }
        let mut names = std::iter::once(name).chain(std::iter::repeat(String::new()));
        let mut next = || names.next().unwrap_or_default();
        for account in &person.accounts {
            let known = format!("{}: {}; {}", sentences::access(account.access), self::account(account), clean(&account.known));
            rows.push(vec![next(), clean(&account.workspace), known]);
        }
        let elsewhere = elsewhere(person);
        if !elsewhere.is_empty() {
            rows.push(vec![next(), String::new(), elsewhere]);
        }
    }
    grid::rows(said, &rows, width);
}

/// Makes the table in Markdown: one row for each person.
pub(super) fn markdown(document: &ReviewDocument) -> ClosingTable {
    let has_payroll = document.payroll.is_some();
    let columns = if has_payroll { "| person | payroll | accounts |\n|---|---|---|\n" } else { "| person | accounts |\n|---|---|\n" };
    let row = |person: &PersonDocument| {
        let mut name = vec![escape(&title(person))];
        name.extend(person.service.iter().map(|service| escape(&sentences::owner(service, has_payroll))));
        name.extend(also(person).iter().map(|also| format!("also {}", escape(also))));
        let mut cells: Vec<String> = person.accounts.iter().map(|account| escape(&whole(account))).collect();
        cells.extend(Some(elsewhere(person)).filter(|said| !said.is_empty()).map(|said| escape(&said)));
        let payroll = if has_payroll { format!(" {} |", escape(&sentences::payroll(person))) } else { String::new() };
        format!("| {} |{payroll} {} |\n", name.join("<br>"), cells.join("<br>"))
    };
    ClosingTable { heading: EVERYBODY, columns: columns.to_owned(), rows: document.people.iter().map(row).collect() }
}

/// Says what is known of the workspaces where a person has no account that is shown: nothing if there are accounts and all is known.
pub(super) fn elsewhere(person: &PersonDocument) -> String {
    match (person.accounts.is_empty(), person.unknown_in.is_empty()) {
        (true, true) => "no account".to_owned(),
        (false, true) => String::new(),
        (_, false) => sentences::unknown_in(&person.unknown_in),
    }
}

/// Returns role, clinics and state of an account.
pub(super) fn account(account: &AccountDocument) -> String {
    [role(account), clinics(account), clean(&account.state_text)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Returns everything that is known about an account.
pub(super) fn whole(one: &AccountDocument) -> String {
    format!("{}: {}: {}; {}", clean(&one.workspace), sentences::access(one.access), account(one), clean(&one.known))
}

/// Returns the role, or that it is not shown.
pub(super) fn role(account: &AccountDocument) -> String {
    shown(account, UserPart::Role, "role", account.role.as_ref().map(|role| clean(role)))
}

/// Returns the clinics, or that they are not shown.
pub(super) fn clinics(account: &AccountDocument) -> String {
    let clinics = account.clinics.as_ref().map(|_| words::plain_list(account.clinic_names.values().map(String::as_str)));
    shown(account, UserPart::Clinics, "clinics", clinics.map(|clinics| clean(&clinics)))
}

fn shown(account: &AccountDocument, part: UserPart, word: &str, value: Option<String>) -> String {
    if account.not_shown.contains(&part) { format!("{word} {NOT_SHOWN}") } else { value.unwrap_or_default() }
}
