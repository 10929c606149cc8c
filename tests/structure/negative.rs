//! The breaks that tests are proved with still fit the code: a patch that no longer applies proves nothing.

use std::path::Path;
use std::process::Command;

/// The patches that do not apply, and those whose test does not exist, in words.
fn violations(root: &Path, patches: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in patches {
        let named = text.lines().next().and_then(|line| line.strip_prefix("test: ")).and_then(|line| line.split_once(' '));
        let Some((program, test)) = named else {
            found.push(format!("{path}: the first line names no test"));
            continue;
        };
        let function = test.rsplit("::").next().unwrap_or(test);
        let sources = [format!("tests/{program}.rs"), format!("tests/{program}")];
        if !sources.iter().any(|source| holds(&root.join(source), &format!("fn {function}("))) {
            found.push(format!("{path}: there is no test {test} in tests/{program}"));
        }
        let applies = Command::new("git").args(["apply", "--check"]).arg(path).current_dir(root).output();
        if !applies.is_ok_and(|output| output.status.success()) {
            found.push(format!("{path}: it no longer applies"));
        }
    }
    found
}

/// Returns whether a file, or a file below a folder, holds a text.
fn holds(path: &Path, text: &str) -> bool {
    if let Ok(entries) = std::fs::read_dir(path) {
        return entries.filter_map(Result::ok).any(|entry| holds(&entry.path(), text));
    }
    std::fs::read_to_string(path).is_ok_and(|source| source.contains(text))
}

fn patches(root: &Path) -> Vec<(String, String)> {
    let mut found: Vec<_> = std::fs::read_dir(root.join("tests/negative"))
        .expect("the folder of the patches")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "patch"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("a patch")))
        .collect();
    found.sort();
    found
}

#[test]
fn every_break_still_applies_and_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let patches = patches(root);
    assert!(patches.len() >= 10, "{}", patches.len());
    let found = violations(root, &patches);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_break_that_does_not_apply_or_names_no_test_is_reported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |first: &str| ("nowhere.patch".to_owned(), first.to_owned());
    let found = violations(root, &[text("no test"), text("test: laws no_such_law")]);
    assert_eq!(found.len(), 3, "{found:?}");
}
