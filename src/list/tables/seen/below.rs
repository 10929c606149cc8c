//! Lines between people that are not understood: nobody knows what they say of the people below them.

use std::collections::BTreeMap;

use super::UnkeptCells;
use crate::list::found::{About, Draft};
use crate::list::stray::speaks_of;
use crate::list::table::{Table, TableRow};
use crate::list::words::{Words, squash};
use crate::model::{NAME, Standing, Tab};

/// The line above the people that are read.
#[derive(Debug)]
pub(in crate::list) struct Below {
    text: Option<String>,
    /// Says whether the line can be a part of the next cell, as in pasted text.
    is_joined: bool,
    /// The row that was left out for its sake.
    left_out: Option<u64>,
    /// The rows of which it can be about, by line.
    found: BTreeMap<String, Vec<u64>>,
    /// Says whether a column says who is active: then no line has to.
    is_said: bool,
}

impl Below {
    /// Begins a table with the row that names its people, if there is one.
    pub(in crate::list) fn new(table: &Table, (tab, is_said): (Option<Tab>, bool), words: &Words<'_>) -> Self {
        let is_unclear = |text: &&String| words.heading(text).is_none() && !is_harmless(text, words);
        // In the tab of the people who have left, a place of theirs changes nothing.
        let is_open = !tab.is_some_and(Tab::is_of_inactive);
        let text = table.group.as_ref().filter(|_| is_open).filter(is_unclear).cloned();
        Self { text, is_joined: false, left_out: None, found: BTreeMap::new(), is_said }
    }

    /// Returns whether a row of pasted text is a line between people.
    pub(in crate::list) fn begins(&mut self, row: &TableRow, cells: usize, words: &Words<'_>) -> bool {
        let Some(text) = alone(row).filter(|_| row.cells.len() == 1 && cells > 1) else { return false };
        if words.heading(text).is_none() && !is_harmless(text, words) {
            (self.text, self.is_joined, self.left_out) = (Some(text.to_owned()), true, None);
        }
        true
    }

    /// Looks at a row without a login that was left out: one that has nothing else can be a line above other people.
    pub(in crate::list) fn pass(&mut self, row: &TableRow, is_sure: bool, seen: &mut UnkeptCells) {
        let is_last = seen.without_account.last() == Some(&row.number);
        let text = alone(row).filter(|text| is_last && (is_sure || speaks_of(text).is_some()));
        if let Some(text) = text.filter(|_| !self.is_said) {
            (self.text, self.is_joined, self.left_out) = (Some(text.to_owned()), false, Some(row.number));
        }
    }

    /// Takes the state out of a person below such a line, and the name if the line may be a part of it.
    pub(in crate::list) fn change(&mut self, draft: &mut Draft, seen: &mut UnkeptCells) {
        let Some(text) = self.text.clone() else { return };
        if let Some(left_out) = self.left_out.take() {
            seen.without_account.retain(|row| *row != left_out);
        }
        if std::mem::take(&mut self.is_joined) {
            draft.person.name = None;
            for field in NAME {
                draft.person.fields.remove(&field);
                draft.unknown.insert(field);
            }
        }
        let has_access = draft.person.status.is_some_and(|status: Standing| !status.is_inactive());
        if has_access && !self.is_said {
            draft.forget_state();
        }
        self.found.entry(text).or_default().push(draft.row);
    }

    /// Names the lines and the rows below them.
    pub(in crate::list) fn notes(self) -> impl Iterator<Item = About> {
        self.found.into_iter().map(|(text, rows)| About::LineAbove { text, rows })
    }
}

/// The text of a row that has nothing else.
fn alone(row: &TableRow) -> Option<&str> {
    let mut cells = row.cells.iter().filter(|cell| !cell.is_blank());
    let only = cells.next().filter(|cell| cells.next().is_none() && cell.ticked.is_none())?;
    Some(only.text.as_str()).filter(|text| !text.is_empty() && !text.contains('@'))
}

/// Returns whether a line between people says nothing of their state: the name of a role or a clinic, words for people, a letter, a number.
fn is_harmless(text: &str, words: &Words<'_>) -> bool {
    const PLAIN: &str = "all users user members member people staff team teammates employees accounts everyone everybody role clinic location \
        department name of the and total rows records entries";
    let own = text.rsplit_once(':').map_or(text, |(_, own)| own);
    let own = own.split(['(', '–']).next().unwrap_or(own).trim();
    let one = own.strip_suffix('s').unwrap_or(own);
    let is_role = !words.catalog.open_roles && [own, one].into_iter().any(|name| words.role(name).is_ok());
    let is_clinic = words.clinics.iter().any(|(key, name)| [key, name].into_iter().any(|known| squash(known) == squash(own)));
    let of_clinics: Vec<String> = words.clinics.values().flat_map(|name| name.split_whitespace()).map(str::to_lowercase).collect();
    let mut all = own.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_plain = |word: &str| {
        let lower = word.to_lowercase();
        lower.chars().count() == 1
            || lower.bytes().all(|b| b.is_ascii_digit())
            || PLAIN.split_whitespace().any(|plain| plain == lower)
            || of_clinics.contains(&lower)
    };
    is_role || is_clinic || all.all(is_plain)
}
