//! Names the icons that nobody has explained, so that a person can say which one marks a state.

use std::collections::{BTreeMap, BTreeSet};

use super::found::About;
use super::general::yes_or_no;
use super::table::Row;
use super::words::{Words, exact, squash};

/// How many icons are named at most.
const MOST: usize = 12;

/// The longest name of an icon, in bytes.
const LONGEST: usize = 60;

/// Lists what some rows show as an icon and others do not, the rarest first; `None` if there is no such icon.
pub(super) fn unknown(rows: &[&Row], words: &Words<'_>) -> Option<About> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let visible: Vec<BTreeSet<String>> = rows.iter().map(|row| row.texts().flat_map(parts).collect()).collect();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for part in visible.iter().flatten() {
        *shown.entry(part).or_default() += 1;
    }
    for (row, own) in rows.iter().zip(&visible) {
        // What only one row says is the person's: a picture has their name, too.
        let is_of_person = |part: &str| own.contains(part) && shown.get(part) == Some(&1);
        for name in names(row, words, &is_of_person) {
            *counts.entry(name).or_default() += 1;
        }
    }
    // What everybody has, such as a button, marks nobody.
    let mut some: Vec<(usize, String)> =
        counts.into_iter().filter(|(_, count)| *count < rows.len()).map(|(name, count)| (count, name)).collect();
    some.sort();
    let classes: Vec<String> = some.into_iter().map(|(_, name)| name).take(MOST).collect();
    (!classes.is_empty()).then_some(About::Icons { classes })
}

/// The words of a text.
fn parts(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(squash).filter(|part| part.len() > 1).collect()
}

/// The titles and classes of a row's icons, without those that are understood and those that name the person.
fn names(row: &Row, words: &Words<'_>, is_of_person: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let known: BTreeSet<String> = ["blocked", "pending", "inactive"].into_iter().flat_map(|state| words.marks(state).0).collect();
    let marks = row.cells.iter().flat_map(|cell| &cell.marks).filter(|mark| !mark.starts_with('~'));
    let own = marks.map(|mark| mark.trim_start_matches('.')).filter(|mark| {
        let is_name = mark.len() <= LONGEST && !mark.contains('@') && mark.contains(char::is_alphabetic);
        is_name && !known.contains(&exact(mark)) && yes_or_no(mark).is_none() && !parts(mark).iter().any(|part| is_of_person(part))
    });
    own.map(str::to_owned).collect()
}
