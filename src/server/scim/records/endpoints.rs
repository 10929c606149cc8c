//! Clinics, roles, employee records, and the groups of plain SCIM: read and written alike.

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use serde_json::Value;

use crate::scim::message::SearchRequest;
use crate::scim::validate::{self, UnknownAttributes};
use crate::scim::{ResourceType, ScimError, patch as scim_patch};
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::call::Call;
use crate::server::denial::LoggedEvent;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::scim::query::Query;
use crate::server::scim::records;
use crate::server::scim::records::view::{attributes, resource, resource_type};
use crate::server::scim::users::read::conditional;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::server::write::WriteResult;
use crate::server::write::WriteTask;
use crate::store::{Answered, Conn, NewResource, RecordKind, ResourceKind, ResourceRow, Writing, resources};
use crate::workspace::{RecordEvent, SupportingRecord};

/// `GET /{RecordKind}s`.
pub(in crate::server) async fn list(kind: RecordKind, call: Call) -> Response {
    let request = call.url_request();
    listed(kind, call, request).await
}

/// `POST /{RecordKind}s/.search`.
pub(in crate::server) async fn search(kind: RecordKind, mut call: Call) -> Response {
    let request = call.search_request().await;
    listed(kind, call, request).await
}

async fn listed(kind: RecordKind, call: Call, request: Result<SearchRequest, Failure>) -> Response {
    let id = call.note.request_id.clone();
    let body = async move {
        let of = resource_type(&call.caller.workspace, kind)?;
        let query = Query::read(&request?, of, call.server.settings.limits)?;
        let (workspace, base) = (call.caller.workspace.clone(), call.note.base);
        let found: Vec<Value> = call.server.store.read(move |conn| async move { all(conn, &workspace, kind, &base).await }.boxed()).await?;
        query.answer(found, of)
    };
    match body.await {
        Ok(body) => answer::text(200, body),
        Err(why) => answer::failure(&why, &id),
    }
}

/// Every resource of a kind.
pub(in crate::server) async fn all(conn: &mut Conn, workspace: &Workspace, kind: RecordKind, base: &str) -> Result<Vec<Value>, Failure> {
    let rows = resources::all(conn, &workspace.name, kind).await?;
    rows.iter().map(|row| Ok(Value::Object(resource(workspace, row, base)?))).collect()
}

/// `GET /{RecordKind}s/{id}`.
pub(in crate::server) async fn one(kind: RecordKind, call: Call) -> Response {
    let (request_id, if_none_match) = (call.note.request_id.clone(), call.note.if_none_match.clone());
    match read_one(kind, call).await {
        Ok((found, etag)) => conditional(&found, &etag, if_none_match.as_deref()),
        Err(why) => answer::failure(&why, &request_id),
    }
}

async fn read_one(kind: RecordKind, call: Call) -> Result<(Value, String), Failure> {
    let id = call.id();
    let of = resource_type(&call.caller.workspace, kind)?;
    let query = Query::read(&call.url_request()?, of, call.server.settings.limits)?;
    let (workspace, base) = (call.caller.workspace.clone(), call.note.base);
    let (found, etag) = call
        .server
        .store
        .read(move |conn| {
            async move {
                let row = find(conn, &workspace, kind, &id).await?;
                Ok::<_, Failure>((Value::Object(resource(&workspace, &row, &base)?), answer::etag(row.version)))
            }
            .boxed()
        })
        .await?;
    Ok((query.projection.apply(&found, of), etag))
}

/// `POST /{RecordKind}s`.
pub(in crate::server) async fn create(kind: RecordKind, mut call: Call) -> Response {
    let checked = async {
        let of = resource_type(&call.caller.workspace, kind)?.clone();
        let (bytes, body) = call.json().await?;
        if kind.is_role() && !call.caller.workspace.catalog().custom_roles {
            return Err(ScimError::new(501, "this platform does not allow custom roles: use one of its own").into());
        }
        Ok((validate::create(&body, &of, UnknownAttributes::Refuse)?, of, bytes))
    };
    let (wanted, of, bytes) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move { make(writing, &task, kind, &of, &wanted).await }.boxed()
    })
    .await
}

async fn make(
    writing: &mut Writing,
    task: &WriteTask,
    kind: RecordKind,
    of: &ResourceType,
    wanted: &Value,
) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    let id = ids::new_id(task.now);
    let record = records::input::read(kind, &id, wanted)?;
    let event = records::rules::check(task, None, &record)?;
    let new = NewResource { id, record, built_in: false };
    resources::insert(&mut writing.conn, &workspace.name, &new, task.now).await?;
    writing.forget();
    let NewResource { id, record, built_in } = new;
    let row = ResourceRow { id, record, built_in, version: 1, created: task.now, modified: task.now };
    done(task, of, &row, RecordWrite { before: None, event }, 201)
}

/// `PUT /{RecordKind}s/{id}`.
pub(in crate::server) async fn replace(kind: RecordKind, call: Call) -> Response {
    change(kind, call, |body, before, of| Ok(validate::replace(body, before, of, UnknownAttributes::Refuse)?)).await
}

/// `PATCH /{RecordKind}s/{id}`.
pub(in crate::server) async fn patch(kind: RecordKind, call: Call) -> Response {
    change(kind, call, |body, before, of| Ok(scim_patch::apply(body, before, of)?.resource)).await
}

async fn change<F>(kind: RecordKind, mut call: Call, after: F) -> Response
where
    F: FnOnce(&Value, &Value, &ResourceType) -> Result<Value, Failure> + Send + 'static,
{
    let id = call.id();
    let checked = async {
        let of = resource_type(&call.caller.workspace, kind)?.clone();
        Ok::<_, Failure>((of, call.json().await?))
    };
    let (of, (bytes, body)) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = find(&mut writing.conn, workspace, kind, &id).await?;
            write::precondition(&task.note, &answer::etag(row.version))?;
            let before = Value::Object(resource(workspace, &row, &task.note.base)?);
            let wanted = records::input::read(kind, &row.id, &after(&body, &before, &of)?)?;
            rewrite(writing, &task, &of, &row, wanted).await
        }
        .boxed()
    })
    .await
}

async fn rewrite(
    writing: &mut Writing,
    task: &WriteTask,
    of: &ResourceType,
    row: &ResourceRow,
    wanted: SupportingRecord,
) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    // A key stays as it is.
    let record = SupportingRecord { key: row.record.key.clone(), ..wanted };
    let event = records::rules::check(task, Some(&row.record), &record)?;
    let before = Some(&row.record);
    if event.is_none() {
        return done(task, of, row, RecordWrite { before, event }, 200);
    }
    resources::update(&mut writing.conn, &workspace.name, &row.id, &record, task.now).await?;
    writing.forget();
    records::rules::after(writing, task, &row.id, &record).await?;
    let new = ResourceRow { record, version: row.version + 1, modified: task.now, ..row.clone() };
    done(task, of, &new, RecordWrite { before, event }, 200)
}

/// `DELETE /{RecordKind}s/{id}`: where nothing is ever deleted, 501.
pub(in crate::server) async fn delete(kind: RecordKind, call: Call) -> Response {
    let id = call.id();
    if let Err(why) = resource_type(&call.caller.workspace, kind) {
        return answer::failure(&why, &call.note.request_id);
    }
    write::perform(&call.server, call.caller, call.note, Bytes::new(), move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = find(&mut writing.conn, workspace, kind, &id).await?;
            if !workspace.is_plain() {
                return Err(ScimError::new(501, "nothing can be deleted in this workspace").into());
            }
            write::precondition(&task.note, &answer::etag(row.version))?;
            resources::bury(&mut writing.conn, &workspace.name, kind, &id, task.now).await?;
            writing.forget();
            let changes = AttributeChanges::between(Some(&attributes(&row.record)), None);
            let action = RecordEvent::Deleted.action();
            let event = LoggedEvent { action, kind: kind.subject(), id: Some(id), name: Some(row.record.key), detail: None, changes };
            let answer = Answered { status: 204, location: None, etag: None, body: None, shows: None };
            Ok(WriteResult { answer, event: Some(event), passcode: None })
        }
        .boxed()
    })
    .await
}

async fn find(conn: &mut Conn, workspace: &Workspace, kind: RecordKind, id: &str) -> Result<ResourceRow, Failure> {
    resources::find(conn, &workspace.name, kind, id).await?.ok_or_else(|| Failure::not_found(&kind.as_str().to_lowercase(), id))
}

/// The record before a write, and the event that the write is.
#[derive(Clone, Copy)]
struct RecordWrite<'a> {
    before: Option<&'a SupportingRecord>,
    event: Option<RecordEvent>,
}

fn done(task: &WriteTask, of: &ResourceType, row: &ResourceRow, written: RecordWrite<'_>, status: u16) -> Result<WriteResult, Failure> {
    let whole = resource(&task.caller.workspace, row, &task.note.base)?;
    let kind = RecordKind::of_content(&row.record.content);
    let event = written.event.map(|event| LoggedEvent {
        action: event.action(),
        kind: kind.subject(),
        id: Some(row.id.clone()),
        name: Some(row.record.key.clone()),
        detail: None,
        changes: AttributeChanges::between(written.before.map(attributes).as_ref(), Some(&attributes(&row.record))),
    });
    let answer = Answered {
        status,
        location: (status == 201).then(|| format!("{}{}/{}", task.note.base, of.endpoint, row.id)),
        etag: Some(answer::etag(row.version)),
        body: Some(whole),
        shows: Some((ResourceKind::Supporting(kind), row.id.clone())),
    };
    Ok(WriteResult { answer, event, passcode: None })
}
