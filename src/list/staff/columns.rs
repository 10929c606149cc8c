//! Finds the header of a payroll and says what its columns mean.

use crate::list::days;
use crate::list::general::is_dash;
use crate::list::header::repeats;
use crate::list::table::{Cell, Table, TableRow};
use crate::list::words::squash;

use super::doubts::UnreadColumn;
use super::headers::{HeaderTopic, StaffColumn, is_free_text, meaning, topic};
use super::is_no_end;
use super::states::{exact, has_left, heading, is_clear, state_word, yes_or_no};
use super::words::{SaidColumn, StaffWords};

/// The number of rows that are looked at to find the header: reports have titles above it.
const HEAD: usize = 60;

/// The columns of a table.
#[derive(Debug)]
pub(super) struct StaffColumns {
    /// The place where the rows of the list begin.
    body: usize,
    /// The columns that are kept: what they mean, their place and their header.
    kept: Vec<(StaffColumn, usize, String)>,
    /// The header's texts, to recognize the row when it is repeated.
    texts: Vec<String>,
    /// The headers of the columns that are not kept.
    left_out: Vec<String>,
    /// Those of which nobody says that they are not to be read.
    unread: Vec<UnreadColumn>,
}

impl StaffColumns {
    /// Finds the header of a table; `None` if no row has words that are understood.
    pub(super) fn find(table: &Table, said: &StaffWords) -> Option<Self> {
        let meaning = |header: &str| match said.column(header) {
            Some(SaidColumn::Read(column)) => Some(column),
            Some(SaidColumn::Ignored) => None,
            None => meaning(header),
        };
        let known = |row: &TableRow| {
            let found: Vec<StaffColumn> = row.texts().filter_map(&meaning).collect();
            let is_somebody = found.iter().any(|column| column.is_of_somebody());
            if is_somebody && (found.len() > 1 || row.texts().count() == 1) { found.len() } else { 0 }
        };
        let head = table.rows.iter().take(HEAD).take_while(|row| !row.texts().any(|text| text.contains('@')));
        let counted = head.enumerate().map(|(at, row)| (at, known(row))).filter(|(_, known)| *known > 0);
        let (at, _) = counted.reduce(|first, other| if other.1 > first.1 { other } else { first })?;
        let cells = &table.rows.get(at)?.cells;
        let body = table.rows.get(at + 1..).unwrap_or_default();
        let headers = headers(cells, body);
        let understood = |(at, header): (usize, &ColumnHeader)| {
            let own = header.is_there.then(|| meaning(&header.text)).flatten();
            let column = match (said.column(&header.text), own) {
                (Some(SaidColumn::Read(column)), _) => column,
                (Some(SaidColumn::Ignored), _) => return None,
                (None, Some(column)) => by_content(column, at, body, said)?,
                (None, None) => {
                    let may_be = topic(&header.text) != HeaderTopic::Other && !is_free_text(&header.text);
                    (may_be && has_states(at, body, said)).then_some(StaffColumn::Status)?
                }
            };
            Some((column, at, header.text.clone()))
        };
        let mut kept: Vec<(StaffColumn, usize, String)> = headers.iter().enumerate().filter_map(understood).collect();
        settle_last_worked(&mut kept, body, said);
        kept.retain(|(column, at, header)| *column != StaffColumn::End || !is_period(header, *at, body));
        let has = |kept: &[(StaffColumn, usize, String)], column: StaffColumn| kept.iter().any(|(own, _, _)| *own == column);
        // "Nom" beside "Prénom" is the last name.
        let is_whole = !has(&kept, StaffColumn::First) || has(&kept, StaffColumn::Last);
        for (column, _, _) in kept.iter_mut().filter(|(column, _, _)| *column == StaffColumn::NameOrLast) {
            *column = if is_whole { StaffColumn::Name } else { StaffColumn::Last };
        }
        if !has(&kept, StaffColumn::First) && has(&kept, StaffColumn::Last) {
            // Some payrolls have no other first name than the one people go by.
            for (column, _, _) in kept.iter_mut().filter(|(column, _, _)| *column == StaffColumn::OtherFirst) {
                *column = StaffColumn::First;
            }
        }
        // The parts of a name say more than the whole, which a second column of names may be about somebody else.
        if has(&kept, StaffColumn::First) && has(&kept, StaffColumn::Last) {
            kept.retain(|(column, _, _)| *column != StaffColumn::Name);
        }
        for single in [StaffColumn::Name, StaffColumn::First, StaffColumn::Last, StaffColumn::Number] {
            let first = kept.iter().position(|(column, _, _)| *column == single);
            let mut at = 0;
            kept.retain(|(column, _, _)| {
                at += 1;
                *column != single || Some(at - 1) == first
            });
        }
        let is_kept = |at: usize| kept.iter().any(|(_, own, _)| *own == at);
        let not_kept = || headers.iter().enumerate().filter(|(at, header)| !header.text.is_empty() && !is_kept(*at));
        let left_out = not_kept().map(|(_, header)| header.text.clone()).collect();
        let has_status = has(&kept, StaffColumn::Status);
        let unread = not_kept().filter(|(_, header)| said.column(&header.text).is_none());
        let unread = unread.map(|(at, header)| UnreadColumn::new(&header.text, at, has_states(at, body, said), has_status)).collect();
        Some(Self { body: at + 1, kept, texts: cells.iter().map(|cell| squash(&cell.text)).collect(), left_out, unread })
    }

    /// Returns whether a column has a meaning.
    pub(super) fn has(&self, wanted: &[StaffColumn]) -> bool {
        self.kept.iter().any(|(column, _, _)| wanted.contains(column))
    }

    /// Lists all headers.
    pub(super) fn headers(&self) -> impl Iterator<Item = &str> {
        self.read().chain(self.left_out())
    }

    /// Lists the headers of the columns that are read.
    pub(super) fn read(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(|(_, _, header)| header.as_str())
    }

    /// Lists the headers of the columns that are not read.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &str> {
        self.left_out.iter().map(String::as_str)
    }

    /// Lists the columns that are not read and of which nobody says so.
    pub(super) fn unread(&self) -> impl Iterator<Item = &UnreadColumn> {
        self.unread.iter()
    }

    /// Returns whether the name or the login of a row is struck through.
    pub(super) fn is_struck(&self, row: &TableRow) -> bool {
        self.cells(row).any(|(column, _, cell)| column.is_of_somebody() && cell.is_struck())
    }

    /// Lists the rows of people, without the header where it is repeated, and without totals.
    pub(super) fn rows<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = &'t TableRow> {
        table.rows.iter().skip(self.body).filter(|row| !row.is_blank() && !self.is_repeated(row) && !self.is_total(row))
    }

    /// Lists the titles of a table: lines above the header with one text.
    pub(super) fn titles<'t>(&self, table: &'t Table) -> impl Iterator<Item = &'t str> {
        let above = table.rows.get(..self.body.saturating_sub(1)).unwrap_or_default();
        above.iter().filter(|row| row.texts().count() == 1).flat_map(TableRow::texts)
    }

    /// Lists the texts of a column.
    pub(super) fn texts<'t>(&'t self, table: &'t Table, meant: StaffColumn) -> impl Iterator<Item = &'t str> {
        let of_row = move |row: &'t TableRow| self.cells(row).filter(move |(column, _, _)| *column == meant);
        self.rows(table).flat_map(of_row).map(|(_, _, cell)| cell.text.as_str())
    }

    /// Lists the cells of a row that are kept, with their columns and headers.
    pub(super) fn cells<'t>(&'t self, row: &'t TableRow) -> impl Iterator<Item = (StaffColumn, &'t str, &'t Cell)> {
        self.kept.iter().filter_map(|(column, at, header)| Some((*column, header.as_str(), row.cells.get(*at)?)))
    }

    /// Returns how many cells a row of separated values has, and the header, if the row has more: then nobody knows which cell belongs to
    /// which column.
    pub(super) fn beyond(&self, row: &TableRow) -> Option<(usize, usize)> {
        let last = row.cells.iter().rposition(|cell| !cell.is_blank())? + 1;
        (!row.ends_blank && last > self.texts.len()).then_some((last, self.texts.len()))
    }

    /// Returns what a line above some of the rows says of them: it has one text, beside which rows have more.
    pub(super) fn heading(&self, row: &TableRow) -> Option<bool> {
        let mut texts = row.texts();
        let only = texts.next().filter(|text| texts.next().is_none() && !text.contains('@'))?;
        heading(only).filter(|_| self.kept.len() > 1)
    }

    /// Returns whether a row has a state of its own.
    pub(super) fn says_state(&self, row: &TableRow) -> bool {
        self.cells(row).any(|(column, _, cell)| [StaffColumn::Status, StaffColumn::Gone].contains(&column) && !is_dash(&cell.text))
    }

    /// Returns whether a cell of a row says that the person has not left: then a blank one elsewhere says nothing.
    pub(super) fn says_employed(&self, row: &TableRow, said: &StaffWords) -> bool {
        self.cells(row).any(|(column, _, cell)| says_employed(column, cell, said))
    }

    fn is_repeated(&self, row: &TableRow) -> bool {
        repeats(&self.texts, row)
    }

    /// Returns whether a row counts people instead of naming one. A row with a login, a state or a last day is somebody's.
    fn is_total(&self, row: &TableRow) -> bool {
        let mut texts = row.texts();
        let begins = texts.next().is_some_and(is_total);
        let is_of_somebody = self.cells(row).any(|(column, _, cell)| {
            let is_count = cell.text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '$'));
            !column.is_name() && column != StaffColumn::Number && !cell.is_blank() && !is_count && !is_total(&cell.text)
        });
        let is_alone = row.texts().count() == 1 && self.kept.len() > 1;
        if is_alone && row.texts().any(is_of_page_or_group) {
            return true;
        }
        begins && texts.count() < 3 && !is_of_somebody && !row.texts().any(|text| text.contains('@'))
    }
}

/// The header of a column, or the name of a column without one.
struct ColumnHeader {
    /// Empty if nothing is in the column.
    text: String,
    /// Says whether the column has a header.
    is_there: bool,
}

/// Names all columns; one without a header is `column C`, as a spreadsheet calls it.
fn headers(cells: &[Cell], body: &[TableRow]) -> Vec<ColumnHeader> {
    let last = |row: &TableRow| row.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
    let width = body.iter().map(last).max().unwrap_or_default().max(cells.len());
    let is_filled = |at: usize| body.iter().any(|row| row.cells.get(at).is_some_and(|cell| !cell.is_blank()));
    let header = |at: usize| match cells.get(at).map(|cell| &cell.text).filter(|text| !text.is_empty()) {
        Some(text) => ColumnHeader { text: text.clone(), is_there: true },
        None if is_filled(at) => ColumnHeader { text: format!("column {}", letters(at)), is_there: false },
        None => ColumnHeader { text: String::new(), is_there: false },
    };
    (0..width).map(header).collect()
}

/// The letters of a column, from 0: A to Z, then AA.
fn letters(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { letter.to_string() } else { format!("{}{letter}", letters(at / 26 - 1)) }
}

/// Returns whether the only text of a line counts pages, or names the people below it: `Page 1 of 3`, `Department: Front Desk`.
fn is_of_page_or_group(text: &str) -> bool {
    let word = squash(text);
    let is_page = word.strip_prefix("page").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_of_state = heading(text).is_some();
    is_page || !is_of_state && text.split_once(':').is_some_and(|(before, behind)| !before.is_empty() && !behind.is_empty())
}

/// Returns whether a text begins a line that counts people or ends a report.
fn is_total(text: &str) -> bool {
    let word = squash(text);
    let bare = word.trim_matches(|c: char| c.is_ascii_digit());
    ["total", "grandtotal", "subtotal", "reporttotal", "companytotal", "soustotal", "endofreport", "endoflist"]
        .iter()
        .any(|known| word.starts_with(known))
        || ["employees", "employee", "people", "records", "rows", "headcount", "count", "employes"].contains(&bare)
}

/// Returns whether a column has nothing but words of states, one of which says that somebody has left. Of words that can mean something else,
/// such as `left`, another word must show the meaning.
fn has_states(at: usize, body: &[TableRow], said: &StaffWords) -> bool {
    let texts = || body.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.text.trim()).filter(|text| !is_dash(text));
    let says = |text: &str| exact(text, said);
    let has_left = |text: &str| says(text) == Some(true);
    texts().all(|text| says(text).is_some()) && texts().any(has_left) && texts().any(|text| !has_left(text) || is_clear(text))
}

/// Returns whether a cell says that the person has not left.
fn says_employed(column: StaffColumn, cell: &Cell, said: &StaffWords) -> bool {
    match column {
        StaffColumn::Status => !is_dash(&cell.text) && has_left(&cell.text, said) == Ok(false),
        StaffColumn::Gone => yes_or_no(&cell.text) == Some(false),
        StaffColumn::Email
        | StaffColumn::UserName
        | StaffColumn::Number
        | StaffColumn::Name
        | StaffColumn::NameOrLast
        | StaffColumn::First
        | StaffColumn::OtherFirst
        | StaffColumn::Last
        | StaffColumn::OtherLast
        | StaffColumn::OtherStatus
        | StaffColumn::End
        | StaffColumn::LastWorked
        | StaffColumn::Rehired => false,
    }
}

/// Takes the last day of work for the last day only if it is that of people who left: time clocks fill it in for those who work there, too.
fn settle_last_worked(kept: &mut Vec<(StaffColumn, usize, String)>, body: &[TableRow], said: &StaffWords) {
    let states: Vec<(StaffColumn, usize)> = kept
        .iter()
        .map(|(column, at, _)| (*column, *at))
        .filter(|(column, _)| [StaffColumn::Status, StaffColumn::Gone].contains(column))
        .collect();
    let is_employed =
        |row: &TableRow| states.iter().any(|(column, at)| row.cells.get(*at).is_some_and(|cell| says_employed(*column, cell, said)));
    let is_filled = |row: &TableRow, at: usize| row.cells.get(at).is_some_and(|cell| !is_no_end(cell.text.trim()));
    let rows: Vec<&TableRow> = people(body).collect();
    let is_last_day = |at: usize| {
        if states.is_empty() {
            rows.len() < 2 || !rows.iter().all(|row| is_filled(row, at))
        } else {
            !rows.iter().any(|row| is_employed(row) && is_filled(row, at))
        }
    };
    kept.retain(|(column, at, _)| *column != StaffColumn::LastWorked || is_last_day(*at));
    for (column, _, _) in kept.iter_mut().filter(|(column, _, _)| *column == StaffColumn::LastWorked) {
        *column = StaffColumn::End;
    }
}

/// Lists the rows that are somebody's: lines that count people begin with a word for that.
fn people(body: &[TableRow]) -> impl Iterator<Item = &TableRow> {
    body.iter().filter(|row| row.texts().count() > 1 && !row.texts().next().is_some_and(is_total))
}

/// Returns whether a column has the end of the period that a payroll is for: all people have the same day.
fn is_period(header: &str, at: usize, body: &[TableRow]) -> bool {
    const OF_PERIODS: [&str; 4] = ["end", "ends", "enddate", "datefin"];
    let rows = || people(body);
    let text = |row: &TableRow| row.cells.get(at).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
    let texts: std::collections::BTreeSet<String> = rows().map(text).collect();
    OF_PERIODS.contains(&squash(header).as_str()) && rows().count() > 2 && texts.len() == 1 && !texts.iter().any(|text| is_no_end(text))
}

/// Returns what a column is by its cells: numbers of employees are not names, and yes and no are not days. `None` if it is not kept.
fn by_content(column: StaffColumn, at: usize, body: &[TableRow], said: &StaffWords) -> Option<StaffColumn> {
    let texts = || body.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.text.trim()).filter(|text| !is_dash(text));
    let all = |is: &dyn Fn(&str) -> bool| texts().next().is_some() && texts().all(is);
    let is_number = |text: &str| text.chars().any(|c| c.is_ascii_digit()) && !text.contains(['@', ' ', ',']);
    let is_flag = |text: &str| yes_or_no(text).is_some();
    let is_state = |text: &str| state_word(text).is_some();
    match column {
        StaffColumn::Name | StaffColumn::NameOrLast => Some(if all(&is_number) { StaffColumn::Number } else { column }),
        StaffColumn::End => Some(if all(&is_flag) { StaffColumn::Gone } else { column }),
        // Words of states are not turned by the header: somebody who is enabled has not left.
        StaffColumn::Gone if texts().any(is_state) => Some(StaffColumn::Status),
        StaffColumn::Gone => Some(if texts().any(|text| !is_flag(text)) { StaffColumn::End } else { column }),
        StaffColumn::OtherStatus => all(&|text| has_left(text, said).is_ok()).then_some(StaffColumn::Status),
        // The last login of a product.
        StaffColumn::UserName => (!all(&days::is_day)).then_some(column),
        StaffColumn::Email
        | StaffColumn::Number
        | StaffColumn::First
        | StaffColumn::OtherFirst
        | StaffColumn::Last
        | StaffColumn::OtherLast
        | StaffColumn::LastWorked
        | StaffColumn::Rehired
        | StaffColumn::Status => Some(column),
    }
}
