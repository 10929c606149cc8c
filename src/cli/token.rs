//! `rosterctl token`: makes, lists and revokes the tokens of the workspace server.

use std::path::PathBuf;

use anyhow::Context as _;
use jiff::{SpanRelativeTo, Timestamp};

use crate::model::{Desired, Email};
use crate::server::{self, Access};
use crate::store::TokenRow;

use super::exit::Exit;
use super::terminal::Terminal;
use super::{roster, runtime, served};

/// Makes, lists and revokes bearer tokens, on the machine that has the database.
#[derive(Debug, clap::Args)]
pub(super) struct Token {
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
struct Revoke {
    /// The token's id, as `token list` shows it.
    id: String,
    #[command(flatten)]
    at: At,
}

/// Which workspace, and where its database is.
#[derive(Debug, clap::Args)]
struct At {
    /// The directory that holds the roster's YAML.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
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
    pub(super) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let at = match &self.command {
            Command::Create(create) => &create.at,
            Command::List(list) => &list.at,
            Command::Revoke(revoke) => &revoke.at,
        };
        let Some(roster) = roster::load_or_show(&at.roster, terminal)? else { return Ok(Exit::Error) };
        let desired = roster
            .workspaces
            .iter()
            .find(|desired| desired.workspace == at.workspace)
            .with_context(|| format!("there is no workspace `{}` in this roster", at.workspace))?;
        runtime::run(1, self.act(desired, at, terminal))??;
        Ok(Exit::Done)
    }

    async fn act(&self, desired: &Desired, at: &At, terminal: Terminal) -> anyhow::Result<()> {
        let store = served::open(desired, &at.roster, at.database.as_deref()).await?;
        match &self.command {
            Command::Create(create) => {
                let access = match create.access {
                    May::Read => Access::Read,
                    May::Write => Access::Write,
                };
                let issued = server::create_token(&store, &at.workspace, &create.owner, access, create.expires_in).await?;
                terminal.print(&format!("{}\n", issued.token.expose()))?;
                terminal.say(&format!("Token {} holds until {}. It is shown this once.", issued.id, day(issued.expires)));
            }
            Command::List(_) => {
                let tokens = server::list_tokens(&store, &at.workspace).await?;
                terminal.print(&tokens.iter().map(line).collect::<String>())?;
            }
            Command::Revoke(revoke) => {
                server::revoke_token(&store, &at.workspace, &revoke.id).await?;
                terminal.say(&format!("Token {} is revoked.", revoke.id));
            }
        }
        store.close().await;
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
