//! Turns clinics, roles, employee records and blocks into JSON, and back.

use serde_json::{Map, Value as Json, json};

use super::read::{switch, texts};
use super::{MapError, fingerprint, remote_id};
use crate::model::{Block, Clinic, Employee, RecordValues, RemoteId, Role, SubjectRef};
use crate::scim::attr_path::AttrPath;
use crate::scim::patch::{Operation, Patch};
use crate::scim::path::Path;
use crate::scim::schema::record_names as names;
use crate::scim::{Node, urn};

/// Reads a clinic and its key; the id replaces a missing key, and the key replaces a missing name.
///
/// # Errors
/// If it has no id.
pub fn clinic(resource: &impl Node) -> Result<(String, Clinic), MapError> {
    let id = head(resource, "clinic")?;
    let key = text(resource, names::clinic::KEY).unwrap_or_else(|| id.0.clone());
    let name = text(resource, names::clinic::NAME).unwrap_or_else(|| key.clone());
    let fingerprint = fingerprint(resource, &(&id, &key, &name));
    Ok((key, Clinic { id, fingerprint, name }))
}

/// Reads a role and its key.
///
/// # Errors
/// If it has no id.
pub fn role(resource: &impl Node) -> Result<(String, Role), MapError> {
    let id = head(resource, "role")?;
    let key = text(resource, names::role::KEY).unwrap_or_else(|| id.0.clone());
    let name = text(resource, names::role::NAME).unwrap_or_else(|| key.clone());
    let privileges = resource.member(names::role::PRIVILEGES).map(texts).unwrap_or_default();
    let built_in = flag(resource, names::role::BUILT_IN).unwrap_or(false);
    let fingerprint = fingerprint(resource, &(&id, &key, &name, &privileges, built_in));
    Ok((key, Role { id, fingerprint, name, privileges, built_in }))
}

/// Reads an employee record.
///
/// # Errors
/// If it has no id.
pub fn employee(resource: &impl Node) -> Result<Employee, MapError> {
    let id = head(resource, "employee")?;
    let key = text(resource, names::employee::KEY).unwrap_or_else(|| id.0.clone());
    let first_name = text(resource, names::employee::FIRST_NAME).unwrap_or_default();
    let last_name = text(resource, names::employee::LAST_NAME).unwrap_or_default();
    let active = Employee::active_as_said(flag(resource, names::employee::ACTIVE));
    let external = Employee::external_as_said(flag(resource, names::employee::EXTERNAL));
    let fingerprint = fingerprint(resource, &(&id, &key, &first_name, &last_name, active, external));
    Ok(Employee { id, fingerprint, key, first_name, last_name, active, external })
}

/// Returns the endpoint of a change; `None` for the workspace itself.
#[must_use]
pub const fn endpoint(subject: SubjectRef<'_>) -> Option<&'static str> {
    match subject {
        SubjectRef::Workspace => None,
        SubjectRef::Clinic(_) => Some(names::clinic::ENDPOINT),
        SubjectRef::Role(_) => Some(names::role::ENDPOINT),
        SubjectRef::Employee(_) => Some(names::employee::ENDPOINT),
        SubjectRef::User(_) => Some(names::user::ENDPOINT),
    }
}

/// Writes the POST that creates a clinic, role or employee record; `None` for other subjects.
#[must_use]
pub fn record_body(subject: SubjectRef<'_>, values: &RecordValues<'_>) -> Option<Json> {
    let (schema, key_name, key) = match subject {
        SubjectRef::Clinic(key) => (urn::CLINIC, names::clinic::KEY, key),
        SubjectRef::Role(key) => (urn::ROLE, names::role::KEY, key),
        SubjectRef::Employee(key) => (urn::EMPLOYEE, names::employee::KEY, key),
        SubjectRef::Workspace | SubjectRef::User(_) => return None,
    };
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([schema]));
    body.insert(key_name.to_owned(), json!(key));
    body.extend(members(subject, values).into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Some(Json::Object(body))
}

/// Writes the PATCH that changes a clinic, role or employee record; `None` if it would change nothing.
#[must_use]
pub fn record_patch(subject: SubjectRef<'_>, values: &RecordValues<'_>) -> Option<Patch> {
    let operations: Vec<Operation> = members(subject, values)
        .into_iter()
        .map(|(name, value)| {
            let path = Path { attr: AttrPath::new(name, None), filter: None, sub: None };
            match value {
                Some(value) => Operation::replace(path, value),
                None => Operation::remove(path),
            }
        })
        .collect();
    (!operations.is_empty()).then_some(Patch { operations })
}

/// Writes the body of the action that blocks: the reason, and the acting admin's own phone number (AR-19).
#[must_use]
pub fn block_body(block: &Block, confirm_phone: &str) -> Json {
    let Block { reason, note } = block;
    let mut body = Map::new();
    body.insert("reason".to_owned(), json!(reason.as_str()));
    if let Some(note) = note {
        body.insert("note".to_owned(), json!(note));
    }
    body.insert("confirmPhone".to_owned(), json!(confirm_phone));
    Json::Object(body)
}

/// Lists the attributes on the wire of the values that are set; an attribute without a value is cleared.
fn members(subject: SubjectRef<'_>, values: &RecordValues<'_>) -> Vec<(&'static str, Option<Json>)> {
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    let flag = |flag: bool| Some(json!(flag));
    let RecordValues { name, privileges, first_name, last_name, active, external } = *values;
    let display = match subject {
        SubjectRef::Role(_) => names::role::NAME,
        SubjectRef::Workspace | SubjectRef::Clinic(_) | SubjectRef::Employee(_) | SubjectRef::User(_) => names::clinic::NAME,
    };
    [
        name.map(|name| (display, text(name))),
        privileges.map(|set| (names::role::PRIVILEGES, (!set.is_empty()).then(|| json!(set)))),
        first_name.map(|name| (names::employee::FIRST_NAME, text(name))),
        last_name.map(|name| (names::employee::LAST_NAME, text(name))),
        active.map(|active| (names::employee::ACTIVE, flag(active))),
        external.map(|external| (names::employee::EXTERNAL, flag(external))),
    ]
    .into_iter()
    .flatten()
    .collect()
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
