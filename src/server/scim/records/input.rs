//! A supporting record as a client sends it: its JSON is read here once.

use serde_json::{Map, Value};

use crate::server::failure::Failure;
use crate::store::{RecordKind, ResourceKind};
use crate::workspace::{GroupMember, RecordContent, SupportingRecord};

/// Reads a validated resource. A new employee record without a key has its id as its key, and so has a group.
pub(in crate::server) fn read(kind: RecordKind, id: &str, resource: &Value) -> Result<SupportingRecord, Failure> {
    let member = |name: &str| resource.get(name);
    let text = |name: &str| member(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str| member(name).and_then(Value::as_bool);
    let key = |name: &str| text(name).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let missing = |name: &str| Failure::value(format!("`{name}` is required"));
    let required = |name: &str| text(name).ok_or_else(|| missing(name));
    let (key, content) = match kind {
        RecordKind::Clinic => (key("key").ok_or_else(|| missing("key"))?, RecordContent::Clinic { name: text("displayName") }),
        RecordKind::Role => {
            let privileges = member("privileges").and_then(Value::as_array).into_iter().flatten();
            let privileges = privileges.filter_map(Value::as_str).map(str::to_owned).collect();
            (key("value").ok_or_else(|| missing("value"))?, RecordContent::Role { name: text("display"), privileges })
        }
        RecordKind::Employee => {
            let (first_name, last_name) = (required("givenName")?, required("familyName")?);
            let content = RecordContent::Employee { first_name, last_name, active: flag("active"), external: flag("external") };
            (key("key").unwrap_or_else(|| id.to_owned()), content)
        }
        RecordKind::Group => {
            let members = member("members").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
            let content = RecordContent::Group { name: required("displayName")?, members: members.map(group_member).collect() };
            (id.to_owned(), content)
        }
    };
    Ok(SupportingRecord { key, external_id: text("externalId"), content })
}

fn group_member(member: &Map<String, Value>) -> GroupMember {
    let text = |name: &str| member.get(name).and_then(Value::as_str);
    let id = text("value").unwrap_or_default().to_owned();
    match text("type").and_then(ResourceKind::parse) {
        Some(ResourceKind::Supporting(RecordKind::Group)) => GroupMember::Group(id),
        Some(ResourceKind::User | ResourceKind::Supporting(RecordKind::Clinic | RecordKind::Role | RecordKind::Employee)) | None => {
            GroupMember::User(id)
        }
    }
}
