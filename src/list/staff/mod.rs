//! Reads a payroll as a list: names, addresses and user names, and who has left. Other columns are not kept.

mod columns;
mod dates;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Email, Staff, StaffName, StaffRow};
use crate::yaml::nearest;

use super::general::{is_dash, yes_or_no};
use super::names;
use super::problem::Cause;
use super::table::{Cell, Meter, Row, Table};
use super::words::squash;
use super::{encoding, file};

use columns::{Columns, StaffColumn};
use dates::{Days, Unclear};

/// Why a payroll is refused, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffProblem {
    /// The line or row in the file, counted from 1; `None` if the whole file is meant.
    pub row: Option<u64>,
    /// The reason.
    pub cause: StaffCause,
}

/// Why a payroll is refused. A value is contained only where it is a word of a kept column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffCause {
    /// The file cannot be read as a list.
    File(Cause),
    /// No row has headers that are understood.
    NoHeader,
    /// Nobody is on it.
    Nobody,
    /// A cell of a column of addresses is not an address.
    NotAnAddress {
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
        near: Option<&'static str>,
    },
}

/// Words of a state that say that somebody has left.
const LEFT: [&str; 24] = [
    "terminated",
    "terminate",
    "term",
    "inactive",
    "left",
    "former",
    "formeremployee",
    "resigned",
    "separated",
    "retired",
    "dismissed",
    "deceased",
    "ended",
    "laidoff",
    "deactivated",
    "disabled",
    "notactive",
    "notemployed",
    "exemployee",
    "gone",
    "departed",
    "discharged",
    "offboarded",
    "archived",
];

/// Words of a state that say that somebody is on the payroll.
const EMPLOYED: [&str; 26] = [
    "active",
    "employed",
    "current",
    "currentemployee",
    "employee",
    "fulltime",
    "parttime",
    "permanent",
    "temporary",
    "temp",
    "contractor",
    "perdiem",
    "onleave",
    "leave",
    "leaveofabsence",
    "loa",
    "paidleave",
    "unpaidleave",
    "maternityleave",
    "parentalleave",
    "onnotice",
    "probation",
    "hired",
    "newhire",
    "seasonal",
    "enabled",
];

/// Reads a payroll. A day that can be two days is refused if only one of them is before `today`.
///
/// # Errors
/// Returns all problems at once if something is not understood.
pub fn read(bytes: &[u8], today: Date) -> Result<Staff, Vec<StaffProblem>> {
    let whole = |cause: StaffCause| vec![StaffProblem { row: None, cause }];
    let mut tables = file::tables(bytes, &mut Meter::default()).map_err(|why| whole(StaffCause::File(why)))?.tables;
    if tables.is_empty() {
        tables.push(lines(bytes));
    }
    let with_header: Vec<(&Table, Columns)> = tables.iter().filter_map(|table| Some((table, Columns::find(table)?))).collect();
    if with_header.is_empty() {
        return Err(whole(StaffCause::NoHeader));
    }
    let (mut staff, mut problems) = (Staff::default(), Vec::new());
    for (table, columns) in with_header {
        staff.has_logins |= columns.has_logins();
        let days = Days::of(columns.texts(table, StaffColumn::End), today);
        for row in columns.rows(table) {
            match one(row, &columns, days) {
                Ok(Some(person)) => staff.rows.push(person),
                Ok(None) => {}
                Err(causes) => problems.extend(causes.into_iter().map(|cause| StaffProblem { row: Some(row.number), cause })),
            }
        }
    }
    problems.truncate(super::limits::PROBLEMS);
    match (problems.is_empty(), staff.rows.is_empty()) {
        (false, _) => Err(problems),
        (true, true) => Err(whole(StaffCause::Nobody)),
        (true, false) => Ok(staff),
    }
}

/// Makes a table of one column: nothing separates the values of a list that has only addresses.
fn lines(bytes: &[u8]) -> Table {
    let decoded = encoding::decode(bytes);
    let lines = (1..).zip(decoded.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let rows = lines.map(|(number, line)| Row { number, cells: vec![super::csv::cell(line.trim())], ends_blank: true });
    Table { rows: rows.take(super::limits::ROWS).collect(), ..Table::default() }
}

/// Reads a row; `None` if it names nobody.
fn one(row: &Row, columns: &Columns, days: Days) -> Result<Option<StaffRow>, Vec<StaffCause>> {
    let mut problems = Vec::new();
    let mut person = StaffRow { row: row.number, ..StaffRow::default() };
    let (mut emails, mut user_names) = (BTreeSet::new(), BTreeSet::new());
    for (column, header, cell) in columns.cells(row) {
        let text = cell.text.trim();
        let is_blank = is_dash(text) && cell.lost.is_none() && cell.whole.is_none();
        match column {
            StaffColumn::Email | StaffColumn::UserName | StaffColumn::Status if is_blank => {}
            StaffColumn::Email => match addresses(cell) {
                Some(found) => emails.extend(found),
                None => problems.push(StaffCause::NotAnAddress { header: header.to_owned() }),
            },
            StaffColumn::UserName => match Email::parse(text) {
                Ok(email) => _ = emails.insert(email),
                Err(_) => _ = user_names.insert(text.to_owned()),
            },
            StaffColumn::First => person.name.first = some(text),
            StaffColumn::Last => person.name.last = some(text),
            StaffColumn::Name => name(&mut person.name, text, &mut emails),
            StaffColumn::Status => match has_left(text) {
                Ok(has_left) => person.is_terminated |= has_left,
                Err(near) => {
                    problems.push(StaffCause::UnknownState { header: header.to_owned(), word: text.to_owned(), near });
                }
            },
            StaffColumn::End => match end(cell, days) {
                Ok(day) => person.end = person.end.max(day),
                Err(Unclear::NotADay) => problems.push(StaffCause::NotADay { header: header.to_owned(), text: text.to_owned() }),
                Err(Unclear::TwoDays(one, other)) => {
                    problems.push(StaffCause::TwoDays { header: header.to_owned(), text: text.to_owned(), days: (one, other) });
                }
            },
        }
    }
    person.emails = emails.into_iter().collect();
    person.user_names = user_names.into_iter().collect();
    let is_somebody = !person.emails.is_empty() || !person.user_names.is_empty() || person.name.shown().is_some();
    if problems.is_empty() { Ok(is_somebody.then_some(person)) } else { Err(problems) }
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
    let emails: Vec<Email> = parts.map(|part| Email::parse(part.trim_start_matches("mailto:")).ok()).collect::<Option<_>>()?;
    (!emails.is_empty()).then_some(emails)
}

/// Returns whether a word says that somebody has left; the nearest known word if it is not understood.
fn has_left(text: &str) -> Result<bool, Option<&'static str>> {
    let word = squash(text);
    if LEFT.contains(&word.as_str()) {
        return Ok(true);
    }
    if EMPLOYED.contains(&word.as_str()) {
        return Ok(false);
    }
    if let Some(is_active) = yes_or_no(text) {
        return Ok(!is_active);
    }
    let known: Vec<&'static str> = LEFT.into_iter().chain(EMPLOYED).collect();
    Err(nearest(&word, &known).and_then(|near| known.iter().copied().find(|word| *word == near)))
}

fn end(cell: &Cell, days: Days) -> Result<Option<Date>, Unclear> {
    let text = cell.text.trim();
    match cell.lost {
        Some(_) => Err(Unclear::NotADay),
        None if is_dash(text) || ["never", "none", "null", "open", "current", "present"].contains(&text.to_lowercase().as_str()) => {
            Ok(None)
        }
        None => days.read(text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        jiff::civil::date(2026, 11, 29)
    }

    fn staff(text: &str) -> Staff {
        read(text.as_bytes(), today()).unwrap()
    }

    #[test]
    fn names_addresses_user_names_and_ends_are_found_whatever_the_columns_are_called() {
        let list = staff(
            "Employee;Department;Work E-mail;Private email;User name;Employment Status;Last Day;Salary\n\
             Ruiz, Ana;Skin;Ana@Glow.example;ana@home.example;aruiz;Active;;1\n\
             Kim Park;Desk;-;kim@home.example; kim@glow.example;Terminated;2026-10-31;2\n",
        );
        let [ana, kim] = list.rows.as_slice() else { panic!("{list:?}") };
        let emails = |row: &StaffRow| row.emails.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!((ana.row, ana.name.shown().as_deref(), ana.end), (2, Some("Ana Ruiz"), None));
        assert_eq!(
            (emails(ana), ana.user_names.as_slice()),
            (vec!["ana@glow.example".to_owned(), "ana@home.example".to_owned()], &["aruiz".to_owned()][..])
        );
        assert_eq!((emails(kim).len(), kim.is_terminated, kim.end), (2, true, Some(jiff::civil::date(2026, 10, 31))));
        assert!(list.has_logins && kim.has_left(today()) && !ana.has_left(today()));
    }

    #[test]
    fn one_column_of_addresses_is_a_payroll_and_so_are_names_alone() {
        let list = staff("Email\nana@glow.example\n\nkim@glow.example\n");
        assert_eq!(list.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4]);
        let names = staff("First name,Last name\nAna,Ruiz\n");
        assert!(!names.has_logins && names.rows.len() == 1);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let problems = read(
            b"Name,Email,Status,End date\nAna,ana@glow.example,Activ,\nKim,kim at glow,Active,\nLee,lee@glow.example,Active,soon\nMo,mo@glow.example,Active,11/12/2026\n",
            today(),
        )
        .unwrap_err();
        let rows: Vec<Option<u64>> = problems.iter().map(|problem| problem.row).collect();
        assert_eq!(rows, [Some(2), Some(3), Some(4), Some(5)], "{problems:?}");
        assert!(matches!(&problems[0].cause, StaffCause::UnknownState { near: Some("active"), .. }), "{problems:?}");
        assert!(matches!(&problems[3].cause, StaffCause::TwoDays { .. }), "{problems:?}");
        assert_eq!(read(b"a,b\n1,2\n", today()).unwrap_err()[0].cause, StaffCause::NoHeader);
        assert_eq!(read(b"Name,Email\n", today()).unwrap_err()[0].cause, StaffCause::Nobody);
        assert!(matches!(read(b"%PDF-1.7", today()).unwrap_err()[0].cause, StaffCause::File(_)));
    }
}
