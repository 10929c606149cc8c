//! Writes a workspace's own list of users: equal lists have equal bytes.

use std::collections::BTreeSet;

use super::row_status::RowStatus;
use crate::model::{
    Attestation, BLOCKED, BlockSet, Earlier, Field, Fields, Row, Shows, Snapshot, StepValue, StepValues, TabRead, ValueRef,
};
use crate::platform::Catalog;
use crate::yaml::Value;
use crate::yaml::write::{flow, scalar};

/// Writes the document of a snapshot: files by name, accounts by login, attestations by user and time, one a line.
#[must_use]
pub fn write(snapshot: &Snapshot, catalog: &Catalog) -> String {
    let Snapshot { workspace, from, tabs, shows, accounts, earlier, attested } = snapshot;
    let files = from.iter().map(|(file, hash)| map([("file", Value::Text(file.clone())), ("sha256", Value::Text(hash.clone()))]));
    let mut lines = vec![format!("{}: {}", super::SNAPSHOT, scalar(workspace))];
    lines.extend(list("from", files));
    lines.extend(table("tabs", tabs.iter().map(|(tab, read)| (tab.as_str(), tab_read(read)))));
    lines.push(format!("shows: {}", flow(&shown(shows, catalog))));
    lines.extend(table("accounts", accounts.iter().map(|(login, row)| (login.as_str(), Value::Map(row_value(row, catalog))))));
    if !earlier.is_empty() {
        lines.extend(table("earlier", earlier.iter().map(|(login, one)| (login.as_str(), earlier_value(one, catalog)))));
    }
    if !attested.is_empty() {
        lines.extend(list("attested", attested.iter().map(|one| attestation(one, catalog))));
    }
    lines.join("\n") + "\n"
}

/// Returns an attestation as an item of the list `attested`.
#[must_use]
pub fn attestation(attestation: &Attestation, catalog: &Catalog) -> Value {
    let Attestation { user, at, id, change, set, by, plan, note, proved, contradicted, settled } = attestation;
    let text = |text: &str| Value::Text(text.to_owned());
    let entries = [
        ("id", text(&id.0)),
        ("user", text(user.as_str())),
        ("change", text(change.as_str())),
        ("set", set_value(set, catalog)),
        ("by", text(by)),
        ("at", text(&at.to_string())),
        ("plan", text(plan)),
    ];
    let note = note.as_deref().map(|note| ("note", text(note)));
    let shown =
        [("proved", proved), ("contradicted", contradicted), ("settled", settled)].into_iter().filter(|(_, values)| !values.is_empty());
    let keys = |values: &BTreeSet<StepValue>| Value::List(values.iter().map(|value| text(key_of(*value, catalog))).collect());
    map(entries.into_iter().chain(note).chain(shown.map(|(word, values)| (word, keys(values)))))
}

/// Returns the key of a value among those that a step leaves.
pub(super) fn key_of(value: StepValue, catalog: &Catalog) -> &str {
    match value {
        StepValue::Field(field) => catalog.yaml_key(field),
        StepValue::Status | StepValue::Blocked | StepValue::Passcode => {
            StepValue::WORDS.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
        }
    }
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The lines of a list, one item a line.
fn list(key: &str, items: impl IntoIterator<Item = Value>) -> Vec<String> {
    let lines = items.into_iter().map(|item| format!("  - {}", flow(&item)));
    under(key, "[]", lines)
}

/// The lines of a map, one entry a line.
fn table<'k>(key: &str, entries: impl IntoIterator<Item = (&'k str, Value)>) -> Vec<String> {
    let lines = entries.into_iter().map(|(key, value)| format!("  {}: {}", scalar(key), flow(&value)));
    under(key, "{}", lines)
}

fn under(key: &str, nothing: &str, lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = vec![format!("{key}:")];
    all.extend(lines);
    if let [head] = all.as_mut_slice() {
        head.push(' ');
        head.push_str(nothing);
    }
    all
}

fn tab_read(read: &TabRead) -> Value {
    let TabRead { total, taken, filtered } = read;
    let total = total.map(|total| ("total", i64::try_from(total).map_or_else(|_| Value::Text(total.to_string()), Value::Number)));
    let filtered = filtered.then_some(("filtered", Value::Flag(true)));
    map(total.into_iter().chain([("taken", Value::Text(taken.to_string()))]).chain(filtered))
}

fn shown(shows: &Shows, catalog: &Catalog) -> Value {
    let Shows { fields, status, blocked } = shows;
    let fields = fields.iter().map(|field| catalog.yaml_key(*field));
    let words = fields.chain(status.then_some(StepValue::STATUS)).chain(blocked.then_some(BLOCKED));
    Value::List(words.map(|word| Value::Text(word.to_owned())).collect())
}

fn row_value(row: &Row, catalog: &Catalog) -> Vec<(String, Value)> {
    let Row { fields, status, blocked, is_expired } = row;
    let mut entries = values(fields, catalog);
    entries
        .extend(status.map(|status| (StepValue::STATUS.to_owned(), Value::Text(RowStatus::new(status, *is_expired).as_str().to_owned()))));
    entries.extend(blocked.map(|blocked| (BLOCKED.to_owned(), Value::Flag(blocked))));
    entries
}

fn earlier_value(earlier: &Earlier, catalog: &Catalog) -> Value {
    let Earlier { row, taken } = earlier;
    let mut entries = row_value(row, catalog);
    entries.push(("taken".to_owned(), Value::Text(taken.to_string())));
    Value::Map(entries)
}

fn set_value(set: &StepValues, catalog: &Catalog) -> Value {
    let StepValues { fields, status, blocked, passcode } = set;
    let mut entries = values(fields, catalog);
    entries.extend(status.map(|status| (StepValue::STATUS.to_owned(), Value::Text(status.as_str().to_owned()))));
    entries.extend(blocked.map(|blocked| {
        let value = match blocked {
            BlockSet::Lifted => Value::Flag(false),
            BlockSet::For(reason) => Value::Text(reason.as_str().to_owned()),
        };
        (BLOCKED.to_owned(), value)
    }));
    entries.extend(passcode.then(|| (StepValue::PASSCODE.to_owned(), Value::Flag(true))));
    Value::Map(entries)
}

/// The values of fields in a flat map, under the platform's own keys.
fn values(fields: &Fields, catalog: &Catalog) -> Vec<(String, Value)> {
    fields.iter().map(|(field, value)| (catalog.yaml_key(field).to_owned(), field_value(value, catalog, field))).collect()
}

/// Returns the value of a field as YAML has it.
#[must_use]
pub fn field_value(value: ValueRef<'_>, catalog: &Catalog, field: Field) -> Value {
    let texts = |texts: Vec<&str>| Value::List(texts.into_iter().map(|text| Value::Text(text.to_owned())).collect());
    match value {
        ValueRef::Unset => Value::Null,
        ValueRef::Text(text) => Value::Text(text.to_owned()),
        ValueRef::Flag(on) => Value::Flag(on),
        ValueRef::Number(number) => Value::Number(number),
        ValueRef::List(items) | ValueRef::Set(items) => texts(items.into_iter().collect()),
        ValueRef::Changes { grant, revoke } if catalog.yaml_key(field) == field.key() => {
            let switch = |on: bool| move |name: &str| (name.to_owned(), Value::Flag(on));
            Value::Map(grant.into_iter().map(switch(true)).chain(revoke.into_iter().map(switch(false))).collect())
        }
        ValueRef::Changes { grant, revoke } => {
            map([("grant", texts(grant.into_iter().collect())), ("revoke", texts(revoke.into_iter().collect()))])
        }
    }
}
