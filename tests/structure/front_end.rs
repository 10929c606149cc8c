//! The YAML front end reads any document: what a roster is, others tell it.

use crate::source::{Source, src};

/// Words of rosters, in lower case.
const WORDS: [&str; 4] = ["roster", "workspace", "waiver", "clinic"];

/// Lists where the front end says something about rosters, in words. Its own name is none of theirs.
fn violations(source: &Source) -> Vec<String> {
    if source.module() != Some("yaml") || source.is_test() {
        return Vec::new();
    }
    let says = |line: &str| WORDS.into_iter().find(|word| line.to_lowercase().replace("rosterctl", "").contains(word));
    let found = source.code().into_iter().filter_map(|(at, line)| says(line).map(|word| (at, word)));
    found.map(|(at, word)| format!("{}:{at}: the front end knows `{word}`; let the caller say it", source.path)).collect()
}

#[test]
fn the_front_end_knows_nothing_about_rosters() {
    let found: Vec<String> = src().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_word_of_rosters_in_the_front_end_is_reported() {
    let bad = "hint: \"a Roster can have any number of files\",";
    assert_eq!(violations(&Source::snippet("src/yaml/x.rs", bad)).len(), 1);
    for (path, good) in [("src/manifest/x.rs", bad), ("src/yaml/x.rs", "\"rosterctl knows the type\""), ("src/yaml/x.rs", "// A roster.")] {
        assert!(violations(&Source::snippet(path, good)).is_empty(), "{good} in {path}");
    }
}
