//! The connections that only read: each is opened when none is free, and used again.

pub(super) mod copy;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::{Conn, StoreError};

/// The time that a job waits for a connection.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The number of pages that a reader keeps, in KiB and negative: a list of all users reads each page once.
const KEPT_PAGES: &str = "-256";

/// The readers of one file.
pub(super) struct Readers {
    options: SqliteConnectOptions,
    most: u32,
    /// One for each connection that there may be.
    places: Semaphore,
    free: Mutex<Vec<Conn>>,
}

impl Readers {
    /// So many readers at once, with one connection that is open already.
    pub(super) async fn new(options: SqliteConnectOptions, most: u32, mut first: Conn) -> Result<Self, StoreError> {
        first.execute(AssertSqlSafe(format!("PRAGMA cache_size = {KEPT_PAGES}"))).await?;
        let options = options.pragma("cache_size", KEPT_PAGES);
        Ok(Self { options, most, places: Semaphore::new(most as usize), free: Mutex::new(vec![first]) })
    }

    /// Runs a job as soon as a connection is free.
    pub(super) async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let mut lent = self.lend().await.map_err(E::from)?;
        let Some(conn) = &mut lent.conn else { return Err(E::from(StoreError::GivenUp)) };
        let done = job(conn).await;
        if done.is_err() && conn.ping().await.is_err() {
            lent.conn = None;
        }
        done
    }

    async fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let place = timeout(LONGEST_WAIT, self.places.acquire()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match free {
            Some(conn) => conn,
            None => super::connect(&self.options).await?,
        };
        Ok(Lent { conn: Some(conn), free: &self.free, _place: place })
    }

    /// Closes the connections, as soon as the jobs that run have ended; later ones are refused.
    pub(super) async fn close(&self) {
        // Only a second call is refused here.
        let Ok(_all) = self.places.acquire_many(self.most).await else { return };
        self.places.close();
        let free = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        for conn in free {
            let _ = conn.close().await;
        }
    }
}

/// A connection that one job has. It is free again when the job has ended, or is given up.
struct Lent<'r> {
    /// `None` if the connection is broken.
    conn: Option<Conn>,
    free: &'r Mutex<Vec<Conn>>,
    _place: SemaphorePermit<'r>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).extend(self.conn.take());
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use futures::future::BoxFuture;

    use crate::store::{Conn, Store, StoreError, Writing, workspaces};

    /// Returns how many connections of this process have a file open.
    fn connections(path: &Path) -> usize {
        let all = std::fs::read_dir("/proc/self/fd").unwrap();
        all.filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok()).filter(|file| file == path).count()
    }

    fn question(conn: &mut Conn) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(workspaces::any(conn))
    }

    #[tokio::test]
    async fn jobs_that_read_in_turn_share_one_connection_and_only_a_write_opens_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("glow.db");
        let store = Store::open(&path).await.unwrap();
        for _ in 0..10 {
            store.read(question).await.unwrap();
        }
        let mut given_up = Box::pin(store.read(|_| Box::pin(std::future::pending::<Result<(), StoreError>>())));
        assert!(futures::poll!(&mut given_up).is_pending());
        drop(given_up);
        store.read(question).await.unwrap();
        assert_eq!(connections(&path), 1);
        store.write("glow", |_: &mut Writing| Box::pin(async { Ok::<_, StoreError>(()) })).await.unwrap();
        assert_eq!(connections(&path), 2);
        store.close().await;
        assert_eq!(connections(&path), 0);
        assert!(store.read(question).await.is_err());
    }
}
