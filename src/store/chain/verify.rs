//! Checks the chains of a database's logs. The file is only read, also while a server writes to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures::TryStreamExt as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::{COLUMNS, ColumnKind, Link};
use crate::store::StoreError;

/// Every row of every log: the bytes of its columns, then a letter for the type of each.
const ROWS: &str = concat!(
    "SELECT ",
    "CAST(workspace AS BLOB), CAST(seq AS BLOB), CAST(at AS BLOB), CAST(actor AS BLOB), CAST(via AS BLOB), ",
    "CAST(origin AS BLOB), CAST(request_id AS BLOB), CAST(action AS BLOB), CAST(subject_kind AS BLOB), ",
    "CAST(subject_id AS BLOB), CAST(subject AS BLOB), CAST(result AS BLOB), CAST(detail AS BLOB), CAST(changes AS BLOB), ",
    "CAST(plan AS BLOB), CAST(approver AS BLOB), CAST(commit_id AS BLOB), CAST(hash AS BLOB), ",
    "substr(typeof(workspace), 1, 1) || substr(typeof(seq), 1, 1) || substr(typeof(at), 1, 1) || ",
    "substr(typeof(actor), 1, 1) || substr(typeof(via), 1, 1) || substr(typeof(origin), 1, 1) || ",
    "substr(typeof(request_id), 1, 1) || substr(typeof(action), 1, 1) || substr(typeof(subject_kind), 1, 1) || ",
    "substr(typeof(subject_id), 1, 1) || substr(typeof(subject), 1, 1) || substr(typeof(result), 1, 1) || ",
    "substr(typeof(detail), 1, 1) || substr(typeof(changes), 1, 1) || substr(typeof(plan), 1, 1) || ",
    "substr(typeof(approver), 1, 1) || substr(typeof(commit_id), 1, 1) || substr(typeof(hash), 1, 1) ",
    "FROM log ORDER BY workspace, seq"
);

/// The places of some columns in a row; the hash and the letters of the types come after the columns that the hash covers.
const SEQ: usize = 1;
const AT: usize = 2;
const ACTOR: usize = 3;
const ACTION: usize = 7;
const SUBJECT: usize = 10;
const HASH: usize = COLUMNS.len();
const TYPES: usize = COLUMNS.len() + 1;

/// The last row of a log, as somebody exported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// Its number.
    pub seq: i64,
    /// The time at which it was written, epoch milliseconds.
    pub at: i64,
    /// Its hash, which covers all rows before it.
    pub hash: String,
}

/// A log that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedLog {
    /// The number of rows that are as they were written.
    pub rows: u64,
    /// The last of them.
    pub head: Option<LogHead>,
    /// The first thing that is wrong.
    pub fault: Option<LogFault>,
    /// The row at which it was noticed, as it is now.
    pub seen: Option<SeenRow>,
}

/// A fault of a log. Numbers are those of rows in their workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFault {
    /// This row is not what was written: it was altered, replaced or moved.
    Altered {
        /// Its number.
        row: i64,
    },
    /// Rows are missing or were altered, or the row after them was altered.
    Missing {
        /// The first of them.
        from: i64,
        /// The row that was found after them.
        found: i64,
    },
    /// The file is damaged at this row.
    Unreadable {
        /// Its number.
        row: i64,
    },
    /// The rows were not reached, since the file is damaged before them.
    NotReached,
    /// There are no rows, although every log begins with the creation of its workspace.
    Empty,
    /// The rows after the last one are missing: an earlier export names a later one.
    CutOff {
        /// The last row.
        last: i64,
        /// The row that was exported.
        exported: i64,
    },
    /// The row has another hash than an earlier export says: it or a row before it was altered, and the hashes were written anew.
    Rewritten {
        /// The row that was exported.
        exported: i64,
    },
}

/// The content of a row that is wrong, or that was found where others are missing. Each text may be damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRow {
    /// The time at which it was written, epoch milliseconds; `None` if it does not say.
    pub at: Option<i64>,
    /// The person who did it.
    pub actor: String,
    /// The action.
    pub action: String,
    /// The address or key of the thing that it is about.
    pub subject: String,
}

/// The reason why the logs of a file could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum NotVerified {
    /// The file does not exist.
    #[error("there is no file `{}`", .0.display())]
    NoFile(PathBuf),
    /// The file is not a database of this program, or it cannot be read.
    #[error("the file cannot be read as a database of rosterctl")]
    Unreadable(#[from] StoreError),
    /// An earlier version made the file, and nothing has opened it since.
    #[error("the log of this database has no chain yet, since an earlier version made it: the next `apply` or `serve` begins the chain")]
    NoChain,
}

/// Heads that were exported earlier, by workspace.
pub type ExportedHeads = BTreeMap<String, Vec<LogHead>>;

/// Checks the chain of every log in a file, by workspace, and compares them with heads that were exported earlier.
///
/// # Errors
/// Fails if the file does not exist, is not a database of this program, or has no chain yet.
pub async fn verify_logs(path: &Path, exported: &ExportedHeads) -> Result<BTreeMap<String, VerifiedLog>, NotVerified> {
    if !path.is_file() {
        return Err(NotVerified::NoFile(path.to_owned()));
    }
    if is_in_use(path) {
        return read(path, false, exported).await;
    }
    let logs = read(path, true, exported).await;
    // A server that was started meanwhile may have written to the file while it was read.
    if is_in_use(path) { read(path, false, exported).await } else { logs }
}

/// Returns whether a program has the file open, or left it without closing it: what it wrote last is in a second file.
fn is_in_use(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).exists()
}

async fn read(path: &Path, is_alone: bool, exported: &ExportedHeads) -> Result<BTreeMap<String, VerifiedLog>, NotVerified> {
    // A path that looks like one of SQLite's own names is a file, too.
    let file = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    // A file that nobody else has open is read without locks, which would leave files beside it.
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(is_alone).disable_statement_logging();
    let mut conn = options.connect().await.map_err(StoreError::from)?;
    let walked = walk(&mut conn, exported).await;
    let _ = conn.close().await;
    walked
}

async fn walk(conn: &mut SqliteConnection, exported: &ExportedHeads) -> Result<BTreeMap<String, VerifiedLog>, NotVerified> {
    let has_chain = "SELECT COUNT(*) FROM pragma_table_info('log') WHERE name = 'hash'";
    let names = sqlx::query("SELECT name FROM workspaces").fetch_all(&mut *conn).await.map_err(StoreError::from)?;
    let count: i64 = sqlx::query_scalar(has_chain).fetch_one(&mut *conn).await.map_err(StoreError::from)?;
    if count == 0 {
        return Err(NotVerified::NoChain);
    }
    let mut walk = Verification { exported, logs: BTreeMap::new(), current: String::new() };
    for name in names {
        walk.logs.insert(text(name.try_get_unchecked(0).map_err(StoreError::from)?), VerifiedLog::default());
    }
    let mut rows = sqlx::query(ROWS).fetch(&mut *conn);
    let is_whole = loop {
        match rows.try_next().await {
            Ok(Some(row)) => walk.row(&row).map_err(StoreError::from)?,
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    drop(rows);
    if !is_whole {
        walk.find_damaged(conn).await;
    }
    Ok(walk.end(is_whole))
}

/// Bytes as a text, for a name that may have been altered.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|why| String::from_utf8_lossy(why.as_bytes()).into_owned())
}

/// The state of a check, row by row.
struct Verification<'e> {
    exported: &'e ExportedHeads,
    logs: BTreeMap<String, VerifiedLog>,
    /// The workspace of the last row.
    current: String,
}

impl Verification<'_> {
    fn row(&mut self, row: &SqliteRow) -> Result<(), sqlx::Error> {
        let values = (0..COLUMNS.len()).map(|at| row.try_get_unchecked(at)).collect::<Result<Vec<Option<Vec<u8>>>, _>>()?;
        let (hash, types): (Option<Vec<u8>>, Vec<u8>) = (row.try_get_unchecked(HASH)?, row.try_get_unchecked(TYPES)?);
        let read = ReadRow { values, hash: text(hash.unwrap_or_default()), types };
        self.current = text(read.values.first().cloned().flatten().unwrap_or_default());
        let exported = self.exported.get(&self.current).map_or(&[][..], Vec::as_slice);
        read.check(self.logs.entry(self.current.clone()).or_default(), exported);
        Ok(())
    }

    /// Finds the workspace whose rows are damaged: the one of the last row that was read, or the next one if that was its last.
    async fn find_damaged(&mut self, conn: &mut SqliteConnection) {
        let last: Result<Option<i64>, sqlx::Error> =
            sqlx::query_scalar("SELECT MAX(seq) FROM log WHERE workspace = $1").bind(&self.current).fetch_one(conn).await;
        let read = self.logs.get(&self.current).and_then(|log| log.head.as_ref()).map(|head| head.seq);
        let is_complete = self.current.is_empty() || last.is_ok_and(|last| last.is_some() && last == read);
        if let Some(next) = self.logs.keys().find(|name| is_complete && **name > self.current).cloned() {
            self.current = next;
        }
    }

    /// Ends the check after the last row, or where the file is damaged.
    fn end(mut self, is_whole: bool) -> BTreeMap<String, VerifiedLog> {
        for name in self.exported.keys().filter(|name| !name.is_empty()) {
            self.logs.entry(name.clone()).or_default();
        }
        for (name, log) in &mut self.logs {
            let last = log.head.as_ref().map_or(0, |head| head.seq);
            let is_current = *name == self.current;
            let later = self.exported.get(name).into_iter().flatten().find(|head| head.seq > last);
            let fault = match later {
                _ if !is_whole && is_current => Some(LogFault::Unreadable { row: last.saturating_add(1) }),
                // Rows are read in the order of names.
                _ if !is_whole && *name > self.current => Some(LogFault::NotReached),
                Some(head) => Some(LogFault::CutOff { last, exported: head.seq }),
                None if log.rows == 0 => Some(LogFault::Empty),
                None => None,
            };
            log.fault = log.fault.or(fault);
        }
        self.logs
    }
}

/// A row as the file has it.
struct ReadRow {
    values: Vec<Option<Vec<u8>>>,
    hash: String,
    types: Vec<u8>,
}

impl ReadRow {
    /// Checks the row against those before it; nothing is said about rows after the first fault.
    fn check(&self, log: &mut VerifiedLog, exported: &[LogHead]) {
        if log.fault.is_some() {
            return;
        }
        match self.checked(log.head.as_ref(), exported) {
            Ok(head) => {
                log.rows = log.rows.saturating_add(1);
                log.head = Some(head);
            }
            Err(fault) => {
                log.fault = Some(fault);
                log.seen = Some(self.seen());
            }
        }
    }

    fn checked(&self, former: Option<&LogHead>, exported: &[LogHead]) -> Result<LogHead, LogFault> {
        let (former, last) = former.map_or(("", 0), |head| (head.hash.as_str(), head.seq));
        let next = last.saturating_add(1);
        let (Some(seq), Some(at)) = (self.number(SEQ), self.number(AT)) else { return Err(LogFault::Altered { row: next }) };
        if self.hash_after(former).is_none_or(|hash| hash != self.hash) {
            return Err(if seq > next { LogFault::Missing { from: next, found: seq } } else { LogFault::Altered { row: next } });
        }
        let here = LogHead { seq, at, hash: self.hash.clone() };
        let is_same = |head: &LogHead| head.seq == here.seq && head.hash == here.hash;
        // The first numbers of a log may have gaps, where earlier versions numbered several workspaces together: no export names those.
        match exported.iter().find(|head| (next..=seq).contains(&head.seq) && !is_same(head)) {
            Some(head) => Err(LogFault::Rewritten { exported: head.seq }),
            None => Ok(here),
        }
    }

    fn seen(&self) -> SeenRow {
        let text_of = |column: usize| text(self.values.get(column).cloned().flatten().unwrap_or_default());
        SeenRow { at: self.number(AT), actor: text_of(ACTOR), action: text_of(ACTION), subject: text_of(SUBJECT) }
    }

    /// Returns the hash of the row after another one; `None` if a column has a type that no row has.
    fn hash_after(&self, former: &str) -> Option<String> {
        let mut link = Link::after(former);
        for ((name, value), letter) in COLUMNS.into_iter().zip(&self.values).zip(&self.types) {
            match (letter, value) {
                (b'n', None) => {}
                (b'i', Some(value)) => link.column(name, ColumnKind::Integer, value),
                (b't', Some(value)) => link.column(name, ColumnKind::Text, value),
                (_, _) => return None,
            }
        }
        Some(link.hash()).filter(|_| self.types.get(HASH) == Some(&b't'))
    }

    /// Returns a column that is a whole number.
    fn number(&self, column: usize) -> Option<i64> {
        let is_number = self.types.get(column) == Some(&b'i');
        let digits = self.values.get(column)?.as_deref()?;
        std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
    }
}
