//! Checks what a client sends against the schema and converts it to canonical form, with the right names and types.
//!
//! On every route, `id`, `meta` and all read-only attributes that a client sends are dropped here, so clients cannot set them.

mod canonical;
pub(super) mod same;

use crate::scim::own;
use crate::scim::value::no_attribute;
use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::schema::{Attribute, Mutability, ResourceType, Schema, common};
use super::value::{is_unassigned, kind, member, short};

pub(super) use canonical::{Mode, canonical};

/// The way in which attributes and extensions are treated that the schema does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownAttributes {
    /// The request is refused, because a reconciler would lose data that is silently dropped.
    #[default]
    Refuse,
    /// They are dropped, for clients that send too much.
    Ignore,
}

impl UnknownAttributes {
    /// Returns whether a request that has some is refused.
    const fn is_refused(self) -> bool {
        match self {
            Self::Refuse => true,
            Self::Ignore => false,
        }
    }
}

/// The URI that one identity provider lists for groups in addition to the core schema; it has no attributes.
const LEGACY_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/// Reads a new resource from the body of a POST, without `id` and `meta` (RFC 7644 section 3.3). Write-only attributes are kept for the server.
///
/// # Errors
/// Returns `invalidSyntax` for an unknown attribute or a wrong structure, and `invalidValue` for an invalid or missing value.
pub fn create(body: &Value, of: &ResourceType, unknown: UnknownAttributes) -> Result<Value, ScimError> {
    let members = object(body)?;
    check_schemas(members, of, unknown)?;
    let resource = shape(members, of, Mode::Client, unknown)?;
    check_required(&resource, of)?;
    Ok(Value::Object(resource))
}

/// Returns a resource after a PUT (RFC 7644 section 3.5.1): the body, with `id`, `meta` and the read-only attributes of the existing resource, and
/// those that the server supplies if the body omits them.
///
/// # Errors
/// As for `create`, and `mutability` if an immutable attribute would change.
pub fn replace(body: &Value, existing: &Value, of: &ResourceType, unknown: UnknownAttributes) -> Result<Value, ScimError> {
    let mut new = object(&create(body, of, unknown)?)?.clone();
    let old = object(existing)?;
    for attribute in common().iter().chain(&of.schema.attributes) {
        if attribute.name != "schemas" {
            carry(attribute, old, &mut new)?;
        }
    }
    for extension in &of.extensions {
        let Some(Value::Object(old)) = member(old, &extension.id) else { continue };
        let mut part = match new.remove(&extension.id) {
            Some(Value::Object(part)) => part,
            _ => Map::new(),
        };
        for attribute in &extension.attributes {
            carry(attribute, old, &mut part)?;
        }
        if !part.is_empty() {
            new.insert(extension.id.clone(), Value::Object(part));
        }
    }
    stored(&Value::Object(new), of)
}

/// Returns a whole resource in canonical form, including read-only attributes, with `schemas` matching its content.
///
/// # Errors
/// As for `create`.
pub fn stored(resource: &Value, of: &ResourceType) -> Result<Value, ScimError> {
    let resource = shape(object(resource)?, of, Mode::Stored, UnknownAttributes::Refuse)?;
    check_required(&resource, of)?;
    Ok(Value::Object(resource))
}

fn object(body: &Value) -> Result<&Map<String, Value>, ScimError> {
    body.as_object().ok_or_else(|| ScimError::syntax(own!("a resource must be a JSON object, not {}", kind(body))))
}

fn carry(attribute: &Attribute, old: &Map<String, Value>, new: &mut Map<String, Value>) -> Result<(), ScimError> {
    let Some(before) = member(old, &attribute.name).filter(|v| !is_unassigned(v)) else { return Ok(()) };
    match attribute.mutability {
        Mutability::ReadOnly => {
            new.insert(attribute.name.clone(), before.clone());
        }
        Mutability::Immutable => match new.get(&attribute.name) {
            Some(after) if canonical(attribute, before, Mode::Stored)?.as_ref() != Some(after) => {
                return Err(fixed(attribute));
            }
            Some(_) => {}
            None => {
                new.insert(attribute.name.clone(), before.clone());
            }
        },
        Mutability::ReadWrite | Mutability::WriteOnly => {
            if attribute.supplied && !new.contains_key(&attribute.name) {
                new.insert(attribute.name.clone(), before.clone());
            }
        }
    }
    Ok(())
}

fn check_schemas(members: &Map<String, Value>, of: &ResourceType, unknown: UnknownAttributes) -> Result<(), ScimError> {
    let Some(Value::Array(listed)) = member(members, "schemas") else {
        return Err(ScimError::syntax(own!("`schemas` is missing: send [\"{}\"]", of.schema.id)));
    };
    let mut core = false;
    for id in listed {
        let Some(id) = id.as_str() else { return Err(ScimError::syntax("`schemas` must be a list of URNs as strings")) };
        core |= id.eq_ignore_ascii_case(&of.schema.id);
        let known = id.eq_ignore_ascii_case(&of.schema.id) || of.extension(id).is_some() || id == LEGACY_GROUP;
        if !known && unknown.is_refused() {
            return Err(ScimError::syntax(format!("{} has no schema `{}`: /ResourceTypes lists its schemas", of.name, short(id))));
        }
    }
    if core { Ok(()) } else { Err(ScimError::syntax(own!("`schemas` must list `{}`", of.schema.id))) }
}

/// Checks members and returns them with canonical names, in schema order, without unassigned ones.
fn shape(members: &Map<String, Value>, of: &ResourceType, mode: Mode, unknown: UnknownAttributes) -> Result<Map<String, Value>, ScimError> {
    let mut core = Map::new();
    let mut extensions = Map::new();
    for (key, value) in members {
        if let Some(attribute) = of.core_attribute(key) {
            put(&mut core, attribute, value, mode)?;
        } else if let Some(extension) = of.extension(key) {
            if value.is_null() {
                continue;
            }
            let inner = value
                .as_object()
                .ok_or_else(|| ScimError::syntax(own!("the extension `{}` must be a JSON object, not {}", extension.id, kind(value))))?;
            let part = shape_extension(inner, extension, mode, unknown)?;
            if !part.is_empty() && extensions.insert(extension.id.clone(), Value::Object(part)).is_some() {
                return Err(ScimError::syntax(own!("the extension `{}` is given twice", extension.id)));
            }
        } else if unknown.is_refused() {
            return Err(ScimError::syntax(no_attribute(&of.name, key)));
        }
    }
    let mut out = Map::new();
    let mut schemas = vec![of.schema.id.clone()];
    schemas.extend(of.extensions.iter().filter(|e| extensions.contains_key(&e.id)).map(|e| e.id.clone()));
    out.insert("schemas".to_owned(), json!(schemas));
    let ordered = common().iter().chain(&of.schema.attributes).filter(|a| !matches!(a.name.as_str(), "schemas" | "meta"));
    for attribute in ordered {
        if let Some(value) = core.remove(&attribute.name) {
            out.insert(attribute.name.clone(), value);
        }
    }
    for extension in &of.extensions {
        if let Some(part) = extensions.remove(&extension.id) {
            out.insert(extension.id.clone(), part);
        }
    }
    if let Some(meta) = core.remove("meta") {
        out.insert("meta".to_owned(), meta);
    }
    Ok(out)
}

fn shape_extension(
    members: &Map<String, Value>,
    extension: &Schema,
    mode: Mode,
    unknown: UnknownAttributes,
) -> Result<Map<String, Value>, ScimError> {
    let mut found = Map::new();
    for (key, value) in members {
        match extension.attribute(key) {
            Some(attribute) => put(&mut found, attribute, value, mode)?,
            None if unknown.is_refused() => {
                return Err(ScimError::syntax(no_attribute(&format!("`{}`", extension.id), key)));
            }
            None => {}
        }
    }
    let mut out = Map::new();
    for attribute in &extension.attributes {
        if let Some(value) = found.remove(&attribute.name) {
            out.insert(attribute.name.clone(), value);
        }
    }
    Ok(out)
}

fn put(into: &mut Map<String, Value>, attribute: &Attribute, value: &Value, mode: Mode) -> Result<(), ScimError> {
    if attribute.name == "schemas" || (!mode.is_stored() && attribute.mutability == Mutability::ReadOnly) {
        return Ok(());
    }
    if let Some(value) = canonical(attribute, value, mode)?
        && into.insert(attribute.name.clone(), value).is_some()
    {
        return Err(ScimError::syntax(own!("`{}` is given twice", attribute.name)));
    }
    Ok(())
}

/// Checks that required attributes are present, except those that the server sets, such as `id`.
fn check_required(resource: &Map<String, Value>, of: &ResourceType) -> Result<(), ScimError> {
    let missing = |attribute: &&Attribute| {
        attribute.required
            && !attribute.supplied
            && attribute.mutability != Mutability::ReadOnly
            && resource.get(&attribute.name).is_none_or(|v| v.as_str().is_some_and(|text| text.trim().is_empty()))
    };
    match of.schema.attributes.iter().find(missing) {
        Some(attribute) => Err(ScimError::value(own!("`{}` is required", attribute.name))),
        None => Ok(()),
    }
}

/// Refuses to change an attribute that a client can set only once.
pub(super) fn fixed(attribute: &Attribute) -> ScimError {
    ScimError::mutability(own!("`{}` cannot be changed once it is set", attribute.name))
}
