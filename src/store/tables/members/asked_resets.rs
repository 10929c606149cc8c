//! Addresses for which somebody asked for a new password, until the server has sent the link or found nobody to send it to.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// An address for which somebody asked for a new password.
#[derive(Clone, Debug)]
pub struct AskedReset {
    /// The id of the request; a later one sorts after an earlier one.
    pub id: String,
    /// The workspace in which it was asked for.
    pub workspace: String,
    /// The address as it was typed, sealed.
    pub address: String,
    /// The network address that the request came from.
    pub origin: Option<String>,
    /// The time of the request, epoch milliseconds.
    pub at: i64,
}

/// Keeps what was asked for.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, asked: &AskedReset) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO asked_resets (id, workspace, address, origin, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(asked.id.as_str())
        .bind(asked.workspace.as_str())
        .bind(asked.address.as_str())
        .bind(asked.origin.as_deref())
        .bind(asked.at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists what was asked for first, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn first(conn: &mut Conn, most: i64) -> Result<Vec<AskedReset>, StoreError> {
    let query = "SELECT id, workspace, address, origin, at FROM asked_resets ORDER BY id LIMIT $1 + 0";
    let rows = sqlx::query(query).bind(most).fetch_all(conn).await?;
    rows.iter()
        .map(|r| {
            Ok(AskedReset { id: r.try_get(0)?, workspace: r.try_get(1)?, address: r.try_get(2)?, origin: r.try_get(3)?, at: r.try_get(4)? })
        })
        .collect()
}

/// Removes one; returns whether it was there.
///
/// # Errors
/// The database refuses.
pub async fn take(conn: &mut Conn, id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM asked_resets WHERE id = $1").bind(id).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}
