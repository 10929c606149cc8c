//! The managed attributes of a user, from its entry.

use std::collections::BTreeSet;

use crate::model::{Field, Fields, Kind, NormalForm, Value};
use crate::platform::{Catalog, phone_in};
use crate::yaml::{AsWritten, Each, Given, NodeRef, OrFalse};

use super::said::{Behind, SaidWords, Word};
use crate::manifest::file::File;
use crate::manifest::said::PermissionsEntry;
use crate::manifest::scalars::unseen;

/// The fields of an entry that the platform has, not yet normalized.
pub(in crate::manifest) fn fields(file: &File<'_>, catalog: &Catalog, said: &SaidWords) -> Fields {
    let mut draft = Collected { file, catalog, fields: Vec::with_capacity(Field::ALL.len()) };
    draft.map(said);
    draft.fields.sort_by_key(|(field, _)| *field);
    draft.fields.into_iter().collect()
}

/// Fields as they are collected.
struct Collected<'a> {
    file: &'a File<'a>,
    catalog: &'a Catalog,
    fields: Vec<(Field, Value)>,
}

impl Collected<'_> {
    fn map(&mut self, said: &SaidWords) {
        for (word, behind) in &said.0 {
            match behind {
                Behind::Text(text) => self.text(word, text),
                Behind::TextOrNo(text) => self.take(word, text, |text| match text {
                    OrFalse::False => Value::Flag(false),
                    OrFalse::Is(text) => Value::Text(text.clone()),
                }),
                Behind::Flag(flag) => self.take(word, flag, |on| Value::Flag(*on)),
                Behind::Number(number) => self.take(word, number, |number| Value::Number(*number)),
                Behind::Texts(texts) => self.texts(word, texts),
                Behind::Switches(table) => {
                    let file = self.file;
                    self.take(word, table, |table| {
                        let (grant, revoke) = switched(file, file.node(table.0));
                        Value::changes(grant, revoke)
                    });
                }
                Behind::Changes(changes) => {
                    let file = self.file;
                    self.take(word, changes, |changes| granted(file, changes));
                }
                Behind::Switch(switch) => {
                    self.take(word, switch, |switch| match switch {
                        OrFalse::False => Value::Flag(false),
                        OrFalse::Is(_) => Value::Flag(true),
                    });
                    if let Some(settings) = switch.value().and_then(|switch| switch.as_ref()?.settings()) {
                        self.map(settings);
                    }
                }
                Behind::Group(group) => match group {
                    Given::Absent | Given::Bad => {}
                    Given::Is(Some(said), at) if self.file.node(*at).entries().next().is_some() => self.map(said),
                    Given::Is(_, _) => self.clear(&word.key),
                },
            }
        }
    }

    /// Takes the value of a key under which the platform has a field; `null` clears the field.
    fn take<T>(&mut self, word: &Word, given: &Given<Option<T>>, value: impl FnOnce(&T) -> Value) {
        let Some((field, _)) = word.field.filter(|(field, _)| self.catalog.yaml_key(*field) == word.key) else { return };
        if let Some(given) = given.value() {
            self.set(field, given.as_ref().map_or(Value::Unset, value));
        }
    }

    /// Takes a text. One that nobody can see would clear the field, and only `null` does.
    fn text(&mut self, word: &Word, given: &Given<Option<String>>) {
        if let Some((Some(text), at)) = given.read()
            && let Some(problem) = unseen(text, word.name, "write a text that people can see; to clear the field, write `null`")
        {
            self.file.push(problem.finding("no-value", self.file.node(at).span()));
            return;
        }
        self.take(word, given, |text| Value::Text(text.clone()));
    }

    fn texts(&mut self, word: &Word, given: &Given<Option<Each<String>>>) {
        let file = self.file;
        let Some((field, _)) = word.field else { return };
        let in_order = match field.definition().kind {
            Kind::List => true,
            Kind::Text | Kind::TextOrNo | Kind::Flag | Kind::Number | Kind::Set | Kind::Changes => false,
        };
        self.take(word, given, |each| {
            let are_phones = field.definition().form == NormalForm::Phones;
            // A number that is not one is kept as it is, and reported.
            let stored = |text: String| phone_in(file.country, &text).unwrap_or(text);
            let list = file.node(each.0);
            let texts: Vec<String> = if are_phones {
                file.decoder.each::<AsWritten>(list).into_iter().map(|(text, _)| stored(text.0)).collect()
            } else {
                file.decoder.each::<String>(list).into_iter().map(|(text, _)| text).collect()
            };
            let texts = texts.into_iter();
            if in_order { Value::List(texts.collect()) } else { Value::Set(texts.collect()) }
        });
    }

    /// Clears every field of a map that is `null` or `{}`.
    fn clear(&mut self, map: &str) {
        for field in Field::ALL {
            if field.key().strip_prefix(map).is_some_and(|rest| rest.starts_with('.')) {
                self.set(field, Value::Unset);
            }
        }
    }

    fn set(&mut self, field: Field, value: Value) {
        if self.catalog.field(field).is_some() {
            self.fields.push((field, value));
        }
    }
}

/// Reads privileges to grant and to revoke from two lists.
fn granted(file: &File<'_>, changes: &PermissionsEntry) -> Value {
    let names = |given: &Given<Each<String>>| -> BTreeSet<String> {
        given.value().map(|each| file.decoder.each(file.node(each.0)).into_iter().map(|(name, _)| name).collect()).unwrap_or_default()
    };
    Value::changes(names(&changes.grant), names(&changes.revoke))
}

/// The names that a map of switches turns on, and those it turns off.
pub(in crate::manifest) fn switched(file: &File<'_>, map: NodeRef<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut on, mut off) = (BTreeSet::new(), BTreeSet::new());
    for (key, value) in map.entries() {
        if let Some(is_on) = file.decoder.decode::<bool>(value) {
            if is_on { &mut on } else { &mut off }.insert(key.text().to_owned());
        }
    }
    (on, off)
}
