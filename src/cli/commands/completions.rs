//! `rosterctl completions`: what a shell completes.

use clap::CommandFactory as _;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Prints completions for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "For example, for bash:\n  rosterctl completions bash > ~/.local/share/bash-completion/completions/rosterctl")]
pub(in crate::cli) struct Completions {
    /// The shell.
    shell: clap_complete::Shell,
}

impl Completions {
    /// Prints the completions.
    ///
    /// # Errors
    /// When stdout takes no more.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut crate::cli::Cli::command(), "rosterctl", &mut text);
        terminal.print(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Done)
    }
}
