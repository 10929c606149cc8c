//! Rows of the user log, and the refusals that leave one.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;

use crate::model::{LogAction, LogDoer, LogResult, LogSubject, LogVia, ProgramAction};
use crate::server::App;
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::own_words;
use crate::server::request::RequestHead;
use crate::store::refusals::{self, CountedRefusals};
use crate::store::{Conn, NewLogRow, StoreError, accounts};

/// The row that a write leaves in the user log.
pub(in crate::server) struct LoggedEvent {
    pub(in crate::server) action: LogAction,
    pub(in crate::server) kind: LogSubject,
    pub(in crate::server) id: Option<String>,
    pub(in crate::server) name: Option<String>,
    pub(in crate::server) detail: Option<String>,
    pub(in crate::server) changes: AttributeChanges,
}

/// The person who did something, or tried to.
#[derive(Clone, Copy)]
pub(in crate::server) struct Who<'a> {
    pub(in crate::server) workspace: &'a str,
    pub(in crate::server) actor: &'a str,
    pub(in crate::server) via: &'a LogVia,
    pub(in crate::server) origin: Option<&'a str>,
}

/// Writes a refusal to the user log: the first of equal ones at once, the others counted until a minute is over. The refused write was
/// rolled back or never begun, so the row has its own transaction.
pub(in crate::server) async fn record(server: &App, who: Who<'_>, note: &RequestHead, detail: String, mark: String) -> Result<(), Failure> {
    let (row, name, about) = (row(who, note, &detail), who.workspace.to_owned(), note.clone());
    let now = server.store.now();
    let recorded = server.write(who.workspace, move |writing| {
        async move {
            let conn = &mut writing.conn;
            let row = about_person(conn, &name, &about, row).await?;
            Ok::<_, Failure>(refusals::record(conn, &name, &mark, &row, now, repeated).await?)
        }
        .boxed()
    });
    if let Some(CountedRefusals { times: 1, ends }) = recorded.await? {
        settle_at(server, who.workspace, ends.saturating_sub(now));
    }
    Ok(())
}

/// Writes a row of a refusal that was made without looking at what was sent: the first of equal rows at once, the others counted until a minute is
/// over. Nobody waits for it, so that the time of the answer does not tell whether there is a row.
pub(in crate::server) fn record_apart(server: &App, workspace: &str, row: NewLogRow) {
    let (server, name, now) = (Arc::clone(server), workspace.to_owned(), server.store.now());
    let parts = [
        &row.actor,
        row.via.as_str(),
        row.action.as_str(),
        row.origin.as_deref().unwrap_or_default(),
        row.detail.as_deref().unwrap_or_default(),
    ];
    let mark = sha256(&parts.map(str::as_bytes));
    tokio::spawn(async move {
        let inside = name.clone();
        let recorded = server.write(&name, move |writing| {
            async move { Ok::<_, Failure>(refusals::record(&mut writing.conn, &inside, &mark, &row, now, repeated).await?) }.boxed()
        });
        if let Ok(Some(CountedRefusals { times: 1, ends })) = recorded.await {
            settle_at(&server, &name, ends.saturating_sub(now));
        }
    });
}

/// Writes the row for counted refusals after so many milliseconds. A server that ends before leaves it to the next reader of the log.
fn settle_at(server: &App, workspace: &str, milliseconds: i64) {
    let (server, name) = (Arc::downgrade(server), workspace.to_owned());
    let wait = Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default());
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        if let Some(server) = server.upgrade() {
            let _ = settle(&server, &name).await;
        }
    });
}

/// Writes the rows for counted refusals whose minute is over.
pub(in crate::server) async fn settle(server: &App, workspace: &str) -> Result<(), Failure> {
    let (name, now) = (workspace.to_owned(), server.store.now());
    let is_due = server.store.read(move |conn| async move { refusals::is_due(conn, &name, now).await }.boxed()).await?;
    if !is_due {
        return Ok(());
    }
    let name = workspace.to_owned();
    Ok(server
        .write(workspace, move |writing| async move { refusals::settle(&mut writing.conn, &name, now, repeated).await }.boxed())
        .await?)
}

/// The detail of the row that equal refusals share.
fn repeated(detail: Option<&str>, times: i64) -> String {
    let so_often = if times == 1 { "once more".to_owned() } else { format!("{times} more times") };
    format!("{so_often} within a minute: {}", detail.unwrap_or_default())
}

/// The mark of a refusal: equal refusals have the same.
pub(in crate::server) fn mark(who: Who<'_>, note: &RequestHead, status: u16, why: &str) -> String {
    let about = note.login().unwrap_or_default();
    let status = status.to_string();
    sha256(&[who.actor, who.via.as_str(), &note.method, &note.path, about, &status, why].map(str::as_bytes))
}

/// Returns whether a refusal has a row: one of a write, or one that says that the caller may not, or that the request is wrong.
pub(in crate::server) const fn is_logged(status: u16, note: &RequestHead, writing: bool) -> bool {
    match status {
        403 => true,
        400 => note.route.is_some(),
        // 501: what this platform never does, such as removing a person.
        401..=499 | 501 => writing && note.route.is_some(),
        _ => false,
    }
}

/// The row of a refused request.
pub(in crate::server) fn row(who: Who<'_>, note: &RequestHead, detail: &str) -> NewLogRow {
    let event = LoggedEvent {
        action: LogAction::Program(ProgramAction::Request),
        kind: LogSubject::Request,
        id: None,
        name: Some(format!("{} {}", note.method, clipped(&own_words::path(note), LONGEST_PATH))),
        detail: Some(clipped(detail, LONGEST_DETAIL)),
        changes: AttributeChanges::default(),
    };
    NewLogRow { result: LogResult::Denied.into(), ..entry(who, note, event) }
}

/// The row of a refused request, under the person whom it was about, if it was about one.
pub(in crate::server) async fn about_person(
    conn: &mut Conn,
    workspace: &str,
    note: &RequestHead,
    row: NewLogRow,
) -> Result<NewLogRow, StoreError> {
    let (id, login) = match note.user_id() {
        Some(id) => match accounts::find(conn, workspace, id).await? {
            Some(account) => (Some(account.id), account.user_name),
            None => return Ok(row),
        },
        None => match note.login() {
            Some(login) => (None, clipped(login, LONGEST_PATH)),
            None => return Ok(row),
        },
    };
    let detail = match (&row.detail, &row.subject) {
        (Some(detail), Some(request)) => Some(format!("{detail} ({request})")),
        (detail, _) => detail.clone(),
    };
    Ok(NewLogRow { subject_kind: LogSubject::User.into(), subject_id: id, subject: Some(login), detail, ..row })
}

pub(in crate::server) fn entry(who: Who<'_>, note: &RequestHead, event: LoggedEvent) -> NewLogRow {
    NewLogRow {
        actor: who.actor.to_owned(),
        via: who.via.clone().into(),
        origin: who.origin.map(str::to_owned),
        request_id: note.request_id.clone(),
        action: event.action.into(),
        subject_kind: event.kind.into(),
        subject_id: event.id,
        subject: event.name,
        result: LogResult::Done.into(),
        detail: event.detail,
        changes: event.changes.to_string(),
        plan: note.plan.clone(),
        approver: note.approver.clone(),
        commit: note.commit.clone(),
    }
}

/// A row of what somebody did on the server's machine; it does not name the subject.
pub(in crate::server) fn by_operator(action: LogAction, subject_kind: LogSubject, origin: Option<String>) -> NewLogRow {
    NewLogRow { origin, ..NewLogRow::done(LogDoer::Operator, LogVia::Console, action, subject_kind) }
}

/// The longest path, and the longest reason, that a row has, in characters.
const LONGEST_PATH: usize = 200;
const LONGEST_DETAIL: usize = 1000;

fn clipped(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}
