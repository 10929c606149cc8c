//! Links in mail, as pages see them: open, dead, or unknown.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::view::{FieldKind, FieldView};
use super::visit::Visit;
use super::words;
use crate::members::{DeadLink, LoginEvent, judge};
use crate::model::{LogVia, Secret};
use crate::server::api::code_word;
use crate::server::denial::Who;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::members::frame::page_name::PageName;
use crate::store::members::links::{self, LinkKind};
use crate::store::{AccountRow, Conn, accounts};
use crate::workspace::may_sign_in;

/// The result of looking up the token of a path.
pub(super) enum Found {
    /// A link that works, of this account.
    Open(Box<AccountRow>),
    /// A link that once existed, and when it stopped working (epoch milliseconds).
    Dead(DeadLink, Option<i64>),
    /// No link of this workspace.
    Unknown,
}

/// The hash of a token.
pub(super) fn hash(token: &str) -> String {
    sha256(&[token.as_bytes()])
}

/// Looks at the link of the path; nothing is written.
pub(super) async fn find(visit: &Visit, kind: LinkKind) -> Result<Found, Failure> {
    let inside = visit.clone();
    visit.read(move |conn| async move { look(conn, &inside, kind).await }.boxed()).await
}

async fn look(conn: &mut Conn, visit: &Visit, kind: LinkKind) -> Result<Found, Failure> {
    let name = &visit.workspace.name;
    let Some(link) = links::find(conn, name, kind, &hash(&visit.token)).await? else { return Ok(Found::Unknown) };
    if let Err(why) = judge(&link.sent, visit.now()) {
        let since = if why.is_expired() { Some(link.sent.expires_at) } else { link.over_at };
        return Ok(Found::Dead(why, since));
    }
    match accounts::find(conn, name, &link.account).await? {
        Some(account) if may_sign_in(&account.state) => Ok(Found::Open(Box::new(account))),
        Some(_) | None => Ok(Found::Dead(DeadLink::Withdrawn, None)),
    }
}

/// Uses the link of the path up, inside the workspace's lock: of simultaneous uses one succeeds (G1).
pub(super) async fn take(conn: &mut Conn, visit: &Visit, kind: LinkKind) -> Result<Found, Failure> {
    let found = look(conn, visit, kind).await?;
    match found {
        Found::Open(account) => {
            if links::use_up(conn, &visit.workspace.name, &hash(&visit.token), visit.now()).await? {
                Ok(Found::Open(account))
            } else {
                Ok(Found::Dead(DeadLink::Used, Some(visit.now())))
            }
        }
        Found::Dead(..) | Found::Unknown => Ok(found),
    }
}

/// The page for a link that does not work. Only somebody with a token that existed learns why.
pub(super) fn dead_page(visit: &Visit, found: &Found) -> Response {
    dead_page_with(visit, found, Vec::new())
}

/// As [`dead_page`], with buttons.
pub(super) fn dead_page_with(visit: &Visit, found: &Found, buttons: Vec<(String, String)>) -> Response {
    let (status, sentence) = match found {
        Found::Dead(why, since) => (StatusCode::GONE, words::dead(*why, since.and_then(|at| visit.when(at)).as_deref())),
        Found::Open(_) | Found::Unknown => (StatusCode::NOT_FOUND, words::NOWHERE.to_owned()),
    };
    let mut page = visit.page("This link does not work");
    page.lead.push(sentence);
    page.buttons = buttons;
    page.links.push(("Sign in".to_owned(), visit.path(PageName::SignIn)));
    answer::page(status, &page)
}

/// The field for the practice's code word (PBN-4).
pub(super) fn code_word_field(fault: &str) -> FieldView {
    FieldView {
        name: "code-word",
        label: "Code word of the practice".to_owned(),
        kind: FieldKind::CodeWord,
        autocomplete: "off",
        hint: "An administrator of the practice tells it to you.".to_owned(),
        fault: fault.to_owned(),
        ..FieldView::default()
    }
}

/// Compares the typed code word, where the platform has one; `Err` says why it is not accepted.
pub(super) async fn check_code_word(visit: &Visit, account: &AccountRow) -> Result<Result<(), &'static str>, Failure> {
    if visit.workspace.catalog().spoken_word().is_none() {
        return Ok(Ok(()));
    }
    let word = Secret::new(visit.form.text("code-word").to_owned());
    let (inside, actor) = (visit.clone(), account.user_name.clone());
    let compared = visit
        .write(move |writing| {
            async move {
                let link = hash(&inside.token);
                let who = Who { workspace: &inside.workspace.name, actor: &actor, via: &LogVia::Web, origin: inside.origin.as_deref() };
                code_word::compare_as(writing, &inside.server, &inside.workspace, (who, &link), &inside.note, &word).await
            }
            .boxed()
        })
        .await;
    match compared {
        Ok(true) => Ok(Ok(())),
        Ok(false) => Ok(Err(words::WRONG_WORD)),
        Err(Failure::TooMany { .. }) => {
            visit.log_too_many(account, LoginEvent::CheckedCodeWord, "too many wrong code words");
            Ok(Err(words::TOO_MANY_WORDS))
        }
        Err(
            why @ (Failure::Refused(_)
            | Failure::Denied(_)
            | Failure::Unentitled(_)
            | Failure::WrongPhone(_)
            | Failure::Store(_)
            | Failure::Damaged),
        ) => Err(why),
    }
}
