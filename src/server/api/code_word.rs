//! The workspace's code word (PBN-5): it is set or compared here, never returned and never logged.

use axum::response::Response;
use futures::FutureExt;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::model::Secret;
use crate::scim::ScimError;
use crate::server::answer;
use crate::server::auth::Caller;
use crate::server::call::Call;
use crate::server::denial::Event;
use crate::server::failure::Failure;
use crate::server::request;
use crate::server::write;
use crate::server::write::Done;
use crate::store::{Answered, workspaces};

/// `POST /{workspace}/api/v1/code-word`.
pub(in crate::server) async fn set(mut call: Call) -> Response {
    let read = async {
        let bytes = call.bytes().await?;
        let word = word(&call.caller, &bytes)?;
        Ok::<_, Failure>((bytes, word))
    };
    let (bytes, word) = match read.await {
        Ok(read) => read,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let name = &task.caller.workspace.name;
            let before = workspaces::code_word(&mut writing.conn, name).await?;
            let answer = Answered { status: 200, location: None, etag: None, body: json!({ "set": true }).to_string(), made: None };
            if before.is_some_and(|known| same(&known, word.expose())) {
                return Ok(Done { answer, event: None, once: None });
            }
            workspaces::set_code_word(&mut writing.conn, name, word.expose()).await?;
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
pub(in crate::server) async fn verify(mut call: Call) -> Response {
    let compared = async {
        let bytes = call.bytes().await?;
        let word = word(&call.caller, &bytes)?;
        let name = call.caller.workspace.name.clone();
        let known =
            call.server.store.read(move |conn| async move { Ok::<_, Failure>(workspaces::code_word(conn, &name).await?) }.boxed()).await?;
        Ok::<_, Failure>(known.is_some_and(|known| same(&known, word.expose())))
    };
    match compared.await {
        Ok(matches) => answer::json(200, &json!({ "matches": matches })),
        Err(why) => answer::failure(&why, &call.note.request_id),
    }
}

fn word(caller: &Caller, bytes: &[u8]) -> Result<Secret, Failure> {
    if caller.workspace.catalog().code_word.is_none() {
        return Err(ScimError::new(404, "this workspace has no code word").into());
    }
    let body = request::object(bytes)?;
    let word = body.get("codeWord").and_then(serde_json::Value::as_str).map(str::trim).unwrap_or_default();
    if !(1..=128).contains(&word.chars().count()) {
        return Err(Failure::value("`codeWord` must have 1 to 128 characters"));
    }
    Ok(Secret::new(word.to_owned()))
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
