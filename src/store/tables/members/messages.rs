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

/// How a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By mail.
    Mail,
    /// As a text message to a phone.
    Text,
}

/// How a try to send a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The message has left.
    Sent,
    /// It is tried again at this time, epoch milliseconds.
    Later {
        /// The time.
        next: i64,
        /// Why it did not leave.
        why: String,
    },
    /// It never leaves, for this reason.
    Failed(String),
    /// It may have left, and is not sent again, for this reason.
    Uncertain(String),
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
    /// A server took it, and stopped before the end of the try was stored.
    pub was_taken: bool,
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

/// Messages of a sort whose time has come, oldest first, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn due(conn: &mut Conn, sort: Sort, now: i64, most: i64) -> Result<Vec<MessageRow>, StoreError> {
    let query = match sort {
        Sort::Mail => concat!(
            "SELECT id, workspace, account, kind, recipient, secret, tries, created, state = 'sending' FROM messages ",
            "WHERE state IN ('queued', 'sending') AND next_at <= $1 AND kind <> 'code' ORDER BY next_at, id LIMIT $2"
        ),
        Sort::Text => concat!(
            "SELECT id, workspace, account, kind, recipient, secret, tries, created, state = 'sending' FROM messages ",
            "WHERE state IN ('queued', 'sending') AND next_at <= $1 AND kind = 'code' ORDER BY next_at, id LIMIT $2"
        ),
    };
    let rows = sqlx::query(query).bind(now).bind(most).fetch_all(conn).await?;
    rows.iter()
        .map(|r| {
            let message = NewMessage {
                id: r.try_get(0)?,
                account: r.try_get(2)?,
                kind: r.try_get(3)?,
                recipient: r.try_get(4)?,
                secret: r.try_get(5)?,
            };
            let was_taken = r.try_get::<i64, _>(8)? != 0;
            Ok(MessageRow { workspace: r.try_get(1)?, message, tries: r.try_get(6)?, was_taken, created: r.try_get(7)? })
        })
        .collect()
}

/// Takes a message before it is sent; after `next`, a try whose end was not stored counts as broken off.
///
/// # Errors
/// The database refuses.
pub async fn take(conn: &mut Conn, workspace: &str, id: &str, next: i64) -> Result<bool, StoreError> {
    let done = sqlx::query(concat!(
        "UPDATE messages SET state = 'sending', tries = tries + 1, next_at = $3 ",
        "WHERE workspace = $1 AND id = $2 AND state IN ('queued', 'sending')"
    ))
    .bind(workspace)
    .bind(id)
    .bind(next)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Stores how a try ended. The secret goes, unless there is another try.
///
/// # Errors
/// The database refuses.
pub async fn conclude(conn: &mut Conn, workspace: &str, id: &str, step: &Step, now: i64) -> Result<(), StoreError> {
    let (state, why) = match step {
        Step::Later { next, why } => {
            sqlx::query(
                "UPDATE messages SET state = 'queued', next_at = $3, answer = $4 WHERE workspace = $1 AND id = $2 AND state = 'sending'",
            )
            .bind(workspace)
            .bind(id)
            .bind(*next)
            .bind(why.as_str())
            .execute(conn)
            .await?;
            return Ok(());
        }
        Step::Sent => ("sent", None),
        Step::Failed(why) => ("failed", Some(why.as_str())),
        Step::Uncertain(why) => ("uncertain", Some(why.as_str())),
    };
    sqlx::query(concat!(
        "UPDATE messages SET state = $3, answer = $4, secret = NULL, left_at = $5 ",
        "WHERE workspace = $1 AND id = $2 AND state = 'sending'"
    ))
    .bind(workspace)
    .bind(id)
    .bind(state)
    .bind(why)
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
