//! Opens the stores that `serve`, `token` and `code-word` use.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::model::{Connection, Desired};
use crate::report::sentences;
use crate::server::seed;
use crate::store::Store;

use crate::cli::files::database_file;
use crate::cli::files::path_text::shown;
use crate::cli::files::state_dir;
use crate::cli::workspaces::stores::{self, DatabaseFiles, Stores};

/// Opens a workspace's store, creating the file and the workspace if they do not exist yet.
///
/// # Errors
/// Fails if the file cannot be opened, or if the roster lacks what the workspace needs.
pub(in crate::cli) async fn open(desired: &Desired, roster: &Path, database: Option<&Path>, stores: &Stores) -> anyhow::Result<Store> {
    open_in(&file(desired, roster, database).into(), desired, roster, stores).await
}

/// Opens a workspace's store in a file; `folder` is the one whose `.rosterctl` is made if the file is in it.
///
/// # Errors
/// See [`open`].
pub(in crate::cli) async fn open_in(files: &DatabaseFiles, desired: &Desired, folder: &Path, stores: &Stores) -> anyhow::Result<Store> {
    let path = files.database.as_path();
    stores::is_there(path)
        .and_then(|_| stores::check_not_lost(path, folder, &desired.workspace))
        .map_err(|why| anyhow::anyhow!(sentences::not_ready(&why)))?;
    if path.starts_with(folder.join(state_dir::NAME)) {
        state_dir::make(folder, None)?;
    }
    let store = stores.open_files(files).await.with_context(|| format!("cannot open the database `{}`", shown(path)))?;
    let seed = seed::from_desired(desired).with_context(|| format!("cannot create the workspace `{}`", desired.workspace))?;
    store.create_workspace(&seed).await.with_context(|| format!("cannot create the workspace `{}`", desired.workspace))?;
    Ok(store)
}

/// Opens the store of a workspace that exists.
///
/// # Errors
/// Fails if there is no database of it on this machine, or if the file cannot be opened.
pub(in crate::cli) async fn existing(desired: &Desired, roster: &Path, database: Option<&Path>, stores: &Stores) -> anyhow::Result<Store> {
    existing_in(&file(desired, roster, database).into(), "and name it with `--database` if `serve` was given one", stores).await
}

/// Opens the store of a database that exists; `otherwise` says what else could be wrong with its path.
///
/// # Errors
/// See [`existing`].
pub(in crate::cli) async fn existing_in(files: &DatabaseFiles, otherwise: &str, stores: &Stores) -> anyhow::Result<Store> {
    let path = files.database.as_path();
    let is_there = stores::is_there(path).map_err(|why| anyhow::anyhow!(sentences::not_ready(&why)))?;
    anyhow::ensure!(is_there, "there is no database `{}`: run this on the machine that has it, {otherwise}", shown(path));
    stores.open_files(files).await.with_context(|| format!("cannot open the database `{}`", shown(path)))
}

fn file(desired: &Desired, roster: &Path, database: Option<&Path>) -> PathBuf {
    match (database, &desired.connection) {
        (Some(database), _) => database.to_owned(),
        (None, Connection::Embedded { path: Some(path), .. }) => roster.join(path),
        (None, Connection::Embedded { path: None, .. } | Connection::Scim(_) | Connection::Snapshot(_)) => {
            database_file::default_path(roster, &desired.workspace)
        }
    }
}
