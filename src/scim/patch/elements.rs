//! One operation on the values of a multi-valued attribute.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Op;
use super::target::{merge, set_part};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Comparison, Filter, Literal};
use crate::scim::schema::{Attribute, Mutability};
use crate::scim::validate::same::{offered, wanted};
use crate::scim::validate::{Mode, canonical};
use crate::scim::value::is_unassigned;

/// The values afterwards. Where the operation makes one primary, the others are no longer (RFC 7644 section 3.5.2).
pub(super) fn changed(
    op: Op,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    filter: Option<&Filter>,
    value: Option<&Value>,
    mut list: Vec<Value>,
) -> Result<Vec<Value>, ScimError> {
    let touched = match (filter, sub) {
        (None, None) => whole(op, attribute, value, &mut list)?,
        _ => chosen(op, attribute, sub, filter, value, &mut list)?,
    };
    one_primary(&mut list, &touched)?;
    Ok(list)
}

/// On the attribute as a whole; answers which positions were written.
fn whole(op: Op, attribute: &Attribute, value: Option<&Value>, list: &mut Vec<Value>) -> Result<Vec<usize>, ScimError> {
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
                named.iter().filter_map(|one| as_element(attribute, one)).map(|one| wanted(attribute, &one)).collect();
            list.retain(|there| !offered(attribute, there).iter().any(|key| named.contains(key)));
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
                for key in offered(attribute, value) {
                    there.entry(key).or_insert(at);
                }
            }
            for new in values(attribute, value)? {
                let Some(at) = there.get(&wanted(attribute, &new)).copied() else {
                    touched.push(list.len());
                    for key in offered(attribute, &new) {
                        there.entry(key).or_insert(list.len());
                    }
                    list.push(new);
                    continue;
                };
                if let (Some(Value::Object(parts)), Value::Object(new)) = (list.get_mut(at), new) {
                    touched.push(at);
                    merge(op, attribute, fresh_parts(attribute, new, parts), parts)?;
                }
            }
            Ok(touched)
        }
    }
}

/// What a value that is there already takes from the same value added once more: not what makes it the same, nor its immutable parts.
fn fresh_parts(attribute: &Attribute, new: Map<String, Value>, there: &Map<String, Value>) -> Map<String, Value> {
    let immutable = |name: &str| attribute.sub(name).is_some_and(|part| part.mutability == Mutability::Immutable);
    let stays = |name: &str| there.contains_key(name) && (matches!(name, "value" | "type") || immutable(name));
    new.into_iter().filter(|(name, _)| !stays(name)).collect()
}

/// On the values that meet a filter, or on a part of these, or of all.
fn chosen(
    op: Op,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    filter: Option<&Filter>,
    value: Option<&Value>,
    list: &mut Vec<Value>,
) -> Result<Vec<usize>, ScimError> {
    let mut hits: Vec<usize> = match filter {
        None => (0..list.len()).collect(),
        Some(filter) => list.iter().enumerate().filter(|(_, v)| filter.matches_element(v, attribute)).map(|(i, _)| i).collect(),
    };
    let creates = hits.is_empty();
    if creates {
        match op {
            Op::Remove => return Ok(hits),
            Op::Replace if filter.is_some() => {
                return Err(ScimError::of(ScimType::NoTarget, format!("none of `{}` meets the filter of the path", attribute.name)));
            }
            Op::Add | Op::Replace => {
                let template = match filter {
                    None => Map::new(),
                    Some(filter) => template(filter, attribute).ok_or_else(|| {
                        ScimError::of(
                            ScimType::NoTarget,
                            format!("none of `{}` meets the filter, and it does not say what to make", attribute.name),
                        )
                    })?,
                };
                hits.push(list.len());
                list.push(Value::Object(template));
            }
        }
    }
    if op == Op::Remove && sub.is_none() {
        let gone: BTreeSet<usize> = hits.into_iter().collect();
        let mut at = 0;
        list.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
        return Ok(Vec::new());
    }
    for &at in &hits {
        let Some(slot) = list.get_mut(at) else { continue };
        match (sub, slot) {
            (Some(sub), Value::Object(parts)) => set_part(op, sub, value, parts)?,
            (None, Value::Object(parts)) if !attribute.sub_attributes.is_empty() => {
                let one = as_single(value);
                match canonical(&single(attribute), one, Mode::Change)? {
                    Some(Value::Object(new)) => merge(op, attribute, new, parts)?,
                    _ => parts.clear(),
                }
            }
            (None, slot) => *slot = canonical(&single(attribute), as_single(value), Mode::Change)?.unwrap_or(Value::Null),
            (Some(sub), _) => return Err(ScimError::path(format!("`{}` has no part `{}`", attribute.name, sub.name))),
        }
    }
    if let (true, Some(filter), Some(made)) = (creates, filter, hits.first().and_then(|at| list.get(*at)))
        && !filter.matches_element(made, attribute)
    {
        return Err(ScimError::value(format!("the value for `{}` is not one that meets the filter of the path", attribute.name)));
    }
    let written = hits.iter().filter(|at| list.get(**at).is_some_and(|v| !is_unassigned(v))).count();
    if written < hits.len() {
        let kept: Vec<usize> = hits.iter().filter(|at| list.get(**at).is_some_and(|v| !is_unassigned(v))).copied().collect();
        if kept.is_empty() {
            list.retain(|v| !is_unassigned(v));
            return Ok(Vec::new());
        }
        return Ok(kept);
    }
    Ok(hits)
}

/// What a value must be to meet a filter of equalities: `type eq "mobile"` makes `{type: mobile}`. `None` for other filters.
fn template(filter: &Filter, attribute: &Attribute) -> Option<Map<String, Value>> {
    let mut parts = Map::new();
    let all = match filter {
        Filter::And(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    for one in all {
        let Filter::Compare(path, Comparison::Eq, literal) = one else { return None };
        let part = attribute.sub(&path.name).filter(|part| part.mutability != Mutability::ReadOnly)?;
        let value = match literal {
            Literal::Text(text) => Value::String(text.clone()),
            Literal::Flag(flag) => Value::Bool(*flag),
            Literal::Number(number) => Value::Number(number.clone()),
            Literal::Null => return None,
        };
        let value = canonical(part, &value, Mode::Change).ok()??;
        if parts.insert(part.name.clone(), value).is_some() {
            return None;
        }
    }
    Some(parts)
}

/// Of the values just written one may be primary; the others then are no longer.
fn one_primary(list: &mut [Value], touched: &[usize]) -> Result<(), ScimError> {
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

/// The values of a change; a single one counts as an array of one.
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

/// A value to remove, as a client names it: the whole of it, or only its `value`.
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

/// Values chosen by a filter take one value, which some clients wrap in an array.
fn as_single(value: Option<&Value>) -> &Value {
    match value {
        None => &Value::Null,
        Some(Value::Array(items)) => match items.as_slice() {
            [one] => one,
            _ => value.unwrap_or(&Value::Null),
        },
        Some(one) => one,
    }
}

fn single(attribute: &Attribute) -> Attribute {
    let mut one = attribute.clone();
    one.multi_valued = false;
    one
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(parts) => Value::Object(parts.into_iter().filter(|(_, v)| !v.is_null()).collect()),
        other => other,
    }
}
