//! Tells the rows of people from the other lines of a table: repeated headers, totals, footers, and messages that there is nobody.

use std::collections::BTreeSet;

use super::header::Header;
use super::nobody::{is_loading, says_that_nobody};
use super::table::{Table, TableRow};
use super::total::{PageTotal, counted, of_count};
use crate::list::found::About;
use crate::list::logins::{LoginColumns, is_about_list};
use crate::list::problem::{Cause, Problems};
use crate::list::words::{Headers, Kept, Words, squash};

/// A header with the rows of people below it, and the texts of lines that count them.
type HeaderAndRows<'t> = (Header, Vec<&'t TableRow>, Vec<String>);

/// Finds the header and the rows of a table of users; `None` if it cannot be read as one.
pub(in crate::list) fn of_users<'t>(
    file: &str,
    table: &'t Table,
    (words, headers): (&Words<'_>, &Headers),
    problems: &mut Problems,
) -> Option<HeaderAndRows<'t>> {
    let mut header = Header::of_users(table, words, headers).map_err(|cause| problems.push(file, None, cause)).ok()?;
    let (rows, totals) = body(file, table, &header, problems);
    header.prefer_filled(&rows);
    if let Some(cause) = unreadable(&header, &rows) {
        problems.push(file, None, cause);
        return None;
    }
    Some((header, rows, totals))
}

/// Returns why the rows below a header cannot be read as users; `None` if they can.
fn unreadable(header: &Header, rows: &[&TableRow]) -> Option<Cause> {
    let is_filled = |at: usize| rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| !cell.is_blank()));
    if let Some((_, text)) = header.doubled().filter(|(at, _)| is_filled(*at)) {
        return Some(Cause::Doubled { header: text.to_owned() });
    }
    let differs = |(one, other): (usize, usize)| {
        let text = |row: &TableRow, at: usize| row.cells.get(at).map(|cell| cell.text.clone()).filter(|text| !text.is_empty());
        rows.iter().any(|row| text(row, one).zip(text(row, other)).is_some_and(|(one, other)| one != other))
    };
    if let Some((_, _, text)) = header.twins().into_iter().find(|(one, other, _)| differs((*one, *other))) {
        return Some(Cause::Doubled { header: text.to_owned() });
    }
    (!LoginColumns::new(header).has_any(rows)).then_some(Cause::NoLogin)
}

/// The rows of people, and the texts of lines that count them.
fn body<'t>(file: &str, table: &'t Table, header: &Header, problems: &mut Problems) -> (Vec<&'t TableRow>, Vec<String>) {
    let (mut rows, mut totals, mut says_nobody) = (Vec::new(), Vec::new(), false);
    let lengths = table.rows.iter().skip(header.body).map(|row| row.cells.len()).filter(|length| *length >= header.width);
    let have_one_length = lengths.collect::<BTreeSet<_>>().len() <= 1;
    for row in table.rows.iter().skip(header.body).filter(|row| !row.is_blank() && !header.is_repeated(row)) {
        let texts: Vec<&str> = row.texts().collect();
        let joined = texts.join(" ");
        let is_total = texts.first().is_some_and(|text| squash(text).starts_with("total"));
        let is_count = of_count(&joined).is_some() || counted([joined.as_str()]).total.is_some();
        if texts.len() <= 3 && !joined.contains('@') && is_count {
            totals.push(joined);
            continue;
        }
        // "Total Care Tablet" with a user name beside it is somebody.
        let user_name = header.column(Kept::Login).and_then(|column| row.cells.get(column.at)).filter(|cell| !cell.is_blank());
        let has_login = user_name.is_some_and(|cell| !squash(&cell.text).starts_with("total"));
        let is_other_total = is_total && texts.len() <= 3 && !joined.contains('@') && !has_login;
        // "Requested by" in one cell, and the address in the next.
        let is_line = texts.len() == 2 && joined.contains('@') && texts.first().is_some_and(|text| is_about_list(text));
        if is_other_total || is_line || (texts.len() == 1 && is_footer(&joined)) || is_rule(&texts) {
            continue;
        }
        if texts.len() == 1 && !is_state_of_nobody(&joined) && (is_placeholder(&joined) || says_that_nobody(&joined, true)) {
            says_nobody |= says_that_nobody(&joined, true);
            continue;
        }
        if texts.len() == 1 && is_loading(&joined) {
            problems.push(file, Some(row.number), Cause::Loading);
            continue;
        }
        let written = row.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
        // A comma that nobody quoted moves every value after it into the next column. Blank columns after the last header move nothing.
        let is_shifted = !table.is_loose && row.cells.len() > header.cells && !have_one_length;
        if written > header.cells || is_shifted || (!table.is_loose && row.cells.len() < header.width) {
            problems.push(file, Some(row.number), Cause::Ragged { cells: row.cells.len(), header: header.width });
            continue;
        }
        rows.push(row);
    }
    if says_nobody && rows.is_empty() {
        totals.push("0 users".to_owned());
    }
    (rows, totals)
}

/// Reads what the texts around the people say about their number.
pub(in crate::list) fn counted_around(table: &Table, header: &Header, above: &[TableRow], totals: &[String]) -> PageTotal {
    // Where a button loads more, nobody knows how many pages there are.
    let more = table.has_more.then_some("page 1 of 999999999");
    let around = table.around.iter().map(String::as_str).chain(more);
    let mut found = counted(around.chain(above.iter().flat_map(TableRow::texts)).chain(totals.iter().map(String::as_str)));
    found.is_filtered |= table.is_filtered;
    // A grid counts its header, too.
    let by_grid = table.counted_rows.map(|rows| rows.saturating_sub(u64::try_from(header.body).unwrap_or(1)));
    found.total = found.total.or(by_grid);
    found
}

/// Returns whether a row is the line that a table in plain text has below its header.
fn is_rule(texts: &[&str]) -> bool {
    texts.len() > 1 && texts.iter().all(|text| text.len() > 1 && text.chars().all(|c| matches!(c, '-' | ':' | '=' | '─' | '+')))
}

/// Returns whether a line is what reports have below their rows: the page, or when and by whom it was made.
fn is_footer(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: Option<&&str>| word.is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let is_page = words.first() == Some(&"page") && is_number(words.get(1));
    let verbs = ["generated", "printed", "exported", "downloaded", "created"];
    let is_made = words.first().is_some_and(|first| verbs.contains(first)) && words.iter().any(|word| is_number(Some(word)));
    let is_count = words.len() < 6 && words.contains(&"total") && words.iter().any(|word| is_number(Some(word)));
    (!lower.contains('@') && (is_page || is_made || is_count)) || is_about_list(text)
}

/// Returns whether a text such as "No account" is what somebody has, and not how many there are.
fn is_state_of_nobody(text: &str) -> bool {
    matches!(squash(text).as_str(), "noaccount" | "nologin" | "noaccess")
}

/// Returns whether a page says in place of rows that there are none.
fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let is_no = words.next() == Some("no");
    let nouns =
        ["data", "record", "records", "result", "results", "user", "users", "row", "rows", "items", "entries", "matching", "members"];
    is_no && words.clone().count() < 7 && words.next().is_some_and(|word| nouns.contains(&word))
}

/// Notes the titles above a header: lines with one text.
pub(in crate::list) fn titles(above: &[TableRow]) -> Option<About> {
    let titles = above.iter().filter(|row| row.texts().count() == 1).count();
    (titles > 0).then(|| About::RowsAbove(u64::try_from(titles).unwrap_or(u64::MAX)))
}
