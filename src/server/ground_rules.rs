//! What clinics, roles, employee records and groups must meet.

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::surroundings;
use super::workspace::Workspace;
use super::write::Task;
use super::{lockout, view};
use crate::platform::catalog::RolesReach;
use crate::scim::ScimError;
use crate::store::{Conn, Kind, ResourceRow, Writing, accounts, resources};

/// Fills in what a client may leave out, and answers the key.
pub(super) fn complete(kind: Kind, id: &str, body: &mut Map<String, Value>) -> Result<String, Failure> {
    let text = |body: &Map<String, Value>, name: &str| {
        body.get(name).and_then(Value::as_str).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    };
    let key = match kind {
        Kind::Clinic => text(body, "key"),
        Kind::Role => text(body, "value"),
        Kind::Employee => Some(text(body, "key").unwrap_or_else(|| id.to_owned())),
        Kind::Group => Some(id.to_owned()),
    };
    let key = key.ok_or_else(|| Failure::value("the key is required"))?;
    let mut default = |name: &str, value: Value| {
        if !body.contains_key(name) {
            body.insert(name.to_owned(), value);
        }
    };
    match kind {
        Kind::Clinic => default("displayName", json!(key)),
        Kind::Role => default("display", json!(key)),
        Kind::Employee => {
            default("key", json!(key));
            default("active", json!(true));
            default("external", json!(false));
        }
        Kind::Group => {}
    }
    Ok(key)
}

/// Checks what the schema alone can not.
pub(super) async fn check(conn: &mut Conn, workspace: &Workspace, kind: Kind, body: &mut Map<String, Value>) -> Result<(), Failure> {
    match kind {
        Kind::Employee => {
            for name in ["givenName", "familyName"] {
                if body.get(name).and_then(Value::as_str).is_none_or(|t| t.trim().is_empty()) {
                    return Err(Failure::value(format!("`{name}` is required: an employee record is found by name (PBN-2)")));
                }
            }
            Ok(())
        }
        Kind::Group => members(conn, workspace, body).await,
        Kind::Clinic | Kind::Role => Ok(()),
    }
}

/// Members of a group are users or groups of this workspace.
async fn members(conn: &mut Conn, workspace: &Workspace, body: &mut Map<String, Value>) -> Result<(), Failure> {
    let Some(Value::Array(members)) = body.get_mut("members") else { return Ok(()) };
    for member in members {
        let id = member.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = if accounts::find(conn, &workspace.name, &id).await?.is_some() {
            "User"
        } else if resources::find(conn, &workspace.name, Kind::Group, &id).await?.is_some() {
            "Group"
        } else {
            return Err(Failure::value("a member is no user or group of this workspace"));
        };
        *member = json!({ "value": id, "type": kind });
    }
    Ok(())
}

/// Says where members are.
pub(super) fn link(members: &mut [Value], base: &str) {
    for member in members {
        let part = |name: &str| member.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (id, kind) = (part("value"), part("type"));
        if let Value::Object(parts) = member {
            parts.insert("$ref".to_owned(), json!(format!("{base}/{kind}s/{id}")));
        }
    }
}

/// What a change means for accounts: it may neither lock the workspace out nor switch off the record of a working account.
pub(super) async fn after(writing: &mut Writing, task: &Task, kind: Kind, before: &ResourceRow) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    match kind {
        Kind::Role if workspace.catalog().roles_reach == RolesReach::AllHolders => {
            let ground = surroundings::ground(&mut writing.conn, workspace).await?;
            if let Some(privilege) = &workspace.catalog().manages_users {
                let own = view::effective(workspace, &task.caller.account, &ground)?;
                if !own.contains(privilege) {
                    return Err(Failure::denied(403, format!("you would take the privilege `{privilege}` from yourself")));
                }
            }
            lockout::check(&mut writing.conn, workspace, &ground).await
        }
        Kind::Employee => {
            let now = resources::find(&mut writing.conn, &workspace.name, kind, &before.id).await?;
            let active = now.map(|row| view::parse(&row.body)).transpose()?.and_then(|body| body.get("active").and_then(Value::as_bool));
            if active == Some(false) {
                let accounts = accounts::of_employee(&mut writing.conn, &workspace.name, &before.id).await?;
                if accounts.iter().any(|account| !account.inactive) {
                    let why = "an inactive employee has no working account (PBN-8): inactivate the account first";
                    return Err(ScimError::new(409, why).into());
                }
            }
            Ok(())
        }
        Kind::Clinic | Kind::Role | Kind::Group => Ok(()),
    }
}
