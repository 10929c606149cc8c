//! A supporting record as an answer shows it: its JSON is written here once.

use serde_json::{Map, Value, json};

use crate::scim::ResourceType;
use crate::scim::schema::record_names as names;
use crate::server::answer::{self, date_time};
use crate::server::failure::Failure;
use crate::server::scim::wire_names;
use crate::server::workspace::Workspace;
use crate::store::{RecordKind, ResourceKind, ResourceRow};
use crate::workspace::{GroupMember, RecordContent, SupportingRecord};

pub(in crate::server) fn resource_type(workspace: &Workspace, kind: RecordKind) -> Result<&ResourceType, Failure> {
    workspace.wire.by_name(wire_names::of_kind(ResourceKind::Supporting(kind))).ok_or_else(|| answer::no_endpoint().into())
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
            put(names::clinic::KEY, Some(json!(key)));
            put(names::clinic::NAME, name.as_ref().map(|name| json!(name)));
        }
        RecordContent::Role { name, privileges } => {
            put(names::role::KEY, Some(json!(key)));
            put(names::role::NAME, name.as_ref().map(|name| json!(name)));
            put(names::role::PRIVILEGES, Some(json!(privileges)));
        }
        RecordContent::Employee { first_name, last_name, active, external } => {
            put(names::employee::KEY, Some(json!(key)));
            put(names::employee::FIRST_NAME, Some(json!(first_name)));
            put(names::employee::LAST_NAME, Some(json!(last_name)));
            put(names::employee::ACTIVE, active.map(Value::Bool));
            put(names::employee::EXTERNAL, external.map(Value::Bool));
        }
        RecordContent::Group { name, members } => {
            put(names::group::MEMBERS, (!members.is_empty()).then(|| members.iter().map(member).collect()));
            put(names::group::NAME, Some(json!(name)));
        }
    }
    put(names::EXTERNAL_ID, external_id.as_ref().map(|id| json!(id)));
    out
}

fn member(member: &GroupMember) -> Value {
    let (kind, id) = ResourceKind::of_member(member);
    json!({ names::group::MEMBER_ID: id, names::group::MEMBER_TYPE: wire_names::of_kind(kind) })
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
        RecordContent::Role { .. } => drop(out.insert(names::role::BUILT_IN.to_owned(), json!(row.built_in))),
        RecordContent::Group { members, .. } if !members.is_empty() => {
            drop(out.insert(names::group::MEMBERS.to_owned(), members.iter().map(|one| linked(one, base)).collect()));
        }
        RecordContent::Clinic { .. } | RecordContent::Employee { .. } | RecordContent::Group { .. } => {}
    }
    let meta = json!({
        "resourceType": of.name,
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
    let endpoint = match member {
        GroupMember::User(_) => names::user::ENDPOINT,
        GroupMember::Group(_) => names::group::ENDPOINT,
    };
    let (kind, id) = ResourceKind::of_member(member);
    json!({
        names::group::MEMBER_ID: id,
        names::group::MEMBER_TYPE: wire_names::of_kind(kind),
        names::group::MEMBER_URI: format!("{base}{endpoint}/{id}"),
    })
}
