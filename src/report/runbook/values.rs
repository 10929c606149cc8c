//! The values that a person enters, each with its label in the product.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ByHand, Field, FieldChange, Kind, Names, PrivilegeChanges, Value};
use crate::platform::Catalog;
use crate::report::clean::{clean, distinguished};
use crate::report::{People, words};

use super::LabeledValue;

/// The remark about a value of several lines.
const NEW_LINE: &str = "⏎ begins a new line";

/// The words for a place in which nothing is entered.
const EMPTY: &str = "leave empty";

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
        if field.definition().kind == Kind::Changes {
            return self.privileges(&label, change, was);
        }
        let had = before.as_list().unwrap_or_default();
        let is_numbered = |entries: &&[String]| !entries.is_empty() && (entries.len() > 1 || had.len() > 1 || *unknown);
        if let Some(entries) = after.as_list().filter(is_numbered) {
            return Self::numbered(&label, entries, had, was.as_ref().filter(|_| *unknown));
        }
        let is_repeated = before == after && *before != Value::Unset;
        let text = self.text(*field, after).unwrap_or_else(|| EMPTY.to_owned());
        let has_lines = after.as_text().is_some_and(|text| text.contains('\n'));
        let was = if has_lines { Some(was.map_or_else(|| NEW_LINE.to_owned(), |was| format!("{NEW_LINE}; {was}"))) } else { was };
        let text = if is_repeated { format!("{text} (choose it again: its privileges have changed)") } else { text };
        vec![LabeledValue { label, text, typed: self.typed(*field, after), was }]
    }

    /// Lists the entries of a list, each in a place of its own in the product, and the places that must be empty.
    fn numbered(label: &str, entries: &[String], had: &[String], not_shown: Option<&String>) -> Vec<LabeledValue> {
        let number = entries.len().max(had.len());
        let one = |at: usize| {
            let (entry, had) = (entries.get(at), had.get(at));
            let was = had.filter(|had| Some(*had) != entry).map(|had| format!("was {}", clean(had)));
            LabeledValue {
                label: if number > 1 { format!("{label} {}", at + 1) } else { label.to_owned() },
                text: entry.map_or_else(|| EMPTY.to_owned(), |entry| clean(entry)),
                typed: entry.cloned(),
                was: not_shown.cloned().or(was),
            }
        };
        // What the list does not show may be more than the roster has.
        let other = LabeledValue { label: format!("{label}: any other"), text: EMPTY.to_owned(), typed: None, was: None };
        (0..number).map(one).chain(not_shown.is_some().then_some(other)).collect()
    }

    /// Lists what to tick and what to untick, and what must be as the role has it: what was ticked for this person before would stay.
    fn privileges(self, label: &str, change: &FieldChange, was: Option<String>) -> Vec<LabeledValue> {
        let nothing = PrivilegeChanges::default();
        let (before, after) = (change.before.as_changes().unwrap_or(&nothing), change.after.as_changes().unwrap_or(&nothing));
        let again: BTreeSet<&String> = before
            .grant
            .iter()
            .chain(&before.revoke)
            .filter(|name| !after.grant.contains(*name) && !after.revoke.contains(*name))
            .collect();
        let names = |names: &mut dyn Iterator<Item = &String>| names.map(|name| self.privilege(name)).collect::<Vec<_>>().join(", ");
        let role = self.label(Field::Role);
        let role = if self.catalog.is_own { role } else { role.to_lowercase() };
        let line = |label: String, text: String| LabeledValue { label, text, typed: None, was: None };
        let mut lines = Vec::new();
        if !after.grant.is_empty() {
            lines.push(line(format!("{label}: tick"), names(&mut after.grant.iter())));
        }
        if !after.revoke.is_empty() {
            lines.push(line(format!("{label}: untick"), names(&mut after.revoke.iter())));
        }
        if change.unknown || lines.is_empty() && again.is_empty() {
            let others = if lines.is_empty() { "all" } else { "all others" };
            lines.push(line(format!("{label}: {others}"), format!("as the {role} has them")));
        } else if !again.is_empty() {
            lines.push(line(format!("{label}: as the {role} has them"), names(&mut again.into_iter())));
        }
        if let Some(first) = lines.first_mut() {
            first.was = was;
        }
        lines
    }

    fn was(self, field: Field, before: &Value, after: &Value) -> Option<String> {
        if before == after {
            return None;
        }
        let apart = before.as_text().zip(after.as_text()).and_then(|(before, after)| distinguished(before, after));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::named;

    /// The lines of a step on Aesthetic Record: what to enter, and what it was.
    fn lines(field: Field, before: Value, after: Value, unknown: bool) -> Vec<String> {
        let (catalog, people) = (named("aesthetic-record").unwrap().catalog(), People::default());
        let named = Named { catalog, workspace: "glow", people: &people, by_hand: None };
        let said =
            |line: LabeledValue| format!("{}: {}{}", line.label, line.text, line.was.map_or_else(String::new, |was| format!(" ({was})")));
        named.entries(&FieldChange { field, before, after, unknown }).into_iter().map(said).collect()
    }

    #[test]
    fn a_number_that_must_go_is_named_and_one_that_nobody_sees_is_not_forgotten() {
        let phones = |numbers: &[&str]| Value::List(numbers.iter().map(|number| (*number).to_owned()).collect());
        assert_eq!(
            lines(Field::Phones, phones(&["+1", "+2", "+3"]), phones(&["+1", "+4"]), false),
            ["Contact Number 1: +1", "Contact Number 2: +4 (was +2)", "Contact Number 3: leave empty (was +3)"]
        );
        assert_eq!(
            lines(Field::Phones, phones(&["+1", "+2"]), phones(&["+2"]), false),
            ["Contact Number 1: +2 (was +1)", "Contact Number 2: leave empty (was +2)"]
        );
        assert_eq!(lines(Field::Phones, phones(&["+1"]), phones(&["+2"]), false), ["Contact Number: +2 (was +1)"]);
        assert_eq!(lines(Field::Phones, phones(&["+1", "+2"]), phones(&[]), false), ["Contact Number: leave empty (was +1, +2)"]);
        let not_shown = "the list does not show what it is";
        assert_eq!(
            lines(Field::Phones, Value::Unset, phones(&["+1"]), true),
            [format!("Contact Number: +1 ({not_shown})"), "Contact Number: any other: leave empty".to_owned()]
        );
    }

    #[test]
    fn a_privilege_that_is_no_longer_the_persons_own_is_the_roles_again() {
        let own = |grant: &[&str], revoke: &[&str]| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            Value::changes(names(grant), names(revoke))
        };
        let less =
            lines(Field::PrivilegeChanges, own(&["export-reports", "view-reports"], &["sign-charts"]), own(&["view-reports"], &[]), false);
        let [tick, again] = less.as_slice() else { panic!("{less:?}") };
        assert!(tick.starts_with("Manage Privileges: tick: View reports (was "), "{tick}");
        assert_eq!(again, "Manage Privileges: as the role has them: Export reports, Sign charts");
        for nothing in [own(&[], &[]), Value::Unset] {
            let none = lines(Field::PrivilegeChanges, own(&["export-reports"], &[]), nothing.clone(), false);
            assert!(none[0].starts_with("Manage Privileges: as the role has them: Export reports (was "), "{none:?}");
            let not_shown = lines(Field::PrivilegeChanges, Value::Unset, nothing, true);
            assert_eq!(not_shown, ["Manage Privileges: all: as the role has them (the list does not show what it is)"]);
        }
        assert_eq!(
            lines(Field::PrivilegeChanges, Value::Unset, own(&["export-reports"], &[]), true)[1],
            "Manage Privileges: all others: as the role has them"
        );
        assert_eq!(
            lines(Field::PrivilegeChanges, Value::Unset, own(&["export-reports"], &[]), false),
            ["Manage Privileges: tick: Export reports"]
        );
    }
}
