//! Reads a payroll as a list: names, addresses and user names, and who has left. Other columns are not kept.

mod columns;
mod headers;
mod states;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Email, Staff, StaffName, StaffRow};

use super::general::is_dash;
use super::names;
use super::problem::Cause;
use super::table::{Cell, Lost, Meter, Row, Table};
use super::words::squash;
use super::{encoding, file};

use super::days::{Days, Unclear};
use columns::Columns;
use headers::StaffColumn;
use states::{has_left, heading, yes_or_no};

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
    /// A cell of a column that says who has left is neither yes nor no.
    NotYesOrNo {
        /// The header.
        header: String,
        /// The cell.
        text: String,
    },
}

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
    let are_several = with_header.len() > 1;
    for (table, columns) in with_header {
        staff.has_logins |= columns.has(&[StaffColumn::Email, StaffColumn::UserName]);
        staff.has_ends |= columns.has(&[StaffColumn::Status, StaffColumn::Gone, StaffColumn::End]);
        add_new(&mut staff.columns, columns.read());
        add_new(&mut staff.left_out, columns.left_out());
        let days = Days::of(columns.texts(table, StaffColumn::End), today);
        // The name of a sheet, or a line above some of the rows, can say that all of these people have left.
        let of_table = [table.group.as_deref(), table.heading.as_deref().filter(|_| are_several)];
        let mut by_heading = of_table.into_iter().flatten().find_map(heading);
        staff.has_ends |= by_heading.is_some();
        for row in columns.rows(table) {
            if let Some(state) = columns.heading(row) {
                by_heading = Some(state);
                staff.has_ends = true;
                continue;
            }
            if let Some((cells, header)) = columns.beyond(row) {
                problems.push(StaffProblem { row: Some(row.number), cause: StaffCause::TooManyCells { cells, header } });
                continue;
            }
            match one(row, &columns, days) {
                Ok(Some(person)) => {
                    let is_terminated = person.is_terminated || (by_heading == Some(true) && !columns.says_state(row));
                    staff.rows.push(StaffRow { is_terminated, ..person });
                }
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
    let rows = lines.map(|(number, line)| Row { number, cells: vec![super::csv::cell(line.trim())], ends_blank: true });
    Table { rows: rows.take(super::limits::ROWS).collect(), ..Table::default() }
}

/// Reads a row; `None` if it names nobody.
fn one(row: &Row, columns: &Columns, days: Days) -> Result<Option<StaffRow>, Vec<StaffCause>> {
    let mut problems = Vec::new();
    let mut person = StaffRow { row: row.number, ..StaffRow::default() };
    let (mut emails, mut user_names) = (BTreeSet::new(), BTreeSet::new());
    let mut rehired: Option<Date> = None;
    for (column, header, cell) in columns.cells(row) {
        let text = cell.text.trim();
        let is_blank = is_nothing(text) && cell.lost.is_none() && cell.whole.is_none();
        match column {
            StaffColumn::Email | StaffColumn::UserName | StaffColumn::Number | StaffColumn::Status | StaffColumn::Gone if is_blank => {}
            StaffColumn::Email => match addresses(cell) {
                Some(found) => emails.extend(found),
                None => problems.push(StaffCause::NotAnAddress { header: header.to_owned() }),
            },
            StaffColumn::UserName => match Email::parse(text) {
                Ok(email) => _ = emails.insert(email),
                Err(_) => _ = user_names.insert(text.to_owned()),
            },
            StaffColumn::Number => person.number = some(text),
            StaffColumn::First => person.name.first = name_part(text),
            StaffColumn::Last => person.name.last = name_part(text),
            StaffColumn::OtherFirst => person.name.other_first = name_part(text),
            StaffColumn::OtherLast => person.name.other_last = name_part(text),
            StaffColumn::Name | StaffColumn::NameOrLast => name(&mut person.name, text, &mut emails),
            StaffColumn::Gone => match yes_or_no(text) {
                Some(has_left) => person.is_terminated |= has_left,
                None => problems.push(StaffCause::NotYesOrNo { header: header.to_owned(), text: text.to_owned() }),
            },
            StaffColumn::Status | StaffColumn::OtherStatus => match has_left(text) {
                Ok(has_left) => person.is_terminated |= has_left,
                Err(near) => {
                    problems.push(StaffCause::UnknownState { header: header.to_owned(), word: text.to_owned(), near });
                }
            },
            // A day that is not understood brings nobody back.
            StaffColumn::Rehired => rehired = rehired.max(end(cell, days).unwrap_or_default().filter(|day| !days.is_to_come(*day))),
            StaffColumn::End => match end(cell, days) {
                // The end of a contract says nothing about somebody who has left before.
                Ok(day) => person.end = person.end.into_iter().chain(day).min(),
                Err(Unclear::NotADay) => problems.push(StaffCause::NotADay { header: header.to_owned(), text: text.to_owned() }),
                Err(Unclear::TwoDays(one, other)) => {
                    problems.push(StaffCause::TwoDays { header: header.to_owned(), text: text.to_owned(), days: (one, other) });
                }
            },
        }
    }
    person.end = person.end.filter(|end| rehired.is_none_or(|back| back <= *end));
    person.emails = emails.into_iter().collect();
    person.user_names = user_names.into_iter().collect();
    let is_somebody = !person.emails.is_empty() || !person.user_names.is_empty() || person.name.shown().is_some();
    if problems.is_empty() { Ok(is_somebody.then_some(person)) } else { Err(problems) }
}

/// Returns whether a text says that there is nothing, as people fill in a form that wants an answer.
fn is_nothing(text: &str) -> bool {
    const NOTHING: [&str; 9] = ["none", "null", "nil", "noemail", "notprovided", "notapplicable", "tbd", "aucun", "so"];
    is_dash(text) || NOTHING.contains(&squash(text).as_str())
}

fn some(text: &str) -> Option<String> {
    (!is_dash(text)).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Reads a first or last name. Some payrolls mark people who have left with an asterisk.
fn name_part(text: &str) -> Option<String> {
    some(text.trim_matches('*').trim())
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

fn end(cell: &Cell, days: Days) -> Result<Option<Date>, Unclear> {
    let text = cell.text.trim();
    let has_no_end =
        is_dash(text) || ["never", "none", "null", "open", "current", "present", "no", "non"].contains(&text.to_lowercase().as_str());
    match cell.lost {
        Some(Lost::Cut | Lost::More | Lost::Formula) => Err(Unclear::NotADay),
        None if has_no_end => Ok(None),
        // A workbook stores a day as a number, of which no digit is lost.
        Some(Lost::Digits) | None => days.read(text).map(Some),
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
    fn numbers_other_names_and_totals_are_no_people_of_their_own() {
        let list = staff(
            "Payroll register\nEmployee #,Name,Preferred Name,Maiden name,E-mail,Inactive?,Termination Date,Contract end\n\
             1,\"Reed, Thomas*\",Tom,,tom@glow.example,No,2026-10-31,2027-06-30\n\
             2,Mia Lopez,,Chen,mia@glow.example,Yes,,\n\
             Grand total,2,,,,,,\n2 employees,,,,,,,\n",
        );
        let [tom, mia] = list.rows.as_slice() else { panic!("{list:?}") };
        assert_eq!(
            (tom.name.shown().as_deref(), tom.name.other_first.as_deref(), tom.number.as_deref()),
            (Some("Thomas Reed"), Some("Tom"), Some("1"))
        );
        assert_eq!((mia.name.other_last.as_deref(), mia.is_terminated), (Some("Chen"), true));
        assert_eq!((tom.is_terminated, tom.end), (false, Some(jiff::civil::date(2026, 10, 31))), "the contract ends later");
        let care = staff("Name,Email,Status\nTotal Care Tablet,total@glow.example,Active\nTotal,,\n");
        assert_eq!(care.rows.len(), 1);
    }

    #[test]
    fn columns_that_are_not_read_are_named() {
        let list =
            staff("Nom,Pr\u{e9}nom,Courriel,Statut,Date de fin,NAS,Marital Status\nRoy,Nadia,nadia@lakeside.example,Actif,,1,Single\n");
        assert_eq!(list.columns, ["Nom", "Pr\u{e9}nom", "Courriel", "Statut", "Date de fin"]);
        assert_eq!(list.left_out, ["NAS", "Marital Status"]);
        assert_eq!(list.rows[0].name.shown().as_deref(), Some("Nadia Roy"));
        assert!(list.has_ends && !staff("Name,Email\nAna,ana@glow.example\n").has_ends);
    }

    #[test]
    fn a_heading_says_that_the_people_below_it_have_left() {
        let list = staff(
            "Employee,Email,Status\nActive Employees,,\nAna Ruiz,none,\nKim Park,kim@glow.example,\nTerminated Employees,,\n\
             Employee,Email,Status\nTom Reed,tom@glow.example,\nBea Hill,bea@glow.example,Active\n",
        );
        let said: Vec<(Option<String>, bool)> = list.rows.iter().map(|row| (row.name.shown(), row.is_terminated)).collect();
        let expected = [("Ana Ruiz", false), ("Kim Park", false), ("Tom Reed", true), ("Bea Hill", false)];
        assert_eq!(said, expected.map(|(name, has_left)| (Some(name.to_owned()), has_left)));
        assert!(list.has_ends && list.rows[0].emails.is_empty());
    }

    #[test]
    fn somebody_who_came_back_has_not_left() {
        let list = staff(
            "Name,Email,Status,Hire/Rehire Date,Termination Date\nAna Ruiz,ana@glow.example,Active,2026-03-01,2025-10-31\n\
             Kim Park,kim@glow.example,Active,2020-03-01,2026-10-31\n",
        );
        assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_row_with_a_cell_too_many_is_refused() {
        let problems = read(b"Name,Email,Status\nRuiz, Ana,ana@glow.example,Active\n", today()).unwrap_err();
        assert_eq!(problems, [StaffProblem { row: Some(2), cause: StaffCause::TooManyCells { cells: 4, header: 3 } }]);
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
