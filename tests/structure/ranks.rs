//! A module uses modules of lower rank only.

use crate::source::{Source, src};

/// The rank of each top module. `ARCHITECTURE.md` has the map.
const RANKS: [(&str, u32); 16] = [
    ("model", 0),
    ("yaml", 1),
    ("platform", 2),
    ("manifest", 3),
    ("list", 3),
    ("reconcile", 4),
    ("report", 3),
    ("scim", 3),
    ("workspace", 3),
    ("directory", 4),
    ("members", 4),
    ("store", 5),
    ("apply", 5),
    ("import", 5),
    ("server", 6),
    ("cli", 7),
];

fn rank(module: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

/// Lists what a file uses that it may not, in words.
fn violations(source: &Source) -> Vec<String> {
    let Some(own) = source.module() else { return Vec::new() };
    let Some(own_rank) = rank(own) else {
        return vec![format!("{}: module `{own}` has no rank; give it one here and in ARCHITECTURE.md", source.path)];
    };
    let mut found = Vec::new();
    for (at, line) in source.code() {
        for used in used_modules(line) {
            match rank(&used) {
                Some(r) if r < own_rank || used == own => {}
                Some(_) => found.push(format!("{}:{at}: `{own}` uses `{used}`, which does not rank below it", source.path)),
                None => found.push(format!("{}:{at}: `{used}` is not a module with a rank", source.path)),
            }
        }
        if line.contains("crate::{") && !line.contains('}') {
            found.push(format!("{}:{at}: a list over several lines hides what it uses; write one `use` for each module", source.path));
        }
        if climbs_out(&source.path, line) {
            found.push(format!("{}:{at}: `super::` climbs out of `{own}`; write `crate::`, so that the direction shows", source.path));
        }
    }
    found
}

/// The top modules a line names behind `crate::`, also inside braces.
fn used_modules(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        if let Some(braces) = rest.strip_prefix('{') {
            let mut depth = 0_u32;
            let mut word = String::new();
            for c in braces.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth > 0 => depth -= 1,
                    ',' | '}' if depth == 0 => {
                        let first = word.trim().split("::").next().unwrap_or_default().trim().to_owned();
                        if !first.is_empty() {
                            found.push(first);
                        }
                        word.clear();
                        if c == '}' {
                            break;
                        }
                        continue;
                    }
                    _ => {}
                }
                word.push(c);
            }
        } else {
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A macro of the crate's own has no module.
            if !rest[word.len()..].starts_with('!') {
                found.push(word);
            }
        }
    }
    found
}

/// Returns whether a chain of `super::` reaches the crate's root.
fn climbs_out(path: &str, line: &str) -> bool {
    let depth = path.split('/').count() - 1 - usize::from(path.ends_with("/mod.rs"));
    line.contains(&"super::".repeat(depth))
}

#[test]
fn modules_use_lower_ranks_only() {
    let found: Vec<String> = src().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_use_of_an_equal_or_higher_rank_is_reported() {
    for (path, bad) in [
        ("src/manifest/x.rs", "use crate::reconcile::diff;"),
        ("src/model/x.rs", "use crate::platform::Platform;"),
        ("src/reconcile/x.rs", "    let plan = crate::apply::apply();"),
        ("src/report/x.rs", "use crate::{model::Plan, scim::map};"),
        ("src/report/x.rs", "use super::super::scim;"),
        ("src/report/mod.rs", "use super::scim;"),
        ("src/gossip/x.rs", "fn a() {}"),
        ("src/cli/x.rs", "use crate::gossip;"),
        ("src/cli/x.rs", "use crate::{"),
    ] {
        assert_eq!(violations(&Source::snippet(path, bad)).len(), 1, "{bad} in {path}");
    }
    for (path, good) in [
        ("src/manifest/x.rs", "use crate::{model::{Plan, Desired}, platform};"),
        ("src/manifest/x.rs", "use crate::manifest::read;"),
        ("src/manifest/x.rs", "use super::read;"),
        ("src/manifest/x/y.rs", "use super::super::read;"),
        ("src/manifest/x.rs", "// use crate::cli;"),
        ("src/main.rs", "use crate::cli;"),
    ] {
        assert!(violations(&Source::snippet(path, good)).is_empty(), "{good} in {path}");
    }
}
