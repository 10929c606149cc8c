//! Values that a server keeps although a change takes them away: some servers add to a list where they are asked to replace it.

use http::Method;
use serde_json::Value as Json;

use super::write::derived;
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::{get, text};
use crate::directory::scim::phone_order::is_same_number;
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::model::{Country, Field, FieldChange, KeptForm, Value};
use crate::scim::filter::{Comparison, Filter, Literal};
use crate::scim::map::{self, elements, replace};
use crate::scim::patch::{Operation, Patch};
use crate::scim::{AttrPath, Path};

/// The part of one attribute that a server has kept.
#[derive(Debug, PartialEq)]
pub(in crate::directory::scim) struct Leftover {
    field: Field,
    attribute: &'static str,
    /// The values as the server has them.
    values: Vec<String>,
    /// The elements without them.
    others: Vec<Json>,
}

impl Leftover {
    /// Lists what a user still has of the old values of a change, beside all of the new ones.
    pub(in crate::directory::scim) fn find(user: &Json, changes: &[FieldChange], country: Option<Country>) -> Vec<Self> {
        let is_number = |held: &str, wanted: &str| is_same_number(&map::phone(held, country), wanted);
        let is_address = |held: &str, wanted: &str| held.trim().eq_ignore_ascii_case(wanted);
        let is_role = |held: &str, wanted: &str| held == wanted;
        let of = |field: Field, attribute: &'static str, is: &dyn Fn(&str, &str) -> bool| {
            let change = changes.iter().find(|change| change.field == field)?;
            Self::in_attribute(user, (field, attribute), (&items(&change.before), &items(&change.after)), is)
        };
        let all =
            [of(Field::Email, "emails", &is_address), of(Field::Phones, "phoneNumbers", &is_number), of(Field::Role, "roles", &is_role)];
        all.into_iter().flatten().collect()
    }

    fn in_attribute(
        user: &Json,
        (field, attribute): (Field, &'static str),
        (before, after): (&[String], &[String]),
        is: &dyn Fn(&str, &str) -> bool,
    ) -> Option<Self> {
        let held = get(user, attribute).filter(|held| !held.is_null()).map(elements).unwrap_or_default();
        let value = |element: &Json| element.as_str().or_else(|| text(element, "value")).map(str::to_owned);
        let is_one_of = |held: &str, all: &[String]| all.iter().any(|one| is(held, one));
        let is_left = |held: &str| is_one_of(held, before) && !is_one_of(held, after);
        let values: Vec<String> = held.iter().filter_map(value).filter(|value| is_left(value)).collect();
        let has = |wanted: &String| held.iter().filter_map(value).any(|held| is(&held, wanted));
        if values.is_empty() || !after.iter().all(has) {
            return None;
        }
        let others = held.iter().filter(|element| !value(element).is_some_and(|value| is_left(&value))).cloned().collect();
        Some(Self { field, attribute, values, others })
    }

    /// The operations that remove each value by itself.
    fn removals(&self) -> impl Iterator<Item = Operation> {
        self.values.iter().map(|value| {
            let filter = Filter::Compare(AttrPath::new("value", None), Comparison::Eq, Literal::Text(value.clone()));
            Operation::remove(Path { attr: AttrPath::new(self.attribute, None), filter: Some(filter), sub: None })
        })
    }
}

impl<T: Transport> ScimDirectory<T> {
    /// Removes what a server has kept of the old values of a change, by PATCH or else by PUT. Returns the user afterward.
    pub(super) async fn remove_leftovers(
        &self,
        url: &str,
        changes: &[FieldChange],
        user: Json,
        context: &WriteContext<'_>,
    ) -> Result<Json, DirectoryError> {
        let mut user = user;
        for by_patch in [true, false] {
            let left = Leftover::find(&user, changes, self.country);
            if left.is_empty() || context.attempts.remaining() == 0 {
                break;
            }
            let now = WriteContext { fingerprint: Some(self.account(&user)?.fingerprint), ..context.clone() };
            let answer = if by_patch {
                let patch = Patch { operations: left.iter().flat_map(Leftover::removals).collect() };
                let key = derived(&context.idempotency_key, "what was left");
                self.send_write(Method::PATCH, url, Some(&patch.to_json()), &now, &key).await
            } else {
                let whole = left.iter().map(|left| replace(left.attribute, None, Json::Array(left.others.clone())));
                self.put(url, &Patch { operations: whole.collect() }, &now).await
            };
            // The change is stored, whatever becomes of the rest.
            if answer.is_ok_and(|answer| answer.status.is_success()) {
                user = self.read_user(url).await?;
            }
        }
        Ok(user)
    }

    /// The values that a user still has, by the keys of their fields; these are taken out of what is missing.
    pub(super) fn still_there(&self, changes: &[FieldChange], user: &Json, missing: &mut Vec<String>) -> Vec<KeptForm> {
        let mut still = Vec::new();
        for Leftover { field, attribute, values, others: _ } in Leftover::find(user, changes, self.country) {
            let key = self.platform.catalog().yaml_key(field);
            let is_of_it = |name: &String| if field == Field::Email { name == attribute } else { name == key };
            if missing.iter().any(is_of_it) {
                missing.retain(|name| !is_of_it(name));
                still.extend(values.into_iter().map(|value| KeptForm { key: key.to_owned(), value }));
            }
        }
        still
    }
}

/// The texts of a value, each alone.
fn items(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.clone(),
        Value::Text(text) => text.split(", ").map(str::to_owned).collect(),
        Value::Unset | Value::Flag(_) | Value::Number(_) | Value::Set(_) | Value::Changes(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn change(field: Field, before: Value, after: Value) -> FieldChange {
        FieldChange { field, before, after, unknown: false }
    }

    fn numbers(numbers: &[&str]) -> Value {
        Value::List(numbers.iter().map(|n| (*n).to_owned()).collect())
    }

    #[test]
    fn only_old_values_beside_the_new_ones_are_left() {
        let desk = json!({ "value": "+16025550109", "type": "work" });
        let user = json!({ "phoneNumbers": [desk, { "value": "tel:+16025550101" }, { "value": "+16025550102" }] });
        let found = |before: &[&str], after: &[&str]| {
            let changes = [change(Field::Phones, numbers(before), numbers(after))];
            let left = Leftover::find(&user, &changes, None);
            left.into_iter()
                .flat_map(|left| left.removals().map(|one| one.path.unwrap().to_string()).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let removed = ["phoneNumbers[value eq \"tel:+16025550101\"]"];
        assert_eq!(found(&["+16025550101"], &["+16025550102"]), removed, "somebody else may have added the third one");
        assert_eq!(found(&["+16025550101"], &["+16025550108"]), [] as [&str; 0], "the new one is not stored");
        assert_eq!(found(&["+16025550101"], &["+16025550101", "+16025550102"]), [] as [&str; 0], "it stays");

        let text = |text: &str| Value::Text(text.to_owned());
        let user = json!({ "roles": ["a", { "value": "b" }, "c"], "emails": [{ "value": "OLD@x.example" }, { "value": "new@x.example" }] });
        let changes = [change(Field::Role, text("a, b"), text("c")), change(Field::Email, text("old@x.example"), text("new@x.example"))];
        let left: Vec<Vec<String>> = Leftover::find(&user, &changes, None).into_iter().map(|left| left.values).collect();
        assert_eq!(left, [vec!["OLD@x.example"], vec!["a", "b"]]);
    }
}
