//! The workspace server: SCIM for machines, over the store. One router, called over HTTP or in process.
//!
//! Every request is authenticated before anything of it is parsed. Every change leaves one row in the user log, in the same transaction.
//! So does every refusal of somebody the workspace knows, in a transaction of its own, since there is no change to share one with: the
//! caller lacks the right, the request is wrong, or the token was revoked, has expired or belongs to somebody who may not sign in. Of equal
//! ones within a minute the first has its row at once, and the others share one. An unknown token leaves no row: there is no workspace to
//! log it in, and strangers would fill the log.
//!
//! A token stops working as soon as its owner loses the right, even during a request: the rights are read again inside the write's lock.

mod access;
mod api;
mod calls;
mod ids;
mod listening;
mod members;
mod operator;
mod route;
mod routes;
mod scim;
pub mod seed;
mod workspace;
mod write;

use access::attribute_changes::AttributeChanges;
use access::{auth, denial, hashing, origin, own_words};
use calls::{answer, call, failure, request};
use operator::{health, log_line, metrics, operator_log};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use axum::Router;
use axum::extract::Request;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tower::ServiceExt;

use crate::model::{Email, INVITATION_LIVES, Secret};
use crate::scim::ScimError;
use crate::scim::schema::PageLimits;
use crate::store::{Store, StoreError, Writing};

pub use access::code_words::{CodeWordError, RotatedCodeWord, rotate_code_word, show_code_word};
pub use access::tokens::{IssuedToken, TokenError, create_token, list_tokens, revoke_token};
pub use health::Health;
pub use listening::{Listening, Tls, TlsError, TooManyDatabases, listen, most_connections, readers_each};
pub use log_line::LogForm;
pub use members::{
    AppRoute, Carrier, GatewayForm, GatewayLogin, MailEncryption, MailServer, PageNeeds, PageRoute, Post, SetUpError, TextGateway,
    all_app_routes, all_pages, deliver, move_main_admin, send_asked_resets, set_up_link,
};
pub use metrics::Metrics;
pub use operator_log::OperatorLog;
pub use route::{Needs, PublicRoute, Route};
pub use routes::{AnyRoute, all as all_routes, api as api_routes, public as public_routes};

/// The settings of an operator.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number of resources that a page contains.
    pub limits: PageLimits,
    /// The lifetime of an invitation's link, in milliseconds.
    pub invitation_lives: i64,
    /// A secret that goes into the hashes of passwords and passcodes, where the operator keeps one outside the database.
    pub pepper: Option<Pepper>,
    /// The URL the server is reached under, without a slash at its end; locations are built from the request's host where absent.
    pub public_url: Option<String>,
    /// Says whether clients reach the server over TLS, where there is no `public_url`.
    pub is_encrypted: bool,
    /// The workspaces that are served; all that the database has, where absent.
    pub workspaces: Option<Arc<BTreeSet<String>>>,
    /// The amount of work of a password or passcode hash.
    pub hashing: HashingCost,
    /// The folder in which messages arrive, where no mail server is set up.
    pub outbox: Option<PathBuf>,
    /// The log where the operator reads why a request failed.
    pub log: OperatorLog,
    /// The counters that the operator reads.
    pub metrics: Metrics,
}

/// A secret that goes into hashes; it is never shown.
#[derive(Clone)]
pub struct Pepper(pub Secret);

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper")
    }
}

/// The amount of work of a password or passcode hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashingCost {
    /// Argon2id with 19 MiB, two passes, one lane.
    Real,
    /// The least argon2id allows, for tests that do not look at it.
    Least,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: PageLimits::default(),
            invitation_lives: INVITATION_LIVES,
            pepper: None,
            public_url: None,
            is_encrypted: false,
            workspaces: None,
            hashing: HashingCost::Real,
            outbox: None,
            log: OperatorLog::default(),
            metrics: Metrics::default(),
        }
    }
}

/// The people who may call: bearers of tokens, or one admin in this process.
enum Door {
    Tokens,
    Embedded { workspace: String, acting: InProcessCaller, origin: Option<String> },
}

/// The person who calls in this process.
enum InProcessCaller {
    /// The workspace's main admin, whatever their address is by now; where it has none, the account with this login.
    MainAdmin(Email),
    /// The account with this login.
    Login(Email),
}

impl Door {
    /// Returns where requests in this process come from.
    fn origin(&self) -> Option<String> {
        match self {
            Self::Tokens => None,
            Self::Embedded { workspace: _, acting: _, origin } => origin.clone(),
        }
    }
}

/// The state that every handler receives.
struct ServerState {
    store: Store,
    settings: Settings,
    door: Door,
    workspaces: RwLock<BTreeMap<String, Arc<workspace::Workspace>>>,
    hashing: hashing::Hashing,
}

type App = Arc<ServerState>;

impl ServerState {
    /// Like [`Store::write`], and measures the time.
    async fn write<T, E, F>(&self, workspace: &str, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'w> FnOnce(&'w mut Writing) -> BoxFuture<'w, Result<T, E>> + Send + 'static,
    {
        let begun = Instant::now();
        let written = self.store.write(workspace, job).await;
        self.settings.metrics.wrote(begun.elapsed());
        written
    }
}

/// The server over HTTP: callers show bearer tokens of the workspace in the URL.
pub fn router(store: Store, settings: Settings) -> Router {
    routes::router(app(store, settings, Door::Tokens))
}

/// The server in this process: the caller is the main admin of `workspace`, or `acting` where it has none; no token is asked for.
pub fn embedded(store: Store, workspace: &str, acting: &Email) -> Router {
    embedded_at(store, workspace, acting, None)
}

/// Like [`embedded`], on a machine and for a person whom the user log names as the origin of every request.
pub fn embedded_at(store: Store, workspace: &str, acting: &Email, origin: Option<String>) -> Router {
    let acting = InProcessCaller::MainAdmin(acting.clone());
    routes::router(app(store, Settings::default(), Door::Embedded { workspace: workspace.to_owned(), acting, origin }))
}

/// Like [`embedded`], with settings, and with `acting` as the caller no matter who the main admin is.
pub fn embedded_with(store: Store, workspace: &str, acting: &Email, settings: Settings) -> Router {
    let acting = InProcessCaller::Login(acting.clone());
    routes::router(app(store, settings, Door::Embedded { workspace: workspace.to_owned(), acting, origin: None }))
}

/// Several servers behind one address, chosen by the workspace in the URL. An unknown workspace is answered like a bad token.
pub fn several(servers: BTreeMap<String, Router>) -> Router {
    let servers = Arc::new(servers);
    Router::new().fallback(move |request: Request| {
        let name = route::workspace(request.uri());
        // Any of them refuses a name it does not know, in the same words.
        let chosen = servers.get(name).or_else(|| servers.values().next()).cloned();
        async move {
            match chosen {
                Some(server) => match server.oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                },
                None => answer::error(&ScimError::new(401, auth::UNKNOWN)),
            }
        }
    })
}

fn app(store: Store, settings: Settings, door: Door) -> App {
    let hashing =
        hashing::Hashing::new(settings.hashing, settings.pepper.clone().map(|pepper| pepper.0)).counted_by(settings.metrics.clone());
    Arc::new(ServerState { store, settings, door, workspaces: RwLock::default(), hashing })
}
