//! Wrong secrets in a row.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// How many there were, and when the last one was (epoch milliseconds); zeros where there were none.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: &str, who: &str) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query("SELECT count, last FROM failures WHERE workspace = $1 AND kind = $2 AND who = $3")
        .bind(workspace)
        .bind(kind)
        .bind(who)
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok((0, 0)), |r| Ok((r.try_get(0)?, r.try_get(1)?)))
}

/// Stores how many there are now.
///
/// # Errors
/// The database refuses.
pub async fn set(conn: &mut Conn, workspace: &str, kind: &str, who: &str, (count, last): (i64, i64)) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO failures (workspace, kind, who, count, last) VALUES ($1, $2, $3, $4, $5) ",
        "ON CONFLICT (workspace, kind, who) DO UPDATE SET count = $4, last = $5"
    ))
    .bind(workspace)
    .bind(kind)
    .bind(who)
    .bind(count)
    .bind(last)
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins to count anew, after the right secret.
///
/// # Errors
/// The database refuses.
pub async fn forget(conn: &mut Conn, workspace: &str, kind: &str, who: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM failures WHERE workspace = $1 AND kind = $2 AND who = $3")
        .bind(workspace)
        .bind(kind)
        .bind(who)
        .execute(conn)
        .await?;
    Ok(())
}
