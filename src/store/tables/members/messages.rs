//! Mail and text messages on their way: queued in the transaction of what they tell.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id; a later one sorts after an earlier one.
    pub id: String,
    /// The id of the account that it is about.
    pub account: String,
    /// What it says, as a word.
    pub kind: String,
    /// The address or phone number that it goes to.
    pub recipient: String,
    /// The token or code in it, sealed; it goes once the message has left.
    pub secret: Option<String>,
}

/// A message as it is stored.
#[derive(Clone, Debug)]
pub struct MessageRow {
    /// Its workspace.
    pub workspace: String,
    /// The message.
    pub message: NewMessage,
    /// How often it was tried.
    pub tries: i64,
    /// When it was queued, epoch milliseconds.
    pub created: i64,
}

/// Queues a message.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewMessage, now: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO messages (id, workspace, account, kind, recipient, secret, state, tries, next_at, created) ",
        "VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7)"
    ))
    .bind(new.id.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.kind.as_str())
    .bind(new.recipient.as_str())
    .bind(new.secret.as_deref())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Queued messages whose time has come, oldest first, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn due(conn: &mut Conn, now: i64, most: i64) -> Result<Vec<MessageRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT id, workspace, account, kind, recipient, secret, tries, created FROM messages ",
        "WHERE state = 'queued' AND next_at <= $1 ORDER BY next_at, id LIMIT $2"
    ))
    .bind(now)
    .bind(most)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            let message = NewMessage {
                id: r.try_get(0)?,
                account: r.try_get(2)?,
                kind: r.try_get(3)?,
                recipient: r.try_get(4)?,
                secret: r.try_get(5)?,
            };
            Ok(MessageRow { workspace: r.try_get(1)?, message, tries: r.try_get(6)?, created: r.try_get(7)? })
        })
        .collect()
}

/// Takes a queued message before it is sent, so that a crash sends it once more at most after `next`, and not at once.
///
/// # Errors
/// The database refuses.
pub async fn take(conn: &mut Conn, workspace: &str, id: &str, next: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE messages SET tries = tries + 1, next_at = $3 WHERE workspace = $1 AND id = $2 AND state = 'queued'")
        .bind(workspace)
        .bind(id)
        .bind(next)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Stores that a message has left; its secret goes.
///
/// # Errors
/// The database refuses.
pub async fn sent(conn: &mut Conn, workspace: &str, id: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET state = 'sent', secret = NULL, left_at = $3 WHERE workspace = $1 AND id = $2 AND state = 'queued'")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops what is queued for an account, with its secrets: it lost its access.
///
/// # Errors
/// The database refuses.
pub async fn drop_of(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE messages SET state = 'dropped', secret = NULL, left_at = $3 WHERE workspace = $1 AND account = $2 AND state = 'queued'",
    )
    .bind(workspace)
    .bind(account)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
