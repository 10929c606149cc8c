//! Employee records as they will be after the plan, looked up by key and by name.

use std::collections::BTreeMap;

use crate::model::{Actual, AttributeChange, Value};
use crate::platform::text_form;

/// A record as it will be after this plan.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) key: String,
    pub(super) active: bool,
    pub(super) external: bool,
    first: String,
    last: String,
}

/// First and last name, folded: people write names with and without capitals.
pub(super) type Name = (String, String);

/// The name by which records are found (PBN-2).
pub(super) fn name(first: &str, last: &str) -> Name {
    let fold = |text: &str| text_form(text).to_lowercase();
    (fold(first), fold(last))
}

/// All records.
#[derive(Debug, Default)]
pub(super) struct Register {
    records: Vec<Record>,
    by_key: BTreeMap<String, usize>,
    by_name: BTreeMap<Name, Vec<usize>>,
}

impl Register {
    /// The records of a workspace, before any change.
    pub(super) fn of(actual: &Actual) -> Self {
        let mut register = Self::default();
        for held in &actual.employees {
            let (first, last) = (held.first_name.clone(), held.last_name.clone());
            register.put(Record { key: held.key.clone(), first, last, active: held.active, external: held.external });
        }
        register
    }

    /// Takes a change of a record in, or a new record.
    pub(super) fn change(&mut self, key: &str, changes: &[AttributeChange]) {
        let held = self.with_key(key).cloned();
        let nobody = || Record { key: key.to_owned(), first: String::new(), last: String::new(), active: true, external: false };
        let mut record = held.unwrap_or_else(nobody);
        for AttributeChange { name, before: _, after } in changes {
            match (name.as_str(), after) {
                ("first_name", Value::Text(first)) => record.first.clone_from(first),
                ("last_name", Value::Text(last)) => record.last.clone_from(last),
                ("active", Value::Flag(active)) => record.active = *active,
                ("external", Value::Flag(external)) => record.external = *external,
                _ => {}
            }
        }
        self.put(record);
    }

    fn put(&mut self, record: Record) {
        let at = self.by_key.get(&record.key).copied();
        if let Some(old) = at.and_then(|at| self.records.get(at))
            && let Some(places) = self.by_name.get_mut(&name(&old.first, &old.last))
        {
            places.retain(|place| Some(*place) != at);
        }
        let at = at.unwrap_or(self.records.len());
        self.by_key.insert(record.key.clone(), at);
        self.by_name.entry(name(&record.first, &record.last)).or_default().push(at);
        match self.records.get_mut(at) {
            Some(place) => *place = record,
            None => self.records.push(record),
        }
    }

    /// The record with a key.
    pub(super) fn with_key(&self, key: &str) -> Option<&Record> {
        self.by_key.get(key).and_then(|at| self.records.get(*at))
    }

    /// The records of a name.
    pub(super) fn named(&self, first: &str, last: &str) -> Vec<&Record> {
        let places = self.by_name.get(&name(first, last));
        places.into_iter().flatten().filter_map(|at| self.records.get(*at)).collect()
    }
}
