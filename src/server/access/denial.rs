//! Rows of the user log, and the refusals that leave one.

use axum::response::Response;
use futures::FutureExt;

use crate::scim::ScimError;
use crate::server::App;
use crate::server::answer;
use crate::server::failure::Failure;
use crate::server::request::Note;
use crate::store::{LogEntry, log};

/// The row that a write leaves in the user log.
pub(in crate::server) struct Event {
    pub(in crate::server) action: &'static str,
    pub(in crate::server) kind: &'static str,
    pub(in crate::server) id: Option<String>,
    pub(in crate::server) name: Option<String>,
    pub(in crate::server) detail: Option<String>,
    pub(in crate::server) changes: String,
}

/// The person who did something, or tried to.
#[derive(Clone, Copy)]
pub(in crate::server) struct Who<'a> {
    pub(in crate::server) workspace: &'a str,
    pub(in crate::server) actor: &'a str,
    pub(in crate::server) via: &'a str,
    pub(in crate::server) origin: Option<&'a str>,
}

/// Refuses a request: `detail` is written to the user log, `answer` is sent to the caller. The refused write was rolled back or never
/// begun, so the row has its own transaction.
pub(in crate::server) async fn refuse(server: &App, who: Who<'_>, note: &Note, detail: String, answer: ScimError) -> Response {
    let row = row(who, note, detail);
    let (name, now) = (who.workspace.to_owned(), server.store.now());
    let logged: Result<(), Failure> = server
        .store
        .write(who.workspace, move |writing| async move { Ok(log::append(&mut writing.conn, &name, &row, now).await?) }.boxed())
        .await;
    match logged {
        Ok(()) => answer::error(&answer),
        Err(failure) => answer::failure(&failure, &note.request_id),
    }
}

/// The row of a refused request.
pub(in crate::server) fn row(who: Who<'_>, note: &Note, detail: String) -> LogEntry {
    let event = Event {
        action: "request",
        kind: "Request",
        id: None,
        name: Some(format!("{} {}", note.method, clipped(&note.path))),
        detail: Some(detail),
        changes: "{}".to_owned(),
    };
    LogEntry { result: "denied".to_owned(), ..entry(who, note, event) }
}

pub(in crate::server) fn entry(who: Who<'_>, note: &Note, event: Event) -> LogEntry {
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
