//! Sorts resources (RFC 7644 section 3.4.2.3).

use std::cmp::Ordering;

use serde_json::Value;

use crate::scim::attr_path::{AttrPath, value_part};
use crate::scim::filter::matching::{elements, order};
use crate::scim::schema::{Attribute, ResourceType, Returned, Type};
use crate::scim::value::{folded, instant, is_present, member, short};
use crate::scim::{Explanation, ScimError};

/// The direction of sorting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Smallest first, missing values last.
    #[default]
    Ascending,
    /// Largest first, missing values first.
    Descending,
}

/// A request to sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    by: AttrPath,
    order: Order,
}

impl Sort {
    /// Parses `sortBy` and `sortOrder`; `None` if there is nothing to sort by.
    ///
    /// # Errors
    /// Returns `invalidValue` for an unknown order, and `invalidPath` for an attribute that is unknown, has parts, or is never returned.
    pub fn read(by: Option<&str>, order: Option<&str>, of: &ResourceType) -> Result<Option<Self>, ScimError> {
        let order = match order {
            None => Order::Ascending,
            Some(word) if word.eq_ignore_ascii_case("ascending") => Order::Ascending,
            Some(word) if word.eq_ignore_ascii_case("descending") => Order::Descending,
            Some(other) => {
                let kept = "`sortOrder` must be `ascending` or `descending`";
                return Err(ScimError::value(Explanation::with_kept(format!("{kept}, not `{}`", short(other)), kept.to_owned())));
            }
        };
        let Some(by) = by.map(str::trim).filter(|by| !by.is_empty()) else { return Ok(None) };
        let unknown = || ScimError::path(format!("{} cannot be sorted by `{}`", of.name, short(by)));
        let path = AttrPath::parse(by).ok_or_else(unknown)?;
        let resolved = path.resolve(of).ok_or_else(unknown)?;
        let compared = value_part(&resolved).filter(|a| a.kind != Type::Complex).ok_or_else(unknown)?;
        if compared.returned == Returned::Never || resolved.attribute.returned == Returned::Never {
            return Err(unknown());
        }
        Ok(Some(Self { by: path, order }))
    }

    /// Sorts resources; equal ones keep their order.
    pub fn sort(&self, resources: &mut [Value], of: &ResourceType) {
        resources.sort_by(|a, b| self.compare((a, of), (b, of)));
    }

    /// Compares two resources, each with its type. Multi-valued attributes count by their primary value, else by their
    /// first.
    #[must_use]
    pub fn compare(&self, a: (&Value, &ResourceType), b: (&Value, &ResourceType)) -> Ordering {
        let ascending = match (self.key(a.0, a.1), self.key(b.0, b.1)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some((attribute, a)), Some((_, b))) => compare_values(attribute, a, b),
        };
        match self.order {
            Order::Ascending => ascending,
            Order::Descending => ascending.reverse(),
        }
    }

    fn key<'a, 'b>(&self, resource: &'b Value, of: &'a ResourceType) -> Option<(&'a Attribute, &'b Value)> {
        let resolved = self.by.resolve(of)?;
        let compared = value_part(&resolved)?;
        let all = elements(resolved.extension, resolved.attribute, resource);
        let one = all.iter().find(|v| v.get("primary") == Some(&Value::Bool(true))).or_else(|| all.first())?;
        let value = match one.as_object() {
            Some(members) if !resolved.attribute.sub_attributes.is_empty() => {
                let part = member(members, &compared.name)?;
                match part.as_array() {
                    Some(items) => items.first()?,
                    None => part,
                }
            }
            Some(_) | None => one,
        };
        is_present(value).then_some((compared, value))
    }
}

fn compare_values(attribute: &Attribute, a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => {
            if attribute.kind == Type::DateTime
                && let (Some(a), Some(b)) = (instant(a), instant(b))
            {
                return a.cmp(&b);
            }
            folded(a, attribute.case_exact).cmp(&folded(b, attribute.case_exact))
        }
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => order(a, b).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}
