//! A stored account as a SCIM user: what clients wrote, and what the server says of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::answer::date_time;
use super::failure::Failure;
use super::surroundings::Ground;
use super::workspace::Workspace;
use crate::model::{Field, Fields, Value as FieldValue};
use crate::platform;
use crate::platform::catalog::RolesReach;
use crate::scim::urn;
use crate::store::AccountRow;

/// The entity tag of a version (RFC 7644 section 3.14): weak, since times and effective rights may change without a write.
pub(super) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// The whole user, read-only attributes included.
pub(super) fn user(workspace: &Workspace, row: &AccountRow, ground: &Ground, base: &str, now: i64) -> Result<Value, Failure> {
    let mut body = parse(&row.body)?;
    let extension = body.remove(urn::PRACTICE);
    let from_role = role_privileges(workspace, row, role_of(&body).as_deref(), ground)?;
    let effective = platform::effective(workspace.catalog(), &from_role, &switches(extension.as_ref()), row.main_admin);
    let mut out = Map::new();
    let schemas = if workspace.is_plain() { json!([urn::USER]) } else { json!([urn::USER, urn::PRACTICE]) };
    out.insert("schemas".to_owned(), schemas);
    out.insert("id".to_owned(), json!(row.id));
    if !workspace.is_plain() {
        out.insert("userName".to_owned(), json!(row.user_name));
        out.insert("emails".to_owned(), json!([{ "value": row.user_name, "type": "work", "primary": true }]));
        if let Some(name) = display_name(&body) {
            out.insert("displayName".to_owned(), json!(name));
        }
        out.insert("active".to_owned(), json!(!row.inactive));
    }
    out.append(&mut body);
    if let Some(groups) = ground.groups.get(&row.id) {
        let list: Vec<Value> = groups
            .iter()
            .map(|(id, name)| json!({ "value": id, "$ref": format!("{base}/Groups/{id}"), "display": name, "type": "direct" }))
            .collect();
        out.insert("groups".to_owned(), Value::Array(list));
    }
    if !workspace.is_plain() {
        let mut part = match extension {
            Some(Value::Object(part)) => part,
            _ => Map::new(),
        };
        links(&mut part, ground, base);
        standing(workspace, row, &from_role, &effective, now, &mut part);
        out.insert(urn::PRACTICE.to_owned(), Value::Object(part));
    }
    let meta = json!({
        "resourceType": "User",
        "created": date_time(row.created),
        "lastModified": date_time(row.modified),
        "location": format!("{base}/Users/{}", row.id),
        "version": etag(row.version),
    });
    out.insert("meta".to_owned(), meta);
    Ok(Value::Object(out))
}

fn display_name(body: &Map<String, Value>) -> Option<String> {
    let part = |name: &str| body.get("name").and_then(|n| n.get(name)).and_then(Value::as_str);
    let parts: Vec<&str> = [part("givenName"), part("familyName")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Completes links: keys for display, and where the linked resource is.
fn links(part: &mut Map<String, Value>, ground: &Ground, base: &str) {
    if let Some(Value::Array(clinics)) = part.get_mut("clinics") {
        for clinic in clinics {
            let Some(id) = clinic.get("value").and_then(Value::as_str).map(str::to_owned) else { continue };
            let display = ground.clinic_keys.get(&id);
            *clinic = json!({ "value": id, "$ref": format!("{base}/Clinics/{id}"), "display": display });
        }
    }
    if let Some(Value::Object(employee)) = part.get_mut("employee")
        && let Some(id) = employee.get("value").and_then(Value::as_str).map(str::to_owned)
    {
        employee.insert("$ref".to_owned(), json!(format!("{base}/Employees/{id}")));
    }
}

/// Where the account stands; derived when it is read.
fn standing(
    workspace: &Workspace,
    row: &AccountRow,
    from_role: &BTreeSet<String>,
    effective: &BTreeSet<String>,
    now: i64,
    part: &mut Map<String, Value>,
) {
    let catalog = workspace.catalog();
    part.insert("privileges".to_owned(), json!(effective));
    part.insert("rolePrivileges".to_owned(), json!(from_role));
    if let Some(sent) = &row.invitation {
        let state = if sent.state == "open" && sent.expires_at <= now { "expired" } else { sent.state.as_str() };
        let invitation = json!({ "state": state, "sentAt": date_time(sent.sent_at), "expiresAt": date_time(sent.expires_at) });
        part.insert("invitation".to_owned(), invitation);
    }
    part.insert("accepted".to_owned(), json!(row.accepted));
    part.insert("mainAdmin".to_owned(), json!(row.main_admin));
    if let Some(at) = row.last_login {
        part.insert("lastLogin".to_owned(), json!(date_time(at).get(..10)));
    }
    if catalog.blocking {
        let block = match &row.block {
            None => json!({ "blocked": false }),
            Some(block) => {
                let mut said = json!({ "blocked": true, "reason": block.reason, "since": date_time(block.since), "by": block.by });
                if let (Some(note), Value::Object(members)) = (&block.note, &mut said) {
                    members.insert("note".to_owned(), json!(note));
                }
                said
            }
        };
        part.insert("block".to_owned(), block);
    }
    if catalog.passcode {
        part.insert("passcode".to_owned(), json!({ "set": row.has_passcode }));
    }
    if let Some((given, family)) = &row.invited
        && workspace.wire.users().extension(urn::PRACTICE).is_some_and(|e| e.attribute("invitedName").is_some())
    {
        part.insert("invitedName".to_owned(), json!({ "givenName": given, "familyName": family }));
    }
}

/// What an account may do in effect.
pub(super) fn effective(workspace: &Workspace, row: &AccountRow, ground: &Ground) -> Result<BTreeSet<String>, Failure> {
    let mut body = parse(&row.body)?;
    let extension = body.remove(urn::PRACTICE);
    let from_role = role_privileges(workspace, row, role_of(&body).as_deref(), ground)?;
    Ok(platform::effective(workspace.catalog(), &from_role, &switches(extension.as_ref()), row.main_admin))
}

/// The role's key.
pub(super) fn role_of(body: &Map<String, Value>) -> Option<String> {
    body.get("roles")?.get(0)?.get("value")?.as_str().map(str::to_owned)
}

/// What the role gives this account: as it was applied, or as the role is now, as the platform has it.
fn role_privileges(workspace: &Workspace, row: &AccountRow, role: Option<&str>, ground: &Ground) -> Result<BTreeSet<String>, Failure> {
    match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => serde_json::from_str(&row.role_privileges).map_err(|_| Failure::Damaged),
        RolesReach::AllHolders => Ok(role.and_then(|r| ground.roles.get(r)).cloned().unwrap_or_default()),
    }
}

/// The fields that bear on effective privileges.
fn switches(extension: Option<&Value>) -> Fields {
    let mut fields = Fields::default();
    let Some(part) = extension else { return fields };
    if let Some(changes) = part.get("privilegeChanges") {
        let names = |key: &str| -> BTreeSet<String> {
            let list = changes.get(key).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        fields.set(Field::PrivilegeChanges, FieldValue::changes(names("grant"), names("revoke")));
    }
    if let Some(on) = part.get("dashboardAccess").and_then(Value::as_bool) {
        fields.set(Field::DashboardAccess, FieldValue::Flag(on));
    }
    if let Some(on) = part.get("provider").and_then(|p| p.get("active")).and_then(Value::as_bool) {
        fields.set(Field::Provider, FieldValue::Flag(on));
    }
    fields
}

/// A stored body.
pub(super) fn parse(body: &str) -> Result<Map<String, Value>, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::Damaged)
}
