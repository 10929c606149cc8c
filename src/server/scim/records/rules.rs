//! The rules for a changed clinic, role, employee record or group, and the accounts that they read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::platform::catalog::RolesReach;
use crate::platform::{is_key, sentences, unwritable_in_line};
use crate::server::failure::Failure;
use crate::server::scim::lockout;
use crate::server::scim::records;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::users;
use crate::server::workspace::Workspace;
use crate::server::write::Task;
use crate::store::{RecordKind, ResourceRow, Writing, accounts};
use crate::workspace::{Grant, Refusal, keeps_own, keeps_working, may_change_record, may_grant, may_write_role};

/// Refuses a key that rosters could not name the record by. Where any text is a role, any is a role's key.
pub(in crate::server) fn check_key(workspace: &Workspace, kind: RecordKind, key: &str) -> Result<(), Failure> {
    let name = match kind {
        RecordKind::Clinic | RecordKind::Employee => "key",
        RecordKind::Role if workspace.catalog().open_roles => return Ok(()),
        RecordKind::Role => "value",
        RecordKind::Group => return Ok(()),
    };
    if is_key(key) {
        return Ok(());
    }
    let rule = "use at most 63 lower-case letters, digits and hyphens; begin and end with a letter or digit";
    Err(Failure::value(format!("`{name}` is not a valid name: {rule}")))
}

/// Refuses a text of a record that rosters could not have, unless it is stored so already.
pub(in crate::server) fn check_texts(kind: RecordKind, before: &Map<String, Value>, after: &Map<String, Value>) -> Result<(), Failure> {
    match kind {
        RecordKind::Group => return Ok(()),
        RecordKind::Clinic | RecordKind::Role | RecordKind::Employee => {}
    }
    for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
        if let Some(character) = value.as_str().and_then(|text| unwritable_in_line(text.trim())) {
            let (message, remedy) = sentences::unwritable(name, character);
            return Err(Failure::value(format!("{message}: {remedy}")));
        }
    }
    Ok(())
}

/// Refuses a role with privileges that the caller cannot give. `before` are those it had, and none of a new one.
pub(in crate::server) fn check_role(
    task: &Task,
    kind: RecordKind,
    key: &str,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), Failure> {
    match kind {
        RecordKind::Clinic | RecordKind::Employee | RecordKind::Group => Ok(()),
        RecordKind::Role => {
            let workspace = &task.caller.workspace;
            let acting = users::stored::acting(&task.caller);
            may_write_role(workspace.catalog(), &acting, key, before, after)
                .map_err(|why| refusal::failure(workspace, &Refusal::Ungranted(why)))
        }
    }
}

/// Checks a stored change against the accounts: it may neither lock the workspace out nor inactivate the record of a working account.
/// `active` is of employee records, as the client sent it.
pub(in crate::server) async fn after(
    writing: &mut Writing,
    task: &Task,
    kind: RecordKind,
    row: &ResourceRow,
    active: Option<bool>,
) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    match kind {
        RecordKind::Role => match workspace.catalog().roles_reach {
            RolesReach::AllHolders => {
                let records = records::supporting::records(&mut writing.conn, workspace).await?;
                let own = rights::effective(workspace, &task.caller.account, &records)?;
                let acting = users::stored::acting(&task.caller);
                let grant = Grant { to: Some(acting.id), before: acting.privileges, after: &own, role: None };
                keeps_own(workspace.catalog(), &own)
                    .and_then(|()| may_grant(workspace.catalog(), &acting, &grant).map_err(Refusal::Ungranted))
                    .map_err(|why| refusal::failure(workspace, &why))?;
                lockout::check(&mut writing.conn, workspace, &records).await
            }
            RolesReach::FutureHolders => Ok(()),
        },
        RecordKind::Employee => {
            let accounts = accounts::of_employee(&mut writing.conn, &workspace.name, &row.id).await?;
            let acting = users::stored::acting(&task.caller);
            may_change_record(&acting, accounts.iter().map(|account| (account.id.as_str(), account.main_admin)))
                .and_then(|()| keeps_working(active, accounts.iter().map(|account| &account.state)))
                .map_err(|why| refusal::failure(workspace, &why))
        }
        RecordKind::Clinic | RecordKind::Group => Ok(()),
    }
}
