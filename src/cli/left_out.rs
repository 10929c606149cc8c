//! Files and folders in a roster's folder that are not read, although somebody may think so: the plan says it, too.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::cli::files::path_text::shown;
use crate::cli::files::state_dir;
use crate::cli::terminal::Terminal;
use crate::model::{Desired, RosterOddity};
use crate::report::few;

/// The most bytes in which the first key of a file is looked for.
const BEGIN: u64 = 64 * 1024;

/// The first keys of roster files.
const FIRST_KEYS: [&str; 7] = ["workspace", "users_of", "people", "waivers", "snapshot", "define_platform", "start"];

/// Parts of names that are nearly right: `users.yaml.txt`, `users.yaml (1)`, `users.yalm`.
const NEARLY: [&str; 4] = ["yaml", "yml", "yalm", "ymal"];

/// Ends of documents, in which a roster may be an example.
const DOCUMENTS: [&str; 6] = [".md", ".markdown", ".rst", ".adoc", ".html", ".htm"];

/// Ends of names that people and editors give to copies.
const COPIES: [&str; 10] = ["~", "#", ".bak", ".backup", ".orig", ".old", ".rej", ".save", ".swp", ".tmp"];

/// The most files and folders behind a hidden name that are looked at.
const MOST_HIDDEN: usize = 1000;

/// The number of files with other names than roster files that are looked into.
const MOST_LOOKED_INTO: usize = 10_000;

/// The number of files that are not of a roster and can be in a folder behind a link: it may lead to all files of a machine.
const MOST_LINKED: usize = 10_000;

/// The number of files and folders that are not of a roster and can be in the folder that a command is given: it may be that of a whole machine.
const MOST_PASSED: usize = 50_000;

/// Folders whose files the system makes: some of them never end.
const OF_SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];
/// A folder among these that has ordinary files.
const IN_MEMORY: &str = "/dev/shm";

/// The most copies that are named.
const SHOWN: usize = 5;

/// The parts of a roster that were left out.
#[derive(Debug, Default)]
pub(in crate::cli) struct LeftOutParts {
    /// The oddities that a plan names, each with the workspace that it is about, if it says one.
    oddities: Vec<(Option<String>, RosterOddity)>,
    /// Copies of files that were read.
    copies: Vec<String>,
    /// The number of files that were looked into only because they are there.
    looked_into: usize,
    /// The number of files and folders that were passed and do not have the name of a roster file.
    passed: usize,
}

/// A folder that may lead anywhere, and how many files in it were passed that are not of a roster.
#[derive(Debug)]
pub(in crate::cli) struct LinkedFolder {
    relative: PathBuf,
    passed: usize,
}

impl LinkedFolder {
    /// The folder with this name in the roster.
    pub(in crate::cli) const fn new(relative: PathBuf) -> Self {
        Self { relative, passed: 0 }
    }

    /// Returns whether a folder is this one, or in it.
    pub(in crate::cli) fn has(&self, folder: &Path) -> bool {
        folder.starts_with(&self.relative)
    }

    /// Makes sure that a folder in it can be looked through; `real` is its place without links.
    ///
    /// # Errors
    /// Fails if the system makes the files in it.
    pub(in crate::cli) fn enter(&self, real: &Path) -> anyhow::Result<()> {
        let (name, place) = (shown(&self.relative), shown(real));
        anyhow::ensure!(!is_of_system(real), "`{name}` leads to `{place}`, which contains no stored files: remove the link");
        Ok(())
    }

    /// Passes a file in it that is not of a roster.
    ///
    /// # Errors
    /// Fails if there are too many.
    pub(in crate::cli) fn pass(&mut self) -> anyhow::Result<()> {
        self.passed += 1;
        anyhow::ensure!(
            self.passed <= MOST_LINKED,
            "`{}` leads to more than {MOST_LINKED} files that are not of a roster: let the link lead to the folder with the roster files, or \
             remove it",
            shown(&self.relative)
        );
        Ok(())
    }
}

/// Makes sure that a folder which a command is given can be looked through.
///
/// # Errors
/// Fails if the system makes the files in it.
pub(in crate::cli) fn ensure_stored(directory: &Path) -> anyhow::Result<()> {
    let is_made = directory.canonicalize().is_ok_and(|real| is_of_system(&real));
    anyhow::ensure!(!is_made, "`{}` contains no stored files: give the folder that contains the roster files", shown(directory));
    Ok(())
}

/// Returns whether the system makes what is at a place without links.
pub(in crate::cli) fn is_of_system(real: &Path) -> bool {
    OF_SYSTEM.iter().any(|folder| real.starts_with(folder)) && !real.starts_with(IN_MEMORY)
}

impl LeftOutParts {
    /// Passes a file or folder in the folder that a command is given.
    ///
    /// # Errors
    /// Fails if there are too many without the name of a roster file.
    pub(in crate::cli) fn pass(&mut self, directory: &Path, relative: &Path) -> anyhow::Result<()> {
        self.passed += usize::from(relative.extension().is_none_or(|end| !end.eq_ignore_ascii_case("yaml")));
        anyhow::ensure!(
            self.passed <= MOST_PASSED,
            "`{}` contains more than {MOST_PASSED} files and folders that are not of a roster: give the folder that contains the roster files",
            shown(directory)
        );
        Ok(())
    }

    /// Notes a file whose name does not end in `.yaml`, if it looks like one of a roster.
    pub(in crate::cli) fn file(&mut self, relative: &Path, path: &Path) {
        if let Some(workspace) = first_key(path, &FIRST_KEYS) {
            self.oddities.push((workspace, RosterOddity::NotRead { file: shown(relative) }));
        }
    }

    /// Notes a file with a hidden name, or in a hidden folder, if it looks like one of a roster; returns whether it does.
    pub(in crate::cli) fn hidden(&mut self, relative: &Path, path: &Path) -> bool {
        let before = self.oddities.len();
        self.file(relative, path);
        self.oddities.len() > before
    }

    /// Notes a file whose name is not like that of a roster file, if it looks like one all the same; returns whether it does. Nobody
    /// misses a copy beside the file that it was made of.
    pub(in crate::cli) fn misnamed(&mut self, relative: &Path, path: &Path) -> bool {
        let name = relative.file_name().unwrap_or_default().to_string_lossy();
        if DOCUMENTS.iter().any(|end| name.to_lowercase().ends_with(end)) {
            return false;
        }
        let is_nearly = NEARLY.iter().any(|part| name.to_lowercase().contains(part));
        if original(&name).is_some_and(|original| path.with_file_name(original).is_file()) {
            if first_key(path, &FIRST_KEYS).is_some() {
                self.copies.push(shown(relative));
            }
            return false;
        }
        (is_nearly || self.begins_users(path)) && self.hidden(relative, path)
    }

    /// Returns whether a file of any name begins as one with users does. A folder of programs can have very many files, of which not all are opened.
    fn begins_users(&mut self, path: &Path) -> bool {
        self.looked_into += 1;
        self.looked_into <= MOST_LOOKED_INTO && first_key(path, &FIRST_KEYS[..2]).is_some()
    }

    /// Says which copies were not read; `None` if there are none.
    pub(in crate::cli) fn copies(&self) -> Option<String> {
        let named: Vec<String> = self.copies.iter().map(|copy| format!("`{copy}`")).collect();
        let what = match named.len() {
            0 => return None,
            1 => "this copy of a roster file is not read",
            _ => "these copies of roster files are not read",
        };
        Some(format!("note: {what}: {}", few(&named, SHOWN)))
    }

    /// Notes a folder that is another roster.
    pub(in crate::cli) fn folder(&mut self, relative: &Path) {
        self.oddities.push((None, RosterOddity::OtherRoster { folder: shown(relative) }));
    }

    /// Notes them in the workspaces: each in the one that a file names, else in the first one.
    pub(in crate::cli) fn note_in(self, workspaces: &mut [Desired]) {
        for (named, oddity) in self.oddities {
            let at = workspaces.iter().position(|workspace| named.as_ref() == Some(&workspace.workspace)).unwrap_or(0);
            if let Some(workspace) = workspaces.get_mut(at) {
                workspace.oddities.push(oddity);
            }
        }
    }
}

/// Names the roster files behind a hidden name, also where it is a link: nobody would see that they are left out. Folders of programs can
/// have very many files.
pub(in crate::cli) fn hidden(directory: &Path, relative: &Path, left_out: &mut LeftOutParts, terminal: Terminal) {
    let mut looked_at = 0;
    let mut entries = vec![relative.to_owned()];
    while let Some(relative) = entries.pop().filter(|_| looked_at < MOST_HIDDEN) {
        looked_at += 1;
        let path = directory.join(&relative);
        let is_yaml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
        if is_yaml && left_out.hidden(&relative, &path) {
            terminal.warn(&format!("`{}` is ignored: names that begin with a dot are not read, so rename it", shown(&relative)));
        }
        let is_foreign = [".git", state_dir::NAME].iter().any(|name| relative.ends_with(name));
        if path.is_dir() && !is_foreign && !(path.is_symlink() && is_around_or_in(&path, directory)) {
            let inside = std::fs::read_dir(&path).into_iter().flatten().flatten().take(MOST_HIDDEN);
            entries.extend(inside.map(|entry| relative.join(entry.file_name())));
        }
    }
}

/// Returns whether a link leads to the roster's own folder, to one that contains it, or to one inside it: that is read under its own name.
fn is_around_or_in(link: &Path, directory: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(link).zip(real(directory)).is_none_or(|(target, own)| own.starts_with(&target) || target.starts_with(&own))
}

/// The name of the roster file that a copy was made of: `users.yaml` of `users.yaml~`, `#users.yaml#` and `users.yaml.bak`.
fn original(copy: &str) -> Option<&str> {
    let name = COPIES.iter().find_map(|end| copy.strip_suffix(end))?;
    Some(name.trim_start_matches('#')).filter(|name| name.to_lowercase().ends_with(".yaml"))
}

/// Returns the workspace behind the first key of a roster file, which is one of the keys; `None` if the file does not look like one.
#[expect(clippy::option_option, reason = "outside: whether it is a roster file; inside: whether it names a workspace")]
fn first_key(path: &Path, keys: &[&str]) -> Option<Option<String>> {
    let mut bytes = Vec::new();
    // Opening a pipe would wait for somebody to write to it, and reading a file of the system may never end: such a one has no length.
    let path = Some(path).filter(|path| path.metadata().is_ok_and(|found| found.is_file() && found.len() > 0))?;
    std::fs::File::open(path).ok()?.take(BEGIN).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    // A guide that shows a roster shows it between fences.
    let lines = text.trim_start_matches('\u{feff}').lines().take_while(|line| !line.trim_start().starts_with("```"));
    let lines = lines.filter_map(|line| line.split_once(':'));
    let (key, value) = lines.into_iter().find(|(key, _)| !key.starts_with([' ', '#', '-', '\t']))?;
    if !keys.contains(&key.trim()) {
        return None;
    }
    let value = value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    Some(Some(value.to_owned()).filter(|value| !value.is_empty()))
}
