//! Handles Ctrl-C and a closed terminal: the first finishes the changes in progress, the second ends the program immediately.

use crate::apply::Interrupt;

use super::passcodes::Passcodes;
use crate::cli::exit::Exit;
use crate::cli::signals::Signals;
use crate::cli::terminal::Terminal;

/// Listens for signals. Must be called inside the runtime.
pub(in crate::cli) fn listen(passcodes: Passcodes, terminal: Terminal) -> Interrupt {
    let (switch, stop) = Interrupt::pair();
    // Without signals, the system ends the program.
    let Ok(mut signals) = Signals::listen_at_terminal() else { return stop };
    tokio::spawn(async move {
        signals.next().await;
        switch.stop();
        terminal.say("Stopping after the changes in progress. Press Ctrl-C again to stop immediately.");
        signals.next().await;
        terminal.say("Stopped. Run the same command again to make the remaining changes.");
        let _ = passcodes.show(terminal);
        std::process::exit(i32::from(Exit::Error.code()));
    });
    stop
}
