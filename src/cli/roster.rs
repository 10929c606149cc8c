//! Loads a roster: every `*.yaml` of a directory, read as one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::manifest::{self, Mistakes, Roster, Source, Sources};

use super::terminal::Terminal;

/// Most bytes that are read of one file: one more than the manifest accepts, so that it can say so.
const LIMIT: u64 = 8 * 1024 * 1024 + 1;

/// What came of loading a roster.
pub(in crate::cli) enum Loaded {
    /// It says what is wanted.
    Roster(Roster),
    /// It has mistakes, all of them here.
    Mistakes(Mistakes),
}

/// Reads the files of a directory, not of those below it.
///
/// # Errors
/// When the directory or one of its files can not be read, or there is no YAML: an unreadable file is never an empty one.
pub(in crate::cli) fn load(directory: &Path, terminal: Terminal) -> anyhow::Result<Loaded> {
    let mut files = Vec::new();
    for name in names(directory, terminal)? {
        let path = directory.join(&name);
        let bytes = read(&path).with_context(|| format!("can not read `{}`", path.display()))?;
        files.push(Source { name, bytes });
    }
    Ok(match manifest::read(&Sources { files }) {
        Ok(roster) => {
            for warning in &roster.warnings {
                terminal.say(&warning.render(terminal.colours_stderr()));
            }
            Loaded::Roster(roster)
        }
        Err(mistakes) => Loaded::Mistakes(mistakes),
    })
}

/// Loads a roster, or shows its mistakes: `None` then.
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

/// Shows every mistake with its place.
pub(in crate::cli) fn show(mistakes: &Mistakes, terminal: Terminal) {
    terminal.say(&mistakes.render(terminal.colours_stderr()));
}

/// The names of the YAML files, sorted.
fn names(directory: &Path, terminal: Terminal) -> anyhow::Result<Vec<String>> {
    if directory.is_file() {
        let folder = directory.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::bail!("`{}` is a file: give the folder that holds the roster's files, `{}`", directory.display(), folder.display());
    }
    let entries = fs::read_dir(directory).with_context(|| {
        format!("can not read the roster directory `{}`: give the directory that holds its YAML files", directory.display())
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("can not read the roster directory `{}`", directory.display()))?;
        let path = PathBuf::from(entry.file_name());
        let ends_in = |extension: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
        if ends_in("yml") {
            terminal.warn(&format!("`{}` is not read: roster files end in .yaml, so rename it", path.display()));
        }
        let is_hidden = path.to_string_lossy().starts_with('.');
        if !ends_in("yaml") || is_hidden {
            continue;
        }
        let name = path.to_str().with_context(|| format!("`{}` is no UTF-8 name: rename the file", path.display()))?;
        // Reading a pipe would wait for ever, and a folder that is passed over is a file that is missing.
        let target = fs::metadata(entry.path()).with_context(|| format!("can not read `{}`", entry.path().display()))?;
        if !target.is_file() {
            let what = if target.is_dir() { "a folder" } else { "no regular file" };
            anyhow::bail!("`{}` is {what}: only files are read as YAML, so rename it or take it out of the roster", entry.path().display());
        }
        names.push(name.to_owned());
    }
    names.sort_unstable();
    anyhow::ensure!(
        !names.is_empty(),
        "there is no *.yaml file in `{}`: give the directory that holds the roster, as in `rosterctl plan examples/glow`",
        directory.display()
    );
    Ok(names)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let file = fs::File::open(path)?;
    // Room for all of it at once: a growing one would be held twice.
    let room = usize::try_from(file.metadata()?.len().min(LIMIT)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room + 1);
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
