//! Whether a filter asks what can be asked of a resource type.

use super::{Comparison, Filter, Literal};
use crate::scim::attr_path::{AttrPath, value_part};
use crate::scim::error::ScimError;
use crate::scim::schema::{Attribute, Resolved, ResourceType, Returned, Type};
use crate::scim::value::{instant, short};

impl Filter {
    /// Checks names, operators and values against a resource type.
    ///
    /// # Errors
    /// `invalidFilter` for an unknown attribute, one that nobody reads (`password`), an order on a boolean or binary attribute, a value of
    /// another type, or brackets behind an attribute that has one value.
    pub fn check(&self, of: &ResourceType) -> Result<(), ScimError> {
        match self {
            Self::Present(path) => resolve(path, of).map(|_| ()),
            Self::Compare(path, op, literal) => comparison(&path.to_string(), &resolve(path, of)?, *op, literal),
            Self::Within(path, inner) => {
                let resolved = resolve(path, of)?;
                if !resolved.attribute.multi_valued {
                    return Err(ScimError::filter(format!("`{path}` has one value: write `{path}.part` instead of brackets")));
                }
                inner.check_within(resolved.attribute)
            }
            Self::Not(inner) => inner.check(of),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|one| one.check(of)),
        }
    }

    /// Checks names, operators and values against several resource types: where a type lacks an attribute, that has no value there (RFC 7644
    /// section 3.4.2.1), but one type must have it.
    ///
    /// # Errors
    /// As `check`.
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
        Err(refused
            .unwrap_or_else(|| ScimError::filter(format!("no resource has an attribute `{}`: see /Schemas", short(&path.to_string())))))
    }

    /// Checks what stands in brackets behind a multi-valued attribute.
    ///
    /// # Errors
    /// As `check`.
    pub(in crate::scim) fn check_within(&self, attribute: &Attribute) -> Result<(), ScimError> {
        match self {
            Self::Present(path) => part(path, attribute).map(|_| ()),
            Self::Compare(path, op, literal) => {
                let part = part(path, attribute)?;
                comparison(&path.to_string(), &Resolved { extension: None, attribute: part, sub: None }, *op, literal)
            }
            Self::Within(path, _) => Err(ScimError::filter(format!("`{path}[…]` stands in brackets already"))),
            Self::Not(inner) => inner.check_within(attribute),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|one| one.check_within(attribute)),
        }
    }
}

fn resolve<'a>(path: &AttrPath, of: &'a ResourceType) -> Result<Resolved<'a>, ScimError> {
    let resolved = path
        .resolve(of)
        .ok_or_else(|| ScimError::filter(format!("{} has no attribute `{}`: see /Schemas", of.name, short(&path.to_string()))))?;
    readable(path, resolved.attribute)?;
    Ok(resolved)
}

/// The part of a value that a name in brackets names; simple values are themselves `value`.
pub(super) fn part_of<'a>(path: &AttrPath, attribute: &'a Attribute) -> Option<&'a Attribute> {
    if attribute.sub_attributes.is_empty() && path.name.eq_ignore_ascii_case("value") { Some(attribute) } else { attribute.sub(&path.name) }
}

fn part<'a>(path: &AttrPath, attribute: &'a Attribute) -> Result<&'a Attribute, ScimError> {
    let part = part_of(path, attribute)
        .ok_or_else(|| ScimError::filter(format!("`{}` has no part `{}`: see /Schemas", attribute.name, short(&path.to_string()))))?;
    readable(path, part)?;
    Ok(part)
}

/// What is never returned can not be found out by asking, either.
fn readable(path: &AttrPath, attribute: &Attribute) -> Result<(), ScimError> {
    if attribute.returned == Returned::Never {
        return Err(ScimError::filter(format!("`{path}` is never told, so it can not be asked for")));
    }
    Ok(())
}

fn comparison(name: &str, resolved: &Resolved<'_>, op: Comparison, literal: &Literal) -> Result<(), ScimError> {
    let Some(compared) = value_part(resolved) else {
        return Err(ScimError::filter(format!("`{name}` has parts: compare one of them, as in `{name}.part`")));
    };
    let on = |what: &str| Err(ScimError::filter(format!("`{}` does not go with `{name}`: it is {what}", op.as_str())));
    match compared.kind {
        Type::Boolean if !matches!(op, Comparison::Eq | Comparison::Ne) => return on("a boolean"),
        Type::Binary if !matches!(op, Comparison::Eq | Comparison::Ne) => return on("binary"),
        Type::Integer | Type::Decimal if matches!(op, Comparison::Co | Comparison::Sw | Comparison::Ew) => return on("a number"),
        Type::Complex => return on("complex"),
        _ => {}
    }
    let fits = match (compared.kind, literal) {
        (_, Literal::Null) => matches!(op, Comparison::Eq | Comparison::Ne),
        (Type::Boolean, Literal::Text(text)) => flag(text).is_some(),
        (Type::DateTime, Literal::Text(text)) => {
            !(op.is_ordering() || matches!(op, Comparison::Eq | Comparison::Ne)) || instant(text).is_some()
        }
        (Type::Boolean, Literal::Flag(_))
        | (Type::Integer | Type::Decimal, Literal::Number(_))
        | (Type::String | Type::Reference | Type::Binary, Literal::Text(_)) => true,
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(ScimError::filter(format!("`{name}` is a {}: `{}` is none", compared.kind.as_str(), short(&literal.to_string()))))
    }
}

/// The boolean a text stands for; some clients send `"True"`.
pub(in crate::scim) fn flag(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
