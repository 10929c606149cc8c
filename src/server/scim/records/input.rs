//! A supporting record as a client sends it: its JSON is read here once.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::server::failure::Failure;
use crate::store::{RecordKind, ResourceKind};

/// A clinic, role, employee record or group as a client sends it.
pub(in crate::server) struct RecordInput {
    /// What rosters name it by.
    pub(in crate::server) key: String,
    /// The privileges that it gives; of roles only.
    pub(in crate::server) privileges: BTreeSet<String>,
    /// Whether it is active; `None` where the client does not say. Of employee records only (PBN-8).
    pub(in crate::server) active: Option<bool>,
    /// The record as it is stored: what the client wrote, with what the server makes where the client leaves it out.
    pub(in crate::server) document: Map<String, Value>,
}

impl RecordInput {
    /// Reads a validated resource.
    pub(in crate::server) fn read(kind: RecordKind, id: &str, resource: Value) -> Result<Self, Failure> {
        let mut document = own(resource);
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let (key, active) = match kind {
            RecordKind::Clinic => (text("key").ok_or_else(|| Failure::value("`key` is required"))?, None),
            RecordKind::Role => (text("value").ok_or_else(|| Failure::value("`value` is required"))?, None),
            RecordKind::Employee => {
                let key = text("key").unwrap_or_else(|| id.to_owned());
                document.insert("key".to_owned(), json!(key));
                (key, document.get("active").and_then(Value::as_bool))
            }
            RecordKind::Group => {
                members(&mut document);
                (id.to_owned(), None)
            }
        };
        let privileges = privileges(kind, &document);
        Ok(Self { key, privileges, active, document })
    }
}

/// The privileges of a role, as it is sent or stored.
pub(in crate::server) fn privileges(kind: RecordKind, document: &Map<String, Value>) -> BTreeSet<String> {
    let listed = match kind {
        RecordKind::Role => document.get("privileges").and_then(Value::as_array),
        RecordKind::Clinic | RecordKind::Employee | RecordKind::Group => None,
    };
    listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The part of a resource that the client wrote.
fn own(resource: Value) -> Map<String, Value> {
    let mut members = match resource {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    };
    for name in ["schemas", "id", "meta", "builtIn"] {
        members.remove(name);
    }
    members
}

/// Brings members to their stored form. They need not be there yet: clients make groups and users in any order.
fn members(body: &mut Map<String, Value>) {
    let Some(Value::Array(members)) = body.get_mut("members") else { return };
    for member in members {
        let id = member.get("value").and_then(Value::as_str).unwrap_or_default();
        let kind = member.get("type").and_then(Value::as_str).and_then(ResourceKind::parse);
        let kind = kind.map_or(ResourceKind::User, ResourceKind::of_member);
        *member = json!({ "value": id, "type": kind.as_str() });
    }
}

/// Says where members are.
pub(in crate::server) fn link(members: &mut [Value], base: &str) {
    for member in members {
        let part = |name: &str| member.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (id, kind) = (part("value"), part("type"));
        if let Value::Object(parts) = member {
            parts.insert("$ref".to_owned(), json!(format!("{base}/{kind}s/{id}")));
        }
    }
}
