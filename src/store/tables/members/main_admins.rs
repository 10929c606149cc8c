//! The main admin role of a workspace.

use crate::store::{Conn, StoreError};

/// Gives the role to an account; the previous main admin loses it.
///
/// # Errors
/// The database refuses.
pub async fn set(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "UPDATE accounts SET main_admin = CASE WHEN id = $2 THEN 1 ELSE 0 END, version = version + 1, modified = $3 ",
        "WHERE workspace = $1 AND (main_admin = 1 OR id = $2)"
    ))
    .bind(workspace)
    .bind(account)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
