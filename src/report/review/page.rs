//! A review as the content of one HTML page: findings first, then everybody, then each workspace with its clinics.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::sentences;
use crate::report::clean::clean;
use crate::report::html::{escape, sections};
use crate::report::outline::Outline;
use crate::report::users::csv::NOT_SHOWN;

use super::document::{AccessWord, AccountDocument, PersonDocument, ReviewDocument, ReviewedWorkspaceDocument};
use super::person::{also, title};
use super::tables::{account, elsewhere, role};

/// A table with more columns of clinics would be too wide: then the clinics are in one column.
const MOST_CLINICS: usize = 6;

/// Makes the content of the page.
pub(super) fn body(document: &ReviewDocument, outline: &Outline) -> String {
    let mut body = String::from("<h2>Findings</h2>\n");
    if outline.parts.iter().all(|part| part.sections.is_empty()) {
        body.push_str("<p class=\"plain\">There are no findings.</p>\n");
    }
    for part in &outline.parts {
        sections(&mut body, part);
    }
    everybody(&mut body, document);
    let by_workspace = by_workspace(document);
    for workspace in &document.workspaces {
        of_workspace(&mut body, workspace, by_workspace.get(workspace.workspace.as_str()).map_or(&[], Vec::as_slice));
    }
    body
}

/// An account with its person.
type OwnedAccount<'a> = (&'a PersonDocument, &'a AccountDocument);

/// Collects the accounts of each workspace in one pass, in the order of the people.
fn by_workspace(document: &ReviewDocument) -> BTreeMap<&str, Vec<OwnedAccount<'_>>> {
    let mut found: BTreeMap<&str, Vec<OwnedAccount<'_>>> = BTreeMap::new();
    for person in &document.people {
        for account in &person.accounts {
            found.entry(&account.workspace).or_default().push((person, account));
        }
    }
    found
}

/// Writes a table of which each cell has its heading, for screens on which a row is a list.
fn table(body: &mut String, label: &str, heads: &[String], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(body, "<table aria-label=\"{}\">\n<thead><tr>", escape(label));
    let heads: Vec<String> = heads.iter().map(|head| escape(head)).collect();
    for head in &heads {
        let _ = write!(body, "<th scope=\"col\">{head}</th>");
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        body.push_str("<tr>");
        for (place, (cell, head)) in row.iter().zip(&heads).enumerate() {
            let (open, close) = if place == 0 { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
            let _ = write!(body, "{open} data-head=\"{head}\">{cell}{close}");
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n");
}

fn person_cell(person: &PersonDocument, has_payroll: bool) -> String {
    let mut lines = vec![escape(&title(person))];
    lines.extend(person.service.iter().map(|service| small(&sentences::owner(service, has_payroll))));
    lines.extend(also(person).iter().map(|also| small(&format!("also {also}"))));
    lines.join("<br>")
}

fn small(text: &str) -> String {
    format!("<span class=\"soft\">{}</span>", escape(text))
}

fn access_tag(account: &AccountDocument) -> String {
    let class = match (account.wrong.is_empty(), account.access) {
        (false, _) => "tag-wrong",
        (true, AccessWord::Yes) => "tag-yes",
        (true, AccessWord::Unknown) => "tag-unknown",
        (true, AccessWord::No) => "tag-no",
    };
    let text = sentences::access(account.access);
    let should = if account.wrong.is_empty() { "" } else { ", should not" };
    format!("<span class=\"{class}\">{text}{should}</span>")
}

fn everybody(body: &mut String, document: &ReviewDocument) {
    let has_payroll = document.payroll.is_some();
    let mut heads: Vec<String> = vec!["Person".to_owned()];
    if has_payroll {
        heads.push("On the payroll".to_owned());
    }
    heads.push("Accounts".to_owned());
    let row = |person: &PersonDocument| -> Vec<String> {
        let mut accounts: Vec<String> = (person.accounts.iter())
            .map(|one| {
                let known = small(&clean(&one.known));
                format!("<strong>{}</strong> {} {}<br>{known}", escape(&clean(&one.workspace)), access_tag(one), escape(&account(one)))
            })
            .collect();
        accounts.extend(Some(elsewhere(person)).filter(|said| !said.is_empty()).map(|said| small(&said)));
        let payroll = has_payroll.then(|| escape(&sentences::payroll(person)));
        let items: Vec<String> = accounts.iter().map(|one| format!("<li>{one}</li>")).collect();
        std::iter::once(person_cell(person, has_payroll))
            .chain(payroll)
            .chain(std::iter::once(format!("<ul class=\"accounts\">{}</ul>", items.concat())))
            .collect()
    };
    let _ = writeln!(body, "<h2>Everybody</h2>");
    table(body, "Everybody", &heads, document.people.iter().map(row));
}

fn of_workspace(body: &mut String, workspace: &ReviewedWorkspaceDocument, accounts: &[OwnedAccount<'_>]) {
    let name = clean(&workspace.workspace);
    let _ = writeln!(body, "<h2>{}</h2>", escape(&name));
    for said in &workspace.not_known {
        let _ = writeln!(body, "<p class=\"doubt\">{}</p>", escape(&clean(said)));
    }
    let has_columns = (1..=MOST_CLINICS).contains(&workspace.clinics.len());
    let mut heads = vec!["Person".to_owned(), "Role".to_owned()];
    if has_columns {
        let name = |key: &String| accounts.iter().find_map(|(_, one)| one.clinic_names.get(key)).unwrap_or(key).clone();
        heads.extend(workspace.clinics.iter().map(|key| clean(&name(key))));
    } else if !workspace.clinics.is_empty() {
        heads.push("Clinics".to_owned());
    }
    heads.extend(["Access".to_owned(), "Known from".to_owned()]);
    if accounts.is_empty() {
        body.push_str("<p class=\"plain\">No accounts.</p>\n");
        return;
    }
    let row = |(person, one): &OwnedAccount<'_>| -> Vec<String> {
        let clinic = |clinic: &String| match &one.clinics {
            None => NOT_SHOWN.to_owned(),
            Some(own) if own.contains(clinic) => "yes".to_owned(),
            Some(_) => "–".to_owned(),
        };
        let mut row = vec![escape(&title(person)), escape(&role(one))];
        if has_columns {
            row.extend(workspace.clinics.iter().map(clinic));
        } else if !workspace.clinics.is_empty() {
            row.push(escape(&super::tables::clinics(one)));
        }
        row.push(format!("{}<br>{}", access_tag(one), small(&clean(&one.state_text))));
        row.push(escape(&clean(&one.known)));
        row
    };
    table(body, &name, &heads, accounts.iter().map(row));
}
