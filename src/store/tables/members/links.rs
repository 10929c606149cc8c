//! Links that set a password or let the main admin in, and what became of them.

use sqlx::Row;

use crate::members::{LinkState, SentLink};
use crate::store::{Conn, StoreError};

/// The use of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Sets a new password (AR-14, PBN-7).
    Reset,
    /// Lets the main admin in, made on the server's machine.
    SetUp,
    /// Confirms a new e-mail address (AR-13).
    Address,
    /// Hands over the office of main admin.
    Office,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::SetUp => "set-up",
            Self::Address => "address",
            Self::Office => "office",
        }
    }
}

/// A link to be sent.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// SHA-256 of its token, base64url.
    pub hash: String,
    /// The id of its account.
    pub account: String,
    /// Its use.
    pub purpose: Purpose,
    /// When it expires, epoch milliseconds.
    pub expires_at: i64,
    /// The address that it confirms, or the id of the account that hands over the office.
    pub address: Option<String>,
}

/// A link as it was sent.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The id of its account.
    pub account: String,
    /// Its state, and when it expires.
    pub sent: SentLink,
    /// When it stopped working other than by expiring, epoch milliseconds.
    pub over_at: Option<i64>,
    /// See [`NewLink`].
    pub address: Option<String>,
}

/// Sends a link; the open ones of the same use die.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewLink, now: i64) -> Result<(), StoreError> {
    close(conn, workspace, &new.account, Some(new.purpose), LinkState::Replaced, now).await?;
    sqlx::query(concat!(
        "INSERT INTO links (hash, workspace, account, purpose, state, sent_at, expires_at, address) ",
        "VALUES ($1, $2, $3, $4, $7, $5, $6, $8)"
    ))
    .bind(new.hash.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.purpose.word())
    .bind(now)
    .bind(new.expires_at)
    .bind(LinkState::Open.as_str())
    .bind(new.address.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

/// The link with that hash.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, purpose: Purpose, hash: &str) -> Result<Option<LinkRow>, StoreError> {
    let row =
        sqlx::query("SELECT account, state, expires_at, over_at, address FROM links WHERE hash = $2 AND workspace = $1 AND purpose = $3")
            .bind(workspace)
            .bind(hash)
            .bind(purpose.word())
            .fetch_optional(conn)
            .await?;
    row.map(|r| {
        let state = LinkState::parse(&r.try_get::<String, _>(1)?).ok_or(StoreError::Damaged { table: "links" })?;
        let sent = SentLink { state, expires_at: r.try_get(2)? };
        Ok(LinkRow { account: r.try_get(0)?, sent, over_at: r.try_get(3)?, address: r.try_get(4)? })
    })
    .transpose()
}

/// Uses a link up; returns whether it was open.
///
/// # Errors
/// The database refuses.
pub async fn use_up(conn: &mut Conn, workspace: &str, hash: &str, now: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE links SET state = $4, over_at = $3 WHERE workspace = $1 AND hash = $2 AND state = $5")
        .bind(workspace)
        .bind(hash)
        .bind(now)
        .bind(LinkState::Used.as_str())
        .bind(LinkState::Open.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Withdraws every open link of an account: it lost its access.
///
/// # Errors
/// The database refuses.
pub async fn withdraw_of(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    close(conn, workspace, account, None, LinkState::Withdrawn, now).await
}

/// When links of this use were sent to an account since a time, oldest first; epoch milliseconds.
///
/// # Errors
/// The database refuses.
pub async fn sent_since(conn: &mut Conn, workspace: &str, account: &str, purpose: Purpose, since: i64) -> Result<Vec<i64>, StoreError> {
    let rows =
        sqlx::query("SELECT sent_at FROM links WHERE workspace = $1 AND account = $2 AND purpose = $3 AND sent_at > $4 ORDER BY sent_at")
            .bind(workspace)
            .bind(account)
            .bind(purpose.word())
            .bind(since)
            .fetch_all(conn)
            .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

async fn close(
    conn: &mut Conn,
    workspace: &str,
    account: &str,
    purpose: Option<Purpose>,
    state: LinkState,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "UPDATE links SET state = $4, over_at = $5 WHERE workspace = $1 AND account = $2 AND state = $6 ",
        "AND purpose = COALESCE($3, purpose)"
    ))
    .bind(workspace)
    .bind(account)
    .bind(purpose.map(Purpose::word))
    .bind(state.as_str())
    .bind(now)
    .bind(LinkState::Open.as_str())
    .execute(conn)
    .await?;
    Ok(())
}
