//! The rules for a changed supporting record, with the accounts that they read.

use crate::platform::catalog::RolesReach;
use crate::server::failure::Failure;
use crate::server::scim::lockout;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::supporting;
use crate::server::scim::users;
use crate::server::write::WriteTask;
use crate::store::{Writing, accounts};
use crate::workspace::{
    Grant, RecordContent, RecordEvent, Refusal, SupportingRecord, keeps_own, keeps_working, may_change_record, may_grant, may_write_record,
};

/// Refuses a record that the caller cannot write so, or returns the event to log. `before` is the record so far; `None` for a new one.
pub(in crate::server) fn check(
    task: &WriteTask,
    before: Option<&SupportingRecord>,
    after: &SupportingRecord,
) -> Result<Option<RecordEvent>, Failure> {
    let workspace = &task.caller.workspace;
    may_write_record(workspace.catalog(), &users::stored::acting(&task.caller), before, after)
        .map_err(|why| refusal::failure(workspace, &why))
}

/// Checks a stored change against the accounts: it may not lock the workspace out. The accounts on an employee record that becomes inactive
/// are switched off with it, each with its own row in the user log (PBN-8). `id` is the record's.
pub(in crate::server) async fn after(writing: &mut Writing, task: &WriteTask, id: &str, record: &SupportingRecord) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    match &record.content {
        RecordContent::Role { .. } => match workspace.catalog().roles_reach {
            RolesReach::AllHolders => {
                let records = supporting::records(&mut writing.conn, workspace).await?;
                let own = rights::effective(workspace, &task.caller.account, &records);
                let acting = users::stored::acting(&task.caller);
                let grant = Grant { to: Some(acting.id), before: acting.privileges, after: &own, role: None };
                keeps_own(workspace.catalog(), &own)
                    .and_then(|()| may_grant(workspace.catalog(), &acting, &grant).map_err(Refusal::Ungranted))
                    .map_err(|why| refusal::failure(workspace, &why))?;
                lockout::check(&mut writing.conn, workspace, &records).await
            }
            RolesReach::FutureHolders => Ok(()),
        },
        RecordContent::Employee { .. } => {
            let accounts = accounts::of_employee(&mut writing.conn, &workspace.name, id).await?;
            let acting = users::stored::acting(&task.caller);
            may_change_record(&acting, accounts.iter().map(|account| (account.id.as_str(), account.main_admin)))
                .map_err(|why| refusal::failure(workspace, &why))?;
            // A plan names each account that it inactivates, so none goes with a record without having been approved.
            if task.note.plan.is_some() {
                return keeps_working(record, accounts.iter().map(|account| &account.state))
                    .map_err(|why| refusal::failure(workspace, &why));
            }
            for account in accounts.iter().filter(|account| !record.is_active() && !account.state.inactive) {
                users::effects::switch_off(writing, task, account).await?;
            }
            Ok(())
        }
        RecordContent::Clinic { .. } | RecordContent::Group { .. } => Ok(()),
    }
}
