//! Writes the files that a person names: saved plans and receipts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::path_text::not_written;
use crate::cli::shell;
use crate::report::clean;

/// The first bytes of every `SQLite` database.
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

/// Writes to what a path names. A regular file is replaced completely or not at all, and only its owner can read it. A link is
/// followed, and a file with several names keeps them. Pipes and devices are written to, and never replaced.
///
/// # Errors
/// Fails if the file system does not allow it, or if the path names a YAML file or a file of a database.
pub(in crate::cli) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    spare_others(path)?;
    let written = if is_stream(path) { append(path, bytes) } else { replace(&target(path), bytes) };
    written.map_err(|why| not_written(path, why))
}

/// Returns whether what is written to a path cannot be read again from it: a pipe, a device, or an open file of another program.
pub(in crate::cli) fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() || is_descriptor(path))
}

/// Refuses to write to what belongs to a roster (a YAML file that exists, a database, or a file that belongs to one), and to the file in which
/// the output of this command arrives, since one would overwrite the other.
///
/// # Errors
/// Fails if there is such a file.
pub(in crate::cli) fn spare_others(path: &Path) -> anyhow::Result<()> {
    let target = target(path);
    anyhow::ensure!(
        is_descriptor(path) || !is_output(path),
        "`{}` is the file to which the output of this command is redirected: give another name",
        clean(&path.to_string_lossy())
    );
    let kind = if !target.is_file() {
        return Ok(());
    } else if target.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml")) {
        "a YAML file that may belong to a roster"
    } else if belongs_to_database(&target) {
        "a file of a database, which may be that of a workspace"
    } else {
        return Ok(());
    };
    anyhow::bail!("`{}` is {kind}, so it is not written to: give another name", clean(&path.to_string_lossy()))
}

/// Refuses to write what every later command would take for a file of the roster: a YAML file in its folder, unless it is hidden there.
/// `ending` is that of a good name.
///
/// # Errors
/// Fails if the path, or a link on the way, is one.
pub(in crate::cli) fn stay_out_of_roster(option: &str, path: &Path, roster: &Path, ending: &str) -> anyhow::Result<()> {
    spare_others(path)?;
    let whole = |folder: &Path| fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let Ok(roster) = whole(roster) else { return Ok(()) };
    let is_of_roster = |at: PathBuf| {
        let is_yaml = at.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
        let folder = at.parent().and_then(|folder| whole(folder).ok()).filter(|_| is_yaml);
        let inside = folder.zip(at.file_name()).and_then(|(folder, name)| Some(folder.strip_prefix(&roster).ok()?.join(name)));
        inside.is_some_and(|inside| !inside.iter().any(|name| name.as_encoded_bytes().starts_with(b".")))
    };
    anyhow::ensure!(
        !target_of_links(path).any(is_of_roster),
        "{option} `{}` would be in the roster's folder with the name of a roster file, so every later command would read it: write {option} {}",
        clean(&path.to_string_lossy()),
        shell::word(&path.with_extension(ending))
    );
    Ok(())
}

/// Returns whether a file is a database, or one that belongs to a database beside it: its key, or what `SQLite` has not put into it yet.
fn belongs_to_database(file: &Path) -> bool {
    let named = |ends: &[&str]| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        ends.iter().find_map(|end| name.strip_suffix(end).map(str::to_owned))
    };
    let is_key = || {
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        file.extension().is_some_and(|e| e == "key")
            && beside.into_iter().any(|other| other.file_stem() == file.file_stem() && is_database(&other))
    };
    is_database(file) || named(&["-wal", "-shm", "-journal"]).is_some_and(|name| is_database(&file.with_file_name(name))) || is_key()
}

/// Returns whether a file begins as every `SQLite` database does.
fn is_database(file: &Path) -> bool {
    let mut head = [0_u8; DATABASE.len()];
    file.is_file() && File::open(file).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == *DATABASE
}

/// Returns whether a path names an open file of a process, such as `/dev/stdout`: another program has that file open, too.
fn is_descriptor(path: &Path) -> bool {
    // Other files below /dev are as good as any: /dev/shm is a folder in memory.
    ["/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/proc"]
        .iter()
        .any(|folder| target_of_links(path).any(|step| step.starts_with(folder)))
}

/// Returns whether two paths name the same file, also through links, and also if it does not exist yet. Devices and pipes can be shared.
pub(in crate::cli) fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let target = target(path);
        let whole = fs::canonicalize(&target).ok().or_else(|| {
            let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(folder).ok()?.join(target.file_name()?))
        });
        whole.unwrap_or(target)
    };
    let is_stream = |path: &Path| fs::metadata(path).is_ok_and(|found| !found.is_file());
    !is_stream(one) && (place(one) == place(other) || is_one_file(one, other))
}

/// Returns whether two paths are names of one file that exists (hard links).
fn is_one_file(one: &Path, other: &Path) -> bool {
    let of = |path: &Path| fs::metadata(path).ok().and_then(|found| identity(&found));
    of(one).is_some_and(|one| of(other) == Some(one))
}

/// Returns whether a path names the file to which this process prints.
fn is_output(path: &Path) -> bool {
    let Some(file) = fs::metadata(path).ok().and_then(|found| identity(&found)) else { return false };
    outputs().into_iter().flatten().any(|output| output.metadata().is_ok_and(|found| identity(&found) == Some(file)))
}

/// Returns what this process prints to.
#[cfg(unix)]
fn outputs() -> [Option<File>; 2] {
    use std::os::fd::AsFd as _;
    let (stdout, stderr) = (io::stdout(), io::stderr());
    [stdout.as_fd(), stderr.as_fd()].map(|open| open.try_clone_to_owned().ok().map(File::from))
}

#[cfg(not(unix))]
const fn outputs() -> [Option<File>; 0] {
    []
}

/// Returns what is the same for all names of a regular file, and differs between files; `None` for anything else.
fn identity(found: &fs::Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    return found.is_file().then(|| (std::os::unix::fs::MetadataExt::dev(found), std::os::unix::fs::MetadataExt::ino(found)));
    #[cfg(not(unix))]
    return None;
}

/// Returns the file that a path names, at the end of its links. It may not exist yet.
pub(super) fn target(path: &Path) -> PathBuf {
    target_of_links(path).last().unwrap_or_else(|| path.to_owned())
}

/// Lists a path, and what each link on the way leads to. The system follows at most 40 links, too.
fn target_of_links(path: &Path) -> impl Iterator<Item = PathBuf> {
    let next = |at: &PathBuf| fs::read_link(at).ok().map(|to| at.parent().unwrap_or(Path::new("")).join(to));
    std::iter::successors(Some(path.to_owned()), next).take(40)
}

/// Writes to something that is already there.
fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(bytes)?;
    file.flush()
}

/// Makes a draft beside a file, and then puts it in that file's place.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    if path.is_symlink() {
        return Err(io::Error::other("the link leads nowhere"));
    }
    if has_other_names(path) {
        return fs::write(path, bytes);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The name is short, since a file's own name can have all the characters that the system allows.
    let draft = folder.join(format!(".rosterctl-{}.part", std::process::id()));
    let mut file = make(&draft)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Returns whether a file has other names (hard links), which must show what is written, too.
fn has_other_names(path: &Path) -> bool {
    #[cfg(unix)]
    return fs::metadata(path).is_ok_and(|found| found.is_file() && std::os::unix::fs::MetadataExt::nlink(&found) > 1);
    #[cfg(not(unix))]
    return false;
}

/// Makes a new file that only its owner can read, also if an earlier run left one of that name.
fn make(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)
        }
        made => made,
    }
}
