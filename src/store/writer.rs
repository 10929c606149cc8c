//! The one writer: waiting jobs share a transaction, and each is answered only after the commit.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::AnyConnection;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::StoreError;

/// At most so many jobs share one commit, so that the first does not wait for ever.
const BATCH: usize = 256;

/// What a job writes through: the connection inside the shared transaction, and what earlier jobs of the batch have read.
pub struct Writing {
    /// The connection; a job must leave its savepoint alone.
    pub conn: AnyConnection,
    seen: BTreeMap<String, Arc<dyn Any + Send + Sync>>,
}

impl Writing {
    /// What an earlier job of this batch kept under a name; nobody else can have written since.
    #[must_use]
    pub fn seen<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        self.seen.get(name).cloned().and_then(|any| any.downcast().ok())
    }

    /// Keeps something for later jobs of this batch.
    pub fn keep<T: Send + Sync + 'static>(&mut self, name: &str, value: Arc<T>) {
        self.seen.insert(name.to_owned(), value);
    }

    /// Forgets what was kept, because a job has changed it.
    pub fn forget(&mut self) {
        self.seen.clear();
    }
}

/// Sends a job's answer, once its fate is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A job says whether its writes stand, and how to answer.
type Job = Box<dyn for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, (bool, Answer)> + Send>;

/// Hands jobs to the writer task.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    end: Arc<Notify>,
    /// Nothing is ever sent: it ends with the task.
    ended: watch::Receiver<()>,
}

impl Writer {
    /// Starts the task, which ends when it is told so, or when the last handle is dropped.
    pub(super) fn start(conn: AnyConnection) -> Self {
        let (jobs, receiver) = mpsc::channel(4 * BATCH);
        let end = Arc::new(Notify::new());
        let (running, ended) = watch::channel(());
        tokio::spawn(run(Writing { conn, seen: BTreeMap::new() }, receiver, Arc::clone(&end), running));
        Self { jobs, end, ended }
    }

    /// Ends the task after the jobs that wait, and waits until its connection is closed; jobs that come later are given up.
    pub(super) async fn close(&self) {
        self.end.notify_one();
        let mut ended = self.ended.clone();
        while ended.changed().await.is_ok() {}
    }

    /// Runs a job in a savepoint: `Ok` stands once the batch is committed, `Err` leaves nothing behind.
    pub(super) async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, Result<T, E>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel::<Result<T, E>>();
        let boxed: Job = Box::new(move |writing| {
            async move {
                let result = job(writing).await;
                let stands = result.is_ok();
                let answer: Answer = Box::new(move |fate| {
                    let _ = sender.send(match fate {
                        Ok(()) => result,
                        Err(why) => Err(E::from(why)),
                    });
                });
                (stands, answer)
            }
            .boxed()
        });
        self.jobs.send(boxed).await.map_err(|_| E::from(StoreError::GivenUp))?;
        receiver.await.unwrap_or_else(|_| Err(E::from(StoreError::GivenUp)))
    }
}

/// Does the jobs until the end; `_running` lives until the connection is closed, for those who wait for that.
async fn run(mut writing: Writing, mut jobs: mpsc::Receiver<Job>, end: Arc<Notify>, _running: watch::Sender<()>) {
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
        batch(&mut writing, &mut waiting).await;
    }
    let _ = sqlx::Connection::close(writing.conn).await;
}

/// One transaction over all waiting jobs. When it can not begin, breaks or can not commit, every job is told so.
async fn batch(writing: &mut Writing, waiting: &mut Vec<Job>) {
    writing.forget();
    if begin(&mut writing.conn).await.is_err() {
        // Dropping a job drops its sender, which tells the caller that it was given up.
        waiting.clear();
        return;
    }
    let mut answers = Vec::with_capacity(waiting.len());
    let mut whole = true;
    for job in waiting.drain(..) {
        let Ok(answer) = one(writing, job).await else {
            // The jobs left are dropped with the drain: none may begin a transaction of its own.
            whole = false;
            break;
        };
        answers.extend(answer);
    }
    let committed = whole && say(&mut writing.conn, "COMMIT").await.is_ok();
    if !committed {
        writing.forget();
        let _ = say(&mut writing.conn, "ROLLBACK").await;
    }
    for answer in answers {
        answer(if committed { Ok(()) } else { Err(StoreError::GivenUp) });
    }
}

/// Begins a transaction, also where an earlier one was left open.
async fn begin(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    if say(conn, "BEGIN IMMEDIATE").await.is_ok() {
        return Ok(());
    }
    let _ = say(conn, "ROLLBACK").await;
    say(conn, "BEGIN IMMEDIATE").await
}

/// The shared transaction is not there any more: the database ended it by itself, such as on a full disk.
struct Broken;

/// One job in its savepoint. A panic costs that job only; `None` when it left no answer to send.
async fn one(writing: &mut Writing, job: Job) -> Result<Option<Answer>, Broken> {
    say(&mut writing.conn, "SAVEPOINT job").await.map_err(|_| Broken)?;
    let outcome = AssertUnwindSafe(job(writing)).catch_unwind().await;
    let (stands, answer) = match outcome {
        Ok((stands, answer)) => (stands, Some(answer)),
        Err(_) => (false, None),
    };
    if !stands {
        writing.forget();
        say(&mut writing.conn, "ROLLBACK TO SAVEPOINT job").await.map_err(|_| Broken)?;
    }
    say(&mut writing.conn, "RELEASE SAVEPOINT job").await.map_err(|_| Broken)?;
    Ok(answer)
}

async fn say(conn: &mut AnyConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(conn).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use futures::future::BoxFuture;

    use super::Writing;
    use crate::store::{Store, StoreError};

    fn insert(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            sqlx::query("INSERT INTO probe (n) VALUES (1)").execute(&mut writing.conn).await?;
            Ok(())
        })
    }

    #[tokio::test]
    async fn when_the_database_ends_the_transaction_no_job_of_the_batch_stands_and_all_are_told() {
        let store = Store::memory().await.unwrap();
        let made = store.write(|w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE probe (n INTEGER)").execute(&mut w.conn).await?;
                Ok::<_, StoreError>(())
            })
        });
        made.await.unwrap();
        // What SQLite does by itself on a full disk.
        let broken = store.write(|w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut w.conn).await?;
                Err::<(), _>(StoreError::GivenUp)
            })
        });
        let told = futures::join!(store.write(insert), broken, store.write(insert));
        assert!(told.0.is_err() && told.1.is_err() && told.2.is_err());
        store.write(insert).await.unwrap();
        let count = store.read(|conn| {
            Box::pin(async move { Ok::<_, StoreError>(sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM probe").fetch_one(conn).await?) })
        });
        assert_eq!(count.await.unwrap(), 1, "only the job of the next batch");
    }
}
