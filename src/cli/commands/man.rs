//! `rosterctl man`: the manual page.

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Prints the manual page of rosterctl or of one command.
#[derive(Debug, clap::Args)]
#[command(after_help = "For example:\n  rosterctl man | man -l -\n  rosterctl man plan | man -l -")]
pub(in crate::cli) struct Man {
    /// The command whose page to print.
    command: Option<String>,
}

impl Man {
    /// Prints the page.
    ///
    /// # Errors
    /// Fails if there is no such command.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let mut whole = crate::cli::Cli::command();
        whole.build();
        let command = match &self.command {
            None => whole,
            Some(name) => whole
                .find_subcommand(name)
                .with_context(|| format!("unknown command `{name}`: `rosterctl --help` lists the commands"))?
                .clone(),
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).context("cannot render the page")?;
        terminal.print(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Done)
    }
}
