//! Finds the header of a payroll and says what its columns mean.

use crate::list::table::{Cell, Row, Table};
use crate::list::words::squash;

/// How many rows are looked at to find the header: reports have titles above it.
const HEAD: usize = 60;

/// A column that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StaffColumn {
    /// Addresses, of which a payroll can have several columns.
    Email,
    /// User names, likewise.
    UserName,
    /// First and last name in one column.
    Name,
    /// The first name.
    First,
    /// The last name.
    Last,
    /// A word that says whether the person has left.
    Status,
    /// The last day.
    End,
}

/// Headers by meaning, without anything but letters and digits.
#[rustfmt::skip]
const HEADERS: [(StaffColumn, &[&str]); 7] = [
    (StaffColumn::Email, &["mail", "emails", "emailaddresses", "userprincipalname", "upn", "primaryemailaddress", "emailid"]),
    (StaffColumn::UserName, &["login", "loginname", "loginid", "userid", "usernames", "networkid", "logins", "userlogin", "systemlogin"]),
    (StaffColumn::Name, &["name", "fullname", "legalname", "displayname", "employee", "employeename", "payrollname", "staffmember", "member",
        "person", "worker", "workername", "teammember", "staffname"]),
    (StaffColumn::First, &["firstname", "first", "givenname", "legalfirstname", "forename", "preferredfirstname", "employeefirstname"]),
    (StaffColumn::Last, &["lastname", "last", "surname", "familyname", "legallastname", "employeelastname"]),
    (StaffColumn::Status, &["status", "employmentstatus", "positionstatus", "employeestatus", "jobstatus", "workerstatus", "workstatus", "active",
        "isactive", "employed"]),
    (StaffColumn::End, &["enddate", "end", "ends", "terminationdate", "termdate", "terminated", "terminatedon", "termination", "lastday",
        "lastdayofwork", "lastworkingday", "lastdayworked", "leavingdate", "leavedate", "leaverdate", "dateleft", "dateofleaving", "leftdate",
        "lefton", "left", "separationdate", "exitdate", "employmentend", "employmentenddate", "contractend", "contractenddate", "until",
        "employeduntil", "departuredate", "inactivedate"]),
];

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    /// Where the rows of the list begin.
    body: usize,
    /// The columns that are kept: what they mean, their place and their header.
    kept: Vec<(StaffColumn, usize, String)>,
    /// The header's texts, to recognize the row when it is repeated.
    texts: Vec<String>,
}

impl Columns {
    /// Finds the header of a table; `None` if no row has words that are understood.
    pub(super) fn find(table: &Table) -> Option<Self> {
        let known = |row: &Row| {
            let found: Vec<StaffColumn> = row.texts().filter_map(meaning).collect();
            let is_somebody = found.iter().any(|column| is_of_somebody(*column));
            if is_somebody && (found.len() > 1 || row.texts().count() == 1) { found.len() } else { 0 }
        };
        let head = table.rows.iter().take(HEAD).take_while(|row| !row.texts().any(|text| text.contains('@')));
        let counted = head.enumerate().map(|(at, row)| (at, known(row))).filter(|(_, known)| *known > 0);
        let (at, _) = counted.reduce(|first, other| if other.1 > first.1 { other } else { first })?;
        let cells = &table.rows.get(at)?.cells;
        let mut kept: Vec<(StaffColumn, usize, String)> =
            cells.iter().enumerate().filter_map(|(at, cell)| Some((meaning(&cell.text)?, at, cell.text.clone()))).collect();
        // The parts of a name say more than the whole, which a second column of names may be about somebody else.
        let has = |column: StaffColumn| kept.iter().any(|(own, _, _)| *own == column);
        if has(StaffColumn::First) && has(StaffColumn::Last) {
            kept.retain(|(column, _, _)| *column != StaffColumn::Name);
        }
        for single in [StaffColumn::Name, StaffColumn::First, StaffColumn::Last] {
            let first = kept.iter().position(|(column, _, _)| *column == single);
            let mut at = 0;
            kept.retain(|(column, _, _)| {
                at += 1;
                *column != single || Some(at - 1) == first
            });
        }
        Some(Self { body: at + 1, kept, texts: cells.iter().map(|cell| squash(&cell.text)).collect() })
    }

    /// Returns whether people can be recognized by a column.
    pub(super) fn has_logins(&self) -> bool {
        self.kept.iter().any(|(column, _, _)| [StaffColumn::Email, StaffColumn::UserName].contains(column))
    }

    /// Lists the rows of people, without the header where it is repeated, and without totals.
    pub(super) fn rows<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = &'t Row> {
        table.rows.iter().skip(self.body).filter(|row| !row.is_blank() && !self.is_repeated(row) && !is_total(row))
    }

    /// Lists the texts of a column.
    pub(super) fn texts<'t>(&'t self, table: &'t Table, meant: StaffColumn) -> impl Iterator<Item = &'t str> {
        let of_row = move |row: &'t Row| self.cells(row).filter(move |(column, _, _)| *column == meant);
        self.rows(table).flat_map(of_row).map(|(_, _, cell)| cell.text.as_str())
    }

    /// Lists the cells of a row that are kept, with their columns and headers.
    pub(super) fn cells<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = (StaffColumn, &'t str, &'t Cell)> {
        self.kept.iter().filter_map(|(column, at, header)| Some((*column, header.as_str(), row.cells.get(*at)?)))
    }

    fn is_repeated(&self, row: &Row) -> bool {
        let mut own = self.texts.iter().zip(&row.cells).filter(|(text, _)| !text.is_empty()).peekable();
        own.peek().is_some() && own.all(|(text, cell)| *text == squash(&cell.text))
    }
}

/// Returns what a header means; `None` if the column is not kept.
fn meaning(header: &str) -> Option<StaffColumn> {
    let word = squash(header);
    let known = HEADERS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(column, _)| *column);
    let digits_off = word.trim_end_matches(|c: char| c.is_ascii_digit());
    known.or_else(|| {
        let is_email = digits_off.ends_with("email") || digits_off.ends_with("emailaddress");
        is_email.then_some(StaffColumn::Email).or_else(|| digits_off.ends_with("username").then_some(StaffColumn::UserName))
    })
}

fn is_of_somebody(column: StaffColumn) -> bool {
    [StaffColumn::Email, StaffColumn::UserName, StaffColumn::Name, StaffColumn::First, StaffColumn::Last].contains(&column)
}

/// Returns whether a row counts people instead of naming one.
fn is_total(row: &Row) -> bool {
    let mut texts = row.texts();
    let begins = texts.next().is_some_and(|text| squash(text).starts_with("total"));
    begins && texts.count() < 3 && !row.texts().any(|text| text.contains('@'))
}
