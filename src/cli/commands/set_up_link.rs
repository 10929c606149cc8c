//! `rosterctl set-up-link`: lets the main admin of a served workspace in.

use std::path::PathBuf;

use crate::members::SET_UP_LIVES;
use crate::model::{Desired, Email, LISTEN};
use crate::report::span;
use crate::server::{self, seed};
use crate::store::{Store, TokenRow};

use super::unrepeated;
use crate::cli::exit::Exit;
use crate::cli::roster::{self, find_workspace};
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::machine;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::serving::config;
use crate::cli::workspaces::serving::served;
use crate::cli::workspaces::stores::Stores;

/// Prints a link that lets the main admin of a workspace in once, on the machine that has the database.
///
/// This is the first way in, and the way in when nobody can sign in. The link works once, within a day; an earlier one stops working.
/// The user log records that it was made.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl set-up-link glow-medspa examples/glow --url https://staff.practice.example
  rosterctl set-up-link glow-medspa --config server.yaml --main-admin hugo.brandt@glow.example")]
pub(in crate::cli) struct SetUpLink {
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
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    config: Option<PathBuf>,
    /// First make this person the main admin. If they have no account yet, it is made from their entry in the roster. The sessions, links and
    /// tokens of the previous main admin end.
    #[arg(long, value_name = "EMAIL")]
    main_admin: Option<Email>,
    /// The URL under which members reach the server.
    #[arg(long, value_name = "URL", help = url_help(), value_parser = unrepeated::server_url())]
    url: Option<String>,
}

/// Says in `--help` what `--url` is.
fn url_help() -> String {
    format!("The URL under which members reach the server. If absent, it is that of the configuration, or `{}` for a roster", without_tls())
}

/// The URL of a server that listens where nothing else is said.
fn without_tls() -> String {
    format!("http://{LISTEN}")
}

impl SetUpLink {
    /// Makes the link and prints it.
    ///
    /// # Errors
    /// Fails if the roster or the database cannot be read, or if the workspace has no main admin who may sign in.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        if let Some(path) = &self.config {
            let Some(configured) = config::load_or_show(path, terminal)? else { return Ok(Exit::Error) };
            let (desired, configured) = (self.find(&configured.workspaces, "this configuration")?, &configured);
            let config = &configured.config;
            let scheme = if config.tls.is_some() { "https" } else { "http" };
            let url = &config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", config.listen));
            let make = |stores: Stores| async move { self.make(&configured.open(desired, &stores).await?, desired, url, terminal).await };
            runtime::run(1, make)??;
            return Ok(Exit::Done);
        }
        let Some(roster) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        let desired = self.find(&roster.workspaces, "this roster")?;
        let make = |stores: Stores| async move {
            let store = served::open(desired, &self.roster, self.database.as_deref(), &stores).await?;
            self.make(&store, desired, &without_tls(), terminal).await
        };
        runtime::run(1, make)??;
        Ok(Exit::Done)
    }

    /// Finds the workspace among those of a roster or a configuration.
    fn find<'a>(&self, workspaces: &'a [Desired], place: &str) -> anyhow::Result<&'a Desired> {
        find_workspace(workspaces, &self.workspace, place)
    }

    async fn make(&self, store: &Store, desired: &Desired, usual: &str, terminal: Terminal) -> anyhow::Result<()> {
        if let Some(next) = &self.main_admin
            && let entry = seed::next_main_admin(desired, next).map_err(|why| why.to_string())
            && let Some(former) = server::move_main_admin(store, &self.workspace, next, entry, machine::origin()).await?
        {
            terminal.say(&format!(
                "{next} is the main admin from now on. The sessions, links and tokens of {former} were ended, and they get a mail. Write \
                 `main_admin: {next}` in the roster; then {former} can be blocked or inactivated."
            ));
            let valid = |token: &TokenRow| token.revoked.is_none() && token.expires > store.now();
            let others: Vec<String> = server::list_tokens(store, &self.workspace)
                .await?
                .iter()
                .filter(|t| valid(t))
                .map(|t| format!("{} of {}", t.id, t.owner_name))
                .collect();
            if !others.is_empty() {
                terminal.say(&format!("These tokens are still valid: {}. {former} may know some of them: renew those.", others.join(", ")));
            }
        }
        let (path, admin) = server::set_up_link(store, &self.workspace, machine::origin()).await?;
        terminal.print(&format!("{}{}\n", self.url.as_deref().unwrap_or(usual), path.expose()))?;
        let lives = span(SET_UP_LIVES);
        terminal.say(&format!("The link lets {admin} in once, within {lives}. It is shown only once."));
        Ok(())
    }
}
