//! The link that confirms an address.

use axum::http::StatusCode;
use axum::response::Response;

use super::answer;
use crate::members::{ADDRESS_LIVES, LoginEvent, MessageKind, Wait, may_send};
use crate::model::{DAY, Email, OwnSecret};
use crate::report::span;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::signing_in::entering;
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::store::Conn;
use crate::store::members::links as stored_links;
use crate::store::members::links::{LinkKind, LinkPurpose, NewLink};

/// The page after a link was sent.
pub(super) fn on_its_way(visit: &Visit, to: &str) -> Response {
    let mut page = visit.page("Look at your mail");
    let lives = span(ADDRESS_LIVES);
    page.lead.push(format!("A link is on its way to {to}. It works once, within {lives}. Until then, nothing changes."));
    page.links.push(("Back to your profile".to_owned(), visit.path(PageName::Profile)));
    answer::page(StatusCode::OK, &page)
}

/// Sends the link, unless the session has ended or too many were sent.
pub(super) async fn send_to(
    conn: &mut Conn,
    visit: &Visit,
    session: &Session,
    address: &Email,
) -> Result<Option<Result<(), Wait>>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(None) };
    let earlier = stored_links::sent_to_login(conn, name, &account.id, LinkKind::Address, now.saturating_sub(DAY)).await?;
    if let Err(wait) = may_send(&earlier, now) {
        return Ok(Some(Err(wait)));
    }
    let token = ids::random_token(OwnSecret::Address);
    let link = NewLink {
        hash: sha256(&[token.expose().as_bytes()]),
        account: account.id.clone(),
        purpose: LinkPurpose::Address(address.as_str().to_owned()),
        expires_at: now.saturating_add(ADDRESS_LIVES),
    };
    stored_links::insert(conn, name, &link, now).await?;
    let message = Message {
        workspace: name,
        account: &account.id,
        kind: MessageKind::ConfirmAddress,
        recipient: address.as_str(),
        secret: Some(&token),
    };
    queue(conn, &visit.server.store, &message, now).await?;
    let detail = Some(format!("to {}", address.as_str()));
    visit.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::AskedForAddress) }).await?;
    Ok(Some(Ok(())))
}
