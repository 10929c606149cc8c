//! Small functions on JSON values: finding members in any case, the unassigned state, folding, instants.

use crate::scim::paths::SCHEMAS;
use std::borrow::Cow;

use serde_json::{Map, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Finds a member by its exact name, or else by its name in any case (RFC 7643 section 2.1).
pub(crate) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Returns whether a value is unassigned: `null`, `[]`, or an object or array that contains nothing else (RFC 7643 section 2.5).
///
/// It looks two levels deep; a resource is not deeper below an attribute.
pub(super) fn is_unassigned(value: &Value) -> bool {
    let empty = |v: &Value| match v {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    match value {
        Value::Array(items) => items.iter().all(|item| match item {
            Value::Object(members) => members.values().all(empty),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => empty(item),
        }),
        Value::Object(members) => members.values().all(empty),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => empty(value),
    }
}

/// Returns whether `pr` matches: the value is assigned and not an empty text.
pub(super) fn is_present(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(is_present),
        Value::Object(members) => members.values().any(is_present),
        Value::Null | Value::Bool(_) | Value::Number(_) => !is_unassigned(value),
    }
}

/// Returns a text in the form in which it is compared: NFC, and in lower case unless case counts.
pub(super) fn folded(text: &str, case_exact: bool) -> Cow<'_, str> {
    let composed: Cow<'_, str> = if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    if case_exact || composed.chars().all(|c| !c.is_uppercase()) { composed } else { Cow::Owned(composed.to_lowercase()) }
}

/// Parses an `xsd:dateTime` into nanoseconds since the epoch, in UTC if it has no zone. `None` if the text is not one (RFC 7643 section 2.3.5).
pub(super) fn instant(text: &str) -> Option<i128> {
    let (date, time) = text.split_once(['T', 't'])?;
    if date.len() < 10 || time.len() < 8 || time.contains('[') {
        return None;
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_nanosecond());
    }
    if time.contains(['Z', 'z', '+', '-']) {
        return None;
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_nanosecond())
}

/// Returns the name of a JSON value's type, for messages.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Says that something has no such attribute.
pub(super) fn no_attribute(of: &str, name: &str) -> String {
    format!("{of} has no attribute `{}`: {SCHEMAS} lists its attributes", short(without_schema(name)))
}

/// Says that an attribute has no such part.
pub(super) fn no_part(attribute: &str, name: &str) -> String {
    format!("`{attribute}` has no part `{}`: {SCHEMAS} lists its parts", short(name))
}

/// Returns the name of an attribute without the schema before it, which alone is longer than what an error repeats.
pub(super) fn without_schema(name: &str) -> &str {
    let is_urn = name.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("urn:"));
    name.rsplit_once(':').filter(|_| is_urn).map_or(name, |(_, own)| own)
}

/// Shortens a client's text to 60 characters, so that an error never echoes a megabyte.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(std::iter::once('…')).collect() }
}

#[cfg(test)]
mod tests {
    use super::no_attribute;

    #[test]
    fn an_error_names_an_unknown_attribute_and_not_the_schema_before_it() {
        let said = no_attribute("User", "urn:rosterctl:params:scim:schemas:extension:practice:2.0:User:appointmentHue");
        assert!(said.starts_with("User has no attribute `appointmentHue`:"), "{said}");
    }
}
