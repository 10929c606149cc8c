//! Stored accounts as the domain's types: their JSON is read here once.

use std::sync::Arc;

use serde_json::Value;

use crate::model::transition::Terms;
use crate::model::{Account, Email, Fields, Fingerprint, RemoteId};
use crate::scim::map::{self, Context, Names};
use crate::server::answer;
use crate::server::auth::Caller;
use crate::server::failure::Failure;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::rights;
use crate::server::workspace::Workspace;
use crate::server::write::Task;
use crate::store::AccountRow;
use crate::workspace::{Acting, Target};

/// The account that acts.
pub(in crate::server) fn acting(caller: &Caller) -> Acting<'_> {
    Acting { id: &caller.account.id, privileges: &caller.effective }
}

/// The account acted upon.
pub(in crate::server) fn target(row: &AccountRow) -> Target<'_> {
    Target { id: &row.id, main_admin: row.main_admin, state: &row.state }
}

/// The terms on which states change.
pub(in crate::server) fn terms(task: &Task) -> Terms<'static> {
    Terms {
        invitations: task.caller.workspace.catalog().invitations,
        now: task.now,
        invitation_lives: task.server.settings.invitation_lives,
        role_gives: &|_| None,
    }
}

/// The fields of a user of the wire, normalized.
pub(in crate::server) fn fields(workspace: &Workspace, user: &Value, names: &Names) -> Fields {
    map::user_fields(user, &Context { catalog: workspace.catalog(), names, practice_extension: true })
}

/// The whole account of a row whose fields these are.
pub(in crate::server) fn account(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
    fields: Fields,
) -> Result<Account, Failure> {
    Ok(Account {
        id: RemoteId(row.id.clone()),
        email: Email::parse(&row.user_name).map_err(|_| Failure::Damaged)?,
        fingerprint: Fingerprint(answer::etag(row.version)),
        state: row.state.clone(),
        fields,
        privileges: Arc::new(rights::effective(workspace, row, records)?),
        role_privileges: Some(Arc::new(serde_json::from_str(&row.role_privileges)?)),
        has_passcode: row.has_passcode,
        main_admin: row.main_admin,
        invited_name: row.invited.clone().map(Box::new),
    })
}
