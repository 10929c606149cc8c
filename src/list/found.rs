//! The content of the lists of one call: people with what is known of each, and what each file lacks.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, LoginName, Standing, Tab, Value};
use crate::platform::MarkedState;

use super::words::Kept;

/// All users that the files of one call show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserList {
    /// The lists that were given, by tab.
    pub tabs: BTreeMap<Tab, TabFound>,
    /// The fields that at least one file shows.
    pub fields: BTreeSet<Field>,
    /// Says whether a file shows who is active, inactive or pending.
    pub status: bool,
    /// Says whether a file shows who is blocked.
    pub blocked: bool,
    /// The people by login.
    pub people: BTreeMap<LoginName, Person>,
    /// The headers that are not understood, by file; nothing of these columns is kept.
    pub unknown: BTreeMap<String, Vec<String>>,
    /// The notes about the files that a person should read.
    pub notes: Vec<Note>,
}

/// The content of one tab of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TabFound {
    /// The number of people that the page says there are.
    pub total: Option<u64>,
    /// The number of people in the files of the tab.
    pub people: u64,
    /// The number of rows in the files of the tab.
    pub rows: u64,
    /// Says whether a search or filter was on.
    pub is_filtered: bool,
    /// Says whether that is so because of a choice on the page, such as a clinic, while no person says how many users there are.
    pub is_chosen: bool,
}

/// The facts that the lists show of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The fields; `Unset` is an empty cell, an absent field is unknown.
    pub fields: BTreeMap<Field, Value>,
    /// The whole name, where first and last name share a column.
    pub name: Option<String>,
    /// The fields whose entries are from several rows, so that nobody knows which comes first.
    pub unordered: BTreeSet<Field>,
    /// Active, inactive or pending; `None` if unknown.
    pub status: Option<Standing>,
    /// Says whether the person is blocked; `None` if unknown.
    pub blocked: Option<bool>,
    /// Says whether the person is pending, and the list shows that the invitation has expired.
    pub is_expired: bool,
}

/// Something about a file that a person should know, although the list can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub file: String,
    /// The kind of note.
    pub about: About,
}

impl About {
    /// Lists the rows of which a column that is not read says another state.
    pub(super) fn rows_of_state(&self) -> &[u64] {
        if let Self::StateNotRead { rows, .. } = self { rows } else { &[] }
    }

    /// Lists the icons that a column has and nobody has explained.
    pub(super) fn icons_of_column(&self) -> &[String] {
        if let Self::IconsOfColumn { icons, .. } = self { icons } else { &[] }
    }

    /// The header of a column that should say who is active, and does not.
    pub(super) fn column_without_state(&self, headers: &super::words::Headers) -> Option<String> {
        let of_state = |header: &String| headers.meaning(header).is_some_and(|meaning| meaning.kept == Kept::Status);
        let header = if let Self::SilentColumn { header } | Self::EqualBoxes { header } = self { Some(header) } else { None };
        header.filter(|header| of_state(header)).cloned()
    }
}

/// The content of a note about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The bytes are not UTF-8, and were read as if they were in this encoding.
    Encoding(Guess),
    /// So many rows above the header were left out.
    RowsAbove(u64),
    /// These rows have damaged or unreadable numbers in the column.
    Damaged {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// These rows have no known value in the column, such as one that is cut or "+2 more".
    Unknown {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// All boxes of the column are equal, so that the page may not have saved them.
    EqualBoxes {
        /// The header.
        header: String,
    },
    /// A column that is not read says of these rows that they have another state.
    StateNotRead {
        /// The header.
        header: String,
        /// The words of the first of them.
        word: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// These people have the value of the row above, since their cells are merged with it.
    Merged {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// Two columns mean the same, and say different things of these people.
    Rivals {
        /// The meaning of both.
        column: super::words::Kept,
        /// The header of the column that is read, and that of the other one.
        headers: [String; 2],
        /// The rows.
        rows: Vec<u64>,
    },
    /// A column that is not read gives these people another role than the column of roles.
    OtherRole {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// No cell of the column says who is active.
    SilentColumn {
        /// The header.
        header: String,
    },
    /// The column has icons that differ, and nobody has said what they mean.
    IconsOfColumn {
        /// The column.
        column: Kept,
        /// The header.
        header: String,
        /// Titles and class names.
        icons: Vec<String>,
    },
    /// No cell of the column has a value, and everybody must have one.
    BlankColumn {
        /// The header.
        header: String,
    },
    /// No row has what marks this state, so that the file does not show it.
    NoMark {
        /// The state, as a key of `marks:`.
        state: MarkedState,
    },
    /// These rows have no login and no access.
    WithoutAccount {
        /// The rows.
        rows: Vec<u64>,
    },
    /// The page keeps only the rows or columns in view.
    Hidden {
        /// Says whether columns are missing, and not rows.
        columns: bool,
        /// The number of them in the file.
        read: u64,
        /// The number of them that the page gives.
        counted: u64,
    },
    /// A line above these people is not understood, so that nobody knows what it says of them.
    LineAbove {
        /// The line.
        text: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// The text of these rows is struck through, and nobody has said what that means.
    Struck {
        /// The rows.
        rows: Vec<u64>,
    },
    /// The names in these rows have a mark, such as an asterisk or `zz`, of people who have left, and the list says that they have access.
    MarkedNames {
        /// The rows.
        rows: Vec<u64>,
    },
    /// The days in these rows can be two days, so that nobody knows whether the invitations have expired.
    UnclearExpiry {
        /// The rows.
        rows: Vec<u64>,
    },
    /// The page shows these rows as ones of people without access, and nobody has said whether they are.
    Faded {
        /// The class that says so.
        class: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// A column about employment says that these people have left, and the file is of people who have an account.
    Employment {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// A text beside these people speaks of a state, and nobody has said what it means.
    Stray {
        /// The text.
        text: String,
        /// Says whether it is the text or the class of an icon.
        is_icon: bool,
        /// The rows.
        rows: Vec<u64>,
    },
    /// These people are active by the list, and a sign speaks against it: somebody must look.
    MayBeGone {
        /// The kind of sign.
        clue: Clue,
        /// The class, the word of the login, or the header of the column with the box.
        text: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// The column names several roles in these rows, and an account has one.
    SeveralRoles {
        /// The header.
        header: String,
        /// The rows.
        rows: Vec<u64>,
    },
    /// The page says that there are more users than a person says.
    PageCountsMore {
        /// The number on the page.
        page: u64,
        /// The number that a person gives.
        asked: u64,
    },
    /// A sheet of the workbook is hidden, and was left out.
    HiddenSheet {
        /// Its name.
        name: String,
    },
    /// Several tables of the page have users, under these headings.
    SeveralTables {
        /// The headings; a table without one is not among them.
        headings: Vec<String>,
        /// The number of tables.
        count: usize,
    },
    /// Some rows have icons with these titles and classes, which nobody has explained.
    Icons {
        /// Titles and class names, the rarest first.
        classes: Vec<String>,
        /// The state that one of them may mark.
        state: MarkedState,
    },
}

/// A sign that somebody whom a list calls active may have no access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    /// A class of the row, the name or the login.
    Class,
    /// A word in the login.
    Login,
    /// A box beside the word "Active" that is not ticked, in a column about something else.
    Box,
}

/// One row, read.
#[derive(Clone, Debug)]
pub(in crate::list) struct Draft {
    pub(in crate::list) login: LoginName,
    pub(in crate::list) row: u64,
    pub(in crate::list) person: Person,
    /// Fields of which more exists than is shown.
    pub(in crate::list) unknown: BTreeSet<Field>,
    /// Says whether the row shows that nobody can know the person's state.
    pub(in crate::list) is_state_unknown: bool,
}

impl Draft {
    /// Forgets whether somebody has access: nobody knows.
    pub(in crate::list) fn forget_state(&mut self) {
        (self.person.status, self.person.is_expired, self.is_state_unknown) = (None, false, true);
    }

    /// Forgets that names and title are empty: what a person has not confirmed is not shown.
    pub(in crate::list) fn forget_unconfirmed(&mut self) {
        for field in [Field::FirstName, Field::LastName, Field::Title] {
            if self.person.fields.get(&field).is_none_or(|value| *value == Value::Unset) {
                self.person.fields.remove(&field);
                self.unknown.insert(field);
            }
        }
    }
}

/// An encoding that no mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// Windows-1252.
    Windows,
    /// Mac OS Roman, which spreadsheets on a Mac write.
    Mac,
}

impl Guess {
    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows-1252",
            Self::Mac => "Mac OS Roman",
        }
    }
}
