//! Checks one value against its attribute and converts it to canonical form.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use serde_json::{Map, Value};

use crate::model::LONGEST_TEXT;
use crate::scim::error::ScimError;
use crate::scim::filter::flag;
use crate::scim::schema::{Attribute, Mutability, Type};
use crate::scim::value::no_part;
use crate::scim::value::{folded, instant, is_unassigned, kind, short};
use crate::scim::{Explanation, own};

use super::same;

/// The most bytes in a reference or binary value.
const LONGEST_BINARY: usize = 256 * 1024;
/// The most values of a multi-valued attribute.
const MOST_VALUES: usize = 20_000;

/// The origin of a resource, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scim) enum Mode {
    /// A client's whole resource: read-only parts are dropped, required parts must be present.
    Client,
    /// A client's change: as `Client`, but parts may be missing or `null`.
    Change,
    /// The server's own resource: nothing is dropped.
    Stored,
}

impl Mode {
    /// Returns whether parts may be missing, and `null` removes one.
    const fn is_change(self) -> bool {
        match self {
            Self::Change => true,
            Self::Client | Self::Stored => false,
        }
    }

    /// Returns whether nothing is dropped, since it is the server's own.
    pub(in crate::scim) const fn is_stored(self) -> bool {
        match self {
            Self::Stored => true,
            Self::Client | Self::Change => false,
        }
    }
}

/// Returns the value in canonical form; `None` if it is unassigned.
pub(in crate::scim) fn canonical(attribute: &Attribute, value: &Value, mode: Mode) -> Result<Option<Value>, ScimError> {
    if value.is_null() {
        return Ok(None);
    }
    if !attribute.multi_valued {
        return single(attribute, value, mode);
    }
    let Value::Array(items) = value else {
        return Err(ScimError::value(own!("`{}` can have several values: send an array, not {}", attribute.name, kind(value))));
    };
    if items.len() > MOST_VALUES {
        return Err(ScimError::value(own!("`{}` can have at most {MOST_VALUES} values", attribute.name)));
    }
    let mut out: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        if let Some(item) = single(attribute, item, mode)? {
            out.push(item);
        }
    }
    distinct(attribute, &mut out)?;
    Ok(if out.is_empty() { None } else { Some(Value::Array(out)) })
}

/// Drops repeated values. Refuses two different values with the same `value` and `type`, and two primary ones (RFC 7643 section 2.4).
fn distinct(attribute: &Attribute, values: &mut Vec<Value>) -> Result<(), ScimError> {
    let mut seen: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
    let mut clash = false;
    values.retain(|value| match same::identity(attribute, value) {
        None => true,
        Some(identity) => match seen.get(&identity) {
            None => {
                seen.insert(identity, value.clone());
                true
            }
            Some(first) => {
                clash |= first != value && value.is_object();
                false
            }
        },
    });
    if clash {
        return Err(ScimError::value(own!("`{}` has the same value and type twice", attribute.name)));
    }
    let primary = |value: &&Value| value.get("primary") == Some(&Value::Bool(true));
    if values.iter().filter(primary).count() > 1 {
        return Err(ScimError::value(own!("more than one value of `{}` is primary", attribute.name)));
    }
    Ok(())
}

fn single(attribute: &Attribute, value: &Value, mode: Mode) -> Result<Option<Value>, ScimError> {
    if value.is_null() {
        return Ok(None);
    }
    let name = &attribute.name;
    let wrong = |wanted: &str| Err(ScimError::value(own!("`{name}` must be {wanted}, not {}", kind(value))));
    match (attribute.kind, value) {
        (Type::String, Value::String(text)) => {
            if !mode.is_stored() {
                writable(name, text)?;
            }
            self::text(attribute, text).map(Some)
        }
        (Type::Reference, Value::String(text)) => {
            bounded(name, text, LONGEST_BINARY)?;
            Ok(Some(value.clone()))
        }
        (Type::Boolean, Value::Bool(_)) | (Type::Decimal, Value::Number(_)) => Ok(Some(value.clone())),
        (Type::Boolean, Value::String(text)) => match flag(text) {
            Some(flag) => Ok(Some(Value::Bool(flag))),
            None => wrong("true or false"),
        },
        (Type::Integer, Value::Number(number)) if number.as_i64().is_some() => Ok(Some(value.clone())),
        (Type::Integer, _) => wrong("a whole number that fits 64 bits"),
        (Type::DateTime, Value::String(text)) if instant(text).is_some() => Ok(Some(value.clone())),
        (Type::DateTime, _) => Err(ScimError::value(own!("`{name}` must be a date with a time, such as 2026-11-22T08:00:00Z"))),
        (Type::Binary, Value::String(text)) => {
            bounded(name, text, LONGEST_BINARY)?;
            let bytes = text.as_bytes();
            if [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD].iter().any(|form| form.decode(bytes).is_ok()) {
                Ok(Some(value.clone()))
            } else {
                Err(ScimError::value(own!("`{name}` must be base64")))
            }
        }
        (Type::Complex, Value::Object(members)) => complex(attribute, members, mode),
        (Type::String, _) => wrong("a text"),
        (Type::Reference, _) => wrong("a URI"),
        (Type::Boolean, _) => wrong("true or false"),
        (Type::Decimal, _) => wrong("a number"),
        (Type::Binary, _) => wrong("base64"),
        (Type::Complex, _) => wrong("an object"),
    }
}

fn complex(attribute: &Attribute, members: &Map<String, Value>, mode: Mode) -> Result<Option<Value>, ScimError> {
    let mut found = Map::new();
    for (key, value) in members {
        let Some(part) = attribute.sub(key) else {
            return Err(ScimError::syntax(no_part(&attribute.name, key)));
        };
        if !mode.is_stored() && part.mutability == Mutability::ReadOnly {
            continue;
        }
        let entry = match canonical(part, value, mode)? {
            Some(value) => value,
            // In a change, `null` removes the part.
            None if mode.is_change() => Value::Null,
            None => continue,
        };
        if found.insert(part.name.clone(), entry).is_some() {
            return Err(ScimError::syntax(own!("`{}.{}` is given twice", attribute.name, part.name)));
        }
    }
    let mut out = Map::new();
    for part in &attribute.sub_attributes {
        match found.remove(&part.name) {
            Some(value) => {
                out.insert(part.name.clone(), value);
            }
            None if !mode.is_change() && part.required && !members.values().all(is_unassigned) => {
                return Err(ScimError::value(own!("`{}.{}` is required", attribute.name, part.name)));
            }
            None => {}
        }
    }
    Ok(if out.is_empty() && !mode.is_change() { None } else { Some(Value::Object(out)) })
}

fn text(attribute: &Attribute, text: &str) -> Result<Value, ScimError> {
    bounded(&attribute.name, text, LONGEST_TEXT)?;
    let known = attribute.canonical_values.iter().find(|c| folded(c, attribute.case_exact) == folded(text, attribute.case_exact));
    match known {
        Some(known) if attribute.closed => Ok(Value::String(known.clone())),
        None if attribute.closed => {
            let known = attribute.canonical_values.join(", ");
            {
                let kept = format!("invalid value for `{}`: the allowed values are {known}", attribute.name);
                let said = format!("invalid value `{}` for `{}`: the allowed values are {known}", short(text), attribute.name);
                Err(ScimError::value(Explanation::with_kept(said, kept)))
            }
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// Refuses the characters that a text of several lines cannot contain. A text that an earlier version stored is left as it is.
fn writable(name: &str, text: &str) -> Result<(), ScimError> {
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(odd) => Err(ScimError::value(own!("`{name}` cannot contain the control character U+{:04X}", u32::from(odd)))),
        None => Ok(()),
    }
}

fn bounded(name: &str, text: &str, most: usize) -> Result<(), ScimError> {
    if text.len() > most {
        return Err(ScimError::value(own!("`{name}` can have at most {most} bytes")));
    }
    if text.contains('\0') {
        return Err(ScimError::value(own!("`{name}` cannot contain a null character")));
    }
    Ok(())
}
