//! Bearer tokens: kept as hashes only, each of one account in one workspace.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::model::with_all;
use crate::store::{Conn, StoreError};

with_all! {
    /// The access that a token allows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum TokenAccess {
        /// Read only, which is enough for `plan`.
        Read,
        /// Read and write.
        Write,
    }
}

impl TokenAccess {
    /// Its word in the store and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.as_str() == word)
    }

    /// Returns whether the token may write.
    #[must_use]
    pub const fn writes(self) -> bool {
        match self {
            Self::Write => true,
            Self::Read => false,
        }
    }
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its id, which may be shown.
    pub id: String,
    /// SHA-256 of the token, base64url.
    pub hash: String,
    /// The workspace.
    pub workspace: String,
    /// The id of the owner's account.
    pub owner: String,
    /// The access that it allows.
    pub access: TokenAccess,
    /// The time at which it ends, epoch milliseconds.
    pub expires: i64,
}

/// A token as it is stored.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// The workspace.
    pub workspace: String,
    /// The id of the owner's account.
    pub owner: String,
    /// The owner's address.
    pub owner_name: String,
    /// The access that it allows.
    pub access: TokenAccess,
    /// Epoch milliseconds.
    pub created: i64,
    /// Epoch milliseconds.
    pub expires: i64,
    /// Epoch milliseconds; `None` if it was not revoked.
    pub revoked: Option<i64>,
}

fn decode(r: &SqliteRow) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        id: r.try_get(0)?,
        workspace: r.try_get(1)?,
        owner: r.try_get(2)?,
        owner_name: r.try_get(3)?,
        access: TokenAccess::parse(&r.try_get::<String, _>(4)?).ok_or(StoreError::Damaged { table: "tokens" })?,
        created: r.try_get(5)?,
        expires: r.try_get(6)?,
        revoked: r.try_get(7)?,
    })
}

/// The token with that hash.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT t.id, t.workspace, t.owner, a.user_name, t.access, t.created, t.expires, t.revoked FROM tokens t ",
        "JOIN accounts a ON a.workspace = t.workspace AND a.id = t.owner WHERE t.hash = $1"
    ))
    .bind(hash)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(decode).transpose()
}

/// All tokens of a workspace, oldest first.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, workspace: &str) -> Result<Vec<TokenRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT t.id, t.workspace, t.owner, a.user_name, t.access, t.created, t.expires, t.revoked FROM tokens t ",
        "JOIN accounts a ON a.workspace = t.workspace AND a.id = t.owner WHERE t.workspace = $1 ORDER BY t.created, t.id"
    ))
    .bind(workspace)
    .fetch_all(conn)
    .await?;
    rows.iter().map(decode).collect()
}

/// Makes a token.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, new: &NewToken, now: i64) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO tokens (id, hash, workspace, owner, access, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(new.id.as_str())
        .bind(new.hash.as_str())
        .bind(new.workspace.as_str())
        .bind(new.owner.as_str())
        .bind(new.access.as_str())
        .bind(now)
        .bind(new.expires)
        .execute(conn)
        .await?;
    Ok(())
}

/// Revokes a token; returns whether it was valid before.
///
/// # Errors
/// The database refuses.
pub async fn revoke(conn: &mut Conn, workspace: &str, id: &str, now: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE tokens SET revoked = $3 WHERE workspace = $1 AND id = $2 AND revoked IS NULL")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Revokes every token of an account: lifting a block or activating the account later does not restore them (AR-22).
///
/// # Errors
/// The database refuses.
pub async fn revoke_of(conn: &mut Conn, workspace: &str, owner: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE tokens SET revoked = $3 WHERE workspace = $1 AND owner = $2 AND revoked IS NULL")
        .bind(workspace)
        .bind(owner)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
