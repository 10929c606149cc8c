//! The asynchronous runtime, as small as the work allows.

use std::future::Future;

use anyhow::Context as _;

/// Runs a future: on this thread for one workspace, with more threads for several.
///
/// # Errors
/// When the system gives no threads.
pub(super) fn run<F: Future>(workspaces: usize, work: F) -> anyhow::Result<F::Output> {
    let mut builder =
        if workspaces > 1 { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let runtime = builder.enable_all().build().context("can not start the runtime")?;
    let output = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(output)
}
