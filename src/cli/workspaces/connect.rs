//! From a workspace's `connection` to something that can be read and written.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use url::Url;

use crate::directory::retry::Backoff;
use crate::directory::{DirectoryError, HttpTransport, InProcess, Outcome, Reader, ScimDirectory, Server, WriteContext, Writer};
use crate::model::{Actual, Change, Connection, Desired};
use crate::reconcile::Approved;
use crate::server::{self, seed};
use crate::store::Store;

use super::secrets;
use super::stores::Stores;
use crate::cli::files::state_dir;

/// A workspace's directory: in this process or over HTTP.
pub(in crate::cli) enum Directory {
    /// The server in this process.
    Embedded(ScimDirectory<InProcess>),
    /// A SCIM server.
    Http(ScimDirectory<HttpTransport>),
}

impl Directory {
    /// What was odd about the server so far, in words.
    pub(in crate::cli) fn warnings(&self) -> Vec<String> {
        match self {
            Self::Embedded(directory) => directory.warnings(),
            Self::Http(directory) => directory.warnings(),
        }
    }
}

impl Reader for Directory {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        match self {
            Self::Embedded(directory) => directory.read().await,
            Self::Http(directory) => directory.read().await,
        }
    }
}

impl Writer for Directory {
    async fn write(&self, change: &Change, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        match self {
            Self::Embedded(directory) => directory.write(change, context).await,
            Self::Http(directory) => directory.write(change, context).await,
        }
    }
}

/// A way to look at a workspace: it is a [`Reader`], and no [`Writer`].
pub(in crate::cli) struct Looking {
    directory: Directory,
    /// Whether the workspace is only in memory: its store is to be made before anything is written.
    pub in_memory: bool,
}

impl Looking {
    /// The way to write, once a plan is approved.
    pub(in crate::cli) const fn to_apply(&self, _: &Approved) -> &Directory {
        &self.directory
    }

    /// What was odd about the server so far, in words.
    pub(in crate::cli) fn warnings(&self) -> Vec<String> {
        self.directory.warnings()
    }
}

impl Reader for Looking {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        self.directory.read().await
    }
}

/// Why there is no way to a workspace.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum Unconnected {
    /// The server does not answer as it should.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Anything on this side.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// Connects for looking only: an embedded store that is not there yet stands in memory, as it would be made.
///
/// # Errors
/// When the store can not be opened, a secret can not be had, or the connection is of a kind this version does not have.
pub(in crate::cli) async fn to_look(desired: &Desired, roster: &Path, stores: &Stores) -> Result<Looking, Unconnected> {
    let (directory, in_memory) = connect(desired, roster, stores, false).await?;
    Ok(Looking { directory, in_memory })
}

/// Connects for writing: an embedded store that is not there yet is made.
///
/// # Errors
/// See [`to_look`].
pub(in crate::cli) async fn to_write(desired: &Desired, roster: &Path, stores: &Stores) -> Result<Directory, Unconnected> {
    let (directory, _) = connect(desired, roster, stores, true).await?;
    // Clinics are written by the server's ids, which only reading tells.
    directory.read().await?;
    Ok(directory)
}

/// The directory, and whether it is only in memory.
#[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
async fn connect(desired: &Desired, roster: &Path, stores: &Stores, make: bool) -> Result<(Directory, bool), Unconnected> {
    let code_word = desired.code_word.as_ref().map(|r| secrets::fetch(r, roster)).transpose().context("code_word")?;
    let to = |name: String, base: Url| Server {
        name,
        base,
        platform: desired.platform.clone(),
        code_word,
        now: jiff::Timestamp::now().as_millisecond(),
        backoff: Backoff::default(),
    };
    match &desired.connection {
        Connection::Embedded { path, .. } => {
            let path = path.as_ref().map_or_else(|| default_path(roster, &desired.workspace), |p| roster.join(p));
            let (store, in_memory) = store(desired, roster, &path, stores, make).await?;
            // A plan for one file is not for another one of the same workspace (rule 2 of the core); what is not made yet has no identity.
            let own = if in_memory { String::new() } else { format!("#{}", store.identity()) };
            let acting = desired.main_admin.as_ref().context("an embedded workspace needs `main_admin`: it is who acts there")?;
            let transport = InProcess::new(server::embedded(store, &desired.workspace, acting));
            let base = format!("http://embedded/{}/scim/v2", desired.workspace);
            let base = Url::parse(&base).context("the workspace's name fits no URL")?;
            let directory = ScimDirectory::connect(transport, to(format!("embedded:{}{own}", desired.workspace), base)).await?;
            Ok((Directory::Embedded(directory), in_memory))
        }
        Connection::Scim(scim) => {
            let token = secrets::fetch(&scim.token, roster).context("connection.scim.token")?;
            let transport = HttpTransport::new(&scim.url, &token).context("connection.scim.url")?;
            let directory = ScimDirectory::connect(transport, to(scim.url.to_string(), scim.url.clone())).await?;
            Ok((Directory::Http(directory), false))
        }
        Connection::Export(_) => Err(Unconnected::Other(anyhow::anyhow!(
            "`connection: export` is not in this version: use `embedded: {{}}` to try the roster, or `scim` for a server that speaks it"
        ))),
    }
}

/// Opens the workspace's file, or makes what it would hold in memory; whether it is in memory only.
async fn store(desired: &Desired, roster: &Path, path: &Path, stores: &Stores, make: bool) -> anyhow::Result<(Store, bool)> {
    let why = || format!("can not open the embedded workspace `{}`", path.display());
    if make && path.starts_with(roster.join(state_dir::NAME)) {
        state_dir::make(roster, None)?;
    }
    if make || path.exists() {
        let store = stores.open(path).await.with_context(why)?;
        // A file without the workspace is what a killed first run leaves: looking does not finish its work.
        if make || store.has_workspace(&desired.workspace).await.with_context(why)? {
            store.create_workspace(&seed::from_desired(desired).with_context(why)?).await.with_context(why)?;
            return Ok((store, false));
        }
    }
    let store = Store::memory().await.with_context(why)?;
    store.create_workspace(&seed::from_desired(desired).with_context(why)?).await.with_context(why)?;
    Ok((store, true))
}

/// Where an embedded workspace lies unless YAML says otherwise. Names are slugs, so nothing leads out of the folder (J2).
pub(in crate::cli) fn default_path(roster: &Path, workspace: &str) -> PathBuf {
    roster.join(state_dir::NAME).join(format!("{workspace}.db"))
}
