//! Every requirement is named by a test that proves it, or stands in the list of later releases with the reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, below};

/// What is promised for later, and why no test of this release can prove it.
const LATER: [(&str, &str); 8] = [
    ("AR-2", "taking up an invitation: one-time code and password"),
    ("AR-4", "what a member of several workspaces sees, after signing in"),
    ("AR-14", "the member's own password and its reset"),
    ("AR-21", "how lists look on pages"),
    ("PBN-4", "taking up an invitation: link and code word"),
    ("PBN-7", "password reset"),
    ("CHR-7", "inbox and schedule, on pages"),
    ("AR-5", "lists on pages; the states themselves are X-3"),
];

/// Every number of `docs/requirements.md`.
fn numbers(document: &str) -> BTreeSet<String> {
    document.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).filter(|n| is_number(n)).map(str::to_owned).collect()
}

fn is_number(text: &str) -> bool {
    text.split_once('-')
        .is_some_and(|(family, n)| ["X", "AR", "PBN", "CHR"].contains(&family) && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The numbers that lines name, a range such as `AR-15 to AR-17` only by its ends.
fn named<'a>(lines: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    lines
        .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'))
        .filter(|word| is_number(word))
        .map(str::to_owned)
        .collect()
}

/// Requirements that no test names and nobody put off, and those put off although a test names them not at all in the document.
fn violations(document: &str, tests: &[Source], later: &BTreeMap<&str, &str>) -> Vec<String> {
    let all = numbers(document);
    let proved = named(tests.iter().filter(|s| s.path != "tests/structure/requirements.rs").flat_map(Source::test_lines));
    let mut found = Vec::new();
    for number in &all {
        if !proved.contains(number) && !later.contains_key(number.as_str()) {
            found.push(format!("{number}: no test names it, and it is not among the later ones"));
        }
    }
    for number in later.keys() {
        if !all.contains(*number) {
            found.push(format!("{number}: put off, but no requirement has that number"));
        }
    }
    for number in proved.difference(&all) {
        found.push(format!("{number}: a test names it, but no requirement has that number"));
    }
    found
}

#[test]
fn every_requirement_is_named_by_a_test_or_put_off_with_a_reason() {
    let document = below("docs").into_iter().find(|s| s.path == "docs/requirements.md").expect("docs/requirements.md");
    let mut tests = below("tests");
    tests.extend(below("src"));
    let found = violations(&document.text, &tests, &LATER.into_iter().collect());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_requirement_without_a_test_is_reported_and_so_is_an_invented_number() {
    let document = "| # | requirement |\n|---|---|\n| AR-1 | a |\n| AR-2 | b |\n";
    let test = |text: &str| [Source::snippet("tests/x.rs", text)];
    let none = BTreeMap::new();
    assert!(violations(document, &test("// AR-1, AR-2"), &none).is_empty());
    assert_eq!(violations(document, &test("// AR-1"), &none).len(), 1);
    assert!(violations(document, &test("// AR-1"), &BTreeMap::from([("AR-2", "later")])).is_empty());
    assert_eq!(violations(document, &test("// AR-1, AR-2, AR-99"), &none).len(), 1);
    assert_eq!(violations(document, &[Source::snippet("src/model/x.rs", "// AR-1 AR-2")], &none).len(), 2);
}
