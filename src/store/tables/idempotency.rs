//! Answers kept under the key their request carried, so that a retry repeats no effect.

use serde_json::{Map, Value};
use sqlx::Row;

use crate::model::DAY;
use crate::store::{Conn, ResourceKind, StoreError};

/// The time for which an answer is kept at least, in milliseconds: 48 hours.
pub const KEPT: i64 = 2 * DAY;

/// The number of answers that a workspace keeps at most, and a thousand more between two times at which old ones are dropped. One has less than a
/// kilobyte.
pub const MOST: i64 = 20_000;

/// An answer to be kept.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The id of the account that asked.
    pub owner: String,
    /// The key.
    pub key: String,
    /// The hash of method, path and body, sealed with the store's key ([`crate::store::Store::seal`]).
    pub request_hash: String,
    /// The answer.
    pub answer: Answered,
}

/// An answer as it was given. Secrets shown once are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The header.
    pub location: Option<String>,
    /// The header.
    pub etag: Option<String>,
    /// The members of the body, which is a JSON object; `None` where the answer has no body.
    pub body: Option<Map<String, Value>>,
    /// The type of the resource that the body shows, and its id: what is kept is this, and a retry is shown the resource as it is then.
    pub shows: Option<(ResourceKind, String)>,
}

/// The answer kept under a key, with the hash of the request it belongs to.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, owner: &str, key: &str, since: i64) -> Result<Option<(String, Answered)>, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT request_hash, status, location, etag, body, kind, made FROM idempotency ",
        "WHERE workspace = $1 AND owner = $2 AND idempotency_key = $3 AND created >= $4"
    ))
    .bind(workspace)
    .bind(owner)
    .bind(key)
    .bind(since)
    .fetch_optional(conn)
    .await?;
    let Some(r) = row else { return Ok(None) };
    let status: i64 = r.try_get(1)?;
    let kind: Option<String> = r.try_get(5)?;
    let made: Option<String> = r.try_get(6)?;
    let answer = Answered {
        status: u16::try_from(status).map_err(|_| StoreError::Damaged { table: "idempotency" })?,
        location: r.try_get(2)?,
        etag: r.try_get(3)?,
        body: body(&r.try_get::<String, _>(4)?)?,
        shows: kind.map(|word| ResourceKind::parse(&word).ok_or(StoreError::Damaged { table: "idempotency" })).transpose()?.zip(made),
    };
    Ok(Some((r.try_get(0)?, answer)))
}

fn body(text: &str) -> Result<Option<Map<String, Value>>, StoreError> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|_| StoreError::Damaged { table: "idempotency" })
}

/// Keeps an answer, in the place of an older one that is no longer worth anything.
///
/// # Errors
/// The database refuses.
pub async fn keep(conn: &mut Conn, workspace: &str, kept: &Remembered, now: i64) -> Result<(), StoreError> {
    // What shows a resource is shown as it is then, and needs no text.
    let body = kept.answer.body.as_ref().filter(|_| kept.answer.shows.is_none());
    let text = body.map(|members| Value::Object(members.clone()).to_string()).unwrap_or_default();
    sqlx::query(concat!(
        "INSERT INTO idempotency (workspace, owner, idempotency_key, request_hash, status, location, etag, body, kind, made, created) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (workspace, owner, idempotency_key) DO UPDATE SET ",
        "request_hash = excluded.request_hash, status = excluded.status, location = excluded.location, etag = excluded.etag, ",
        "body = excluded.body, kind = excluded.kind, made = excluded.made, created = excluded.created"
    ))
    .bind(workspace)
    .bind(kept.owner.as_str())
    .bind(kept.key.as_str())
    .bind(kept.request_hash.as_str())
    .bind(i64::from(kept.answer.status))
    .bind(kept.answer.location.as_deref())
    .bind(kept.answer.etag.as_deref())
    .bind(text)
    .bind(kept.answer.shows.as_ref().map(|(kind, _)| kind.as_str()))
    .bind(kept.answer.shows.as_ref().map(|(_, id)| id.as_str()))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops a workspace's answers made before a time.
///
/// # Errors
/// The database refuses.
pub async fn drop_before(conn: &mut Conn, workspace: &str, time: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM idempotency WHERE workspace = $1 AND created < $2").bind(workspace).bind(time).execute(conn).await?;
    Ok(())
}

/// Drops a workspace's oldest answers beyond a number.
///
/// # Errors
/// The database refuses.
pub async fn drop_beyond(conn: &mut Conn, workspace: &str, most: i64) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "DELETE FROM idempotency WHERE workspace = $1 AND created <= ",
        "(SELECT created FROM idempotency WHERE workspace = $1 ORDER BY created DESC LIMIT 1 OFFSET $2)"
    ))
    .bind(workspace)
    .bind(most)
    .execute(conn)
    .await?;
    Ok(())
}
