//! Names of people, in the forms in which they are compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Fields};

use super::text::{plain_apostrophes, text_form, without_accents};

/// The fields that make a person's name.
pub const NAME: [Field; 2] = [Field::FirstName, Field::LastName];

/// The first and last name by which employee records are found, without regard to case (PBN-2). Accents count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonName {
    first: String,
    last: String,
}

impl PersonName {
    /// Makes the name.
    #[must_use]
    pub fn new(first: &str, last: &str) -> Self {
        Self { first: folded(first), last: folded(last) }
    }
}

/// First and last name, without regard to case and accents: people write names with and without capitals and accents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BareName {
    first: String,
    last: String,
}

impl BareName {
    /// Makes the name.
    #[must_use]
    pub fn new(first: &str, last: &str) -> Self {
        let [first, last] = [first, last].map(|part| folded(&without_accents(part)));
        Self { first, last }
    }

    /// The first name, in lower case.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The last name, in lower case.
    #[must_use]
    pub fn last(&self) -> &str {
        &self.last
    }
}

/// A whole name in one text, without regard to case and accents: servers and lists have it as one text, too, so nobody knows where the last
/// name begins, and some write it in plain capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WholeName(String);

impl WholeName {
    /// Joins first and last name.
    #[must_use]
    pub fn new(first: &str, last: &str) -> Self {
        Self(folded(&without_accents(&format!("{first} {last}"))))
    }

    /// Returns the name of an account or a user; `None` if a part of it is unknown.
    #[must_use]
    pub fn of_fields(fields: &Fields) -> Option<Self> {
        let [first, last] = NAME.map(|field| fields.text(field));
        Some(Self::new(first?, last?))
    }

    /// Returns whether two pairs of first and last name are names of two people, as [`is_anothers`](Self::is_anothers) says. Nearly all pairs are
    /// equal, and nothing is copied for them.
    #[must_use]
    pub fn are_of_two_people(names: [&str; 2], others: [&str; 2]) -> bool {
        let is_same = |(one, other): (&str, &str)| one == other && one.chars().any(char::is_alphanumeric);
        let whole = |[first, last]: [&str; 2]| Self::new(first, last);
        !names.into_iter().zip(others).any(is_same) && whole(names).is_anothers(&whole(others))
    }

    /// Returns whether two names have no word in common, so that an account with the one would be handed to somebody else with the other.
    #[must_use]
    pub fn is_anothers(&self, other: &Self) -> bool {
        let [own, others] = [self, other].map(|name| name.0.split_whitespace().collect::<BTreeSet<&str>>());
        !own.is_empty() && !others.is_empty() && own.is_disjoint(&others)
    }
}

/// A whole name as a person compares it: without signs and spaces, with umlauts as one letter, and whichever of its parts comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpokenName(String);

/// The longest name whose parts can be swapped, in letters.
const LONGEST_SWAPPED: usize = 200;

impl SpokenName {
    /// Joins first and last name.
    #[must_use]
    pub fn new(first: &str, last: &str) -> Self {
        let letters: Vec<char> = format!("{}{}", plain_letters(first), plain_letters(last)).chars().collect();
        // Of all places where the last name may begin, the one that sorts first.
        let turned = |at: usize| letters.iter().skip(at).chain(letters.iter().take(at));
        let starts = if letters.len() <= LONGEST_SWAPPED { letters.len() } else { 0 };
        let at = (0..starts).min_by(|one, other| turned(*one).cmp(turned(*other))).unwrap_or(0);
        Self(turned(at).collect())
    }

    /// Returns the name of an account or a user; `None` if a part of it is unknown.
    #[must_use]
    pub fn of_fields(fields: &Fields) -> Option<Self> {
        let [first, last] = NAME.map(|field| fields.text(field));
        Some(Self::new(first?, last?))
    }
}

/// A whole name that may have a middle name, or lack one: one person is "Zoe Smith" in one place and "Zoe A. Smith" in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseName {
    whole: SpokenName,
    /// The letters of each word.
    parts: Vec<String>,
}

/// Of a name with more words, only the whole is compared.
const MOST_WORDS: usize = 8;

impl LooseName {
    /// Joins first and last name.
    #[must_use]
    pub fn new(first: &str, last: &str) -> Self {
        let words = |name: &str| name.split(|c: char| c.is_whitespace() || c == '-').map(plain_letters).collect::<Vec<_>>();
        let parts = [first, last].into_iter().flat_map(words).filter(|word| !word.is_empty()).collect();
        Self { whole: SpokenName::new(first, last), parts }
    }

    /// Returns the name of an account or a user; `None` if a part of it is unknown.
    #[must_use]
    pub fn of_fields(fields: &Fields) -> Option<Self> {
        let [first, last] = NAME.map(|field| fields.text(field));
        Some(Self::new(first?, last?))
    }

    /// Returns whether both are the same name, whichever of its parts comes first.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.whole == other.whole
    }

    /// Returns whether both are the same name, or one has all words of the other, of which an initial counts for a word.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        self.is_same(other) || self.has_words_of(other) || other.has_words_of(self)
    }

    fn has_words_of(&self, shorter: &Self) -> bool {
        if shorter.parts.len() > self.parts.len() || self.parts.len() > MOST_WORDS {
            return false;
        }
        let mut left: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        let mut take = |is_meant: &dyn Fn(&str) -> bool| left.iter().position(|word| is_meant(word)).map(|at| left.remove(at));
        let (full, initials): (Vec<&str>, Vec<&str>) = shorter.parts.iter().map(String::as_str).partition(|word| is_full(word));
        let mut others = Vec::new();
        for word in full {
            if take(&|own| own == word).is_none() {
                others.push(word);
            }
        }
        let are_enough = shorter.parts.len() >= initials.len() + others.len() + 2;
        let have_initials = initials.iter().all(|initial| take(&|own| own.starts_with(initial)).is_some());
        are_enough && have_initials && others.iter().all(|word| take(&|own| !is_full(own) && word.starts_with(own)).is_some())
    }

    /// The keys under which names are found: two names of one person have one in common.
    fn keys(&self) -> BTreeSet<String> {
        let full: Vec<&String> = self.parts.iter().filter(|word| is_full(word)).take(MOST_WORDS).collect();
        let later = |at: usize| full.iter().skip(at + 1);
        let pairs = full.iter().enumerate().flat_map(|(at, one)| later(at).map(move |other| [one.min(other), one.max(other)]));
        let pairs = pairs.map(|[one, other]| format!("{one} {other}"));
        pairs.chain([self.whole.0.clone()]).collect()
    }
}

/// Returns whether a word of a name is more than an initial.
fn is_full(word: &str) -> bool {
    word.chars().nth(1).is_some()
}

/// Whatever has names, found by names that may be those of the same person.
#[derive(Clone, Debug)]
pub struct ByLooseName<T> {
    all: Vec<(LooseName, T)>,
    by_key: BTreeMap<String, Vec<usize>>,
}

impl<T> FromIterator<(LooseName, T)> for ByLooseName<T> {
    fn from_iter<I: IntoIterator<Item = (LooseName, T)>>(named: I) -> Self {
        let all: Vec<(LooseName, T)> = named.into_iter().collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (name, _)) in all.iter().enumerate() {
            for key in name.keys() {
                by_key.entry(key).or_default().push(at);
            }
        }
        Self { all, by_key }
    }
}

impl<T> ByLooseName<T> {
    /// Lists what may have a name, in the order in which it was given.
    pub fn alike(&self, name: &LooseName) -> impl Iterator<Item = &T> {
        let found: BTreeSet<usize> = name.keys().iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        let named = found.into_iter().filter_map(|at| self.all.get(at));
        named.filter(|(own, _)| own.may_be(name)).map(|(_, one)| one)
    }
}

/// Returns the letters of a name, in lower case; an umlaut is one letter, also where it is written with two.
#[must_use]
pub fn plain_letters(name: &str) -> String {
    let plain = without_accents(&plain_apostrophes(name)).to_lowercase();
    let plain: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    [("\u{df}", "ss"), ("\u{f8}", "o"), ("\u{e6}", "a"), ("\u{142}", "l"), ("ae", "a"), ("oe", "o"), ("ue", "u")]
        .into_iter()
        .fold(plain, |plain, (long, short)| if plain.contains(long) { plain.replace(long, short) } else { plain })
}

/// Returns the words of a name in their order, in lower case and without accents.
#[must_use]
pub fn name_words(name: &str) -> Vec<String> {
    let plain = without_accents(&plain_apostrophes(name)).to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn folded(text: &str) -> String {
    plain_apostrophes(&text_form(text)).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{BareName, ByLooseName, LooseName, PersonName, WholeName, name_words};

    fn loose(name: &str) -> LooseName {
        let (first, last) = name.rsplit_once(' ').unwrap_or((name, ""));
        LooseName::new(first, last)
    }

    #[test]
    fn one_of_two_names_may_lack_a_middle_name() {
        for (one, other, may_be) in [
            ("Zoe Smith", "Zoe A. Smith", true),
            ("Zoe Smith", "Smith Zoe A", true),
            ("Zoe Anne Smith", "ZOE A. SMITH", true),
            ("Zoë O'Brien-Smith", "Zoe A. O\u{2019}Brien Smith", true),
            ("Zoe Smith", "Zoe Smith-Park", true),
            ("Maria Lopez", "Maria Garcia Lopez", true),
            ("Zoe Anne Smith", "Zoe Beth Smith", false),
            ("Zoe A. Smith", "Zoe B. Smith", false),
            ("Z. Smith", "Zoe Smith", false),
            ("Zoe Smith", "Zoey Smith", false),
            ("Zoe Smith", "Zoe Zoe", false),
            ("Zoe", "Zoe Smith", false),
            ("", "Zoe Smith", false),
        ] {
            let (one, other) = (loose(one), loose(other));
            assert_eq!((one.may_be(&other), other.may_be(&one)), (may_be, may_be), "{one:?} {other:?}");
            let all: ByLooseName<u8> = [(loose("Kim Park"), 0), (other, 1)].into_iter().collect();
            assert_eq!(all.alike(&one).copied().collect::<Vec<_>>(), Vec::from_iter(may_be.then_some(1)), "{one:?}");
        }
        let many = loose(&vec!["Zoe"; 1_000].join(" "));
        assert!(many.may_be(&many) && !many.may_be(&loose("Zoe Zoe")));
    }

    #[test]
    fn records_are_found_by_names_whose_accents_count() {
        assert_eq!(PersonName::new(" JOSÉ ", "Núñez"), PersonName::new("josé", "núñez"));
        assert_ne!(PersonName::new("José", "Núñez"), PersonName::new("Jose", "Nunez"));
        assert_eq!(BareName::new("José", "Núñez"), BareName::new("JOSE", "NUNEZ"));
        assert_eq!(PersonName::new("Kim", "O\u{2019}Neil"), PersonName::new("Kim", "O'Neil"));
        assert_eq!(BareName::new("Kim", "O\u{2bc}Neil"), BareName::new("Kim", "O'Neil"));
        assert_ne!(PersonName::new("Ann Mc", "Donald"), PersonName::new("Ann", "Mc Donald"));
    }

    #[test]
    fn nobody_knows_where_the_last_name_of_a_whole_name_begins() {
        assert_eq!(WholeName::new("Ann Mc", "Donald"), WholeName::new("ANN", "Mc Donald"));
        assert_eq!(WholeName::new("José", "Núñez"), WholeName::new("Jose", "Nunez"));
        assert_eq!(WholeName::new("Kim", "O\u{2019}Neil"), WholeName::new("Kim", "O'Neil"));
    }

    #[test]
    fn words_of_a_name_have_no_signs() {
        assert_eq!(name_words("Zoë  O'Neil-Smith"), ["zoe", "o", "neil", "smith"]);
        assert_eq!(name_words("Zoë O\u{2bc}Neil-Smith"), ["zoe", "o", "neil", "smith"]);
    }

    #[test]
    fn two_people_have_no_word_in_common() {
        let kim = WholeName::new("Kim", "Park");
        assert!(kim.is_anothers(&WholeName::new("Lee", "Old")));
        assert!(!kim.is_anothers(&WholeName::new("Kim", "Old")));
        assert!(!kim.is_anothers(&WholeName::new("Lee", "PARK")));
        assert!(!kim.is_anothers(&WholeName::new("", "")));
        let two = WholeName::are_of_two_people;
        assert!(two(["Kim", "Park"], ["Lee", "Old"]));
        assert!(!two(["Kim", "Park"], ["Kim", "Old"]), "the same first name");
        assert!(!two(["Kim", "Park"], ["Lee", "PARK"]));
        assert!(!two(["Kim", "Park"], ["Park", "Kim"]));
        assert!(two(["", "Park"], ["", "Old"]), "no first name is none in common");
        assert!(!two(["", ""], ["", ""]));
    }
}
