//! Starts the asynchronous runtime with as many threads as the work needs.

use std::future::Future;

use anyhow::Context as _;

use super::stores::Stores;
use crate::cli::signals;

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
