//! Second factors: the key of an authenticator app, sealed, one for each login (CHR-5).

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// A second factor as it is stored.
#[derive(Clone, Debug)]
pub struct SecondFactorRow {
    /// Its key, sealed.
    pub secret: String,
    /// The last step whose code was used (RFC 6238).
    pub step: i64,
    /// The number of wrong codes that were typed in a row.
    pub wrong: i64,
    /// The time at which the last wrong one was typed, epoch milliseconds.
    pub wrong_at: i64,
    /// The time at which it was set up, epoch milliseconds.
    pub since: i64,
}

/// The second factor of a login.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, login: &str) -> Result<Option<SecondFactorRow>, StoreError> {
    let row = sqlx::query("SELECT secret, step, wrong, wrong_at, since FROM second_factors WHERE login = $1")
        .bind(login)
        .fetch_optional(conn)
        .await?;
    row.map(|r| {
        Ok(SecondFactorRow {
            secret: r.try_get(0)?,
            step: r.try_get(1)?,
            wrong: r.try_get(2)?,
            wrong_at: r.try_get(3)?,
            since: r.try_get(4)?,
        })
    })
    .transpose()
}

/// Sets the second factor of a login, in place of an earlier one. `step` is the one whose code confirmed it.
///
/// # Errors
/// The database refuses.
pub async fn set(conn: &mut Conn, login: &str, secret: &str, step: i64, now: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO second_factors (login, secret, step, wrong, wrong_at, since) VALUES ($1, $2, $3, 0, 0, $4) ",
        "ON CONFLICT (login) DO UPDATE SET secret = $2, step = $3, wrong = 0, wrong_at = 0, since = $4"
    ))
    .bind(login)
    .bind(secret)
    .bind(step)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores that the code of a step was used: it is not taken again, and wrong codes are counted anew.
///
/// # Errors
/// The database refuses.
pub async fn use_step(conn: &mut Conn, login: &str, step: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE second_factors SET step = $2, wrong = 0, wrong_at = 0 WHERE login = $1")
        .bind(login)
        .bind(step)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores how many wrong codes were typed in a row, and when the last one was (epoch milliseconds).
///
/// # Errors
/// The database refuses.
pub async fn set_wrong(conn: &mut Conn, login: &str, (wrong, wrong_at): (i64, i64)) -> Result<(), StoreError> {
    sqlx::query("UPDATE second_factors SET wrong = $2, wrong_at = $3 WHERE login = $1")
        .bind(login)
        .bind(wrong)
        .bind(wrong_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes the second factor of a login; returns whether it had one.
///
/// # Errors
/// The database refuses.
pub async fn remove(conn: &mut Conn, login: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM second_factors WHERE login = $1").bind(login).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}
