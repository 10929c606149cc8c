//! The store's own key: somebody with only a copy of the rows cannot guess the request behind a stored hash.

use rand::RngExt;
use sha2::{Digest as _, Sha256};
use sqlx::Row;

use super::{Conn, StoreError};
use crate::model::Secret;

/// 256 random bits, base64url; made with the store.
pub(super) struct StoreKey(Secret);

impl StoreKey {
    /// A keyed hash of a hash, base64url.
    pub(super) fn seal(&self, hash: &str) -> String {
        sha256(&[self.0.expose().as_bytes(), hash.as_bytes()])
    }
}

/// SHA-256 as base64url. Each input is led by its length, so that no two lists of inputs give the same bytes.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    data_encoding::BASE64URL_NOPAD.encode(&hasher.finalize())
}

/// The store's key. A store that has none yet gets one, and what it keeps of earlier requests is sealed with it.
pub(super) async fn read_or_make(conn: &mut Conn) -> Result<StoreKey, StoreError> {
    let row = sqlx::query("SELECT secret FROM store_key WHERE id = 1").fetch_optional(&mut *conn).await?;
    if let Some(row) = row {
        return Ok(StoreKey(Secret::new(row.try_get::<String, _>(0)?)));
    }
    let mut bytes = [0_u8; 32];
    rand::rng().fill(&mut bytes);
    let key = StoreKey(Secret::new(data_encoding::BASE64URL_NOPAD.encode(&bytes)));
    sqlx::query("INSERT INTO store_key (id, secret) VALUES (1, $1)").bind(key.0.expose()).execute(&mut *conn).await?;
    let kept = sqlx::query("SELECT workspace, owner, idempotency_key, request_hash FROM idempotency").fetch_all(&mut *conn).await?;
    for row in kept {
        sqlx::query("UPDATE idempotency SET request_hash = $4 WHERE workspace = $1 AND owner = $2 AND idempotency_key = $3")
            .bind(row.try_get::<String, _>(0)?)
            .bind(row.try_get::<String, _>(1)?)
            .bind(row.try_get::<String, _>(2)?)
            .bind(key.seal(&row.try_get::<String, _>(3)?))
            .execute(&mut *conn)
            .await?;
    }
    Ok(key)
}
