//! Begins the chain of a log that has none yet: its rows are chained in sequence order.

use sqlx::Row;

use crate::store::log::{self, hash_of};
use crate::store::{Conn, StoreError};

/// So many rows are read at once.
const TOGETHER: i64 = 500;

/// Copies the rows of `log` to `log_chained`, each with its hash.
///
/// # Errors
/// Fails if the database refuses.
pub(super) async fn begin(conn: &mut Conn) -> Result<(), StoreError> {
    let names = sqlx::query("SELECT DISTINCT workspace FROM log ORDER BY workspace").fetch_all(&mut *conn).await?;
    for name in names {
        chain_one(conn, &name.try_get::<String, _>(0)?).await?;
    }
    Ok(())
}

async fn chain_one(conn: &mut Conn, workspace: &str) -> Result<(), StoreError> {
    // The database itself copies the rows, so that they stay exactly as they are; both tables have the same columns before the hash.
    let copy = "INSERT INTO log_chained SELECT log.*, $3 FROM log WHERE workspace = $1 AND seq = $2";
    let (mut former, mut last) = (String::new(), i64::MIN);
    loop {
        let rows = log::after(conn, workspace, last, i64::MIN, TOGETHER).await?;
        for row in &rows {
            former = hash_of(&former, workspace, row.seq, row.at, &row.entry);
            sqlx::query(copy).bind(workspace).bind(row.seq).bind(former.as_str()).execute(&mut *conn).await?;
            last = row.seq;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}
