//! Matches resources against filters.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::check::{flag, part_of};
use super::{Comparison, Filter, Literal};
use crate::scim::attr_path::{AttrPath, value_part};
use crate::scim::schema::{Attribute, ResourceType, Type};
use crate::scim::value::{folded, instant, is_present, is_unassigned, member};

impl Filter {
    /// Returns whether a resource matches the filter. An attribute without a value matches only `ne` and `eq null`.
    ///
    /// A multi-valued attribute matches if one of its values does, and matches `ne` if none is equal (as for `not (… eq …)`).
    #[must_use]
    pub fn matches(&self, resource: &Value, of: &ResourceType) -> bool {
        match self {
            Self::Present(path) => values(path, resource, of).is_some_and(|(_, found)| found.iter().any(|v| is_present(v))),
            Self::Compare(path, op, literal) => match values(path, resource, of) {
                Some((Some(attribute), found)) => compared(attribute, &found, *op, literal),
                _ => unassigned(*op, literal),
            },
            Self::Within(path, inner) => match (path.resolve(of), values(path, resource, of)) {
                (Some(resolved), Some(_)) => elements(resolved.extension, resolved.attribute, resource)
                    .into_iter()
                    .any(|element| inner.matches_element(element, resolved.attribute)),
                _ => false,
            },
            Self::Not(inner) => !inner.matches(resource, of),
            Self::And(all) => all.iter().all(|one| one.matches(resource, of)),
            Self::Or(all) => all.iter().any(|one| one.matches(resource, of)),
        }
    }

    /// Returns whether one value of a multi-valued attribute matches the filter in brackets.
    pub(in crate::scim) fn matches_element(&self, element: &Value, attribute: &Attribute) -> bool {
        let parts = |path: &AttrPath| {
            let part = part_of(path, attribute)?;
            let value = element.as_object().map_or(Some(element), |members| member(members, &part.name));
            Some((part, flat(value)))
        };
        match self {
            Self::Present(path) => parts(path).is_some_and(|(_, found)| found.iter().any(|v| is_present(v))),
            Self::Compare(path, op, literal) => parts(path).is_some_and(|(part, found)| compared(part, &found, *op, literal)),
            Self::Within(..) => false,
            Self::Not(inner) => !inner.matches_element(element, attribute),
            Self::And(all) => all.iter().all(|one| one.matches_element(element, attribute)),
            Self::Or(all) => all.iter().any(|one| one.matches_element(element, attribute)),
        }
    }
}

/// Returns the values of an attribute in a resource, one by one.
pub(in crate::scim) fn elements<'a>(extension: Option<&str>, attribute: &Attribute, resource: &'a Value) -> Vec<&'a Value> {
    flat(holder(extension, resource).and_then(|members| member(members, &attribute.name)))
}

fn holder<'a>(extension: Option<&str>, resource: &'a Value) -> Option<&'a Map<String, Value>> {
    let members = resource.as_object()?;
    match extension {
        None => Some(members),
        Some(id) => member(members, id)?.as_object(),
    }
}

fn flat(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}

/// Returns the attribute to compare for a path, and its values.
fn values<'a, 'b>(path: &AttrPath, resource: &'b Value, of: &'a ResourceType) -> Option<(Option<&'a Attribute>, Vec<&'b Value>)> {
    let resolved = path.resolve(of)?;
    let found = elements(resolved.extension, resolved.attribute, resource);
    let compared = value_part(&resolved);
    // A complex attribute is present if any part is; a comparison uses its `value`.
    let Some(part) =
        resolved.sub.or(compared.filter(|c| c.name != resolved.attribute.name && !resolved.attribute.sub_attributes.is_empty()))
    else {
        return Some((compared, found));
    };
    let parts = found
        .into_iter()
        .flat_map(|value| match value.as_object() {
            Some(members) => flat(member(members, &part.name)),
            None if resolved.sub.is_none() => vec![value],
            None => Vec::new(),
        })
        .collect();
    Some((compared, parts))
}

/// Returns whether an attribute without a value matches a comparison.
fn unassigned(op: Comparison, literal: &Literal) -> bool {
    match literal {
        Literal::Null => op == Comparison::Eq,
        Literal::Flag(_) | Literal::Number(_) | Literal::Text(_) => op == Comparison::Ne,
    }
}

fn compared(attribute: &Attribute, found: &[&Value], op: Comparison, literal: &Literal) -> bool {
    let assigned = || found.iter().filter(|v| !is_unassigned(v));
    let any = |op| assigned().any(|value| value_matches(attribute, value, op, literal));
    match op {
        Comparison::Eq if *literal == Literal::Null => assigned().next().is_none(),
        Comparison::Ne if *literal == Literal::Null => assigned().next().is_some(),
        Comparison::Ne => !any(Comparison::Eq),
        Comparison::Eq
        | Comparison::Co
        | Comparison::Sw
        | Comparison::Ew
        | Comparison::Gt
        | Comparison::Ge
        | Comparison::Lt
        | Comparison::Le => any(op),
    }
}

fn value_matches(attribute: &Attribute, value: &Value, op: Comparison, literal: &Literal) -> bool {
    let is_flag = |want: bool| op == Comparison::Eq && value.as_bool() == Some(want);
    match literal {
        Literal::Null => false,
        Literal::Flag(want) => is_flag(*want),
        Literal::Number(want) => value.as_number().and_then(|have| order(have, want)).is_some_and(|o| ordered(o, op)),
        Literal::Text(want) => match value.as_str() {
            Some(have) if attribute.kind == Type::DateTime => match (instant(have), instant(want)) {
                (Some(have), Some(want)) if !op.is_of_parts() => ordered(have.cmp(&want), op),
                (Some(_) | None, Some(_) | None) => text(have, want, op, true),
            },
            Some(have) => text(have, want, op, attribute.case_exact),
            None => flag(want).is_some_and(is_flag),
        },
    }
}

fn text(have: &str, want: &str, op: Comparison, case_exact: bool) -> bool {
    let (have, want) = (folded(have, case_exact), folded(want, case_exact));
    match op {
        Comparison::Co => have.contains(want.as_ref()),
        Comparison::Sw => have.starts_with(want.as_ref()),
        Comparison::Ew => have.ends_with(want.as_ref()),
        Comparison::Eq | Comparison::Ne | Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le => ordered(have.cmp(&want), op),
    }
}

fn ordered(order: Ordering, op: Comparison) -> bool {
    match op {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Gt => order.is_gt(),
        Comparison::Ge => order.is_ge(),
        Comparison::Lt => order.is_lt(),
        Comparison::Le => order.is_le(),
        Comparison::Co | Comparison::Sw | Comparison::Ew => false,
    }
}

/// Compares two numbers; whole numbers are compared exactly.
pub(in crate::scim) fn order(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}
