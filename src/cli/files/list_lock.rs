//! Keeps two runs from changing one list of users at the same time: each would write back what it had read before the other wrote.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::path_text::shown;
use crate::cli::terminal::Terminal;

/// A list of users that no other run changes, until this is dropped.
#[derive(Debug)]
pub(in crate::cli) struct ListLock {
    _file: Option<File>,
}

/// Waits until no other run changes a list of users. Read the list again afterward. A list that does not exist yet has nothing to lose.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn take(path: &Path, terminal: Terminal) -> anyhow::Result<ListLock> {
    let why = || format!("cannot lock `{}`", shown(path));
    loop {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ListLock { _file: None }),
            Err(error) => return Err(error).with_context(why),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                terminal.say(&format!("Another run is changing `{}`: waiting for it.", shown(path)));
                file.lock().with_context(why)?;
            }
            // Some file systems have no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error).with_context(why),
        }
        // The other run may have put a new file in its place.
        if is_at(&file, path).with_context(why)? {
            return Ok(ListLock { _file: Some(file) });
        }
    }
}

/// Opens a list to lock it: file systems of a network lock only what can be written, and a file that is only read can still be replaced.
fn open(path: &Path) -> io::Result<File> {
    match File::options().read(true).write(true).open(path) {
        Err(why) if why.kind() == io::ErrorKind::PermissionDenied => File::open(path),
        opened => opened,
    }
}

/// Returns whether a path still names an open file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let own = file.metadata()?;
        match fs::metadata(path) {
            Ok(found) => Ok((found.dev(), found.ino()) == (own.dev(), own.ino())),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(why) => Err(why),
        }
    }
    #[cfg(not(unix))]
    Ok(file.metadata().is_ok() && fs::metadata(path).is_ok())
}
