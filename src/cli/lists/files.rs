//! Reads the files of a list, with the time at which each was saved.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::cli::files::path_text::{not_read, shown};
use crate::list::limits::{FILE_BYTES, FILES_BYTES};
use crate::model::{Tab, size};

/// A file with users.
#[derive(Debug)]
pub(in crate::cli) struct ListFile {
    /// Its name without the folder, which can say more than the roster should.
    pub(in crate::cli) name: String,
    pub(in crate::cli) bytes: Vec<u8>,
    /// The tab of the page that it comes from.
    pub(in crate::cli) tab: Option<Tab>,
    /// The time at which it was saved.
    pub(in crate::cli) saved: Timestamp,
}

impl ListFile {
    /// Returns the SHA-256 of its bytes, in hex digits.
    pub(in crate::cli) fn sha256(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(&self.bytes))
    }
}

/// Reads files; `-` is what is piped in. They are sorted by name, so that their order does not matter.
///
/// # Errors
/// Fails if a file cannot be read, if two have the same name, or if they are too large together.
pub(in crate::cli) fn read(paths: &[(PathBuf, Option<Tab>)]) -> anyhow::Result<Vec<ListFile>> {
    let (mut files, mut bytes): (Vec<ListFile>, usize) = (Vec::new(), 0);
    for (path, tab) in paths {
        let file = one(path, *tab)?;
        bytes = bytes.saturating_add(file.bytes.len());
        anyhow::ensure!(
            bytes <= FILES_BYTES,
            "the files have more than {} together: save pages as \"HTML only\", or leave out what is not a list of users",
            size(FILES_BYTES)
        );
        files.push(file);
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    for pair in files.windows(2) {
        if let [one, two] = pair {
            anyhow::ensure!(one.name != two.name, "two files have the name `{}`: rename one of them", crate::report::clean(&one.name));
        }
    }
    Ok(files)
}

#[expect(clippy::disallowed_methods, reason = "what is piped in has no other time")]
fn one(path: &Path, tab: Option<Tab>) -> anyhow::Result<ListFile> {
    let not_read = |why: io::Error| not_read(path, why);
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(not_read)?;
        return Ok(ListFile { name: "stdin".to_owned(), bytes, tab, saved: Timestamp::now() });
    }
    let file = fs::File::open(path).map_err(not_read)?;
    let about = file.metadata().map_err(not_read)?;
    anyhow::ensure!(!about.is_dir(), "`{}` is a folder: give the files with the users", shown(path));
    let saved = about.modified().ok().and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_else(Timestamp::now);
    file.take(most).read_to_end(&mut bytes).map_err(not_read)?;
    let name = path.file_name().map_or_else(|| "list".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(ListFile { name, bytes, tab, saved })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::read;

    #[test]
    fn all_files_of_a_call_have_one_limit() {
        let folder = tempfile::tempdir().unwrap();
        let paths = |count: usize| -> Vec<(PathBuf, Option<crate::model::Tab>)> {
            (0..count).map(|at| (folder.path().join(format!("{at}.html")), None)).collect()
        };
        for (path, _) in paths(3) {
            std::fs::File::create(path).unwrap().set_len(30 * 1024 * 1024).unwrap();
        }
        assert_eq!(read(&paths(2)).unwrap().len(), 2);
        let refused = read(&paths(3)).unwrap_err().to_string();
        assert!(refused.contains("more than 64 MiB together"), "{refused}");
    }
}
