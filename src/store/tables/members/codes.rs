//! One-time codes, sealed (AR-2, AR-3).

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// A code as it was sent.
#[derive(Clone, Debug)]
pub struct CodeRow {
    /// The code, sealed.
    pub hash: String,
    /// Epoch milliseconds.
    pub sent_at: i64,
    /// The number of wrong codes that were typed while this one was good.
    pub wrong: i64,
    /// Says whether it was used.
    pub used: bool,
}

/// Keeps a code that is being sent.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, hash: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO codes (workspace, account, purpose, hash, sent_at, wrong) VALUES ($1, $2, $3, $4, $5, 0)")
        .bind(workspace)
        .bind(account)
        .bind(purpose)
        .bind(hash)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The codes sent to an account for one purpose since a time, oldest first.
///
/// # Errors
/// The database refuses.
pub async fn since(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, since: i64) -> Result<Vec<CodeRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT hash, sent_at, wrong, used_at FROM codes WHERE workspace = $1 AND account = $2 AND purpose = $3 AND sent_at > $4 ",
        "ORDER BY sent_at, rowid"
    ))
    .bind(workspace)
    .bind(account)
    .bind(purpose)
    .bind(since)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            let used = r.try_get::<Option<i64>, _>(3)?.is_some();
            Ok(CodeRow { hash: r.try_get(0)?, sent_at: r.try_get(1)?, wrong: r.try_get(2)?, used })
        })
        .collect()
}

/// Lists when codes for one purpose were sent to the accounts of the same login since a time, oldest first; epoch milliseconds.
///
/// # Errors
/// The database refuses.
pub async fn sent_to_login(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, since: i64) -> Result<Vec<i64>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT c.sent_at FROM accounts own JOIN accounts a ON a.login = own.login OR (a.workspace = own.workspace AND a.id = own.id) ",
        "JOIN codes c ON c.workspace = a.workspace AND c.account = a.id ",
        "WHERE own.workspace = $1 AND own.id = $2 AND c.purpose = $3 AND c.sent_at > $4 ORDER BY c.sent_at"
    ))
    .bind(workspace)
    .bind(account)
    .bind(purpose)
    .bind(since)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

/// Lists when codes for one purpose were sent to whom an address belongs, in all workspaces of a platform, since a time, oldest first; epoch
/// milliseconds.
///
/// # Errors
/// The database refuses.
pub async fn sent_to_address(conn: &mut Conn, platform: &str, address: &str, purpose: &str, since: i64) -> Result<Vec<i64>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT c.sent_at FROM workspaces w JOIN accounts a ON a.workspace = w.name AND a.user_name = $2 AND a.deleted = 0 ",
        "JOIN codes c ON c.workspace = a.workspace AND c.account = a.id WHERE w.platform = $1 AND c.purpose = $3 AND c.sent_at > $4 ",
        "ORDER BY c.sent_at"
    ))
    .bind(platform)
    .bind(address)
    .bind(purpose)
    .bind(since)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|r| Ok(r.try_get(0)?)).collect()
}

/// Counts a wrong code for every one sent since a time.
///
/// # Errors
/// The database refuses.
pub async fn count_wrong(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, since: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE codes SET wrong = wrong + 1 WHERE workspace = $1 AND account = $2 AND purpose = $3 AND sent_at > $4 AND used_at IS NULL",
    )
    .bind(workspace)
    .bind(account)
    .bind(purpose)
    .bind(since)
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses up every code of an account for one purpose: one is good once.
///
/// # Errors
/// The database refuses.
pub async fn use_up(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE codes SET used_at = $4 WHERE workspace = $1 AND account = $2 AND purpose = $3 AND used_at IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(purpose)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses up every code of an account: it lost its access.
///
/// # Errors
/// The database refuses.
pub async fn use_up_all(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE codes SET used_at = $3 WHERE workspace = $1 AND account = $2 AND used_at IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
