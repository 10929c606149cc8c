//! The lock of a workspace: every write begins by taking it, and what is checked and written inside it is what counts.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Conn;

/// A transaction that has the lock of one workspace until it ends. Only the writer makes one.
pub struct Writing {
    /// The connection inside the transaction; a job must leave its savepoint alone.
    pub conn: Conn,
    /// Values that the jobs of this transaction share, by type; dropped with the lock.
    shared: BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl Writing {
    /// Over the writer's own connection, which has no lock yet.
    pub(super) const fn new(conn: Conn) -> Self {
        Self { conn, shared: BTreeMap::new() }
    }

    /// Begins a transaction that has the lock of a workspace, also where an earlier one was left open.
    ///
    /// SQLite has one lock for the whole file, taken before anything is read: it is every workspace's.
    pub(super) async fn lock(&mut self, _workspace: &str) -> Result<(), sqlx::Error> {
        self.forget();
        if self.say("BEGIN IMMEDIATE").await.is_ok() {
            return Ok(());
        }
        let _ = self.say("ROLLBACK").await;
        self.say("BEGIN IMMEDIATE").await
    }

    /// Ends the transaction and releases the lock; returns whether everything was committed, or `None` if that was not to be.
    pub(super) async fn unlock(&mut self, whole: bool) -> Option<Result<(), sqlx::Error>> {
        self.forget();
        let done = if whole { Some(self.say("COMMIT").await) } else { None };
        if !matches!(done, Some(Ok(()))) {
            let _ = self.say("ROLLBACK").await;
        }
        done
    }

    /// Runs a statement that has no parameters.
    pub(super) async fn say(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(statement).execute(&mut self.conn).await.map(|_| ())
    }

    /// The value that an earlier job under the same lock kept.
    #[must_use]
    pub fn kept<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.get(&TypeId::of::<T>()).cloned().and_then(|any| any.downcast().ok())
    }

    /// Keeps something for later jobs under the same lock.
    pub fn keep<T: Send + Sync + 'static>(&mut self, value: Arc<T>) {
        self.shared.insert(TypeId::of::<T>(), value);
    }

    /// Forgets what was kept, because a job has changed it.
    pub fn forget(&mut self) {
        self.shared.clear();
    }
}
