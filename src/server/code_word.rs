//! The practice's code word (PBN-5): set, or compared, never told here and never logged.

use axum::response::Response;
use futures::FutureExt;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::asked::Asked;
use super::caller::Caller;
use super::failure::Failure;
use super::write::{self, Done, Event};
use super::{answer, request};
use crate::model::Secret;
use crate::scim::ScimError;
use crate::store::{Answered, workspaces};

/// `POST /{workspace}/api/v1/code-word`.
pub(super) async fn set(mut asked: Asked) -> Response {
    let read = async {
        let bytes = asked.bytes().await?;
        let word = word(&asked.caller, &bytes)?;
        Ok::<_, Failure>((bytes, word))
    };
    let (bytes, word) = match read.await {
        Ok(read) => read,
        Err(why) => return answer::failure(&why, &asked.note.request_id),
    };
    write::perform(&asked.server, asked.caller, asked.note, bytes, move |writing, task| {
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
pub(super) async fn verify(mut asked: Asked) -> Response {
    let compared = async {
        let bytes = asked.bytes().await?;
        let word = word(&asked.caller, &bytes)?;
        let name = asked.caller.workspace.name.clone();
        let known =
            asked.server.store.read(move |conn| async move { Ok::<_, Failure>(workspaces::code_word(conn, &name).await?) }.boxed()).await?;
        Ok::<_, Failure>(known.is_some_and(|known| same(&known, word.expose())))
    };
    match compared.await {
        Ok(matches) => answer::json(200, &json!({ "matches": matches })),
        Err(why) => answer::failure(&why, &asked.note.request_id),
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
