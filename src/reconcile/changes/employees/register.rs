//! The employee records after the plan, found by key and by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Actual, DesiredUser, EmployeeUpdate, Field, Fields};
use crate::platform::{self, text_form, without_accents};

/// The fields that make a person's name.
pub(in crate::reconcile) const NAME: [Field; 2] = [Field::FirstName, Field::LastName];

/// A record after this plan.
#[derive(Clone, Debug)]
pub(in crate::reconcile) struct Record {
    pub(in crate::reconcile) key: String,
    pub(in crate::reconcile) active: bool,
    pub(in crate::reconcile) external: bool,
    pub(in crate::reconcile) first: String,
    pub(in crate::reconcile) last: String,
}

/// First and last name, without regard to case: people write names with and without capitals.
pub(in crate::reconcile) type Name = (String, String);

/// Returns the name by which records are found (PBN-2).
pub(in crate::reconcile) fn name(first: &str, last: &str) -> Name {
    let fold = |text: &str| text_form(text).to_lowercase();
    (fold(first), fold(last))
}

/// Returns a whole name without accents: servers and lists have it as one text, too, so nobody knows where the last name begins, and some
/// write it in plain capitals.
pub(in crate::reconcile) fn whole(first: &str, last: &str) -> Name {
    name(&without_accents(&format!("{first} {last}")), "")
}

/// Returns the whole name of an account or a user; `None` if a part of it is unknown.
pub(in crate::reconcile) fn of_fields(fields: &Fields) -> Option<Name> {
    platform::whole_name(fields).map(|whole| (whole, String::new()))
}

/// Whether a row that nobody claims may be a user's: it has the same names, or the user's address beside a user name and a name that does not
/// contradict that.
pub(in crate::reconcile) fn may_be(wanted: &DesiredUser, fields: &Fields, beside: Option<&str>) -> bool {
    let own = of_fields(&wanted.fields);
    if own.is_some() && of_fields(fields) == own {
        return true;
    }
    let has_address = beside.is_some_and(|beside| std::iter::once(&wanted.email).chain(&wanted.formerly).any(|one| one.as_str() == beside));
    let names = |fields: &Fields| NAME.map(|field| fields.text(field).unwrap_or_default().to_owned());
    let [[first, last], [other_first, other_last]] = [names(&wanted.fields), names(fields)];
    has_address && !are_two_people([&first, &last], [&other_first, &other_last])
}

/// Whether two names have nothing in common, so that an account with the one would be handed to somebody else with the other.
pub(in crate::reconcile) fn are_two_people(one: [&str; 2], other: [&str; 2]) -> bool {
    let [one, other] = [one, other].map(|[first, last]| -> BTreeSet<String> {
        let (whole, _) = whole(first, last);
        whole.split_whitespace().map(str::to_owned).collect()
    });
    !one.is_empty() && !other.is_empty() && one.is_disjoint(&other)
}

/// All records.
#[derive(Debug, Default)]
pub(in crate::reconcile) struct Register {
    records: Vec<Record>,
    by_key: BTreeMap<String, usize>,
    by_name: BTreeMap<Name, Vec<usize>>,
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

    /// Finds the record with a key.
    pub(in crate::reconcile) fn with_key(&self, key: &str) -> Option<&Record> {
        self.by_key.get(key).and_then(|at| self.records.get(*at))
    }

    /// Finds the records with a name.
    pub(in crate::reconcile) fn named(&self, first: &str, last: &str) -> Vec<&Record> {
        let places = self.by_name.get(&name(first, last));
        places.into_iter().flatten().filter_map(|at| self.records.get(*at)).collect()
    }
}
