//! Loads a roster: every `*.yaml` file of a directory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::manifest::{self, Mistakes, Roster, Source, Sources};

use super::terminal::Terminal;

/// The most bytes read from one file: one more than `manifest` accepts, so that it can report the file as too large.
const LIMIT: u64 = 8 * 1024 * 1024 + 1;

/// The result of loading a roster.
pub(in crate::cli) enum Loaded {
    /// The roster is valid.
    Roster(Roster),
    /// The roster has these mistakes.
    Mistakes(Mistakes),
}

/// Reads the roster files of a directory, but not of its subdirectories.
///
/// # Errors
/// Fails if the directory or a file cannot be read, or if there is no YAML file: an unreadable file never counts as an empty one.
pub(in crate::cli) fn load(directory: &Path, terminal: Terminal) -> anyhow::Result<Loaded> {
    let mut files = Vec::new();
    for name in names(directory, terminal)? {
        let path = directory.join(&name);
        let bytes = read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        files.push(Source { name, bytes });
    }
    Ok(match manifest::read(&Sources { files }) {
        Ok(roster) => {
            for warning in &roster.warnings {
                terminal.say(&warning.render(terminal.colors_stderr()));
            }
            Loaded::Roster(roster)
        }
        Err(mistakes) => Loaded::Mistakes(mistakes),
    })
}

/// Loads a roster, or shows its mistakes and returns `None`.
///
/// # Errors
/// See [`load`].
pub(in crate::cli) fn load_or_show(directory: &Path, terminal: Terminal) -> anyhow::Result<Option<Roster>> {
    Ok(match load(directory, terminal)? {
        Loaded::Roster(roster) => Some(roster),
        Loaded::Mistakes(mistakes) => {
            show(&mistakes, terminal);
            None
        }
    })
}

/// Shows every mistake with its file and line.
pub(in crate::cli) fn show(mistakes: &Mistakes, terminal: Terminal) {
    terminal.say(&mistakes.render(terminal.colors_stderr()));
}

/// Lists the names of the YAML files, sorted.
fn names(directory: &Path, terminal: Terminal) -> anyhow::Result<Vec<String>> {
    if directory.is_file() {
        let folder = directory.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::bail!("`{}` is a file: give the folder that contains the roster files, `{}`", directory.display(), folder.display());
    }
    let entries = fs::read_dir(directory).with_context(|| {
        format!("cannot read the roster directory `{}`: give the directory that contains the YAML files", directory.display())
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read the roster directory `{}`", directory.display()))?;
        let path = PathBuf::from(entry.file_name());
        let ends_in = |extension: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
        if ends_in("yml") {
            terminal.warn(&format!("`{}` is ignored: the names of roster files end in .yaml, so rename it", path.display()));
        }
        let is_hidden = path.to_string_lossy().starts_with('.');
        if !ends_in("yaml") || is_hidden {
            continue;
        }
        let name = path.to_str().with_context(|| format!("the file name `{}` is not UTF-8: rename the file", path.display()))?;
        // Reading a pipe would wait forever, and skipping a folder would silently leave out what is in it.
        let target = fs::metadata(entry.path()).with_context(|| format!("cannot read `{}`", entry.path().display()))?;
        if !target.is_file() {
            let what = if target.is_dir() { "a folder" } else { "not a regular file" };
            anyhow::bail!("`{}` is {what}, but its name ends in .yaml: rename it, or remove it from the roster", entry.path().display());
        }
        names.push(name.to_owned());
    }
    names.sort_unstable();
    anyhow::ensure!(
        !names.is_empty(),
        "there is no .yaml file in `{}`: give the directory that contains the roster, as in `rosterctl plan examples/glow`",
        directory.display()
    );
    Ok(names)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let file = fs::File::open(path)?;
    // Reserving the room at once avoids a second copy of the bytes while the buffer grows.
    let room = usize::try_from(file.metadata()?.len().min(LIMIT)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room + 1);
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
