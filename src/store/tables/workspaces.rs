//! Workspaces.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// A workspace.
#[derive(Clone, Debug)]
pub struct WorkspaceRow {
    /// Its name, which is also its part of every URL.
    pub name: String,
    /// The platform's word.
    pub platform: String,
    /// The zone in which its days begin and end.
    pub time_zone: String,
    /// Whether a temporary first password may be set (AR-10).
    pub initial_password_allowed: bool,
}

/// Asks for any workspace, which shows that the database answers.
///
/// # Errors
/// The database refuses.
pub async fn any(conn: &mut Conn) -> Result<(), StoreError> {
    sqlx::query("SELECT name FROM workspaces LIMIT 1").fetch_optional(conn).await?;
    Ok(())
}

/// The workspace of that name.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, name: &str) -> Result<Option<WorkspaceRow>, StoreError> {
    let row = sqlx::query("SELECT name, platform, time_zone, initial_password_allowed FROM workspaces WHERE name = $1")
        .bind(name)
        .fetch_optional(conn)
        .await?;
    row.map(|r| {
        Ok(WorkspaceRow {
            name: r.try_get(0)?,
            platform: r.try_get(1)?,
            time_zone: r.try_get(2)?,
            initial_password_allowed: r.try_get::<i64, _>(3)? != 0,
        })
    })
    .transpose()
}

/// Makes a workspace.
///
/// # Errors
/// The name is taken, or the database refuses.
pub(in crate::store) async fn insert(conn: &mut Conn, row: &WorkspaceRow, code_word: Option<&str>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO workspaces (name, platform, time_zone, initial_password_allowed, code_word) VALUES ($1, $2, $3, $4, $5)")
        .bind(row.name.as_str())
        .bind(row.platform.as_str())
        .bind(row.time_zone.as_str())
        .bind(i64::from(row.initial_password_allowed))
        .bind(code_word)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// The practice's code word, where it has one (PBN-5). It is shown to admins, so it is kept as it is.
///
/// # Errors
/// The database refuses.
pub async fn code_word(conn: &mut Conn, name: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT code_word FROM workspaces WHERE name = $1").bind(name).fetch_optional(conn).await?;
    row.map_or(Ok(None), |r| Ok(r.try_get(0)?))
}

/// Sets the practice's code word.
///
/// # Errors
/// The database refuses.
pub async fn set_code_word(conn: &mut Conn, name: &str, word: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE workspaces SET code_word = $2 WHERE name = $1").bind(name).bind(word).execute(conn).await?;
    Ok(())
}
