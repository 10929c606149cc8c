//! Ends the secret commands that are running when a signal ends the program: each has a process group of its own, which Ctrl-C in a
//! terminal does not reach.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, Command};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
#[cfg(unix)]
use std::task::Poll;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

#[cfg(unix)]
use super::is_ignored;
use super::{IS_HANDLED, IS_HANGUP_HANDLED, Signals};

/// The exit code of a program that Ctrl-C has ended, as in a shell.
const INTERRUPTED: i32 = 130;

/// The exit code of a program that a closed terminal has ended, as in a shell.
const HUNG_UP: i32 = 129;

type EndCommand = Box<dyn Fn() + Send>;

/// Says how to end each command that is running, by its process id.
static RUNNING: Mutex<BTreeMap<u32, EndCommand>> = Mutex::new(BTreeMap::new());
static WATCH: Once = Once::new();

/// A command that is running; a signal ends it until this is dropped.
pub(in crate::cli) struct Running(u32);

impl Drop for Running {
    fn drop(&mut self) {
        running().remove(&self.0);
    }
}

/// Starts a command that a signal ends together with this program. `end` gets its process id.
///
/// # Errors
/// Fails if the command cannot be started.
pub(in crate::cli) fn start(command: &mut Command, end: impl Fn(u32) + Send + 'static) -> io::Result<(Child, Running)> {
    // Where the system does not allow it, a signal ends this program alone.
    WATCH.call_once(|| drop(watch()));
    // A signal that comes meanwhile waits until the command is known.
    let mut running = running();
    let child = command.spawn()?;
    let id = child.id();
    running.insert(id, Box::new(move || end(id)));
    Ok((child, Running(id)))
}

fn running() -> MutexGuard<'static, BTreeMap<u32, EndCommand>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The signals that end the program at once, wherever it is: a closed window and Ctrl-\. One that the system ignores, as `nohup` asks for,
/// goes on being ignored; where nobody knows, none of them ends a command.
struct Ends(#[cfg(unix)] Vec<(Signal, i32)>);

#[cfg(unix)]
impl Ends {
    fn watch() -> io::Result<Self> {
        let is_meant = |kind: &SignalKind| is_ignored(kind.as_raw_value()) == Some(false);
        let kinds = [SignalKind::hangup(), SignalKind::quit()].into_iter().filter(is_meant);
        // A shell says 128 and the number of the signal.
        kinds.map(|kind| Ok((signal(kind)?, 128 + kind.as_raw_value()))).collect::<io::Result<_>>().map(Self)
    }

    /// Waits for the next one, and returns the exit code that it gives.
    async fn next(&mut self) -> i32 {
        std::future::poll_fn(|context| {
            let mut arrived = self.0.iter_mut().filter_map(|(signal, code)| signal.poll_recv(context).is_ready().then_some(*code));
            arrived.next().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

#[cfg(not(unix))]
impl Ends {
    #[expect(clippy::unnecessary_wraps, reason = "this can fail on other systems")]
    const fn watch() -> io::Result<Self> {
        Ok(Self())
    }

    async fn next(&mut self) -> i32 {
        std::future::pending().await
    }
}

/// Waits for signals on a thread of its own, until the program ends.
fn watch() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut signals, mut ends) = {
        let _inside = runtime.enter();
        (Signals::watch()?, Ends::watch()?)
    };
    let wait = async move {
        loop {
            let code = tokio::select! {
                () = signals.next() => None,
                code = ends.next() => Some(code),
            };
            for end in running().values() {
                end();
            }
            let is_handled = code == Some(HUNG_UP) && IS_HANGUP_HANDLED.load(Ordering::SeqCst);
            if let Some(code) = code.filter(|_| !is_handled) {
                std::process::exit(code);
            }
            // Nobody else decides when the program ends, and the system no longer does.
            if !is_handled && !IS_HANDLED.load(Ordering::SeqCst) {
                std::process::exit(INTERRUPTED);
            }
        }
    };
    std::thread::Builder::new().name("secret commands".to_owned()).spawn(move || runtime.block_on(wait))?;
    Ok(())
}
