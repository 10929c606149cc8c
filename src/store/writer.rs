//! The one writer: waiting jobs of one workspace share a transaction, and each is answered only after the commit.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

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
}

impl JobWriter {
    /// Starts the task, which ends at [`Self::close`], or when the last handle is dropped.
    pub(super) fn start(source: ConnectionSource) -> Self {
        let (jobs, receiver) = mpsc::channel(4 * BATCH);
        let end = Arc::new(Notify::new());
        let (running, ended) = watch::channel(());
        tokio::spawn(run(source, receiver, Arc::clone(&end), running));
        Self { jobs, end, ended }
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
        receiver.await.unwrap_or_else(|_| Err(E::from(StoreError::GivenUp)))
    }
}

/// Does the jobs until the end; `_running` lives until the connection is closed, for those who wait for that.
async fn run(source: ConnectionSource, mut jobs: mpsc::Receiver<Job>, end: Arc<Notify>, _running: watch::Sender<()>) {
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
            writing = super::connect(options).await.ok().map(Writing::new);
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
            batch(writing, &workspace, together).await;
        }
    }
    if let Some(writing) = writing {
        let _ = sqlx::Connection::close(writing.conn).await;
    }
}

/// One transaction over the waiting jobs of one workspace: two locks in one could wait for each other. If it cannot begin, breaks or
/// cannot commit, every job is answered with that failure.
async fn batch(writing: &mut Writing, workspace: &str, jobs: Vec<Job>) {
    if writing.lock(workspace).await.is_err() {
        // Dropping a job drops its sender, which tells the caller that it was given up.
        return;
    }
    let mut answers = Vec::with_capacity(jobs.len());
    let mut whole = true;
    for job in jobs {
        let Ok(answer) = one(writing, job.run).await else {
            // The jobs left are dropped with the loop: none may begin a transaction of its own.
            whole = false;
            break;
        };
        answers.extend(answer);
    }
    let committed = writing.unlock(whole).await;
    for answer in answers {
        answer(if committed { Ok(()) } else { Err(StoreError::GivenUp) });
    }
}

/// The shared transaction no longer exists: the database ended it by itself, such as on a full disk.
struct TransactionEnded;

/// One job in its savepoint. A panic costs that job only; `None` when it left no answer to send.
async fn one(writing: &mut Writing, run: RunJob) -> Result<Option<SendAnswer>, TransactionEnded> {
    writing.say("SAVEPOINT job").await.map_err(|_| TransactionEnded)?;
    let outcome = AssertUnwindSafe(run(writing)).catch_unwind().await;
    let (succeeded, answer) = match outcome {
        Ok((succeeded, answer)) => (succeeded, Some(answer)),
        Err(_) => (false, None),
    };
    if !succeeded {
        writing.forget();
        writing.say("ROLLBACK TO SAVEPOINT job").await.map_err(|_| TransactionEnded)?;
    }
    writing.say("RELEASE SAVEPOINT job").await.map_err(|_| TransactionEnded)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::future::BoxFuture;

    use crate::store::{Store, StoreError, Writing};

    fn insert(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            sqlx::query("INSERT INTO probe (n) VALUES (1)").execute(&mut writing.conn).await?;
            Ok(())
        })
    }

    #[tokio::test]
    async fn when_the_database_ends_the_transaction_every_job_of_the_batch_fails() {
        let store = Store::memory().await.unwrap();
        let made = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE probe (n INTEGER)").execute(&mut w.conn).await?;
                Ok::<_, StoreError>(())
            })
        });
        made.await.unwrap();
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
        let count = store.read(|conn| {
            Box::pin(async move { Ok::<_, StoreError>(sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM probe").fetch_one(conn).await?) })
        });
        assert_eq!(count.await.unwrap(), 1, "only the job of the next batch");
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
