//! The steps that bring a database's tables up to date; each is one transaction.

use sqlx::{Executor, Row};

use super::key::{self, StoreKey};
use super::{Conn, StoreError};

const STEPS: [(i64, &str); 2] =
    [(1, include_str!("migrations/0001_workspaces_and_accounts.sql")), (2, include_str!("migrations/0002_store_key.sql"))];

/// Runs the steps that this database has not seen; returns the store's key.
pub(super) async fn run(conn: &mut Conn, now: i64) -> Result<StoreKey, StoreError> {
    conn.execute("BEGIN IMMEDIATE").await?;
    match steps(conn, now).await {
        Ok(key) => {
            conn.execute("COMMIT").await?;
            Ok(key)
        }
        Err(why) => {
            let _ = conn.execute("ROLLBACK").await;
            Err(why)
        }
    }
}

async fn steps(conn: &mut Conn, now: i64) -> Result<StoreKey, StoreError> {
    conn.execute("CREATE TABLE IF NOT EXISTS schema_steps (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)").await?;
    let found: i64 =
        sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_steps").fetch_one(&mut *conn).await?.try_get(0)?;
    let known = STEPS.last().map_or(0, |(version, _)| *version);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (version, text) in STEPS {
        if version > found {
            sqlx::raw_sql(text).execute(&mut *conn).await?;
            sqlx::query("INSERT INTO schema_steps (version, at) VALUES ($1, $2)").bind(version).bind(now).execute(&mut *conn).await?;
        }
    }
    key::read_or_make(conn).await
}
