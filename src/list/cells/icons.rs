//! Names the icons that nobody has explained, so that a person can say which one marks a state.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::found::About;
use crate::list::general::yes_or_no;
use crate::list::stray::is_understood;
use crate::list::table::Row;
use crate::list::words::{Words, exact, squash};
use crate::platform::MarkedState;

/// How many icons are named at most.
const MOST: usize = 12;

/// How many different icons are looked at: a hostile page has very many.
const MOST_LOOKED_AT: usize = 1_000;

/// The longest name of an icon, in bytes.
const LONGEST: usize = 60;

/// Lists what some rows show as an icon and others do not, the rarest first; `None` if there is no such icon.
/// `names_it` says which icons are named.
pub(in crate::list) fn unknown(rows: &[&Row], words: &Words<'_>, names_it: &dyn Fn(&str) -> bool) -> Option<About> {
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
fn names<'r>(row: &'r Row, known: &BTreeSet<String>, words: &Words<'_>) -> BTreeSet<&'r str> {
    let marks = row.cells.iter().flat_map(|cell| &cell.marks).filter(|mark| !mark.starts_with('~'));
    let is_name = |mark: &&str| {
        let is_short = mark.len() <= LONGEST && !mark.contains('@') && mark.contains(char::is_alphabetic);
        is_short && !known.contains(&exact(mark)) && yes_or_no(mark).is_none() && !is_understood(mark, words)
    };
    marks.map(|mark| mark.trim_start_matches('.')).filter(is_name).collect()
}
