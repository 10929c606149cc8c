//! A member's sessions, as an administrator sees and ends them.

use std::sync::Arc;

use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, Value, json};

use crate::members::{LoginEvent, passcode_opens_until};
use crate::model::LogSubject;
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::answer::date_time;
use crate::server::call::Call;
use crate::server::denial::LoggedEvent;
use crate::server::failure::Failure;
use crate::server::members::open_sessions::{self, OpenSessions};
use crate::server::request;
use crate::server::scim::users;
use crate::server::write;
use crate::server::write::{WriteResult, WriteTask};
use crate::store::{Answered, Writing, accounts};

/// `GET /{workspace}/api/v1/users/{id}/sessions`.
pub(in crate::server) async fn list(call: Call) -> Response {
    let (workspace, id, now) = (Arc::clone(&call.caller.workspace), call.id(), call.server.store.now());
    let found = call.server.store.read(move |conn| {
        async move {
            let Some(account) = accounts::find(conn, &workspace.name, &id).await? else { return Err(Failure::not_found("user", &id)) };
            open_sessions::list(conn, &workspace, &account.id, now).await
        }
        .boxed()
    });
    match found.await {
        Ok(open) => answer::json(200, &body(open)),
        Err(why) => answer::failure(&why, &call.note.request_id),
    }
}

fn body(open: OpenSessions) -> Value {
    let OpenSessions { sessions, devices } = open;
    let sessions = sessions.into_iter().map(|row| {
        json!({
            "id": row.id,
            "kind": row.kind.as_str(),
            "device": row.device,
            "origin": row.origin,
            "began": date_time(row.began),
            "lastUsed": date_time(row.used),
            "endsAt": date_time(row.ends),
        })
    });
    let devices = devices.into_iter().map(|device| {
        let until = date_time(passcode_opens_until(device.password_at));
        json!({ "id": device.id, "name": device.name, "passcodeOpensUntil": until })
    });
    json!({ "sessions": sessions.collect::<Vec<_>>(), "devices": devices.collect::<Vec<_>>() })
}

/// `POST /{workspace}/api/v1/users/{id}/end-sessions`: all of them, or the one that the body names as `session`.
pub(in crate::server) async fn end(mut call: Call) -> Response {
    let id = call.id();
    let read = async {
        let bytes = call.bytes().await?;
        let session = if bytes.is_empty() { None } else { named(&request::object(&bytes)?)? };
        Ok::<_, Failure>((bytes, session))
    };
    let (bytes, session) = match read.await {
        Ok(read) => read,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move { end_of(writing, &task, &id, session.as_deref()).await }.boxed()
    })
    .await
}

fn named(body: &Map<String, Value>) -> Result<Option<String>, Failure> {
    if let Some(unknown) = body.keys().find(|name| *name != "session") {
        let unknown: String = unknown.chars().take(64).collect();
        return Err(Failure::syntax(format!("`{unknown}` is not accepted here: leave it out")));
    }
    match body.get("session") {
        None => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(_) => Err(Failure::value("`session` must be the id of a session, in quotes")),
    }
}

async fn end_of(writing: &mut Writing, task: &WriteTask, id: &str, session: Option<&str>) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    let account = users::write::find(writing, workspace, id).await?;
    let conn = &mut writing.conn;
    let ended = match session {
        Some(session) => open_sessions::end(conn, workspace, &account.id, session, task.now).await?,
        None => open_sessions::end_others(conn, &workspace.name, &account.id, None, task.now).await?,
    };
    let body = Map::from_iter([("ended".to_owned(), json!(ended.sessions))]);
    let event = ended.detail().map(|detail| LoggedEvent {
        action: LoginEvent::EndedSessions.into(),
        kind: LogSubject::User,
        id: Some(account.id.clone()),
        name: Some(account.user_name.clone()),
        detail: Some(detail),
        changes: AttributeChanges::default(),
    });
    let answer = Answered { status: 200, location: None, etag: None, body: Some(body), shows: None };
    Ok(WriteResult { answer, event, passcode: None })
}
