//! Phone numbers, written so that those that stay keep what else the server says of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::directory::scim::client::{get, text};
use crate::directory::scim::phone_order::is_same_number;
use crate::model::{Country, Field, FieldChange, Value};
use crate::scim::map::{self, replace};
use crate::scim::patch::Operation;

const PHONES: &str = "phoneNumbers";
const MOBILE: &str = "mobile";

/// The operation that a change of phone numbers needs on a user; `None` where none is left, which takes no look.
pub(in crate::directory::scim) fn replaced(user: &Json, changes: &[FieldChange], country: Option<Country>) -> Option<Operation> {
    let change = changes.iter().find(|change| change.field == Field::Phones)?;
    match &change.after {
        Value::List(wanted) if !wanted.is_empty() => Some(replace(PHONES, None, kept(user, wanted, country))),
        Value::List(_) | Value::Unset | Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::Set(_) | Value::Changes(_) => None,
    }
}

/// The elements of `phoneNumbers` after a change: those that stay as they are, new ones without a type. The first wanted number is the cell
/// phone: it becomes the primary one only where the server would take another for it.
fn kept(user: &Json, wanted: &[String], country: Option<Country>) -> Json {
    let held = get(user, PHONES).filter(|held| !held.is_null()).map(map::elements).unwrap_or_default();
    let number = |element: &Json| {
        let held = number(element, country)?;
        Some(wanted.iter().find(|wanted| is_same_number(&held, wanted)).cloned().unwrap_or(held))
    };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut numbers: Vec<Json> = Vec::new();
    for element in held {
        let number = number(element);
        if number.as_ref().is_some_and(|number| wanted.contains(number) && seen.insert(number.clone())) {
            numbers.push(element.clone());
        }
    }
    for new in wanted.iter().filter(|wanted| !seen.contains(*wanted)) {
        numbers.push(json!({ "value": new }));
    }
    let is_cell = |element: &Json| number(element).as_ref() == wanted.first();
    let is_new = wanted.first().is_some_and(|first| !seen.contains(first));
    if let Some(at) = numbers.iter().position(is_cell).filter(|at| is_new || cell(&numbers) != Some(*at)) {
        let has_mobile = numbers.iter().any(is_mobile);
        numbers.iter_mut().filter_map(Json::as_object_mut).for_each(forget_primary);
        let mut cell = numbers.remove(at);
        if let Json::Object(parts) = &mut cell {
            if is_new && !has_mobile {
                parts.insert("type".to_owned(), json!(MOBILE));
            }
            parts.insert("primary".to_owned(), json!(true));
        }
        numbers.insert(0, cell);
    }
    Json::Array(numbers)
}

/// The place of the number that reads as the cell phone: the primary one, else the first mobile one, else the first.
fn cell(numbers: &[Json]) -> Option<usize> {
    let is_primary = |element: &Json| get(element, "primary").is_some_and(|flag| *flag == json!(true) || *flag == json!("true"));
    let marked = numbers.iter().position(is_primary).or_else(|| numbers.iter().position(is_mobile));
    marked.or_else(|| (!numbers.is_empty()).then_some(0))
}

fn is_mobile(element: &Json) -> bool {
    text(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case(MOBILE))
}

fn forget_primary(parts: &mut Map<String, Json>) {
    parts.retain(|name, _| !name.eq_ignore_ascii_case("primary"));
}

/// The number of an element in the form in which it is compared.
fn number(element: &Json, country: Option<Country>) -> Option<String> {
    let text = element.as_str().or_else(|| text(element, "value"))?;
    Some(map::phone(text, country))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(numbers: &[&str]) -> Vec<String> {
        numbers.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn a_number_that_stays_keeps_its_type_and_a_new_one_has_none() {
        let work = json!({ "value": "tel:+1-602-555-0100", "type": "work", "display": "Desk" });
        let cell = json!({ "value": "+16025550101", "type": "mobile", "primary": true });
        let user = json!({ "phoneNumbers": [work, cell, { "value": "+16025550109", "type": "fax" }] });
        let after = kept(&user, &wanted(&["+16025550101", "+16025550100", "+16025550102", "+16025550103"]), None);
        assert_eq!(after, json!([work, cell, { "value": "+16025550102" }, { "value": "+16025550103" }]));
    }

    #[test]
    fn only_another_cell_phone_moves_the_primary_mark() {
        let user = json!({ "phoneNumbers": [{ "value": "+16025550100", "type": "work", "primary": true }] });
        let after = kept(&user, &wanted(&["+16025550101", "+16025550100"]), None);
        let cell = json!({ "value": "+16025550101", "type": "mobile", "primary": true });
        assert_eq!(after, json!([cell, { "value": "+16025550100", "type": "work" }]));
        let after = kept(&json!({}), &wanted(&["+16025550101", "+16025550102"]), None);
        assert_eq!(after, json!([cell, { "value": "+16025550102" }]));
    }
}
