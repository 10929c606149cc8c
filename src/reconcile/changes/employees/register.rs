//! The employee records after the plan, found by key and by name.

use std::collections::BTreeMap;

use crate::model::{Actual, EmployeeUpdate, PersonName};

/// A record after this plan.
#[derive(Clone, Debug)]
pub(in crate::reconcile) struct Record {
    pub(in crate::reconcile) key: String,
    pub(in crate::reconcile) active: bool,
    pub(in crate::reconcile) external: bool,
    pub(in crate::reconcile) first: String,
    pub(in crate::reconcile) last: String,
}

/// All records.
#[derive(Debug, Default)]
pub(in crate::reconcile) struct Register {
    records: Vec<Record>,
    by_key: BTreeMap<String, usize>,
    by_name: BTreeMap<PersonName, Vec<usize>>,
}

impl Register {
    /// Starts with the records of a workspace, before any change.
    pub(in crate::reconcile) fn from_actual(actual: &Actual) -> Self {
        let mut register = Self::default();
        for held in &actual.employees {
            let (first, last) = (held.first_name.clone(), held.last_name.clone());
            register.put(Record { key: held.key.clone(), first, last, active: held.active, external: held.external });
        }
        register
    }

    /// Changes a record.
    pub(in crate::reconcile) fn update(&mut self, update: &EmployeeUpdate) {
        let EmployeeUpdate { key, target: _, first_name, last_name, active, external } = update;
        let Some(mut record) = self.with_key(key).cloned() else { return };
        if let Some(edit) = first_name {
            record.first.clone_from(&edit.after);
        }
        if let Some(edit) = last_name {
            record.last.clone_from(&edit.after);
        }
        record.active = active.as_ref().map_or(record.active, |edit| edit.after);
        record.external = external.as_ref().map_or(record.external, |edit| edit.after);
        self.put(record);
    }

    /// Adds a record, and replaces one with the same key.
    pub(in crate::reconcile) fn put(&mut self, record: Record) {
        let at = self.by_key.get(&record.key).copied();
        if let Some(old) = at.and_then(|at| self.records.get(at))
            && let Some(places) = self.by_name.get_mut(&PersonName::new(&old.first, &old.last))
        {
            places.retain(|place| Some(*place) != at);
        }
        let at = at.unwrap_or(self.records.len());
        self.by_key.insert(record.key.clone(), at);
        self.by_name.entry(PersonName::new(&record.first, &record.last)).or_default().push(at);
        match self.records.get_mut(at) {
            Some(place) => *place = record,
            None => self.records.push(record),
        }
    }

    /// Finds the record with a key.
    pub(in crate::reconcile) fn with_key(&self, key: &str) -> Option<&Record> {
        self.by_key.get(key).and_then(|at| self.records.get(*at))
    }

    /// Finds the records with a name.
    pub(in crate::reconcile) fn named(&self, first: &str, last: &str) -> Vec<&Record> {
        let places = self.by_name.get(&PersonName::new(first, last));
        places.into_iter().flatten().filter_map(|at| self.records.get(*at)).collect()
    }
}
