//! Writing users: made, replaced, patched, and on plain SCIM deleted.

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use serde_json::Value;

use crate::model::{Email, LogSubject, Secret};
use crate::scim::schema::record_names::user;
use crate::scim::validate::{self, UnknownAttributes};
use crate::scim::{ResourceType, ScimError, patch as scim_patch};
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::call::Call;
use crate::server::denial;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::scim::refusal;
use crate::server::scim::supporting;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users;
use crate::server::scim::users::change::Changing;
use crate::server::scim::users::input::KeptAsSent;
use crate::server::scim::users::input::Sent;
use crate::server::scim::users::input::UserInput;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::server::write::WriteResult;
use crate::server::write::WriteTask;
use crate::store::{AccountRow, Answered, NewAccountRow, Particulars, Writing, accounts, invitations};
use crate::workspace::{self, Event, Facts};

/// `POST /Users`.
pub(in crate::server) async fn create(mut call: Call) -> Response {
    let checked = async {
        let (bytes, body) = call.json().await?;
        let workspace = call.caller.workspace.clone();
        // A text that is not a login may be anything, such as a password, and nothing can be removed from the user log.
        let about = body.get("userName").and_then(Value::as_str);
        call.note.is_about(about.filter(|text| users::input::login(&workspace, text).is_some()));
        let password = users::input::first_password(&workspace, &body)?;
        let user = validate::create(&body, workspace.wire.users(), UnknownAttributes::Refuse)?;
        let hash = match password {
            Some(password) => Some(call.server.hashing.hash(password).await?),
            None => None,
        };
        users::input::login_of(&workspace, &user)?;
        Ok::<_, Failure>((bytes, user, hash))
    };
    let (bytes, user, hash) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let records = supporting::shared_records(writing, workspace).await?;
            let names = users::stored::names(&records, None);
            let named = users::input::employee_of(&user).map(str::to_owned);
            let wanted = UserInput::read(workspace, user, Sent { patch: None, hashed: hash.is_some(), names: &names })?;
            make(writing, &task, &records, wanted, named.as_deref(), hash).await
        }
        .boxed()
    })
    .await
}

async fn make(
    writing: &mut Writing,
    task: &WriteTask,
    records: &SupportingRecords,
    sent: UserInput,
    named: Option<&str>,
    password_hash: Option<String>,
) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    let (new, event) = decided(writing, task, records, sent, named, password_hash).await?;
    accounts::insert(&mut writing.conn, &workspace.name, &new, task.now).await.map_err(users::change::taken)?;
    let row = users::change::new_row(&new, task.now);
    users::effects::send_invitation(&mut writing.conn, task, &row, None).await?;
    let user = users::view::user(workspace, &row, records, &task.note.base, task.now)?;
    let changes = AttributeChanges::between(None, Some(&user));
    let event = denial::LoggedEvent {
        action: event.action(),
        kind: LogSubject::User,
        id: Some(row.id.clone()),
        name: Some(row.user_name.clone()),
        detail: new.password_hash.as_ref().map(|_| "with a temporary first password".to_owned()),
        changes,
    };
    let answer = Answered {
        status: 201,
        location: Some(format!("{}{}/{}", task.note.base, user::ENDPOINT, row.id)),
        etag: Some(answer::etag(row.version)),
        body: Some(user),
        shows: Some(users::effects::shows(&row)),
    };
    Ok(WriteResult { answer, event: Some(event), passcode: None })
}

/// The account that a client wants made, and what the workspace decides about it.
async fn decided(
    writing: &mut Writing,
    task: &WriteTask,
    records: &SupportingRecords,
    sent: UserInput,
    named: Option<&str>,
    password_hash: Option<String>,
) -> Result<(NewAccountRow, Event), Failure> {
    let workspace = &task.caller.workspace;
    let conn = &mut writing.conn;
    let UserInput { mut wanted, kept } = sent;
    let refused = |why| refusal::failure(workspace, &why);
    let (decision, particulars, role) = match kept {
        KeptAsSent::Document(document) => {
            let decision = workspace::create_plain(&wanted, &users::stored::terms(task)).map_err(refused)?;
            (decision, Particulars::plain(&wanted.fields, Value::Object(document).to_string()), None)
        }
        KeptAsSent::ExternalId(external_id) => {
            let login = Email::parse(&wanted.user_name).map_err(|why| Failure::value(why.to_string()))?;
            let employee = users::rules::employed(conn, workspace, named).await?;
            users::stored::name_employee(&mut wanted.fields, employee.record());
            let around = users::rules::around(conn, workspace, records, &[&wanted.fields]).await?;
            let facts = Facts { around: &around, roles: &records.roles, employee: &employee };
            let (acting, terms) = (users::stored::acting(&task.caller), users::stored::terms(task));
            let decision = workspace::create(&workspace.platform, &acting, &login, &wanted, &facts, &terms).map_err(refused)?;
            let employee = employee.record().map(|record| record.id.clone());
            (decision, Particulars::practice(&wanted.fields, employee, external_id), wanted.role.as_deref())
        }
    };
    let invited = users::stored::invited(workspace, &wanted.fields);
    let new = NewAccountRow {
        id: ids::new_id(task.now),
        user_name: wanted.user_name.clone(),
        particulars,
        role_privileges: users::change::snapshot(records, role),
        state: decision.state,
        main_admin: false,
        invited,
        passcode_hash: None,
        password_hash,
    };
    Ok((new, decision.event))
}

/// `PUT /Users/{id}`.
pub(in crate::server) async fn replace(call: Call) -> Response {
    change(call, false, |body, before, of| Ok(validate::replace(body, before, of, UnknownAttributes::Refuse)?)).await
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
        let hash = match users::input::password(&body) {
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
            let records = supporting::shared_records(writing, workspace).await?;
            let before = Value::Object(users::view::user(workspace, &row, &records, &task.note.base, task.now)?);
            let user = after(&body, &before, workspace.wire.users())?;
            let (names, named) = (users::stored::names(&records, None), users::input::employee_of(&user).map(str::to_owned));
            let sent = Sent { patch: is_patch.then_some(&body), hashed: hash.is_some(), names: &names };
            let wanted = UserInput::read(workspace, user, sent)?;
            Changing { task: &task, records: &records, row: &row, before: &before }.apply(writing, wanted, named.as_deref(), hash).await
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
            let records = supporting::shared_records(writing, workspace).await?;
            let shown = users::view::user(workspace, &row, &records, &task.note.base, task.now)?;
            let acting = users::stored::acting(&task.caller);
            let target = users::stored::target(&row);
            let decision =
                workspace::delete(&acting, &target, &users::stored::terms(&task)).map_err(|why| refusal::failure(workspace, &why))?;
            accounts::bury(&mut writing.conn, &workspace.name, &id, &decision.state, task.now).await?;
            invitations::follow(&mut writing.conn, &workspace.name, &id, &row.state, &decision.state, task.now).await?;
            crate::store::tokens::revoke_of(&mut writing.conn, &workspace.name, &id, task.now).await?;
            let changes = AttributeChanges::between(Some(&shown), None);
            let event = denial::LoggedEvent {
                action: decision.event.action(),
                kind: LogSubject::User,
                id: Some(id),
                name: Some(row.user_name),
                detail: None,
                changes,
            };
            let answer = Answered { status: 204, location: None, etag: None, body: None, shows: None };
            Ok(WriteResult { answer, event: Some(event), passcode: None })
        }
        .boxed()
    })
    .await
}

/// The account a request is about.
pub(in crate::server) async fn find(writing: &mut Writing, workspace: &Workspace, id: &str) -> Result<AccountRow, Failure> {
    accounts::find(&mut writing.conn, &workspace.name, id).await?.ok_or_else(|| Failure::not_found("user", id))
}
