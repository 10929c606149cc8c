//! Recovery codes, sealed: each takes the place of a second factor once.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// Keeps new codes of a login, sealed; the old ones end.
///
/// # Errors
/// The database refuses.
pub async fn replace(conn: &mut Conn, login: &str, hashes: &[String], now: i64) -> Result<(), StoreError> {
    end(conn, login, now).await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_codes (login, hash) VALUES ($1, $2)").bind(login).bind(hash.as_str()).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Uses a code up; returns whether it was good.
///
/// # Errors
/// The database refuses.
pub async fn use_up(conn: &mut Conn, login: &str, hash: &str, now: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE recovery_codes SET over_at = $3 WHERE login = $1 AND hash = $2 AND over_at IS NULL")
        .bind(login)
        .bind(hash)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Returns how many codes of a login are good.
///
/// # Errors
/// The database refuses.
pub async fn left(conn: &mut Conn, login: &str) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM recovery_codes WHERE login = $1 AND over_at IS NULL").bind(login).fetch_one(conn).await?;
    Ok(row.try_get(0)?)
}

/// Ends every code of a login.
///
/// # Errors
/// The database refuses.
pub async fn end(conn: &mut Conn, login: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE recovery_codes SET over_at = $2 WHERE login = $1 AND over_at IS NULL").bind(login).bind(now).execute(conn).await?;
    Ok(())
}
