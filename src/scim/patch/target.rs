//! Applies one operation to one attribute, to a part of it, or to selected values.

use crate::scim::own;
use serde_json::{Map, Value};

use super::Op;
use super::elements;
use super::parts::{canonical_key, merge, required, set_part};
use crate::scim::error::ScimError;
use crate::scim::filter::Filter;
use crate::scim::schema::{Attribute, Mutability, Resolved, Schema};
use crate::scim::validate::fixed;
use crate::scim::validate::{Mode, canonical};
use crate::scim::value::is_unassigned;

/// Applies one operation. If it fails, the resource may be partly changed.
pub(super) fn act(
    op: Op,
    at: &Resolved<'_>,
    filter: Option<&Filter>,
    value: Option<&Value>,
    resource: &mut Value,
) -> Result<(), ScimError> {
    let attribute = at.attribute;
    for part in std::iter::once(attribute).chain(at.sub) {
        if part.mutability == Mutability::ReadOnly {
            return Err(ScimError::mutability(own!("`{}` is read-only: only the server sets it", part.name)));
        }
    }
    let Some(members) = resource.as_object_mut() else { return Err(ScimError::syntax("the resource is not an object")) };
    let holder = match at.extension {
        None => members,
        Some(id) => {
            let entry = members.entry(canonical_key(members, id)).or_insert_with(|| Value::Object(Map::new()));
            entry.as_object_mut().ok_or_else(|| ScimError::syntax(own!("`{id}` is not an object")))?
        }
    };
    let key = canonical_key(holder, &attribute.name);
    let before = holder.shift_remove(&key).filter(|v| !is_unassigned(v));
    let was_there = before.is_some();
    // Lists can be long, so they are copied only if the copy is needed.
    let kept = if attribute.mutability == Mutability::Immutable { before.clone() } else { None };
    let after = if attribute.multi_valued {
        let list = match before {
            Some(Value::Array(list)) => list,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let list = elements::changed(op, attribute, at.sub, filter, value, list)?;
        if list.is_empty() { None } else { Some(Value::Array(list)) }
    } else {
        one_value(op, attribute, at.sub, value, before)?
    }
    .filter(|v| !is_unassigned(v));
    if was_there && after.is_none() && attribute.required {
        return Err(required(attribute));
    }
    if kept.is_some() && kept != after {
        return Err(fixed(attribute));
    }
    if let Some(value) = after {
        holder.insert(key, value);
    }
    Ok(())
}

/// Removes the attributes of an extension that clients can write; read-only ones stay.
pub(super) fn clear_extension(extension: &Schema, resource: &mut Value) -> Result<(), ScimError> {
    let Some(members) = resource.as_object_mut() else { return Ok(()) };
    let key = canonical_key(members, &extension.id);
    let Some(Value::Object(parts)) = members.get_mut(&key) else { return Ok(()) };
    for attribute in extension.attributes.iter().filter(|a| a.mutability != Mutability::ReadOnly) {
        let name = canonical_key(parts, &attribute.name);
        if parts.get(&name).is_none_or(is_unassigned) {
            continue;
        }
        if attribute.required {
            return Err(required(attribute));
        }
        if attribute.mutability == Mutability::Immutable {
            return Err(fixed(attribute));
        }
        parts.shift_remove(&name);
    }
    Ok(())
}

/// Changes a single value or a part of it.
fn one_value(
    op: Op,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    value: Option<&Value>,
    before: Option<Value>,
) -> Result<Option<Value>, ScimError> {
    if let Some(sub) = sub {
        let mut parts = match before {
            Some(Value::Object(parts)) => parts,
            _ => Map::new(),
        };
        set_part(op, sub, value, &mut parts)?;
        return Ok(Some(Value::Object(parts)));
    }
    let value = value.unwrap_or(&Value::Null);
    match op {
        Op::Remove => Ok(None),
        Op::Add if value.is_null() => Ok(before),
        Op::Replace if value.is_null() => Ok(None),
        Op::Add | Op::Replace => match (canonical(attribute, value, Mode::Change)?, before) {
            (Some(Value::Object(new)), Some(Value::Object(mut parts))) => {
                merge(op, attribute, new, &mut parts)?;
                Ok(Some(Value::Object(parts)))
            }
            (new, _) => Ok(new),
        },
    }
}
