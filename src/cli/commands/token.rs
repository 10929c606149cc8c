//! `rosterctl token`: creates, lists and revokes the tokens of the workspace server.

use std::path::{Path, PathBuf};

use jiff::{SpanRelativeTo, Timestamp};

use crate::model::{DAY, Desired, Email};
use crate::server;
use crate::store::{Store, TokenAccess, TokenRow};

use super::unrepeated;
use crate::cli::exit::Exit;
use crate::cli::roster::{self, find_workspace};
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::serving::config;
use crate::cli::workspaces::serving::served;
use crate::cli::workspaces::stores::Stores;

/// Creates, lists and revokes bearer tokens, on the machine that has the database.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TokenCommand {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Creates a token and prints it once. The server stores only a hash of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  rosterctl token create . --workspace glow-medspa --owner olivia.stone@glow.example \\
    --access write > glow.token")]
struct Create {
    #[command(flatten)]
    target: RosterArgs,
    /// The admin who owns the token. The user log records what the token does under their name.
    #[arg(long, value_name = "EMAIL")]
    owner: Email,
    /// What the token allows.
    #[arg(long, value_enum)]
    access: AccessArg,
    /// How long the token is valid, such as `12h`, `30d` or `1y`.
    #[arg(long, default_value = "90d", value_name = "SPAN", value_parser = milliseconds)]
    expires_in: i64,
}

/// Lists the tokens of a workspace, without their secrets.
#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    target: RosterArgs,
}

/// Revokes a token immediately.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "rosterctl token revoke [OPTIONS] --workspace <WORKSPACE> [ROSTER_DIR] <ID>",
    after_help = "\
The directory and the id can be given in either order.

Example:
  rosterctl token revoke . 019aa5b2-7c00-7000-8000-00000000002a --workspace glow-medspa"
)]
struct Revoke {
    /// The id of the token, as shown by `token list`, before or after the roster directory.
    #[arg(value_name = "ID", required = true, num_args = 1..=2)]
    words: Vec<String>,
    #[command(flatten)]
    workspace: TokenWorkspace,
}

impl Revoke {
    /// Returns the roster directory and the id of the token, whichever was given first.
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

/// Returns whether a word looks like the id of a token.
fn is_id(word: &str) -> bool {
    word.len() == 36 && uuid::Uuid::try_parse(word).is_ok()
}

/// The roster, the workspace, and where its database is.
#[derive(Debug, clap::Args)]
struct RosterArgs {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    #[command(flatten)]
    workspace: TokenWorkspace,
}

/// The workspace, and its database if that is not at the default path.
#[derive(Debug, clap::Args)]
struct TokenWorkspace {
    /// The workspace.
    #[arg(long = "workspace", id = "workspace", value_name = "WORKSPACE")]
    name: String,
    /// The database file, if `serve` was given one.
    #[arg(long, value_name = "FILE", value_parser = unrepeated::database())]
    database: Option<PathBuf>,
    /// The configuration of the server, if `serve` was given one; it takes the place of the roster.
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum AccessArg {
    /// Read only, which is enough for `plan`.
    Read,
    /// Read and write.
    Write,
}

impl Token {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// Fails if the roster or the database cannot be read, or if there is no such owner or token.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let (directory, workspace) = match &self.command {
            TokenCommand::Create(Create { target, .. }) | TokenCommand::List(List { target }) => (target.roster.clone(), &target.workspace),
            TokenCommand::Revoke(revoke) => (revoke.directory_and_id().0, &revoke.workspace),
        };
        if let Some(path) = &workspace.config {
            let Some(configured) = config::load_or_show(path, terminal)? else { return Ok(Exit::Error) };
            let desired = find(&configured.workspaces, workspace, "this configuration")?;
            let configured = &configured;
            let act = |stores: Stores| async move {
                let store = match &self.command {
                    TokenCommand::Create(_) => configured.open(desired, &stores).await?,
                    TokenCommand::List(_) | TokenCommand::Revoke(_) => configured.existing(&stores).await?,
                };
                self.act(&store, workspace, terminal).await
            };
            runtime::run(1, act)??;
            return Ok(Exit::Done);
        }
        let Some(roster) = roster::load_or_show(&directory, terminal)? else { return Ok(Exit::Error) };
        let desired = find(&roster.workspaces, workspace, "this roster")?;
        let directory = &directory;
        let act = |stores: Stores| async move {
            let database = workspace.database.as_deref();
            let store = match &self.command {
                TokenCommand::Create(_) => served::open(desired, directory, database, &stores).await?,
                // Only a first token needs a workspace that does not exist yet.
                TokenCommand::List(_) | TokenCommand::Revoke(_) => served::existing(desired, directory, database, &stores).await?,
            };
            self.act(&store, workspace, terminal).await
        };
        runtime::run(1, act)??;
        Ok(Exit::Done)
    }

    async fn act(&self, store: &Store, workspace: &TokenWorkspace, terminal: Terminal) -> anyhow::Result<()> {
        match &self.command {
            TokenCommand::Create(create) => {
                let access = match create.access {
                    AccessArg::Read => TokenAccess::Read,
                    AccessArg::Write => TokenAccess::Write,
                };
                let issued = server::create_token(store, &workspace.name, &create.owner, access, create.expires_in).await?;
                terminal.print(&format!("{}\n", issued.token.expose()))?;
                terminal.say(&format!("Token {} is valid until {}. It is shown only once.", issued.id, day(issued.expires)));
            }
            TokenCommand::List(_) => {
                let tokens = server::list_tokens(store, &workspace.name).await?;
                terminal.print(&tokens.iter().map(line).collect::<String>())?;
            }
            TokenCommand::Revoke(revoke) => {
                let (_, id) = revoke.directory_and_id();
                server::revoke_token(store, &workspace.name, id).await?;
                terminal.say(&format!("Token {id} is revoked."));
            }
        }
        Ok(())
    }
}

/// Finds the workspace among those of a roster or a configuration.
fn find<'d>(workspaces: &'d [Desired], workspace: &TokenWorkspace, place: &str) -> anyhow::Result<&'d Desired> {
    find_workspace(workspaces, &workspace.name, place)
}

fn line(token: &TokenRow) -> String {
    let access = token.access.as_str();
    let state = token.revoked.map_or_else(|| format!("until {}", day(token.expires)), |at| format!("revoked {}", day(at)));
    format!("{}  {access:5}  {state}  {}\n", token.id, token.owner_name)
}

fn day(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// Parses a span such as `90d` into milliseconds; a day has 24 hours, a year 365 days.
fn milliseconds(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let years = text.strip_suffix('y').and_then(|years| years.trim().parse::<i64>().ok());
    let millis = if let Some(years) = years {
        years.checked_mul(365 * DAY)
    } else {
        let span: jiff::Span = text.parse().map_err(|_| "write a span such as `12h`, `30d` or `1y`".to_owned())?;
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|why| why.to_string())?;
        i64::try_from(duration.as_millis()).ok()
    };
    match millis {
        Some(millis) if (1..=10 * 365 * DAY).contains(&millis) => Ok(millis),
        Some(millis) if millis < 1 => Err("a token must be valid for some time: write a span such as `12h`, `30d` or `1y`".to_owned()),
        Some(_) | None => Err("a token can be valid for at most ten years".to_owned()),
    }
}
