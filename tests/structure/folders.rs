//! A folder with many files has folders inside, so that a reader sees few names at a time.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, below};

/// The most entries a folder below `src` has, its `mod.rs` included, and files that are not Rust.
const MOST: usize = 14;

/// Folders with more entries, with the reason.
const EXCEPT: [(&str, &str); 4] = [
    ("src", "the modules of the map in ARCHITECTURE.md, each with a rank"),
    ("src/cli/commands", "one file for each command, and `--help` lists as many"),
    ("src/store/migrations", "one file for each step, which its number puts in order; a step that was published never changes"),
    ("src/server/members", "beside its modules it has the folder of the pages' templates"),
];

/// Every file below `src`, of any kind.
fn files() -> Vec<Source> {
    below("src")
}

/// The entries of each folder, by the paths of the files in it.
fn entries<'p>(paths: impl Iterator<Item = &'p str>) -> BTreeMap<&'p str, BTreeSet<&'p str>> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in paths {
        for (at, _) in path.match_indices('/') {
            let entry = path[at + 1..].split('/').next().unwrap_or_default();
            folders.entry(&path[..at]).or_default().insert(entry);
        }
    }
    folders
}

/// The folders that are too full, in words.
fn violations<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let is_excepted = |folder: &str| EXCEPT.iter().any(|(name, _)| *name == folder);
    let too_full = entries(paths).into_iter().filter(|(folder, entries)| entries.len() > MOST && !is_excepted(folder));
    too_full.map(|(folder, entries)| format!("{folder}: {} entries, {MOST} are allowed: it needs folders inside", entries.len())).collect()
}

#[test]
fn no_folder_has_more_than_14_entries() {
    let files = files();
    let found = violations(files.iter().map(|file| file.path.as_str()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_exception_that_is_no_longer_needed_is_reported() {
    let files = files();
    let folders = entries(files.iter().map(|file| file.path.as_str()));
    for (folder, _) in EXCEPT {
        assert!(folders.get(folder).is_some_and(|entries| entries.len() > MOST), "{folder} needs no exception");
    }
}

#[test]
fn a_folder_of_15_entries_is_reported_and_one_of_14_is_not() {
    let paths: Vec<String> = (0..15).map(|n| format!("src/model/x{n}.rs")).collect();
    assert_eq!(violations(paths.iter().map(String::as_str)).len(), 1);
    assert!(violations(paths[1..].iter().map(String::as_str)).is_empty());
}
