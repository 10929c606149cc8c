//! A change of an account: what becomes of its row, its invitation and its tokens, and whether it may be.

use serde_json::{Map, Value};

use crate::model::{Email, Field, Fields, State};
use crate::platform::Candidate;
use crate::scim::{ScimError, ScimType, urn};
use crate::server::answer;
use crate::server::denial;
use crate::server::failure::Failure;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::users;
use crate::server::scim::users::input::UserInput;
use crate::server::write;
use crate::server::write::Done;
use crate::server::write::Task;
use crate::store::{AccountRow, AccountWrite, Answered, NewAccount, StoreError, Writing, accounts};
use crate::workspace::{Event, Refusal, changes, check_changes, check_employee, set_active};

/// Applies a client's changes to an account.
#[expect(clippy::too_many_arguments, reason = "one call site; a struct of the same eight would say no more")]
pub(in crate::server) async fn apply(
    writing: &mut Writing,
    task: &Task,
    records: &SupportingRecords,
    row: &AccountRow,
    before: Value,
    wanted: UserInput,
    password_hash: Option<String>,
    patch: Option<&Value>,
) -> Result<Done, Failure> {
    let workspace = &task.caller.workspace;
    let (is_patch, role_named) = (patch.is_some(), patch.is_some_and(names_role));
    if wanted.send_invitation {
        return Err(Failure::value("`sendInvitation` is only for new users: use the action `invite` or `resend-invitation`"));
    }
    if wanted.password && password_hash.is_none() {
        return Err(Failure::mutability("only the members themselves can change their password: leave `password` out (AR-10, AR-14)"));
    }
    if is_patch && wanted.active.is_none() && !workspace.is_plain() {
        return Err(Failure::value("`active` cannot be removed: set it to true or false (X-3)"));
    }
    let active = wanted.active.unwrap_or(!row.state.inactive);
    let state = set_active(&users::stored::acting(&task.caller), &users::stored::target(row), active, &users::stored::terms(task))
        .map_err(|why| refusal::failure(workspace, &why))?;
    let settled =
        if workspace.is_plain() { plain(row, &wanted) } else { practice(writing, task, records, row, &before, &wanted, active).await? };
    let reapplied = (role_named || settled.role_changed).then(|| snapshot(records, settled.role.as_deref()));
    let write = AccountWrite {
        user_name: wanted.user_name.clone(),
        body: Value::Object(settled.body).to_string(),
        role_privileges: reapplied.unwrap_or_else(|| row.role_privileges.clone()),
        employee: settled.employee,
        accepted: state.accepted,
        inactive: state.inactive,
    };
    let same = write.body == row.body && write.user_name == row.user_name && write.role_privileges == row.role_privileges;
    if same && state == row.state && password_hash.is_none() {
        return done(task, records, row, &before, &[]);
    }
    accounts::update(&mut writing.conn, &workspace.name, &row.id, &write, task.now).await.map_err(taken)?;
    if let Some(hash) = &password_hash {
        accounts::set_password(&mut writing.conn, &workspace.name, &row.id, hash).await?;
    }
    let new = AccountRow {
        user_name: write.user_name,
        body: write.body,
        role_privileges: write.role_privileges,
        state,
        version: row.version + 1,
        modified: task.now,
        ..row.clone()
    };
    if new.state.inactive && !row.state.inactive {
        users::effects::end_access(writing, task, row).await?;
    }
    users::effects::protect(writing, task, records, row, &new).await?;
    let attributes = row.body != new.body || row.role_privileges != new.role_privileges;
    done(task, records, &new, &before, &changes(&row.state, &new.state, attributes))
}

struct Settled {
    body: Map<String, Value>,
    role: Option<String>,
    role_changed: bool,
    employee: Option<String>,
}

fn plain(row: &AccountRow, wanted: &UserInput) -> Settled {
    let body = plain_body(&wanted.user);
    let role = rights::role_of(&body);
    let role_changed = users::view::parse(&row.body).ok().and_then(|b| rights::role_of(&b)) != role;
    Settled { body, role, role_changed, employee: None }
}

async fn practice(
    writing: &mut Writing,
    task: &Task,
    records: &SupportingRecords,
    row: &AccountRow,
    before: &Value,
    wanted: &UserInput,
    active: bool,
) -> Result<Settled, Failure> {
    let workspace = &task.caller.workspace;
    let conn = &mut writing.conn;
    let email = Email::parse(&wanted.user_name).map_err(|why| Failure::value(why.to_string()))?;
    if wanted.user_name == row.user_name {
        users::rules::emails_are_the_login(&wanted.user, &email)?;
    }
    users::rules::one_role(&wanted.user)?;
    let employee = users::rules::employee(conn, workspace, &wanted.user).await?;
    let linked = before.get(urn::PRACTICE).and_then(|p| p.get("employee")).and_then(|e| e.get("value")).and_then(Value::as_str);
    let moves = employee.as_ref().is_some_and(|record| linked != Some(record.id.as_str()));
    let refused = |why: Refusal| refusal::failure(workspace, &why);
    if active && (row.state.inactive || moves) {
        check_employee(employee.as_ref()).map_err(refused)?;
    }
    let names = users::rules::names(records, employee.as_ref());
    let (was, is) = (users::stored::fields(workspace, before, &names), users::stored::fields(workspace, &wanted.user, &names));
    let account = users::stored::account(workspace, row, records, was)?;
    let was = &account.fields;
    check_changes(&workspace.platform, &account, &wanted.user_name, &is).map_err(refused)?;
    let candidate = |fields| Candidate { email: &email, fields, active, main_admin: row.main_admin };
    let returns = active && row.state.inactive;
    users::rules::judge(conn, workspace, records, &candidate(&is), (!returns).then(|| candidate(was)).as_ref()).await?;
    // The details that a pending person's invitation needs cannot be removed while it is open (AR-2).
    if active && !row.state.accepted && !row.state.inactive && users::rules::may_invite(conn, workspace, &row.user_name, was).await.is_ok()
    {
        users::rules::may_invite(conn, workspace, &row.user_name, &is).await?;
    }
    let body = users::rules::body(workspace, &email, &is, wanted.user.get("externalId"), &names, employee.as_ref())?;
    let role = |fields: &Fields| fields.text(Field::Role).map(str::to_owned);
    Ok(Settled { body, role: role(&is), role_changed: role(&is) != role(was), employee: employee.map(|record| record.id) })
}

/// The stored part of a user of plain SCIM: everything the client may write except what has a column or is kept elsewhere.
pub(in crate::server) fn plain_body(user: &Value) -> Map<String, Value> {
    let mut body = user.as_object().cloned().unwrap_or_default();
    for name in ["schemas", "id", "meta", "groups", "password", "active"] {
        body.shift_remove(name);
    }
    body
}

/// The privileges that a role gives now, to be stored with the account that gets it.
pub(in crate::server) fn snapshot(records: &SupportingRecords, role: Option<&str>) -> String {
    role.and_then(|key| records.roles.get(key))
        .and_then(|privileges| serde_json::to_string(privileges).ok())
        .unwrap_or_else(|| "[]".to_owned())
}

/// Whether a PATCH names the role: then the role is applied again, even if it stays the same.
fn names_role(body: &Value) -> bool {
    let is_role =
        |name: &str| name.rsplit(':').next().unwrap_or_default().split(['.', '[']).next().is_some_and(|n| n.eq_ignore_ascii_case("roles"));
    let operations =
        body.as_object().and_then(|o| o.iter().find(|(k, _)| k.eq_ignore_ascii_case("operations"))).and_then(|(_, v)| v.as_array());
    operations.into_iter().flatten().any(|operation| {
        let path = operation.get("path").and_then(Value::as_str);
        match path {
            Some(path) => is_role(path),
            None => operation.get("value").and_then(Value::as_object).is_some_and(|members| members.keys().any(|key| is_role(key))),
        }
    })
}

fn done(task: &Task, records: &SupportingRecords, row: &AccountRow, before: &Value, events: &[Event]) -> Result<Done, Failure> {
    let user = users::view::user(&task.caller.workspace, row, records, &task.note.base, task.now)?;
    let nothing = Map::new();
    let said: Vec<&'static str> = events.iter().map(|event| event.action().as_str()).collect();
    let event = said.first().map(|action| denial::Event {
        action,
        kind: "User",
        id: Some(row.id.clone()),
        name: Some(row.user_name.clone()),
        detail: (said.len() > 1).then(|| said.join(", ")),
        changes: write::changes(before.as_object().unwrap_or(&nothing), user.as_object().unwrap_or(&nothing)),
    });
    let answer = Answered { status: 200, location: None, etag: Some(answer::etag(row.version)), body: user.to_string(), made: None };
    Ok(Done { answer, event, once: None })
}

/// A new account's row as it will be read.
pub(in crate::server) fn fresh_row(new: &NewAccount, now: i64) -> AccountRow {
    AccountRow {
        id: new.id.clone(),
        user_name: new.user_name.clone(),
        body: new.body.clone(),
        role_privileges: new.role_privileges.clone(),
        state: State { accepted: new.accepted, inactive: new.inactive, block: None, invitation: None },
        block: None,
        main_admin: new.main_admin,
        invited: new.invited.clone(),
        has_passcode: new.passcode_hash.is_some(),
        last_login: None,
        version: 1,
        created: now,
        modified: now,
    }
}

/// Reports a login that is already in use.
pub(in crate::server) fn taken(why: StoreError) -> Failure {
    match why {
        StoreError::Taken => {
            ScimError::with_type(ScimType::Uniqueness, "an account with this `userName` already exists in this workspace (X-1)").into()
        }
        other => other.into(),
    }
}
