//! Reads something again at each SIGHUP, which otherwise ends the program.

use std::io;

/// Calls a function at each SIGHUP from now on. Must be called inside a runtime.
///
/// # Errors
/// Fails if the system does not allow it.
#[cfg(unix)]
pub(in crate::cli) fn at_each_hangup(work: impl Fn() + Send + 'static) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            work();
        }
    });
    Ok(())
}

/// Does nothing: the system has no such signal.
///
/// # Errors
/// None.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "this can fail on other systems")]
pub(in crate::cli) fn at_each_hangup(_: impl Fn() + Send + 'static) -> io::Result<()> {
    Ok(())
}
