//! `rosterctl man`: the manual page.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::builder::Resettable;
use clap::{Command, CommandFactory as _};
use clap_mangen::roff::{Roff, roman};

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
    let described = command.clone().after_help(Resettable::Reset);
    clap_mangen::Man::new(described).render(&mut page).context("cannot render the page")?;
    let further = command.get_after_help().map(|help| sections(&help.to_string()).render()).unwrap_or_default();
    Ok(format!("{}{further}", String::from_utf8_lossy(&page)))
}

/// The text below the help, as sections. Lines that are indented stay as they are: commands, and tables of exit codes.
fn sections(help: &str) -> Roff {
    let mut roff = Roff::new();
    for part in help.split("\n\n") {
        let titled = part.split_once('\n').and_then(|(heading, lines)| Some((title(heading)?, lines)));
        let (heading, lines) = titled.unwrap_or(("NOTES", part));
        roff.control("SH", [heading]);
        let mut is_kept = false;
        for line in lines.lines() {
            let is_indented = line.starts_with(' ');
            if is_indented != is_kept {
                roff.control(if is_indented { "nf" } else { "fi" }, []);
                is_kept = is_indented;
            }
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        if is_kept {
            roff.control("fi", []);
        }
    }
    roff
}

/// The title of a section, as manual pages have it.
fn title(heading: &str) -> Option<&'static str> {
    match heading {
        "First steps:" => Some("FIRST STEPS"),
        "Exit codes:" => Some("EXIT STATUS"),
        "Example:" | "Examples:" | "For example:" => Some("EXAMPLES"),
        _ => None,
    }
}
