//! `rosterctl token`: makes, lists and revokes the tokens of the workspace server.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::{SpanRelativeTo, Timestamp};

use crate::model::{Desired, Email};
use crate::server::{self, Access};
use crate::store::TokenRow;

use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::served;
use crate::cli::workspaces::stores::Stores;

/// Makes, lists and revokes bearer tokens, on the machine that has the database.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Makes a token and prints it, once. Only its hash is kept.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  rosterctl token create . --workspace glow-medspa --owner olivia.stone@glow.example --access write > glow.token")]
struct Create {
    #[command(flatten)]
    at: At,
    /// The admin it belongs to: what the token does is done by them.
    #[arg(long, value_name = "EMAIL")]
    owner: Email,
    /// What it may do.
    #[arg(long, value_enum)]
    access: May,
    /// How long it holds, such as `12h`, `30d` or `1y`.
    #[arg(long, default_value = "90d", value_name = "SPAN", value_parser = milliseconds)]
    expires_in: i64,
}

/// Lists the tokens of a workspace; never the tokens themselves.
#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    at: At,
}

/// Ends a token at once.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "rosterctl token revoke [OPTIONS] --workspace <WORKSPACE> [ROSTER_DIR] <ID>",
    after_help = "\
The directory and the id may come in either order.

Example:
  rosterctl token revoke . 019aa5b2-7c00-7000-8000-00000000002a --workspace glow-medspa"
)]
struct Revoke {
    /// The token's id, as `token list` shows it; before or after the directory that holds the roster's YAML.
    #[arg(value_name = "ID", required = true, num_args = 1..=2)]
    words: Vec<String>,
    #[command(flatten)]
    of: Of,
}

impl Revoke {
    /// The roster's directory and the token's id, in whichever order they were given.
    fn directory_and_id(&self) -> (PathBuf, &str) {
        match self.words.as_slice() {
            [id] => (PathBuf::from("."), id),
            [first, second, ..] if is_id(second) && !is_id(first) => (PathBuf::from(first), second),
            [first, second, ..] if !is_id(first) && Path::new(first).is_dir() && !Path::new(second).is_dir() => {
                (PathBuf::from(first), second)
            }
            [id, directory, ..] => (PathBuf::from(directory), id),
            [] => (PathBuf::from("."), ""),
        }
    }
}

/// Whether a word has the form of a token's id.
fn is_id(word: &str) -> bool {
    word.len() == 36 && uuid::Uuid::try_parse(word).is_ok()
}

/// Which workspace, and where its database is.
#[derive(Debug, clap::Args)]
struct At {
    /// The directory that holds the roster's YAML.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    #[command(flatten)]
    of: Of,
}

/// Which workspace, and the database where it is not at its usual place.
#[derive(Debug, clap::Args)]
struct Of {
    /// The workspace.
    #[arg(long, value_name = "WORKSPACE")]
    workspace: String,
    /// The database file, where `serve` was given one.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum May {
    /// Read only: enough for `plan`.
    Read,
    /// Read and write.
    Write,
}

impl Token {
    /// Does it.
    ///
    /// # Errors
    /// When the roster or the database can not be read, or there is no such owner or token.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let (directory, of) = match &self.command {
            Command::Create(Create { at, .. }) | Command::List(List { at }) => (at.roster.clone(), &at.of),
            Command::Revoke(revoke) => (revoke.directory_and_id().0, &revoke.of),
        };
        let Some(roster) = roster::load_or_show(&directory, terminal)? else { return Ok(Exit::Error) };
        let desired = roster
            .workspaces
            .iter()
            .find(|desired| desired.workspace == of.workspace)
            .with_context(|| format!("there is no workspace `{}` in this roster", of.workspace))?;
        runtime::run(1, |stores| self.act(desired, &directory, of, stores, terminal))??;
        Ok(Exit::Done)
    }

    async fn act(&self, desired: &Desired, directory: &Path, of: &Of, stores: Stores, terminal: Terminal) -> anyhow::Result<()> {
        let store = served::open(desired, directory, of.database.as_deref(), &stores).await?;
        match &self.command {
            Command::Create(create) => {
                let access = match create.access {
                    May::Read => Access::Read,
                    May::Write => Access::Write,
                };
                let issued = server::create_token(&store, &of.workspace, &create.owner, access, create.expires_in).await?;
                terminal.print(&format!("{}\n", issued.token.expose()))?;
                terminal.say(&format!("Token {} holds until {}. It is shown this once.", issued.id, day(issued.expires)));
            }
            Command::List(_) => {
                let tokens = server::list_tokens(&store, &of.workspace).await?;
                terminal.print(&tokens.iter().map(line).collect::<String>())?;
            }
            Command::Revoke(revoke) => {
                let (_, id) = revoke.directory_and_id();
                server::revoke_token(&store, &of.workspace, id).await?;
                terminal.say(&format!("Token {id} is revoked."));
            }
        }
        Ok(())
    }
}

fn line(token: &TokenRow) -> String {
    let access = if token.writes { "write" } else { "read" };
    let state = token.revoked.map_or_else(|| format!("until {}", day(token.expires)), |at| format!("revoked {}", day(at)));
    format!("{}  {access:5}  {state}  {}\n", token.id, token.owner_name)
}

fn day(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// A span such as `90d` in milliseconds; a day has 24 hours, a year 365 days.
fn milliseconds(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let years = text.strip_suffix('y').and_then(|years| years.trim().parse::<i64>().ok());
    let millis = if let Some(years) = years {
        years.checked_mul(365 * 24 * 3_600_000)
    } else {
        let span: jiff::Span = text.parse().map_err(|_| "write a span such as `12h`, `30d` or `1y`".to_owned())?;
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|why| why.to_string())?;
        i64::try_from(duration.as_millis()).ok()
    };
    match millis {
        Some(millis) if (1..=10 * 365 * 24 * 3_600_000).contains(&millis) => Ok(millis),
        _ => Err("a token holds for at most ten years".to_owned()),
    }
}
