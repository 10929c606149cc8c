//! Lists as products give them, each with the trap that it has.

mod empty;
mod facts;
mod pages;
mod parts;
mod people;
mod refused;
mod saved;
mod senses;
mod sheets;
mod shown;
mod states;
mod swapped;
mod toggles;

use std::collections::BTreeMap;

use crate::model::{Country, Field, ListWords, Tab, Value};
use crate::platform::{Platform, built_in};

use super::{Cause, Input, Person, Problems, UserList, Words, read};

/// Words of a workspace with two clinics and a role of its own, on one of the platforms.
pub(super) struct Place {
    platform: &'static Platform,
    own: ListWords,
    clinics: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
}

/// The platform that has every column.
pub(super) fn spa() -> Place {
    at(0)
}

/// Plain SCIM, on which any text is a role.
pub(super) fn plain() -> Place {
    at(built_in().len() - 1)
}

/// The platform with this place in the list of them.
pub(super) fn at(platform: usize) -> Place {
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
    let own = ListWords::default();
    let clinics = pairs(&[("downtown", "Glow Downtown"), ("uptown", "Glow Uptown")]);
    Place { platform: &built_in()[platform], own, clinics, roles: pairs(&[("lead-provider", "Lead Provider")]) }
}

impl Place {
    /// Adds words of the workspace's own, in YAML.
    pub(super) fn with(mut self, yaml: &str) -> Self {
        self.own = serde_yaml::from_str(yaml).unwrap();
        self
    }

    pub(super) fn try_files(&self, files: &[(&str, &[u8], Option<Tab>)]) -> Result<UserList, Problems> {
        self.try_totals(files, &BTreeMap::new())
    }

    /// Reads a list of active users whose number a person gives.
    pub(super) fn with_totals(&self, text: &str, totals: &[(Tab, u64)]) -> UserList {
        let files = [("active.html", text.as_bytes(), Some(Tab::Active))];
        self.try_totals(&files, &totals.iter().copied().collect()).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    pub(super) fn try_totals(&self, files: &[(&str, &[u8], Option<Tab>)], totals: &BTreeMap<Tab, u64>) -> Result<UserList, Problems> {
        let catalog = self.platform.catalog();
        let country = Country::named("US");
        let words = Words {
            catalog,
            own: &self.own,
            clinics: &self.clinics,
            roles: &self.roles,
            country,
            as_of: Some(jiff::civil::date(2026, 11, 27)),
        };
        let inputs: Vec<Input<'_>> = files.iter().map(|(name, bytes, tab)| Input { name, bytes, tab: *tab }).collect();
        read(&inputs, &words, totals)
    }

    /// Reads one list of everybody.
    pub(super) fn read(&self, text: &str) -> UserList {
        self.try_files(&[("users.csv", text.as_bytes(), None)]).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// Reads one list of active users.
    pub(super) fn active(&self, text: &str) -> UserList {
        self.try_files(&[("active.csv", text.as_bytes(), Some(Tab::Active))]).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// Reads a list of active users that is refused.
    pub(super) fn refused(&self, text: &str) -> Vec<(Option<u64>, Cause)> {
        let problems = self.try_files(&[("active.csv", text.as_bytes(), Some(Tab::Active))]).unwrap_err();
        problems.list.into_iter().map(|problem| (problem.row, problem.cause)).collect()
    }
}

/// The name of a case, such as `UnknownWord` of a cause: this is one of many, and nothing is decided by it.
pub(super) fn case(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// The rows of problems, and the names of their cases.
pub(super) fn cases(problems: &[(Option<u64>, Cause)]) -> Vec<(Option<u64>, String)> {
    problems.iter().map(|(row, cause)| (*row, case(cause))).collect()
}

/// The person with a login.
pub(super) fn person<'l>(list: &'l UserList, login: &str) -> &'l Person {
    let found = list.people.iter().find(|(known, _)| known.as_str() == login);
    found.unwrap_or_else(|| panic!("{login} is missing in {:?}", list.people.keys())).1
}

/// The text of a field.
pub(super) fn text(person: &Person, field: Field) -> Option<&str> {
    person.fields.get(&field).and_then(Value::as_text)
}

/// A set of texts.
pub(super) fn set(texts: &[&str]) -> Value {
    Value::Set(texts.iter().map(|text| (*text).to_owned()).collect())
}
