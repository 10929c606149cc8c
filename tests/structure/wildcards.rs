//! Enums of ours are matched case by case, so that a new case breaks every place that has to decide about it.
//!
//! Clippy denies `_` where an enum itself is matched. It sees neither `matches!`, nor `_` beside a tuple or another pattern that has
//! an enum of ours inside; this check does, also in the tests of `src`. `new_cases.rs` finds a case that `_` hides in one position of a tuple.

use std::collections::{BTreeMap, BTreeSet};

use crate::patterns::{Match, Token, group, matches, split, tokens};
use crate::source::{Source, below, src};

type Pattern<'t> = &'t [Token<'t>];

/// The imports of a file: by the name in the file, where its path begins, and its name there.
pub(crate) type Imported<'a> = BTreeMap<&'a str, (&'a str, &'a str)>;

/// The meanings of the names of one file.
struct Names<'a> {
    /// The enums that are defined anywhere in `src`.
    enums: &'a BTreeSet<String>,
    /// The crates that are used.
    crates: &'a BTreeSet<String>,
    imported: Imported<'a>,
}

impl Names<'_> {
    /// Returns whether a pattern names a case of an enum of ours.
    fn are_ours(&self, pattern: Pattern<'_>) -> bool {
        (2..pattern.len()).any(|at| pattern[at - 1].text == "::" && is_case(pattern[at].text) && self.is_ours(&pattern[..at - 1]))
    }

    /// Returns whether the path that ends here is an enum of ours.
    fn is_ours(&self, path: Pattern<'_>) -> bool {
        let mut begin = path.len() - 1;
        while begin >= 2 && path[begin - 1].text == "::" {
            begin -= 2;
        }
        let (first, name) = (path[begin].text, path[path.len() - 1].text);
        let (from, name) = if first == name { self.imported.get(name).copied().unwrap_or(("self", name)) } else { (first, name) };
        name == "Self" || (self.enums.contains(name) && !self.crates.contains(from))
    }

    /// Lines on which patterns hide cases of enums of ours.
    fn hidden(&self, found: &Match<'_>) -> Vec<usize> {
        let alternatives = |guarded: bool| -> Vec<Pattern<'_>> {
            let arms = found.arms.iter().filter(|arm| guarded || !arm.is_guarded);
            arms.flat_map(|arm| split(arm.pattern, "|")).collect()
        };
        let all = alternatives(true);
        if found.is_macro {
            return if all.iter().any(|pattern| self.are_ours(pattern)) { vec![found.line] } else { Vec::new() };
        }
        self.swallowed(&all, &alternatives(false))
    }

    /// Lines of patterns without a guard that take every case where others name one.
    fn swallowed(&self, all: &[Pattern<'_>], open: &[Pattern<'_>]) -> Vec<usize> {
        let mut lines = Vec::new();
        if all.iter().any(|pattern| self.are_ours(pattern)) {
            lines.extend(open.iter().filter(|pattern| takes_everything(pattern)).filter_map(|pattern| Some(pattern.first()?.line)));
        }
        let heads: BTreeSet<String> = all.iter().filter_map(|pattern| Some(inside(pattern)?.0)).collect();
        for head in heads {
            lines.extend(self.swallowed(&within(all, &head), &within(open, &head)));
        }
        lines
    }
}

/// Returns whether a word is the name of a case, which is not all in capitals.
pub(crate) fn is_case(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase()) && (word.len() == 1 || word.contains(|c: char| c.is_ascii_lowercase()))
}

/// Returns whether a pattern is `_`, a name for whatever there is, or a tuple of such.
pub(crate) fn takes_everything(pattern: Pattern<'_>) -> bool {
    match pattern {
        [Token { text: "&" | "ref" | "mut", .. }, rest @ ..] | [_, Token { text: "@", .. }, rest @ ..] => takes_everything(rest),
        [Token { text: "(", .. }, ..] if group(pattern, 0).len() + 2 == pattern.len() => {
            split(group(pattern, 0), ",").into_iter().all(takes_everything)
        }
        [Token { text, .. }] => {
            matches!(*text, "_" | "..") || (text.starts_with(|c: char| c.is_ascii_lowercase()) && !matches!(*text, "true" | "false"))
        }
        _ => false,
    }
}

/// Returns what wraps the only pattern in it, such as `Some`, and that pattern.
fn inside(pattern: Pattern<'_>) -> Option<(String, Pattern<'_>)> {
    let open = pattern.iter().position(|t| t.text == "(").filter(|open| *open > 0)?;
    let inner = group(pattern, open);
    let is_all = open + inner.len() + 2 == pattern.len();
    let head = pattern[..open].iter().map(|t| t.text).collect();
    (is_all && split(inner, ",").len() == 1).then_some((head, inner))
}

/// The patterns that stand within the same wrapper.
fn within<'t>(patterns: &[Pattern<'t>], head: &str) -> Vec<Pattern<'t>> {
    let inner = patterns.iter().filter_map(|pattern| inside(pattern)).filter(|(other, _)| other == head);
    inner.flat_map(|(_, inner)| split(inner, "|")).collect()
}

/// The names of the enums that a file defines.
fn defined(tokens: &[Token<'_>]) -> Vec<String> {
    tokens.windows(2).filter(|pair| pair[0].text == "enum").map(|pair| pair[1].text.to_owned()).collect()
}

/// Returns what a file imports.
pub(crate) fn imports<'t>(tokens: &'t [Token<'t>]) -> Imported<'t> {
    let mut found = BTreeMap::new();
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.text == "use") {
        let Some(statement) = split(&tokens[at + 1..], ";").first().copied() else { continue };
        let Some(from) = statement.first() else { continue };
        for (at, token) in statement.iter().enumerate() {
            match statement.get(at + 1).map(|next| next.text) {
                Some("as") => {
                    found.extend(statement.get(at + 2).map(|alias| (alias.text, (from.text, token.text))));
                }
                Some("::") | None if at == 0 => {}
                Some("," | "}") | None if statement[at - 1].text != "as" => {
                    found.insert(token.text, (from.text, token.text));
                }
                _ => {}
            }
        }
    }
    found
}

/// The crates that `Cargo.toml` names, as code does, and the standard library.
pub(crate) fn crates() -> BTreeSet<String> {
    let manifest = below("").into_iter().find(|source| source.path == "Cargo.toml").map(|source| source.text).unwrap_or_default();
    let named = manifest.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_"));
    named.chain(["std", "core", "alloc"].map(str::to_owned)).collect()
}

/// Lists where a file hides cases of our enums, in words.
fn violations(source: &Source, enums: &BTreeSet<String>, crates: &BTreeSet<String>) -> Vec<String> {
    let tokens = tokens(source);
    let names = Names { enums, crates, imported: imports(&tokens) };
    let mut lines: Vec<usize> = matches(&tokens).iter().flat_map(|found| names.hidden(found)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.iter().map(|line| format!("{}:{line}: cases of an enum of ours are not named", source.path)).collect()
}

#[test]
fn every_case_of_an_enum_of_ours_is_named_where_it_is_matched() {
    let sources = src();
    let enums: BTreeSet<String> = sources.iter().filter(|source| !source.is_test()).flat_map(|source| defined(&tokens(source))).collect();
    assert!(enums.contains("Change") && enums.contains("Guard"), "the enums of `src` are not found");
    let crates = crates();
    let parts = sources.iter().filter(|source| !source.is_test()).cloned().chain(sources.iter().map(Source::tests_alone));
    let found: Vec<String> = parts.flat_map(|source| violations(&source, &enums, &crates)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn hidden_cases_are_reported_and_foreign_enums_are_not() {
    let enums = BTreeSet::from(["State".to_owned(), "Value".to_owned()]);
    let number = |text: &str| violations(&Source::snippet("src/model/x.rs", text), &enums, &crates()).len();
    for hidden in [
        "matches!(state, State::Open)",
        "matches!(list.get(1), Some(crate::model::State::Open | State::Shut) if now)",
        "match state { State::Open => 1, _ => 2 }",
        "match state { State::Open => 1, other => 2 }",
        "match self { Self::Open => 1, _ => 2 }",
        "match (state, 1) { (State::Open, 1) => { 1 } _ => 2 }",
        "match (state, 1) {\n    (State::Open, _) => 1,\n    (_, _) => 2,\n}",
        "match found { Some(State::Open) => 1, Some(_) => 2, None => 3 }",
        "match found { Ok(State::Open) => f(|a| 1, '{', \"}\"), Ok(other) => 2, Err(_) => 3 }",
        "use crate::model::State as Is;\nmatch state { Is::Open => 1, _ => 2 }",
    ] {
        assert_eq!(number(hidden), 1, "{hidden}");
    }
    let in_tests = "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() {\n        matches!(state, State::Open);\n    }\n}\n";
    let tests = Source::snippet("src/model/x.rs", in_tests).tests_alone();
    assert_eq!(violations(&tests, &enums, &crates()), ["src/model/x.rs:5: cases of an enum of ours are not named"]);
    for named in [
        "matches!(c, 'a' | State::MOST)",
        "match state { State::Open => 1, State::Shut => 2 }",
        "match (state, 1) { (State::Open, 1) => 1, (State::Open | State::Shut, _) => 2 }",
        "match state { State::Open if x => 1, _ if y => 2, State::Open | State::Shut => 3 }",
        "match word { \"open\" => State::Open, _ => State::Shut }",
        "match word { \"open\" => match state { State::Open => 1, State::Shut => 2 }, _ => 3 }",
        "use serde_json::{Map, Value};\nmatch value { Value::Null => 1, _ => 2 }",
        "match value { serde_json::Value::Null => 1, _ => 2 }",
        "match found { Some(State::Open) => 1, Some(State::Shut) => 2, None => 3 }",
        "// match state { State::Open => 1, _ => 2 }",
    ] {
        assert_eq!(number(named), 0, "{named}");
    }
}
