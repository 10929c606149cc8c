//! Workspaces.

use sqlx::Row;

use crate::model::Secret;
use crate::store::{Conn, StoreError, Vault};

/// A workspace.
#[derive(Clone, Debug)]
pub struct WorkspaceRow {
    /// Its name, which is also its part of every URL.
    pub name: String,
    /// The platform's word.
    pub platform: String,
    /// The zone in which its days begin and end.
    pub time_zone: String,
    /// Says whether a temporary first password may be set (AR-10).
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
pub(in crate::store) async fn insert(conn: &mut Conn, row: &WorkspaceRow) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO workspaces (name, platform, time_zone, initial_password_allowed) VALUES ($1, $2, $3, $4)")
        .bind(row.name.as_str())
        .bind(row.platform.as_str())
        .bind(row.time_zone.as_str())
        .bind(i64::from(row.initial_password_allowed))
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// The form in which a code word is sealed.
const SEALED: &str = "v1:";

/// The practice's code word, where it has one (PBN-5). It is shown to admins, so it is kept, sealed with the key outside the database.
///
/// # Errors
/// The database refuses, or the word was sealed with another key.
pub async fn code_word(conn: &mut Conn, vault: &Vault, name: &str) -> Result<Option<Secret>, StoreError> {
    let row = sqlx::query("SELECT code_word FROM workspaces WHERE name = $1").bind(name).fetch_optional(conn).await?;
    let Some(kept) = row.map_or(Ok(None), |r| r.try_get::<Option<String>, _>(0))? else { return Ok(None) };
    unseal(vault, name, &kept).map(Some).ok_or(StoreError::Damaged { table: "workspaces" })
}

fn unseal(vault: &Vault, name: &str, kept: &str) -> Option<Secret> {
    vault.unseal(&purpose(name), kept.strip_prefix(SEALED)?)
}

/// Sets the practice's code word.
///
/// # Errors
/// The database refuses.
pub async fn set_code_word(conn: &mut Conn, vault: &Vault, name: &str, word: &Secret) -> Result<(), StoreError> {
    let sealed = vault.seal(&purpose(name), word).ok_or(StoreError::Damaged { table: "workspaces" })?;
    let kept = format!("{SEALED}{sealed}");
    sqlx::query("UPDATE workspaces SET code_word = $2 WHERE name = $1").bind(name).bind(kept).execute(conn).await?;
    Ok(())
}

/// Seals the code words of an older database; returns whether it has any.
///
/// # Errors
/// The database refuses.
pub(in crate::store) async fn seal_code_words(conn: &mut Conn, vault: &Vault) -> Result<bool, StoreError> {
    let rows = sqlx::query("SELECT name, code_word FROM workspaces WHERE code_word IS NOT NULL").fetch_all(&mut *conn).await?;
    for row in &rows {
        let (name, word): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if unseal(vault, &name, &word).is_none() {
            set_code_word(conn, vault, &name, &Secret::new(word)).await?;
        }
    }
    Ok(!rows.is_empty())
}

/// Returns the purpose that the code word of a workspace is sealed for.
fn purpose(name: &str) -> String {
    format!("code word of {name}")
}
