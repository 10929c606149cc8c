//! Opens sessions.

use axum::response::Response;

use super::answer;
use super::visit::Visit;
use crate::members::{Stage, WEB_HOURS};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::store::Conn;
use crate::store::members::sessions::{self, NewSession};

/// Opens a session of an account, in the transaction that decided it may; returns its secret, which leaves with the answer.
pub(super) async fn open(conn: &mut Conn, visit: &Visit, account: &str, stage: Stage) -> Result<Secret, Failure> {
    let (secret, now) = (ids::random_token("rses_"), visit.now());
    let new = NewSession {
        hash: sha256(&[secret.expose().as_bytes()]),
        id: ids::new_id(now),
        account: account.to_owned(),
        stage: stage.as_str().to_owned(),
        ends: now.saturating_add(WEB_HOURS * 60 * 60 * 1000),
        origin: visit.origin.clone(),
        device: visit.device.clone(),
    };
    sessions::insert(conn, &visit.workspace.name, &new, now).await?;
    Ok(secret)
}

/// Gives the browser its session and goes on.
pub(super) fn entered(visit: &Visit, secret: &Secret, path: &str) -> Response {
    let mut response = answer::go(&visit.path(path));
    answer::set_cookie(&mut response, &visit.workspace.name, secret.expose());
    response
}
