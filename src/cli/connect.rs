//! From a workspace's `connection` to something that can be read and written.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use url::Url;

use crate::directory::{DirectoryError, HttpTransport, InProcess, Outcome, Reader, ScimDirectory, WriteContext, Writer};
use crate::model::{Actual, Change, Connection, Desired, Secret};
use crate::platform::Platform;
use crate::server::{self, seed};
use crate::store::Store;

use super::{secrets, state_dir};

/// A workspace's directory: in this process or over HTTP.
pub(super) enum Directory {
    /// The server in this process.
    Embedded(ScimDirectory<InProcess>),
    /// A SCIM server.
    Http(ScimDirectory<HttpTransport>),
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

/// A way to a workspace.
pub(super) struct Connected {
    /// What is read and written.
    pub directory: Directory,
    /// Whether the workspace is only in memory: its store is to be made before anything is written.
    pub in_memory: bool,
}

/// Connects for looking only: an embedded store that is not there yet stands in memory, as it would be made.
///
/// # Errors
/// When the store can not be opened, a secret can not be had, or the connection is of a kind this version does not have.
pub(super) async fn to_look(desired: &Desired, roster: &Path) -> anyhow::Result<Connected> {
    connect(desired, roster, false).await
}

/// Connects for writing: an embedded store that is not there yet is made.
///
/// # Errors
/// See [`to_look`].
pub(super) async fn to_write(desired: &Desired, roster: &Path) -> anyhow::Result<Connected> {
    connect(desired, roster, true).await
}

async fn connect(desired: &Desired, roster: &Path, make: bool) -> anyhow::Result<Connected> {
    let code_word = desired.code_word.as_ref().map(|r| secrets::fetch(r, roster)).transpose().context("code_word")?;
    match &desired.connection {
        Connection::Embedded { path, .. } => {
            let path = path.as_ref().map_or_else(|| default_path(roster, &desired.workspace), |p| roster.join(p));
            let there = path.exists();
            let store = if there || make {
                if path.starts_with(roster.join(state_dir::NAME)) {
                    state_dir::make(roster, None)?;
                }
                Store::open(&path).await
            } else {
                Store::memory().await
            };
            let store = store.with_context(|| format!("can not open the embedded workspace `{}`", path.display()))?;
            let seed = seed::from_desired(desired);
            store.create_workspace(&seed).await.context("can not make the embedded workspace")?;
            Ok(Connected { directory: Directory::Embedded(embedded(desired, store, code_word)?), in_memory: !there && !make })
        }
        Connection::Scim(scim) => {
            let token = secrets::fetch(&scim.token, roster).context("connection.scim.token")?;
            let transport = HttpTransport::new(&scim.url, &token).context("connection.scim.url")?;
            let directory = ScimDirectory::new(transport, scim.url.clone(), platform(desired)?, scim.url.to_string(), code_word);
            Ok(Connected { directory: Directory::Http(directory), in_memory: false })
        }
        Connection::Export(_) => anyhow::bail!(
            "`connection: export` is not in this version: use `embedded: {{}}` to try the roster, or `scim` for a server that speaks it"
        ),
    }
}

fn embedded(desired: &Desired, store: Store, code_word: Option<Secret>) -> anyhow::Result<ScimDirectory<InProcess>> {
    let acting = desired.main_admin.as_ref().context("an embedded workspace needs `main_admin`: it is who acts there")?;
    let router = server::embedded(store, &desired.workspace, acting);
    let url = Url::parse(&format!("http://embedded/{}/scim/v2", desired.workspace)).context("the workspace's name fits no URL")?;
    Ok(ScimDirectory::new(InProcess::new(router), url, platform(desired)?, format!("embedded:{}", desired.workspace), code_word))
}

fn platform(desired: &Desired) -> anyhow::Result<Platform> {
    Platform::from_id(&desired.platform).with_context(|| format!("there is no platform `{}`", desired.platform))
}

/// Where an embedded workspace lies unless YAML says otherwise. Names are slugs, so nothing leads out of the folder (J2).
fn default_path(roster: &Path, workspace: &str) -> PathBuf {
    roster.join(state_dir::NAME).join(format!("{workspace}.db"))
}
