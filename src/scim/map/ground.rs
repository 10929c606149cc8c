//! Clinics, roles, employee records and blocks ↔ JSON.

use serde_json::{Map, Value as Json, json};

use super::read::{switch, texts};
use super::{MapError, fingerprint, remote_id};
use crate::model::{AttributeChange, Clinic, Employee, RemoteId, Role, Subject, Value};
use crate::scim::patch::{Operation, Patch};
use crate::scim::path::{AttrPath, Path};
use crate::scim::{Node, urn};

/// A clinic and its key; without a key its id is the key, without a name its key is the name.
///
/// # Errors
/// Where it has no id.
pub fn clinic(resource: &impl Node) -> Result<(String, Clinic), MapError> {
    let id = head(resource, "clinic")?;
    let key = text(resource, "key").unwrap_or_else(|| id.0.clone());
    let name = text(resource, "displayName").unwrap_or_else(|| key.clone());
    let fingerprint = fingerprint(resource, &(&id, &key, &name));
    Ok((key, Clinic { id, fingerprint, name }))
}

/// A role and its key.
///
/// # Errors
/// Where it has no id.
pub fn role(resource: &impl Node) -> Result<(String, Role), MapError> {
    let id = head(resource, "role")?;
    let key = text(resource, "value").unwrap_or_else(|| id.0.clone());
    let name = text(resource, "display").unwrap_or_else(|| key.clone());
    let privileges = resource.member("privileges").map(texts).unwrap_or_default();
    let built_in = flag(resource, "builtIn").unwrap_or(false);
    let fingerprint = fingerprint(resource, &(&id, &key, &name, &privileges, built_in));
    Ok((key, Role { id, fingerprint, name, privileges, built_in }))
}

/// An employee record; without a word on it, it is active and not from outside.
///
/// # Errors
/// Where it has no id.
pub fn employee(resource: &impl Node) -> Result<Employee, MapError> {
    let id = head(resource, "employee")?;
    let key = text(resource, "key").unwrap_or_else(|| id.0.clone());
    let first_name = text(resource, "givenName").unwrap_or_default();
    let last_name = text(resource, "familyName").unwrap_or_default();
    let active = flag(resource, "active").unwrap_or(true);
    let external = flag(resource, "external").unwrap_or(false);
    let fingerprint = fingerprint(resource, &(&id, &key, &first_name, &last_name, active, external));
    Ok(Employee { id, fingerprint, key, first_name, last_name, active, external })
}

/// The endpoint of what a change is about; `None` for the workspace itself.
#[must_use]
pub const fn endpoint(subject: &Subject) -> Option<&'static str> {
    match subject {
        Subject::Workspace => None,
        Subject::Clinic(_) => Some("/Clinics"),
        Subject::Role(_) => Some("/Roles"),
        Subject::Employee(_) => Some("/Employees"),
        Subject::User(_) => Some("/Users"),
    }
}

/// The body of the POST that makes a clinic, role or employee record; `None` for other subjects.
#[must_use]
pub fn resource_body(subject: &Subject, attributes: &[AttributeChange]) -> Option<Json> {
    let (schema, key_name, key) = match subject {
        Subject::Clinic(key) => (urn::CLINIC, "key", key),
        Subject::Role(key) => (urn::ROLE, "value", key),
        Subject::Employee(key) => (urn::EMPLOYEE, "key", key),
        Subject::Workspace | Subject::User(_) => return None,
    };
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([schema]));
    body.insert(key_name.to_owned(), json!(key));
    for change in attributes {
        if let (Some(name), Some(value)) = (wire_name(subject, &change.name), wire_value(&change.after)) {
            body.insert(name.to_owned(), value);
        }
    }
    Some(Json::Object(body))
}

/// The PATCH that changes a clinic, role or employee record; `None` for other subjects.
#[must_use]
pub fn resource_patch(subject: &Subject, attributes: &[AttributeChange]) -> Option<Patch> {
    if matches!(subject, Subject::Workspace | Subject::User(_)) {
        return None;
    }
    let operations = attributes
        .iter()
        .filter_map(|change| {
            let path = Path { attr: AttrPath::new(wire_name(subject, &change.name)?, None), filter: None, sub: None };
            Some(match wire_value(&change.after) {
                Some(value) => Operation::replace(path, value),
                None => Operation::remove(path),
            })
        })
        .collect();
    Some(Patch { operations })
}

/// The body of the action that blocks: why, and the acting admin's own phone (AR-19).
#[must_use]
pub fn block_body(attributes: &[AttributeChange], confirm_phone: &str) -> Json {
    let mut body = Map::new();
    for change in attributes {
        if let (true, Value::Text(text)) = (matches!(change.name.as_str(), "reason" | "note"), &change.after) {
            body.insert(change.name.clone(), json!(text));
        }
    }
    body.insert("confirmPhone".to_owned(), json!(confirm_phone));
    Json::Object(body)
}

/// The attribute that the plan's name stands for.
fn wire_name(subject: &Subject, name: &str) -> Option<&'static str> {
    match (subject, name) {
        (Subject::Clinic(_), "name") => Some("displayName"),
        (Subject::Role(_), "name") => Some("display"),
        (Subject::Role(_), "privileges") => Some("privileges"),
        (Subject::Employee(_), "first_name") => Some("givenName"),
        (Subject::Employee(_), "last_name") => Some("familyName"),
        (Subject::Employee(_), "active") => Some("active"),
        (Subject::Employee(_), "external") => Some("external"),
        _ => None,
    }
}

fn wire_value(value: &Value) -> Option<Json> {
    match value {
        _ if value.is_empty() => None,
        Value::Text(text) => Some(json!(text)),
        Value::Flag(flag) => Some(json!(flag)),
        Value::Number(number) => Some(json!(number)),
        Value::List(list) => Some(json!(list)),
        Value::Set(set) => Some(json!(set)),
        Value::Unset | Value::Changes(_) => None,
    }
}

fn head(resource: &impl Node, what: &'static str) -> Result<RemoteId, MapError> {
    remote_id(resource).ok_or(MapError::Lacks { what, missing: "id" })
}

fn text(resource: &impl Node, name: &str) -> Option<String> {
    resource.member(name).and_then(Node::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn flag(resource: &impl Node, name: &str) -> Option<bool> {
    resource.member(name).and_then(switch)
}
