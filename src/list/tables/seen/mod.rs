//! Collects the cells of a list that are not kept, so that a person hears of them.

mod below;
mod columns;
mod hints;
mod rivals;

use std::collections::{BTreeMap, BTreeSet};

use super::header::{Column, Header};
use super::table::{Cell, TableRow};
use crate::list::found::{About, Person};
use crate::list::general::{is_dash, yes_or_no};
use crate::list::problem::{Cause, Problems, WordKind};
use crate::list::stray::StrayText;
use crate::list::values::{CellSays, with};
use crate::list::words::{Headers, Kept, Words, squash};
use crate::model::Field;

pub(in crate::list) use below::Below;
pub(in crate::list) use columns::{states_not_read, without_access};
pub(in crate::list) use hints::hints;
pub(in crate::list) use rivals::Rivals;

/// Collects the cells that are not kept, by header.
#[derive(Debug, Default)]
pub(in crate::list) struct UnkeptCells {
    pub(in crate::list::tables) without_account: Vec<u64>,
    pub(in crate::list::tables) struck: Vec<u64>,
    /// Rows whose names have a mark of people who have left.
    pub(in crate::list::tables) marked: Vec<u64>,
    /// Rows of invitations of which nobody knows whether they have expired.
    pub(in crate::list::tables) unclear_days: Vec<u64>,
    /// Rows by the class that says that these people have no access.
    pub(in crate::list::tables) faded: BTreeMap<String, Vec<u64>>,
    /// Rows of people who have left by a column about their employment, by its header.
    pub(in crate::list::tables) employment: BTreeMap<String, Vec<u64>>,
    /// Rows by the text beside somebody that speaks of a state.
    stray: BTreeMap<StrayText, Vec<u64>>,
    several_roles: BTreeMap<String, Vec<u64>>,
    damaged: BTreeMap<String, Vec<u64>>,
    pub(in crate::list::tables) unknown: BTreeMap<String, Vec<u64>>,
}

impl UnkeptCells {
    /// Adds what a cell says of a field to a person, of whom some fields are unknown.
    pub(in crate::list) fn add(
        &mut self,
        (person, unknown): (&mut Person, &mut BTreeSet<Field>),
        (field, header): (Field, &str),
        said: CellSays,
        (file, row, problems): (&str, u64, &mut Problems),
    ) {
        let header = header.to_owned();
        match said {
            CellSays::Value(value) => {
                let value = with(person.fields.get(&field), value);
                person.fields.insert(field, value);
            }
            CellSays::Damaged => {
                self.damaged.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            CellSays::Unknown => {
                self.unknown.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            CellSays::SeveralRoles => {
                self.several_roles.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            CellSays::Words(words) => {
                for word in words {
                    let column = Kept::Field(field);
                    let (word, near) = (word.word, word.near);
                    let cause = Cause::UnknownWord { column, header: header.clone(), word, near, kind: WordKind::Plain };
                    problems.push(file, Some(row), cause);
                }
            }
        }
        if unknown.contains(&field) {
            person.fields.remove(&field);
        }
    }

    /// Adds a text beside somebody; of very many different ones, the rest are one.
    pub(in crate::list::tables) fn add_stray(&mut self, unclear: StrayText, row: u64) {
        let is_new = !self.stray.contains_key(&unclear);
        let key = if is_new && self.stray.len() >= MOST_STRAY { ("…".to_owned(), unclear.1) } else { unclear };
        let rows = self.stray.entry(key).or_default();
        if rows.last() != Some(&row) {
            rows.push(row);
        }
    }

    /// Notes what is not kept.
    pub(in crate::list::tables) fn notes(self, notes: &mut Vec<About>) {
        notes.extend((!self.without_account.is_empty()).then_some(About::WithoutAccount { rows: self.without_account }));
        notes.extend((!self.struck.is_empty()).then_some(About::Struck { rows: self.struck }));
        notes.extend((!self.marked.is_empty()).then_some(About::MarkedNames { rows: self.marked }));
        notes.extend((!self.unclear_days.is_empty()).then_some(About::UnclearExpiry { rows: self.unclear_days }));
        notes.extend(self.faded.into_iter().map(|(class, rows)| About::Faded { class, rows }));
        notes.extend(self.employment.into_iter().map(|(header, rows)| About::Employment { header, rows }));
        notes.extend(self.stray.into_iter().map(|((text, is_icon), rows)| About::Stray { text, is_icon, rows }));
        notes.extend(self.several_roles.into_iter().map(|(header, rows)| About::SeveralRoles { header, rows }));
        notes.extend(self.damaged.into_iter().map(|(header, rows)| About::Damaged { header, rows }));
        notes.extend(self.unknown.into_iter().map(|(header, rows)| About::Unknown { header, rows }));
    }
}

/// Notes the people whose cells are merged with those of somebody else above, by header.
pub(in crate::list) fn merged(header: &Header, rows: &[&TableRow]) -> Vec<About> {
    let is_who = |kept: Kept| [Kept::Email, Kept::Login, Kept::Name].contains(&kept);
    let (who, others): (Vec<_>, Vec<_>) = header.columns.iter().partition(|column| is_who(column.meaning.kept));
    let is_merged = |column: &Column, row: &TableRow| row.cells.get(column.at).is_some_and(Cell::is_merged);
    // Several rows of one person have one login.
    let apart: Vec<&&TableRow> = rows.iter().filter(|row| !who.iter().any(|column| is_merged(column, row))).collect();
    let of_column = |column: &Column| {
        let rows: Vec<u64> = apart.iter().filter(|row| is_merged(column, row)).map(|row| row.number).collect();
        (!rows.is_empty()).then(|| About::Merged { header: column.header.clone(), rows })
    };
    others.into_iter().filter_map(of_column).collect()
}

/// Returns whether a header says who may do everything: "Is Admin", "Account Owner".
fn is_of_admins(header: &str) -> bool {
    let word = squash(header);
    let word = ["is", "super", "account"].iter().fold(word.as_str(), |word, first| word.strip_prefix(first).unwrap_or(word));
    word == "owner" || (word.starts_with("admin") && word.len() < 14)
}

/// Finds the columns that are not read and give somebody another role than the column of roles: each header with its rows.
pub(in crate::list) fn other_roles<'h>(
    header: &'h Header,
    rows: &[&TableRow],
    (words, headers): (&Words<'_>, &Headers),
) -> Vec<(&'h str, BTreeSet<u64>)> {
    let Some(own) = header.column(Kept::Field(Field::Role)) else { return Vec::new() };
    let role = |row: &TableRow| row.cells.get(own.at).and_then(|cell| words.role(&cell.text).ok().flatten());
    let manages = |key: &str| {
        let privilege = words.catalog.manages_users.as_deref();
        let gives = words.catalog.roles.get(key).is_some_and(|role| privilege.is_some_and(|one| role.privileges.contains(one)));
        gives || ["admin", "owner"].iter().any(|part| squash(key).contains(part))
    };
    let of_column = |(at, text): &'h (usize, String)| {
        let is_admin = is_of_admins(text);
        let is_further = headers.further(text) == Some(Kept::Field(Field::Role));
        let differs = |row: &&&TableRow| {
            let said = row.cells.get(*at).map_or("", |cell| cell.text.as_str());
            let known = role(row);
            match yes_or_no(said) {
                Some(yes) if is_admin => yes && known.as_deref().is_some_and(|key| !manages(key)),
                Some(_) => false,
                None => is_further && !is_dash(said) && words.role(said).ok().flatten() != known,
            }
        };
        let rows: BTreeSet<u64> = rows.iter().filter(|_| is_admin || is_further).filter(differs).map(|row| row.number).collect();
        (!rows.is_empty()).then_some((text.as_str(), rows))
    };
    header.others.iter().filter_map(of_column).collect()
}

/// The most different texts beside people that are named.
const MOST_STRAY: usize = 20;
