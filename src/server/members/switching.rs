//! Switching between the workspaces of one login (AR-3). Nothing of one shows in another, except to the member (AR-4).

use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::signing_in::entering::{self, Opening};
use super::visit::{MemberLogRow, Session, Visit};
use crate::members::LoginEvent;
use crate::model::Secret;
use crate::server::auth;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::store::members::logins;
use crate::store::{AccountRow, Conn, accounts};
use crate::workspace::may_sign_in;

/// An account of the same login in another workspace, which its holder may enter.
pub(super) struct Elsewhere {
    pub(super) workspace: String,
    account: AccountRow,
}

/// The other workspaces that the holder of a session may enter, by name. A session that a set-up link opened stays in its workspace.
pub(super) async fn elsewhere(conn: &mut Conn, visit: &Visit, session: &Session) -> Result<Vec<Elsewhere>, Failure> {
    if session.row.by_link {
        return Ok(Vec::new());
    }
    let (here, account) = (&visit.workspace.name, session.row.account.as_str());
    let Some(login) = logins::of_account(conn, here, account).await? else { return Ok(Vec::new()) };
    let served = visit.server.settings.workspaces.clone();
    let is_served = |name: &str| served.as_ref().is_none_or(|served| served.contains(name));
    let mut found = Vec::new();
    for (workspace, id) in logins::accounts_of(conn, &login.id).await? {
        if workspace != *here
            && is_served(&workspace)
            && let Some(account) = accounts::find(conn, &workspace, &id).await?
            && may_sign_in(&account.state)
        {
            found.push(Elsewhere { workspace, account });
        }
    }
    Ok(found)
}

/// `POST /switch`: opens a session there, which ends when this one does.
pub(super) async fn switch(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return super::signing_in::needed(&visit, true) };
    match switched(&visit, session).await {
        Ok(Some((there, secret))) => {
            let mut response = answer::go(&PageName::Home.path(&there));
            answer::set_cookie(&mut response, &there, secret.expose());
            response
        }
        // The account there was blocked or inactivated a moment ago: the page shows what is left.
        Ok(None) => answer::go(&visit.path(PageName::Home)),
        Err(why) => visit.failed(&why),
    }
}

async fn switched(visit: &Visit, session: Session) -> Result<Option<(String, Secret)>, Failure> {
    let (inside, wanted) = (visit.clone(), visit.form.text("to").to_owned());
    let (app, name) = (visit.server.clone(), wanted.clone());
    let Some(there) = visit.read(move |conn| async move { auth::workspace(conn, &app, &name).await }.boxed()).await? else {
        return Ok(None);
    };
    // The session opens inside the lock of the workspace that it belongs to.
    visit
        .server
        .write(&wanted.clone(), move |writing| {
            async move {
                let conn = &mut writing.conn;
                if entering::still(conn, &inside, &session).await?.is_none() {
                    return Ok(None);
                }
                let all = elsewhere(conn, &inside, &session).await?;
                let Some(target) = all.into_iter().find(|other| other.workspace == wanted) else { return Ok(None) };
                let visit = Visit { workspace: there, session: None, ..inside };
                let stage = entering::stage(conn, &visit, &target.account, true).await?;
                let opening =
                    Opening { ends: session.row.ends, device_id: None, by_link: false, sign_in: Some(session.row.sign_in.clone()) };
                let secret = entering::open_until(conn, &visit, &target.account.id, stage, opening).await?;
                accounts::signed_in(conn, &target.workspace, &target.account.id, visit.now()).await?;
                // X-5 names switches, so the row says that it was one, though it tells that the member has another workspace: where from,
                // and everything else about it, stays out (AR-4).
                let detail = Some("by a switch of workspaces".to_owned());
                visit.log(conn, &target.account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
                Ok(Some((target.workspace, secret)))
            }
            .boxed()
        })
        .await
}
