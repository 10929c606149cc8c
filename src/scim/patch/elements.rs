//! Applies one operation to the values of a multi-valued attribute.

use crate::scim::own;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Op;
use super::parts::{merge, one_primary, set_part, whole};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Comparison, Filter, Literal};
use crate::scim::schema::{Attribute, Mutability};
use crate::scim::validate::{Mode, canonical};
use crate::scim::value::is_unassigned;

/// Returns the values afterward. If the operation makes one primary, the others are no longer primary (RFC 7644 section 3.5.2).
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

/// Changes the values that match a filter, or a part of these values, or a part of all values.
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
                return Err(ScimError::with_type(
                    ScimType::NoTarget,
                    own!("no value of `{}` matches the filter of the path", attribute.name),
                ));
            }
            Op::Add | Op::Replace => {
                let template = match filter {
                    None => Map::new(),
                    Some(filter) => template(filter, attribute).ok_or_else(|| {
                        ScimError::with_type(
                            ScimType::NoTarget,
                            own!("no value of `{}` matches the filter, and the filter does not say which value to create", attribute.name),
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
            (Some(sub), _) => return Err(ScimError::path(own!("`{}` has no part `{}`", attribute.name, sub.name))),
        }
    }
    if let (true, Some(filter), Some(made)) = (creates, filter, hits.first().and_then(|at| list.get(*at)))
        && !filter.matches_element(made, attribute)
    {
        return Err(ScimError::value(own!("the new value of `{}` does not match the filter of the path", attribute.name)));
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

/// Makes a value that matches a filter of equalities: `type eq "mobile"` gives `{type: mobile}`. `None` for other filters.
fn template(filter: &Filter, attribute: &Attribute) -> Option<Map<String, Value>> {
    let mut parts = Map::new();
    let all = match filter {
        Filter::And(all) => all.as_slice(),
        Filter::Present(_) | Filter::Compare(..) | Filter::Within(..) | Filter::Not(_) | Filter::Or(_) => std::slice::from_ref(filter),
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

/// Unwraps an array of one: a filtered path takes one value, which some clients send in an array.
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
