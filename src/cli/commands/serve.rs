//! `rosterctl serve`: runs the workspace server over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::signals::stopping::DEADLINE;
use crate::manifest::server::ServerConfig;
use crate::model::{Desired, INVITATION_LIVES, LISTEN, SCIM_PATH, is_host_and_port, scim_address};
use crate::server::{self, Carrier, LogForm, Metrics, Settings};
use crate::store::Store;

use super::unrepeated;
use crate::cli::exit::Exit;
use crate::cli::files::database_file;
use crate::cli::files::path_text::shown;
use crate::cli::files::state_dir;
use crate::cli::roster;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::serving::config::{self, Configured};
use crate::cli::workspaces::serving::listening::{Messages, Ready, start_log};
use crate::cli::workspaces::serving::served;
use crate::cli::workspaces::stores::Stores;

/// Serves workspaces over SCIM 2.0, each at `/WORKSPACE/scim/v2`: those of a roster, or those of a configuration.
#[derive(Debug, clap::Args)]
#[command(long_about = long_help(), after_help = "\
Examples:
  rosterctl serve examples/group
  rosterctl serve . --listen localhost:9000
  rosterctl serve . --listen 0.0.0.0:8080 --public-url https://staff.practice.example
  rosterctl serve --config /etc/rosterctl/server.yaml")]
pub(in crate::cli) struct Serve {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// Serve what this file says: the workspaces, their database, and where to listen.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["roster", "listen", "database", "public_url"])]
    config: Option<PathBuf>,
    /// The address to listen on: a name or an IP address, and a port.
    #[arg(long, default_value = LISTEN, value_name = "ADDRESS", value_parser = address)]
    listen: String,
    /// Keep all workspaces in this database file; without it, each has a file of its own in `.rosterctl/`.
    #[arg(long, value_name = "FILE", value_parser = unrepeated::database())]
    database: Option<PathBuf>,
    /// The URL under which clients reach the server, if it differs from the address.
    #[arg(long, value_name = "URL", value_parser = unrepeated::server_url())]
    public_url: Option<String>,
}

/// Says in `--help` what the command does.
fn long_help() -> String {
    format!(
        "Serves workspaces over SCIM 2.0, each at `/WORKSPACE{SCIM_PATH}`: those of a roster, or those of a configuration.\n\n\
         If a workspace does not exist yet, creates it with the roles of its platform and the main admin from the roster. Clients need a \
         bearer token, made by `rosterctl token create`; anybody may ask `/healthz`, whether the process answers, and `/readyz`, whether it \
         can work. Ctrl-C or SIGTERM stops the server after it has answered the requests in progress, within {} seconds; a second signal \
         stops it immediately. The log goes to stderr, one line for each request.",
        DEADLINE.as_secs()
    )
}

impl Serve {
    /// Serves requests until a signal stops the server.
    ///
    /// # Errors
    /// Fails if the roster or the configuration cannot be read, a database cannot be opened, or the address is in use.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        // The number 2 makes the runtime start more than one thread.
        if let Some(path) = &self.config {
            let Some(configured) = config::load_or_show(path, terminal)? else { return Ok(Exit::Error) };
            configured.warn_of_other_databases(terminal);
            return runtime::run(2, |stores| serve_configured(configured, stores))?;
        }
        let Some(roster) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        self.warn_of_other_databases(&roster.workspaces, terminal);
        runtime::run(2, |stores| self.serve(&roster.workspaces, stores))?
    }

    /// Warns of workspaces that `apply` changes in another database than the one that is served.
    fn warn_of_other_databases(&self, workspaces: &[Desired], terminal: Terminal) {
        let Some(database) = &self.database else { return };
        let exact = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let own = workspaces.iter().filter_map(|desired| Some((&desired.workspace, database_file::path_of(desired, &self.roster)?)));
        for (name, own) in own.filter(|(_, own)| exact(own) != exact(database)) {
            let (own, served) = (shown(&own), shown(database));
            terminal.warn(&format!(
                "`apply` changes `{name}` in `{own}`, and this server has `{served}`: write `connection: {{ embedded: {{ path: FILE }} }}` in the \
                 roster, with the path of that file"
            ));
        }
    }

    async fn serve(&self, workspaces: &[Desired], stores: Stores) -> anyhow::Result<Exit> {
        let log = start_log(LogForm::Text)?;
        let public_url = self.public_url.clone();
        let outbox = self.roster.join(state_dir::NAME).join("outbox");
        let settings = Settings { public_url: public_url.clone(), outbox: Some(outbox.clone()), log: log.clone(), ..Settings::default() };
        let databases = if self.database.is_some() { 1 } else { workspaces.len() };
        let in_one = "or keep all workspaces in one database with `--database FILE`";
        let readers = server::readers_each(databases).map_err(|why| anyhow::anyhow!("{why}, {in_one}"))?;
        let stores = stores.with_readers(readers);
        let mut opened = BTreeMap::new();
        for desired in workspaces {
            let store = served::open(desired, &self.roster, self.database.as_deref(), &stores).await?;
            opened.insert(desired.workspace.clone(), store);
        }
        // One file is one server. Workspaces in separate files know nothing about each other.
        let (router, stores) = if let (Some(_), Some((_, store))) = (&self.database, opened.first_key_value()) {
            (server::router(store.clone(), settings), vec![store.clone()])
        } else {
            let stores = opened.values().cloned().collect();
            let servers = opened.into_iter().map(|(name, store)| (name, server::router(store, settings.clone()))).collect();
            (server::several(servers), stores)
        };
        let (listen, choose) = (self.listen.clone(), "--listen");
        let (certificate, monitors, metrics) = (None, None, Metrics::default());
        let folder = Some(Carrier::Folder(outbox));
        let messages = Messages { mail: folder.clone(), texts: folder, public_url };
        let ready = Ready { router, stores, listen, choose, proxies: Vec::new(), certificate, monitors, metrics, messages, log };
        ready.run(|address| urls(workspaces, &format!("http://{address}"))).await
    }
}

async fn serve_configured(configured: Configured, stores: Stores) -> anyhow::Result<Exit> {
    let log = start_log(if configured.config.logs_json { LogForm::Json } else { LogForm::Text })?;
    let (mail, texts) = configured.carriers().await?;
    let pepper = configured.pepper().await?;
    let messages = Messages { mail, texts, public_url: configured.config.public_url.clone() };
    let mut store: Option<Store> = None;
    for desired in &configured.workspaces {
        store = Some(configured.open(desired, &stores).await?);
    }
    let Some(store) = store else { return Ok(Exit::Done) };
    let config = &configured.config;
    let names: BTreeSet<String> = config.workspaces.keys().cloned().collect();
    let certificate = configured.certificate();
    let settings = Settings {
        public_url: config.public_url.clone(),
        is_encrypted: certificate.is_some(),
        invitation_lives: config.invitations_valid_for.unwrap_or(INVITATION_LIVES),
        pepper: pepper.map(server::Pepper),
        workspaces: Some(Arc::new(names)),
        log: log.clone(),
        ..Settings::default()
    };
    let scheme = if settings.is_encrypted { "https" } else { "http" };
    let metrics = settings.metrics.clone();
    let router = server::router(store.clone(), settings);
    let ServerConfig { listen, proxies, metrics: monitors, .. } = config.clone();
    let (stores, choose) = (vec![store], "`listen`");
    let ready = Ready { router, stores, listen, choose, proxies, certificate, monitors, metrics, messages, log };
    let greeting = |address: &str| {
        let base = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        format!("{} listens on {address}\n{}", config.name, urls(&configured.workspaces, &base))
    };
    ready.run(greeting).await
}

/// Lists the URLs of workspaces, one a line.
fn urls(workspaces: &[Desired], base: &str) -> String {
    workspaces.iter().map(|desired| scim_address(base, &desired.workspace)).collect::<Vec<_>>().join("\n")
}

/// Checks that an address has a host and a port, such as `localhost:8080` or `[::1]:8080`.
fn address(text: &str) -> Result<String, &'static str> {
    if is_host_and_port(text) { Ok(text.to_owned()) } else { Err("write a host and a port, such as `localhost:8080` or `0.0.0.0:8080`") }
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::*;
    use crate::cli::signals::stopping::DEADLINE;

    #[test]
    fn the_help_names_the_real_deadline() {
        let help = Serve::augment_args(clap::Command::new("serve")).render_long_help().to_string();
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("in progress, within {} seconds;", DEADLINE.as_secs())), "{words}");
    }
}
