//! Checks that a filter makes sense for a resource type.

use super::{Comparison, Filter, Literal};
use crate::scim::attr_path::{AttrPath, value_part};
use crate::scim::error::ScimError;
use crate::scim::own;
use crate::scim::paths::SCHEMAS;
use crate::scim::schema::{Attribute, Resolved, ResourceType, Returned, Type};
use crate::scim::value::{instant, short, without_schema};
use crate::scim::value::{no_attribute, no_part};

impl Filter {
    /// Checks names, operators and values against a resource type.
    ///
    /// # Errors
    /// Returns `invalidFilter` for an unknown attribute, one that is never returned (`password`), an order on a boolean or binary attribute, a
    /// value of another type, or brackets after an attribute that has one value.
    pub fn check(&self, of: &ResourceType) -> Result<(), ScimError> {
        match self {
            Self::Present(path) => resolve(path, of).map(|_| ()),
            Self::Compare(path, op, literal) => comparison(&path.to_string(), &resolve(path, of)?, *op, literal),
            Self::Within(path, inner) => {
                let resolved = resolve(path, of)?;
                if !resolved.attribute.multi_valued {
                    return Err(ScimError::filter(own!("`{path}` has one value: write `{path}.part` instead of brackets")));
                }
                inner.check_within(resolved.attribute)
            }
            Self::Not(inner) => inner.check(of),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|one| one.check(of)),
        }
    }

    /// Checks names, operators and values against several resource types. An attribute that a type lacks has no value there (RFC 7644
    /// section 3.4.2.1), but at least one type must have it.
    ///
    /// # Errors
    /// As for `check`.
    pub fn check_over(&self, types: &[ResourceType]) -> Result<(), ScimError> {
        let path = match self {
            Self::Not(inner) => return inner.check_over(types),
            Self::And(all) | Self::Or(all) => return all.iter().try_for_each(|one| one.check_over(types)),
            Self::Present(path) | Self::Compare(path, ..) | Self::Within(path, _) => path,
        };
        let mut refused = None;
        for of in types {
            match self.check(of) {
                Ok(()) => return Ok(()),
                Err(why) if path.resolve(of).is_some() => refused = refused.or(Some(why)),
                Err(_) => {}
            }
        }
        Err(refused.unwrap_or_else(|| {
            ScimError::filter(format!("unknown attribute `{}`: {SCHEMAS} lists the attributes", short(without_schema(&path.to_string()))))
        }))
    }

    /// Checks the filter in brackets after a multi-valued attribute.
    ///
    /// # Errors
    /// As for `check`.
    pub(in crate::scim) fn check_within(&self, attribute: &Attribute) -> Result<(), ScimError> {
        match self {
            Self::Present(path) => part(path, attribute).map(|_| ()),
            Self::Compare(path, op, literal) => {
                let part = part(path, attribute)?;
                comparison(&path.to_string(), &Resolved { extension: None, attribute: part, sub: None }, *op, literal)
            }
            Self::Within(path, _) => Err(ScimError::filter(format!("`{path}[…]` is inside brackets already: brackets cannot be nested"))),
            Self::Not(inner) => inner.check_within(attribute),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|one| one.check_within(attribute)),
        }
    }
}

fn resolve<'a>(path: &AttrPath, of: &'a ResourceType) -> Result<Resolved<'a>, ScimError> {
    let resolved = path.resolve(of).ok_or_else(|| ScimError::filter(no_attribute(&of.name, &path.to_string())))?;
    readable(path, resolved.attribute)?;
    Ok(resolved)
}

/// Finds the part of a value by its name in brackets. A simple value is its own `value`.
pub(super) fn part_of<'a>(path: &AttrPath, attribute: &'a Attribute) -> Option<&'a Attribute> {
    if attribute.sub_attributes.is_empty() && path.name.eq_ignore_ascii_case("value") { Some(attribute) } else { attribute.sub(&path.name) }
}

fn part<'a>(path: &AttrPath, attribute: &'a Attribute) -> Result<&'a Attribute, ScimError> {
    let part = part_of(path, attribute).ok_or_else(|| ScimError::filter(no_part(&attribute.name, &path.to_string())))?;
    readable(path, part)?;
    Ok(part)
}

/// Refuses an attribute that is never returned, so that a filter cannot reveal it either.
fn readable(path: &AttrPath, attribute: &Attribute) -> Result<(), ScimError> {
    if attribute.returned == Returned::Never {
        return Err(ScimError::filter(own!("`{path}` is never returned, so it cannot be used in a filter")));
    }
    Ok(())
}

fn comparison(name: &str, resolved: &Resolved<'_>, op: Comparison, literal: &Literal) -> Result<(), ScimError> {
    let Some(compared) = value_part(resolved) else {
        return Err(ScimError::filter(own!("`{name}` has parts: compare one of them, such as `{name}.part`")));
    };
    let on = |what: &str| Err(ScimError::filter(own!("`{}` cannot be used with `{name}`, which is {what}", op.as_str())));
    match compared.kind {
        Type::Boolean if !op.is_equality() => return on("a boolean"),
        Type::Binary if !op.is_equality() => return on("binary data"),
        Type::Integer | Type::Decimal if op.is_of_parts() => return on("a number"),
        Type::Complex => return on("an attribute with parts"),
        Type::Boolean | Type::Binary | Type::Integer | Type::Decimal | Type::String | Type::DateTime | Type::Reference => {}
    }
    let fits = match literal {
        Literal::Null => op.is_equality(),
        Literal::Flag(_) => compared.kind == Type::Boolean,
        Literal::Number(_) => [Type::Integer, Type::Decimal].contains(&compared.kind),
        Literal::Text(text) => match compared.kind {
            Type::Boolean => flag(text).is_some(),
            Type::DateTime => op.is_of_parts() || instant(text).is_some(),
            Type::String | Type::Reference | Type::Binary => true,
            Type::Integer | Type::Decimal | Type::Complex => false,
        },
    };
    if fits {
        Ok(())
    } else {
        Err(ScimError::filter(format!("invalid value `{}`: `{name}` is of type {}", short(&literal.to_string()), compared.kind.as_str())))
    }
}

/// Parses a boolean that was sent as text; some clients send `"True"`.
pub(in crate::scim) fn flag(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
