//! The signals that ask the program to stop: Ctrl-C and SIGTERM.

pub(in crate::cli) mod reloading;
pub(in crate::cli) mod running;
pub(in crate::cli) mod stopping;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Whether a part of the program decides how it ends after a signal.
static IS_HANDLED: AtomicBool = AtomicBool::new(false);

/// Notices every signal from its making on.
pub(in crate::cli) struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// Begins to listen, and decides from now on how the program ends after a signal. Must be called inside a runtime.
    ///
    /// # Errors
    /// Fails if the system does not allow it.
    pub(in crate::cli) fn listen() -> io::Result<Self> {
        let signals = Self::watch()?;
        IS_HANDLED.store(true, Ordering::SeqCst);
        Ok(signals)
    }

    /// Begins to listen. Must be called inside a runtime.
    #[cfg(unix)]
    fn watch() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Begins to listen. Must be called inside a runtime.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "this can fail on other systems")]
    const fn watch() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next signal; forever, if the system has none.
    #[cfg(unix)]
    pub(in crate::cli) async fn next(&mut self) {
        tokio::select! {
            Some(()) = self.interrupt.recv() => {}
            Some(()) = self.terminate.recv() => {}
            else => std::future::pending().await,
        }
    }

    /// Waits for the next signal; forever, if the system has none.
    #[cfg(not(unix))]
    pub(in crate::cli) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
