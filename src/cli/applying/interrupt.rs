//! Ctrl-C: once, and what is under way is finished; twice, and the program ends at once.

use crate::apply::Stop;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Listens for the signals; must be called inside the runtime.
pub(in crate::cli) fn listen(terminal: Terminal) -> Stop {
    let (switch, stop) = Stop::pair();
    tokio::spawn(async move {
        if !signal().await {
            return;
        }
        switch.stop();
        terminal.say("Stopping: what is under way is finished, nothing else is begun. Press Ctrl-C again to stop at once.");
        if signal().await {
            terminal.say("Stopped at once. Run the same command again: it finds what is left by itself.");
            std::process::exit(i32::from(Exit::Error.code()));
        }
    });
    stop
}

/// Waits for an interrupt or a request to end; false where the system has no signals.
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
