//! The commands of `docs/bugs-found.md` run tests that exist: a filter that no test matches passes on any code.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, below};

/// A command's test program (`lib` for the library's own tests), and its filters.
fn command(text: &str) -> Option<(String, Vec<String>)> {
    let (mut program, mut filters) = (None, Vec::new());
    let mut words = text.strip_prefix("cargo test ")?.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "--lib" => program = Some("lib".to_owned()),
            "--test" => program = words.next().map(str::to_owned),
            "--features" => drop(words.next()),
            "--" => {}
            filter => filters.push(filter.to_owned()),
        }
    }
    Some((program?, filters))
}

/// The names of a program's functions and modules.
fn names(program: &str, sources: &[Source]) -> BTreeSet<String> {
    let root = if program == "lib" { "src/".to_owned() } else { format!("tests/{program}") };
    let mut names = BTreeSet::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let Some(inside) = source.path.strip_prefix(&root) else { continue };
        names.extend(inside.trim_end_matches(".rs").split('/').map(str::to_owned));
        let words: Vec<&str> = source.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        names.extend(words.windows(2).filter(|pair| ["fn", "mod"].contains(&pair[0])).map(|pair| pair[1].to_owned()));
    }
    names
}

/// Commands that run no test.
fn violations(document: &str, sources: &[Source]) -> Vec<String> {
    let commands = document.split('`').skip(1).step_by(2).filter(|text| text.starts_with("cargo test "));
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let runs_nothing = |text: &&str| {
        let Some((program, filters)) = command(text) else { return true };
        let names = &*known.entry(program).or_insert_with_key(|program| names(program, sources));
        let is_known = |filter: &String| filter.split("::").all(|part| names.iter().any(|name| name.contains(part)));
        filters.is_empty() || !filters.iter().all(is_known)
    };
    commands.filter(runs_nothing).map(str::to_owned).collect()
}

#[test]
fn the_commands_of_bugs_run_tests_that_exist() {
    let mut sources = below("src");
    sources.extend(below("tests"));
    let document = below("docs").into_iter().find(|source| source.path == "docs/bugs-found.md").expect("the list of bugs");
    let found = violations(&document.text, &sources);
    assert!(found.is_empty(), "these commands run no test:\n{}", found.join("\n"));
}

/// The bugs that have more than one row.
fn repeated(document: &str) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let bugs = document.lines().filter(|line| line.starts_with("| 20")).filter_map(|row| row.split(" | ").nth(1));
    bugs.filter(|bug| !seen.insert(bug.to_lowercase())).collect()
}

#[test]
fn each_bug_has_one_row() {
    let document = below("docs").into_iter().find(|source| source.path == "docs/bugs-found.md").expect("the list of bugs");
    assert_eq!(repeated(&document.text), Vec::<&str>::new());
    assert_eq!(repeated("| found | what |\n| 2026-11-30 | a | b |\n| 2026-11-30 | c | b |\n| 2026-11-29 | A | d |"), ["A"]);
}

#[test]
fn a_command_that_runs_no_test_is_reported() {
    let sources = [
        Source::snippet("tests/cli/folders.rs", "fn a_copy_is_nearly_right() {}"),
        Source::snippet("src/list/mod.rs", "mod tests { fn a_day_is_read() {} }"),
    ];
    let count = |command: &str| violations(&format!("| `{command}` with `src` of the commit before |"), &sources).len();
    for good in [
        "cargo test --test cli nearly_right",
        "cargo test --test cli folders::a_copy",
        "cargo test --features failpoints --test cli folders",
        "cargo test --lib a_day",
        "cargo test --test cli -- folders nearly",
    ] {
        assert_eq!(count(good), 0, "{good}");
    }
    for bad in
        ["cargo test --test cli a_day", "cargo test --lib nearly_right", "cargo test --test cli -- folders a_day", "cargo test a_day"]
    {
        assert_eq!(count(bad), 1, "{bad}");
    }
}
