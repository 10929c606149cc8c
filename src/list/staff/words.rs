//! What somebody says about the words and columns of their payroll, which only the office knows.

use std::collections::BTreeMap;

use crate::list::words::squash;

use super::headers::StaffColumn;

/// What columns can be said to be.
const COLUMNS: [(&str, Option<StaffColumn>); 11] = [
    ("email", Some(StaffColumn::Email)),
    ("user-name", Some(StaffColumn::UserName)),
    ("number", Some(StaffColumn::Number)),
    ("name", Some(StaffColumn::Name)),
    ("first-name", Some(StaffColumn::First)),
    ("last-name", Some(StaffColumn::Last)),
    ("status", Some(StaffColumn::Status)),
    ("left", Some(StaffColumn::Gone)),
    ("last-day", Some(StaffColumn::End)),
    ("rehired", Some(StaffColumn::Rehired)),
    ("ignored", None),
];

/// The meaning of words and columns that the program does not know, or knows otherwise.
#[derive(Clone, Debug, Default)]
pub struct StaffWords {
    /// Whether people of a state have left, by the word in its compared form.
    states: BTreeMap<String, bool>,
    /// Headers by their compared form; `None` for a column that is not to be read.
    columns: BTreeMap<String, (String, Option<StaffColumn>)>,
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
    pub(super) fn column(&self, header: &str) -> Option<Option<StaffColumn>> {
        self.columns.get(&squash(header)).map(|(_, column)| *column)
    }

    /// Lists the headers, as they were written, with their compared form.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|(compared, (header, _))| (header.as_str(), compared.as_str()))
    }
}
