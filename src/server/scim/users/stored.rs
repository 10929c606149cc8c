//! Stored accounts as the domain's rules ask about them.

use std::sync::Arc;

use crate::model::transition::Terms;
use crate::model::{Account, Email, Field, Fields, Fingerprint, RemoteId, Value as FieldValue};
use crate::scim::map::KeysAndIds;
use crate::server::answer;
use crate::server::auth::Caller;
use crate::server::failure::Failure;
use crate::server::scim::rights;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users;
use crate::server::workspace::Workspace;
use crate::server::write::WriteTask;
use crate::store::AccountRow;
use crate::workspace::{Acting, EmployeeRecord, OwnLists, TargetAccount};

/// Every field that the platform has, as the account has it; one without a value is unset.
pub(in crate::server) fn fields(workspace: &Workspace, row: &AccountRow) -> Fields {
    let known = workspace.catalog().known_fields().map(|(field, _)| field).filter(|field| *field != Field::Email);
    known.map(|field| (field, row.particulars.fields().value(field))).collect()
}

/// The lists of a user of plain SCIM that say who they are, or give rights.
pub(in crate::server) fn own_lists(row: &AccountRow) -> Result<OwnLists, Failure> {
    let document = row.particulars.document().ok_or(Failure::Damaged)?;
    Ok(users::input::own_lists(&serde_json::from_str(document)?))
}

/// The whole account of a row.
pub(in crate::server) fn account(workspace: &Workspace, row: &AccountRow, records: &SupportingRecords) -> Result<Account, Failure> {
    Ok(Account {
        id: RemoteId(row.id.clone()),
        email: Email::parse(&row.user_name).map_err(|_| Failure::Damaged)?,
        fingerprint: Fingerprint(answer::etag(row.version)),
        state: row.state.clone(),
        fields: fields(workspace, row),
        privileges: Arc::new(rights::effective(workspace, row, records)),
        role_privileges: Some(Arc::clone(&row.role_privileges)),
        has_passcode: row.passcode_made.is_some(),
        passcode_made: row.passcode_made,
        main_admin: row.main_admin,
        invited_name: row.invited.clone().map(Box::new),
        former: row.former.clone(),
    })
}

/// The name that an account with these fields is invited under.
pub(in crate::server) fn invited(workspace: &Workspace, fields: &Fields) -> Option<(String, String)> {
    let names = fields.text(Field::FirstName).zip(fields.text(Field::LastName)).filter(|_| !workspace.is_plain());
    names.map(|(first, last)| (first.to_owned(), last.to_owned()))
}

/// Names the employee record by its key where a client named it by its id.
pub(in crate::server) fn name_employee(fields: &mut Fields, record: Option<&EmployeeRecord>) {
    if let Some(record) = record
        && fields.text(Field::Employee) == Some(record.id.as_str())
    {
        fields.set(Field::Employee, FieldValue::Text(record.key.clone()));
    }
}

/// The account that acts.
pub(in crate::server) fn acting(caller: &Caller) -> Acting<'_> {
    Acting { id: &caller.account.id, privileges: &caller.effective, role: caller.role.as_deref(), main_admin: caller.account.main_admin }
}

/// The account acted upon.
pub(in crate::server) fn target(row: &AccountRow) -> TargetAccount<'_> {
    TargetAccount { id: &row.id, main_admin: row.main_admin, state: &row.state }
}

/// The terms on which states change.
pub(in crate::server) fn terms(task: &WriteTask) -> Terms<'static> {
    Terms {
        invitations: task.caller.workspace.catalog().states.pending,
        now: task.now,
        invitation_lives: task.server.settings.invitation_lives,
        role_gives: &|_| None,
    }
}

/// Keys and ids as the wire's mapping asks for them.
pub(in crate::server) fn names(records: &SupportingRecords, employee: Option<&EmployeeRecord>) -> KeysAndIds {
    let mut names = KeysAndIds::new();
    for (key, id) in &records.clinics {
        names.add_clinic(key, &RemoteId(id.clone()));
    }
    if let Some(record) = employee {
        names.add_employee(&record.key, &RemoteId(record.id.clone()));
    }
    names
}
