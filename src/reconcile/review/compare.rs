//! Compares the name of an account with the name of a row of the payroll, or of another account.

use std::collections::BTreeSet;

use crate::model::{Account, Field, NAME, StaffName, StaffRow, name_words};

use super::forms::may_be_one;

/// Shorter words are parts of many last names, such as "de".
const SHORTEST_OF_LAST: usize = 3;

/// Words between first and last name, which products count as either.
const PARTICLES: &str = "de del della der di da das do dos du el la las le los van von zu zum ter ten";

/// A name in words, in lower case without accents.
#[derive(Clone, Debug, Default)]
pub(super) struct NameWords {
    /// The first names: that of the payroll, and the one that the person goes by.
    firsts: Vec<Vec<String>>,
    last: BTreeSet<String>,
    /// Last names without their spaces and signs: some products allow none.
    joined: BTreeSet<String>,
    /// The words of a whole name that nobody took apart.
    whole: BTreeSet<String>,
}

impl NameWords {
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
        let firsts = firsts.iter().map(|first| without_particles(words(&[*first]))).filter(|words| !words.is_empty()).collect();
        Self { firsts, last: set(lasts), joined, whole: set(&[whole]) }
    }

    /// Returns all words.
    fn all(&self) -> BTreeSet<&str> {
        self.first_words().chain([&self.last, &self.whole].into_iter().flatten().map(String::as_str)).collect()
    }

    fn first_words(&self) -> impl Iterator<Item = &str> {
        self.firsts.iter().flatten().map(String::as_str)
    }

    /// Returns whether nothing shows the name.
    pub(super) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Returns whether nothing but initials shows the first name.
    pub(super) fn has_initials_alone(&self) -> bool {
        self.first_words().all(|word| word.chars().count() == 1)
    }

    /// Returns whether two names have nothing in common.
    pub(super) fn is_different(&self, other: &Self) -> bool {
        let (own, others) = (self.all(), other.all());
        let is_joined = self.joined.iter().any(|last| !last.is_empty() && other.joined.contains(last));
        let has_form = self.first_words().any(|one| other.first_words().any(|other| may_be_one(one, other)));
        !own.is_empty() && !others.is_empty() && own.is_disjoint(&others) && !is_joined && !has_form
    }

    /// Returns whether the names can be those of one person who signs in with a user name: first and last name agree. User names are often an
    /// initial and a last name, so that a last name alone says nothing. Without a name, nobody knows.
    pub(super) fn may_be_of(&self, row: &Self, user_name: &str) -> bool {
        if self.is_empty() || row.is_empty() {
            return true;
        }
        if row.firsts.is_empty() && row.last.is_empty() {
            return self.is_in(row);
        }
        let first = self.firsts.is_empty() || row.firsts.is_empty() || self.has_first(row);
        let last = self.last.is_empty() || row.last.is_empty() || self.has_last(row);
        // The user name of somebody who has another last name by now.
        let is_former = |last: &String| last.chars().count() >= SHORTEST_OF_LAST && user_name.contains(last.as_str());
        first && (last || self.last.iter().any(is_former)) || self.is_swapped(row)
    }

    /// Returns whether the name of an account fits a row, of which nothing else says that the account is theirs: last names agree, and first
    /// names do, as far as they are known.
    pub(super) fn fits(&self, row: &Self) -> bool {
        if row.firsts.is_empty() && row.last.is_empty() {
            return !self.last.is_empty() && !row.whole.is_empty() && self.is_in(row);
        }
        let first = self.firsts.is_empty() || row.firsts.is_empty() || self.has_first(row);
        first && self.has_last(row) || self.is_swapped(row)
    }

    /// Lists what a row that fits has among its own keys.
    pub(super) fn wanted_keys(&self) -> impl Iterator<Item = String> {
        let initial = |word: &String| word.chars().take(1).collect::<String>();
        let of_word = move |word: &String| [word.clone(), if word.chars().count() == 1 { format!("{word}*") } else { initial(word) }];
        let firsts = self.first_words().map(str::to_owned);
        self.last.iter().flat_map(of_word).chain(self.joined.iter().cloned()).chain(firsts)
    }

    /// Lists the keys under which a row is found by its last name; a first name can be in the place of the last one.
    pub(super) fn keys(&self) -> impl Iterator<Item = String> {
        let beginning = |word: &String| word.chars().next().map(|first| format!("{first}*"));
        let words = self.last.iter().chain(&self.joined).chain(&self.whole).cloned();
        words.chain(self.last.iter().filter_map(beginning))
    }

    /// Returns whether the name is among the words of one that nobody took apart.
    fn is_in(&self, row: &Self) -> bool {
        let has = |word: &str| row.whole.iter().any(|other| other == word || may_be_one(word, other));
        let first = self.firsts.is_empty() || self.first_words().any(has);
        first && (self.last.is_empty() || !self.last.is_disjoint(&row.whole) || row.whole.len() == 1)
    }

    fn is_swapped(&self, row: &Self) -> bool {
        self.first_words().any(|word| row.last.contains(word)) && row.first_words().any(|word| self.last.contains(word))
    }

    fn has_first(&self, row: &Self) -> bool {
        self.firsts.iter().any(|one| row.firsts.iter().any(|other| may_be_one_person(one, other)))
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

/// Returns whether first names can be those of one person: the first ones agree, and so do the second ones if both have one. Somebody can go by
/// the second one.
fn may_be_one_person(one: &[String], other: &[String]) -> bool {
    let agree = |a: &String, b: &String| a == b || may_be_one(a, b);
    let (Some(first), Some(second)) = (one.first(), other.first()) else { return false };
    if one.concat() == other.concat() || may_be_initials(one, other) {
        return true;
    }
    if agree(first, second) {
        return one.get(1).zip(other.get(1)).is_none_or(|(a, b)| agree(a, b));
    }
    let is_name = |word: &&String| word.chars().count() > 1;
    one.iter().filter(is_name).any(|a| other.iter().filter(is_name).any(|b| agree(a, b)))
}

/// Returns whether one has the initials of the other in one word.
fn may_be_initials(one: &[String], other: &[String]) -> bool {
    (one.len() == 1 || other.len() == 1) && one.len() != other.len() && may_be_one(&one.join(" "), &other.join(" "))
}

/// Removes the words behind a first name that begin a last name: "Ana De La" of "Ana De La Cruz".
fn without_particles(mut words: Vec<String>) -> Vec<String> {
    while words.len() > 1 && words.last().is_some_and(|last| PARTICLES.split(' ').any(|known| known == last)) {
        words.pop();
    }
    words
}

/// Returns whether an account has exactly the name of a row.
pub(super) fn is_same_name(account: &Account, row: &StaffRow) -> bool {
    let StaffName { first, last, whole, other_first: _, other_last: _ } = &row.name;
    let set = |names: &[Option<&str>]| words(names).into_iter().collect::<BTreeSet<String>>();
    let of_account = set(&NAME.map(|field| account.fields.text(field)));
    !of_account.is_empty() && of_account == set(&[first, last, whole].map(|name| name.as_deref()))
}

/// Returns the words of an account's first and last name if it has both.
pub(super) fn whole_name(account: &Account) -> Option<BTreeSet<String>> {
    let name = NAME.map(|field| account.fields.text(field));
    name.iter().all(Option::is_some).then(|| words(&name).into_iter().collect())
}

/// Returns the words of a row's whole names: those of the payroll, and those that the person goes by.
pub(super) fn whole_names(row: &StaffRow) -> Vec<BTreeSet<String>> {
    let StaffName { first, last, whole, other_first, other_last } = &row.name;
    let set = |names: &[Option<&str>]| words(names).into_iter().collect::<BTreeSet<String>>();
    let pairs = [first, other_first].into_iter().flatten().flat_map(|first| {
        let lasts = [last, other_last].into_iter().flatten();
        lasts.map(move |last| set(&[Some(first), Some(last)]))
    });
    pairs.chain(whole.as_deref().map(|whole| set(&[Some(whole)]))).filter(|name| name.len() > 1).collect()
}

/// The words of names, in their order.
fn words(names: &[Option<&str>]) -> Vec<String> {
    names.iter().flatten().flat_map(|name| name_words(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(first: &str, last: &str) -> NameWords {
        NameWords::new(&[Some(first)], &[Some(last)], None)
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
            (("Tom A.", "Reed"), ("Tom B.", "Reed"), "treed", false),
            (("Tom A.", "Reed"), ("Tom Andrew", "Reed"), "treed", true),
            (("Mary Ann", "Lee"), ("Mary Jane", "Lee"), "mlee", false),
            (("Jane", "Lee"), ("Mary Jane", "Lee"), "mlee", true),
            (("MJ", "Lee"), ("Mary Jane", "Lee"), "mlee", true),
            (("Ana", "Reed"), ("Tom A.", "Reed"), "areed", false),
            (("Ana De La", "Cruz"), ("Ana Maria", "De La Cruz"), "acruz", true),
            (("Reed", "Vale"), ("Tom", "Reed"), "x", false),
            (("Mary Jane", "Lee"), ("MJ", "Lee"), "mj", true),
            (("Mary Jane", "Lee"), ("Mary Ann K", "Lee"), "mary", false),
            (("Van", "Nguyen"), ("Kim", "Nguyen"), "n", false),
        ] {
            assert_eq!(words_of(account.0, account.1).may_be_of(&words_of(row.0, row.1), user_name), expected, "{account:?} {row:?}");
        }
        let whole = NameWords::new(&[], &[], Some("Reed Thomas K"));
        assert!(words_of("Tom", "Reed").may_be_of(&whole, "treed") && !words_of("Theo", "Reed").may_be_of(&whole, "treed"));
        let first_alone = NameWords::new(&[], &[], Some("Tom"));
        assert!(words_of("Tom", "Reed").may_be_of(&first_alone, "x") && !words_of("Theo", "Reed").may_be_of(&first_alone, "x"));
    }

    #[test]
    fn a_name_fits_the_rows_that_its_keys_find() {
        for (account, row, expected) in [
            (("T.", "Reed"), ("Theo", "Reed"), true),
            (("", "Reed"), ("Theo", "Reed"), true),
            (("Alex", "Kim"), ("Alexandra", "Kim"), true),
            (("Ana", "Lopez"), ("Ana", "Lopez Garcia"), true),
            (("Kim", "P"), ("Kim", "Price"), true),
            (("Kim", "Price"), ("Kim", "P"), true),
            (("Reed", "Theo"), ("Theo", "Reed"), true),
            (("Sean", "OBrien"), ("Sean", "O'Brien"), true),
            (("Ana", ""), ("Ana", "Lopez"), false),
            (("Tom", "Reed"), ("Theo", "Reed"), false),
        ] {
            let (account, row) = (words_of(account.0, account.1), words_of(row.0, row.1));
            assert_eq!(account.fits(&row), expected, "{account:?} {row:?}");
            let keys: BTreeSet<String> = row.keys().collect();
            assert!(!expected || account.wanted_keys().any(|key| keys.contains(&key)), "{account:?} {row:?}");
        }
        let whole = NameWords::new(&[], &[], Some("Reed Theo"));
        assert!(words_of("T", "Reed").fits(&whole) && whole.keys().any(|key| key == "reed"));
        let no_name = NameWords::new(&[], &[], None);
        assert!(!words_of("Theo", "").fits(&whole) && !words_of("Tom", "Reed").fits(&whole) && !words_of("", "Reed").fits(&no_name));
    }

    #[test]
    fn names_without_anything_in_common_are_different() {
        assert!(words_of("Kim", "Park").is_different(&words_of("Joe", "Other")));
        for (one, other) in [(("Bob", "Hill"), ("Robert", "Vale")), (("Kim", "Park"), ("Kim", "Jones")), (("", ""), ("Kim", "Jones"))] {
            assert!(!words_of(one.0, one.1).is_different(&words_of(other.0, other.1)), "{one:?}");
        }
    }
}
