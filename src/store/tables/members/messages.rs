//! Mail and text messages on their way: queued in the transaction of what they tell.

use sqlx::Row;

use crate::members::{MessageKind, MessageState};
use crate::store::{Conn, StoreError};

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id; a later one sorts after an earlier one.
    pub id: String,
    /// The id of the account that it is about.
    pub account: String,
    /// The kind of message.
    pub kind: MessageKind,
    /// The address or phone number that it goes to.
    pub recipient: String,
    /// The token or code in it, sealed; it goes once the message has left.
    pub secret: Option<String>,
}

/// The way that a message takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By mail.
    Mail,
    /// As a text message to a phone.
    Text,
}

impl Channel {
    const fn is_text(self) -> bool {
        match self {
            Self::Text => true,
            Self::Mail => false,
        }
    }
}

/// The outcome of a try to send a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryResult {
    /// The message has left.
    Sent,
    /// It is tried again at this time, epoch milliseconds.
    Later {
        /// The time.
        next: i64,
        /// The reason why it did not leave.
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
    /// Its id.
    pub id: String,
    /// The id of the account that it is about.
    pub account: String,
    /// The kind of message; `None` if this program does not know its kind.
    pub kind: Option<MessageKind>,
    /// The address or phone number that it goes to.
    pub recipient: String,
    /// See [`NewMessage`].
    pub secret: Option<String>,
    /// The number of times that it was tried.
    pub tries: i64,
    /// A server took it, and stopped before the end of the try was stored.
    pub was_taken: bool,
    /// The time at which it was queued, epoch milliseconds.
    pub created: i64,
}

/// Queues a message.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewMessage, now: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO messages (id, workspace, account, kind, recipient, secret, state, tries, next_at, created) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $8, 0, $7, $7)"
    ))
    .bind(new.id.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.kind.as_str())
    .bind(new.recipient.as_str())
    .bind(new.secret.as_deref())
    .bind(now)
    .bind(MessageState::Queued.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Returns whether a message of a kind was queued for an account, or for another one of its login, since a time (epoch milliseconds).
///
/// # Errors
/// The database refuses.
pub async fn was_queued(conn: &mut Conn, workspace: &str, account: &str, kind: MessageKind, since: i64) -> Result<bool, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT COUNT(*) FROM accounts own JOIN accounts a ON a.login = own.login OR (a.workspace = own.workspace AND a.id = own.id) ",
        "JOIN messages m ON m.workspace = a.workspace AND m.account = a.id ",
        "WHERE own.workspace = $1 AND own.id = $2 AND m.kind = $3 AND m.created > $4"
    ))
    .bind(workspace)
    .bind(account)
    .bind(kind.as_str())
    .bind(since)
    .fetch_one(conn)
    .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Messages of a channel whose time has come, oldest first, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn due(conn: &mut Conn, channel: Channel, now: i64, most: i64) -> Result<Vec<MessageRow>, StoreError> {
    let query = concat!(
        "SELECT id, workspace, account, kind, recipient, secret, tries, created, state FROM messages ",
        "WHERE state IN ($3, $4) AND next_at <= $1 AND CASE WHEN kind = $5 THEN 1 ELSE 0 END = $6 ORDER BY next_at, id LIMIT $2 + 0"
    );
    let rows = sqlx::query(query)
        .bind(now)
        .bind(most)
        .bind(MessageState::Queued.as_str())
        .bind(MessageState::Sending.as_str())
        .bind(MessageKind::Code.as_str())
        .bind(i64::from(channel.is_text()))
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|r| {
            let state = MessageState::parse(&r.try_get::<String, _>(8)?).ok_or(StoreError::Damaged { table: "messages" })?;
            Ok(MessageRow {
                workspace: r.try_get(1)?,
                id: r.try_get(0)?,
                account: r.try_get(2)?,
                kind: MessageKind::parse(&r.try_get::<String, _>(3)?),
                recipient: r.try_get(4)?,
                secret: r.try_get(5)?,
                tries: r.try_get(6)?,
                was_taken: state.was_taken(),
                created: r.try_get(7)?,
            })
        })
        .collect()
}

/// Takes a message before it is sent; after `next`, a try whose end was not stored counts as broken off.
///
/// # Errors
/// The database refuses.
pub async fn take(conn: &mut Conn, workspace: &str, id: &str, next: i64) -> Result<bool, StoreError> {
    let done = sqlx::query(concat!(
        "UPDATE messages SET state = $5, tries = tries + 1, next_at = $3 ",
        "WHERE workspace = $1 AND id = $2 AND state IN ($4, $5)"
    ))
    .bind(workspace)
    .bind(id)
    .bind(next)
    .bind(MessageState::Queued.as_str())
    .bind(MessageState::Sending.as_str())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Stores how a try ended, with the reason for a failure. The secret goes, unless there is another try.
///
/// # Errors
/// The database refuses.
pub async fn conclude(conn: &mut Conn, workspace: &str, id: &str, step: &TryResult) -> Result<(), StoreError> {
    let (state, next, why) = match step {
        TryResult::Later { next, why } => (MessageState::Queued, Some(*next), Some(why)),
        TryResult::Sent => (MessageState::Sent, None, None),
        TryResult::Failed(why) => (MessageState::Failed, None, Some(why)),
        TryResult::Uncertain(why) => (MessageState::Uncertain, None, Some(why)),
    };
    sqlx::query(concat!(
        "UPDATE messages SET state = $3, failure = $6, next_at = COALESCE($4, next_at), secret = CASE WHEN $4 IS NULL THEN NULL ELSE secret END ",
        "WHERE workspace = $1 AND id = $2 AND state = $5"
    ))
    .bind(workspace)
    .bind(id)
    .bind(state.as_str())
    .bind(next)
    .bind(MessageState::Sending.as_str())
    .bind(why.map(String::as_str))
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what is queued for an account, with its secrets: it lost its access.
///
/// # Errors
/// The database refuses.
pub async fn drop_of(conn: &mut Conn, workspace: &str, account: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET state = $3, secret = NULL WHERE workspace = $1 AND account = $2 AND state = $4")
        .bind(workspace)
        .bind(account)
        .bind(MessageState::Dropped.as_str())
        .bind(MessageState::Queued.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops everything that is queued: nobody can read its secrets anymore.
///
/// # Errors
/// The database refuses.
pub async fn drop_all(conn: &mut Conn) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET state = $1, secret = NULL WHERE state = $2")
        .bind(MessageState::Dropped.as_str())
        .bind(MessageState::Queued.as_str())
        .execute(conn)
        .await?;
    Ok(())
}
