//! A file that needs section banners is two files, and scenarios say only what differs from their base.

use crate::source::{Source, below, src};

/// The most lines a file below `src` may have.
const MOST: usize = 400;

/// The most lines that all scenarios and their bases have together.
const MOST_IN_SCENARIOS: usize = 2_500;

fn violation(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > MOST).then(|| format!("{}: {lines} lines, {MOST} are allowed: it is two files", source.path))
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let found: Vec<String> = src().iter().filter_map(violation).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Returns a sentence if scenarios and their bases are too long.
fn violation_of_scenarios(sources: &[Source]) -> Option<String> {
    let lines: usize = sources.iter().map(|source| source.text.lines().count()).sum();
    let most = MOST_IN_SCENARIOS;
    (lines > most).then(|| format!("tests/scenarios: {lines} lines, {most} are allowed: say only what differs from the base"))
}

#[test]
fn all_scenarios_together_have_at_most_2500_lines() {
    let scenarios = below("tests/scenarios");
    assert!(scenarios.len() >= 150, "{} scenarios", scenarios.len());
    assert_eq!(violation_of_scenarios(&scenarios), None);
}

#[test]
fn scenarios_of_2501_lines_are_reported_and_of_2500_are_not() {
    let scenarios = |last: usize| [Source::snippet("a.yaml", &"\n".repeat(2_400)), Source::snippet("b.yaml", &"\n".repeat(last))];
    assert!(violation_of_scenarios(&scenarios(101)).is_some());
    assert!(violation_of_scenarios(&scenarios(100)).is_none());
}

#[test]
fn a_file_of_401_lines_is_reported_and_one_of_400_is_not() {
    assert!(violation(&Source::snippet("src/model/x.rs", &"\n".repeat(401))).is_some());
    assert!(violation(&Source::snippet("src/model/x.rs", &"\n".repeat(400))).is_none());
}
