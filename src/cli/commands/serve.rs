//! `rosterctl serve`: runs the workspace server over HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tower_http::timeout::TimeoutLayer;

use crate::model::Desired;
use crate::server::{self, Settings};

use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::served;
use crate::cli::workspaces::stores::Stores;

/// The longest time a request may take.
const LONGEST: Duration = Duration::from_mins(1);

/// Serves the workspaces of the roster over SCIM 2.0, each at `/WORKSPACE/scim/v2`.
///
/// If a workspace does not exist yet, creates it with the roles of its platform and the main admin from the roster. Clients need a
/// bearer token, made by `rosterctl token create`. Ctrl-C or SIGTERM stops the server after it has answered the requests in progress.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl serve examples/group
  rosterctl serve . --listen 0.0.0.0:8080 --public-url https://staff.practice.example")]
pub(in crate::cli) struct Serve {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
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
        runtime::run(2, |stores| self.serve(&roster.workspaces, stores, terminal))??;
        Ok(Exit::Done)
    }

    async fn serve(&self, workspaces: &[Desired], stores: Stores, terminal: Terminal) -> anyhow::Result<()> {
        let public_url = self.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        let settings = Settings { public_url, ..Settings::default() };
        let mut opened = BTreeMap::new();
        for desired in workspaces {
            let store = served::open(desired, &self.roster, self.database.as_deref(), &stores).await?;
            opened.insert(desired.workspace.clone(), store);
        }
        // One file is one server. Workspaces in separate files know nothing about each other.
        let served = match (&self.database, opened.first_key_value()) {
            (Some(_), Some((_, store))) => server::router(store.clone(), settings),
            _ => server::several(opened.into_iter().map(|(name, store)| (name, server::router(store, settings.clone()))).collect()),
        };
        let listener = tokio::net::TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}: choose another address with --listen", self.listen))?;
        let address = listener.local_addr().context("cannot determine the address")?;
        for desired in workspaces {
            terminal.say(&format!("http://{address}/{}/scim/v2", desired.workspace));
        }
        let timeout = TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, LONGEST);
        let router: Router = served.layer(timeout).layer(from_fn(log_request));
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(wait_for_stop_signal())
            .await
            .context("the server stopped")
    }
}

/// Logs each request in one line, without its query, which can contain addresses, and without its headers, which contain tokens.
#[expect(clippy::disallowed_methods, reason = "the duration of a request is only shown; nothing depends on it")]
async fn log_request(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |peer| peer.0.to_string());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    eprintln!("{from} {method} {} {} {}ms", path.escape_debug(), response.status().as_u16(), begun.elapsed().as_millis());
    response
}

async fn wait_for_stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
