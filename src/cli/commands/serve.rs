//! `rosterctl serve`: runs the workspace server over HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::model::Desired;
use crate::server::{self, OperatorLog, Settings};

use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::signals::stopping;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::served;
use crate::cli::workspaces::stores::Stores;

/// Serves the workspaces of the roster over SCIM 2.0, each at `/WORKSPACE/scim/v2`.
///
/// If a workspace does not exist yet, creates it with the roles of its platform and the main admin from the roster. Clients need a
/// bearer token, made by `rosterctl token create`; anybody may ask `/health`. Ctrl-C or SIGTERM stops the server after it has answered
/// the requests in progress, within 30 seconds; a second signal stops it immediately. The log goes to stderr, one line for each request.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl serve examples/group
  rosterctl serve . --listen localhost:9000
  rosterctl serve . --listen 0.0.0.0:8080 --public-url https://staff.practice.example")]
pub(in crate::cli) struct Serve {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The address to listen on: a name or an IP address, and a port.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", value_parser = address)]
    listen: String,
    /// Keep all workspaces in this database file; without it, each has a file of its own in `.rosterctl/`.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The URL under which clients reach the server, if it differs from the address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    /// Serves requests until a signal stops the server.
    ///
    /// # Errors
    /// Fails if the roster cannot be read, a database cannot be opened, or the address is in use.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        // The number 2 makes the runtime start more than one thread.
        runtime::run(2, |stores| self.serve(&roster.workspaces, stores))?
    }

    async fn serve(&self, workspaces: &[Desired], stores: Stores) -> anyhow::Result<Exit> {
        let log = OperatorLog::start().context("cannot start the log")?;
        log_panics(log.clone());
        let public_url = self.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        let settings = Settings { public_url, log: log.clone(), ..Settings::default() };
        let mut opened = BTreeMap::new();
        for desired in workspaces {
            let store = served::open(desired, &self.roster, self.database.as_deref(), &stores).await?;
            opened.insert(desired.workspace.clone(), store);
        }
        let databases = if self.database.is_some() { 1 } else { opened.len() };
        let connections = server::most_connections(databases);
        // One file is one server. Workspaces in separate files know nothing about each other.
        let served = match (&self.database, opened.first_key_value()) {
            (Some(_), Some((_, store))) => server::router(store.clone(), settings),
            _ => server::several(opened.into_iter().map(|(name, store)| (name, server::router(store, settings.clone()))).collect()),
        };
        let listener = tokio::net::TcpListener::bind(&self.listen)
            .await
            .with_context(|| format!("cannot listen on {}: choose another address with --listen", self.listen))?;
        let address = listener.local_addr().context("cannot determine the address")?;
        let stop = stopping::watch(log.clone()).context("cannot wait for signals")?;
        let urls: Vec<String> = workspaces.iter().map(|desired| format!("http://{address}/{}/scim/v2", desired.workspace)).collect();
        log.lines(urls.join("\n"));
        let cut_off = server::listen(listener, served, connections, log.clone(), stop.wanted()).await;
        if cut_off > 0 {
            log.line(&format!("stopped; {cut_off} connections had a request in progress and were cut off"));
        }
        log.finish().await;
        // Within the deadline, so the stop is an ordinary one: clients send an unanswered request again.
        Ok(Exit::Done)
    }
}

/// Checks that an address has a host and a port, such as `localhost:8080` or `[::1]:8080`.
fn address(text: &str) -> Result<String, &'static str> {
    let is_usable = text.parse::<SocketAddr>().is_ok()
        || text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && !host.contains([':', '/']) && port.parse::<u16>().is_ok());
    if is_usable { Ok(text.to_owned()) } else { Err("write a host and a port, such as `localhost:8080` or `0.0.0.0:8080`") }
}

/// Makes a panic a line of the log: the usual message would be written by the thread that answers requests.
fn log_panics(log: OperatorLog) {
    std::panic::set_hook(Box::new(move |panic| log.line(&panic.to_string())));
}
