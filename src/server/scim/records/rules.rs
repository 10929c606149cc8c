//! The rules for a changed clinic, role, employee record or group, and the accounts that they read.

use crate::platform::catalog::RolesReach;
use crate::server::failure::Failure;
use crate::server::scim::lockout;
use crate::server::scim::records;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::write::Task;
use crate::store::{Kind, ResourceRow, Writing, accounts};
use crate::workspace::{keeps_own, keeps_working};

/// Checks a stored change against the accounts: it may neither lock the workspace out nor inactivate the record of a working account.
/// `active` is of employee records, as the client sent it.
pub(in crate::server) async fn after(
    writing: &mut Writing,
    task: &Task,
    kind: Kind,
    row: &ResourceRow,
    active: Option<bool>,
) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    match kind {
        Kind::Role => match workspace.catalog().roles_reach {
            RolesReach::AllHolders => {
                let records = records::supporting::records(&mut writing.conn, workspace).await?;
                let own = rights::effective(workspace, &task.caller.account, &records)?;
                keeps_own(workspace.catalog(), &own).map_err(|why| refusal::failure(workspace, &why))?;
                lockout::check(&mut writing.conn, workspace, &records).await
            }
            RolesReach::FutureHolders => Ok(()),
        },
        Kind::Employee => {
            let accounts = accounts::of_employee(&mut writing.conn, &workspace.name, &row.id).await?;
            let states = accounts.iter().map(|account| &account.state);
            keeps_working(active, states).map_err(|why| refusal::failure(workspace, &why))
        }
        Kind::Clinic | Kind::Group => Ok(()),
    }
}
