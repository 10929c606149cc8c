//! The server's tables: accounts, their invitations and blocks, clinics, roles, employee records, tokens, and the user log.
//!
//! The tables are SQLite's: columns are TEXT and integers, each query is one typed function. Writes go through one writer, which takes
//! the workspace's lock and shares commits; readers have connections of their own.

mod chain;
mod clock;
mod error;
mod key;
mod lock;
mod migrations;
mod readers;
mod seed;
mod tables;
mod vault;
mod writer;

pub use tables::{accounts, idempotency, invitations, log, members, refusals, resources, tokens, workspaces, wrong_answers};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor as _, SqliteConnection};

use crate::model::HOUR;

pub use chain::{ExportedHeads, LogFault, LogHead, NotVerified, SeenRow, VerifiedLog, verify_logs};
pub use clock::{Clock, HandClock, SystemClock};
pub use error::{StoreError, UpgradeFault};
pub use key::sha256;
pub use lock::Writing;
use readers::copy;
pub use seed::{NewWorkspace, Seed, SeedAccount};
pub use tables::accounts::{AccountRow, AccountWrite, NewAccountRow};
pub use tables::idempotency::{Answered, Remembered};
pub use tables::invitations::{BlockRow, NewBlock, NewInvitation};
pub use tables::log::{LogRow, NewLogRow};
pub use tables::particulars::Particulars;
pub use tables::resources::{NewResource, RecordKind, ResourceKind, ResourceRow};
pub use tables::tokens::{NewToken, TokenAccess, TokenRow};
pub use tables::workspaces::WorkspaceRow;
use vault::KeyPlace;
pub use vault::Vault;

/// A connection to the database, inside a transaction or not.
pub type Conn = SqliteConnection;

/// The number of readers that a file has at once where nobody says otherwise.
pub const READERS: u32 = 4;

/// So many rows of a query are read ahead of what is done with them.
pub const ROWS_AHEAD: usize = 512;

/// The number of times that a connection is tried that SQLite refuses without waiting, and how long is between two tries: five seconds in all.
const TRIES: usize = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// SQLite's code for a database that another connection keeps busy.
const BUSY: &str = "5";

/// The database of a server.
#[derive(Clone)]
pub struct Store {
    writer: writer::JobWriter,
    /// `None` for a store in memory, which has one connection only.
    readers: Option<Arc<readers::Readers>>,
    clock: Arc<dyn Clock>,
    key: Arc<key::StoreKey>,
    vault: Arc<Vault>,
    /// The time at which answers that are kept no longer were last dropped, and how many were kept since, by workspace.
    swept: Arc<Mutex<BTreeMap<String, Swept>>>,
}

/// The time at which answers were last dropped (epoch milliseconds), and how many were kept since.
#[derive(Clone, Copy)]
struct Swept {
    at: i64,
    kept: u32,
}

/// So many answers are kept between two times at which old ones are dropped.
const KEPT_BETWEEN: u32 = 1000;

/// The interval at which expired answers are dropped, in milliseconds: hourly.
const SWEEP: i64 = HOUR;

impl Store {
    /// Opens the file, making it and its folder where they are not there yet (mode 0600), and brings its tables up to date.
    ///
    /// # Errors
    /// The folder or file cannot be created, the file is not a database, or a newer program made it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, Arc::new(SystemClock)).await
    }

    /// Like [`Store::open`], under the given clock.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub async fn open_with(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_for(path, None, clock, READERS).await
    }

    /// Like [`Store::open_with`], for so many readers at once: a server with many files has fewer for each. The key of what is sealed is in
    /// the given file, or else beside the database.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub async fn open_for(path: &Path, key: Option<&Path>, clock: Arc<dyn Clock>, readers: u32) -> Result<Self, StoreError> {
        Self::open_file(path, key, clock, readers).await.map_err(|why| copy::not_writable(path, why))
    }

    async fn open_file(path: &Path, key: Option<&Path>, clock: Arc<dyn Clock>, readers: u32) -> Result<Self, StoreError> {
        let plain = options().filename(location(path)?);
        let options = plain.clone().journal_mode(SqliteJournalMode::Wal);
        make_file(path).map_err(|source| StoreError::File { path: path.to_owned(), source })?;
        let mut conn = connect(&plain).await?;
        // A write-ahead log would change the database of another program for good.
        migrations::check_is_ours(&mut conn).await?;
        begin_log(&mut conn).await?;
        let place = key.map_or_else(|| KeyPlace::beside(path), |key| KeyPlace::File(key.to_owned()));
        let (key, vault) = migrations::run(&mut conn, &place, clock.now()).await?;
        let (key, vault) = (Arc::new(key), Arc::new(vault));
        let readers = readers::Readers::new(options.clone(), readers, conn).await?;
        let writer = writer::JobWriter::start(writer::ConnectionSource::File(Box::new(options)));
        Ok(Self { writer, readers: Some(Arc::new(readers)), clock, key, vault, swept: Arc::default() })
    }

    /// A store that ends with the process.
    ///
    /// # Errors
    /// The database library refuses.
    pub async fn memory() -> Result<Self, StoreError> {
        Self::memory_with(Arc::new(SystemClock)).await
    }

    /// Like [`Store::memory`], under the given clock.
    ///
    /// # Errors
    /// See [`Store::memory`].
    pub async fn memory_with(clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let conn = options().in_memory(true).connect().await?;
        Self::over(conn, &KeyPlace::Memory, clock).await
    }

    /// Makes a copy in memory of a file that this user cannot write to. Writes to it are lost.
    ///
    /// # Errors
    /// The file cannot be read completely, or is not a database of this program.
    pub async fn copy_of(path: &Path) -> Result<Self, StoreError> {
        let mut conn = options().in_memory(true).connect().await?;
        copy::fill(&mut conn, path).await?;
        migrations::check_is_ours(&mut conn).await?;
        Self::over(conn, &KeyPlace::beside(path), Arc::new(SystemClock)).await
    }

    /// Over a database in memory.
    async fn over(mut conn: Conn, place: &KeyPlace, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (key, vault) = migrations::run(&mut conn, place, clock.now()).await?;
        let (key, vault) = (Arc::new(key), Arc::new(vault));
        let writer = writer::JobWriter::start(writer::ConnectionSource::Memory(conn));
        Ok(Self { writer, readers: None, clock, key, vault, swept: Arc::default() })
    }

    /// The server's clock, in epoch milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The identity of this store: 12 characters derived from its own key, which reveal nothing about the key.
    #[must_use]
    pub fn identity(&self) -> String {
        self.key.seal("identity").chars().filter(char::is_ascii_alphanumeric).take(12).collect()
    }

    /// The hash of a request under the store's own key, base64url: it tells nothing of a password in the body without that key.
    #[must_use]
    pub fn seal(&self, hash: &str) -> String {
        self.key.seal(hash)
    }

    /// Seals what must be read again, with the key outside the database.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Drops a workspace's answers that are kept no longer, hourly and after every thousand; `now` in epoch milliseconds.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn sweep(&self, conn: &mut Conn, workspace: &str, now: i64) -> Result<(), StoreError> {
        if !self.is_sweep_due(workspace, now) {
            return Ok(());
        }
        idempotency::drop_before(conn, workspace, now.saturating_sub(idempotency::KEPT)).await?;
        idempotency::drop_beyond(conn, workspace, idempotency::MOST).await
    }

    fn is_sweep_due(&self, workspace: &str, now: i64) -> bool {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        match swept.get_mut(workspace) {
            Some(last) if now.saturating_sub(last.at) < SWEEP && last.kept < KEPT_BETWEEN => {
                last.kept += 1;
                false
            }
            Some(_) | None => {
                swept.insert(workspace.to_owned(), Swept { at: now, kept: 0 });
                true
            }
        }
    }

    /// Runs a job in a transaction that has the workspace's lock and that waiting jobs of the same workspace share; it is answered after
    /// the commit. `Err` leaves nothing behind.
    ///
    /// # Errors
    /// The job's own, or that the batch could not be committed.
    pub async fn write<T, E, F>(&self, workspace: &str, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, Result<T, E>> + Send + 'static,
    {
        self.writer.run(workspace, job).await
    }

    /// Runs a job that only reads.
    ///
    /// # Errors
    /// The job's own error, or that no connection was available.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        match &self.readers {
            Some(readers) => readers.run(job).await,
            None => self.writer.run("", move |writing| job(&mut writing.conn)).await,
        }
    }

    /// Closes the connections of all copies of this handle. The last program that closes a file folds the write-ahead log into it.
    pub async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }
}

/// An empty file only its owner can read, and a folder that git leaves alone.
fn make_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty() && !f.exists()) {
        std::fs::create_dir_all(folder)?;
        if folder.file_name().is_some_and(|name| name == ".rosterctl") {
            std::fs::write(folder.join(".gitignore"), "*\n")?;
        }
    }
    let mut open = std::fs::OpenOptions::new();
    // An existing one is not opened: closing it again would release the locks that other connections of this process have on it.
    open.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(path) {
        Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|_| ()),
    }
}

/// Returns a file's name as SQLite takes it: `:memory:` and `file:x` would be names of its own.
fn location(path: &Path) -> Result<PathBuf, StoreError> {
    let path = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    if path.to_str().is_some() { Ok(path) } else { Err(StoreError::Name { path }) }
}

/// Connects to a file. While another connection makes the file one with a write-ahead log, SQLite refuses without waiting.
async fn connect(options: &SqliteConnectOptions) -> Result<Conn, sqlx::Error> {
    for _ in 1..TRIES {
        match options.connect().await {
            Err(why) if is_busy(&why) => tokio::time::sleep(BETWEEN_TRIES).await,
            done => return done,
        }
    }
    options.connect().await
}

/// Makes the file one with a write-ahead log, if it is not one yet.
async fn begin_log(conn: &mut Conn) -> Result<(), sqlx::Error> {
    const WAL: &str = "PRAGMA journal_mode = WAL";
    for _ in 1..TRIES {
        match conn.execute(WAL).await {
            Err(why) if is_busy(&why) => tokio::time::sleep(BETWEEN_TRIES).await,
            done => return done.map(drop),
        }
    }
    conn.execute(WAL).await.map(drop)
}

fn is_busy(why: &sqlx::Error) -> bool {
    why.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some(BUSY)
}

/// Returns how a database is opened: writes return to the same pages, which are kept, and rows come in hundreds, since each time one side waits for
/// the other costs more than reading some rows.
fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(Duration::from_secs(5))
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-16384")
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_file_that_does_not_exist_yet_is_opened_by_many_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("both.db");
            let open = || async { Store::open_for(&path, None, Arc::new(SystemClock), 1).await };
            let opened = futures::future::join_all((0..4).map(|_| open())).await;
            let identities: Vec<String> = opened.into_iter().map(|store| store.unwrap().identity()).collect();
            assert!(identities.iter().all(|identity| *identity == identities[0]), "one key");
        }
    }
}
