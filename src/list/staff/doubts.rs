//! The things that a payroll may say about people who leave in places that are not read: columns with other headers, hidden sheets, tables without a
//! header.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::list::days::{self, Days, Unclear};
use crate::list::found::About;
use crate::list::table::{Table, TableRow, Tables};
use crate::model::StaffDoubt;

use super::headers::{HeaderTopic, is_status, topic};
use super::states::{begins_with_leaving, has_left, state_word, yes_or_no};
use super::words::StaffWords;
use super::{is_no_end, is_nothing};

/// Longer texts are not the state of anybody.
const LONGEST: usize = 80;

/// A column that is not read.
#[derive(Debug)]
pub(super) struct UnreadColumn {
    header: String,
    at: usize,
    topic: HeaderTopic,
    /// Says whether it has nothing but words of states.
    has_states: bool,
    /// Says whether its words can be states that nobody understands, since nothing else has the states.
    may_be_status: bool,
}

impl UnreadColumn {
    /// Looks at the header of a column. `has_states` says whether it has nothing but words of states, and `has_status` whether another column
    /// is read as the status.
    pub(super) fn new(header: &str, at: usize, has_states: bool, has_status: bool) -> Self {
        let topic = topic(header);
        Self {
            header: header.to_owned(),
            at,
            topic,
            has_states,
            may_be_status: !has_status && topic != HeaderTopic::Other && is_status(header),
        }
    }

    /// Returns whether a cell may say that somebody has left.
    fn says_left(&self, text: &str, days: Days, today: Date, said: &StaffWords) -> bool {
        if is_nothing(text) || text.len() > LONGEST || text.contains('@') {
            return false;
        }
        if self.topic != HeaderTopic::Other
            && let Some(has_left) = state_word(text)
        {
            return has_left;
        }
        let flag = yes_or_no(text);
        let is_open = text.ends_with(['-', '\u{2013}', '\u{2014}']) || is_no_end(last_day(text));
        match self.topic {
            HeaderTopic::Leaving if is_open => false,
            HeaderTopic::Other => self.has_states && begins_with_leaving(text),
            HeaderTopic::Leaving => match (flag, days.read(last_day(text))) {
                (Some(flag), _) => flag,
                (None, Ok(day)) => day < today,
                (None, Err(Unclear::TwoDays(_, _))) => true,
                (None, Err(Unclear::NotADay)) => text.contains(char::is_alphabetic) && has_left(text, said) != Ok(false),
            },
            HeaderTopic::Being => flag == Some(false) || begins_with_leaving(text),
            HeaderTopic::Any => begins_with_leaving(text) || (self.may_be_status && flag.is_none() && has_left(text, said).is_err()),
        }
    }
}

/// Returns the second of two days, of which a list can have only the first: `2019-01-01 - 2026-11-20`.
fn last_day(text: &str) -> &str {
    let both = [" - ", " \u{2013} ", " \u{2014} ", " to "].iter().find_map(|between| text.split_once(between));
    both.filter(|(first, _)| days::is_day(first.trim())).map_or(text, |(_, last)| last.trim())
}

/// Finds the columns that are not read and may say of people who count as employed that they have left.
pub(super) fn of_columns<'u>(
    unread: impl Iterator<Item = &'u UnreadColumn>,
    employed: &[&TableRow],
    today: Date,
    said: &StaffWords,
) -> Vec<StaffDoubt> {
    unread
        .filter_map(|column| {
            let texts = || employed.iter().filter_map(|row| Some((row.number, row.cells.get(column.at)?.text.trim())));
            let days = Days::new(texts().map(|(_, text)| text), today);
            // Beside the word for the other side, the word tells where something is.
            let has_sides = texts().any(|(_, text)| text.eq_ignore_ascii_case("right"));
            let is_side = |text: &str| has_sides && text.eq_ignore_ascii_case("left");
            // Most columns have few words, and many people.
            let mut known: BTreeMap<&str, bool> = BTreeMap::new();
            let mut rows: Vec<u64> = Vec::new();
            for (row, text) in texts() {
                if *known.entry(text).or_insert_with(|| !is_side(text) && column.says_left(text, days, today, said)) {
                    rows.push(row);
                }
            }
            (!rows.is_empty()).then(|| StaffDoubt::Column { header: column.header.clone(), rows })
        })
        .collect()
}

/// Finds the sheets that are hidden, and the tables with addresses whose header is not understood.
pub(super) fn of_file(file: &Tables, without_header: &[&Table]) -> Vec<StaffDoubt> {
    let hidden = file.notes.iter().filter_map(|note| {
        let About::HiddenSheet { name } = note else { return None };
        Some(StaffDoubt::HiddenSheet { name: name.clone() })
    });
    let has_address = |table: &&&Table| table.rows.iter().any(|row| row.texts().any(|text| text.contains('@')));
    let tables = without_header.iter().filter(has_address).map(|table| StaffDoubt::Table { heading: table.heading.clone() });
    hidden.chain(tables).collect()
}
