//! The people whom a practice pays, as its payroll lists them.

use jiff::civil::Date;

use crate::model::Email;

/// A payroll: one entry for each row that names somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// The rows.
    pub rows: Vec<StaffRow>,
    /// Says whether a column has addresses or user names, so that people can be recognized.
    pub has_logins: bool,
    /// Says whether a column shows who has left, or when; otherwise everybody on it counts as employed.
    pub has_ends: bool,
    /// The number of rows that have nothing in the column of states where others do, and no last day: they count as employed.
    pub without_state: usize,
    /// The headers of the columns that were read.
    pub columns: Vec<String>,
    /// The headers of the columns that were not read.
    pub left_out: Vec<String>,
    /// The parts that were not read and may say that somebody has left.
    pub doubts: Vec<StaffDoubt>,
}

/// Something in a payroll that was not read and may say that somebody has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffDoubt {
    /// A column says something about people who count as employed.
    Column {
        /// Its header.
        header: String,
        /// The lines or rows of these people in the file, counted from 1.
        rows: Vec<u64>,
    },
    /// Names have a mark, such as an asterisk, of people who count as employed: the payroll says so, or most names have one.
    Marked {
        /// The lines or rows of these people in the file, counted from 1.
        rows: Vec<u64>,
    },
    /// Nothing says whether the people of a table have left, although the heading of another table does.
    Untold {
        /// The heading above it, or the name of the sheet.
        heading: Option<String>,
        /// The number of people who count as employed.
        people: usize,
    },
    /// A sheet of the workbook is hidden.
    HiddenSheet {
        /// Its name.
        name: String,
    },
    /// A table with addresses has no header that is understood.
    Table {
        /// The heading above it, or the name of the sheet.
        heading: Option<String>,
    },
}

/// One row of a payroll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffRow {
    /// The line or row in the file, counted from 1.
    pub row: u64,
    /// The number of the employee: rows with the same number and name are one person's.
    pub number: Option<String>,
    /// First and last name, or the whole name alone if nobody can take it apart.
    pub name: StaffName,
    /// All addresses of the row, sorted: of work, and private ones.
    pub emails: Vec<Email>,
    /// The names with which the person signs in where a product has user names, sorted.
    pub user_names: Vec<StaffUserName>,
    /// Says whether the status means that the person has left.
    pub is_terminated: bool,
    /// Says whether the status means that the person has not started yet.
    pub is_to_start: bool,
    /// Says whether the row is struck through, which means so, too.
    pub is_struck: bool,
    /// The last day on the payroll.
    pub end: Option<Date>,
}

/// A user name on a payroll.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaffUserName {
    /// The name.
    pub name: String,
    /// The product that the header names, in lower case without spaces; `None` if it names none.
    pub product: Option<String>,
}

/// A name on a payroll.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaffName {
    /// The first name, if it is known separately.
    pub first: Option<String>,
    /// The last name, if it is known separately.
    pub last: Option<String>,
    /// The whole name, if the row has one in one column.
    pub whole: Option<String>,
    /// The first name that the person goes by.
    pub other_first: Option<String>,
    /// An earlier last name.
    pub other_last: Option<String>,
}

impl StaffName {
    /// Returns the name as people write it; `None` if the row has none.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        let parts = [self.first.as_deref(), self.last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if parts.is_empty() { self.whole.clone() } else { Some(parts) }
    }
}

impl StaffRow {
    /// Returns whether the person has left as of a day: the status says so, the row is struck through, or the last day is over.
    #[must_use]
    pub fn has_left(&self, today: Date) -> bool {
        self.is_terminated || self.is_struck || self.end.is_some_and(|end| end < today)
    }
}
