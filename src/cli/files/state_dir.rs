//! The folder `.rosterctl` in a roster: embedded workspaces, receipts and journals. Git ignores it, and only its owner can read it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::path_text::shown;

/// The folder's name.
pub(in crate::cli) const NAME: &str = ".rosterctl";

/// The folder, or something inside it, could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make `{}`", shown(path))]
pub(in crate::cli) struct NotMade {
    /// Its path.
    pub path: PathBuf,
    /// The cause.
    pub source: io::Error,
}

/// Makes the folder in a roster, or a folder inside it, and returns its path.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn make(roster: &Path, inside: Option<&str>) -> Result<PathBuf, NotMade> {
    let folder = roster.join(NAME);
    let not_made = |path: &Path| {
        let path = path.to_owned();
        move |source| NotMade { path, source }
    };
    make_private(&folder).map_err(not_made(&folder))?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, "*\n").map_err(not_made(&ignore))?;
    }
    let Some(inside) = inside else { return Ok(folder) };
    let deeper = folder.join(inside);
    make_private(&deeper).map_err(not_made(&deeper))?;
    Ok(deeper)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
