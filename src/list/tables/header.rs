//! Finds the header of a table and says what its columns mean.

use std::collections::BTreeMap;

use crate::model::{Field, NAME};

use super::table::{Table, TableRow};
use crate::list::meaning::Sense;
use crate::list::problem::Cause;
use crate::list::words::{Headers, Kept, Meaning, Words, squash};

/// The number of rows that are looked at to find the header: reports have titles above it.
const HEAD: usize = 60;

/// The rank of a column that has more of what another one has: all of them count.
pub(in crate::list) const FURTHER: usize = usize::MAX;

/// The columns of a table.
#[derive(Debug)]
pub(in crate::list) struct Header {
    /// The place where the rows of the list begin.
    pub(in crate::list) body: usize,
    /// The number of rows of the header.
    pub(in crate::list) lines: usize,
    /// The number of columns of the header, up to its last text.
    pub(in crate::list) width: usize,
    /// The number of cells of the header, with the blank ones at its end.
    pub(in crate::list) cells: usize,
    /// The columns that are kept, in the order of the table.
    pub(in crate::list) columns: Vec<Column>,
    /// The columns that mean the same as one of these, and are not read.
    pub(in crate::list) rivals: Vec<Column>,
    /// The headers of the other columns.
    pub(in crate::list) unknown: Vec<String>,
    /// The columns whose header is not one of these: it may name a clinic or a role.
    pub(in crate::list) others: Vec<(usize, String)>,
    /// The header's texts, to recognize the row when it is repeated.
    texts: Vec<String>,
}

/// A column that is kept.
#[derive(Clone, Debug)]
pub(in crate::list) struct Column {
    pub(in crate::list) at: usize,
    pub(in crate::list) header: String,
    pub(in crate::list) meaning: Meaning,
    /// Says whether the same column gives something else, too: the state beside a role.
    pub(in crate::list) is_shared: bool,
}

impl Header {
    /// Finds the header of a table; `None` if no row has words that are understood.
    pub(in crate::list) fn find(table: &Table, words: &Headers) -> Option<Self> {
        let count = |row: &TableRow| {
            let known: std::collections::BTreeSet<Kept> = row.texts().filter_map(|text| Some(words.meaning(text)?.kept)).collect();
            let is_somebody = known.iter().any(|kept| [Kept::Email, Kept::Login, Kept::Name].contains(kept) || is_name(*kept));
            let is_enough = known.len() > 1 || (row.cells.len() == 1 && known.contains(&Kept::Email));
            if is_somebody && is_enough { known.len() } else { 0 }
        };
        let head = table.rows.iter().take(HEAD);
        let before_people = head.take_while(|row| !is_of_somebody(row));
        let best = before_people.enumerate().map(|(at, row)| (at, count(row))).filter(|(_, known)| *known > 0);
        // The first of those with most words.
        let (at, _) = best.reduce(|first, other| if other.1 > first.1 { other } else { first })?;
        let mut texts: Vec<String> = table.rows.get(at)?.cells.iter().map(|cell| cell.text.clone()).collect();
        // "Active (2)" alone in its row is about the people below it.
        let is_group = |row: &TableRow| row.texts().count() == 1 && row.texts().all(crate::list::general::names_state);
        let is_header =
            |row: &&TableRow| row.texts().next().is_some() && row.texts().all(|text| words.meaning(text).is_some()) && !is_group(row);
        // A merged header has two rows: the names of groups, and below them those of their columns.
        if let Some(above) = at.checked_sub(1).and_then(|above| table.rows.get(above)) {
            fill(&mut texts, above, |own, new| own.is_empty() && words.meaning(new).is_some());
        }
        let below = table.rows.get(at + 1).filter(is_header);
        if let Some(below) = below {
            fill(&mut texts, below, |_, _| true);
        }
        let lines = 1 + usize::from(below.is_some());
        Some(Self { lines, ..Self::new(&texts, at + lines, words) })
    }

    /// Finds the header of a table of users.
    pub(in crate::list) fn of_users(table: &Table, words: &Words<'_>, headers: &Headers) -> Result<Self, Cause> {
        let header = Self::find(table, headers).ok_or(if table.rows.is_empty() { Cause::Empty } else { Cause::NoHeader })?;
        let is_about_others = header.unknown.iter().any(|text| words.is_not_users(text));
        if is_about_others { Err(Cause::NotUsers) } else { Ok(header) }
    }

    /// Says what the columns with these headers mean.
    fn new(texts: &[String], body: usize, words: &Headers) -> Self {
        let mut best: BTreeMap<Kept, Vec<Column>> = BTreeMap::new();
        let (mut unknown, mut others) = (Vec::new(), Vec::new());
        let names_first = |text: &String| words.meaning(text).is_some_and(|meaning| meaning.kept == Kept::Field(Field::FirstName));
        let has_first = texts.iter().any(names_first);
        for (at, header) in texts.iter().enumerate() {
            let meaning = words.meaning(header).map(|meaning| {
                // Beside "Prénom", "Nom" is the last name.
                let is_last_name = meaning.kept == Kept::Name && has_first && squash(header) == "nom";
                if is_last_name { Meaning { kept: Kept::Field(Field::LastName), ..meaning } } else { meaning }
            });
            match meaning {
                Some(meaning) => {
                    let other = words.besides_state(header);
                    let kinds = match other {
                        Some(other) => vec![Meaning { kept: Kept::Status, ..meaning }, Meaning { kept: other, ..meaning }],
                        None => vec![meaning],
                    };
                    for meaning in kinds {
                        let column = Column { at, header: header.clone(), meaning, is_shared: other.is_some() };
                        best.entry(meaning.kept).or_default().push(column);
                    }
                }
                None if header.is_empty() => {}
                None if words.further(header).is_some_and(is_set) => {
                    let kept = words.further(header).unwrap_or(Kept::Field(Field::Phones));
                    let meaning = Meaning { kept, sense: Sense::Plain, rank: FURTHER };
                    best.entry(kept).or_default().push(Column { at, header: header.clone(), meaning, is_shared: false });
                }
                None => {
                    unknown.push(header.clone());
                    others.push((at, header.clone()));
                }
            }
        }
        let (mut columns, mut rivals) = (Vec::new(), Vec::new());
        for (kept, mut candidates) in best {
            candidates.sort_by_key(|column| (column.meaning.rank, column.at));
            let mut place = 0;
            let (kept, left): (Vec<Column>, Vec<Column>) = candidates.into_iter().partition(|column| {
                place += 1;
                place == 1 || is_several(kept) || column.meaning.rank == FURTHER
            });
            others.extend(
                left.iter()
                    .filter(|column| column.meaning.kept == Kept::Field(Field::Role))
                    .map(|column| (column.at, column.header.clone())),
            );
            unknown.extend(left.iter().map(|column| column.header.clone()));
            rivals.extend(left);
            columns.extend(kept);
        }
        let has = |kept: Kept, columns: &[Column]| columns.iter().any(|column| column.meaning.kept == kept);
        let is_split = |columns: &[Column]| columns.iter().filter(|column| is_name(column.meaning.kept)).count() == 2;
        if is_split(&columns) && has(Kept::Email, &columns) {
            unknown.extend(columns.iter().filter(|column| column.meaning.kept == Kept::Name).map(|column| column.header.clone()));
            columns.retain(|column| column.meaning.kept != Kept::Name);
        }
        let width = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
        Self {
            body,
            lines: 1,
            width,
            cells: texts.len(),
            columns,
            rivals,
            unknown,
            others,
            texts: texts.iter().map(|text| squash(text)).collect(),
        }
    }

    /// Lets a column count in place of one that means the same, and in which nobody has a value.
    pub(in crate::list) fn prefer_filled(&mut self, rows: &[&TableRow]) {
        let is_filled = |column: &Column| rows.iter().any(|row| row.cells.get(column.at).is_some_and(|cell| !cell.is_blank()));
        for own in &mut self.columns {
            let is_same = |rival: &&mut Column| rival.meaning.kept == own.meaning.kept && is_filled(rival);
            if is_several(own.meaning.kept) || own.is_shared || own.meaning.rank == 0 || is_filled(own) {
                continue;
            }
            if let Some(rival) = self.rivals.iter_mut().find(is_same) {
                let places = self.unknown.iter_mut().filter(|text| **text == rival.header);
                places.for_each(|text| text.clone_from(&own.header));
                std::mem::swap(own, rival);
            }
        }
    }

    /// Returns whether a column has no header.
    pub(in crate::list) fn is_bare(&self, at: usize) -> bool {
        self.texts.get(at).is_some_and(String::is_empty)
    }

    /// Returns the column of a meaning.
    pub(in crate::list) fn column(&self, kept: Kept) -> Option<&Column> {
        self.columns.iter().find(|column| column.meaning.kept == kept)
    }

    /// Returns another column that has the very header of a login: there may be two lists side by side.
    pub(in crate::list) fn doubled(&self) -> Option<(usize, &str)> {
        let mut logins = self.columns.iter().filter(|column| [Kept::Email, Kept::Login].contains(&column.meaning.kept));
        let again = |column: &Column| {
            let own = self.texts.get(column.at)?;
            self.texts.iter().enumerate().find(|(at, text)| *at != column.at && *text == own).map(|(at, _)| at)
        };
        logins.find_map(|column| Some((again(column)?, column.header.as_str())))
    }

    /// Lists the columns that have the very header of a kept one, with the place of that one: what they say must be the same.
    pub(in crate::list) fn twins(&self) -> Vec<(usize, usize, &str)> {
        let kept = self.columns.iter().filter(|column| !is_several(column.meaning.kept));
        let twins = kept.flat_map(|column| {
            let own = self.texts.get(column.at);
            let others = self.texts.iter().enumerate().filter(move |(at, text)| *at != column.at && Some(*text) == own);
            others.map(|(at, _)| (column.at, at, column.header.as_str()))
        });
        twins.collect()
    }

    /// Returns whether a row is the header again.
    pub(in crate::list) fn is_repeated(&self, row: &TableRow) -> bool {
        repeats(&self.texts, row)
    }
}

/// Returns whether a row has the texts of a header, which are squashed.
pub(in crate::list) fn repeats(header: &[String], row: &TableRow) -> bool {
    let mut own = header.iter().zip(&row.cells).filter(|(text, _)| !text.is_empty()).peekable();
    own.peek().is_some() && own.all(|(text, cell)| *text == squash(&cell.text))
}

/// Returns whether a row has an address. A title above the header can name one, too, but it is alone in its row.
fn is_of_somebody(row: &TableRow) -> bool {
    let has_address = row.cells.iter().any(|cell| cell.text.contains('@') || cell.whole.is_some());
    let is_title = || {
        let mut texts = row.texts();
        let words = texts.next().map_or(0, |text| text.split_whitespace().count());
        words > 3 && texts.next().is_none()
    };
    has_address && !is_title()
}

/// Returns whether the column has a part of the name.
fn is_name(kept: Kept) -> bool {
    NAME.map(Kept::Field).contains(&kept)
}

/// Returns whether a list can have several columns of this meaning: phone numbers, and what says who is active.
fn is_several(kept: Kept) -> bool {
    [Kept::Field(Field::Phones), Kept::Status].contains(&kept)
}

/// Returns whether somebody can have several values of this meaning.
fn is_set(kept: Kept) -> bool {
    [Kept::Field(Field::Phones), Kept::Field(Field::Clinics)].contains(&kept)
}

/// Puts the texts of a row into the header.
fn fill(texts: &mut [String], row: &TableRow, may: impl Fn(&str, &str) -> bool) {
    for (text, cell) in texts.iter_mut().zip(&row.cells) {
        if !cell.text.is_empty() && may(text, &cell.text) {
            text.clone_from(&cell.text);
        }
    }
}
