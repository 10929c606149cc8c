//! How every write runs: one transaction contains its key, its effect, its row in the user log and its kept answer.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use crate::scim::ScimError;
use crate::server::App;
use crate::server::answer;
use crate::server::auth;
use crate::server::auth::Caller;
use crate::server::denial::Event;
use crate::server::denial::entry;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::request::Note;
use crate::server::scim::projection::AnswerProjection;
use crate::store::{Answered, Conn, Kind, Remembered, Writing, accounts, idempotency, log, resources};

/// A write on its way.
pub(super) struct Task {
    pub(super) server: App,
    pub(super) caller: Caller,
    pub(super) note: Note,
    /// The server's time, epoch milliseconds.
    pub(super) now: i64,
}

/// The result of a write.
pub(super) struct Done {
    pub(super) answer: Answered,
    /// Its row in the user log; `None` if nothing changed.
    pub(super) event: Option<Event>,
    /// The body to answer with this once, if it contains a secret that is never kept.
    pub(super) once: Option<String>,
}

/// Runs a write and answers it.
pub(super) async fn perform<F>(server: &App, caller: Caller, note: Note, body: Bytes, operation: F) -> Response
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<Task>) -> BoxFuture<'w, Result<Done, Failure>> + Send + 'static,
{
    let shape = match AnswerProjection::read(&note, &caller.workspace) {
        Ok(shape) => shape,
        Err(why) => return answer::error(&why),
    };
    let task = Arc::new(Task { server: Arc::clone(server), caller, note, now: server.store.now() });
    let inner = Arc::clone(&task);
    let workspace = Arc::clone(&task.caller.workspace);
    let outcome =
        server.store.write(&workspace.name, move |writing| async move { run(writing, inner, &body, operation).await }.boxed()).await;
    match outcome {
        Ok((answered, replayed)) => answer::written(shape.of(answered), replayed),
        Err(Failure::Denied(why)) => auth::deny(server, &task.caller, &task.note, why).await,
        Err(Failure::Unentitled(why)) => auth::unentitled(server, &task.caller, &task.note, why).await,
        Err(why @ (Failure::Refused(_) | Failure::Store(_) | Failure::Damaged)) => answer::failure(&why, &task.note.request_id),
    }
}

async fn run<F>(writing: &mut Writing, task: Arc<Task>, body: &[u8], operation: F) -> Result<(Answered, bool), Failure>
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<Task>) -> BoxFuture<'w, Result<Done, Failure>> + Send + 'static,
{
    let caller = auth::again(writing, &task.server, &task.caller).await?;
    let task = Arc::new(Task { server: Arc::clone(&task.server), caller, note: task.note.clone(), now: task.now });
    let name = task.caller.workspace.name.clone();
    let key = task.note.key()?;
    let hash = key.map(|_| {
        // The body may contain a first password or a phone number, so its hash is keyed: nobody can guess the body without the store's key.
        task.server.store.seal(&sha256(&[task.note.method.as_bytes(), task.note.path.as_bytes(), body]))
    });
    if let (Some(key), Some(hash)) = (key, &hash)
        && let Some(kept) = earlier(&mut writing.conn, &task, key, hash).await?
    {
        return Ok((kept, true));
    }
    let done = operation(writing, Arc::clone(&task)).await?;
    let conn = &mut writing.conn;
    if let Some(event) = done.event {
        log::append(conn, &name, &entry(task.caller.who(), &task.note, event), task.now).await?;
    }
    if let (Some(key), Some(request_hash)) = (key, hash) {
        let kept = Remembered { owner: task.caller.account.id.clone(), key: key.to_owned(), request_hash, answer: done.answer.clone() };
        idempotency::keep(conn, &name, &kept, task.now).await?;
        task.server.store.sweep(conn, &name, task.now).await?;
    }
    let answer = match done.once {
        Some(body) => Answered { body, ..done.answer },
        None => done.answer,
    };
    Ok((answer, false))
}

/// The answer kept under this key, where it still means something.
async fn earlier(conn: &mut Conn, task: &Task, key: &str, hash: &str) -> Result<Option<Answered>, Failure> {
    let name = &task.caller.workspace.name;
    let since = task.now - idempotency::KEPT;
    let Some((kept_hash, kept)) = idempotency::find(conn, name, &task.caller.account.id, key, since).await? else { return Ok(None) };
    if kept_hash != hash {
        return Err(ScimError::new(409, "this Idempotency-Key was already used for another request: use a new one").into());
    }
    let still_there = match &kept.made {
        None => true,
        Some((kind, id)) if kind == "User" => accounts::find(conn, name, id).await?.is_some(),
        Some((kind, id)) => match Kind::parse(kind) {
            Some(kind) => resources::find(conn, name, kind, id).await?.is_some(),
            None => true,
        },
    };
    Ok(still_there.then_some(kept))
}

/// The differences between two resources, attribute by attribute, including extensions: `{name: [before, after]}`.
pub(super) fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> String {
    let mut out = Map::new();
    differ(before, after, &mut out);
    Value::Object(out).to_string()
}

fn differ(before: &Map<String, Value>, after: &Map<String, Value>, out: &mut Map<String, Value>) {
    let nothing = Map::new();
    for name in before.keys().chain(after.keys().filter(|k| !before.contains_key(*k))) {
        if matches!(name.as_str(), "schemas" | "id" | "meta" | "password") {
            continue;
        }
        let (was, is) = (before.get(name), after.get(name));
        if was == is {
            continue;
        }
        if name.starts_with("urn:") {
            let part = |v: Option<&Value>| v.and_then(Value::as_object).cloned().unwrap_or_else(|| nothing.clone());
            differ(&part(was), &part(is), out);
        } else {
            out.insert(name.clone(), json!([was, is]));
        }
    }
}

/// Checks `If-Match` and `If-None-Match` against the resource that a write is about (RFC 9110 sections 13.1.1 and 13.1.2; weak tags compare
/// by their text).
pub(super) fn precondition(note: &Note, etag: &str) -> Result<(), Failure> {
    if note.if_match.as_ref().is_some_and(|wanted| !names(wanted, etag)) {
        return Err(ScimError::new(412, "the resource has changed since you read it: read it again").into());
    }
    if note.if_none_match.as_ref().is_some_and(|unwanted| names(unwanted, etag)) {
        return Err(ScimError::new(412, "the resource already exists in a version that `If-None-Match` excludes: read it again").into());
    }
    Ok(())
}

/// Whether a list of entity tags has this one, or is `*`.
pub(super) fn names(list: &str, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list.trim() == "*" || list.split(',').any(|one| plain(one) == plain(etag))
}
