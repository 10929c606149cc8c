//! Ends a server: the first signal lets it finish the requests in progress, the second ends it immediately, and so does its deadline.

use std::io;
use std::time::Duration;

use crate::apply::Interrupt;
use crate::server::OperatorLog;

use super::Signals;
use crate::cli::exit::Exit;

/// The time that a server may take to end.
pub(in crate::cli) const DEADLINE: Duration = Duration::from_secs(30);

/// Waits for signals on a thread of its own, so that nothing that keeps the server busy can keep it running.
///
/// # Errors
/// Fails if the system does not allow it.
pub(in crate::cli) fn watch(log: OperatorLog) -> io::Result<Interrupt> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    let (switch, stop) = Interrupt::pair();
    let wait = async move {
        signals.next().await;
        switch.stop();
        let seconds = DEADLINE.as_secs();
        log.line(&format!("Stopping after the requests in progress, within {seconds} seconds. A second signal stops immediately."));
        tokio::select! {
            () = signals.next() => log.line("Stopped by a second signal."),
            () = tokio::time::sleep(DEADLINE) => log.line(&format!("Stopped after {seconds} seconds.")),
        }
        log.finish().await;
        std::process::exit(i32::from(Exit::Error.code()));
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(wait))?;
    Ok(stop)
}
