//! Opens sessions, and finds them again inside the workspace's lock.

use axum::response::Response;

use super::{device, second_factor};
use crate::members::{self, Factor, Login, SessionStage};
use crate::model::{OwnSecret, Secret};
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::answer;
use crate::server::members::visit::{Session, Visit};
use crate::store::members::sessions::{self, NewSession};
use crate::store::members::{logins, second_factors};
use crate::store::{AccountRow, Conn, accounts};

/// Returns what the holder of an account may do, whose password was right. `is_given` says that the second factor was given, or is not asked for.
pub(in crate::server::members) async fn stage(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    is_given: bool,
) -> Result<SessionStage, Failure> {
    let login = logins::of_account(conn, &visit.workspace.name, &account.id).await?.ok_or(Failure::Damaged)?;
    stage_of(conn, visit, (account, &login), is_given).await
}

/// As [`stage`], with the login of the account.
pub(in crate::server::members) async fn stage_of(
    conn: &mut Conn,
    visit: &Visit,
    (account, login): (&AccountRow, &Login),
    is_given: bool,
) -> Result<SessionStage, Failure> {
    let is_set = second_factors::find(conn, &login.id).await?.is_some();
    let is_required = second_factor::is_required(&visit.workspace, account);
    Ok(members::stage(login.must_change, Factor { is_set, is_required, is_given }))
}

/// The things that somebody receives who typed the right password.
pub(in crate::server::members) struct Entered {
    /// The secret of the session, which leaves with the answer.
    pub(in crate::server::members) session: Secret,
    pub(in crate::server::members) stage: SessionStage,
    /// The time at which the session ends in any case, epoch milliseconds.
    pub(in crate::server::members) ends: i64,
    /// The secret of the device, if it was not known before.
    pub(in crate::server::members) device: Option<Secret>,
}

/// Opens the session that the right password of an account opens, as far as [`stage`] lets it.
pub(in crate::server::members) async fn begin(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    is_given: bool,
) -> Result<Entered, Failure> {
    let stage = stage(conn, visit, account, is_given).await?;
    with_password(conn, visit, &account.id, stage).await
}

/// As [`begin`], for a stage that was decided. A device becomes known once nothing is left to do before the session is whole.
pub(in crate::server::members) async fn with_password(
    conn: &mut Conn,
    visit: &Visit,
    account: &str,
    stage: SessionStage,
) -> Result<Entered, Failure> {
    let ends = visit.now().saturating_add(stage.lives(visit.kind));
    let (id, device) = if stage.is_whole() { device::know(conn, visit, account).await? } else { (None, None) };
    let session = open_until(conn, visit, account, stage, Opening { ends, device_id: id, by_link: false, sign_in: None }).await?;
    Ok(Entered { session, stage, ends, device })
}

/// The terms on which a session is opened.
pub(in crate::server::members) struct Opening {
    /// The time at which it ends in any case, epoch milliseconds.
    pub(in crate::server::members) ends: i64,
    /// The id of the known device that has the app.
    pub(in crate::server::members) device_id: Option<String>,
    /// Says whether a set-up link opens it, for which no password was typed.
    pub(in crate::server::members) by_link: bool,
    /// The sign-in that it belongs to; `None` for a new one.
    pub(in crate::server::members) sign_in: Option<String>,
}

/// Opens a session of an account, in the transaction that decided it may. Returns its secret, which leaves with the answer.
pub(in crate::server::members) async fn open_until(
    conn: &mut Conn,
    visit: &Visit,
    account: &str,
    stage: SessionStage,
    Opening { ends, device_id, by_link, sign_in }: Opening,
) -> Result<Secret, Failure> {
    let (secret, now) = (ids::random_token(OwnSecret::Session), visit.now());
    let id = ids::new_id(now);
    let new = NewSession {
        hash: sha256(&[secret.expose().as_bytes()]),
        sign_in: sign_in.unwrap_or_else(|| id.clone()),
        id,
        account: account.to_owned(),
        kind: visit.kind,
        stage,
        ends,
        origin: visit.origin.clone(),
        device: visit.device.clone(),
        device_id,
        by_link,
    };
    sessions::insert(conn, &visit.workspace.name, &new, now).await?;
    Ok(secret)
}

/// Gives the browser its session, and the secret by which it is known from now on.
pub(in crate::server::members) fn hand_over(response: &mut Response, visit: &Visit, entered: &Entered) {
    let name = &visit.workspace.name;
    answer::set_cookie(response, name, entered.session.expose());
    if let Some(device) = &entered.device {
        answer::add_known_cookie(response, name, device.expose());
    }
}

/// As [`hand_over`], and goes on with a path.
pub(in crate::server::members) fn entered(visit: &Visit, entered: &Entered, path: &str) -> Response {
    let mut response = answer::go(path);
    hand_over(&mut response, visit, entered);
    response
}

/// The account of a session as it is inside the lock, if the session still lives: between gate and write, an account can be blocked.
pub(in crate::server::members) async fn still(conn: &mut Conn, visit: &Visit, session: &Session) -> Result<Option<AccountRow>, Failure> {
    let name = &visit.workspace.name;
    match sessions::find(conn, name, session.row.kind, &session.hash).await? {
        Some(row) if row.may_sign_in => Ok(accounts::find(conn, name, &row.account).await?),
        Some(_) | None => Ok(None),
    }
}
