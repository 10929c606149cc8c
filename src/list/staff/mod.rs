//! Reads a payroll as a list: names, addresses and user names, and who has left. Other columns are not kept.

mod columns;
mod doubts;
mod headers;
mod marks;
mod states;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Email, Staff, StaffDoubt, StaffName, StaffRow, StaffUserName};

use super::general::{is_cross, is_dash, names_access};
use super::names;
use super::problem::Cause;
use super::table::{Cell, Lost, Meter, Table, TableRow};
use super::words::squash;
use super::{encoding, file};
use crate::yaml::nearest;

use super::days::{Days, Unclear, is_placeholder};
use columns::StaffColumns;
use headers::{StaffColumn, product};
use states::{has_left, heading, is_title_of_leavers, is_to_start, name_of_leaver, yes_or_no};

pub use words::StaffWords;

/// The reason why a payroll is refused, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffProblem {
    /// The lines or rows in the file, counted from 1; empty if the whole file is meant.
    pub rows: Vec<u64>,
    /// The reason.
    pub cause: StaffCause,
}

/// The reason why a payroll is refused. A value is contained only where it is a word of a kept column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffCause {
    /// The file cannot be read as a list.
    File(Cause),
    /// No row has headers that are understood.
    NoHeader,
    /// Somebody says what a column is that the payroll does not have.
    NoColumn {
        /// The header.
        header: String,
        /// The nearest header of the payroll.
        near: Option<String>,
    },
    /// Nobody is on it.
    Nobody,
    /// A row has more cells than the header, so that nobody knows which cell belongs to which column.
    TooManyCells {
        /// The cells of the row.
        cells: usize,
        /// The cells of the header.
        header: usize,
    },
    /// A cell of a column of addresses is not an address.
    NotAnAddress {
        /// The header.
        header: String,
    },
    /// A cell has a formula, and the file does not have its result, or an error in its place.
    Formula {
        /// The header.
        header: String,
    },
    /// A cell is not a day.
    NotADay {
        /// The header.
        header: String,
        /// The cell.
        text: String,
    },
    /// A cell can be two days, of which only one is over.
    TwoDays {
        /// The header.
        header: String,
        /// The cell.
        text: String,
        /// Both days.
        days: (Date, Date),
    },
    /// A word of a column of states is not understood.
    UnknownState {
        /// The header.
        header: String,
        /// The word.
        word: String,
        /// The nearest known word.
        near: Option<String>,
    },
    /// A cell of a column that says who has left is neither yes nor no.
    NotYesOrNo {
        /// The header.
        header: String,
        /// The cell.
        text: String,
    },
}

/// Reads a payroll. A day that can be two days is refused if only one of them is before `today`. `said` comes before what words and headers
/// usually mean.
///
/// # Errors
/// Returns all problems at once if something is not understood.
pub fn read(bytes: &[u8], today: Date, said: &StaffWords) -> Result<Staff, Vec<StaffProblem>> {
    let whole = |cause: StaffCause| vec![StaffProblem { rows: Vec::new(), cause }];
    let mut file = file::tables(bytes, &mut Meter::default()).map_err(|why| whole(StaffCause::File(why)))?;
    if file.tables.is_empty() {
        file.tables.push(lines(bytes));
    }
    let (mut with_header, mut without_header) = (Vec::new(), Vec::new());
    for table in &file.tables {
        match StaffColumns::find(table, said) {
            Some(columns) => with_header.push((table, columns)),
            None => without_header.push(table),
        }
    }
    if with_header.is_empty() {
        return Err(whole(StaffCause::NoHeader));
    }
    let (mut staff, mut problems) = (Staff::default(), missing(&with_header, said));
    staff.doubts = doubts::of_file(&file, &without_header);
    let are_several = with_header.len() > 1;
    let headings: Vec<Option<bool>> = with_header.iter().map(|(table, columns)| heading_of(table, columns, are_several)).collect();
    // Beside a sheet of people who are employed, other sheets may have people who are not.
    let is_told = headings.contains(&Some(false));
    for ((table, columns), mut by_heading) in with_header.into_iter().zip(headings) {
        staff.has_logins |= columns.has(&[StaffColumn::Email, StaffColumn::UserName]);
        staff.has_ends |= columns.has(&[StaffColumn::Status, StaffColumn::Gone, StaffColumn::End]);
        add_new(&mut staff.columns, columns.read());
        add_new(&mut staff.left_out, columns.left_out());
        let has_states = columns.rows(table).any(|row| columns.says_employed(row, said));
        let days = Days::new(columns.texts(table, StaffColumn::End), today);
        staff.has_ends |= by_heading.is_some();
        let is_untold = is_told && by_heading.is_none() && !columns.has(&[StaffColumn::Status, StaffColumn::Gone, StaffColumn::End]);
        let marks_tell = marks::are_used(table, &columns);
        let mut employed: Vec<&TableRow> = Vec::new();
        let mut marked: Vec<u64> = Vec::new();
        for row in columns.rows(table) {
            if let Some(state) = columns.heading(row) {
                by_heading = Some(state);
                staff.has_ends = true;
                continue;
            }
            if let Some((cells, header)) = columns.beyond(row) {
                add_problem(&mut problems, row.number, StaffCause::TooManyCells { cells, header });
                continue;
            }
            match one(row, &columns, days, said) {
                Ok(Some(person)) => {
                    let says_nothing = by_heading.is_none() && person.end.is_none() && !columns.says_state(row);
                    let is_marked = marks::is_marked(row, &columns);
                    let leaves_by_mark = is_marked && marks_tell && !columns.says_employed(row, said);
                    let by_heading = by_heading == Some(true) && !columns.says_state(row);
                    let is_terminated = person.is_terminated || by_heading || leaves_by_mark;
                    let person = StaffRow { is_terminated, is_struck: columns.is_struck(row), ..person };
                    staff.has_ends |= person.is_terminated || person.is_struck;
                    if !person.has_left(today) {
                        staff.without_state += usize::from(has_states && says_nothing);
                        marked.extend(is_marked.then_some(row.number));
                        employed.push(row);
                    }
                    staff.rows.push(person);
                }
                Ok(None) => {}
                Err(causes) => {
                    for cause in causes {
                        add_problem(&mut problems, row.number, cause);
                    }
                }
            }
        }
        staff.doubts.extend(doubts::of_columns(columns.unread(), &employed, today, said));
        staff.doubts.extend((!marked.is_empty()).then_some(StaffDoubt::Marked { rows: marked }));
        let untold = is_untold && by_heading.is_none() && !employed.is_empty();
        staff.doubts.extend(
            untold.then(|| StaffDoubt::Untold { heading: table.group.clone().or_else(|| table.heading.clone()), people: employed.len() }),
        );
    }
    match (problems.is_empty(), staff.rows.is_empty()) {
        (false, _) => Err(problems),
        (true, true) => Err(whole(StaffCause::Nobody)),
        (true, false) => Ok(staff),
    }
}

/// Returns whether the name of a sheet, a heading or a title says of all people in a table that they have left, or that they have not.
fn heading_of(table: &Table, columns: &StaffColumns, are_several: bool) -> Option<bool> {
    let of_table = [table.group.as_deref(), table.heading.as_deref().filter(|_| are_several)];
    let by_heading = of_table.into_iter().flatten().find_map(heading);
    by_heading.or_else(|| columns.titles(table).any(is_title_of_leavers).then_some(true))
}

/// Adds a problem of a row. The same cause is one problem of several rows: a word of one column is in many.
fn add_problem(problems: &mut Vec<StaffProblem>, row: u64, cause: StaffCause) {
    if let Some(problem) = problems.iter_mut().find(|problem| problem.cause == cause) {
        problem.rows.push(row);
    } else if problems.len() < super::limits::PROBLEMS {
        problems.push(StaffProblem { rows: vec![row], cause });
    }
}

/// Lists the columns that somebody names and no table has.
fn missing(tables: &[(&Table, StaffColumns)], said: &StaffWords) -> Vec<StaffProblem> {
    let has = |compared: &str| tables.iter().any(|(_, columns)| columns.headers().any(|header| squash(header) == compared));
    let all: Vec<&str> = tables.iter().flat_map(|(_, columns)| columns.headers()).collect();
    let absent = said.headers().filter(|(_, compared)| !has(compared));
    absent
        .map(|(header, _)| {
            let near = nearest(header, &all).map(str::to_owned);
            StaffProblem { rows: Vec::new(), cause: StaffCause::NoColumn { header: header.to_owned(), near } }
        })
        .collect()
}

/// Adds the headers that are new.
fn add_new<'h>(known: &mut Vec<String>, headers: impl Iterator<Item = &'h str>) {
    for header in headers.map(|header| header.split_whitespace().collect::<Vec<_>>().join(" ")) {
        if !known.contains(&header) {
            known.push(header);
        }
    }
}

/// Makes a table of one column: nothing separates the values of a list that has only addresses.
fn lines(bytes: &[u8]) -> Table {
    let decoded = encoding::decode(bytes);
    let lines = (1..).zip(decoded.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let rows = lines.map(|(number, line)| TableRow { number, cells: vec![super::csv::cell(line.trim())], ends_blank: true });
    Table { rows: rows.take(super::limits::ROWS).collect(), ..Table::default() }
}

/// Reads a row; `None` if it names nobody.
fn one(row: &TableRow, columns: &StaffColumns, days: Days, said: &StaffWords) -> Result<Option<StaffRow>, Vec<StaffCause>> {
    let mut problems = Vec::new();
    let mut person = StaffRow { row: row.number, ..StaffRow::default() };
    let (mut emails, mut user_names) = (BTreeSet::new(), BTreeSet::new());
    let mut rehired: Option<Date> = None;
    let mut has_state = false;
    for (column, header, cell) in columns.cells(row) {
        let name_alone = if column.is_name() { name_of_leaver(cell.text.trim()) } else { None };
        person.is_terminated |= name_alone.is_some();
        let text = name_alone.as_deref().unwrap_or_else(|| cell.text.trim());
        let unmarked = if column.is_name() { crate::list::name_marks::unmarked(text) } else { None };
        let text = unmarked.as_deref().unwrap_or(text);
        let is_blank = is_nothing(text) && cell.lost.is_none() && cell.whole.is_none();
        if cell.lost == Some(Lost::Formula) {
            problems.push(StaffCause::Formula { header: header.to_owned() });
            continue;
        }
        match column {
            StaffColumn::Email | StaffColumn::UserName | StaffColumn::Number | StaffColumn::Status | StaffColumn::Gone if is_blank => {}
            StaffColumn::Email => match addresses(cell) {
                Some(found) => emails.extend(found),
                None => problems.push(StaffCause::NotAnAddress { header: header.to_owned() }),
            },
            StaffColumn::UserName => match Email::parse(text) {
                Ok(email) => _ = emails.insert(email),
                Err(_) => _ = user_names.insert(StaffUserName { name: text.to_owned(), product: product(header) }),
            },
            StaffColumn::Number => person.number = some(text),
            StaffColumn::First => person.name.first = some(text),
            StaffColumn::Last => person.name.last = some(text),
            StaffColumn::OtherFirst => person.name.other_first = some(text),
            StaffColumn::OtherLast => person.name.other_last = some(text),
            StaffColumn::Name | StaffColumn::NameOrLast => name(&mut person.name, text, &mut emails),
            StaffColumn::Gone => match yes_or_no(text) {
                Some(has_left) => person.is_terminated |= has_left,
                None => problems.push(StaffCause::NotYesOrNo { header: header.to_owned(), text: text.to_owned() }),
            },
            StaffColumn::Status | StaffColumn::OtherStatus if is_cross(text) && !names_access(header) && said.state(text).is_none() => {
                problems.push(StaffCause::UnknownState { header: header.to_owned(), word: text.to_owned(), near: None });
            }
            StaffColumn::Status | StaffColumn::OtherStatus => match has_left(text, said) {
                Ok(has_left) => {
                    person.is_terminated |= has_left;
                    // Another state beside it says that the person works.
                    person.is_to_start = is_to_start(text, said) && (person.is_to_start || !has_state);
                    has_state = true;
                }
                Err(near) => {
                    problems.push(StaffCause::UnknownState { header: header.to_owned(), word: text.to_owned(), near });
                }
            },
            // A day that is not understood brings nobody back.
            StaffColumn::Rehired => rehired = rehired.max(end(cell, days).unwrap_or_default().filter(|day| !days.is_to_come(*day))),
            StaffColumn::End | StaffColumn::LastWorked => match end(cell, days) {
                // The end of a contract says nothing about somebody who has left before.
                Ok(day) => person.end = person.end.into_iter().chain(day).min(),
                Err(Unclear::NotADay) => problems.push(StaffCause::NotADay { header: header.to_owned(), text: text.to_owned() }),
                Err(Unclear::TwoDays(one, other)) => {
                    problems.push(StaffCause::TwoDays { header: header.to_owned(), text: text.to_owned(), days: (one, other) });
                }
            },
        }
    }
    // A day that far away is how programs write that there is none.
    person.end = person.end.filter(|end| end.year() < NEVER && rehired.is_none_or(|back| back <= *end));
    person.emails = emails.into_iter().collect();
    person.user_names = user_names.into_iter().collect();
    let is_somebody = !person.emails.is_empty() || !person.user_names.is_empty() || person.name.shown().is_some();
    if problems.is_empty() { Ok(is_somebody.then_some(person)) } else { Err(problems) }
}

/// Returns whether a text says that there is nothing, as people fill in a form that wants an answer.
fn is_nothing(text: &str) -> bool {
    const NOTHING: [&str; 10] = ["none", "null", "nil", "noemail", "notprovided", "notapplicable", "tbd", "tba", "aucun", "so"];
    is_dash(text) || NOTHING.contains(&squash(text).as_str())
}

fn some(text: &str) -> Option<String> {
    (!is_dash(text)).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Reads a whole name, which can have an address beside it.
fn name(name: &mut StaffName, text: &str, emails: &mut BTreeSet<Email>) {
    let cell = names::name_cell(text);
    emails.extend(cell.email);
    let Some(whole) = some(&cell.name) else { return };
    match names::split(&whole) {
        Some((first, last)) if name.first.is_none() && name.last.is_none() => {
            name.first = Some(first);
            name.last = Some(last);
        }
        Some(_) | None => name.whole = Some(whole),
    }
}

/// Reads the addresses of a cell; `None` if a part of it is not one.
fn addresses(cell: &Cell) -> Option<Vec<Email>> {
    if let Some(email) = cell.whole.as_deref().and_then(|whole| Email::parse(whole).ok()) {
        return Some(vec![email]);
    }
    if cell.lost.is_some() {
        return None;
    }
    let parts = cell.text.split([';', ',', '\n', '/', ' ', '<', '>', '(', ')']).map(str::trim).filter(|part| !part.is_empty());
    // A name can be beside the address: `Ana Ruiz <ana@glow.example>`.
    let has_name = cell.text.contains(['<', '(']);
    let parts = parts.filter(|part| !has_name || part.contains('@'));
    let emails: Vec<Email> = parts.map(|part| Email::parse(part.trim_start_matches("mailto:")).ok()).collect::<Option<_>>()?;
    (!emails.is_empty()).then_some(emails)
}

/// The first year in which no last day is one: programs write 2999 and 9999 for "never".
const NEVER: i16 = 2_200;

/// The words that payrolls write in place of a last day that nobody knows.
const NO_END: [&str; 12] =
    ["never", "none", "null", "open", "current", "present", "no", "non", "0", "00/00/0000", "0000-00-00", "00-00-0000"];

/// Returns whether a text says that there is no last day.
fn is_no_end(text: &str) -> bool {
    is_nothing(text) || NO_END.contains(&text.to_lowercase().as_str())
}

fn end(cell: &Cell, days: Days) -> Result<Option<Date>, Unclear> {
    // The first and the last day of a workbook's calendar, as days and as the numbers that it stores.
    const FIRST: i16 = 1900;
    const LAST: (&str, Date) = ("2958465", Date::constant(9999, 12, 31));
    let text = cell.text.trim();
    let has_no_end = is_no_end(text);
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    match cell.lost {
        Some(Lost::Cut | Lost::More | Lost::Formula) => Err(Unclear::NotADay),
        None if has_no_end || is_placeholder(text) => Ok(None),
        Some(Lost::Digits) if whole == "0" || whole == "1" => Ok(None),
        Some(Lost::Digits) if whole == LAST.0 => Ok(Some(LAST.1)),
        // A workbook stores a day as a number, of which no digit is lost.
        Some(Lost::Digits) | None => days.read(text).map(|day| Some(day).filter(|day| day.year() > FIRST)),
    }
}
