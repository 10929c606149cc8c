//! Ends the secret commands that are running when a signal ends the program: each has a process group of its own, which Ctrl-C in a
//! terminal does not reach.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, Command};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use super::{IS_HANDLED, Signals};

/// The exit code of a program that Ctrl-C has ended, as in a shell.
const INTERRUPTED: i32 = 130;

type Ending = Box<dyn Fn() + Send>;

/// How to end each command that is running, by its process id.
static RUNNING: Mutex<BTreeMap<u32, Ending>> = Mutex::new(BTreeMap::new());
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

fn running() -> MutexGuard<'static, BTreeMap<u32, Ending>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for signals on a thread of its own, until the program ends.
fn watch() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::watch()?
    };
    let wait = async move {
        loop {
            signals.next().await;
            for end in running().values() {
                end();
            }
            // Nobody else decides when the program ends, and the system no longer does.
            if !IS_HANDLED.load(Ordering::SeqCst) {
                std::process::exit(INTERRUPTED);
            }
        }
    };
    std::thread::Builder::new().name("secret commands".to_owned()).spawn(move || runtime.block_on(wait))?;
    Ok(())
}
