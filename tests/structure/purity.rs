//! The thinking modules are pure: the same inputs give the same bytes.

use crate::source::{Source, src};

const PURE: [&str; 11] = ["model", "yaml", "platform", "manifest", "list", "reconcile", "report", "scim", "workspace", "members", "import"];

/// The things that a pure module has no use for, and why.
const IMPURE: [(&str, &str); 23] = [
    ("async ", "waits for the world"),
    (".await", "waits for the world"),
    ("tokio", "waits for the world"),
    ("std::fs", "reads files; they are passed in"),
    ("std::env::", "reads the environment; it is passed in"),
    ("std::net", "talks to the network"),
    ("std::process", "talks to other programs"),
    ("std::io::stdin", "talks to the terminal"),
    ("println!", "talks to the terminal"),
    ("eprintln!", "talks to the terminal"),
    ("SystemTime", "reads the clock; `Actual.as_of` is the only one"),
    ("Instant::", "reads the clock; `Actual.as_of` is the only one"),
    ("std::time::Instant", "reads the clock; `Actual.as_of` is the only one"),
    ("Timestamp::now", "reads the clock; `Actual.as_of` is the only one"),
    ("Zoned::now", "reads the clock; `Actual.as_of` is the only one"),
    ("rand::", "is random; ids and randomness are passed in"),
    ("new_v4", "is random; ids and randomness are passed in"),
    ("now_v7", "is random; ids and randomness are passed in"),
    ("reqwest", "talks to the network"),
    ("sqlx", "talks to a database"),
    ("axum", "answers the network"),
    ("HashMap", "has no order; take BTreeMap"),
    ("HashSet", "has no order; take BTreeSet"),
];

/// The types by which a `static` keeps something from one call to the next.
const KEEPING: [&str; 5] = ["Mutex", "RwLock", "OnceLock", "OnceCell", "Atomic"];

/// Tables that grow while the program runs: what definitions of platforms in rosters bring. Nothing that is written or compared depends on
/// them; ARCHITECTURE.md says so.
const GROWING: [&str; 3] = ["src/model/table/own_field.rs", "src/platform/own.rs", "src/manifest/form/own_keys.rs"];

/// Lists where a file is impure, in words.
fn violations(source: &Source) -> Vec<String> {
    if !source.module().is_some_and(|m| PURE.contains(&m)) || source.is_test() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, line) in source.code() {
        for (word, why) in IMPURE {
            if uses(line, word) {
                found.push(format!("{}:{at}: `{word}` {why}", source.path));
            }
        }
    }
    let keeps = |line: &str| uses(line, "leak(") || (uses(line, "static ") && KEEPING.iter().any(|word| uses(line, word)));
    let kept = source.code().into_iter().filter(|(_, line)| keeps(line) && !GROWING.contains(&source.path.as_str()));
    found.extend(kept.map(|(at, line)| format!("{}:{at}: keeps what an earlier call left: {}", source.path, line.trim())));
    found
}

/// Returns whether a line holds a word that does not begin inside of a longer one.
fn uses(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn the_thinking_modules_are_pure() {
    let found: Vec<String> = src().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_impure_word_is_reported_in_every_pure_module_and_nowhere_else() {
    for module in PURE {
        for (word, _) in IMPURE {
            let snippet = Source::snippet(&format!("src/{module}/x.rs"), &format!("    let x = {word}(1);"));
            assert!(!violations(&snippet).is_empty(), "{word} in {module}");
        }
    }
    for path in GROWING {
        assert!(src().iter().any(|source| source.path == path), "{path}");
        let grows = |path: &str| violations(&Source::snippet(path, "static X: Mutex<u8> = Mutex::new(0);\nlet x = Vec::leak(all);")).len();
        assert_eq!((grows(path), grows("src/model/x.rs"), grows("src/cli/x.rs")), (0, 2, 0));
        assert!(!violations(&Source::snippet(path, "let x = HashMap::new();")).is_empty());
    }
    let bad = "    let x = std::env::var(\"HOME\");";
    assert!(violations(&Source::snippet("src/cli/x.rs", bad)).is_empty());
    assert!(
        violations(&Source::snippet("src/model/x.rs", "#[cfg(test)]\nmod tests {\n    use std::collections::HashSet;\n}\n")).is_empty()
    );
    assert!(violations(&Source::snippet("src/model/x.rs", "let operand::x = brand::new();")).is_empty());
}
