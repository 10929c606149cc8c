//! The things that the repository must not contain.

use crate::source::{Source, below, src};

/// Unfinished work and switched-off tests; put together here, so that this file does not hold them.
const UNFINISHED: [&str; 5] =
    [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[", "ignore"), concat!("dbg", "!("), concat!("FIX", "ME")];

/// Paths of one machine.
const PATHS: [&str; 4] = [concat!("/wo", "rk/"), concat!("\"/t", "mp"), concat!("/ho", "me/"), concat!("/ro", "ot/")];

/// The only place crates come from.
const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Lists what a file should not hold, in words.
fn violations(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        for word in UNFINISHED {
            if source.is_rust() && line.contains(word) {
                found.push(format!("{}:{}: `{word}`", source.path, at + 1));
            }
        }
        for path in PATHS {
            if line.contains(path) {
                found.push(format!("{}:{}: `{path}` is a path of one machine", source.path, at + 1));
            }
        }
        if source.path.ends_with("Cargo.lock") && line.starts_with("source = ") && !line.contains(INDEX) {
            found.push(format!("{}:{}: {line} is not the public index", source.path, at + 1));
        }
    }
    found
}

/// The file of the spans of time; elsewhere they are used by name.
const SPANS: &str = "src/model/values/amount.rs";

/// Lines that write a minute or more out in milliseconds.
fn spans_written_out(source: &Source) -> Vec<String> {
    let lines = source
        .code()
        .into_iter()
        .filter(|(_, line)| ["60 * 1000", "60 * 60", "3_600_000", " 60_000"].iter().any(|span| line.contains(span)));
    lines.map(|(at, _)| format!("{}:{at}: use `MINUTE`, `HOUR` or `DAY`", source.path)).collect()
}

#[test]
fn minutes_hours_and_days_have_one_home() {
    let found: Vec<String> = src().iter().filter(|source| source.path != SPANS && !source.is_test()).flat_map(spans_written_out).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(spans_written_out(&Source::snippet("src/model/x.rs", "const DAY: i64 = 24 * 60 * 60 * 1000;")).len(), 1);
}

#[test]
fn nothing_unfinished_and_no_path_of_one_machine_is_in_the_repository() {
    let found: Vec<String> = below("").iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn unfinished_work_switched_off_tests_paths_and_other_registries_are_reported() {
    for word in UNFINISHED.into_iter().chain(PATHS) {
        assert_eq!(violations(&Source::snippet("src/model/x.rs", &format!("let a = {word}x;"))).len(), 1, "{word}");
    }
    assert_eq!(violations(&Source::snippet("Cargo.lock", "source = \"registry+https://mirror.example/index\"")).len(), 1);
    assert!(violations(&Source::snippet("Cargo.lock", &format!("source = \"{INDEX}\""))).is_empty());
}

/// Returns the names that `./test soak` runs.
fn soaked(script: &str) -> Vec<String> {
    let list = script.split_once("\nproofs=(").and_then(|(_, rest)| rest.split_once(')')).map_or("", |(list, _)| list);
    list.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn soak_runs_every_file_that_says_what_it_measured() {
    let script = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/test")).expect("the script");
    let proofs = soaked(&script);
    assert!(proofs.len() > 15, "{proofs:?}");
    let says =
        |source: &&Source| [".measured(\"", ".measured(&", ".covered(\"", ".covered(&"].iter().any(|call| source.text.contains(call));
    let sources = below("tests");
    let files = sources
        .iter()
        .filter(|source| source.is_rust() && !source.path.starts_with("tests/s"))
        .chain(sources.iter().filter(|source| source.path.starts_with("tests/server/")));
    let stems = files.filter(says).filter_map(|source| source.path.rsplit('/').next()?.strip_suffix(".rs"));
    let missing: Vec<&str> = stems.filter(|stem| !proofs.contains(&format!("{stem}::"))).collect();
    assert!(missing.is_empty(), "./test soak leaves these out: {}", missing.join(", "));
}
