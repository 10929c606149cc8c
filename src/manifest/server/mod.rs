//! The configuration of a server: where it listens, and which workspaces it serves.

pub(super) mod entries;
mod read;
mod schema;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::{Desired, Network, PlatformId};

pub(super) use read::document;
pub use read::read;
pub use schema::schema;

/// The first key of the document.
pub(super) const SERVER: &str = "server";

/// The configuration of a server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The server's name.
    pub name: String,
    /// The host and port on which it listens.
    pub listen: String,
    /// The URL under which clients reach it, without a slash at its end.
    pub public_url: Option<String>,
    /// The files of its certificate and key, if it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// The database file, as it is written.
    pub database: Option<PathBuf>,
    /// The proxies whose forwarded headers count.
    pub proxies: Vec<Network>,
    /// The host and port where monitors read what it counts.
    pub metrics: Option<String>,
    /// Whether the lines of its log are JSON.
    pub logs_json: bool,
    /// The workspaces that it serves, by name.
    pub workspaces: BTreeMap<String, Hosted>,
}

/// The files of a certificate, as they are written.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where the first accounts of a workspace on a server come from.
#[derive(Clone, Debug)]
pub enum Hosted {
    /// A roster describes the workspace.
    Roster {
        /// The directory that contains the roster, as it is written.
        directory: PathBuf,
        /// The platform that the workspace must have.
        platform: Option<PlatformId>,
    },
    /// A start file lists its accounts.
    Start(Box<Desired>),
}
