//! Finds databases of embedded workspaces that no file of the roster describes anymore. The people in them keep their access, and no plan
//! and no review shows them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::Desired;

use super::database_file;
use super::path_text::shown;
use super::state_dir;
use crate::cli::terminal::Terminal;

/// Warns about the databases beside those of the roster's workspaces.
pub(in crate::cli) fn warn(roster: &Path, workspaces: &[Desired], terminal: Terminal) {
    for path in databases(roster, workspaces) {
        terminal.warn(&format!(
            "`{}` is the database of a workspace that is no longer in the roster: its users keep their access, and nobody sees them here. \
             If the workspace has another name now, add `connection: {{ embedded: {{ path: … }} }}` with this file; if it has ended, delete the file",
            shown(&path)
        ));
    }
}

/// Lists the databases that belong to no workspace of the roster.
fn databases(roster: &Path, workspaces: &[Desired]) -> Vec<PathBuf> {
    let real = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path);
    let known: BTreeSet<PathBuf> = workspaces.iter().filter_map(|desired| database_file::path_of(desired, roster)).map(real).collect();
    // A workspace that has moved to a server is still in the roster under its name.
    let is_named = |path: &Path| path.file_stem().is_some_and(|stem| workspaces.iter().any(|desired| *stem == *desired.workspace));
    let is_abandoned =
        |path: &PathBuf| path.extension().is_some_and(|end| end == "db") && !is_named(path) && !known.contains(&real(path.clone()));
    let files = fs::read_dir(roster.join(state_dir::NAME)).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut found: Vec<PathBuf> = files.filter(is_abandoned).collect();
    found.sort();
    found
}
