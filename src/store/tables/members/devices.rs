//! Devices on which the right password of an account was typed: kept as hashes only.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::members::SessionKind;
use crate::store::{Conn, StoreError};

/// A device that becomes known.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// SHA-256 of its secret, base64url.
    pub hash: String,
    /// Its id, which may be shown.
    pub id: String,
    /// The id of the account whose password was typed.
    pub account: String,
    /// The program that runs on it.
    pub kind: SessionKind,
    /// Its name, in its own words.
    pub name: Option<String>,
}

/// A known device.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: String,
    /// Its name, in its own words.
    pub name: Option<String>,
    /// The time at which the password was last typed on it, epoch milliseconds.
    pub password_at: i64,
}

/// The columns of [`DeviceRow`]; a macro, since each statement is one text.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, account, name, password_at FROM devices WHERE workspace = $1 AND ended IS NULL AND ", $rest)
    };
}

fn decode(r: &SqliteRow) -> Result<DeviceRow, StoreError> {
    Ok(DeviceRow { id: r.try_get(0)?, account: r.try_get(1)?, name: r.try_get(2)?, password_at: r.try_get(3)? })
}

/// Keeps a device on which the password was typed now.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewDevice, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO devices (hash, id, workspace, account, kind, name, since, password_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(new.hash.as_str())
    .bind(new.id.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.kind.as_str())
    .bind(new.name.as_deref())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The known device with that hash.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: SessionKind, hash: &str) -> Result<Option<DeviceRow>, StoreError> {
    let row = sqlx::query(select!("hash = $2 AND kind = $3")).bind(workspace).bind(hash).bind(kind.as_str()).fetch_optional(conn).await?;
    row.as_ref().map(decode).transpose()
}

/// The devices of an account with the app on which the password was typed after a time (epoch milliseconds), the newest first.
///
/// # Errors
/// The database refuses.
pub async fn with_app(conn: &mut Conn, workspace: &str, account: &str, after: i64) -> Result<Vec<DeviceRow>, StoreError> {
    let rows = sqlx::query(select!("account = $2 AND kind = $3 AND password_at > $4 ORDER BY password_at DESC, id"))
        .bind(workspace)
        .bind(account)
        .bind(SessionKind::Ios.as_str())
        .bind(after)
        .fetch_all(conn)
        .await?;
    rows.iter().map(decode).collect()
}

/// Stores that the password was typed on a device again.
///
/// # Errors
/// The database refuses.
pub async fn typed_again(conn: &mut Conn, workspace: &str, id: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE devices SET password_at = $3 WHERE workspace = $1 AND id = $2 AND ended IS NULL")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a device of an account, and ends its sessions; returns how many were open, and whether the device was known.
///
/// # Errors
/// The database refuses.
pub async fn end(conn: &mut Conn, workspace: &str, account: &str, id: &str, now: i64) -> Result<(u64, bool), StoreError> {
    let sessions = sqlx::query("UPDATE sessions SET ended = $4 WHERE workspace = $1 AND account = $2 AND device_id = $3 AND ended IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    let done = sqlx::query("UPDATE devices SET ended = $4 WHERE workspace = $1 AND account = $2 AND id = $3 AND ended IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok((sessions.rows_affected(), done.rows_affected() > 0))
}

/// Forgets the devices of an account, those of one kind or all; returns how many were known.
///
/// # Errors
/// The database refuses.
pub async fn end_of(conn: &mut Conn, workspace: &str, account: &str, kind: Option<SessionKind>, now: i64) -> Result<u64, StoreError> {
    let done = sqlx::query(concat!(
        "UPDATE devices SET ended = $4 ",
        "WHERE workspace = $1 AND account = $2 AND kind = COALESCE($3, kind) AND ended IS NULL"
    ))
    .bind(workspace)
    .bind(account)
    .bind(kind.map(SessionKind::as_str))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
