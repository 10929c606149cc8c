//! The configuration of a server: where it listens, and which workspaces it serves.

pub(super) mod entries;
mod read;
pub(super) mod schema;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::{Desired, Network, PlatformId};

pub(super) use read::document;
pub use read::read;

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
    /// The database file, as it is written.
    pub database: Option<PathBuf>,
    /// The proxies whose forwarded headers count.
    pub proxies: Vec<Network>,
    /// The workspaces that it serves, by name.
    pub workspaces: BTreeMap<String, Hosted>,
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
