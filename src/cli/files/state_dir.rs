//! The folder `.rosterctl` in a roster: embedded workspaces, receipts and journals. Git ignores it, and only its owner can read it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The folder's name.
pub(in crate::cli) const NAME: &str = ".rosterctl";

/// Makes the folder in a roster, or a folder inside it, and returns its path.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn make(roster: &Path, inside: Option<&str>) -> anyhow::Result<PathBuf> {
    let folder = roster.join(NAME);
    make_private(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, "*\n").with_context(|| format!("cannot write `{}`", ignore.display()))?;
    }
    let Some(inside) = inside else { return Ok(folder) };
    let deeper = folder.join(inside);
    make_private(&deeper).with_context(|| format!("cannot make `{}`", deeper.display()))?;
    Ok(deeper)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a file that only its owner can read, completely or not at all.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().with_context(|| format!("`{}` does not name a file", path.display()))?;
    let draft = folder.join(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = write_new(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Makes a file that only its owner can read, and waits until it is on the disk.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
