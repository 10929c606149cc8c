//! The signals that ask the program to stop: Ctrl-C and SIGTERM, and a closed terminal.

pub(in crate::cli) mod reloading;
pub(in crate::cli) mod running;
pub(in crate::cli) mod stopping;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Says whether a part of the program decides how it ends after a signal.
static IS_HANDLED: AtomicBool = AtomicBool::new(false);

/// Says whether a part of the program decides how it ends when the terminal is closed.
static IS_HANGUP_HANDLED: AtomicBool = AtomicBool::new(false);

/// Notices every signal from its making on.
pub(in crate::cli) struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    /// Noticed once: a shell that ends passes it on, too.
    #[cfg(unix)]
    hangup: Option<Signal>,
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

    /// Begins to listen, also for a terminal that is closed, unless the program was started to outlive it (`nohup`). Must be called inside a
    /// runtime.
    ///
    /// # Errors
    /// Fails if the system does not allow it.
    pub(in crate::cli) fn listen_at_terminal() -> io::Result<Self> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "other systems have no such signal"))]
        let mut signals = Self::listen()?;
        #[cfg(unix)]
        if is_ignored(SignalKind::hangup().as_raw_value()) == Some(false) {
            signals.hangup = Some(signal(SignalKind::hangup())?);
            IS_HANGUP_HANDLED.store(true, Ordering::SeqCst);
        }
        Ok(signals)
    }

    /// Begins to listen. Must be called inside a runtime.
    #[cfg(unix)]
    fn watch() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hangup: None })
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
            () = hung_up(&mut self.hangup) => {}
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

/// Waits until the terminal is closed, once.
#[cfg(unix)]
async fn hung_up(hangup: &mut Option<Signal>) {
    let Some(signal) = hangup else { return std::future::pending().await };
    signal.recv().await;
    *hangup = None;
}

/// Returns whether a signal is ignored; `None` if the system does not say.
#[cfg(unix)]
fn is_ignored(signal: i32) -> Option<bool> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mask = u64::from_str_radix(status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?.trim(), 16).ok()?;
    Some(mask & 1_u64.checked_shl(u32::try_from(signal).ok()?.checked_sub(1)?)? != 0)
}

/// Lets a write beyond the limit of a file's size (`ulimit -f`) fail, as one on a full disk does, instead of ending the program. Must be
/// called inside a runtime.
pub(in crate::cli) fn survive_file_limit() {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        const SIGXFSZ: i32 = 25;
        // Where the system does not allow it, such a write ends the program.
        let _ = signal(SignalKind::from_raw(SIGXFSZ));
    }
}
