//! The text that is shown for a path: like every other text, since a file name can contain anything.

use std::io;
use std::path::Path;

use crate::report::clean;
use crate::yaml::{did_you_mean, nearest};

/// Returns a path as text in which nothing can move the cursor, color the line or turn the reading direction.
pub(in crate::cli) fn shown(path: &Path) -> String {
    clean(&path.to_string_lossy())
}

/// Says why a file that somebody named cannot be read; of one that does not exist, also which one was probably meant.
pub(in crate::cli) fn not_read(path: &Path, why: io::Error) -> anyhow::Error {
    if why.kind() == io::ErrorKind::IsADirectory {
        return anyhow::anyhow!("`{}` is a folder: give a file", shown(path));
    }
    if why.kind() != io::ErrorKind::NotFound || path.is_symlink() {
        return anyhow::Error::new(why).context(format!("cannot read `{}`", shown(path)));
    }
    let folder = folder_of(path);
    let Ok(entries) = folder.read_dir() else {
        return anyhow::anyhow!("there is no file `{}`, since there is no folder `{}`", shown(path), shown(folder));
    };
    let names: Vec<String> = entries
        .take(MOST_COMPARED)
        .flatten()
        .filter_map(|entry| Some(entry.file_name().into_string().ok()?).filter(|n| !n.starts_with('.')))
        .collect();
    let near = path.file_name().and_then(|name| nearest(&name.to_string_lossy(), &names).map(str::to_owned));
    let hint = near.map(|near| format!(": {}", did_you_mean(&shown(&path.with_file_name(near))))).unwrap_or_default();
    anyhow::anyhow!("there is no file `{}`{hint}", shown(path))
}

/// Says why a file that somebody named cannot be written.
pub(in crate::cli) fn not_written(path: &Path, why: io::Error) -> anyhow::Error {
    let (file, folder) = (shown(path), folder_of(path));
    if why.kind() == io::ErrorKind::IsADirectory {
        return anyhow::anyhow!("`{file}` is a folder: give the name of a file in it");
    }
    if why.kind() == io::ErrorKind::NotFound && !folder.exists() {
        return anyhow::anyhow!("cannot write `{file}`, since there is no folder `{}`: make it first", shown(folder));
    }
    anyhow::Error::new(why).context(format!("cannot write `{file}`"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The number of names of a folder that are compared with one that somebody wrote.
const MOST_COMPARED: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_exist_is_said_to_be_missing_with_the_nearest_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("monday.plan"), "").unwrap();
        std::fs::write(at(".mondax.plan"), "").unwrap();
        let said = |name: &str| not_read(&at(name), std::fs::read(at(name)).unwrap_err()).to_string().replace(&shown(folder.path()), "F");
        assert_eq!(said("mondai.plan"), "there is no file `F/mondai.plan`: did you mean `F/monday.plan`?");
        assert_eq!(said("list.csv"), "there is no file `F/list.csv`");
        assert_eq!(said("a/list.csv"), "there is no file `F/a/list.csv`, since there is no folder `F/a`");
        assert_eq!(said(""), "`F/` is a folder: give a file");
        assert_eq!(
            format!("{:#}", not_read(Path::new("monday.plan/x"), io::ErrorKind::NotADirectory.into())),
            "cannot read `monday.plan/x`: not a directory"
        );
        let written =
            |name: &str| not_written(&at(name), std::fs::write(at(name), "").unwrap_err()).to_string().replace(&shown(folder.path()), "F");
        assert_eq!(written("a/b"), "cannot write `F/a/b`, since there is no folder `F/a`: make it first");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("nowhere"), at("link")).unwrap();
            assert_eq!(said("link"), "cannot read `F/link`");
        }
    }

    #[test]
    fn a_path_with_escapes_is_shown_on_one_line() {
        assert_eq!(shown(Path::new("a\u{1b}[2J\nb/c d.yaml")), "a\\u{001b}[2J\\nb/c d.yaml");
    }
}
