//! Names that may be spellings of one: without signs and spaces, with umlauts in two letters, with first and last name swapped, or with one
//! letter that differs.

use std::collections::{BTreeMap, BTreeSet};

use strsim::osa_distance;

use crate::model::{BareName, plain_letters};

/// In shorter names, another letter makes another name.
const SHORTEST: usize = 5;

/// Of more last names with one first name, too many are alike.
const MOST_OF_ONE_FIRST_NAME: usize = 60;

/// Groups people by how their names are written without what people leave out or swap, at most so many in a group: larger ones are left out.
pub(super) fn plain(names: &BTreeMap<BareName, BTreeSet<usize>>, most: usize) -> BTreeSet<BTreeSet<usize>> {
    // One more is enough to know that there are too many.
    let add = |known: &mut BTreeSet<usize>, group: &BTreeSet<usize>| known.extend(group.iter().take(most + 1));
    let mut swapped: BTreeMap<[String; 2], BTreeSet<usize>> = BTreeMap::new();
    // Nobody knows where the last name begins in one column of names: "Ann Mc Donald".
    let mut joined: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (name, group) in names {
        let mut key = [plain_letters(name.first()), plain_letters(name.last())];
        add(joined.entry(key.concat()).or_default(), group);
        key.sort_unstable();
        add(swapped.entry(key).or_default(), group);
    }
    swapped.into_values().chain(joined.into_values()).filter(|group| group.len() <= most).collect()
}

/// Groups people with one first name whose last names differ by one letter. `is_open` says which groups are worth a look.
pub(super) fn one_letter(
    names: &BTreeMap<BareName, BTreeSet<usize>>,
    is_open: &dyn Fn(&BTreeSet<usize>) -> bool,
) -> BTreeSet<BTreeSet<usize>> {
    let mut by_first: BTreeMap<&str, Vec<(&str, &BTreeSet<usize>)>> = BTreeMap::new();
    for (name, group) in names.iter().filter(|(name, _)| name.last().chars().count() >= SHORTEST) {
        by_first.entry(name.first()).or_default().push((name.last(), group));
    }
    let mut found = BTreeSet::new();
    for own in by_first.values().filter(|own| own.len() <= MOST_OF_ONE_FIRST_NAME && own.iter().any(|(_, group)| is_open(group))) {
        for (at, (last, group)) in own.iter().enumerate() {
            let later = own.iter().skip(at + 1).filter(|(other, _)| osa_distance(last, other) == 1);
            found.extend(later.map(|(_, other)| *group | *other));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(names: &[(&str, &str)]) -> (BTreeSet<BTreeSet<usize>>, BTreeSet<BTreeSet<usize>>) {
        let mut known: BTreeMap<BareName, BTreeSet<usize>> = BTreeMap::new();
        for (at, (first, last)) in names.iter().enumerate() {
            known.entry(BareName::new(first, last)).or_default().insert(at);
        }
        (plain(&known, 4), one_letter(&known, &|_| true))
    }

    #[test]
    fn spellings_of_one_name_are_found() {
        let both = BTreeSet::from([BTreeSet::from([0, 1])]);
        for [one, other] in [
            [("Sean", "O'Brien"), ("Sean", "OBrien")],
            [("Ana", "Ruiz"), ("Ruiz", "Ana")],
            [("J\u{f6}rg", "M\u{fc}ller"), ("Joerg", "Mueller")],
            [("Ana", "De La Cruz"), ("Ana", "Delacruz")],
            [("Ann", "McDonald"), ("Ann", "Mc Donald")],
            [("Ann", "McDonald"), ("Ann Mc", "Donald")],
            [("Mary-Kate", "Olsen"), ("Mary Kate", "Olsen")],
        ] {
            assert!(grouped(&[one, other]).0.is_superset(&both), "{one:?} {other:?}");
        }
        assert_eq!(grouped(&[("Kate", "Smith"), ("Kate", "Smyth")]).1, both);
        assert!(grouped(&[("Kate", "Reed"), ("Kate", "Reid")]).1.is_empty(), "in short names, a letter makes another name");
        assert_eq!(grouped(&[("Ana", "Ruiz"), ("Ana", "Vale")]).0.len(), 2);
    }
}
