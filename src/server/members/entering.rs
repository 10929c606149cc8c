//! Opens sessions.

use axum::response::Response;

use super::answer;
use super::factor;
use super::visit::Visit;
use crate::members::{self, Factor, Stage};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::store::members::logins;
use crate::store::members::second_factors;
use crate::store::members::sessions::{self, NewSession};
use crate::store::{AccountRow, Conn};

/// What the holder of an account may do, whose password was right. `is_given` says that the second factor was given, or is not asked for.
pub(super) async fn stage(conn: &mut Conn, visit: &Visit, account: &AccountRow, is_given: bool) -> Result<Stage, Failure> {
    let login = logins::of_account(conn, &visit.workspace.name, &account.id).await?.ok_or(Failure::Damaged)?;
    let is_set = second_factors::find(conn, &login.id).await?.is_some();
    let is_required = factor::is_required(conn, &visit.workspace, account).await?;
    Ok(members::stage(login.must_change, Factor { is_set, is_required, is_given }))
}

/// Opens the session that the right password of an account opens, as far as [`stage`] lets it; returns its secret.
pub(super) async fn begin(conn: &mut Conn, visit: &Visit, account: &AccountRow, is_given: bool) -> Result<Secret, Failure> {
    let stage = stage(conn, visit, account, is_given).await?;
    open(conn, visit, &account.id, stage).await
}

/// Opens a session of an account, in the transaction that decided it may; returns its secret, which leaves with the answer.
pub(super) async fn open(conn: &mut Conn, visit: &Visit, account: &str, stage: Stage) -> Result<Secret, Failure> {
    let (secret, now) = (ids::random_token("rses_"), visit.now());
    let new = NewSession {
        hash: sha256(&[secret.expose().as_bytes()]),
        id: ids::new_id(now),
        account: account.to_owned(),
        stage: stage.as_str().to_owned(),
        ends: now.saturating_add(stage.lives()),
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
