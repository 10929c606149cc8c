//! Browsers that skip the second factor of one account: kept as hashes only.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// Trusts a browser until `ends` (epoch milliseconds). `hash` is SHA-256 of its secret, base64url.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, account: &str, hash: &str, ends: i64) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO trusted_devices (hash, workspace, account, ends) VALUES ($1, $2, $3, $4)")
        .bind(hash)
        .bind(workspace)
        .bind(account)
        .bind(ends)
        .execute(conn)
        .await?;
    Ok(())
}

/// Returns whether a browser is trusted for an account now.
///
/// # Errors
/// The database refuses.
pub async fn is_trusted(conn: &mut Conn, workspace: &str, account: &str, hash: &str, now: i64) -> Result<bool, StoreError> {
    let row =
        sqlx::query("SELECT 1 FROM trusted_devices WHERE hash = $3 AND workspace = $1 AND account = $2 AND ended IS NULL AND ends > $4")
            .bind(workspace)
            .bind(account)
            .bind(hash)
            .bind(now)
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

/// Returns how many browsers are trusted for an account now.
///
/// # Errors
/// The database refuses.
pub async fn count(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM trusted_devices WHERE workspace = $1 AND account = $2 AND ended IS NULL AND ends > $3")
        .bind(workspace)
        .bind(account)
        .bind(now)
        .fetch_one(conn)
        .await?;
    Ok(row.try_get(0)?)
}

/// Stops trusting the browsers of an account; returns how many were trusted.
///
/// # Errors
/// The database refuses.
pub async fn end_of(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<u64, StoreError> {
    let done = sqlx::query("UPDATE trusted_devices SET ended = $3 WHERE workspace = $1 AND account = $2 AND ended IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
