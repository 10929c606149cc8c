//! Every requirement is named in the header of a test or scenario that proves it, or listed as not built yet.

use std::collections::BTreeSet;

use crate::source::{Source, below};

/// The beginning of the document's list of what is missing.
const NOT_BUILT: &str = "## Not built yet";

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

/// The requirement that the folder of a mistake names at its end, such as `X-2` for `passcode-on-a-platform-without-one-x-2`.
fn of_mistake(path: &str) -> Option<String> {
    let name = path.strip_prefix("tests/mistakes/")?.strip_suffix("/expected.txt")?;
    let (rest, number) = name.rsplit_once('-')?;
    let (_, family) = rest.rsplit_once('-')?;
    Some(format!("{}-{number}", family.to_uppercase())).filter(|number| is_number(number))
}

/// The lines of a file that say what its tests prove: comments above a test function, and the `requirements:` of a scenario.
fn headers(source: &Source) -> Vec<&str> {
    if source.path.starts_with("tests/scenarios/") {
        return source.text.lines().filter(|line| line.starts_with("requirements:")).collect();
    }
    let (mut found, mut above): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut is_test = false;
    for line in source.text.lines().map(str::trim) {
        if line.starts_with("//") {
            above.push(line);
        } else if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        } else {
            if is_test {
                found.append(&mut above);
            }
            above.clear();
            is_test = false;
        }
    }
    found
}

/// The rows of what is not built yet: number, what is missing, what brings it.
fn missing(document: &str) -> Vec<Vec<&str>> {
    let table = document.split_once(NOT_BUILT).map_or("", |(_, table)| table);
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Requirements that no header names and that are not listed as missing, rows that say too little, and invented numbers.
fn violations(document: &str, tests: &[Source]) -> Vec<String> {
    let all = numbers(document.split_once(NOT_BUILT).map_or(document, |(promised, _)| promised));
    let tests = || tests.iter().filter(|s| s.path != "tests/structure/requirements.rs");
    let mistakes = || tests().filter_map(|source| of_mistake(&source.path));
    let proved = named(tests().flat_map(headers));
    let missing = missing(document);
    let listed: BTreeSet<&str> = missing.iter().filter_map(|row| row.first().copied()).collect();
    let mut found = Vec::new();
    for number in all.iter().filter(|number| !proved.contains(*number) && !listed.contains(number.as_str())) {
        found.push(format!("{number}: no test or scenario names it in its header, and it is not listed as missing"));
    }
    for row in &missing {
        if row.len() != 3 || row.iter().any(|cell| cell.is_empty()) || !all.contains(row[0]) {
            found.push(format!("{}: a row has a requirement's number, what is missing, and what brings it", row.join(" | ")));
        }
    }
    let mut mentioned = named(tests().flat_map(Source::test_lines));
    mentioned.extend(mistakes());
    for number in mentioned.difference(&all) {
        found.push(format!("{number}: a test names it, but no requirement has that number"));
    }
    found
}

#[test]
fn every_requirement_is_proved_by_a_test_that_names_it_or_listed_as_missing() {
    let document = below("docs").into_iter().find(|s| s.path == "docs/requirements.md").expect("docs/requirements.md");
    let mut tests = below("tests");
    tests.extend(below("src"));
    let found = violations(&document.text, &tests);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_requirement_without_a_test_is_reported_and_so_is_an_invented_number() {
    let document = "| # | requirement |\n|---|---|\n| AR-1 | a |\n| AR-2 | b |\n";
    let test = |header: &str, body: &str| [Source::snippet("tests/x.rs", &format!("{header}\n#[test]\nfn a() {{\n    {body}\n}}\n"))];
    assert!(violations(document, &test("// AR-1, AR-2", "")).is_empty());
    assert_eq!(violations(document, &test("// AR-1", "// AR-2")).len(), 1, "a mention in a body proves nothing");
    let listed = format!("{document}\n{NOT_BUILT}\n\n| # | what | with |\n|---|---|---|\n| AR-2 | a half | sign-in |\n");
    assert!(violations(&listed, &test("// AR-1", "")).is_empty());
    assert_eq!(violations(&listed.replace("a half", ""), &test("// AR-1", "")).len(), 1);
    assert_eq!(violations(&listed.replace("| AR-2 | a", "| AR-3 | a"), &test("// AR-1, AR-2", "")).len(), 1);
    assert_eq!(violations(document, &test("// AR-1, AR-2, AR-99", "")).len(), 1);
    assert_eq!(violations(document, &[Source::snippet("src/model/x.rs", "// AR-1 AR-2")]).len(), 2);
    let scenario = |text: &str| [Source::snippet("tests/scenarios/x.yaml", text)];
    assert!(violations(document, &scenario("requirements: AR-1, AR-2\n")).is_empty());
    assert_eq!(violations(document, &scenario("because: AR-1\nrequirements: AR-2\n")).len(), 1);
    let mistake = |name: &str| [Source::snippet(&format!("tests/mistakes/{name}/expected.txt"), "error\n"), test("// AR-1", "")[0].clone()];
    assert_eq!(violations(document, &mistake("no-such-field-ar-2")).len(), 1, "the folder of a mistake proves nothing");
    assert_eq!(violations(document, &mistake("no-such-field-ar-99")).len(), 2);
}
