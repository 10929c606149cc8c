//! Compares the name of an account with the name of a row of the payroll, or of another account.

use std::collections::BTreeSet;

use crate::model::{Account, Field, StaffName, StaffRow};
use crate::platform::without_accents;

use super::forms::may_be_one;

/// Shorter words are parts of many last names, such as "de".
const SHORTEST_OF_LAST: usize = 3;

/// A name in words, in lower case without accents.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    first: BTreeSet<String>,
    last: BTreeSet<String>,
    /// Last names without their spaces and signs: some products allow none.
    joined: BTreeSet<String>,
    /// The words of a whole name that nobody took apart.
    whole: BTreeSet<String>,
}

impl Words {
    /// Takes the name of an account.
    pub(super) fn of_account(account: &Account) -> Self {
        let text = |field| account.fields.text(field);
        Self::new(&[text(Field::FirstName)], &[text(Field::LastName)], None)
    }

    /// Takes the names of a row, also the one that the person goes by, and an earlier one.
    pub(super) fn of_row(row: &StaffRow) -> Self {
        let StaffName { first, last, whole, other_first, other_last } = &row.name;
        Self::new(&[first.as_deref(), other_first.as_deref()], &[last.as_deref(), other_last.as_deref()], whole.as_deref())
    }

    fn new(firsts: &[Option<&str>], lasts: &[Option<&str>], whole: Option<&str>) -> Self {
        let joined = lasts.iter().flatten().map(|last| words(&[Some(last)])).map(|words| words.join("")).collect();
        let set = |names: &[Option<&str>]| words(names).into_iter().collect();
        Self { first: set(firsts), last: set(lasts), joined, whole: set(&[whole]) }
    }

    /// Returns all words.
    fn all(&self) -> BTreeSet<&str> {
        [&self.first, &self.last, &self.whole].into_iter().flatten().map(String::as_str).collect()
    }

    /// Returns whether nothing shows the name.
    pub(super) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Returns whether two names have nothing in common.
    pub(super) fn is_different(&self, other: &Self) -> bool {
        let (own, others) = (self.all(), other.all());
        let is_joined = self.joined.iter().any(|last| !last.is_empty() && other.joined.contains(last));
        !own.is_empty() && !others.is_empty() && own.is_disjoint(&others) && !is_joined && !has_form(&self.first, &other.first)
    }

    /// Returns whether the names can be those of one person who signs in with a user name: first and last name agree. User names are often an
    /// initial and a last name, so that a last name alone says nothing. Without a name, nobody knows.
    pub(super) fn may_be_of(&self, row: &Self, user_name: &str) -> bool {
        if self.all().is_empty() || row.all().is_empty() {
            return true;
        }
        if row.first.is_empty() && row.last.is_empty() {
            let is_in = |names: &BTreeSet<String>| names.is_empty() || !names.is_disjoint(&row.whole) || has_form(names, &row.whole);
            return is_in(&self.first) && (is_in(&self.last) || row.whole.len() == 1);
        }
        let first =
            self.first.is_empty() || row.first.is_empty() || !self.first.is_disjoint(&row.first) || has_form(&self.first, &row.first);
        let last = self.last.is_empty() || row.last.is_empty() || self.has_last(row);
        // The user name of somebody who has another last name by now.
        let is_former = |last: &String| last.chars().count() >= SHORTEST_OF_LAST && user_name.contains(last.as_str());
        let is_swapped = !self.first.is_disjoint(&row.last) && !self.last.is_disjoint(&row.first);
        first && (last || self.last.iter().any(is_former)) || is_swapped
    }

    fn has_last(&self, row: &Self) -> bool {
        let is_long = |word: &&String| word.chars().count() >= SHORTEST_OF_LAST;
        let is_initial = |one: &String, other: &String| one.chars().count() == 1 && other.starts_with(one.as_str());
        let has_initial = |one: &String| row.last.iter().any(|other| is_initial(one, other) || is_initial(other, one));
        self.last.intersection(&row.last).any(|word| is_long(&word))
            || !self.joined.is_disjoint(&row.joined)
            || self.last.iter().any(has_initial)
    }
}

/// Returns whether an account has exactly the name of a row.
pub(super) fn is_same_name(account: &Account, row: &StaffRow) -> bool {
    let StaffName { first, last, whole, other_first: _, other_last: _ } = &row.name;
    let set = |names: &[Option<&str>]| words(names).into_iter().collect::<BTreeSet<String>>();
    let of_account = set(&[Field::FirstName, Field::LastName].map(|field| account.fields.text(field)));
    !of_account.is_empty() && of_account == set(&[first, last, whole].map(|name| name.as_deref()))
}

fn has_form(names: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    names.iter().any(|one| others.iter().any(|other| may_be_one(one, other)))
}

/// The words of names, in their order.
fn words(names: &[Option<&str>]) -> Vec<String> {
    let plain = names.iter().flatten().map(|name| without_accents(name).to_lowercase());
    let split = |name: String| -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    plain.flat_map(split).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(first: &str, last: &str) -> Words {
        Words::new(&[Some(first)], &[Some(last)], None)
    }

    #[test]
    fn a_user_name_is_of_one_person_if_first_and_last_name_agree() {
        for (account, row, user_name, expected) in [
            (("Tom", "Reed"), ("Tom", "Reed"), "treed", true),
            (("Thomas", "Reed"), ("Tom", "Reed"), "treed", true),
            (("Theo", "Reed"), ("Tom", "Reed"), "treed", false),
            (("T.", "Reed"), ("Tom", "Reed"), "treed", true),
            (("Kim", "P"), ("Kim", "Park"), "kim", true),
            (("Sean", "OBrien"), ("Sean", "O'Brien"), "sob", true),
            (("Ana", "de la Cruz"), ("Ana", "de Silva"), "ana", false),
            (("Mia", "Chen"), ("Mia", "Lopez"), "mchen", true),
            (("Mia", "Chen"), ("Mia", "Lopez"), "mia", false),
            (("Ruiz", "Ana"), ("Ana", "Ruiz"), "aruiz", true),
            (("", ""), ("Ana", "Ruiz"), "aruiz", true),
            (("Ana", ""), ("Ana", "Ruiz"), "aruiz", true),
            (("Alba", "Zorn"), ("Tom", "Reed"), "treed", false),
        ] {
            assert_eq!(words_of(account.0, account.1).may_be_of(&words_of(row.0, row.1), user_name), expected, "{account:?} {row:?}");
        }
        let whole = Words::new(&[], &[], Some("Reed Thomas K"));
        assert!(words_of("Tom", "Reed").may_be_of(&whole, "treed") && !words_of("Theo", "Reed").may_be_of(&whole, "treed"));
    }

    #[test]
    fn names_without_anything_in_common_are_different() {
        assert!(words_of("Kim", "Park").is_different(&words_of("Joe", "Other")));
        for (one, other) in [(("Bob", "Hill"), ("Robert", "Vale")), (("Kim", "Park"), ("Kim", "Jones")), (("", ""), ("Kim", "Jones"))] {
            assert!(!words_of(one.0, one.1).is_different(&words_of(other.0, other.1)), "{one:?}");
        }
    }
}
