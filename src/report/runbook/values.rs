//! What a person enters: each value with its label in the product.

use std::collections::BTreeMap;

use crate::model::{ByHand, Field, FieldChange, Kind, Names, Value};
use crate::platform::Catalog;
use crate::report::clean::{clean, told_apart};
use crate::report::{People, words};

use super::LabeledValue;

/// The remark about a value of several lines.
const NEW_LINE: &str = "⏎ begins a new line";

/// Words for names that a value refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub catalog: &'a Catalog,
    pub workspace: &'a str,
    pub people: &'a People,
    /// The list of users, with the names that the product shows.
    pub by_hand: Option<&'a ByHand>,
}

impl Named<'_> {
    /// Returns the label of a field.
    pub(super) fn label(self, field: Field) -> String {
        let key = || words::spaced(self.catalog.yaml_key(field));
        let own = if field == Field::Email { Some(self.catalog.email_label.as_str()) } else { self.catalog.label(field) };
        own.map_or_else(key, clean)
    }

    /// Lists what to enter for a change of a field: one entry for each value that is entered on its own.
    pub(super) fn entries(self, change: &FieldChange) -> Vec<LabeledValue> {
        let FieldChange { field, before, after, unknown } = change;
        let label = self.label(*field);
        let was = if *unknown { Some("the list does not show what it is".to_owned()) } else { self.was(*field, before, after) };
        match after {
            Value::List(entries) if entries.len() > 1 => {
                let had = before.as_list().unwrap_or_default();
                let was = |at: usize, entry: &String| had.get(at).filter(|had| *had != entry).map(|had| format!("was {}", clean(had)));
                let one = |(at, entry): (usize, &String)| LabeledValue {
                    label: format!("{label} {}", at + 1),
                    text: clean(entry),
                    typed: Some(entry.clone()),
                    was: was(at, entry),
                };
                entries.iter().enumerate().map(one).collect()
            }
            Value::Changes(changes) => {
                let parts = [("tick", &changes.grant), ("untick", &changes.revoke)];
                let some = parts.into_iter().filter(|(_, names)| !names.is_empty());
                let mut listed: Vec<LabeledValue> = some
                    .map(|(what, names)| {
                        let names: Vec<String> = names.iter().map(|name| self.privilege(name)).collect();
                        LabeledValue { label: format!("{label}: {what}"), text: names.join(", "), typed: None, was: None }
                    })
                    .collect();
                if listed.is_empty() {
                    listed.push(LabeledValue { label, text: "nothing besides the role".to_owned(), typed: None, was: None });
                }
                if let Some(first) = listed.first_mut() {
                    first.was = was;
                }
                listed
            }
            Value::Unset | Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Set(_) => {
                let is_repeated = before == after && *before != Value::Unset;
                let text = self.text(*field, after).unwrap_or_else(|| "leave empty".to_owned());
                let has_lines = after.as_text().is_some_and(|text| text.contains('\n'));
                let was = if has_lines { Some(was.map_or_else(|| NEW_LINE.to_owned(), |was| format!("{NEW_LINE}; {was}"))) } else { was };
                let text = if is_repeated { format!("{text} (choose it again: its privileges have changed)") } else { text };
                vec![LabeledValue { label, text, typed: self.typed(*field, after), was }]
            }
        }
    }

    fn was(self, field: Field, before: &Value, after: &Value) -> Option<String> {
        if before == after {
            return None;
        }
        let apart = before.as_text().zip(after.as_text()).and_then(|(before, after)| told_apart(before, after));
        let text = apart.map(|[before, _]| before).or_else(|| self.text(field, before));
        text.map(|text| format!("was {text}"))
    }

    /// Returns a value as the product shows it; `None` if it is empty.
    fn text(self, field: Field, value: &Value) -> Option<String> {
        let name = |key: &str| self.name(field, key);
        match value {
            Value::Flag(true) => Some("Yes".to_owned()),
            Value::Flag(false) => Some("No".to_owned()),
            // A person types several lines.
            Value::Text(text) if text.contains('\n') => Some(text.lines().map(clean).collect::<Vec<_>>().join(" ⏎ ")),
            Value::Text(text) if !text.is_empty() => Some(name(text)),
            Value::Set(keys) if !keys.is_empty() => Some(keys.iter().map(|key| name(key)).collect::<Vec<_>>().join(", ")),
            Value::Text(_) | Value::Set(_) | Value::Unset | Value::Number(_) | Value::List(_) | Value::Changes(_) => {
                words::in_sentence(value).map(|said| clean(&said))
            }
        }
    }

    /// Returns the name that people see, of what a value refers to.
    fn name(self, field: Field, key: &str) -> String {
        match field.definition().names {
            Names::Role => match self.catalog.roles.get(key) {
                Some(role) => clean(&role.name),
                None => shown(self.by_hand.map(|by_hand| &by_hand.roles), key),
            },
            Names::Colleague => {
                let known = key.parse().ok().and_then(|email| self.people.name(self.workspace, &email));
                known.map_or_else(|| clean(key), |name| format!("{} ({})", clean(name), clean(key)))
            }
            Names::Clinic => shown(self.by_hand.map(|by_hand| &by_hand.clinics), key),
            Names::Nothing | Names::Employee => clean(key),
        }
    }

    /// Returns a value that is typed as it is: a plain text or number, but nothing that is chosen from a list.
    fn typed(self, field: Field, value: &Value) -> Option<String> {
        let definition = field.definition();
        let is_chosen = !definition.only.is_empty() || self.catalog.field(field).is_some_and(|rule| !rule.allowed.is_empty());
        match definition.kind {
            Kind::Text | Kind::Number | Kind::List if definition.names == Names::Nothing && !is_chosen => words::in_sentence(value),
            Kind::Text | Kind::Number | Kind::List | Kind::TextOrNo | Kind::Flag | Kind::Set | Kind::Changes => None,
        }
    }

    /// Returns the name that people see, of a privilege.
    pub(super) fn privilege(self, key: &str) -> String {
        let name = self.catalog.privileges.get(key).and_then(|privilege| privilege.name.as_deref());
        clean(name.unwrap_or(key))
    }
}

/// Returns the name that the product shows for a key; with the key behind it where another one has the same name.
fn shown(names: Option<&BTreeMap<String, String>>, key: &str) -> String {
    let Some((names, name)) = names.and_then(|names| Some((names, names.get(key)?))) else { return clean(key) };
    if names.values().filter(|other| *other == name).count() > 1 { format!("{} ({})", clean(name), clean(key)) } else { clean(name) }
}
