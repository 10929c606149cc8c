//! `rosterctl man`: the manual page.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Prints the manual page of rosterctl or of one command, or writes all of them to a directory.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For example:\n  rosterctl man | man -l -\n  rosterctl man token create | man -l -\n  rosterctl man --all ~/.local/share/man/man1"
)]
pub(in crate::cli) struct Man {
    /// The command whose page to print, such as `plan` or `token create`.
    #[arg(conflicts_with = "all")]
    command: Vec<String>,
    /// Write every page to this directory.
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

impl Man {
    /// Prints or writes the pages.
    ///
    /// # Errors
    /// Fails if there is no such command, or the directory cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let mut whole = crate::cli::Cli::command();
        whole.build();
        if let Some(directory) = &self.all {
            std::fs::create_dir_all(directory).with_context(|| format!("cannot make `{}`", directory.display()))?;
            write_all(&whole, directory)?;
            return Ok(Exit::Done);
        }
        let mut command = &whole;
        for name in &self.command {
            command = command
                .find_subcommand(name)
                .with_context(|| format!("unknown command `{}`: `rosterctl --help` lists the commands", self.command.join(" ")))?;
        }
        terminal.print(&page(command)?)?;
        Ok(Exit::Done)
    }
}

/// Writes the page of a command and those of its subcommands, except of `help`.
fn write_all(command: &Command, directory: &Path) -> anyhow::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = directory.join(format!("{name}.1"));
    std::fs::write(&path, page(command)?).with_context(|| format!("cannot write `{}`", path.display()))?;
    command.get_subcommands().filter(|command| command.get_name() != "help").try_for_each(|command| write_all(command, directory))
}

fn page(command: &Command) -> anyhow::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).context("cannot render the page")?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
