//! The reasons why a list is refused: all causes at once, each with its place. The sentences are made where they are shown.

use std::fmt;

use crate::model::{Tab, grouped, size};

use super::limits;
use super::words::Kept;

/// One reason why a list is refused, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProblem {
    /// The file.
    pub file: String,
    /// The line or row in the file, counted from 1; `None` if the whole file is meant.
    pub row: Option<u64>,
    /// The reason.
    pub cause: Cause,
}

/// The reason why a list is refused. A value is contained only where it is a word of a kept column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The file is larger than anything that a list can be.
    TooLarge(Limit),
    /// The file is of a kind that cannot be read.
    Unreadable(Foreign),
    /// The workbook or page is damaged.
    Damaged,
    /// A cell begins with a quotation mark, and its end is missing, so that it swallows the rows after it.
    OpenQuote {
        /// The line with the mark, counted from 1.
        line: u64,
    },
    /// The file is empty.
    Empty,
    /// The page has no table; a frame of it may have one.
    NoTable {
        /// The names of the frames' files.
        frames: Vec<String>,
    },
    /// Nothing tells where the cells of a text begin and end.
    NoColumns,
    /// No row has headers that are understood.
    NoHeader,
    /// Two columns have the same header, and logins: there may be two lists side by side.
    Doubled {
        /// The header.
        header: String,
    },
    /// The list has neither addresses nor user names.
    NoLogin,
    /// The list shows who is signed in now, not who has an account.
    NotUsers,
    /// The row has another number of cells than the header.
    Ragged {
        /// The cells of the row.
        cells: usize,
        /// The cells of the header.
        header: usize,
    },
    /// The row has no login.
    WithoutLogin,
    /// The login is not a whole address; what is wrong with it, and the cell.
    BadAddress(AddressFault, String),
    /// A word in a kept column is not understood.
    UnknownWord {
        /// The column.
        column: Kept,
        /// The header.
        header: String,
        /// The word.
        word: String,
        /// The nearest known word, as a key of the roster.
        near: Option<String>,
        /// The kind of word, which makes it hard to understand.
        kind: WordKind,
    },
    /// Two columns of a row say different things.
    Contradiction {
        /// The headers.
        headers: (String, String),
    },
    /// Two rows of one login say different things.
    Rows {
        /// The login.
        login: String,
        /// The other row, with its file.
        other: (String, u64),
        /// The part that differs.
        differs: Kept,
    },
    /// Nothing says who is active: there is no tab, and no column.
    NoState,
    /// The only column for it says nothing of anybody, or the same of everybody.
    NoStateIn {
        /// The header.
        header: String,
    },
    /// The file says that there is nobody, and nothing says of which tab.
    Nobody,
    /// The page was still loading when it was saved, or could not load the list.
    Loading,
    /// Nobody is in a list in which somebody who sees it must be.
    NobodyActive,
    /// A file or a person says that nobody has a state, and other files show somebody who has.
    Somebody {
        /// The tab.
        tab: Tab,
        /// One of them.
        login: String,
    },
    /// The file says of itself that it shows another tab than the one that was given.
    OtherTab {
        /// The tab that was given.
        given: Tab,
        /// The tab that the page shows.
        chosen: Tab,
    },
    /// The page shows people of other states, too, by a choice on it.
    OtherStates {
        /// The tab that was given.
        given: Tab,
        /// The tab that the page shows; `None` if it shows several.
        shown: Option<Tab>,
        /// The text of the choice.
        by: String,
    },
    /// The page says that there are users, and nobody could be read.
    NobodyRead {
        /// The total.
        total: u64,
    },
    /// A person counts the people of one page, and the page says that there are others.
    OtherPages {
        /// The number of people who were read.
        people: u64,
    },
    /// The list has more rows than its total.
    MoreThanTotal {
        /// The tab.
        tab: Tab,
        /// The rows.
        rows: u64,
        /// The total.
        total: u64,
    },
}

/// The reason why a word is hard to understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// Nobody knows it.
    Plain,
    /// It is the word of a button.
    Action,
    /// It is a yes or a no, and nobody knows to what.
    YesOrNo,
}

/// A limit of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes in a file.
    File,
    /// Bytes of all workbooks, unpacked.
    Unpacked,
    /// Tables and sheets in all files.
    Tables,
    /// Class names and texts of icons in the cells of a page.
    Marks,
    /// Cells in all files.
    Cells,
    /// Rows in all files.
    Rows,
    /// Lines in a text, or bytes in one of them.
    Lines,
    /// Columns in a table.
    Columns,
    /// Bytes in the texts of cells.
    Text,
    /// Elements in a page.
    Nodes,
    /// Elements inside each other in a page.
    Depth,
}

/// A kind of file that cannot be read, although people have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A workbook of Excel 97 to 2003, or one with a password.
    OldWorkbook,
    /// A PDF.
    Pdf,
    /// A web page in one file with its pictures, as Safari saves it (`.webarchive`).
    PageArchive,
    /// Some other archive.
    Archive,
    /// JSON.
    Json,
    /// A picture or another file that is not text.
    Binary,
}

/// A fault of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// It is cut.
    Cut,
    /// Other text is joined to it.
    Joined,
    /// Its cell shows one address, and has the link of another one.
    Two,
    /// It is a number, so that zeros at its beginning may be lost.
    Digits,
    /// It is not an address.
    Form,
}

/// Problems, up to a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The problems, by file and row.
    pub list: Vec<ListProblem>,
    /// The number of those that are left.
    pub more: usize,
}

impl Cause {
    /// Returns whether a page has no table, which another page of the same file can have.
    pub(super) const fn is_no_table(&self) -> bool {
        match self {
            Self::NoTable { .. } => true,
            Self::TooLarge(_)
            | Self::Unreadable(_)
            | Self::Damaged
            | Self::OpenQuote { .. }
            | Self::Empty
            | Self::NoColumns
            | Self::NoHeader
            | Self::Doubled { .. }
            | Self::NoLogin
            | Self::NotUsers
            | Self::Ragged { .. }
            | Self::WithoutLogin
            | Self::BadAddress(_, _)
            | Self::UnknownWord { .. }
            | Self::Contradiction { .. }
            | Self::Rows { .. }
            | Self::NoState
            | Self::Nobody
            | Self::Loading
            | Self::NobodyActive
            | Self::Somebody { .. }
            | Self::NoStateIn { .. }
            | Self::OtherTab { .. }
            | Self::OtherStates { .. }
            | Self::NobodyRead { .. }
            | Self::OtherPages { .. }
            | Self::MoreThanTotal { .. } => false,
        }
    }
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, file: &str, row: Option<u64>, cause: Cause) {
        let problem = ListProblem { file: file.to_owned(), row, cause };
        if self.list.iter().any(|known| is_same(known, &problem)) {
            return;
        }
        if self.list.len() < limits::PROBLEMS { self.list.push(problem) } else { self.more += 1 }
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Returns whether the second problem adds nothing: the same word in the same column.
fn is_same(known: &ListProblem, problem: &ListProblem) -> bool {
    if let (Cause::UnknownWord { column, word, .. }, Cause::UnknownWord { column: other, word: again, .. }) = (&known.cause, &problem.cause)
    {
        return column == other && word == again;
    }
    known == problem
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => write!(f, "{} in a file", size(limits::FILE_BYTES)),
            Self::Unpacked => write!(f, "{} unpacked", size(usize::try_from(limits::UNPACKED_BYTES).unwrap_or(usize::MAX))),
            Self::Tables => write!(f, "{} tables", grouped(limits::TABLES)),
            Self::Marks => write!(f, "{} class names and icons in a page", grouped(limits::MARKS)),
            Self::Cells => write!(f, "{} cells", grouped(limits::CELLS)),
            Self::Rows => write!(f, "{} rows", grouped(limits::ROWS)),
            Self::Lines => write!(f, "{} lines, or {} in a line", grouped(limits::LINES), size(limits::LINE_BYTES)),
            Self::Columns => write!(f, "{} columns", grouped(limits::COLUMNS)),
            Self::Text => write!(f, "{} in a cell, or {} in all cells", size(limits::CELL_BYTES), size(limits::TEXT_BYTES)),
            Self::Nodes => write!(f, "{} elements in a page", grouped(limits::NODES)),
            Self::Depth => write!(f, "{} elements inside each other", grouped(limits::DEPTH)),
        }
    }
}
