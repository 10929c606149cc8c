//! Asking for another link when that of an invitation has ended: an administrator reads it in the user log, and sends one.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use crate::members::{DeadLink, LoginEvent};
use crate::model::HOUR;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::server::members::{answer, links};
use crate::store::members::codes;
use crate::store::{Conn, accounts, invitations};
use crate::workspace::state_at;

/// The name that requests are kept under.
const AGAIN: &str = "join-again";

/// The page of a link that has ended, with the button that asks for another one where that can help.
pub(super) fn dead_page(visit: &Visit, found: &links::Found) -> Response {
    match found {
        links::Found::Dead(DeadLink::Expired | DeadLink::Replaced, _) => {
            links::dead_page_with(visit, found, vec![(visit.path(PageName::AskLink), "Ask for a new link".to_owned())])
        }
        links::Found::Dead(DeadLink::Used | DeadLink::Withdrawn, _) | links::Found::Open(_) | links::Found::Unknown => {
            links::dead_page(visit, found)
        }
    }
}

/// `POST /join/{token}/again`: the answer is the same for every token.
pub(in crate::server::members) async fn ask(visit: Visit) -> Response {
    let inside = visit.clone();
    if let Err(why) = visit.write(move |writing| async move { note(&mut writing.conn, &inside).await }.boxed()).await {
        return visit.failed(&why);
    }
    let mut page = visit.page("Your request is noted");
    page.lead.push("If you can still be invited, an administrator of the practice sees that you asked for a new link.".to_owned());
    page.links.push(("Sign in".to_owned(), visit.path(PageName::SignIn)));
    answer::page(StatusCode::OK, &page)
}

/// Leaves a row in the user log, once an hour for each link, about somebody who can still accept.
async fn note(conn: &mut Conn, visit: &Visit) -> Result<(), Failure> {
    let (name, now, hash) = (visit.workspace.name.as_str(), visit.now(), links::hash(&visit.token));
    let Some(link) = invitations::find_by_token(conn, name, &hash).await? else { return Ok(()) };
    let has_ended = link.superseded || state_at(&link.sent, now).is_expired();
    let Some(account) = accounts::find(conn, name, &link.account).await? else { return Ok(()) };
    if !has_ended || !account.state.standing().is_pending() || account.state.block.is_some() {
        return Ok(());
    }
    let earlier = codes::since(conn, name, &account.id, AGAIN, now.saturating_sub(HOUR)).await?;
    if earlier.iter().any(|asked| asked.hash == hash) {
        return Ok(());
    }
    codes::insert(conn, name, &account.id, AGAIN, &hash, now).await?;
    visit.log(conn, &account, MemberLogRow::new(LoginEvent::AskedForLink)).await
}
