//! The steps of every write: one transaction contains its key, its effect, its row in the user log and its kept answer.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::model::Secret;
use crate::scim::{ScimError, urn};
use crate::server::App;
use crate::server::answer;
use crate::server::auth;
use crate::server::auth::Caller;
use crate::server::denial;
use crate::server::denial::LoggedEvent;
use crate::server::denial::entry;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::metrics::RefusalKind;
use crate::server::own_words;
use crate::server::request::RequestHead;
use crate::server::scim::projection::AnswerProjection;
use crate::server::scim::records;
use crate::server::scim::supporting;
use crate::server::scim::users;
use crate::store::wrong_answers::{self, GuessedAt, WrongAnswer};
use crate::store::{Answered, Conn, Remembered, ResourceKind, Writing, accounts, idempotency, log, resources};

/// A write on its way.
pub(super) struct WriteTask {
    pub(super) server: App,
    pub(super) caller: Caller,
    pub(super) note: RequestHead,
    /// The server's time, epoch milliseconds.
    pub(super) now: i64,
}

/// The result of a write.
pub(super) struct WriteResult {
    pub(super) answer: Answered,
    /// Its row in the user log; `None` if nothing changed.
    pub(super) event: Option<LoggedEvent>,
    /// A passcode, which is never kept: it is in the answer this once (AR-11).
    pub(super) passcode: Option<Secret>,
}

/// Runs a write and answers it.
pub(super) async fn perform<F>(server: &App, caller: Caller, note: RequestHead, body: Bytes, operation: F) -> Response
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<WriteTask>) -> BoxFuture<'w, Result<WriteResult, Failure>> + Send + 'static,
{
    let shape = match AnswerProjection::read(&note, &caller.workspace) {
        Ok(shape) => shape,
        Err(why) => return answer::error(&why),
    };
    let task = Arc::new(WriteTask { server: Arc::clone(server), caller, note, now: server.store.now() });
    let inner = Arc::clone(&task);
    let workspace = Arc::clone(&task.caller.workspace);
    let outcome = server.write(&workspace.name, move |writing| async move { run(writing, inner, &body, operation).await }.boxed()).await;
    match outcome {
        Ok(Ran::Answered { mut answer, passcode, replayed }) => {
            answer.body = answer.body.map(|body| shape.apply(body));
            if let Some(passcode) = passcode {
                // It is not an attribute, so no request leaves it out.
                let body = answer.body.get_or_insert_default();
                body.insert(urn::PASSCODE.to_owned(), json!({ "passcode": passcode.expose() }));
            }
            answer::written(answer, replayed)
        }
        Ok(Ran::Refused(why)) => answer::logged_error(&why),
        Err(Failure::Unentitled(why)) => auth::unentitled(&why),
        Err(
            why @ (Failure::Refused(_)
            | Failure::Denied(_)
            | Failure::WrongPhone(_)
            | Failure::TooMany { .. }
            | Failure::Store(_)
            | Failure::Damaged),
        ) => answer::failure(&why, &task.note.request_id),
    }
}

/// The outcome of a write, where something is stored.
enum Ran {
    /// It was done, now or earlier.
    Answered { answer: Answered, passcode: Option<Secret>, replayed: bool },
    /// It was refused, and counted: another one could be a guess.
    Refused(ScimError),
}

async fn run<F>(writing: &mut Writing, task: Arc<WriteTask>, body: &[u8], operation: F) -> Result<Ran, Failure>
where
    F: for<'w> FnOnce(&'w mut Writing, Arc<WriteTask>) -> BoxFuture<'w, Result<WriteResult, Failure>> + Send + 'static,
{
    let caller = auth::recognize_again(writing, &task.server, &task.caller).await?;
    let task = Arc::new(WriteTask { server: Arc::clone(&task.server), caller, note: task.note.clone(), now: task.now });
    let name = task.caller.workspace.name.clone();
    let key = task.note.key()?;
    let hash = key.map(|_| {
        // The body may contain a first password or a phone number, so its hash is keyed: nobody can guess the body without the store's key.
        task.server.store.seal(&sha256(&[task.note.method.as_bytes(), task.note.path.as_bytes(), body]))
    });
    if let (Some(key), Some(hash)) = (key, &hash)
        && let Some(kept) = earlier(&mut writing.conn, &task, key, hash).await?
    {
        return Ok(Ran::Answered { answer: kept, passcode: None, replayed: true });
    }
    let done = match operation(writing, Arc::clone(&task)).await {
        Ok(done) => done,
        Err(Failure::WrongPhone(why)) => return wrong_phone(writing, &task, why).await,
        Err(
            why @ (Failure::Refused(_)
            | Failure::Denied(_)
            | Failure::Unentitled(_)
            | Failure::TooMany { .. }
            | Failure::Store(_)
            | Failure::Damaged),
        ) => return Err(why),
    };
    let conn = &mut writing.conn;
    if let Some(event) = done.event {
        log::append(conn, &name, &entry(task.caller.who(), &task.note, event), task.now).await?;
    }
    if let (Some(key), Some(request_hash)) = (key, hash) {
        let kept = Remembered { owner: task.caller.account.id.clone(), key: key.to_owned(), request_hash, answer: done.answer.clone() };
        idempotency::keep(conn, &name, &kept, task.now).await?;
        task.server.store.sweep(conn, &name, task.now).await?;
    }
    Ok(Ran::Answered { answer: done.answer, passcode: done.passcode, replayed: false })
}

/// Counts a wrong phone number (AR-19). Nothing else was written before it was compared, and the count is in the transaction that compared
/// it, so that simultaneous guesses are counted, too.
async fn wrong_phone(writing: &mut Writing, task: &WriteTask, why: ScimError) -> Result<Ran, Failure> {
    let name = &task.caller.workspace.name;
    let wrong = WrongAnswer { mark: String::new(), at: task.now };
    wrong_answers::keep(&mut writing.conn, name, GuessedAt::Phone, &task.caller.account.id, &wrong).await?;
    let row = denial::row(task.caller.who(), &task.note, &own_words::kept(&why));
    let row = denial::about_person(&mut writing.conn, name, &task.note, row).await?;
    log::append(&mut writing.conn, name, &row, task.now).await?;
    task.server.settings.metrics.refused(RefusalKind::WrongAnswer);
    Ok(Ran::Refused(why))
}

/// The answer kept under this key, where it still means something.
async fn earlier(conn: &mut Conn, task: &WriteTask, key: &str, hash: &str) -> Result<Option<Answered>, Failure> {
    let name = &task.caller.workspace.name;
    let since = task.now - idempotency::KEPT;
    let Some((kept_hash, kept)) = idempotency::find(conn, name, &task.caller.account.id, key, since).await? else { return Ok(None) };
    if kept_hash != hash {
        return Err(ScimError::new(409, "this Idempotency-Key was already used for another request: use a new one").into());
    }
    shown(conn, task, kept).await
}

/// A kept answer with the resource that it shows, as it is now, under the version that the write made; `None` where the resource is gone,
/// and the answer is worth nothing.
///
/// A client that repeats several writes to one resource thereby repeats the same versions, and a write of its own that comes after them is
/// refused if somebody has changed the resource since.
async fn shown(conn: &mut Conn, task: &WriteTask, kept: Answered) -> Result<Option<Answered>, Failure> {
    let workspace = &task.caller.workspace;
    let name = &workspace.name;
    let (mut body, version) = match &kept.shows {
        None => return Ok(Some(kept)),
        Some((ResourceKind::User, id)) => {
            let Some(row) = accounts::find(conn, name, id).await? else { return Ok(None) };
            let records = supporting::records(conn, workspace).await?;
            (users::view::user(workspace, &row, &records, &task.note.base, task.now)?, row.version)
        }
        Some((ResourceKind::Supporting(kind), id)) => {
            let Some(row) = resources::find(conn, name, *kind, id).await? else { return Ok(None) };
            (records::view::resource(workspace, &row, &task.note.base)?, row.version)
        }
    };
    let etag = kept.etag.clone().unwrap_or_else(|| answer::etag(version));
    if let Some(meta) = body.get_mut("meta").and_then(Value::as_object_mut) {
        meta.insert("version".to_owned(), etag.as_str().into());
    }
    Ok(Some(Answered { body: Some(body), etag: Some(etag), ..kept }))
}

/// Checks `If-Match` and `If-None-Match` against the resource that a write is about (RFC 9110 sections 13.1.1 and 13.1.2; weak tags compare
/// by their text).
pub(super) fn precondition(note: &RequestHead, etag: &str) -> Result<(), Failure> {
    if note.if_match.as_ref().is_some_and(|wanted| !names(wanted, etag)) {
        return Err(ScimError::new(412, "the resource has changed since you read it: read it again").into());
    }
    if note.if_none_match.as_ref().is_some_and(|unwanted| names(unwanted, etag)) {
        return Err(ScimError::new(412, "the resource already exists in a version that `If-None-Match` excludes: read it again").into());
    }
    Ok(())
}

/// Returns whether a list of entity tags has this one, or is `*`.
pub(super) fn names(list: &str, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list.trim() == "*" || list.split(',').any(|one| plain(one) == plain(etag))
}
