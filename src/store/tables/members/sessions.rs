//! Sessions of browsers and of the app: kept as hashes only, each of one account.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::members::{SessionKind, SessionStage};
use crate::store::{Conn, StoreError, invitations};
use crate::workspace::may_sign_in;

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of its secret, base64url.
    pub hash: String,
    /// Its id, which may be shown.
    pub id: String,
    /// The id of its account.
    pub account: String,
    /// The program that opened it.
    pub kind: SessionKind,
    /// The stage, which says what it may do.
    pub stage: SessionStage,
    /// The time at which it ends in any case, epoch milliseconds.
    pub ends: i64,
    /// The address that it was opened from.
    pub origin: Option<String>,
    /// The browser or device, in its own words.
    pub device: Option<String>,
    /// The id of the known device that has the app.
    pub device_id: Option<String>,
    /// Says whether a set-up link opened it, for which no password was typed.
    pub by_link: bool,
    /// The id of the first session of the same sign-in: its own, unless a switch of workspaces opened it.
    pub sign_in: String,
}

/// A session with the state of its account.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: String,
    /// The address of its account.
    pub user_name: String,
    /// The program that opened it.
    pub kind: SessionKind,
    /// The stage, which says what it may do.
    pub stage: SessionStage,
    /// Epoch milliseconds.
    pub began: i64,
    /// The time at which it was last used, epoch milliseconds.
    pub used: i64,
    /// The time at which it ends in any case, epoch milliseconds.
    pub ends: i64,
    /// The address that it was opened from.
    pub origin: Option<String>,
    /// The browser or device, in its own words.
    pub device: Option<String>,
    /// The id of the known device that has the app.
    pub device_id: Option<String>,
    /// Says whether a set-up link opened it, for which no password was typed.
    pub by_link: bool,
    /// The id of the first session of the same sign-in.
    pub sign_in: String,
    /// Says whether the account is accepted, active and not blocked.
    pub may_sign_in: bool,
}

/// The columns of [`SessionRow`]; a macro, since each statement is one text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.account, s.stage, s.began, s.used, s.ends, s.origin, s.device, a.deleted, a.accepted, a.inactive, b.reason, b.note, ",
            "s.kind, s.device_id, a.user_name, s.by_link, COALESCE(s.sign_in, s.id) ",
            "FROM sessions s JOIN accounts a ON a.workspace = s.workspace AND a.id = s.account ",
            "LEFT JOIN blocks b ON b.workspace = a.workspace AND b.account = a.id AND b.lifted_at IS NULL ",
            $rest
        )
    };
}

fn decode(r: &SqliteRow) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: r.try_get(0)?,
        account: r.try_get(1)?,
        user_name: r.try_get(15)?,
        stage: SessionStage::parse(&r.try_get::<String, _>(2)?).ok_or(StoreError::Damaged { table: "sessions" })?,
        began: r.try_get(3)?,
        used: r.try_get(4)?,
        ends: r.try_get(5)?,
        origin: r.try_get(6)?,
        device: r.try_get(7)?,
        kind: SessionKind::parse(&r.try_get::<String, _>(13)?).ok_or(StoreError::Damaged { table: "sessions" })?,
        device_id: r.try_get(14)?,
        by_link: r.try_get::<i64, _>(16)? != 0,
        sign_in: r.try_get(17)?,
        may_sign_in: r.try_get::<i64, _>(8)? == 0 && may_sign_in(&invitations::state(r, [9, 10], [11, 12], None)?),
    })
}

/// Opens a session.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewSession, now: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO sessions (hash, id, workspace, account, stage, began, used, ends, origin, device, kind, device_id, by_link, sign_in) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13)"
    ))
    .bind(new.hash.as_str())
    .bind(new.id.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.stage.as_str())
    .bind(now)
    .bind(new.ends)
    .bind(new.origin.as_deref())
    .bind(new.device.as_deref())
    .bind(new.kind.as_str())
    .bind(new.device_id.as_deref())
    .bind(i64::from(new.by_link))
    .bind(new.sign_in.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// The session of that kind with that hash that nobody has ended, and the state of its account, in one query.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: SessionKind, hash: &str) -> Result<Option<SessionRow>, StoreError> {
    let row = sqlx::query(select!("WHERE s.hash = $2 AND s.workspace = $1 AND s.kind = $3 AND s.ended IS NULL"))
        .bind(workspace)
        .bind(hash)
        .bind(kind.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The open sessions of an account, the one used last first.
///
/// # Errors
/// The database refuses.
pub async fn open_of(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<Vec<SessionRow>, StoreError> {
    let rows =
        sqlx::query(select!("WHERE s.workspace = $1 AND s.account = $2 AND s.ended IS NULL AND s.ends > $3 ORDER BY s.used DESC, s.id"))
            .bind(workspace)
            .bind(account)
            .bind(now)
            .fetch_all(conn)
            .await?;
    rows.iter().map(decode).collect()
}

/// Stores that a session was used.
///
/// # Errors
/// The database refuses.
pub async fn touch(conn: &mut Conn, workspace: &str, hash: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET used = $3 WHERE workspace = $1 AND hash = $2 AND ended IS NULL AND used < $3")
        .bind(workspace)
        .bind(hash)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends one session of an account by its id; returns whether it was open.
///
/// # Errors
/// The database refuses.
pub async fn end(conn: &mut Conn, workspace: &str, account: &str, id: &str, now: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sessions SET ended = $4 WHERE workspace = $1 AND account = $2 AND id = $3 AND ended IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the sessions of a sign-in, in every workspace; returns workspace and account of each.
///
/// # Errors
/// The database refuses.
pub async fn end_sign_in(conn: &mut Conn, sign_in: &str, now: i64) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query("UPDATE sessions SET ended = $2 WHERE (sign_in = $1 OR id = $1) AND ended IS NULL RETURNING workspace, account")
        .bind(sign_in)
        .bind(now)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
}

/// Ends the sessions of an account, except the one with this id; returns how many were open.
///
/// # Errors
/// The database refuses.
pub async fn end_of(conn: &mut Conn, workspace: &str, account: &str, except: Option<&str>, now: i64) -> Result<u64, StoreError> {
    let done =
        sqlx::query("UPDATE sessions SET ended = $4 WHERE workspace = $1 AND account = $2 AND ended IS NULL AND id <> COALESCE($3, '')")
            .bind(workspace)
            .bind(account)
            .bind(except)
            .bind(now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}
