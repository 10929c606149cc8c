//! Reads what a person has of a product's user list (separated values, a workbook, a saved page, pasted text) as one typed list.
//!
//! Bytes become a `table::Table`, its header tells which columns are kept, and each row becomes a person. Unknown is never "no": a word
//! of a kept column that is not understood is a [`ListProblem`], and a column that is not understood is not kept.

mod cells;
mod formats;
mod found;
mod general;
mod join;
pub mod limits;
mod meaning;
pub mod problem;
mod spelling;
pub mod staff;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use cells::{days, expiry, icons, logins, name_marks, names, state, state_cell, stray, values};
use formats::{csv, encoding, file, mhtml, page, paste, sheet};
use tables::{empty, groups, header, other_states, rows, sections, table, total, totals};

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LoginName, Tab};

pub use cells::names::{plain as plain_name, split as split_name};
pub use found::{About, Clue, Guess, Note, Person, UserList};
pub use problem::{AddressFault, Cause, Foreign, Limit, ListProblem, Problems, WordKind};
pub use words::{Kept, Words, squash};

use problem::Cause as Why;
use tables::rows::TableRead;

/// Returns the text of a file that a person or a program of theirs wrote, in the encodings that those have.
#[must_use]
pub fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    encoding::decode(bytes).text
}

/// A file with users.
#[derive(Clone, Copy, Debug)]
pub struct Input<'i> {
    /// Its name, as people know it.
    pub name: &'i str,
    /// Its content.
    pub bytes: &'i [u8],
    /// The tab of the page that it comes from; `None` if a column has the state.
    pub tab: Option<Tab>,
}

/// Reads files as one list. `totals` are the numbers of users that a person read on the page.
///
/// # Errors
/// Returns all problems at once if something is not understood; then nothing of the list can be used.
pub fn read(inputs: &[Input<'_>], words: &Words<'_>, totals: &BTreeMap<Tab, u64>) -> Result<UserList, Problems> {
    let mut problems = Problems::default();
    let mut list = UserList::default();
    let mut meter = table::Meter::default();
    let headers = words.headers();
    let (mut drafts, mut counts) = (Vec::new(), totals::TabCounts::default());
    let mut additions: Vec<(&str, Vec<LoginName>)> = Vec::new();
    // Where every user is active, the list itself says so.
    let states = words.catalog.states;
    let only = (!states.pending && !states.inactive).then_some(Tab::Active);
    for input in inputs {
        let read = match file::tables(input.bytes, &mut meter) {
            Ok(tables) => {
                list.notes.extend(tables.notes.into_iter().map(|about| Note { file: input.name.to_owned(), about }));
                let tables: Vec<table::Table> = {
                    let tables = tables.tables.into_iter().map(|table| groups::as_column(table, words, &headers));
                    let tables = tables.flat_map(|table| sections::split(table, words, &headers));
                    tables.map(|table| groups::continued(table, &headers)).collect()
                };
                let is_counted = totals.keys().any(|tab| input.tab == Some(*tab));
                one_file((&Input { tab: input.tab.or(only), ..*input }, is_counted), &tables, words, &headers, &mut problems)
            }
            Err(why) => {
                problems.push(input.name, None, why);
                continue;
            }
        };
        if read.is_empty() {
            continue;
        }
        let has_state = |table: &TableRead| table.status;
        // Where headings say who is active, they must do so for everybody.
        let status = if read.iter().any(|table| table.is_by_heading) { read.iter().all(has_state) } else { read.iter().any(has_state) };
        let blocked = read.iter().any(|table| table.blocked);
        // A file without states can add to people whom other files show.
        let is_addition = !status && input.tab.is_none() && inputs.len() > 1;
        if is_addition {
            additions.push((input.name, read.iter().flat_map(|table| &table.drafts).map(|draft| draft.login.clone()).collect()));
        } else if !status && !input.tab.is_some_and(Tab::is_of_blocked) {
            let said = read.iter().flat_map(|table| &table.notes).find_map(|about| about.column_without_state(&headers));
            let may_say = || read.iter().flat_map(|table| &table.unknown).find(|header| squash(header).ends_with("status")).cloned();
            let unsaid = || may_say().map_or(Why::NoState, |header| Why::NoStateBut { header });
            problems.push(input.name, None, said.map_or_else(unsaid, |header| Why::NoStateIn { header }));
        }
        list.status |= status;
        list.blocked |= blocked;
        let tab = input.tab.unwrap_or(Tab::All);
        for table in read {
            if !is_addition {
                counts.add(tab, &table);
            }
            list.fields.extend(&table.fields);
            list.notes.extend(table.notes.into_iter().map(|about| Note { file: input.name.to_owned(), about }));
            let unknown = list.unknown.entry(input.name.to_owned()).or_default();
            unknown.extend(table.unknown.into_iter().filter(|header| !unknown.contains(header)).collect::<Vec<_>>());
            let place = match &table.heading {
                Some(heading) => format!("{} ({heading})", input.name),
                None => input.name.to_owned(),
            };
            drafts.extend(table.drafts.into_iter().map(|draft| (place.clone(), draft)));
        }
    }
    list.tabs = counts.tabs(totals, &mut problems, inputs, &mut list.notes);
    list.people = join::join(drafts, &mut problems);
    contradicted(&list, inputs, &mut problems);
    let is_known = |login: &LoginName| list.people.get(login).is_some_and(|person| person.status.is_some() || person.blocked == Some(true));
    for (name, _) in additions.iter().filter(|(_, logins)| !logins.iter().all(is_known)) {
        problems.push(name, None, Why::NoState);
    }
    list.notes.sort_by(|a, b| a.file.cmp(&b.file));
    list.unknown.retain(|_, headers| !headers.is_empty());
    if problems.is_empty() { Ok(list) } else { Err(problems) }
}

/// Finds somebody who has a state that nobody has by what a file or a person says.
fn contradicted(list: &UserList, inputs: &[Input<'_>], problems: &mut Problems) {
    for (tab, _) in list.tabs.iter().filter(|(tab, found)| !tab.has_everybody() && found.total == Some(0) && found.people == 0) {
        let is_of_tab = |person: &Person| match tab {
            Tab::Blocked => person.blocked == Some(true),
            Tab::All | Tab::Active | Tab::Inactive | Tab::Pending => person.status.is_some_and(|status| Tab::showing(status) == *tab),
        };
        let own = inputs.iter().find(|input| input.tab == Some(*tab)).or(inputs.first());
        if let Some((login, _)) = list.people.iter().find(|(_, person)| is_of_tab(person)) {
            problems.push(own.map_or("", |input| input.name), None, Why::Somebody { tab: *tab, login: login.to_string() });
        }
    }
}

/// Reads the tables of one file that have users; a page can have other tables, too. Where a person has counted them, they have seen what is
/// chosen on the page.
fn one_file(
    (input, is_counted): (&Input<'_>, bool),
    tables: &[table::Table],
    words: &Words<'_>,
    headers: &words::Headers,
    problems: &mut Problems,
) -> Vec<TableRead> {
    if let [table] = tables
        && let Some(sentence) = &table.nobody
    {
        return empty::read(input.name, input.tab, (table, sentence), words, problems).into_iter().collect();
    }
    let with_header: Vec<&table::Table> = tables.iter().filter(|table| header::Header::find(table, headers).is_some()).collect();
    let of_users: &[&table::Table] = if with_header.is_empty() {
        let any = tables.iter().any(|table| !table.rows.is_empty());
        let without = if tables.is_empty() { Why::NoColumns } else { Why::Empty };
        problems.push(input.name, None, if any { Why::NoHeader } else { without });
        &[]
    } else {
        &with_header
    };
    let chosen: BTreeSet<Tab> = match of_users {
        // The only table of a file is what the file says that it is.
        [only] => sections::named(only, words, headers),
        _ => of_users.iter().flat_map(|table| table.chosen.iter()).filter_map(|text| words.heading(text)).collect(),
    };
    let is_other = input.tab.filter(|given| chosen.len() == 1 && !chosen.contains(given));
    if let (Some(given), Some(chosen)) = (is_other, chosen.first()) {
        problems.push(input.name, None, Why::OtherTab { given, chosen: *chosen });
    }
    let mut reads: Vec<TableRead> = of_users
        .iter()
        .filter_map(|table| {
            // The heading above one of several tables is nearer than the tab of the page.
            let is_several = of_users.len() > 1;
            let of_group = table.group.as_deref().and_then(|group| words.heading(group));
            let near = || sections::by_label(table, words).or_else(|| sections::by_lines(table, words).map(|(tab, _)| tab));
            let of_heading = || table.heading.as_deref().and_then(|heading| words.heading(heading));
            let by_heading = of_group.or_else(|| is_several.then(|| near().or_else(of_heading)).flatten());
            // A sheet has a title of its own.
            let own = sections::named(table, words, headers);
            if let (Some(given), Some(chosen)) =
                (input.tab.filter(|_| of_users.len() > 1 && !table.is_page && by_heading.is_none()), own.first())
                && !own.contains(&given)
            {
                problems.push(input.name, None, Why::OtherTab { given, chosen: *chosen });
            }
            let before = (problems.list.len(), problems.more);
            let mut read = rows::read(input.name, by_heading.or(input.tab), table, (words, headers), problems)?;
            read.is_by_heading = by_heading.is_some();
            let said = table.group.iter().chain(table.labels.iter()).chain(table.lines.iter()).chain(table.heading.iter());
            if by_heading.is_some_and(Tab::is_of_pending) && said.into_iter().any(|text| words.is_of_expired(text)) {
                read.expire();
            }
            read.heading = table.heading.clone().filter(|_| of_users.len() > 1);
            if let (1, Some(tab)) = (of_users.len(), input.tab) {
                let rows = u64::try_from(read.drafts.len()).unwrap_or(u64::MAX);
                let of_tab = table.chosen.iter().filter(|text| words.heading(text) == Some(tab)).find_map(|text| total::of_tab(text));
                read.counted.total = read.counted.total.or(of_tab.filter(|total| *total >= rows));
            }
            if let Some(given) =
                input.tab.filter(|_| read.has_state_column && !read.is_by_heading && before == (problems.list.len(), problems.more))
                && let Some(chosen) = other_states::instead(given, read.drafts.iter().map(|draft| draft.person.status))
            {
                problems.push(input.name, None, Why::OtherTab { given, chosen });
            }
            read.notes.extend(totals::hidden(table));
            // Whatever number a person gives, some people are not on the page.
            read.counted.is_filtered |= input.tab.is_none() && other_states::hides_some(table, words);
            if let Some(given) = input.tab.filter(|_| is_other.is_none() && !read.is_by_heading && !read.has_state_column)
                && !other_states::tells_apart(given, read.drafts.iter().map(|draft| draft.person.status))
                && let Some(cause) = Some(()).filter(|()| !is_counted).map_or_else(
                    || other_states::by_heading(given, table, words),
                    |()| other_states::of_others(given, &chosen, (input.name, table), words),
                )
            {
                problems.push(input.name, None, cause);
            }
            Some(read)
        })
        .collect();
    let apart: Vec<&&table::Table> = of_users.iter().filter(|table| table.group.is_none()).collect();
    if apart.len() > 1 && reads.iter().any(|read| !read.is_by_heading) {
        let mut headings: Vec<String> = apart.iter().filter_map(|table| table.heading.clone()).collect();
        headings.dedup();
        if let Some(first) = reads.first_mut() {
            first.notes.push(About::SeveralTables { headings, count: apart.len() });
        }
    }
    reads
}
