//! Handles Ctrl-C: the first finishes the changes in progress, the second ends the program immediately.

use crate::apply::Stop;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Listens for signals. Must be called inside the runtime.
pub(in crate::cli) fn listen(terminal: Terminal) -> Stop {
    let (switch, stop) = Stop::pair();
    tokio::spawn(async move {
        if !signal().await {
            return;
        }
        switch.stop();
        terminal.say("Stopping after the changes in progress. Press Ctrl-C again to stop immediately.");
        if signal().await {
            terminal.say("Stopped. Run the same command again to make the remaining changes.");
            std::process::exit(i32::from(Exit::Error.code()));
        }
    });
    stop
}

/// Waits for an interrupt or a termination signal; returns false if the system has no signals.
async fn signal() -> bool {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
            return false;
        };
        tokio::select! {
            _ = interrupt.recv() => true,
            _ = terminate.recv() => true,
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.is_ok()
    }
}
