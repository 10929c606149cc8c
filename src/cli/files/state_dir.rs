//! The folder `.rosterctl` in a roster: embedded workspaces, receipts and journals. Git ignores it, and only its owner can read it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::path_text::shown;

/// The folder's name.
pub(in crate::cli) const NAME: &str = ".rosterctl";

/// Makes the folder in a roster, or a folder inside it, and returns its path.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn make(roster: &Path, inside: Option<&str>) -> anyhow::Result<PathBuf> {
    let folder = roster.join(NAME);
    make_private(&folder).with_context(|| format!("cannot make `{}`", shown(&folder)))?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, "*\n").with_context(|| format!("cannot write `{}`", shown(&ignore)))?;
    }
    let Some(inside) = inside else { return Ok(folder) };
    let deeper = folder.join(inside);
    make_private(&deeper).with_context(|| format!("cannot make `{}`", shown(&deeper)))?;
    Ok(deeper)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
