//! A link for somebody else, opened in a browser in which somebody is signed in: they sign out first, so that neither uses the other's by mistake.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::leaving;
use crate::members::judge;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::frame::page_route::PageRoute;
use crate::server::members::view::{FormView, Page};
use crate::server::members::visit::{Session, Visit};
use crate::server::members::{answer, links};
use crate::store::members::links as stored_links;
use crate::store::members::links::LinkKind;
use crate::store::{Conn, invitations};
use crate::workspace::state_at;

/// Each page for the holder of a link, the page that the link leads to, and the kind of link; an invitation is none of those.
const OF_LINKS: [(PageName, PageName, Option<LinkKind>); 6] = [
    (PageName::Join, PageName::Join, None),
    (PageName::JoinCode, PageName::Join, None),
    (PageName::Reset, PageName::Reset, Some(LinkKind::Reset)),
    (PageName::SetUp, PageName::SetUp, Some(LinkKind::SetUp)),
    (PageName::ConfirmAddress, PageName::ConfirmAddress, Some(LinkKind::Address)),
    (PageName::BecomeMainAdmin, PageName::BecomeMainAdmin, Some(LinkKind::MainAdmin)),
];

/// The field of the form with which somebody signs out.
const LEAVE: &str = "leave";

/// The answer to somebody who is signed in and opens a link that is not theirs; `None` for everybody else. It does not say whose the link is.
pub(super) async fn answered(visit: &Visit, page: &PageRoute, session: Session, is_post: bool) -> Option<Response> {
    let (_, leads_to, kind) = OF_LINKS.into_iter().find(|(name, ..)| name.template() == page.path)?;
    let inside = visit.clone();
    let holder = match visit.read(move |conn| async move { holder(conn, &inside, kind).await }.boxed()).await {
        Ok(holder) => holder?,
        Err(why) => return Some(visit.failed(&why)),
    };
    if holder == session.row.account || !session.stage.is_signed_in() {
        return None;
    }
    let path = visit.path(leads_to);
    if is_post && !visit.form.text(LEAVE).is_empty() {
        let leaving = Visit { session: Some(session.clone()), ..visit.clone() };
        return Some(leaving::leave(&leaving, session, &path).await);
    }
    let mut other = visit.page("This link is for another person");
    other.lead.push(format!("You are signed in as {}. This link is for another person.", session.row.user_name));
    let form = FormView {
        action: path,
        fields: Vec::new(),
        hidden: vec![(LEAVE.to_owned(), "yes".to_owned())],
        button: "Sign out and continue".to_owned(),
    };
    other.links.push(("Stay signed in".to_owned(), visit.path(PageName::Home)));
    let status = if is_post { StatusCode::CONFLICT } else { StatusCode::OK };
    Some(answer::page(status, &Page { form: Some(form), ..other }))
}

/// The id of the account that the link of the path is for, if it works. Nothing is written.
async fn holder(conn: &mut Conn, visit: &Visit, kind: Option<LinkKind>) -> Result<Option<String>, Failure> {
    let (name, now, token) = (visit.workspace.name.as_str(), visit.now(), links::hash(&visit.token));
    let Some(kind) = kind else {
        let link = invitations::find_by_token(conn, name, &token).await?;
        return Ok(link.filter(|link| !link.superseded && state_at(&link.sent, now).is_open()).map(|link| link.account));
    };
    let link = stored_links::find(conn, name, kind, &token).await?;
    Ok(link.filter(|link| judge(&link.sent, now).is_ok()).map(|link| link.account))
}

#[cfg(test)]
mod tests {
    use super::{OF_LINKS, PageName};

    #[test]
    fn every_page_for_the_holder_of_a_link_asks_whose_it_is() {
        let asks = |name: &PageName| OF_LINKS.iter().any(|(known, ..)| known.template() == name.template());
        let missing: Vec<_> = PageName::ALL.iter().filter(|name| name.has_token() && !asks(name)).collect();
        assert_eq!(missing, [&PageName::AskLink], "a link that has ended belongs to nobody");
    }
}
