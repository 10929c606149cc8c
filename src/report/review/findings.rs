//! The findings of a review, in the order in which an auditor needs them.

use std::collections::{BTreeMap, BTreeSet};

use super::sentences;
use crate::model::{is_perhaps_a_desks, name_words};
use crate::report::by_hand::QuestionDocument;
use crate::report::clean::clean;
use crate::report::outline::{Entry, EntrySign, Line, Part, Tone};
use crate::report::sentences::user_list::when;
use crate::report::words::{self, count};

use super::document::{
    AccessWord, AccountDocument, AlikeDocument, ContradictedDocument, PayrollWord, PersonDocument, ReviewDocument,
    ReviewedWorkspaceDocument, WrongWord,
};
use super::made::{is_without_account, is_without_owner};
use super::person::title;

/// Says how much was reviewed, what of the payroll was read, and how much was found.
pub(super) fn lead(document: &ReviewDocument) -> Vec<String> {
    let summary = &document.summary;
    let at = document.as_of.parse().map_or_else(|_| document.as_of.clone(), when);
    let workspaces = count(document.workspaces.len(), "workspace", "workspaces");
    let people = count(summary.people, "person", "people");
    let accounts = count(summary.accounts, "account", "accounts");
    let compared = document.payroll.as_ref().map_or_else(
        || "compared with the roster alone".to_owned(),
        |payroll| format!("compared with the roster and with {} ({})", clean(&payroll.file), count(payroll.rows, "entry", "entries")),
    );
    let reviewed = format!("Reviewed on {at}: {workspaces}, {people} and {accounts}, {compared}.");
    let is_known =
        document.payroll.as_ref().is_none_or(|payroll| payroll.has_logins && payroll.without_state == 0 && payroll.not_known.is_empty());
    let are_sure = !document.alike.iter().any(|alike| alike.why.leaves_access_open()) && !document.people.iter().any(may_have_left);
    let found = match summary.wrong {
        0 if summary.not_known == 0 && is_known && are_sure => "Nobody has access who should not.".to_owned(),
        0 => "Nobody is known to have access who should not, but not everything is known.".to_owned(),
        wrong => format!("{} should not have access.", count(wrong, "account", "accounts")),
    };
    let columns = document.payroll.as_ref().and_then(sentences::payroll_columns);
    [Some(reviewed), columns, Some(found)].into_iter().flatten().collect()
}

/// Returns whether a person has access, and nobody knows whether the payroll says that they have left.
fn may_have_left(person: &PersonDocument) -> bool {
    let has_access = person.accounts.iter().any(|account| account.access.may_be_there());
    has_access && person.service.is_none() && person.on_payroll.is_some_and(PayrollWord::may_have_left)
}

/// Makes the part with all findings.
pub(super) fn part(document: &ReviewDocument) -> Part {
    let mut part = Part { title: super::TITLE.to_owned(), lead: lead(document).join(" "), sections: Vec::new() };
    let mut add = |heading: &str, tone: Tone, entries: Vec<Entry>| {
        part.section(format!("{heading} ({})", entries.len()), tone, false, entries);
    };
    add("Ticked, but the list shows otherwise", Tone::Alarm, contradicted(document));
    add("Not everything is known", Tone::Caution, not_known(document));
    add("These people should not have access", Tone::Alarm, wrong(document));
    add("The same person?", Tone::Alarm, questions(document));
    let has_payroll = document.payroll.is_some();
    let owners = document.people.iter().filter(|person| is_without_owner(person)).map(|person| ownerless(person, has_payroll));
    add("Nobody answers for these service accounts", Tone::Caution, owners.collect());
    add("Leaving soon", Tone::Plain, leaving(document));
    add("Not started yet", Tone::Plain, to_start(document));
    add("One person or several? Nobody was merged", Tone::Caution, document.alike.iter().map(|one| alike(one, document)).collect());
    add("On the payroll, without an account", Tone::Plain, without_account(document));
    part
}

fn not_known(document: &ReviewDocument) -> Vec<Entry> {
    let unread = document.unread.iter().map(|one| Entry {
        mark: EntrySign::Risk,
        title: clean(&one.workspace),
        lines: vec![Line::Text(format!("could not be read: {}", clean(&one.error)))],
    });
    let in_part = document.workspaces.iter().filter(|workspace| !workspace.not_known.is_empty()).map(|workspace| Entry {
        mark: EntrySign::Risk,
        title: clean(&workspace.workspace),
        lines: workspace.not_known.iter().map(|said| Line::Text(clean(said))).collect(),
    });
    let payroll = document.payroll.iter().filter_map(|payroll| {
        let lines: Vec<Line> = sentences::payroll_gaps(payroll).into_iter().map(Line::Text).collect();
        (!lines.is_empty()).then(|| Entry { mark: EntrySign::Risk, title: clean(&payroll.file), lines })
    });
    let is_shared = |person: &&PersonDocument| may_have_left(person) && person.on_payroll.is_some_and(PayrollWord::is_shared);
    let shared = document.people.iter().filter(is_shared).map(|person| Entry {
        mark: EntrySign::Risk,
        title: title(person),
        lines: vec![Line::Text(sentences::shared().to_owned())],
    });
    unread.chain(in_part).chain(payroll).chain(shared).collect()
}

fn contradicted(document: &ReviewDocument) -> Vec<Entry> {
    let all = document.workspaces.iter().flat_map(|workspace| workspace.contradicted.iter().map(move |one| (workspace, one)));
    let entry = |(workspace, one): (&ReviewedWorkspaceDocument, &ContradictedDocument)| Entry {
        mark: EntrySign::Risk,
        title: clean(&one.user),
        lines: vec![Line::Text(format!("{}: {}", clean(&workspace.workspace), clean(&one.text)))],
    };
    all.map(entry).collect()
}

fn questions(document: &ReviewDocument) -> Vec<Entry> {
    let all = document.workspaces.iter().flat_map(|workspace| workspace.questions.iter().map(move |one| (workspace, one)));
    let entry = |(workspace, one): (&ReviewedWorkspaceDocument, &QuestionDocument)| Entry {
        mark: EntrySign::Risk,
        title: clean(&one.user),
        lines: vec![Line::Text(format!("{}: {}", clean(&workspace.workspace), clean(&one.text)))],
    };
    all.map(entry).collect()
}

/// The people of whom somebody else may be the same, by their place.
fn looks_like(document: &ReviewDocument) -> BTreeMap<usize, Vec<&AlikeDocument>> {
    let mut looks_like: BTreeMap<usize, Vec<&AlikeDocument>> = BTreeMap::new();
    for alike in &document.alike {
        for at in &alike.people {
            looks_like.entry(*at).or_default().push(alike);
        }
    }
    looks_like
}

/// Says who may be the same person.
fn perhaps(document: &ReviewDocument, at: usize, alikes: &[&AlikeDocument]) -> Vec<Line> {
    let mut lines = Vec::new();
    for alike in alikes {
        let others = alike.people.iter().filter(|other| **other != at).filter_map(|other| document.people.get(*other));
        let others: Vec<String> = others.map(title).collect();
        if !others.is_empty() {
            lines.push(Line::Text(format!("perhaps the same as {}: {}", words::few(&others, 6), alike.text)));
        }
    }
    lines
}

fn wrong(document: &ReviewDocument) -> Vec<Entry> {
    let looks_like = looks_like(document);
    let is_wrong = |person: &&PersonDocument| person.accounts.iter().any(|account| !account.wrong.is_empty());
    let entry = |(at, person): (usize, &PersonDocument)| {
        let mut lines = Vec::new();
        for account in person.accounts.iter().filter(|account| !account.wrong.is_empty()) {
            let why: Vec<String> = account.wrong.iter().map(|wrong| sentences::wrong(*wrong, person)).collect();
            let access = sentences::access(account.access);
            lines.push(Line::Head(format!("{}: {access}: {}", clean(&account.workspace), why.join("; "))));
            lines.push(Line::Text(format!("{}; {}", super::tables::account(account), clean(&account.known))));
        }
        lines.extend(looks_like.get(&at).into_iter().flat_map(|alikes| perhaps(document, at, alikes)));
        if is_perhaps_a_service(person, document) {
            lines.push(Line::Text(sentences::PERHAPS_A_SERVICE.to_owned()));
        }
        Entry { mark: EntrySign::Risk, title: title(person), lines }
    };
    let unseen = document.workspaces.iter().flat_map(|workspace| workspace.unseen.iter().map(move |one| (workspace, one)));
    let unseen = unseen.map(|(workspace, one)| Entry {
        mark: EntrySign::Risk,
        title: one.name.as_ref().map_or_else(|| clean(&one.user), |name| format!("{} <{}>", clean(name), clean(&one.user))),
        lines: vec![
            Line::Head(format!(
                "{}: {}: {}",
                clean(&workspace.workspace),
                sentences::access(AccessWord::Unknown),
                sentences::wrong_unseen(one.wrong)
            )),
            Line::Text(clean(&one.text)),
        ],
    });
    document.people.iter().enumerate().filter(|(_, person)| is_wrong(person)).map(entry).chain(unseen).collect()
}

/// Returns whether the payroll lacks somebody who looks like a desk, a device or a program, and is not marked as one.
fn is_perhaps_a_service(person: &PersonDocument, document: &ReviewDocument) -> bool {
    let lacks = |account: &AccountDocument| account.wrong.contains(&WrongWord::NotOnPayroll);
    let own = |account: &AccountDocument| document.workspaces.iter().find(|workspace| workspace.workspace == account.workspace);
    let places = person.accounts.iter().filter_map(own).flat_map(|own| own.clinics.iter().chain([&own.workspace]));
    let places: BTreeSet<String> = places.flat_map(|place| name_words(place)).collect();
    let words = person.name.as_deref().map(name_words).unwrap_or_default();
    let is_desks = |account: &AccountDocument| is_perhaps_a_desks(&words, account.user.split('@').next(), &places);
    person.service.is_none() && person.accounts.iter().any(lacks) && person.accounts.iter().all(is_desks)
}

fn ownerless(person: &PersonDocument, has_payroll: bool) -> Entry {
    let said = person.service.iter().map(|service| Line::Text(sentences::owner(service, has_payroll)));
    Entry { mark: EntrySign::Note, title: title(person), lines: said.collect() }
}

/// The people with access whose last day the payroll has, and for whom it is still to come.
fn leaving(document: &ReviewDocument) -> Vec<Entry> {
    let last_day = |person: &PersonDocument| {
        let ends: Option<Vec<&str>> = person.payroll_rows.iter().map(|row| row.end.as_deref()).collect();
        ends.filter(|_| person.on_payroll.is_some_and(PayrollWord::is_on_it))?.into_iter().max().map(str::to_owned)
    };
    document.people.iter().filter_map(|person| with_access(person, &format!("last day {}", last_day(person)?))).collect()
}

/// The people with access of whom the payroll says that they have not started yet.
fn to_start(document: &ReviewDocument) -> Vec<Entry> {
    let is_to_start = |person: &&PersonDocument| {
        let rows = &person.payroll_rows;
        person.on_payroll.is_some_and(PayrollWord::is_on_it) && !rows.is_empty() && rows.iter().all(|row| row.not_started)
    };
    document.people.iter().filter(is_to_start).filter_map(|person| with_access(person, "on the payroll, and not started yet")).collect()
}

/// Says where somebody has access, after what is known of them; `None` if it is nowhere.
fn with_access(person: &PersonDocument, said: &str) -> Option<Entry> {
    let having = person.accounts.iter().filter(|account| account.access.may_be_there());
    let workspaces: Vec<String> = having.map(|account| clean(&account.workspace)).collect();
    let names: Vec<&str> = workspaces.iter().map(String::as_str).collect();
    let line = format!("{said}; has access in {}", words::few(&names, 6));
    (!names.is_empty()).then(|| Entry { mark: EntrySign::Note, title: title(person), lines: vec![Line::Text(line)] })
}

fn alike(alike: &AlikeDocument, document: &ReviewDocument) -> Entry {
    let people: Vec<&PersonDocument> = alike.people.iter().filter_map(|at| document.people.get(*at)).collect();
    let name = people.iter().find_map(|person| person.name.clone()).unwrap_or_default();
    let line = |person: &&PersonDocument| {
        let mut known: Vec<String> = person.accounts.iter().map(|account| format!("account in {}", clean(&account.workspace))).collect();
        let left = if person.on_payroll.is_some_and(PayrollWord::has_left) { ", has left" } else { "" };
        known.extend(person.payroll_rows.iter().map(|row| format!("payroll row {}{left}", row.row)));
        if alike.why.is_one_address() {
            known.extend(person.other_names.iter().map(|name| format!("also {}", clean(name))));
        }
        Line::Text(format!("{}: {}", title(person), words::few(&known.iter().map(String::as_str).collect::<Vec<_>>(), 6)))
    };
    let mut lines = vec![Line::Text(alike.text.clone())];
    lines.extend(people.iter().map(line));
    Entry { mark: EntrySign::Note, title: clean(&name), lines }
}

fn without_account(document: &ReviewDocument) -> Vec<Entry> {
    let looks_like = looks_like(document);
    let entry = |(at, person): (usize, &PersonDocument)| {
        let mut lines = vec![Line::Text(format!("payroll: {}", sentences::payroll(person)))];
        lines.extend(looks_like.get(&at).into_iter().flat_map(|alikes| perhaps(document, at, alikes)));
        if !person.unknown_in.is_empty() {
            lines.push(Line::Text(sentences::unknown_in(&person.unknown_in)));
        }
        Entry { mark: EntrySign::Note, title: title(person), lines }
    };
    document.people.iter().enumerate().filter(|(_, person)| is_without_account(person)).map(entry).collect()
}
