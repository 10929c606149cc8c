//! Writing users: made, replaced, patched, and on plain SCIM deleted.

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use serde_json::{Map, Value};

use crate::model::{Email, Field, Secret, State};
use crate::platform::{Candidate, FIRST_PASSWORD};
use crate::scim::validate::{self, Unknown};
use crate::scim::{ResourceType, ScimError, patch as scim_patch};
use crate::server::answer;
use crate::server::call::Call;
use crate::server::denial::Event;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::scim::records;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::refusal;
use crate::server::scim::users;
use crate::server::scim::users::input::UserInput;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::server::write::Done;
use crate::server::write::Task;
use crate::store::{AccountRow, Answered, NewAccount, Writing, accounts, invitations};
use crate::workspace::{self, Deed};

/// `POST /Users`.
pub(in crate::server) async fn create(mut call: Call) -> Response {
    let checked = async {
        let (bytes, body) = call.json().await?;
        let workspace = call.caller.workspace.clone();
        let password = first_password(&workspace, &body)?;
        let user = validate::create(&body, workspace.wire.users(), Unknown::Refuse)?;
        let hash = match password {
            Some(password) => Some(call.server.hashing.hash(password).await?),
            None => None,
        };
        Ok::<_, Failure>((bytes, UserInput::of(&workspace, user)?, hash))
    };
    let (bytes, wanted, hash) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move { make(writing, &task, wanted, hash).await }.boxed()
    })
    .await
}

/// The temporary password of a new user, where the workspace allows one (AR-10); plain SCIM takes any.
fn first_password(workspace: &Workspace, body: &Value) -> Result<Option<Secret>, Failure> {
    let Some(text) = password_in(body) else { return Ok(None) };
    if workspace.is_plain() {
        return Ok(Some(Secret::new(text)));
    }
    if !workspace.catalog().initial_password || !workspace.initial_password_allowed {
        return Err(Failure::value("this workspace does not allow first passwords: leave `password` out and send an invitation (AR-10)"));
    }
    if !FIRST_PASSWORD.contains(&text.chars().count()) {
        let (least, most) = (FIRST_PASSWORD.start(), FIRST_PASSWORD.end());
        return Err(Failure::value(format!("`password` must have {least} to {most} characters")));
    }
    Ok(Some(Secret::new(text)))
}

/// A password anywhere a body can have one: at its top, or in the operations of a PATCH.
fn password_in(body: &Value) -> Option<String> {
    let named = |members: &Map<String, Value>| {
        members
            .iter()
            .find(|(key, _)| key.rsplit(':').next().is_some_and(|k| k.eq_ignore_ascii_case("password")))
            .and_then(|(_, v)| v.as_str())
            .map(str::to_owned)
    };
    let members = body.as_object()?;
    if let Some(found) = named(members) {
        return Some(found);
    }
    let operations = members.iter().find(|(key, _)| key.eq_ignore_ascii_case("operations"))?.1.as_array()?;
    operations.iter().rev().find_map(|operation| {
        let value = operation.get("value")?;
        let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
        if path.rsplit(':').next().is_some_and(|p| p.eq_ignore_ascii_case("password")) {
            return value.as_str().map(str::to_owned);
        }
        value.as_object().and_then(named)
    })
}

async fn make(writing: &mut Writing, task: &Task, wanted: UserInput, password_hash: Option<String>) -> Result<Done, Failure> {
    let workspace = &task.caller.workspace;
    let records = records::supporting::shared_records(writing, workspace).await?;
    let new = candidate(writing, task, &records, &wanted, password_hash).await?;
    accounts::insert(&mut writing.conn, &workspace.name, &new, task.now).await.map_err(users::change::taken)?;
    let mut row = users::change::fresh_row(&new, task.now);
    if wanted.send_invitation {
        let nobody_yet = State { inactive: true, ..State::default() };
        row.state = workspace::invite(&nobody_yet, &users::stored::terms(task)).map_err(|why| refusal::failure(workspace, &why))?.state;
        users::effects::send_invitation(&mut writing.conn, task, &row, false).await?;
    }
    let user = users::view::user(workspace, &row, &records, &task.note.base, task.now)?;
    let action = if wanted.send_invitation { "invite" } else { "create" };
    let changes = write::changes(&Map::new(), user.as_object().unwrap_or(&Map::new()));
    let event = Event {
        action,
        kind: "User",
        id: Some(row.id.clone()),
        name: Some(row.user_name.clone()),
        detail: new.password_hash.as_ref().map(|_| "with a temporary first password".to_owned()),
        changes,
    };
    let answer = Answered {
        status: 201,
        location: Some(format!("{}/Users/{}", task.note.base, row.id)),
        etag: Some(answer::etag(row.version)),
        body: user.to_string(),
        made: Some(("User".to_owned(), row.id)),
    };
    Ok(Done { answer, event: Some(event), once: None })
}

/// The account that a client wants made, checked.
async fn candidate(
    writing: &mut Writing,
    task: &Task,
    records: &SupportingRecords,
    wanted: &UserInput,
    password_hash: Option<String>,
) -> Result<NewAccount, Failure> {
    let workspace = &task.caller.workspace;
    let conn = &mut writing.conn;
    let mut new = NewAccount {
        id: ids::new_id(task.now),
        user_name: wanted.user_name.clone(),
        body: String::new(),
        role_privileges: "[]".to_owned(),
        employee: None,
        accepted: true,
        inactive: wanted.active == Some(false),
        main_admin: false,
        invited: None,
        passcode_hash: None,
        password_hash,
    };
    if workspace.is_plain() {
        new.body = Value::Object(users::change::plain_body(&wanted.user)).to_string();
        return Ok(new);
    }
    let email = Email::parse(&wanted.user_name).map_err(|why| Failure::value(why.to_string()))?;
    users::rules::emails_are_the_login(&wanted.user, &email)?;
    users::rules::one_role(&wanted.user)?;
    if new.password_hash.is_none() {
        new.accepted = false;
        new.inactive = !wanted.send_invitation;
    }
    if wanted.send_invitation && (wanted.active == Some(false) || new.password_hash.is_some()) {
        return Err(Failure::value("`sendInvitation` cannot be combined with `active: false` or `password`: leave one of them out"));
    }
    let employee = users::rules::employee(conn, workspace, &wanted.user).await?;
    if !new.inactive {
        workspace::check_employee(employee.as_ref()).map_err(|why| refusal::failure(workspace, &why))?;
    }
    let names = users::rules::names(records, employee.as_ref());
    let fields = users::stored::fields(workspace, &wanted.user, &names);
    users::rules::judge(
        conn,
        workspace,
        records,
        &Candidate { email: &email, fields: &fields, active: !new.inactive, main_admin: false },
        None,
    )
    .await?;
    if wanted.send_invitation {
        users::rules::may_invite(conn, workspace, &wanted.user_name, &fields).await?;
    }
    let body = users::rules::body(workspace, &email, &fields, wanted.user.get("externalId"), &names, employee.as_ref())?;
    new.role_privileges = users::change::snapshot(records, fields.text(Field::Role));
    new.employee = employee.map(|record| record.id);
    new.invited = fields.text(Field::FirstName).zip(fields.text(Field::LastName)).map(|(first, last)| (first.to_owned(), last.to_owned()));
    new.body = Value::Object(body).to_string();
    Ok(new)
}

/// `PUT /Users/{id}`.
pub(in crate::server) async fn replace(call: Call) -> Response {
    change(call, false, |body, before, of| Ok(validate::replace(body, before, of, Unknown::Refuse)?)).await
}

/// `PATCH /Users/{id}`.
pub(in crate::server) async fn patch(call: Call) -> Response {
    change(call, true, |body, before, of| Ok(scim_patch::apply(body, before, of)?.resource)).await
}

async fn change<F>(mut call: Call, is_patch: bool, after: F) -> Response
where
    F: FnOnce(&Value, &Value, &ResourceType) -> Result<Value, Failure> + Send + 'static,
{
    let id = call.id();
    let checked = async {
        let (bytes, body) = call.json().await?;
        let hash = match password_in(&body) {
            Some(text) if call.caller.workspace.is_plain() => Some(call.server.hashing.hash(Secret::new(text)).await?),
            _ => None,
        };
        Ok::<_, Failure>((bytes, body, hash))
    };
    let (bytes, body, hash) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = find(writing, workspace, &id).await?;
            write::precondition(&task.note, &answer::etag(row.version))?;
            let records = records::supporting::shared_records(writing, workspace).await?;
            let before = users::view::user(workspace, &row, &records, &task.note.base, task.now)?;
            let wanted = UserInput::of(workspace, after(&body, &before, workspace.wire.users())?)?;
            users::change::apply(writing, &task, &records, &row, before, wanted, hash, is_patch.then_some(&body)).await
        }
        .boxed()
    })
    .await
}

/// `DELETE /Users/{id}`: plain SCIM hides the account; elsewhere nothing is ever deleted.
pub(in crate::server) async fn delete(call: Call) -> Response {
    let id = call.id();
    write::perform(&call.server, call.caller, call.note, Bytes::new(), move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = find(writing, workspace, &id).await?;
            if !workspace.is_plain() {
                return Err(ScimError::new(501, "users cannot be deleted in this workspace: set `active` to false").into());
            }
            write::precondition(&task.note, &answer::etag(row.version))?;
            let acting = users::stored::acting(&task.caller);
            users::stored::target(&row).is_not(&acting, Deed::Delete).map_err(|why| refusal::failure(workspace, &why))?;
            accounts::bury(&mut writing.conn, &workspace.name, &id, task.now).await?;
            invitations::kill(&mut writing.conn, &workspace.name, &id).await?;
            crate::store::tokens::revoke_of(&mut writing.conn, &workspace.name, &id, task.now).await?;
            let changes = write::changes(&users::view::parse(&row.body)?, &Map::new());
            let event = Event { action: "delete", kind: "User", id: Some(id), name: Some(row.user_name), detail: None, changes };
            let answer = Answered { status: 204, location: None, etag: None, body: String::new(), made: None };
            Ok(Done { answer, event: Some(event), once: None })
        }
        .boxed()
    })
    .await
}

/// The account a request is about.
pub(in crate::server) async fn find(writing: &mut Writing, workspace: &Workspace, id: &str) -> Result<AccountRow, Failure> {
    accounts::find(&mut writing.conn, &workspace.name, id).await?.ok_or_else(|| Failure::not_found("user", id))
}
