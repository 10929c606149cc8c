//! A supporting record as an answer shows it: its JSON is written here once.

use serde_json::{Map, Value, json};

use crate::scim::{ResourceType, ScimError};
use crate::server::answer::{self, date_time};
use crate::server::failure::Failure;
use crate::server::workspace::Workspace;
use crate::store::{RecordKind, ResourceKind, ResourceRow};
use crate::workspace::{GroupMember, RecordContent, SupportingRecord};

pub(in crate::server) fn resource_type(workspace: &Workspace, kind: RecordKind) -> Result<&ResourceType, Failure> {
    workspace.wire.by_name(kind.as_str()).ok_or_else(|| ScimError::new(404, "there is no such endpoint").into())
}

/// The attributes that clients write.
pub(in crate::server) fn attributes(record: &SupportingRecord) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let SupportingRecord { key, external_id, content } = record;
    match content {
        RecordContent::Clinic { name } => {
            put("key", Some(json!(key)));
            put("displayName", name.as_ref().map(|name| json!(name)));
        }
        RecordContent::Role { name, privileges } => {
            put("value", Some(json!(key)));
            put("display", name.as_ref().map(|name| json!(name)));
            put("privileges", Some(json!(privileges)));
        }
        RecordContent::Employee { first_name, last_name, active, external } => {
            put("key", Some(json!(key)));
            put("givenName", Some(json!(first_name)));
            put("familyName", Some(json!(last_name)));
            put("active", active.map(Value::Bool));
            put("external", external.map(Value::Bool));
        }
        RecordContent::Group { name, members } => {
            put("members", (!members.is_empty()).then(|| members.iter().map(member).collect()));
            put("displayName", Some(json!(name)));
        }
    }
    put("externalId", external_id.as_ref().map(|id| json!(id)));
    out
}

fn member(member: &GroupMember) -> Value {
    let (kind, id) = ResourceKind::of_member(member);
    json!({ "value": id, "type": kind.as_str() })
}

/// The whole resource.
pub(in crate::server) fn resource(workspace: &Workspace, row: &ResourceRow, base: &str) -> Result<Map<String, Value>, Failure> {
    let kind = RecordKind::of_content(&row.record.content);
    let of = resource_type(workspace, kind)?;
    let mut out = Map::new();
    out.insert("schemas".to_owned(), json!([of.schema.id]));
    out.insert("id".to_owned(), json!(row.id));
    out.append(&mut attributes(&row.record));
    match &row.record.content {
        RecordContent::Role { .. } => drop(out.insert("builtIn".to_owned(), json!(row.built_in))),
        RecordContent::Group { members, .. } if !members.is_empty() => {
            drop(out.insert("members".to_owned(), members.iter().map(|one| linked(one, base)).collect()));
        }
        RecordContent::Clinic { .. } | RecordContent::Employee { .. } | RecordContent::Group { .. } => {}
    }
    let meta = json!({
        "resourceType": kind.as_str(),
        "created": date_time(row.created),
        "lastModified": date_time(row.modified),
        "location": format!("{base}{}/{}", of.endpoint, row.id),
        "version": answer::etag(row.version),
    });
    out.insert("meta".to_owned(), meta);
    Ok(out)
}

/// A member of a group, with the place where it is.
fn linked(member: &GroupMember, base: &str) -> Value {
    let (kind, id) = ResourceKind::of_member(member);
    json!({ "value": id, "type": kind.as_str(), "$ref": format!("{base}/{}s/{id}", kind.as_str()) })
}
