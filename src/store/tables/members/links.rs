//! Links that set a password or let the main admin in, and what became of them.

use std::collections::BTreeSet;

use sqlx::Row;

use crate::members::{LinkState, SentLink};
use crate::store::{Conn, StoreError};

/// The kinds of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Sets a new password (AR-14, PBN-7).
    Reset,
    /// Lets the main admin in, made on the server's machine.
    SetUp,
    /// Confirms a new e-mail address (AR-13).
    Address,
    /// Offers the main admin role.
    MainAdmin,
}

impl LinkKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::SetUp => "set-up",
            Self::Address => "address",
            Self::MainAdmin => "main-admin",
        }
    }
}

/// The purpose of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// See [`LinkKind::Reset`].
    Reset,
    /// See [`LinkKind::SetUp`].
    SetUp,
    /// Confirms this e-mail address.
    Address(String),
    /// Offers the main admin role.
    MainAdmin {
        /// The id of the account that offers it.
        offered_by: String,
    },
}

impl LinkPurpose {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> LinkKind {
        match self {
            Self::Reset => LinkKind::Reset,
            Self::SetUp => LinkKind::SetUp,
            Self::Address(_) => LinkKind::Address,
            Self::MainAdmin { .. } => LinkKind::MainAdmin,
        }
    }

    /// The address that it confirms.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Address(address) => Some(address),
            Self::Reset | Self::SetUp | Self::MainAdmin { .. } => None,
        }
    }

    /// The id of the account that offers the main admin role.
    #[must_use]
    pub fn offered_by(&self) -> Option<&str> {
        match self {
            Self::MainAdmin { offered_by } => Some(offered_by),
            Self::Reset | Self::SetUp | Self::Address(_) => None,
        }
    }

    /// The purpose of a stored link; `None` if the row lacks what a link of that kind needs.
    fn stored(kind: LinkKind, address: Option<String>, offered_by: Option<String>) -> Option<Self> {
        match kind {
            LinkKind::Reset => Some(Self::Reset),
            LinkKind::SetUp => Some(Self::SetUp),
            LinkKind::Address => address.map(Self::Address),
            LinkKind::MainAdmin => offered_by.map(|offered_by| Self::MainAdmin { offered_by }),
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
    /// The purpose of the link.
    pub purpose: LinkPurpose,
    /// The time at which it expires, epoch milliseconds.
    pub expires_at: i64,
}

/// A link as it was sent.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The id of its account.
    pub account: String,
    /// Its state, and when it expires.
    pub sent: SentLink,
    /// The time at which it stopped working other than by expiring, epoch milliseconds.
    pub over_at: Option<i64>,
    /// The purpose of the link.
    pub purpose: LinkPurpose,
}

/// Sends a link; the open ones of the same kind die.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewLink, now: i64) -> Result<(), StoreError> {
    close(conn, workspace, &new.account, Some(new.purpose.kind()), LinkState::Replaced, now).await?;
    sqlx::query(concat!(
        "INSERT INTO links (hash, workspace, account, purpose, state, sent_at, expires_at, address, offered_by) ",
        "VALUES ($1, $2, $3, $4, $7, $5, $6, $8, $9)"
    ))
    .bind(new.hash.as_str())
    .bind(workspace)
    .bind(new.account.as_str())
    .bind(new.purpose.kind().word())
    .bind(now)
    .bind(new.expires_at)
    .bind(LinkState::Open.as_str())
    .bind(new.purpose.address())
    .bind(new.purpose.offered_by())
    .execute(conn)
    .await?;
    Ok(())
}

/// The link with that hash.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: LinkKind, hash: &str) -> Result<Option<LinkRow>, StoreError> {
    let row = sqlx::query(
        "SELECT account, state, expires_at, over_at, address, offered_by FROM links WHERE hash = $2 AND workspace = $1 AND purpose = $3",
    )
    .bind(workspace)
    .bind(hash)
    .bind(kind.word())
    .fetch_optional(conn)
    .await?;
    row.map(|r| {
        let damaged = StoreError::Damaged { table: "links" };
        let state = LinkState::parse(&r.try_get::<String, _>(1)?);
        let purpose = LinkPurpose::stored(kind, r.try_get(4)?, r.try_get(5)?);
        let (Some(state), Some(purpose)) = (state, purpose) else { return Err(damaged) };
        let sent = SentLink { state, expires_at: r.try_get(2)? };
        Ok(LinkRow { account: r.try_get(0)?, sent, over_at: r.try_get(3)?, purpose })
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

/// Lists when links of a kind were sent to an account since a time, oldest first; epoch milliseconds.
///
/// # Errors
/// The database refuses.
pub async fn sent_since(conn: &mut Conn, workspace: &str, account: &str, kind: LinkKind, since: i64) -> Result<Vec<i64>, StoreError> {
    let rows =
        sqlx::query("SELECT sent_at FROM links WHERE workspace = $1 AND account = $2 AND purpose = $3 AND sent_at > $4 ORDER BY sent_at")
            .bind(workspace)
            .bind(account)
            .bind(kind.word())
            .bind(since)
            .fetch_all(conn)
            .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

/// Lists the same of all accounts of a login: links go to one mailbox, in whichever workspace they were asked for (G5).
///
/// # Errors
/// The database refuses.
pub async fn sent_to_login(conn: &mut Conn, workspace: &str, account: &str, kind: LinkKind, since: i64) -> Result<Vec<i64>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT l.sent_at FROM accounts own JOIN accounts a ON a.login = own.login OR (a.workspace = own.workspace AND a.id = own.id) ",
        "JOIN links l ON l.workspace = a.workspace AND l.account = a.id ",
        "WHERE own.workspace = $1 AND own.id = $2 AND l.purpose = $3 AND l.sent_at > $4 ORDER BY l.sent_at"
    ))
    .bind(workspace)
    .bind(account)
    .bind(kind.word())
    .bind(since)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

/// The ids of the accounts that have an open link of a kind.
///
/// # Errors
/// The database refuses.
pub async fn open_of_kind(conn: &mut Conn, workspace: &str, kind: LinkKind, now: i64) -> Result<BTreeSet<String>, StoreError> {
    let rows = sqlx::query("SELECT account FROM links WHERE workspace = $1 AND purpose = $2 AND state = $3 AND expires_at > $4")
        .bind(workspace)
        .bind(kind.word())
        .bind(LinkState::Open.as_str())
        .bind(now)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

async fn close(
    conn: &mut Conn,
    workspace: &str,
    account: &str,
    kind: Option<LinkKind>,
    state: LinkState,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "UPDATE links SET state = $4, over_at = $5 WHERE workspace = $1 AND account = $2 AND state = $6 ",
        "AND purpose = COALESCE($3, purpose)"
    ))
    .bind(workspace)
    .bind(account)
    .bind(kind.map(LinkKind::word))
    .bind(state.as_str())
    .bind(now)
    .bind(LinkState::Open.as_str())
    .execute(conn)
    .await?;
    Ok(())
}
