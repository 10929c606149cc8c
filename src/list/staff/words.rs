//! The words and columns of a payroll, as somebody explains them: only the office knows what they mean.

use std::collections::BTreeMap;

use crate::list::words::squash;

use super::headers::StaffColumn;

/// The meaning that somebody gives a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaidColumn {
    /// It has a meaning.
    Read(StaffColumn),
    /// It is not to be read.
    Ignored,
}

/// The meanings that columns can be given.
const COLUMNS: [(&str, SaidColumn); 11] = [
    ("email", SaidColumn::Read(StaffColumn::Email)),
    ("user-name", SaidColumn::Read(StaffColumn::UserName)),
    ("number", SaidColumn::Read(StaffColumn::Number)),
    ("name", SaidColumn::Read(StaffColumn::Name)),
    ("first-name", SaidColumn::Read(StaffColumn::First)),
    ("last-name", SaidColumn::Read(StaffColumn::Last)),
    ("status", SaidColumn::Read(StaffColumn::Status)),
    ("left", SaidColumn::Read(StaffColumn::Gone)),
    ("last-day", SaidColumn::Read(StaffColumn::End)),
    ("rehired", SaidColumn::Read(StaffColumn::Rehired)),
    ("ignored", SaidColumn::Ignored),
];

/// The meaning of words and columns that the program does not know, or knows otherwise.
#[derive(Clone, Debug, Default)]
pub struct StaffWords {
    /// Says whether people of a state have left, by the word in its compared form.
    states: BTreeMap<String, bool>,
    /// Headers by their compared form.
    columns: BTreeMap<String, (String, SaidColumn)>,
}

impl StaffWords {
    /// Lists what a column can be said to be.
    pub fn columns() -> impl Iterator<Item = &'static str> {
        COLUMNS.iter().map(|(word, _)| *word)
    }

    /// Adds the meaning of a state.
    pub fn add_state(&mut self, word: &str, has_left: bool) {
        self.states.insert(squash(word), has_left);
    }

    /// Adds the meaning of a column; returns whether `meaning` is one.
    pub fn add_column(&mut self, header: &str, meaning: &str) -> bool {
        let known = COLUMNS.iter().find(|(word, _)| *word == meaning);
        self.columns.extend(known.map(|(_, column)| (squash(header), (header.to_owned(), *column))));
        known.is_some()
    }

    /// Returns whether people of a state have left; `None` if nobody says so.
    pub(super) fn state(&self, text: &str) -> Option<bool> {
        self.states.get(&squash(text)).copied()
    }

    /// Returns what a column is said to be; `None` if nobody says so.
    pub(super) fn column(&self, header: &str) -> Option<SaidColumn> {
        self.columns.get(&squash(header)).map(|(_, column)| *column)
    }

    /// Lists the headers, as they were written, with their compared form.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|(compared, (header, _))| (header.as_str(), compared.as_str()))
    }
}
