//! A supporting record as a client sends it: its JSON is read here once.

use serde_json::{Map, Value};

use crate::scim::own;
use crate::scim::schema::record_names as names;
use crate::server::failure::Failure;
use crate::server::scim::wire_names;
use crate::store::{RecordKind, ResourceKind};
use crate::workspace::{GroupMember, RecordContent, SupportingRecord};

/// Reads a validated resource. A new employee record without a key has its id as its key, and so has a group.
pub(in crate::server) fn read(kind: RecordKind, id: &str, resource: &Value) -> Result<SupportingRecord, Failure> {
    let member = |name: &str| resource.get(name);
    let text = |name: &str| member(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str| member(name).and_then(Value::as_bool);
    let key = |name: &str| text(name).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let missing = |name: &str| Failure::value(own!("`{name}` is required"));
    let required = |name: &str| text(name).ok_or_else(|| missing(name));
    let (key, content) = match kind {
        RecordKind::Clinic => {
            (key(names::clinic::KEY).ok_or_else(|| missing(names::clinic::KEY))?, RecordContent::Clinic { name: text(names::clinic::NAME) })
        }
        RecordKind::Role => {
            let privileges = member(names::role::PRIVILEGES).and_then(Value::as_array).into_iter().flatten();
            let privileges = privileges.filter_map(Value::as_str).map(str::to_owned).collect();
            (
                key(names::role::KEY).ok_or_else(|| missing(names::role::KEY))?,
                RecordContent::Role { name: text(names::role::NAME), privileges },
            )
        }
        RecordKind::Employee => {
            let (first_name, last_name) = (required(names::employee::FIRST_NAME)?, required(names::employee::LAST_NAME)?);
            let (active, external) = (flag(names::employee::ACTIVE), flag(names::employee::EXTERNAL));
            let content = RecordContent::Employee { first_name, last_name, active, external };
            (key(names::employee::KEY).unwrap_or_else(|| id.to_owned()), content)
        }
        RecordKind::Group => {
            let members = member(names::group::MEMBERS).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
            let content = RecordContent::Group { name: required(names::group::NAME)?, members: members.map(group_member).collect() };
            (id.to_owned(), content)
        }
    };
    Ok(SupportingRecord { key, external_id: text(names::EXTERNAL_ID), content })
}

fn group_member(member: &Map<String, Value>) -> GroupMember {
    let text = |name: &str| member.get(name).and_then(Value::as_str);
    let id = text(names::group::MEMBER_ID).unwrap_or_default().to_owned();
    match text(names::group::MEMBER_TYPE).and_then(wire_names::kind) {
        Some(ResourceKind::Supporting(RecordKind::Group)) => GroupMember::Group(id),
        Some(ResourceKind::User | ResourceKind::Supporting(RecordKind::Clinic | RecordKind::Role | RecordKind::Employee)) | None => {
            GroupMember::User(id)
        }
    }
}
