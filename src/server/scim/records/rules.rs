//! The rules for clinics, roles, employee records and groups.

use serde_json::{Map, Value, json};

use crate::platform::catalog::RolesReach;
use crate::server::failure::Failure;
use crate::server::scim::lockout;
use crate::server::scim::records;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::users;
use crate::server::write::Task;
use crate::store::{Kind, ResourceRow, Writing, accounts, resources};
use crate::workspace::{Refusal, keeps_own};

/// Fills in what the server makes where a client leaves it out, and answers the key.
pub(in crate::server) fn complete(kind: Kind, id: &str, body: &mut Map<String, Value>) -> Result<String, Failure> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    match kind {
        Kind::Clinic => text("key").ok_or_else(|| Failure::value("`key` is required")),
        Kind::Role => text("value").ok_or_else(|| Failure::value("`value` is required")),
        Kind::Employee => {
            let key = text("key").unwrap_or_else(|| id.to_owned());
            body.insert("key".to_owned(), json!(key));
            Ok(key)
        }
        Kind::Group => {
            members(body);
            Ok(id.to_owned())
        }
    }
}

/// Brings members to their stored form. They need not be there yet: clients make groups and users in any order.
fn members(body: &mut Map<String, Value>) {
    let Some(Value::Array(members)) = body.get_mut("members") else { return };
    for member in members {
        let id = member.get("value").and_then(Value::as_str).unwrap_or_default();
        let kind = member.get("type").and_then(Value::as_str).filter(|kind| *kind == "Group").unwrap_or("User");
        *member = json!({ "value": id, "type": kind });
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

/// Checks a change against the accounts: it may neither lock the workspace out nor inactivate the record of a working account.
pub(in crate::server) async fn after(writing: &mut Writing, task: &Task, kind: Kind, before: &ResourceRow) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    match kind {
        Kind::Role if workspace.catalog().roles_reach == RolesReach::AllHolders => {
            let records = records::supporting::records(&mut writing.conn, workspace).await?;
            let own = rights::effective(workspace, &task.caller.account, &records)?;
            keeps_own(workspace.catalog(), &own).map_err(|why| refusal::failure(workspace, &why))?;
            lockout::check(&mut writing.conn, workspace, &records).await
        }
        Kind::Employee => {
            let now = resources::find(&mut writing.conn, &workspace.name, kind, &before.id).await?;
            let active =
                now.map(|row| users::view::parse(&row.body)).transpose()?.and_then(|body| body.get("active").and_then(Value::as_bool));
            if active == Some(false) {
                let accounts = accounts::of_employee(&mut writing.conn, &workspace.name, &before.id).await?;
                if accounts.iter().any(|account| !account.state.inactive) {
                    return Err(refusal::failure(workspace, &Refusal::WorkingAccount));
                }
            }
            Ok(())
        }
        Kind::Clinic | Kind::Role | Kind::Group => Ok(()),
    }
}
