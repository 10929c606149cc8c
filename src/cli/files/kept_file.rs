//! Files for what can be written only once: whatever would lose it is refused before there is anything to write.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::output_file;
use super::path_text::{not_written, shown};

/// The beginning of the names of files that keep passcodes which their own file or the terminal did not take.
pub(super) const PASSCODES: &str = "rosterctl-passcodes-";

/// Opens what a path names to add so many bytes to it. A file is for its owner alone.
///
/// # Errors
/// Fails if it cannot be written, or would not keep what is written: a folder, a device, a pipe that nobody reads, a full disk.
pub(in crate::cli) fn open(path: &Path, room: usize) -> anyhow::Result<File> {
    output_file::spare_others(path)?;
    let name = shown(path);
    let kind = fs::metadata(path).map(|found| found.file_type()).ok();
    if kind.is_some_and(|kind| kind.is_dir()) {
        anyhow::bail!("`{name}` is a folder: give a file in it, such as `{}`", shown(&path.join("passcodes.txt")));
    }
    #[cfg(unix)]
    if kind.is_some_and(|kind| std::os::unix::fs::FileTypeExt::is_fifo(&kind)) {
        return pipe(path)
            .with_context(|| format!("nobody reads the pipe `{name}`: start the program that reads it first, or give a file"));
    }
    if kind.is_none_or(|kind| kind.is_file()) {
        has_room(path, room).with_context(|| format!("there is no room for new passcodes in `{name}`: make some, or give another file"))?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|why| not_written(path, why))?;
    if !file.metadata()?.is_file() {
        // A terminal is read by a person.
        anyhow::ensure!(file.is_terminal(), "`{name}` does not keep what is written to it: give a file, such as `passcodes.txt`");
    } else if !output_file::is_stream(path) {
        // One that exists already may be for others to read, too.
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .with_context(|| format!("cannot keep others from reading `{name}`"))?;
    }
    Ok(file)
}

/// Writes a new file for passcodes into a folder, for its owner alone; returns its path.
///
/// # Errors
/// Fails if the file system does not allow it.
pub(in crate::cli) fn keep_in(folder: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let path = folder.join(format!("{PASSCODES}{}", uuid::Uuid::new_v4()));
    write_new(&path, bytes).map(|()| path)
}

/// Opens a pipe that somebody reads. Opening one that nobody reads would wait.
#[cfg(unix)]
fn pipe(path: &Path) -> io::Result<File> {
    let sender = tokio::net::unix::pipe::OpenOptions::new().open_sender(path)?;
    sender.into_blocking_fd().map(File::from)
}

/// Finds out whether the disk of a file takes so many bytes more. Only a full one is an error here.
fn has_room(path: &Path, room: usize) -> io::Result<()> {
    let target = output_file::target(path);
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = folder.join(format!(".rosterctl-{}.part", uuid::Uuid::new_v4()));
    let written = write_new(&draft, &vec![b'\n'; room]);
    let _ = fs::remove_file(&draft);
    match written {
        Err(why) if matches!(why.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge) => Err(why),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all())
}
