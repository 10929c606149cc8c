//! Icons: those that mark a state, and those that nobody has explained, so that a person can say what they mean.

use std::collections::{BTreeMap, BTreeSet};

use super::state_cell::{state_of, without_word};
use crate::list::found::About;
use crate::list::general::{is_dash, yes_or_no};
use crate::list::stray::is_understood;
use crate::list::table::{Cell, TableRow};
use crate::list::words::{Kept, Words, exact, squash};
use crate::platform::MarkedState;

/// The most icons that are named.
const MOST: usize = 12;

/// The most different icons that are looked at: a hostile page has very many.
const MOST_LOOKED_AT: usize = 1_000;

/// The longest name of an icon, in bytes.
const LONGEST: usize = 60;

/// Lists what some rows show as an icon and others do not, the rarest first; `None` if there is no such icon.
/// `names_it` says which icons are named.
pub(in crate::list) fn unknown(rows: &[&TableRow], words: &Words<'_>, names_it: &dyn Fn(&str) -> bool) -> Option<About> {
    let known: BTreeSet<String> = MarkedState::ALL.into_iter().flat_map(|state| words.marks(state).0).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        for name in names(row, &known, words).into_iter().filter(|name| names_it(name)) {
            if counts.len() < MOST_LOOKED_AT || counts.contains_key(name) {
                *counts.entry(name).or_default() += 1;
            }
        }
    }
    // What everybody has, such as a button, marks nobody.
    counts.retain(|_, count| *count < rows.len());
    let mut shown: BTreeMap<String, usize> = counts.keys().flat_map(|name| parts(name)).map(|part| (part, 0)).collect();
    for row in rows.iter().filter(|_| !counts.is_empty()) {
        let own: BTreeSet<String> = row.texts().flat_map(parts).filter(|part| shown.contains_key(part)).collect();
        for part in own {
            *shown.entry(part).or_default() += 1;
        }
    }
    // The picture of a person has a name that only their row shows.
    let is_of_person = |name: &str, count: usize| count == 1 && parts(name).iter().any(|part| shown.get(part) == Some(&1));
    let mut some: Vec<(usize, &str)> =
        counts.into_iter().filter(|(name, count)| !is_of_person(name, *count)).map(|(name, count)| (count, name)).collect();
    some.sort_unstable();
    let classes: Vec<String> = some.into_iter().map(|(_, name)| name.to_owned()).take(MOST).collect();
    let state = if words.catalog.states.blocked { MarkedState::Blocked } else { MarkedState::Inactive };
    (!classes.is_empty()).then_some(About::Icons { classes, state })
}

/// The words of a text.
fn parts(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(squash).filter(|part| part.len() > 1).collect()
}

/// The titles and classes of a row's icons that are not understood.
fn names<'r>(row: &'r TableRow, known: &BTreeSet<String>, words: &Words<'_>) -> BTreeSet<&'r str> {
    let marks = row.cells.iter().flat_map(|cell| &cell.marks).filter(|mark| !mark.starts_with('~'));
    let is_name = |mark: &&str| {
        let is_short = mark.len() <= LONGEST && !mark.contains('@') && mark.contains(char::is_alphabetic);
        is_short && !known.contains(&exact(mark)) && yes_or_no(mark).is_none() && !is_understood(mark, words)
    };
    marks.map(|mark| mark.trim_start_matches('.')).filter(is_name).collect()
}

/// Lists the icons of a column without text that nobody has explained, where they tell people apart.
pub(in crate::list) fn of_column(column: Kept, cells: &[&Cell], words: &Words<'_>) -> Vec<String> {
    let marks: BTreeSet<String> = MarkedState::ALL.into_iter().flat_map(|state| words.marks(state).0).collect();
    let is_known = |name: &&str| {
        marks.contains(&exact(name)) || yes_or_no(name).is_some() || state_of(name, words).is_some() || words.value(column, name).is_some()
    };
    let has_text = |cell: &&&Cell| !is_dash(&cell.text) || cell.ticked.is_some() || cell.lost.is_some();
    let without_text = cells.iter().filter(|cell| !has_text(cell)).map(|cell| cell.icons().collect::<BTreeSet<&str>>());
    let open: Vec<BTreeSet<&str>> = without_text.filter(|names| !names.iter().any(&is_known)).collect();
    let common = |names: &str| open.iter().all(|other| other.contains(names)) && !cells.iter().any(|cell| has_text(&cell));
    let names: BTreeSet<&str> = open.iter().flatten().copied().filter(|name| !common(name) && name.len() <= LONGEST).collect();
    names.into_iter().take(MOST).map(str::to_owned).collect()
}

/// The sign that marks somebody as being in a state.
#[derive(Debug)]
pub(super) struct StateMark {
    pub(super) texts: BTreeSet<String>,
    /// The places of the cells in which it counts; all if absent.
    pub(super) at: Option<Vec<usize>>,
    /// The places of the cells in which a text says it, too; of no cell if the workspace has not named it.
    pub(super) beside: Option<Vec<usize>>,
}

impl StateMark {
    /// Returns whether a row has it.
    pub(super) fn is_on(&self, row: &TableRow) -> bool {
        row.cells.iter().enumerate().any(|(at, cell)| {
            if self.beside.as_ref().is_some_and(|places| places.contains(&at))
                && self.texts.iter().any(|mark| without_word(&cell.text, mark).is_some())
            {
                return true;
            }
            let is_beside = self.at.as_ref().is_none_or(|places| places.contains(&at));
            cell.marks.iter().any(|mark| {
                let mark = exact(mark);
                let bare = mark.trim_start_matches(['.', '~']);
                let texts = [mark.as_str(), bare, bare.trim_start_matches("row:")];
                let text = texts.into_iter().find(|text| self.texts.contains(*text));
                // "Blocked" says it wherever it is.
                text.is_some_and(|text| is_beside || text.contains("blocked") || text.contains("suspended"))
            })
        })
    }
}
