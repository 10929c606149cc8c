//! The words of user lists: those of the workspace first, then the catalog's, then the ones that many products use.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Country, Field, ListWords, Standing, Tab};
use crate::platform::{Catalog, MarkedState, without_accents};

use super::general;
pub use super::meaning::Kept;
use super::meaning::Sense;
pub(super) use super::meaning::{Meaning, StateWord};
use super::spelling::is_same_word;
pub(super) use super::spelling::{without_brackets, without_parentheses};
pub(super) use crate::platform::exact;
pub use crate::platform::squash;

/// Everything that gives the words of one workspace's list a meaning.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w> {
    /// The platform.
    pub catalog: &'w Catalog,
    /// The workspace's own words.
    pub own: &'w ListWords,
    /// The names of the workspace's clinics by key.
    pub clinics: &'w BTreeMap<String, String>,
    /// The names of the workspace's own roles by key.
    pub roles: &'w BTreeMap<String, String>,
    /// The country whose national phone numbers are understood.
    pub country: Option<Country>,
    /// The day on which the list was taken, if it is known: a day after it is still to come.
    pub as_of: Option<jiff::civil::Date>,
}

/// The headers that are understood, without anything but letters and digits.
#[derive(Debug)]
pub(super) struct Headers {
    meanings: BTreeMap<String, Meaning>,
    /// The headers that are listed for the state and for something else, too: one column says both.
    shared: BTreeMap<String, Kept>,
}

impl Headers {
    /// Returns what a header means; `None` if it is not understood.
    pub(super) fn meaning(&self, header: &str) -> Option<Meaning> {
        if header.is_empty() || header.len() > LONGEST_HEADER {
            return None;
        }
        let header = without_brackets(header);
        let found = self.find(&squash(&header)).or_else(|| self.find(&squash(&without_parentheses(&header))));
        found.copied()
    }

    /// Returns what a column has more of, by its header: "Contact Number 2", "Secondary Role".
    pub(super) fn further(&self, header: &str) -> Option<Kept> {
        const FIRST: [&str; 9] = ["secondary", "second", "additional", "alternate", "alternative", "other", "further", "extra", "backup"];
        let word = squash(header);
        let base = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let after = || FIRST.iter().find_map(|first| word.strip_prefix(first));
        let base = if base.len() < word.len() { base } else { after()? };
        let kept = self.find(base).map(|meaning| meaning.kept)?;
        [Field::Phones, Field::Clinics, Field::Role].map(Kept::Field).contains(&kept).then_some(kept)
    }

    /// Returns what a column with this header says besides the state, if it says both.
    pub(super) fn besides_state(&self, header: &str) -> Option<Kept> {
        self.shared.get(&squash(header)).copied()
    }

    /// Finds a header as it is written, or without its accents.
    fn find(&self, header: &str) -> Option<&Meaning> {
        self.meanings.get(header).or_else(|| self.meanings.get(&without_accents(header)))
    }
}

/// The longest header that is looked up, in bytes.
const LONGEST_HEADER: usize = 200;

impl Words<'_> {
    /// Lists all headers that are understood: made once, since a hostile file has very many.
    pub(super) fn headers(&self) -> Headers {
        let here: BTreeSet<Kept> = Kept::all(self.catalog).collect();
        let mut known = BTreeMap::new();
        for (word, meaning) in general::headers(self.catalog.open_roles) {
            if meaning.sense == general::PENDING && self.catalog.is_own && !self.catalog.states.pending {
                continue;
            }
            if meaning.kept == Kept::Blocked && !here.contains(&Kept::Blocked) {
                let meaning = Meaning { kept: Kept::Status, sense: Sense::Inverted(Standing::Inactive), ..meaning };
                known.entry(word.to_owned()).or_insert(meaning);
            } else if here.contains(&meaning.kept) {
                known.entry(word.to_owned()).or_insert(meaning);
            }
        }
        // Words that say more come later, and replace those that say less.
        let plain = |kept: Kept, rank: usize| Meaning { kept, sense: Sense::Plain, rank };
        for (kept, label) in self.labels().filter(|(kept, _)| here.contains(kept)) {
            known.insert(squash(label), plain(kept, 2));
        }
        for kept in here.iter().rev() {
            known.insert(squash(kept.key(self.catalog)), plain(*kept, 2));
        }
        let sense = |kept: Kept, word: &str| match kept {
            Kept::Status => general::sense_of_state(&without_accents(word)),
            Kept::Email | Kept::Login | Kept::Name | Kept::Blocked | Kept::Field(_) => Sense::Plain,
        };
        for (words, rank) in [(&self.catalog.list, 1), (self.own, 0)] {
            for kept in here.iter().rev() {
                for word in words.columns.get(kept.key(self.catalog)).into_iter().flatten().map(|word| squash(word)) {
                    let meaning = Meaning { sense: sense(*kept, &word), ..plain(*kept, rank) };
                    known.insert(word, meaning);
                }
            }
        }
        Headers { meanings: known, shared: self.shared(&here) }
    }

    /// Lists the headers that the workspace or the catalog has for the state and for another column.
    fn shared(&self, here: &BTreeSet<Kept>) -> BTreeMap<String, Kept> {
        let mut shared = BTreeMap::new();
        for words in [&self.catalog.list, self.own] {
            let of = |kept: Kept| words.columns.get(kept.key(self.catalog)).into_iter().flatten().map(|word| squash(word));
            let states: BTreeSet<String> = of(Kept::Status).collect();
            for kept in here.iter().filter(|kept| **kept != Kept::Status) {
                shared.extend(of(*kept).filter(|word| states.contains(word)).map(|word| (word, *kept)));
            }
        }
        shared
    }

    /// Lists the labels that a roster's definition of the product has: nothing else says more about the headers of its list.
    fn labels(&self) -> impl Iterator<Item = (Kept, &str)> {
        let fields = self.catalog.known_fields().filter_map(|(field, rule)| Some((Kept::Field(field), rule.label.as_deref()?)));
        let email = std::iter::once((Kept::Email, self.catalog.email_label.as_str()));
        email.chain(fields).filter(|_| self.catalog.is_own)
    }

    /// Returns whether a column says that the list is not one of accounts.
    pub(super) fn is_not_users(&self, header: &str) -> bool {
        let word = squash(header);
        let is_known = |known: &String| {
            let known = squash(known);
            // "# of sessions", "Session count": the day of the last one is what accounts have, too.
            let stem = known.trim_end_matches('s');
            known == word || (stem == "session" && word.contains(stem) && !word.contains("last"))
        };
        self.catalog.list.not_users.iter().chain(&self.own.not_users).any(is_known)
    }

    /// Returns what the workspace or the catalog says a word of a column is.
    pub(super) fn value(&self, kept: Kept, word: &str) -> Option<&str> {
        let key = kept.key(self.catalog);
        let word = exact(word);
        let listed = |words: &'_ ListWords| -> Option<String> {
            let values = words.values.get(key)?;
            values.iter().find(|(known, _)| exact(known) == word).map(|(_, value)| value.clone())
        };
        // The answer is borrowed from the map that has it.
        for words in [self.own, &self.catalog.list] {
            if listed(words).is_some() {
                return words.values.get(key)?.iter().find(|(known, _)| exact(known) == word).map(|(_, value)| value.as_str());
            }
        }
        None
    }

    /// Lists the words of a column to which the workspace or the catalog gives a meaning.
    pub(super) fn words_of(&self, kept: Kept) -> impl Iterator<Item = &str> {
        let key = kept.key(self.catalog);
        let all = [self.own, &self.catalog.list].into_iter().filter_map(move |words| words.values.get(key));
        all.flat_map(|values| values.keys().map(String::as_str))
    }

    /// Returns the key of the role with a name; `Ok(None)` if the workspace says that the word is unknown.
    pub(super) fn role(&self, word: &str) -> Result<Option<String>, ()> {
        if let Some(value) = self.value(Kept::Field(Field::Role), word) {
            return Ok((value != UNKNOWN).then(|| value.to_owned()));
        }
        let named = self.role_names().find(|(key, name)| [key, name].into_iter().any(|known| is_same_word(known, word)));
        match named {
            Some((key, _)) => Ok(Some(key.to_owned())),
            // Any text can be a role here, but a number or a dash is not a name.
            None if self.catalog.open_roles && !general::is_dash(word) && !is_number(word) => Ok(Some(word.to_owned())),
            None => Err(()),
        }
    }

    /// Lists all roles with their names.
    pub(super) fn role_names(&self) -> impl Iterator<Item = (&str, &str)> {
        let built_in = self.catalog.roles.iter().map(|(key, role)| (key.as_str(), role.name.as_str()));
        self.roles.iter().map(|(key, name)| (key.as_str(), name.as_str())).chain(built_in)
    }

    /// Returns what a word of a status column says.
    pub(super) fn state(&self, word: &str) -> Option<StateWord> {
        let known = match self.value(Kept::Status, word) {
            Some(value) => general::state(&squash(value))?,
            None => general::state(&squash(word))?,
        };
        // "✗ Active" is not active, nor is "☐ Inactive" inactive.
        let is_turned = general::is_turned(word) || (known == StateWord::Is(Standing::Active) && general::has_cross(word));
        if is_turned && self.value(Kept::Status, word).is_none() {
            return None;
        }
        // What has expired in a product that we do not know, its roster says.
        let is_unclear = ["expired", "expiré", "expirée"].contains(&squash(word).as_str());
        if is_unclear && self.value(Kept::Status, word).is_none() && (self.catalog.is_own || !self.catalog.states.pending) {
            return None;
        }
        self.possible(known)
    }

    /// Returns a state if somebody can have it: where nobody can, only the workspace can say what such a word means.
    fn possible(&self, known: StateWord) -> Option<StateWord> {
        let states = self.catalog.states;
        let is_possible = match known {
            StateWord::Is(standing) => states.has(standing) || !self.catalog.is_own,
            StateWord::Expired => states.pending || !self.catalog.is_own,
            StateWord::Blocked => states.blocked,
            StateWord::Unknown => true,
        };
        is_possible.then_some(known)
    }

    /// Returns what the workspace or the catalog says a word means in one column of states. Its meaning of yes and no counts for the columns
    /// that the same list names, if it names any: in another column, a yes can say the opposite.
    pub(super) fn own_state_in(&self, header: &str, word: &str) -> Option<StateWord> {
        if general::yes_or_no(word).is_none() {
            return self.value(Kept::Status, word).and_then(|_| self.state(word));
        }
        let key = Kept::Status.key(self.catalog);
        let header = squash(&without_brackets(header));
        let counts = |words: &&&ListWords| {
            let named = words.columns.get(key).map_or(&[][..], Vec::as_slice);
            named.is_empty() || named.iter().any(|name| squash(&without_brackets(name)) == header)
        };
        let is_same = |known: &str| exact(known) == exact(word);
        let is_as_sure = |known: &str| general::yes_or_no(known) == general::yes_or_no(word);
        let listed = [self.own, &self.catalog.list];
        let values = || listed.iter().filter(counts).filter_map(|words| words.values.get(key));
        let find = |fits: &dyn Fn(&str) -> bool| values().find_map(|values| values.iter().find(|(known, _)| fits(known)));
        let (_, value) = find(&is_same).or_else(|| find(&is_as_sure))?;
        general::state(&squash(value))
    }

    /// Returns what a word says in one column of states.
    pub(super) fn state_in(&self, header: &str, word: &str) -> Option<StateWord> {
        match general::yes_or_no(word) {
            None => self.state(word),
            // "Enabled" is a state, and a yes.
            Some(_) => self.own_state_in(header, word).or_else(|| self.possible(general::state(&squash(word))?)),
        }
    }

    /// Returns the tab that a heading names, such as "Deactivated Users (3)"; `None` if its words are not known.
    pub(super) fn heading(&self, heading: &str) -> Option<Tab> {
        self.named_tab(heading, true)
    }

    /// Returns the tab that a line names which is not a heading, and can be about something else: every word must be known, and settings are
    /// enabled, too.
    pub(super) fn line(&self, line: &str) -> Option<Tab> {
        const OF_SETTINGS: [&str; 9] =
            ["enabled", "disabled", "accepted", "approved", "confirmed", "member", "registered", "removed", "provisioned"];
        let tab = self.named_tab(line, false);
        tab.filter(|_| !OF_SETTINGS.contains(&squash(line).trim_end_matches(|c: char| c.is_ascii_digit())))
    }

    fn named_tab(&self, heading: &str, has_any_noun: bool) -> Option<Tab> {
        match self.named_state(heading, has_any_noun)? {
            StateWord::Is(standing) => Some(Tab::showing(standing)),
            StateWord::Expired => Some(Tab::Pending),
            StateWord::Blocked => Some(Tab::Blocked),
            StateWord::Unknown => None,
        }
    }

    /// Returns whether a heading says that the invitations of the people below it can no longer be accepted.
    pub(super) fn is_of_expired(&self, heading: &str) -> bool {
        self.named_state(heading, true) == Some(StateWord::Expired)
    }

    fn named_state(&self, heading: &str, has_any_noun: bool) -> Option<StateWord> {
        let all: Vec<&str> = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_left_out = |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || PEOPLE.contains(&word.to_lowercase().as_str());
        let words: Vec<&str> = all.iter().copied().filter(|word| !is_left_out(word)).collect();
        let words = without_time(&words);
        let own = self.value(Kept::Status, heading).and_then(|_| self.state(heading));
        // What follows the state is a word for people, also where it is not known: "Former colleagues".
        let known = match words {
            [state] => self.state(state),
            [state, people] => self.state(&format!("{state} {people}")).or_else(|| self.state(state).filter(|_| has_any_noun)),
            [..] => None,
        };
        own.or(known).or_else(|| general::phrase(words))
    }

    /// Returns whether a text says that a list is of one place, also where the roster does not know the place: "Location: Uptown".
    pub(super) fn is_of_one_place(&self, text: &str) -> bool {
        let Some((key, own)) = text.split_once(':') else { return false };
        let is_place = general::meaning(&squash(key), false).is_some_and(|meaning| meaning.kept == Kept::Field(Field::Clinics));
        let first = own.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default().to_lowercase();
        let is_all = ["all", "any", "every", "everywhere", "toutes", "tous"].contains(&first.as_str());
        let is_name = own.contains(char::is_alphabetic) && !own.contains('@') && !own.contains("www.") && !own.contains("://");
        let is_only = self.clinics.len() == 1
            && self.clinics.iter().any(|(key, name)| [key, name].into_iter().any(|known| squash(known) == squash(own)));
        is_place && is_name && !is_all && !is_only
    }

    /// Returns whether a choice on a page leaves some people of a tab out: another state, one clinic of several, a role, or a letter.
    pub(super) fn narrows_down(&self, choice: &str, tab: Option<Tab>) -> bool {
        if self.is_of_one_place(choice) {
            return true;
        }
        let choice = choice.rsplit_once(':').map_or(choice, |(_, own)| own);
        let choice = without_parentheses(choice);
        let word = squash(choice.trim_end_matches(|c: char| !c.is_alphabetic()));
        let is_named = |key: &str, name: &str| squash(key) == word || squash(name) == word;
        let is_clinic = self.clinics.len() > 1 && self.clinics.iter().any(|(key, name)| is_named(key, name));
        let is_role = self.role_names().any(|(key, name)| is_named(key, name));
        let is_letter = word.chars().count() == 1;
        let is_other = self.heading(&choice).is_some_and(|of| Some(of) != tab);
        !word.is_empty() && (is_clinic || is_role || is_letter || is_other)
    }

    /// Returns the words that a list shows for a state, by mark: those of the workspace say so for sure.
    pub(super) fn marks(&self, state: MarkedState) -> (BTreeSet<String>, bool) {
        let own = self.own.marks.get(state.as_str());
        let all = own.or_else(|| self.catalog.list.marks.get(state.as_str()));
        (all.into_iter().flatten().map(|mark| exact(mark)).collect(), own.is_some())
    }
}

/// The words of a heading without those for a span of time: "Recently deleted", "Deleted in the last 30 days".
fn without_time<'w>(words: &'w [&'w str]) -> &'w [&'w str] {
    let is_in = |word: Option<&&str>, known: &[&str]| word.is_some_and(|word| known.contains(&word.to_lowercase().as_str()));
    let words = words.split_first().filter(|(first, _)| is_in(Some(*first), &["recently", "newly"])).map_or(words, |(_, rest)| rest);
    let begins = |at: usize| is_in(words.get(at), &["in", "within", "since", "last", "past", "this", "recently", "for"]);
    let is_span =
        |rest: &[&str]| rest.iter().any(|word| is_in(Some(word), &["day", "days", "week", "weeks", "month", "months", "year", "years"]));
    let end =
        (1..words.len()).find(|at| begins(*at) && (is_span(words.get(*at..).unwrap_or_default()) || is_in(words.get(*at), &["recently"])));
    words.get(..end.unwrap_or(words.len())).unwrap_or(words)
}

/// Words for people in headings.
const PEOPLE: [&str; 23] = [
    "user",
    "users",
    "member",
    "members",
    "account",
    "accounts",
    "teammate",
    "teammates",
    "team",
    "people",
    "employee",
    "employees",
    "invite",
    "invites",
    "invitation",
    "invitations",
    "list",
    "staff",
    "logins",
    "colleagues",
    "table",
    "grid",
    "panel",
];

/// The meaning of a word if the workspace wants its cells left out.
pub(super) const UNKNOWN: &str = "unknown";

/// The meaning of a word if cells with it are empty.
pub(super) const NONE: &str = "none";

/// Returns whether a word is nothing but a number.
fn is_number(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' '))
}
