//! `rosterctl completions`: completion scripts for shells.

use clap::CommandFactory as _;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Prints the completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  rosterctl completions bash > ~/.local/share/bash-completion/completions/rosterctl")]
pub(in crate::cli) struct Completions {
    /// The shell to complete for.
    shell: clap_complete::Shell,
}

impl Completions {
    /// Prints the script.
    ///
    /// # Errors
    /// Fails if stdout cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut crate::cli::Cli::command(), "rosterctl", &mut text);
        terminal.print(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Done)
    }
}
