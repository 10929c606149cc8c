//! The one writer: waiting jobs of one workspace share a transaction, and each is answered only after the commit.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::lock::Writing;
use super::{Conn, StoreError};

/// At most so many jobs share one commit, so that the first does not wait forever.
const BATCH: usize = 256;

/// The source of the writer's connection.
pub(super) enum ConnectionSource {
    /// The only connection of a store in memory.
    Memory(Conn),
    /// A file, which is opened for the first write: a preview has none.
    File(Box<SqliteConnectOptions>),
}

/// Sends a job's answer, once its fate is known.
type SendAnswer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A job, and the workspace whose lock it needs.
struct Job {
    workspace: String,
    run: RunJob,
}

/// Runs the job; returns whether to keep its writes, and how to answer.
type RunJob = Box<dyn for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, (bool, SendAnswer)> + Send>;

/// Hands jobs to the writer task.
#[derive(Clone)]
pub(super) struct JobWriter {
    jobs: mpsc::Sender<Job>,
    end: Arc<Notify>,
    /// Nothing is ever sent: it ends with the task.
    ended: watch::Receiver<()>,
    last: LastFailure,
}

/// Says whether the last batch failed because the disk is full, which jobs that were dropped cannot say themselves.
#[derive(Clone, Debug, Default)]
struct LastFailure(Arc<AtomicBool>);

impl LastFailure {
    /// Remembers how a step of a batch ended, and hands it on.
    fn note<T>(&self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        let done = done.map_err(StoreError::from);
        let is_full = done.as_ref().is_err_and(StoreError::is_full_disk);
        self.0.store(is_full, Ordering::Relaxed);
        done
    }

    /// Returns why a write was given up.
    fn cause(&self) -> StoreError {
        if self.0.load(Ordering::Relaxed) { StoreError::DiskFull } else { StoreError::GivenUp }
    }
}

impl JobWriter {
    /// Starts the task, which ends at [`Self::close`], or when the last handle is dropped.
    pub(super) fn start(source: ConnectionSource) -> Self {
        let (jobs, receiver) = mpsc::channel(4 * BATCH);
        let end = Arc::new(Notify::new());
        let (running, ended) = watch::channel(());
        let last = LastFailure::default();
        tokio::spawn(run(source, receiver, Arc::clone(&end), (last.clone(), running)));
        Self { jobs, end, ended, last }
    }

    /// Ends the task after the jobs that wait, and waits until its connection is closed; jobs that come later are given up.
    pub(super) async fn close(&self) {
        self.end.notify_one();
        let mut ended = self.ended.clone();
        while ended.changed().await.is_ok() {}
    }

    /// Runs a job in a savepoint under its workspace's lock: `Ok` means that the batch is committed, `Err` leaves nothing behind.
    pub(super) async fn run<T, E, F>(&self, workspace: &str, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, Result<T, E>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel::<Result<T, E>>();
        let run: RunJob = Box::new(move |writing| {
            async move {
                let result = job(writing).await;
                let succeeded = result.is_ok();
                let answer: SendAnswer = Box::new(move |fate| {
                    let _ = sender.send(match fate {
                        Ok(()) => result,
                        Err(why) => Err(E::from(why)),
                    });
                });
                (succeeded, answer)
            }
            .boxed()
        });
        self.jobs.send(Job { workspace: workspace.to_owned(), run }).await.map_err(|_| E::from(StoreError::GivenUp))?;
        receiver.await.unwrap_or_else(|_| Err(E::from(self.last.cause())))
    }
}

/// Does the jobs until the end; `running` lives until the connection is closed, for those who wait for that.
async fn run(source: ConnectionSource, mut jobs: mpsc::Receiver<Job>, end: Arc<Notify>, (last, running): (LastFailure, watch::Sender<()>)) {
    let (mut writing, file) = match source {
        ConnectionSource::Memory(conn) => (Some(Writing::new(conn)), None),
        ConnectionSource::File(options) => (None, Some(options)),
    };
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        let came = tokio::select! {
            came = jobs.recv_many(&mut waiting, BATCH) => came,
            () = end.notified() => {
                jobs.close();
                continue;
            }
        };
        if came == 0 {
            break;
        }
        if let (None, Some(options)) = (&writing, &file) {
            writing = last.note(super::connect(options).await).ok().map(Writing::new);
        }
        let Some(writing) = &mut writing else {
            // Dropping a job drops its sender, which tells the caller that it was given up.
            waiting.clear();
            continue;
        };
        while let Some(first) = waiting.first() {
            let workspace = first.workspace.clone();
            let (together, later) = waiting.into_iter().partition(|job: &Job| job.workspace == workspace);
            waiting = later;
            batch(writing, &workspace, together, &last).await;
        }
    }
    if let Some(writing) = writing {
        let _ = sqlx::Connection::close(writing.conn).await;
    }
    drop(running);
}

/// One transaction over the waiting jobs of one workspace: two locks in one could wait for each other. If it cannot begin, breaks or
/// cannot commit, every job is answered with that failure.
async fn batch(writing: &mut Writing, workspace: &str, jobs: Vec<Job>, last: &LastFailure) {
    if last.note(writing.lock(workspace).await).is_err() {
        // Dropping a job drops its sender, which tells the caller that it was given up.
        return;
    }
    let mut answers = Vec::with_capacity(jobs.len());
    let mut whole = true;
    // A job alone needs no savepoint: if it fails, nothing of the transaction is kept.
    let is_alone = jobs.len() == 1;
    for job in jobs {
        if is_alone {
            let (succeeded, answer) = outcome(writing, job.run).await;
            whole = succeeded;
            answers.extend(answer);
            break;
        }
        let Ok(answer) = one(writing, job.run).await else {
            // The jobs left are dropped with the loop: none may begin a transaction of its own.
            whole = false;
            break;
        };
        answers.extend(answer);
    }
    let is_committed = match writing.unlock(whole).await {
        Some(done) => last.note(done).is_ok(),
        None => false,
    };
    // A job alone that failed is answered with its own reason.
    let is_settled = is_committed || (is_alone && !whole);
    for answer in answers {
        answer(if is_settled { Ok(()) } else { Err(last.cause()) });
    }
}

/// The shared transaction no longer exists: the database ended it by itself, such as on a full disk.
struct TransactionEnded;

/// Runs a job; returns whether to keep its writes, and its answer. A panic costs that job only, and leaves no answer to send.
async fn outcome(writing: &mut Writing, run: RunJob) -> (bool, Option<SendAnswer>) {
    match AssertUnwindSafe(run(writing)).catch_unwind().await {
        Ok((succeeded, answer)) => (succeeded, Some(answer)),
        Err(_) => (false, None),
    }
}

/// One job in its savepoint; `None` when it left no answer to send.
async fn one(writing: &mut Writing, run: RunJob) -> Result<Option<SendAnswer>, TransactionEnded> {
    writing.say("SAVEPOINT job").await.map_err(|_| TransactionEnded)?;
    let (succeeded, answer) = outcome(writing, run).await;
    if !succeeded {
        writing.forget();
        if writing.say("ROLLBACK TO SAVEPOINT job").await.is_err() {
            // The job's own failure says why the database ended the transaction.
            if let Some(answer) = answer {
                answer(Ok(()));
            }
            return Err(TransactionEnded);
        }
    }
    writing.say("RELEASE SAVEPOINT job").await.map_err(|_| TransactionEnded)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::future::BoxFuture;

    use crate::store::{Store, StoreError, Writing};

    /// A store with an empty table `probe`.
    async fn with_table() -> Store {
        let store = Store::memory().await.unwrap();
        let made = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE probe (n INTEGER)").execute(&mut w.conn).await?;
                Ok::<_, StoreError>(())
            })
        });
        made.await.unwrap();
        store
    }

    async fn rows(store: &Store) -> i64 {
        let count = store.read(|conn| {
            Box::pin(async move { Ok::<_, StoreError>(sqlx::query_scalar("SELECT COUNT(*) FROM probe").fetch_one(conn).await?) })
        });
        count.await.unwrap()
    }

    fn insert(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            sqlx::query("INSERT INTO probe (n) VALUES (1)").execute(&mut writing.conn).await?;
            Ok(())
        })
    }

    #[tokio::test]
    async fn when_the_database_ends_the_transaction_every_job_of_the_batch_fails() {
        let store = with_table().await;
        // SQLite does this by itself on a full disk.
        let broken = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut w.conn).await?;
                Err::<(), _>(StoreError::GivenUp)
            })
        });
        let results = futures::join!(store.write("w", insert), broken, store.write("w", insert));
        assert!(results.0.is_err() && results.1.is_err() && results.2.is_err());
        store.write("w", insert).await.unwrap();
        assert_eq!(rows(&store).await, 1, "only the job of the next batch");
    }

    #[tokio::test]
    async fn a_write_that_a_full_disk_ends_says_so() {
        let store = Store::memory().await.unwrap();
        // SQLite ends the transaction by itself then.
        let filled = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut w.conn).await?;
                Err::<(), _>(StoreError::DiskFull)
            })
        });
        let full = StoreError::DiskFull.to_string();
        assert_eq!(filled.await.unwrap_err().to_string(), full);
        let large = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE probe (n BLOB)").execute(&mut w.conn).await?;
                sqlx::query("PRAGMA max_page_count = 1").execute(&mut w.conn).await?;
                sqlx::query("INSERT INTO probe VALUES (zeroblob(1000000))").execute(&mut w.conn).await?;
                Ok::<_, StoreError>(())
            })
        });
        assert_eq!(large.await.unwrap_err().to_string(), full);
    }

    fn insert_and_fail(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            insert(writing).await?;
            Err(StoreError::WrongKind)
        })
    }

    fn insert_and_panic(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            insert(writing).await?;
            panic!("at work")
        })
    }

    #[tokio::test]
    async fn a_job_that_fails_leaves_nothing_alone_or_among_others() {
        let store = with_table().await;
        let reason = |done: Result<(), StoreError>| done.unwrap_err().to_string();
        let [own, given_up] = [StoreError::WrongKind, StoreError::GivenUp].map(|why| why.to_string());
        assert_eq!(reason(store.write("w", insert_and_fail).await), own);
        assert_eq!(reason(store.write("w", insert_and_panic).await), given_up);
        let (kept, failed, broken) =
            futures::join!(store.write("w", insert), store.write("w", insert_and_fail), store.write("w", insert_and_panic));
        assert_eq!((kept.is_ok(), reason(failed), reason(broken)), (true, own, given_up));
        store.write("w", insert).await.unwrap();
        assert_eq!(rows(&store).await, 2, "those of the jobs that did not fail");
    }

    /// Counts the jobs before it under the same lock.
    fn jobs_before(writing: &mut Writing) -> BoxFuture<'_, Result<usize, StoreError>> {
        let before = writing.kept::<usize>().map_or(0, |n| *n);
        writing.keep(Arc::new(before + 1));
        Box::pin(async move { Ok(before) })
    }

    #[tokio::test]
    async fn a_commit_has_writes_of_one_workspace_only() {
        let store = Store::memory().await.unwrap();
        let jobs = ["a", "b", "a", "b", "a"].map(|workspace| store.write(workspace, jobs_before));
        let shared: Vec<usize> = futures::future::join_all(jobs).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(shared, [0, 0, 1, 1, 2]);
    }
}
