//! Writes files of the roster, each completely or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Puts other text into a file of the roster, or makes it. A file that exists keeps its permissions, and a link is followed.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (draft, path) = draft(path, bytes)?;
    finish(&draft, &path)
}

/// Writes several files; nothing is changed unless all of them can be written.
///
/// # Errors
/// Fails if the file system does not allow it; returns the file that it is about.
pub(in crate::cli) fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), (PathBuf, io::Error)> {
    let mut drafts = Vec::new();
    for (path, bytes) in files {
        match draft(path, bytes) {
            Ok(ready) => drafts.push(ready),
            Err(why) => {
                for (draft, _) in &drafts {
                    let _ = fs::remove_file(draft);
                }
                return Err((path.clone(), why));
            }
        }
    }
    drafts.iter().try_for_each(|(draft, path)| finish(draft, path).map_err(|why| (path.clone(), why)))
}

/// Writes the text beside a file, and returns both paths.
fn draft(path: &Path, bytes: &[u8]) -> io::Result<(PathBuf, PathBuf)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let found = path.canonicalize().ok();
    let path = found.clone().unwrap_or_else(|| path.to_owned());
    let draft = path.with_extension("yaml.part");
    let keep = || found.map_or(Ok(()), |old| fs::set_permissions(&draft, fs::metadata(old)?.permissions()));
    match fs::write(&draft, bytes).and_then(|()| keep()) {
        Ok(()) => Ok((draft, path)),
        Err(why) => {
            let _ = fs::remove_file(&draft);
            Err(why)
        }
    }
}

fn finish(draft: &Path, path: &Path) -> io::Result<()> {
    fs::rename(draft, path).inspect_err(|_| drop(fs::remove_file(draft)))
}
