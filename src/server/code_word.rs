//! The practice's code word (PBN-5): set, or compared, never told here and never logged.

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures::FutureExt;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::caller::Caller;
use super::failure::Failure;
use super::request::{self, Note};
use super::write::{self, Done, Event};
use super::{App, answer};
use crate::model::Secret;
use crate::scim::ScimError;
use crate::store::{Answered, workspaces};

/// `POST /{workspace}/api/v1/code-word`.
pub(super) async fn set(
    State(server): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(note): Extension<Note>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let read = async {
        let bytes = request::bytes(&headers, body).await?;
        let word = word(&caller, &bytes)?;
        Ok::<_, Failure>((bytes, word))
    };
    let (bytes, word) = match read.await {
        Ok(read) => read,
        Err(why) => return answer::failure(&why, &note.request_id),
    };
    write::perform(&server, caller, note, bytes, move |writing, task| {
        async move {
            let name = &task.caller.workspace.name;
            let before = workspaces::code_word(&mut writing.conn, name).await?;
            let answer = Answered { status: 200, location: None, etag: None, body: json!({ "set": true }).to_string(), made: None };
            if before.is_some_and(|known| same(&known, word.expose())) {
                return Ok(Done { answer, event: None, once: None });
            }
            workspaces::set_code_word(&mut writing.conn, name, word.expose(), task.now).await?;
            let event = Event {
                action: "set-code-word",
                kind: "Workspace",
                id: None,
                name: Some(name.clone()),
                detail: None,
                changes: "{}".to_owned(),
            };
            Ok(Done { answer, event: Some(event), once: None })
        }
        .boxed()
    })
    .await
}

/// `POST /{workspace}/api/v1/code-word/verify`.
pub(super) async fn verify(
    State(server): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(note): Extension<Note>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let compared = async {
        let bytes = request::bytes(&headers, body).await?;
        let word = word(&caller, &bytes)?;
        let name = caller.workspace.name.clone();
        let known =
            server.store.read(move |conn| async move { Ok::<_, Failure>(workspaces::code_word(conn, &name).await?) }.boxed()).await?;
        Ok::<_, Failure>(known.is_some_and(|known| same(&known, word.expose())))
    };
    match compared.await {
        Ok(matches) => answer::json(200, &json!({ "matches": matches })),
        Err(why) => answer::failure(&why, &note.request_id),
    }
}

fn word(caller: &Caller, bytes: &[u8]) -> Result<Secret, Failure> {
    if !caller.workspace.catalog().code_word {
        return Err(ScimError::new(404, "this workspace has no code word").into());
    }
    let body = request::object(bytes)?;
    let word = body.get("codeWord").and_then(serde_json::Value::as_str).map(str::trim).unwrap_or_default();
    if !(1..=128).contains(&word.chars().count()) {
        return Err(Failure::value("`codeWord` has 1 to 128 characters"));
    }
    Ok(Secret::new(word.to_owned()))
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
