//! The keys of entries on a platform that the roster defines: those that every entry can have, and those of the platform's own fields.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::model::Field;
use crate::platform::Catalog;

use crate::manifest::said::Word;

/// The keys of a kind of entry, as the deserializer wants them.
pub(in crate::manifest) type EntryKeys = &'static [&'static str];

/// Every list of keys that was made; there are about three a definition.
static KEYS: Mutex<BTreeSet<EntryKeys>> = Mutex::new(BTreeSet::new());

/// The words of the fields that were met; there is one a field.
static WORDS: Mutex<BTreeMap<Field, &'static Word>> = Mutex::new(BTreeMap::new());

/// The fields of a platform that are not in the field table.
#[derive(Clone, Debug, Default)]
pub(in crate::manifest) struct OwnFields(Vec<&'static Word>);

impl OwnFields {
    /// The fields that only this platform has.
    pub(in crate::manifest) fn new(catalog: &Catalog) -> Self {
        let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut word = |field| *words.entry(field).or_insert_with(|| Box::leak(Box::new(Word::own(field))));
        Self(catalog.own_fields().map(&mut word).collect())
    }

    /// Returns the word of the field with a key.
    pub(in crate::manifest) fn named(&self, key: &str) -> Option<&'static Word> {
        self.0.iter().copied().find(|word| word.name == key)
    }

    /// Adds the keys of the fields to those that every entry can have.
    pub(in crate::manifest) fn with(&self, known: EntryKeys) -> EntryKeys {
        if self.0.is_empty() {
            return known;
        }
        let all: Vec<&'static str> = known.iter().copied().chain(self.0.iter().map(|word| word.name)).collect();
        let mut lists = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = lists.get(all.as_slice()) {
            return list;
        }
        let list: EntryKeys = Vec::leak(all);
        lists.insert(list);
        list
    }
}
