//! Ends a sign-in, with the sessions in other workspaces that it opened.

use axum::response::Response;
use futures::FutureExt;

use super::entering;
use crate::members::LoginEvent;
use crate::server::auth;
use crate::server::failure::Failure;
use crate::server::members::answer;
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::store::members::sessions;
use crate::store::{Conn, accounts};

/// Ends the sign-in of a session, and goes on with a path.
pub(in crate::server::members) async fn leave(visit: &Visit, session: Session, path: &str) -> Response {
    let inside = visit.clone();
    let done = visit.write(move |writing| async move { end_sign_in(&mut writing.conn, &inside, &session).await }.boxed()).await;
    let left = match done {
        Ok(left) => left,
        Err(why) => return visit.failed(&why),
    };
    let mut response = answer::go(path);
    for workspace in left.iter().filter(|left| **left != visit.workspace.name).chain([&visit.workspace.name]) {
        answer::forget_cookie(&mut response, workspace);
    }
    response
}

/// Ends the sessions of a sign-in, and returns their workspaces; each logs its own (AR-4).
async fn end_sign_in(conn: &mut Conn, visit: &Visit, session: &Session) -> Result<Vec<String>, Failure> {
    if entering::still(conn, visit, session).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut left = Vec::new();
    for (name, id) in sessions::end_sign_in(conn, &session.row.sign_in, visit.now()).await? {
        let Some(workspace) = auth::workspace(conn, &visit.server, &name).await? else { continue };
        let Some(account) = accounts::find(conn, &name, &id).await? else { continue };
        let session = visit.session.clone().filter(|_| name == visit.workspace.name);
        let there = Visit { workspace, session, ..visit.clone() };
        there.log(conn, &account, MemberLogRow::new(LoginEvent::SignedOut)).await?;
        left.push(name);
    }
    Ok(left)
}
