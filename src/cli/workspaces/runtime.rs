//! Starts the asynchronous runtime with as many threads as the work needs, and says at a terminal what it waits for: nobody should take a silent
//! server for a silent program.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep_until};

use super::stores::Stores;
use crate::cli::signals;
use crate::cli::terminal::Terminal;
use crate::report::few;

/// Runs a future, on this thread for one workspace and on several threads for more. Then closes the stores that it opened.
///
/// # Errors
/// Fails if the system cannot start threads.
pub(in crate::cli) fn run<F: Future>(workspaces: usize, work: impl FnOnce(Stores) -> F) -> anyhow::Result<F::Output> {
    let mut builder =
        if workspaces > 1 { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let runtime = builder.enable_all().build().context("cannot start the runtime")?;
    let stores = Stores::default();
    let output = runtime.block_on(async {
        signals::survive_file_limit();
        let output = work(stores.clone()).await;
        stores.close().await;
        output
    });
    runtime.shutdown_background();
    Ok(output)
}

/// The time for which a command reads before it says so, and between two times that it does.
const BETWEEN: Duration = Duration::from_secs(10);
/// The number of workspaces that are named.
const NAMED: usize = 5;

/// The workspaces that have not been read yet.
pub(super) struct Waiting {
    left: BTreeMap<usize, String>,
    all: usize,
    began: Instant,
    next: Instant,
    /// The terminal at which somebody waits, if anybody does.
    terminal: Option<Terminal>,
}

impl Waiting {
    /// All workspaces of a command, in their order.
    pub(super) fn new(names: Vec<String>, terminal: Option<Terminal>) -> Self {
        let (began, all) = (Instant::now(), names.len());
        let terminal = terminal.filter(|terminal| terminal.is_watched());
        Self { left: names.into_iter().enumerate().collect(), all, began, next: began + BETWEEN, terminal }
    }

    /// Crosses out one that was read, or could not be.
    pub(super) fn is_read(&mut self, at: usize) {
        self.left.remove(&at);
    }

    /// Waits for a result, and says so from time to time.
    pub(super) async fn until<T>(&mut self, result: impl Future<Output = T>) -> T {
        let mut result = pin!(result);
        loop {
            tokio::select! {
                biased;
                done = &mut result => return done,
                () = sleep_until(self.next) => {
                    self.next = Instant::now() + BETWEEN;
                    if let Some(terminal) = self.terminal {
                        terminal.say(&self.sentence());
                    }
                }
            }
        }
    }

    fn sentence(&self) -> String {
        let names: Vec<&String> = self.left.values().collect();
        format!(
            "Reading for {} s; {} of {} workspaces have not answered yet: {}",
            self.began.elapsed().as_secs(),
            self.left.len(),
            self.all,
            few(&names, NAMED)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_workspaces_that_have_not_answered_are_named() {
        let mut waiting = Waiting::new((0..8).map(|at| format!("glow-{at}")).collect(), None);
        waiting.is_read(1);
        assert_eq!(
            waiting.sentence(),
            "Reading for 0 s; 7 of 8 workspaces have not answered yet: glow-0, glow-2, glow-3, glow-4, glow-5 and 2 more"
        );
        // A result is not lost because it is time to say something.
        waiting.next = waiting.began;
        assert_eq!(waiting.until(std::future::ready(7)).await, 7);
        let late = async {
            tokio::task::yield_now().await;
            8
        };
        assert_eq!(waiting.until(late).await, 8);
    }
}
