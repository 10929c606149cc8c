//! Makes the snapshot of a list.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::{Person, UserList};
use crate::model::{Desired, DesiredUser, Field, Fields, LoginName, Moment, Row, Shows, Snapshot, Tab, TabRead, Value};
use crate::platform::Catalog;

use super::files::ListFile;

/// Makes the snapshot of a list; what people attested is kept.
pub(in crate::cli) fn snapshot(
    list: &UserList,
    files: &[ListFile],
    taken: &BTreeMap<Tab, Moment>,
    desired: &Desired,
    catalog: &Catalog,
    last: Option<&Snapshot>,
) -> Snapshot {
    let tabs = list.tabs.iter().filter_map(|(tab, found)| {
        let read = TabRead { total: found.total, taken: *taken.get(tab)?, filtered: found.is_filtered };
        Some((*tab, read))
    });
    let mut fields: BTreeSet<Field> = list.fields.clone();
    fields.extend(list.people.values().flat_map(|person| person.fields.keys()));
    Snapshot {
        workspace: desired.workspace.clone(),
        from: files.iter().map(|file| (file.name.clone(), file.sha256())).collect(),
        tabs: tabs.collect(),
        shows: Shows { fields, status: list.status, blocked: list.blocked },
        accounts: list.people.iter().map(|(login, person)| (login.clone(), row(login, person, desired, catalog))).collect(),
        earlier: BTreeMap::new(),
        attested: last.map(|last| last.attested.clone()).unwrap_or_default(),
    }
}

/// Returns what the snapshot says about a person.
fn row(login: &LoginName, person: &Person, desired: &Desired, catalog: &Catalog) -> Row {
    let mut fields: Fields = person.fields.iter().map(|(field, value)| (*field, value.clone())).collect();
    if let Some((first, last)) = person.name.as_deref().and_then(|name| as_in_roster(login, name, desired)) {
        fields.set(Field::FirstName, Value::Text(first));
        fields.set(Field::LastName, Value::Text(last));
    }
    let wanted = of_roster(login, desired);
    for field in &person.unordered {
        if let Some(Value::List(mut entries)) = person.fields.get(field).cloned() {
            entries.sort();
            // Several rows do not say which entry is the first: the roster's order is as good as any.
            let own = wanted.and_then(|user| user.fields.get(*field)).map(crate::model::ValueRef::to_value);
            let is_same = |own: &Value| own.as_list().is_some_and(|own| own.iter().collect::<BTreeSet<_>>() == entries.iter().collect());
            fields.set(*field, own.filter(is_same).unwrap_or(Value::List(entries.clone())));
        }
    }
    as_roster_spells(&mut fields, wanted, catalog);
    catalog.normalize(&mut fields);
    Row { fields, status: person.status, blocked: person.blocked, is_expired: person.is_expired }
}

/// Spells the entries of sets as the roster does, where they differ in case only: most products do not tell these apart.
fn as_roster_spells(fields: &mut Fields, wanted: Option<&DesiredUser>, catalog: &Catalog) {
    let Some(wanted) = wanted else { return };
    let is_open = |field: &Field| catalog.field(*field).is_some_and(|rule| rule.allowed.is_empty());
    let open: Vec<Field> = fields.iter().map(|(field, _)| field).filter(is_open).collect();
    for field in open {
        let Some(Value::Set(entries)) = fields.get(field).map(crate::model::ValueRef::to_value) else { continue };
        let spelled = entries.iter().map(|entry| {
            let same = wanted.fields.items(field).into_iter().find(|known| known.to_lowercase() == entry.to_lowercase());
            same.map_or_else(|| entry.clone(), str::to_owned)
        });
        fields.set(field, Value::Set(spelled.collect()));
    }
}

/// Finds the user of the roster who has a login.
fn of_roster<'d>(login: &LoginName, desired: &'d Desired) -> Option<&'d DesiredUser> {
    let by_id = || desired.users.values().find(|user| user.id.as_ref().is_some_and(|id| id.0 == login.as_str()));
    let by_old = || desired.users.values().find(|user| login.address().is_some_and(|email| user.formerly.contains(email)));
    login.address().and_then(|email| desired.users.get(email)).or_else(by_id).or_else(by_old)
}

/// Splits a whole name where the roster splits it: only the roster knows what belongs to the last name.
fn as_in_roster(login: &LoginName, name: &str, desired: &Desired) -> Option<(String, String)> {
    let user = of_roster(login, desired)?;
    let (first, last) = (user.fields.text(Field::FirstName)?, user.fields.text(Field::LastName)?);
    let fold = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let is_same = |name: &str| fold(name) == fold(&format!("{first} {last}")) || fold(name) == fold(&format!("{last}, {first}"));
    let is_same = is_same(name) || is_same(&crate::list::plain_name(name));
    is_same.then(|| (first.to_owned(), last.to_owned()))
}
