//! The user log: append-only, one row for each change and each denial.

use sqlx::Row;

use crate::model::{LogAction, LogDoer, LogResult, LogSubject, LogVia, LogWord};
use crate::store::chain::{COLUMNS, ColumnKind, Link};
use crate::store::{Conn, StoreError};

/// A row to be added. It never contains a secret.
#[derive(Clone, Debug, Default)]
pub struct NewLogRow {
    /// The address of the person who did it.
    pub actor: String,
    /// The way in which that person came.
    pub via: LogWord<LogVia>,
    /// From where: the peer's address, or for a call in process the person and the machine, where one is known.
    pub origin: Option<String>,
    /// The request's id.
    pub request_id: String,
    /// The action.
    pub action: LogWord<LogAction>,
    /// The subject's kind.
    pub subject_kind: LogWord<LogSubject>,
    /// The subject's id.
    pub subject_id: Option<String>,
    /// The subject's address or key.
    pub subject: Option<String>,
    /// Says whether it was done.
    pub result: LogWord<LogResult>,
    /// In words: why it was denied, or what else is to be known.
    pub detail: Option<String>,
    /// Attributes before and after, as a JSON object `{name: [before, after]}`.
    pub changes: String,
    /// The digest of the plan that carried it.
    pub plan: Option<String>,
    /// The person who approved that plan.
    pub approver: Option<String>,
    /// The commit the plan was made from.
    pub commit: Option<String>,
}

impl NewLogRow {
    /// The id of the request where there was none.
    pub const NO_REQUEST: &'static str = "-";

    /// Attributes before and after where nothing changed.
    const NO_CHANGES: &'static str = "{}";

    /// A row of something that was done, but not for a request, without what else is known of it.
    #[must_use]
    pub fn done(doer: LogDoer, via: LogVia, action: LogAction, subject_kind: LogSubject) -> Self {
        Self {
            actor: doer.as_str().to_owned(),
            via: via.into(),
            request_id: Self::NO_REQUEST.to_owned(),
            action: action.into(),
            subject_kind: subject_kind.into(),
            result: LogResult::Done.into(),
            changes: Self::NO_CHANGES.to_owned(),
            ..Self::default()
        }
    }
}

/// A row as it is read.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Its number in its workspace, growing.
    pub seq: i64,
    /// The time, epoch milliseconds.
    pub at: i64,
    /// Its contents.
    pub entry: NewLogRow,
}

/// Adds a row under the next number of its workspace, whose lock the caller has, with the hash that chains it to the row before. Returns
/// the number.
///
/// # Errors
/// The database refuses.
pub async fn append(conn: &mut Conn, workspace: &str, entry: &NewLogRow, now: i64) -> Result<i64, StoreError> {
    let (last, former) = head(conn, workspace).await?.unwrap_or_default();
    let seq = last.saturating_add(1);
    let hash = hash_of(&former, workspace, seq, now, entry);
    sqlx::query(concat!(
        "INSERT INTO log (workspace, seq, at, actor, via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, ",
        "plan, approver, commit_id, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    ))
    .bind(workspace)
    .bind(seq)
    .bind(now)
    .bind(entry.actor.as_str())
    .bind(entry.via.as_str())
    .bind(entry.origin.as_deref())
    .bind(entry.request_id.as_str())
    .bind(entry.action.as_str())
    .bind(entry.subject_kind.as_str())
    .bind(entry.subject_id.as_deref())
    .bind(entry.subject.as_deref())
    .bind(entry.result.as_str())
    .bind(entry.detail.as_deref())
    .bind(entry.changes.as_str())
    .bind(entry.plan.as_deref())
    .bind(entry.approver.as_deref())
    .bind(entry.commit.as_deref())
    .bind(hash.as_str())
    .execute(conn)
    .await?;
    Ok(seq)
}

/// The number and the hash of a workspace's last row.
async fn head(conn: &mut Conn, workspace: &str) -> Result<Option<(i64, String)>, StoreError> {
    let query = "SELECT seq, hash FROM log WHERE workspace = $1 ORDER BY seq DESC LIMIT 1";
    let row = sqlx::query(query).bind(workspace).fetch_optional(conn).await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

/// Rows after a number and not before a moment (epoch milliseconds), oldest first, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn after(conn: &mut Conn, workspace: &str, seq: i64, since: i64, most: i64) -> Result<Vec<LogRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT seq, at, actor, via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, plan, approver, ",
        "commit_id FROM log WHERE workspace = $1 AND seq > $2 AND at >= $3 ORDER BY seq LIMIT $4 + 0"
    ))
    .bind(workspace)
    .bind(seq)
    .bind(since)
    .bind(most)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            Ok(LogRow {
                seq: r.try_get(0)?,
                at: r.try_get(1)?,
                entry: NewLogRow {
                    actor: r.try_get(2)?,
                    via: LogWord::read(r.try_get(3)?),
                    origin: r.try_get(4)?,
                    request_id: r.try_get(5)?,
                    action: LogWord::read(r.try_get(6)?),
                    subject_kind: LogWord::read(r.try_get(7)?),
                    subject_id: r.try_get(8)?,
                    subject: r.try_get(9)?,
                    result: LogWord::read(r.try_get(10)?),
                    detail: r.try_get(11)?,
                    changes: r.try_get(12)?,
                    plan: r.try_get(13)?,
                    approver: r.try_get(14)?,
                    commit: r.try_get(15)?,
                },
            })
        })
        .collect()
}

/// Returns the hash of a row that is about to be written.
pub(in crate::store) fn hash_of(former: &str, workspace: &str, seq: i64, at: i64, entry: &NewLogRow) -> String {
    let NewLogRow {
        actor,
        via,
        origin,
        request_id,
        action,
        subject_kind,
        subject_id,
        subject,
        result,
        detail,
        changes,
        plan,
        approver,
        commit,
    } = entry;
    let (seq, at) = (seq.to_string(), at.to_string());
    let values: [(ColumnKind, Option<&str>); COLUMNS.len()] = [
        (ColumnKind::Text, Some(workspace)),
        (ColumnKind::Integer, Some(&seq)),
        (ColumnKind::Integer, Some(&at)),
        (ColumnKind::Text, Some(actor)),
        (ColumnKind::Text, Some(via.as_str())),
        (ColumnKind::Text, origin.as_deref()),
        (ColumnKind::Text, Some(request_id)),
        (ColumnKind::Text, Some(action.as_str())),
        (ColumnKind::Text, Some(subject_kind.as_str())),
        (ColumnKind::Text, subject_id.as_deref()),
        (ColumnKind::Text, subject.as_deref()),
        (ColumnKind::Text, Some(result.as_str())),
        (ColumnKind::Text, detail.as_deref()),
        (ColumnKind::Text, Some(changes)),
        (ColumnKind::Text, plan.as_deref()),
        (ColumnKind::Text, approver.as_deref()),
        (ColumnKind::Text, commit.as_deref()),
    ];
    let mut link = Link::after(former);
    for (name, (kind, value)) in COLUMNS.into_iter().zip(values) {
        if let Some(value) = value {
            link.column(name, kind, value.as_bytes());
        }
    }
    link.hash()
}
