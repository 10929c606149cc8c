//! Takes a table of a workbook or text apart that has headings between people: "Active", some rows, "Inactive", other rows.

use std::collections::BTreeSet;

use super::header::Header;
use super::table::{Table, TableRow};
use crate::list::stray::speaks_of;
use crate::list::words::{Headers, Words};
use crate::model::Tab;

/// Lists the tabs that a table is said to be of: by the chosen tab of its page, by its heading, and by the lines above its header.
pub(in crate::list) fn named(table: &Table, words: &Words<'_>, headers: &Headers) -> BTreeSet<Tab> {
    let above =
        Header::find(table, headers).and_then(|header| table.rows.get(..header.body.saturating_sub(header.lines))).unwrap_or_default();
    let of_row = |row: &TableRow| {
        let mut texts = row.texts();
        texts.next().filter(|_| texts.next().is_none()).and_then(|text| title(text, words))
    };
    let said = table.chosen.iter().chain(&table.heading).filter_map(|text| words.heading(text));
    said.chain(by_label(table, words)).chain(above.iter().filter_map(of_row)).collect()
}

/// The tab that the label of a table names: what a screen reader says of it.
pub(in crate::list) fn by_label(table: &Table, words: &Words<'_>) -> Option<Tab> {
    table.labels.iter().find_map(|label| words.line(label))
}

/// The tab that the lines right above a table name, with the line: "Inactive (3)", "These users can no longer sign in." Where they name several,
/// as counts of all states do, nobody knows which of them is meant.
pub(in crate::list) fn by_lines<'t>(table: &'t Table, words: &Words<'_>) -> Option<(Tab, &'t str)> {
    let of_sentence = |line: &str| {
        let lower = line.to_lowercase();
        let is_of_people =
            ["these ", "the following ", "the users below", "the people below", "users below"].iter().any(|first| lower.starts_with(first));
        is_of_people.then(|| speaks_of(line)).flatten()
    };
    let named = || table.lines.iter().filter_map(|line| Some((words.line(line).or_else(|| of_sentence(line))?, line.as_str())));
    let last = named().next_back()?;
    named().all(|(tab, _)| tab == last.0).then_some(last)
}

/// The heading or label of a table that speaks of a state in words that are not known, such as "Locked users".
pub(in crate::list) fn unclear<'t>(given: Tab, table: &'t Table, words: &Words<'_>) -> Option<&'t str> {
    let is_unclear = |text: &&String| {
        let is_short = text.split_whitespace().count() <= 4;
        let is_of_others = speaks_of(text).map_or_else(|| !given.is_of_inactive() && speaks_of_end(text), |tab| tab != given);
        is_short && words.heading(text).is_none() && is_of_others
    };
    table.labels.iter().chain(&table.heading).find(is_unclear).map(String::as_str)
}

/// Returns whether a short heading speaks of people whose access, or whose invitation, is over: "Users who left", "Declined invitations".
fn speaks_of_end(text: &str) -> bool {
    const STEMS: &str = "previous ended ending hidden cancel declin lapsed expired rejected bounced deletion gone withdrawn resigned";
    const WORDS: &str = "left non not without past old ex was were leaving away out";
    let lower = text.to_lowercase();
    let mut all = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    all.any(|word| WORDS.split(' ').any(|known| known == word) || STEMS.split_whitespace().any(|stem| word.starts_with(stem)))
}

/// The tab that a title names: "Report: Inactive users", "Terminated employees as of 11/28/2026".
fn title(text: &str, words: &Words<'_>) -> Option<Tab> {
    let lower = text.to_lowercase();
    let end = [" as of ", " on ", " by ", ", ", " (", " - ", " – ", " | "].iter().filter_map(|word| lower.find(word)).min();
    let before = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let after = before.rsplit(':').next().unwrap_or(before).trim();
    let own = ["list of ", "report of ", "export of "].iter().find_map(|word| {
        let is_so = after.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
        after.get(word.len()..).filter(|_| is_so)
    });
    words.heading(text).or_else(|| words.heading(own.unwrap_or(after)))
}

/// Makes a table of each section, each with the header; the table itself if nothing in it is the heading of a state.
pub(in crate::list) fn split(table: Table, words: &Words<'_>, headers: &Headers) -> Vec<Table> {
    let Some(header) = Header::find(&table, headers).filter(|_| !table.is_page) else { return vec![table] };
    let heading = |row: &TableRow| -> Option<String> {
        let mut texts = row.texts();
        let text = texts.next().filter(|_| texts.next().is_none())?;
        words.heading(text).map(|_| text.to_owned())
    };
    if !table.rows.iter().skip(header.body).any(|row| heading(row).is_some()) {
        return vec![table];
    }
    let (above, body) = table.rows.split_at_checked(header.body).unwrap_or_default();
    let first = above.iter().rev().find_map(&heading).or_else(|| table.heading.clone());
    // The lines above the header are counted once.
    let own_header = above.get(header.body.saturating_sub(header.lines)..).unwrap_or_default();
    let part = |rows: &[TableRow], heading: Option<String>| Table { rows: rows.to_vec(), heading, ..table.clone_without_rows() };
    let mut sections = vec![part(above, first)];
    for row in body {
        match (heading(row), sections.last_mut()) {
            (Some(text), _) => sections.push(part(own_header, Some(text))),
            (None, Some(section)) => section.rows.push(row.clone()),
            (None, None) => {}
        }
    }
    sections
        .retain(|section| section.rows.len() > own_header.len() && section.rows.iter().skip(own_header.len()).any(|row| !row.is_blank()));
    sections
}
