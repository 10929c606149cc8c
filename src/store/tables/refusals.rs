//! Refusals that repeat within a minute: the first has its row in the user log at once, the others share one row when the minute is over.

use sqlx::Row;

use crate::model::MINUTE;

use crate::store::{Conn, NewLogRow, StoreError, log};

/// The time for which equal refusals are counted after the first, in milliseconds.
pub const COUNTED: i64 = MINUTE;

/// Says that a refusal with this detail came so many more times.
pub type RepeatedRefusals = fn(Option<&str>, i64) -> String;

/// A refusal that was counted, since an equal one has its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedRefusals {
    /// The number of refusals that were counted so far.
    pub times: i64,
    /// The time at which the row with their number is due, epoch milliseconds.
    pub ends: i64,
}

/// Records a refusal, whose `mark` is the same for equal ones; `None` if it is the first and has its row now.
///
/// # Errors
/// The database refuses.
pub async fn record(
    conn: &mut Conn,
    workspace: &str,
    mark: &str,
    entry: &NewLogRow,
    now: i64,
    repeated: RepeatedRefusals,
) -> Result<Option<CountedRefusals>, StoreError> {
    settle(conn, workspace, now, repeated).await?;
    let query = "UPDATE repeated_refusals SET times = times + 1 WHERE workspace = $1 AND mark = $2 RETURNING times, ends";
    if let Some(counted) = sqlx::query(query).bind(workspace).bind(mark).fetch_optional(&mut *conn).await? {
        return Ok(Some(CountedRefusals { times: counted.try_get(0)?, ends: counted.try_get(1)? }));
    }
    let seq = log::append(conn, workspace, entry, now).await?;
    sqlx::query("INSERT INTO repeated_refusals (workspace, mark, seq, ends, times) VALUES ($1, $2, $3, $4, 0)")
        .bind(workspace)
        .bind(mark)
        .bind(seq)
        .bind(now.saturating_add(COUNTED))
        .execute(conn)
        .await?;
    Ok(None)
}

/// Returns whether refusals were counted whose minute is over, so that a row with their number is due.
///
/// # Errors
/// The database refuses.
pub async fn is_due(conn: &mut Conn, workspace: &str, now: i64) -> Result<bool, StoreError> {
    let query = "SELECT 1 FROM repeated_refusals WHERE workspace = $1 AND times > 0 AND (ends <= $2 OR ends > $3) LIMIT 1";
    let due = sqlx::query(query).bind(workspace).bind(now).bind(now.saturating_add(COUNTED)).fetch_optional(conn).await?;
    Ok(due.is_some())
}

/// Writes the rows for refusals whose minute is over; a minute that seems to end later than it can is over, too: the clock was set back.
///
/// # Errors
/// The database refuses.
pub async fn settle(conn: &mut Conn, workspace: &str, now: i64, repeated: RepeatedRefusals) -> Result<(), StoreError> {
    let over = "DELETE FROM repeated_refusals WHERE workspace = $1 AND (ends <= $2 OR ends > $3) RETURNING seq, times";
    let rows = sqlx::query(over).bind(workspace).bind(now).bind(now.saturating_add(COUNTED)).fetch_all(&mut *conn).await?;
    let mut counted = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<(i64, i64)>, StoreError>>()?;
    // In the order in which they began.
    counted.sort_unstable();
    for (seq, times) in counted.into_iter().filter(|(_, times)| *times > 0) {
        let first = log::after(conn, workspace, seq.saturating_sub(1), i64::MIN, 1).await?.into_iter().find(|row| row.seq == seq);
        // Somebody who removed the row from the file must not stop the workspace; the chain shows what they did.
        let Some(first) = first.map(|row| row.entry) else { continue };
        let detail = Some(repeated(first.detail.as_deref(), times));
        log::append(conn, workspace, &NewLogRow { request_id: NewLogRow::NO_REQUEST.to_owned(), detail, ..first }, now).await?;
    }
    Ok(())
}
