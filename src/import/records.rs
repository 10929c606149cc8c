//! Turns clinics, roles and employee records of a workspace into those of a roster.

use std::collections::BTreeSet;

use crate::model::{Actual, Desired, Employee, LONGEST_TEXT, Role, SubjectRef};
use crate::platform::{Catalog, is_key, text_form, unwritable_in_line};
use crate::yaml::{Value, is_seen};

/// The most characters of a key: YAML reads no longer ones back.
const LONGEST_KEY: usize = 1000;

/// A clinic, role or employee record by its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecordKey {
    Clinic(String),
    Role(String),
    Employee(String),
}

impl RecordKey {
    /// The record that a change or refusal is about.
    pub(super) fn from_subject(subject: SubjectRef<'_>) -> Option<Self> {
        match subject {
            SubjectRef::Clinic(key) => Some(Self::Clinic(key.to_owned())),
            SubjectRef::Role(key) => Some(Self::Role(key.to_owned())),
            SubjectRef::Employee(key) => Some(Self::Employee(key.to_owned())),
            SubjectRef::Workspace | SubjectRef::User(_) => None,
        }
    }
}

/// The records to be written, by key.
pub(super) struct Records {
    pub(super) clinics: Vec<(String, Value)>,
    pub(super) roles: Vec<(String, Value)>,
    pub(super) employees: Vec<(String, Value)>,
}

impl Records {
    /// Drafts an entry for each record that the roster does not have and can say.
    pub(super) fn draft(desired: &Desired, state: &Actual, catalog: &Catalog) -> Self {
        let clinics = state.clinics.iter().filter(|(key, clinic)| catalog.clinics && is_key(key) && is_text(&clinic.name));
        let clinics = clinics.filter(|(key, _)| !desired.clinics.contains_key(*key));
        let roles = state.roles.iter().filter(|(key, role)| is_role(key, role, catalog) && !desired.roles.contains_key(*key));
        // Where the roster has records without keys, nobody knows which ones these are.
        let has_keys = catalog.employees && desired.employees.iter().all(|record| record.id.is_some());
        let mut known: BTreeSet<&str> = desired.employees.iter().filter_map(|record| record.id.as_deref()).collect();
        let employees = state.employees.iter().filter(|record| has_keys && is_employee(record) && known.insert(&record.key));
        Self {
            clinics: clinics.map(|(key, clinic)| (key.clone(), map([("name", text(&clinic.name))]))).collect(),
            roles: roles.map(|(key, role)| (key.clone(), role_value(key, role))).collect(),
            employees: employees.map(|record| (record.key.clone(), employee_value(record))).collect(),
        }
    }

    /// Takes out records.
    pub(super) fn remove(&mut self, keys: &BTreeSet<RecordKey>) {
        self.clinics.retain(|(key, _)| !keys.contains(&RecordKey::Clinic(key.clone())));
        self.roles.retain(|(key, _)| !keys.contains(&RecordKey::Role(key.clone())));
        self.employees.retain(|(key, _)| !keys.contains(&RecordKey::Employee(key.clone())));
    }

    /// Returns whether a record is among those to be written.
    pub(super) fn has(&self, key: &RecordKey) -> bool {
        let (records, key) = match key {
            RecordKey::Clinic(key) => (&self.clinics, key),
            RecordKey::Role(key) => (&self.roles, key),
            RecordKey::Employee(key) => (&self.employees, key),
        };
        records.iter().any(|(known, _)| known == key)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Returns whether a roster can have a text as it is.
fn is_text(text: &str) -> bool {
    is_seen(text) && text.len() <= LONGEST_TEXT && unwritable_in_line(text).is_none() && text_form(text) == text
}

/// Returns whether a role is one of the workspace's own, and a roster can say it.
fn is_role(key: &str, role: &Role, catalog: &Catalog) -> bool {
    let is_own = catalog.custom_roles && !role.built_in && !catalog.roles.contains_key(key);
    let has_key = if catalog.open_roles { is_text(key) && key.chars().count() <= LONGEST_KEY } else { is_key(key) };
    let is_known = |name: &String| catalog.privilege(name) == Some(name) && is_text(name) && name.chars().count() <= LONGEST_KEY;
    is_own && has_key && is_text(&role.name) && role.privileges.iter().all(is_known)
}

fn role_value(key: &str, role: &Role) -> Value {
    let name = (role.name != key).then(|| ("name".to_owned(), text(&role.name)));
    let privileges = role.privileges.iter().map(|privilege| (privilege.clone(), Value::Flag(true))).collect();
    Value::Map(name.into_iter().chain([("privileges".to_owned(), Value::Map(privileges))]).collect())
}

fn is_employee(record: &Employee) -> bool {
    is_key(&record.key) && is_text(&record.first_name) && is_text(&record.last_name)
}

fn employee_value(record: &Employee) -> Value {
    map([
        ("id", text(&record.key)),
        ("first_name", text(&record.first_name)),
        ("last_name", text(&record.last_name)),
        ("active", Value::Flag(record.active)),
        ("external", Value::Flag(record.external)),
    ])
}
