//! A request for a page, as handlers take it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use futures::future::BoxFuture;

use super::answer;
use super::form::Form;
use super::page_name::PageName;
use super::view::{EndingView, Page};
use crate::members::{LoginEvent, SessionKind, SessionStage};
use crate::model::{LogAction, LogResult, LogSubject, LogVia, is_loopback};
use crate::server::App;
use crate::server::AttributeChanges;
use crate::server::denial::{self, LoggedEvent, Who};
use crate::server::failure::Failure;
use crate::server::request::RequestHead;
use crate::server::workspace::Workspace;
use crate::store::members::sessions::SessionRow;
use crate::store::{AccountRow, Conn, NewLogRow, Writing, log};

/// A request for a page that passed the gate.
#[derive(Clone)]
pub(in crate::server) struct Visit {
    pub(in crate::server::members) server: App,
    pub(in crate::server::members) workspace: Arc<Workspace>,
    pub(in crate::server::members) note: RequestHead,
    /// The program that asks: a browser, or the app.
    pub(in crate::server::members) kind: SessionKind,
    /// The address that it came from.
    pub(in crate::server::members) origin: Option<String>,
    /// Says whether a browser on the server's own machine sent it by itself.
    pub(in crate::server::members) is_at_this_machine: bool,
    /// The browser or device, in its own words.
    pub(in crate::server::members) device: Option<String>,
    /// The hash of the secret of a device on which the password was typed before.
    pub(in crate::server::members) known: Option<String>,
    /// The hash of the secret that a trusted browser has.
    pub(in crate::server::members) trust: Option<String>,
    /// The variable part of the path: the token of a link.
    pub(in crate::server::members) token: String,
    /// The fields of the query (GET) or of the body (POST).
    pub(in crate::server::members) form: Form,
    /// The session, on the pages that need one.
    pub(in crate::server::members) session: Option<Session>,
}

/// A living session whose account may sign in.
#[derive(Clone)]
pub(in crate::server::members) struct Session {
    /// The hash of its secret.
    pub(in crate::server::members) hash: String,
    pub(in crate::server::members) row: SessionRow,
    pub(in crate::server::members) stage: SessionStage,
}

impl Visit {
    /// The server's time, epoch milliseconds.
    pub(in crate::server::members) fn now(&self) -> i64 {
        self.server.store.now()
    }

    /// A page of this workspace.
    pub(in crate::server::members) fn page(&self, title: &str) -> Page {
        Page {
            workspace: self.workspace.name.clone(),
            product: self.workspace.catalog().name.clone(),
            title: title.to_owned(),
            ending: self.ending(),
            signed_in: self.session.as_ref().is_some_and(|session| session.stage.is_whole()),
            ..Page::default()
        }
    }

    /// Returns when the session ends that this page is shown in.
    fn ending(&self) -> Option<EndingView> {
        let session = self.session.as_ref().filter(|session| session.stage.is_signed_in())?;
        let minutes = self.workspace.catalog().members.as_ref()?.idle_minutes;
        Some(EndingView { minutes, ends: self.when(session.row.ends)? })
    }

    /// A time as people of the workspace read it.
    pub(in crate::server::members) fn when(&self, at: i64) -> Option<String> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(&self.workspace.time_zone).ok()?;
        let at = jiff::Timestamp::from_millisecond(at).ok()?.to_zoned(zone);
        Some(at.strftime("%B %-d, %Y at %H:%M %Z").to_string())
    }

    /// The path of a page of this workspace; one for the holder of a link has the token of this visit.
    pub(in crate::server::members) fn path(&self, page: PageName) -> String {
        let name = &self.workspace.name;
        if page.has_token() { page.path_of_link(name, &self.token) } else { page.path(name) }
    }

    /// Returns whether the browser keeps no session here: it is asked without TLS, and not at its own machine.
    pub(in crate::server::members) fn needs_https(&self) -> bool {
        self.note.base.starts_with("http://") && !url::Url::parse(&self.note.base).is_ok_and(|url| is_loopback(&url))
    }

    /// Reads.
    pub(in crate::server::members) async fn read<T, F>(&self, job: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, Failure>> + Send + 'static,
    {
        self.server.store.read(job).await
    }

    /// Writes, inside the workspace's lock.
    pub(in crate::server::members) async fn write<T, F>(&self, job: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, Result<T, Failure>> + Send + 'static,
    {
        self.server.write(&self.workspace.name, job).await
    }

    /// Adds a row about an account to the user log. The account's holder did it, or tried to.
    pub(in crate::server::members) async fn log(&self, conn: &mut Conn, account: &AccountRow, row: MemberLogRow) -> Result<(), Failure> {
        log::append(conn, &self.workspace.name, &self.entry(account, row), self.now()).await?;
        Ok(())
    }

    /// Adds a row that too much was tried for an account, so that it was not even compared; equal rows of a minute are counted.
    pub(in crate::server::members) fn log_too_many(&self, account: &AccountRow, event: LoginEvent, detail: &str) {
        let row = MemberLogRow { denied: true, detail: Some(detail.to_owned()), ..MemberLogRow::new(event) };
        denial::record_apart(&self.server, &self.workspace.name, self.entry(account, row));
    }

    /// A row about an account, whose holder did something.
    pub(in crate::server::members) fn entry(&self, account: &AccountRow, row: MemberLogRow) -> NewLogRow {
        let via = self.session.as_ref().map_or_else(|| self.kind.via(), |session| LogVia::of_session(&session.row.id));
        let who = Who { workspace: &self.workspace.name, actor: &account.user_name, via: &via, origin: self.origin.as_deref() };
        let event = LoggedEvent {
            action: row.action,
            kind: LogSubject::User,
            id: Some(account.id.clone()),
            name: Some(account.user_name.clone()),
            detail: row.detail,
            changes: row.changes,
        };
        let mut entry = denial::entry(who, &self.note, event);
        if row.denied {
            entry.result = LogResult::Denied.into();
        }
        entry
    }

    /// The page that was made, or the one for a failure.
    pub(in crate::server::members) fn answered(&self, done: Result<Response, Failure>) -> Response {
        done.unwrap_or_else(|why| self.failed(&why))
    }

    /// The page for a failure; the operator's log has the reason.
    pub(in crate::server::members) fn failed(&self, why: &Failure) -> Response {
        let mut failed = crate::server::answer::failure(why, &self.note.request_id);
        let status = failed.status();
        let mut page = self.page("That did not work");
        page.lead.push(
            "The server could not do it. Try again in a minute; if it stays like this, tell the person who runs the server.".to_owned(),
        );
        let mut response = answer::page(if status.is_server_error() { status } else { StatusCode::INTERNAL_SERVER_ERROR }, &page);
        std::mem::swap(response.extensions_mut(), failed.extensions_mut());
        response
    }
}

/// A row of the user log about a member.
pub(in crate::server::members) struct MemberLogRow {
    pub(in crate::server::members) action: LogAction,
    pub(in crate::server::members) denied: bool,
    pub(in crate::server::members) detail: Option<String>,
    /// Attributes before and after.
    pub(in crate::server::members) changes: AttributeChanges,
}

impl MemberLogRow {
    /// A row that something was done, without details.
    pub(in crate::server::members) fn new(action: impl Into<LogAction>) -> Self {
        Self { action: action.into(), denied: false, detail: None, changes: AttributeChanges::default() }
    }
}
