//! How every write runs: one transaction holds its key, its effect, its row in the user log and its kept answer.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::caller::{self, Caller};
use super::failure::Failure;
use super::hashing::sha256;
use super::request::Note;
use super::shape::Shape;
use super::{App, answer};
use crate::scim::ScimError;
use crate::store::{Answered, Conn, Kind, LogEntry, Remembered, Writing, accounts, idempotency, log, resources};

/// A write on its way.
pub(super) struct Task {
    pub(super) server: App,
    pub(super) caller: Caller,
    pub(super) note: Note,
    /// The server's time, epoch milliseconds.
    pub(super) now: i64,
}

/// What a write did.
pub(super) struct Done {
    pub(super) answer: Answered,
    /// What it says in the user log; `None` where nothing changed.
    pub(super) event: Option<Event>,
    /// The body to answer with this once, where it holds what is never kept.
    pub(super) once: Option<String>,
}

/// What the user log says of a write.
pub(super) struct Event {
    pub(super) action: &'static str,
    pub(super) kind: &'static str,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) changes: String,
}

/// Runs a write and answers it.
pub(super) async fn perform<F>(server: &App, caller: Caller, note: Note, body: Bytes, operation: F) -> Response
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<Task>) -> BoxFuture<'w, Result<Done, Failure>> + Send + 'static,
{
    let shape = match Shape::read(&note, &caller.workspace) {
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
        Err(Failure::Denied(why)) => deny(server, &task.caller, &task.note, why).await,
        Err(Failure::Unentitled(why)) => caller::unentitled(server, &task.caller, &task.note, why).await,
        Err(why) => answer::failure(&why, &task.note.request_id),
    }
}

async fn run<F>(writing: &mut Writing, task: Arc<Task>, body: &[u8], operation: F) -> Result<(Answered, bool), Failure>
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<Task>) -> BoxFuture<'w, Result<Done, Failure>> + Send + 'static,
{
    let caller = caller::again(writing, &task.server, &task.caller).await?;
    let task = Arc::new(Task { server: Arc::clone(&task.server), caller, note: task.note.clone(), now: task.now });
    let name = task.caller.workspace.name.clone();
    let key = task.note.key()?;
    let hash = key.map(|_| {
        // The body may hold a first password or a phone number, so what is kept of it can not be guessed at without the store's key.
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
        return Err(ScimError::new(409, "this Idempotency-Key belongs to another request: use a new one").into());
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

/// Who did something, or tried to.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) workspace: &'a str,
    pub(super) actor: &'a str,
    pub(super) via: &'a str,
    pub(super) origin: Option<&'a str>,
}

/// Refuses a caller and says so in the user log.
pub(super) async fn deny(server: &App, caller: &Caller, note: &Note, why: ScimError) -> Response {
    let detail = why.detail.clone();
    refuse(server, caller.who(), note, detail, why).await
}

/// Refuses a request; `detail` goes to the user log, `told` to whoever asked. What was refused was rolled back or never begun, so the row
/// has a transaction of its own.
pub(super) async fn refuse(server: &App, who: Who<'_>, note: &Note, detail: String, told: ScimError) -> Response {
    let mut row = entry(
        who,
        note,
        Event {
            action: "request",
            kind: "Request",
            id: None,
            name: Some(format!("{} {}", note.method, clipped(&note.path))),
            detail: Some(detail),
            changes: "{}".to_owned(),
        },
    );
    "denied".clone_into(&mut row.result);
    let (name, now) = (who.workspace.to_owned(), server.store.now());
    let logged: Result<(), Failure> = server
        .store
        .write(who.workspace, move |writing| async move { Ok(log::append(&mut writing.conn, &name, &row, now).await?) }.boxed())
        .await;
    match logged {
        Ok(()) => answer::error(&told),
        Err(failure) => answer::failure(&failure, &note.request_id),
    }
}

fn entry(who: Who<'_>, note: &Note, event: Event) -> LogEntry {
    LogEntry {
        actor: who.actor.to_owned(),
        via: who.via.to_owned(),
        origin: who.origin.map(str::to_owned),
        request_id: note.request_id.clone(),
        action: event.action.to_owned(),
        subject_kind: event.kind.to_owned(),
        subject_id: event.id,
        subject: event.name,
        result: "done".to_owned(),
        detail: event.detail,
        changes: event.changes,
        plan: note.plan.clone(),
        approver: note.approver.clone(),
        commit: note.commit.clone(),
    }
}

fn clipped(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// What differs between two resources, attribute by attribute, extensions' too: `{name: [before, after]}`.
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
        return Err(ScimError::new(412, "the resource has another version now: read it again").into());
    }
    if note.if_none_match.as_ref().is_some_and(|unwanted| names(unwanted, etag)) {
        return Err(ScimError::new(412, "the resource is there already, in a version that `If-None-Match` rules out").into());
    }
    Ok(())
}

/// Whether a list of entity tags has this one, or is `*`.
pub(super) fn names(list: &str, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list.trim() == "*" || list.split(',').any(|one| plain(one) == plain(etag))
}
