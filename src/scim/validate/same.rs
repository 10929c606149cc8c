//! Decides when two values of a multi-valued attribute are the same, by keys instead of comparisons, so that long lists stay cheap.

use serde_json::{Map, Value};

use crate::scim::schema::{Attribute, Mutability};
use crate::scim::value::{folded, member};

/// Returns the identity of a value: a simple value itself, or else `value` and `type`. `None` if there is no `value`.
pub(super) fn identity(attribute: &Attribute, value: &Value) -> Option<String> {
    let Value::Object(parts) = value else { return Some(simple(attribute, value)) };
    let value = part(attribute, parts, "value")?;
    Some(format!("{}\u{0}{value}", part(attribute, parts, "type").unwrap_or_default()))
}

/// Returns the key by which a new value finds an existing one: the same `value`, and the same `type` if the new value has a type. Without a
/// `value`, all parts must be the same.
pub(in crate::scim) fn key_of_new(attribute: &Attribute, new: &Value) -> String {
    let Value::Object(parts) = new else { return simple(attribute, new) };
    match (part(attribute, parts, "value"), part(attribute, parts, "type")) {
        (Some(value), Some(kind)) => by_type(&kind, &value),
        (Some(value), None) => by_value(&value),
        (None, _) => by_parts(attribute, parts),
    }
}

/// Returns the keys by which an existing value can be found.
pub(in crate::scim) fn keys_of_existing(attribute: &Attribute, there: &Value) -> Vec<String> {
    let Value::Object(parts) = there else { return vec![simple(attribute, there)] };
    let mut keys = vec![by_parts(attribute, parts)];
    if let Some(value) = part(attribute, parts, "value") {
        if let Some(kind) = part(attribute, parts, "type") {
            keys.push(by_type(&kind, &value));
        }
        keys.push(by_value(&value));
    }
    keys
}

fn by_type(kind: &str, value: &str) -> String {
    format!("type\u{0}{kind}\u{0}{value}")
}

fn by_value(value: &str) -> String {
    format!("value\u{0}{value}")
}

fn by_parts(attribute: &Attribute, parts: &Map<String, Value>) -> String {
    let written = attribute.sub_attributes.iter().filter(|sub| sub.mutability != Mutability::ReadOnly);
    let all: Vec<String> = written.map(|sub| part(attribute, parts, &sub.name).unwrap_or_default()).collect();
    format!("parts\u{0}{}", all.join("\u{0}"))
}

fn simple(attribute: &Attribute, value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| folded(text, attribute.case_exact).into_owned())
}

/// Returns a part in the form in which it is compared; `None` if it is not assigned.
fn part(attribute: &Attribute, parts: &Map<String, Value>, name: &str) -> Option<String> {
    let sub = attribute.sub(name)?;
    member(parts, name).filter(|value| !value.is_null()).map(|value| simple(sub, value))
}
