//! Opens sessions, and finds them again inside the workspace's lock.

use axum::response::Response;

use super::second_factor;
use crate::members::{self, Factor, SessionStage};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::answer;
use crate::server::members::visit::{Session, Visit};
use crate::store::members::sessions::{self, NewSession};
use crate::store::members::{logins, second_factors};
use crate::store::{AccountRow, Conn, accounts};

/// What the holder of an account may do, whose password was right. `is_given` says that the second factor was given, or is not asked for.
pub(in crate::server::members) async fn stage(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    is_given: bool,
) -> Result<SessionStage, Failure> {
    let login = logins::of_account(conn, &visit.workspace.name, &account.id).await?.ok_or(Failure::Damaged)?;
    let is_set = second_factors::find(conn, &login.id).await?.is_some();
    let is_required = second_factor::is_required(&visit.workspace, account);
    Ok(members::stage(login.must_change, Factor { is_set, is_required, is_given }))
}

/// Opens the session that the right password of an account opens, as far as [`stage`] lets it; returns its secret.
pub(in crate::server::members) async fn begin(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    is_given: bool,
) -> Result<Secret, Failure> {
    let stage = stage(conn, visit, account, is_given).await?;
    open(conn, visit, &account.id, stage).await
}

/// Opens a session of an account, in the transaction that decided it may; returns its secret, which leaves with the answer.
pub(in crate::server::members) async fn open(
    conn: &mut Conn,
    visit: &Visit,
    account: &str,
    stage: SessionStage,
) -> Result<Secret, Failure> {
    open_until(conn, visit, account, stage, visit.now().saturating_add(stage.lives())).await
}

/// As [`open`], for a session that ends at a time in any case (epoch milliseconds).
pub(in crate::server::members) async fn open_until(
    conn: &mut Conn,
    visit: &Visit,
    account: &str,
    stage: SessionStage,
    ends: i64,
) -> Result<Secret, Failure> {
    let (secret, now) = (ids::random_token("rses_"), visit.now());
    let new = NewSession {
        hash: sha256(&[secret.expose().as_bytes()]),
        id: ids::new_id(now),
        account: account.to_owned(),
        stage,
        ends,
        origin: visit.origin.clone(),
        device: visit.device.clone(),
    };
    sessions::insert(conn, &visit.workspace.name, &new, now).await?;
    Ok(secret)
}

/// Gives the browser its session and goes on with a path.
pub(in crate::server::members) fn entered(visit: &Visit, secret: &Secret, path: &str) -> Response {
    let mut response = answer::go(path);
    answer::set_cookie(&mut response, &visit.workspace.name, secret.expose());
    response
}

/// The account of a session as it is inside the lock, if the session still lives: between gate and write, an account can be blocked.
pub(in crate::server::members) async fn still(conn: &mut Conn, visit: &Visit, session: &Session) -> Result<Option<AccountRow>, Failure> {
    let name = &visit.workspace.name;
    match sessions::find(conn, name, &session.hash).await? {
        Some(row) if row.may_sign_in => Ok(accounts::find(conn, name, &row.account).await?),
        Some(_) | None => Ok(None),
    }
}
