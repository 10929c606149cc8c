//! `rosterctl serve`: the workspace server over HTTP.

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

/// The longest a request may take.
const LONGEST: Duration = Duration::from_mins(1);

/// Serves the roster's workspaces as SCIM 2.0, each below `/WORKSPACE/scim/v2`.
///
/// A workspace that is not there yet is made from the roster: the platform's roles, and the main admin. Callers show bearer tokens,
/// which `rosterctl token create` makes. Ctrl-C or SIGTERM ends it when the requests in flight are done.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl serve examples/group
  rosterctl serve . --listen 0.0.0.0:8080 --public-url https://staff.practice.example")]
pub(in crate::cli) struct Serve {
    /// The directory that holds the roster's YAML.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// One database file for all workspaces; without it each has its own below `.rosterctl/`.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The URL clients reach the server under, where that differs from the address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    /// Serves until it is told to stop.
    ///
    /// # Errors
    /// When the roster can not be read, a database not be opened, or the address is taken.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        // More than one, so that the runtime has threads to serve on.
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
        // One file is one server; in files of their own, workspaces know nothing of each other.
        let served = match (&self.database, opened.first_key_value()) {
            (Some(_), Some((_, store))) => server::router(store.clone(), settings),
            _ => server::several(opened.into_iter().map(|(name, store)| (name, server::router(store, settings.clone()))).collect()),
        };
        let listener = tokio::net::TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("can not listen on {}: choose another --listen", self.listen))?;
        let address = listener.local_addr().context("can not tell the address")?;
        for desired in workspaces {
            terminal.say(&format!("http://{address}/{}/scim/v2", desired.workspace));
        }
        let timeout = TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, LONGEST);
        let router: Router = served.layer(timeout).layer(from_fn(say_request));
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(told_to_stop())
            .await
            .context("the server stopped")
    }
}

/// One line for each request, without its query, which may hold addresses, and without its headers, which hold tokens.
#[expect(clippy::disallowed_methods, reason = "how long a request took is shown, and decides nothing")]
async fn say_request(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |peer| peer.0.to_string());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    eprintln!("{from} {method} {} {} {}ms", path.escape_debug(), response.status().as_u16(), begun.elapsed().as_millis());
    response
}

async fn told_to_stop() {
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
