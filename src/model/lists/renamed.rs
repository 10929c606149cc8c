//! Finds rows that may be about somebody who had another login before: people get other addresses and user names, and a list has nothing else by which
//! it knows them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ByLooseName, Email, Field, Fields, LoginName, LooseName, NAME, Row, WholeName};

/// Rows of a list, found by names, addresses and phones.
#[derive(Debug)]
pub struct RowsByPerson<'a> {
    by_name: ByLooseName<&'a LoginName>,
    by_mark: BTreeMap<&'a str, Vec<(&'a LoginName, &'a Row)>>,
}

impl<'a> RowsByPerson<'a> {
    /// Collects rows.
    #[must_use]
    pub fn new(rows: impl Iterator<Item = (&'a LoginName, &'a Row)>) -> Self {
        let (mut named, mut by_mark) = (Vec::new(), BTreeMap::<&str, Vec<_>>::new());
        for (login, row) in rows {
            named.extend(LooseName::of_fields(&row.fields).map(|name| (name, login)));
            for mark in marks(login, row) {
                by_mark.entry(mark).or_default().push((login, row));
            }
        }
        Self { by_name: named.into_iter().collect(), by_mark }
    }

    /// Returns the login of a row that may be about somebody: it has the same names, but perhaps for a middle name, or shares an address or a phone and has no other names.
    #[must_use]
    pub fn perhaps(&self, login: &LoginName, row: &Row) -> Option<&'a LoginName> {
        let named = LooseName::of_fields(&row.fields).and_then(|name| self.by_name.alike(&name).next().copied());
        let own = name(&row.fields);
        let marked = || {
            let mut all = marks(login, row).into_iter().filter_map(|mark| self.by_mark.get(mark)).flatten();
            all.find(|(_, other)| !own.is_anothers(&name(&other.fields))).map(|(other, _)| *other)
        };
        named.or_else(marked)
    }
}

/// The addresses and phones by which people know somebody.
fn marks<'a>(login: &'a LoginName, row: &'a Row) -> BTreeSet<&'a str> {
    let addresses = login.address().map(Email::as_str).into_iter().chain(row.address());
    addresses.chain(row.fields.items(Field::Phones)).collect()
}

fn name(fields: &Fields) -> WholeName {
    let [first, last] = NAME.map(|field| fields.text(field).unwrap_or_default());
    WholeName::new(first, last)
}
