//! Changes whole lists of values and the parts of one value, each of which can contain the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Op;
use crate::scim::error::ScimError;
use crate::scim::own;
use crate::scim::schema::{Attribute, Mutability};
use crate::scim::validate::same::{key_of_new, keys_of_existing};
use crate::scim::validate::{Mode, canonical, fixed};
use crate::scim::value::{is_unassigned, member};

/// Sets, extends or removes one part of a complex value.
pub(super) fn set_part(op: Op, sub: &Attribute, value: Option<&Value>, parts: &mut Map<String, Value>) -> Result<(), ScimError> {
    let key = canonical_key(parts, &sub.name);
    let before = parts.get(&key).filter(|v| !is_unassigned(v)).cloned();
    let after = if sub.multi_valued {
        let mut list = before.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let touched = whole(op, sub, value, &mut list)?;
        one_primary(&mut list, &touched)?;
        if list.is_empty() { None } else { Some(Value::Array(list)) }
    } else {
        let value = value.unwrap_or(&Value::Null);
        match op {
            Op::Remove => None,
            Op::Replace if value.is_null() => None,
            Op::Add if value.is_null() => before.clone(),
            Op::Add | Op::Replace => canonical(sub, value, Mode::Change)?,
        }
    };
    if before.is_some() && after.is_none() && sub.required {
        return Err(required(sub));
    }
    if sub.mutability == Mutability::Immutable && before.is_some() && before != after {
        return Err(fixed(sub));
    }
    match after {
        Some(value) => {
            parts.insert(key, value);
        }
        None => {
            parts.shift_remove(&key);
        }
    }
    Ok(())
}

/// Merges the parts of a change into a complex value. With `replace`, a part that is `null` is removed.
pub(super) fn merge(op: Op, attribute: &Attribute, new: Map<String, Value>, parts: &mut Map<String, Value>) -> Result<(), ScimError> {
    for (name, value) in new {
        if let Some(sub) = attribute.sub(&name) {
            set_part(op, sub, Some(&value), parts)?;
        }
    }
    Ok(())
}

/// Changes an attribute as a whole. Returns the positions that were written.
pub(super) fn whole(op: Op, attribute: &Attribute, value: Option<&Value>, list: &mut Vec<Value>) -> Result<Vec<usize>, ScimError> {
    let nothing = value.is_none_or(Value::is_null);
    match op {
        Op::Remove if nothing => {
            list.clear();
            Ok(Vec::new())
        }
        // One identity provider names what to remove in `value`.
        Op::Remove => {
            let named = several(value);
            let named: BTreeSet<String> =
                named.iter().filter_map(|one| as_element(attribute, one)).map(|one| key_of_new(attribute, &one)).collect();
            list.retain(|there| !keys_of_existing(attribute, there).iter().any(|key| named.contains(key)));
            Ok(Vec::new())
        }
        Op::Replace => {
            *list = values(attribute, value)?;
            Ok((0..list.len()).collect())
        }
        Op::Add => {
            let mut touched = Vec::new();
            let mut there: BTreeMap<String, usize> = BTreeMap::new();
            for (at, value) in list.iter().enumerate() {
                for key in keys_of_existing(attribute, value) {
                    there.entry(key).or_insert(at);
                }
            }
            for new in values(attribute, value)? {
                let Some(at) = there.get(&key_of_new(attribute, &new)).copied() else {
                    touched.push(list.len());
                    for key in keys_of_existing(attribute, &new) {
                        there.entry(key).or_insert(list.len());
                    }
                    list.push(new);
                    continue;
                };
                if let (Some(Value::Object(parts)), Value::Object(new)) = (list.get_mut(at), new) {
                    touched.push(at);
                    merge(op, attribute, changed_parts(attribute, new, parts), parts)?;
                }
            }
            Ok(touched)
        }
    }
}

/// Returns the parts that an existing value takes when the same value is added again: not its identity, nor its immutable parts.
fn changed_parts(attribute: &Attribute, new: Map<String, Value>, there: &Map<String, Value>) -> Map<String, Value> {
    let immutable = |name: &str| attribute.sub(name).is_some_and(|part| part.mutability == Mutability::Immutable);
    let stays = |name: &str| there.contains_key(name) && (matches!(name, "value" | "type") || immutable(name));
    new.into_iter().filter(|(name, _)| !stays(name)).collect()
}

/// If one of the values just written is primary, makes the others not primary.
pub(super) fn one_primary(list: &mut [Value], touched: &[usize]) -> Result<(), ScimError> {
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let new: Vec<usize> = touched.iter().copied().filter(|at| list.get(*at).is_some_and(is_primary)).collect();
    match new.as_slice() {
        [] => Ok(()),
        [primary] => {
            for (at, value) in list.iter_mut().enumerate() {
                if at != *primary
                    && is_primary(value)
                    && let Value::Object(parts) = value
                {
                    parts.insert("primary".to_owned(), Value::Bool(false));
                }
            }
            Ok(())
        }
        _ => Err(ScimError::value("only one value can be primary")),
    }
}

/// Returns the values of a change; a single value counts as an array of one.
fn values(attribute: &Attribute, value: Option<&Value>) -> Result<Vec<Value>, ScimError> {
    match canonical(attribute, &Value::Array(several(value)), Mode::Change)? {
        Some(Value::Array(list)) => Ok(list.into_iter().map(without_nulls).filter(|v| !is_unassigned(v)).collect()),
        _ => Ok(Vec::new()),
    }
}

fn several(value: Option<&Value>) -> Vec<Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
    }
}

/// Reads a value to remove, which a client names as a whole or only by its `value`.
fn as_element(attribute: &Attribute, named: &Value) -> Option<Value> {
    if attribute.sub_attributes.is_empty() || named.is_object() {
        return Some(named.clone()).filter(|v| !is_unassigned(v));
    }
    attribute.sub("value").map(|_| {
        let mut parts = Map::new();
        parts.insert("value".to_owned(), named.clone());
        Value::Object(parts)
    })
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(parts) = value else { return value };
    Value::Object(parts.into_iter().filter(|(_, v)| !v.is_null()).collect())
}

/// Returns the key of a name: the existing key in any case, or the canonical name.
pub(super) fn canonical_key(members: &Map<String, Value>, name: &str) -> String {
    if members.contains_key(name) {
        return name.to_owned();
    }
    match members.keys().find(|key| key.eq_ignore_ascii_case(name)) {
        Some(key) if member(members, name).is_some() => key.clone(),
        _ => name.to_owned(),
    }
}

pub(super) fn required(attribute: &Attribute) -> ScimError {
    ScimError::mutability(own!("`{}` is required and cannot be removed", attribute.name))
}
