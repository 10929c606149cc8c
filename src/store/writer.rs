//! The one writer: waiting jobs share a transaction, and each is answered only after the commit.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::AnyConnection;
use tokio::sync::{mpsc, oneshot};

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
pub(super) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the task, which ends when the last handle is dropped.
    pub(super) fn start(conn: AnyConnection) -> Self {
        let (sender, receiver) = mpsc::channel(4 * BATCH);
        tokio::spawn(run(Writing { conn, seen: BTreeMap::new() }, receiver));
        Self(sender)
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
        self.0.send(boxed).await.map_err(|_| E::from(StoreError::GivenUp))?;
        receiver.await.unwrap_or_else(|_| Err(E::from(StoreError::GivenUp)))
    }
}

async fn run(mut writing: Writing, mut jobs: mpsc::Receiver<Job>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut waiting, BATCH).await > 0 {
        batch(&mut writing, &mut waiting).await;
    }
    let _ = sqlx::Connection::close(writing.conn).await;
}

/// One transaction over all waiting jobs. When it can not begin or commit, every job is told so.
async fn batch(writing: &mut Writing, waiting: &mut Vec<Job>) {
    writing.forget();
    if say(&mut writing.conn, "BEGIN IMMEDIATE").await.is_err() {
        // Dropping a job drops its sender, which tells the caller that it was given up.
        waiting.clear();
        return;
    }
    let mut answers = Vec::with_capacity(waiting.len());
    for job in waiting.drain(..) {
        if let Some(answer) = one(writing, job).await {
            answers.push(answer);
        }
    }
    let committed = say(&mut writing.conn, "COMMIT").await;
    if committed.is_err() {
        writing.forget();
        let _ = say(&mut writing.conn, "ROLLBACK").await;
    }
    for answer in answers {
        answer(if committed.is_ok() { Ok(()) } else { Err(StoreError::GivenUp) });
    }
}

/// One job in its savepoint. A panic costs that job only; `None` when it left no answer to send.
async fn one(writing: &mut Writing, job: Job) -> Option<Answer> {
    say(&mut writing.conn, "SAVEPOINT job").await.ok()?;
    let outcome = AssertUnwindSafe(job(writing)).catch_unwind().await;
    let (stands, answer) = match outcome {
        Ok((stands, answer)) => (stands, Some(answer)),
        Err(_) => (false, None),
    };
    if !stands {
        writing.forget();
        let _ = say(&mut writing.conn, "ROLLBACK TO SAVEPOINT job").await;
    }
    match say(&mut writing.conn, "RELEASE SAVEPOINT job").await {
        Ok(()) => answer,
        Err(_) => None,
    }
}

async fn say(conn: &mut AnyConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(conn).await.map(|_| ())
}
