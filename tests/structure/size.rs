//! A file that needs section banners is two files.

use crate::source::{Source, src};

/// The most lines a file below `src` may have.
const MOST: usize = 400;

fn violation(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > MOST).then(|| format!("{}: {lines} lines, {MOST} are allowed: it is two files", source.path))
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let found: Vec<String> = src().iter().filter_map(violation).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_file_of_401_lines_is_reported_and_one_of_400_is_not() {
    assert!(violation(&Source::snippet("src/model/x.rs", &"\n".repeat(401))).is_some());
    assert!(violation(&Source::snippet("src/model/x.rs", &"\n".repeat(400))).is_none());
}
