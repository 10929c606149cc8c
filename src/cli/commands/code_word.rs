//! `rosterctl code-word`: shows and rotates the practice's code word.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::model::{Connection, Desired};
use crate::platform::{self, built_in};
use crate::report::clean;
use crate::server::{self, CodeWordError};
use crate::store::Store;

use super::unrepeated;
use crate::cli::exit::Exit;
use crate::cli::roster::{self, no_workspace};
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::machine;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::serving::config;
use crate::cli::workspaces::serving::served;
use crate::cli::workspaces::stores::Stores;

/// Shows or rotates the practice's code word, on the machine that has the database.
#[derive(Debug, clap::Args)]
#[command(long_about = long_about())]
pub(in crate::cli) struct CodeWord {
    #[command(subcommand)]
    command: CodeWordCommand,
}

#[derive(Debug, clap::Subcommand)]
enum CodeWordCommand {
    /// Prints the code word.
    #[command(after_help = "\
Examples:
  rosterctl code-word show bright-dental
  rosterctl code-word show bright-dental --config server.yaml")]
    Show(CodeWordArgs),
    /// Makes a new code word, prints it, and names the people who need it: those who have an open link. The old one is no longer valid.
    #[command(after_help = "\
Example:
  rosterctl code-word rotate bright-dental my-roster")]
    Rotate(CodeWordArgs),
}

impl CodeWordCommand {
    const fn rotates(&self) -> bool {
        match self {
            Self::Show(_) => false,
            Self::Rotate(_) => true,
        }
    }
}

/// The workspace, its roster, and where its database is.
#[derive(Debug, clap::Args)]
struct CodeWordArgs {
    /// The workspace.
    #[arg(value_name = "WORKSPACE")]
    workspace: String,
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The database file, if `serve` was given one.
    #[arg(long, value_name = "FILE", value_parser = unrepeated::database())]
    database: Option<PathBuf>,
    /// The configuration of the server, if `serve` was given one; it takes the place of the roster.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["roster", "database"])]
    config: Option<PathBuf>,
}

impl CodeWord {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// Fails if the roster or the database cannot be read, or if the workspace has no code word.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let (CodeWordCommand::Show(target) | CodeWordCommand::Rotate(target)) = &self.command;
        if let Some(path) = &target.config {
            let Some(configured) = config::load_or_show(path, terminal)? else { return Ok(Exit::Error) };
            let (desired, configured) = (configured.workspace(&target.workspace)?, &configured);
            self.check(desired)?;
            let act = |stores: Stores| async move { self.act(desired, &configured.existing(&stores).await?, terminal).await };
            runtime::run(1, act)??;
            return Ok(Exit::Done);
        }
        let Some(roster) = roster::load_or_show(&target.roster, terminal)? else { return Ok(Exit::Error) };
        let known: Vec<String> = roster.workspaces.iter().map(|desired| desired.workspace.clone()).collect();
        let desired = roster
            .workspaces
            .iter()
            .find(|desired| desired.workspace == target.workspace)
            .with_context(|| no_workspace("the roster", &target.workspace, &known))?;
        match &desired.connection {
            Connection::Snapshot(_) => anyhow::bail!("`{}` has no interface: its product shows the code word itself", desired.workspace),
            Connection::Embedded { .. } | Connection::Scim(_) => {}
        }
        self.check(desired)?;
        let act = |stores: Stores| async move {
            let store = served::existing(desired, &target.roster, target.database.as_deref(), &stores).await?;
            self.act(desired, &store, terminal).await
        };
        runtime::run(1, act)??;
        Ok(Exit::Done)
    }

    /// Checks that the platform has code words, and that no roster would set the word of before again.
    fn check(&self, desired: &Desired) -> anyhow::Result<()> {
        let catalog = platform::by_id(&desired.platform).catalog();
        anyhow::ensure!(catalog.code_word.is_some(), CodeWordError::NoneHere(desired.platform.to_string()));
        if self.command.rotates() {
            anyhow::ensure!(
                desired.code_word.is_none(),
                "the roster says what the code word of `{}` is (`code_word`), and the next apply would set that one again: change it there, \
                 and apply",
                desired.workspace
            );
        }
        Ok(())
    }

    async fn act(&self, desired: &Desired, store: &Store, terminal: Terminal) -> anyhow::Result<()> {
        match &self.command {
            CodeWordCommand::Show(_) => {
                let word = server::show_code_word(store, &desired.workspace, machine::origin()).await?;
                terminal.print(&format!("{}\n", word.expose()))?;
                terminal.say(&format!("Tell it to people{}.", ways(" ", desired)));
            }
            CodeWordCommand::Rotate(_) => {
                let rotated = server::rotate_code_word(store, &desired.workspace, machine::origin()).await?;
                terminal.print(&format!("{}\n", rotated.word.expose()))?;
                terminal.say(&to_tell(&rotated.waiting, &ways(", ", desired)));
            }
        }
        Ok(())
    }
}

/// Returns what the command is for.
fn long_about() -> String {
    let ways = built_in().iter().find_map(|platform| platform.catalog().spoken_word()).map(|word| format!(" {}", word.ways));
    format!(
        "Shows or rotates the practice's code word, on the machine that has the database.\n\nPeople who are invited need the code word besides \
         the link in their invitation. Tell it to them{}. The user log records that the word was shown or rotated, but not the word.",
        ways.unwrap_or_default()
    )
}

/// Returns the ways in which people hear the word on a platform, after a sign that joins them to a sentence.
fn ways(joined: &str, desired: &Desired) -> String {
    let word = platform::by_id(&desired.platform).catalog().spoken_word();
    word.map(|word| format!("{joined}{}", word.ways)).unwrap_or_default()
}

/// Says who needs the new word, and how they hear it.
fn to_tell(waiting: &[String], ways: &str) -> String {
    if waiting.is_empty() {
        return "The old code word is no longer valid. Nobody has an open link, so nobody needs the new one now.".to_owned();
    }
    let names = waiting.iter().fold(String::new(), |names, name| names + "\n  " + &clean(name));
    format!(
        "The old code word is no longer valid. Tell the new one to everybody who has an open invitation or a link for another password{ways}:{names}"
    )
}
