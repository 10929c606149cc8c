//! Says where the database of an embedded workspace is.

use std::path::{Path, PathBuf};

use super::state_dir;
use crate::model::{Connection, Desired};

/// Returns the file of an embedded workspace, which may not exist yet; `None` if the workspace is elsewhere.
pub(in crate::cli) fn path_of(desired: &Desired, roster: &Path) -> Option<PathBuf> {
    match &desired.connection {
        Connection::Embedded { path, .. } => Some(embedded_path(path.as_deref(), desired, roster)),
        Connection::Scim(_) | Connection::Snapshot(_) => None,
    }
}

pub(in crate::cli) fn embedded_path(path: Option<&Path>, desired: &Desired, roster: &Path) -> PathBuf {
    path.map_or_else(|| default_path(roster, &desired.workspace), |path| roster.join(path))
}

/// Returns the default path of an embedded workspace. Names are slugs, so the path cannot leave the folder (J2).
pub(in crate::cli) fn default_path(roster: &Path, workspace: &str) -> PathBuf {
    roster.join(state_dir::NAME).join(format!("{workspace}.db"))
}
