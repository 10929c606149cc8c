//! A supporting record as an answer shows it.

use serde_json::{Map, Value, json};

use crate::scim::{ResourceType, ScimError};
use crate::server::answer::{self, date_time};
use crate::server::failure::Failure;
use crate::server::scim::records;
use crate::server::workspace::Workspace;
use crate::store::{RecordKind, ResourceRow};

pub(in crate::server) fn resource_type(workspace: &Workspace, kind: RecordKind) -> Result<&ResourceType, Failure> {
    workspace.wire.by_name(kind.as_str()).ok_or_else(|| ScimError::new(404, "there is no such endpoint").into())
}

/// What clients wrote, as it is stored.
pub(in crate::server) fn stored(row: &ResourceRow) -> Result<Map<String, Value>, Failure> {
    Ok(serde_json::from_str(&row.body)?)
}

/// The whole resource.
pub(in crate::server) fn resource(
    workspace: &Workspace,
    kind: RecordKind,
    row: &ResourceRow,
    base: &str,
) -> Result<Map<String, Value>, Failure> {
    let of = resource_type(workspace, kind)?;
    let mut out = Map::new();
    out.insert("schemas".to_owned(), json!([of.schema.id]));
    out.insert("id".to_owned(), json!(row.id));
    out.append(&mut stored(row)?);
    if kind.is_role() {
        out.insert("builtIn".to_owned(), json!(row.built_in));
    }
    if let Some(Value::Array(members)) = out.get_mut("members") {
        records::input::link(members, base);
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
