//! The asynchronous runtime, as small as the work allows.

use std::future::Future;

use anyhow::Context as _;

use super::stores::Stores;

/// Runs a future: on this thread for one workspace, with more threads for several. Then closes the stores it opened.
///
/// # Errors
/// When the system gives no threads.
pub(in crate::cli) fn run<F: Future>(workspaces: usize, work: impl FnOnce(Stores) -> F) -> anyhow::Result<F::Output> {
    let mut builder =
        if workspaces > 1 { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let runtime = builder.enable_all().build().context("can not start the runtime")?;
    let stores = Stores::default();
    let output = runtime.block_on(async {
        let output = work(stores.clone()).await;
        stores.close().await;
        output
    });
    runtime.shutdown_background();
    Ok(output)
}
