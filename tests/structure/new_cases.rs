//! A new case of an enum of ours breaks every `match` that has it in its patterns, also in one position of a tuple.
//!
//! `_` in a position is allowed where the other arms still name every case. This check asks of each `match`, and of each enum of ours in its
//! patterns: would everything be matched if the enum had one more case? If so, a new case is decided upon without anybody's notice.

use std::collections::{BTreeMap, BTreeSet};

use crate::patterns::{Token, group, matches, split, tokens};
use crate::source::{Source, src};
use crate::wildcards::{Imported, crates, imports, is_case, takes_everything};

type Pattern<'t> = &'t [Token<'t>];

/// The cases of every enum in `src`. Two enums can have one name.
type Enums = BTreeMap<String, Vec<BTreeSet<String>>>;

/// The type and the case that a pattern names.
type Head = (String, String);

/// The cases of types that are not ours.
const FOREIGN: [(&str, &[&str]); 4] =
    [("bool", &["true", "false"]), ("Option", &["None", "Some"]), ("Result", &["Ok", "Err"]), ("Ordering", &["Less", "Equal", "Greater"])];

/// A pattern that takes everything, as it is put where another pattern has parts.
const ANYTHING: [Token<'static>; 1] = [Token { line: 0, text: "_" }];

/// The meanings of the patterns of one file.
struct Reading<'a> {
    enums: &'a Enums,
    crates: &'a BTreeSet<String>,
    imported: Imported<'a>,
    /// The type that `Self` is.
    own: &'a str,
}

impl Reading<'_> {
    /// The type and case of a path such as `crate::model::Standing::Active`.
    fn head(&self, path: &[&str]) -> Head {
        let case = path.last().copied().unwrap_or_default();
        if let Some((foreign, _)) = FOREIGN.iter().find(|(_, cases)| cases.contains(&case)).filter(|_| path.len() == 1) {
            return ((*foreign).to_owned(), case.to_owned());
        }
        let Some(at) = path.len().checked_sub(2) else { return (String::new(), case.to_owned()) };
        let name = path[at];
        if name == "Self" {
            return (self.own.to_owned(), case.to_owned());
        }
        let (from, name) = if at == 0 { self.imported.get(name).copied().unwrap_or(("self", name)) } else { (path[0], name) };
        (if self.crates.contains(from) && name != "Ordering" { String::new() } else { name.to_owned() }, case.to_owned())
    }

    /// The enums of ours that patterns name.
    fn enums_in(&self, pattern: Pattern<'_>) -> BTreeSet<String> {
        let ends = (2..pattern.len()).filter(|at| pattern[at - 1].text == "::" && is_case(pattern[*at].text));
        let names = ends.map(|at| {
            let mut begin = at;
            while begin >= 2 && pattern[begin - 1].text == "::" {
                begin -= 2;
            }
            self.head(&pattern[begin..=at].iter().map(|token| token.text).filter(|text| *text != "::").collect::<Vec<_>>()).0
        });
        names.filter(|name| self.enums.contains_key(name)).collect()
    }

    /// Returns whether these are all cases of the type; never of `new`, which has one more.
    fn are_all(&self, name: &str, cases: &BTreeSet<String>, new: &str) -> bool {
        if name == new {
            return false;
        }
        let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name).map(|(_, all)| *all);
        let ours = self.enums.get(name).into_iter().flatten();
        name == "("
            || foreign.is_some_and(|all| all.iter().all(|case| cases.contains(*case)))
            || ours.into_iter().any(|all| all.is_subset(cases))
    }

    /// Returns what a pattern matches.
    fn parts<'t>(&self, pattern: Pattern<'t>) -> Part<'t> {
        match pattern {
            [Token { text: "&" | "ref" | "mut", .. }, rest @ ..] | [_, Token { text: "@", .. }, rest @ ..] => return self.parts(rest),
            [Token { text: "(", .. }, ..] if group(pattern, 0).len() + 2 == pattern.len() => {
                let parts = split(group(pattern, 0), ",");
                return if let [only] = parts[..] { self.parts(only) } else { Part::Case(("(".to_owned(), "(".to_owned()), parts) };
            }
            _ if takes_everything(pattern) => return Part::Everything,
            _ => {}
        }
        let end = pattern.iter().position(|token| matches!(token.text, "(" | "{" | "[")).unwrap_or(pattern.len());
        let path: Vec<&str> = pattern[..end].iter().map(|token| token.text).filter(|text| *text != "::").collect();
        if path.is_empty() {
            return Part::Unknown;
        }
        let inner = if end < pattern.len() { group(pattern, end) } else { &[] };
        if pattern.get(end).is_none_or(|token| token.text == "(") {
            return Part::Case(self.head(&path), split(inner, ","));
        }
        // Fields by name: a value in one of them can be another.
        let takes_all = |field: Pattern<'_>| takes_everything(split(field, ":").last().copied().unwrap_or_default());
        if split(inner, ",").into_iter().all(takes_all) { Part::Case(self.head(&path), Vec::new()) } else { Part::Unknown }
    }

    /// Returns whether rows of patterns match everything, if the enum `new` has one more case than it has.
    fn covers(&self, rows: &[Vec<Pattern<'_>>], new: &str) -> bool {
        let Some(first) = rows.first() else { return false };
        if first.is_empty() {
            return true;
        }
        let rows: Vec<Vec<Pattern<'_>>> =
            rows.iter().flat_map(|row| split(row[0], "|").into_iter().map(|one| [&[one][..], &row[1..]].concat())).collect();
        let parted: Vec<_> = rows.iter().map(|row| (self.parts(row[0]), &row[1..])).collect();
        let mut cases: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for ((name, case), _) in parted.iter().filter_map(|(part, _)| part.case()) {
            cases.entry(name).or_default().insert(case.clone());
        }
        let Some((name, cases)) = cases.first_key_value().filter(|(name, cases)| self.are_all(name, cases, new)) else {
            let others = parted.iter().filter(|(part, _)| matches!(part, Part::Everything));
            return self.covers(&others.map(|(_, rest)| rest.to_vec()).collect::<Vec<_>>(), new);
        };
        cases.iter().all(|case| self.covers(&Self::of_case(&parted, &((*name).to_owned(), case.clone())), new))
    }

    /// The rows that can match a case, with its parts before the rest.
    fn of_case<'t>(rows: &[Parted<'_, 't>], case: &Head) -> Vec<Vec<Pattern<'t>>> {
        let count = |parts: &[Pattern<'_>]| parts.iter().filter(|part| !is_rest(part)).count();
        let of_it = rows.iter().filter_map(|(part, _)| part.case()).filter(|(head, _)| *head == case);
        let most = of_it.map(|(_, parts)| count(parts)).max().unwrap_or(0);
        let filled = |parts: &[Pattern<'t>]| -> Vec<Pattern<'t>> {
            let missing = (most + 1).saturating_sub(parts.len());
            parts.iter().flat_map(|part| if is_rest(part) { vec![&ANYTHING[..]; missing] } else { vec![*part] }).collect()
        };
        let row = |(part, rest): &Parted<'_, 't>| match part {
            Part::Case(head, parts) => (head == case).then(|| [filled(parts), rest.to_vec()].concat()),
            Part::Everything => Some([vec![&ANYTHING[..]; most], rest.to_vec()].concat()),
            Part::Unknown => None,
        };
        rows.iter().filter_map(row).collect()
    }
}

/// A row: what its first pattern matches, and its other patterns.
type Parted<'r, 't> = (Part<'t>, &'r [Pattern<'t>]);

/// The part that a pattern matches.
enum Part<'t> {
    Everything,
    /// A case, with the patterns in it.
    Case(Head, Vec<Pattern<'t>>),
    /// Something of which this check does not know when it matches.
    Unknown,
}

impl<'t> Part<'t> {
    fn case(&self) -> Option<(&Head, &[Pattern<'t>])> {
        match self {
            Self::Case(head, parts) => Some((head, parts)),
            Self::Everything | Self::Unknown => None,
        }
    }
}

fn is_rest(pattern: Pattern<'_>) -> bool {
    pattern.first().is_some_and(|token| token.text == "..") && pattern.len() == 1
}

/// The enums that a file defines, each with its cases.
fn defined<'t>(tokens: &'t [Token<'t>]) -> Vec<(&'t str, BTreeSet<String>)> {
    let begins = tokens.windows(2).enumerate().filter(|(_, pair)| pair[0].text == "enum");
    let cases = |at: usize| {
        let open = tokens[at..].iter().position(|token| token.text == "{").map_or(tokens.len(), |open| at + open);
        let inner = if open < tokens.len() { group(tokens, open) } else { &[] };
        let named = |case: &&[Token<'t>]| {
            let mut rest = *case;
            while rest.first().is_some_and(|token| token.text == "#") {
                rest = &rest[(group(rest, 1).len() + 3).min(rest.len())..];
            }
            rest.first().map(|token| token.text.to_owned())
        };
        split(inner, ",").iter().filter_map(named).collect()
    };
    begins.map(|(at, pair)| (pair[1].text, cases(at))).collect()
}

/// The enum whose `impl` is the last one to begin before a line.
fn implemented<'t>(tokens: &'t [Token<'t>], line: usize, enums: &Enums) -> &'t str {
    let Some(at) = tokens.iter().rposition(|token| token.text == "impl" && token.line < line) else { return "" };
    let header = split(&tokens[at..], "{").first().copied().unwrap_or_default();
    header.iter().rfind(|token| enums.contains_key(token.text)).map_or("", |token| token.text)
}

/// Lists where a file decides about new cases of an enum without anybody's notice, in words.
fn violations(source: &Source, enums: &Enums, crates: &BTreeSet<String>) -> Vec<String> {
    let tokens = tokens(source);
    let imported = imports(&tokens);
    let mut found = Vec::new();
    for one in matches(&tokens).iter().filter(|one| !one.is_macro) {
        let reading = Reading { enums, crates, imported: imported.clone(), own: implemented(&tokens, one.line, enums) };
        let named: BTreeSet<String> = one.arms.iter().flat_map(|arm| reading.enums_in(arm.pattern)).collect();
        let rows: Vec<Vec<Pattern<'_>>> = one.arms.iter().filter(|arm| !arm.is_guarded).map(|arm| vec![arm.pattern]).collect();
        let hidden = named.iter().filter(|name| reading.covers(&rows, name));
        found.extend(hidden.map(|name| format!("{}:{}: a new case of `{name}` would not be noticed", source.path, one.line)));
    }
    found
}

/// The enums of these files.
fn all_enums<'s>(sources: impl Iterator<Item = &'s Source>) -> Enums {
    let mut enums = Enums::new();
    for source in sources {
        for (name, cases) in defined(&tokens(source)) {
            enums.entry(name.to_owned()).or_default().push(cases);
        }
    }
    enums
}

#[test]
fn a_new_case_of_an_enum_of_ours_breaks_every_match_that_names_its_cases() {
    let sources = src();
    let enums = all_enums(sources.iter().filter(|source| !source.is_test()));
    let cases = |name: &str| enums.get(name).into_iter().flatten().map(BTreeSet::len).collect::<Vec<_>>();
    assert_eq!((cases("Standing"), cases("Guard").len()), (vec![3], 1), "the cases of the enums of `src` are not found");
    let crates = crates();
    let parts = sources.iter().filter(|source| !source.is_test()).cloned().chain(sources.iter().map(Source::tests_alone));
    let found: Vec<String> = parts.flat_map(|source| violations(&source, &enums, &crates)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_match_that_takes_new_cases_is_reported_and_one_that_does_not_is_not() {
    let enums = Source::snippet(
        "src/model/x.rs",
        "enum State {\n    #[serde(skip)]\n    Open,\n    Shut(u8),\n}\nenum Kind {\n    Flag,\n    Pair(u8, u8),\n}\n",
    );
    let enums = all_enums([&enums].into_iter());
    let number = |text: &str| violations(&Source::snippet("src/model/y.rs", text), &enums, &crates()).len();
    for hidden in [
        "match (kind, state) { (Kind::Flag, State::Open) => 1, (Kind::Flag | Kind::Pair(..), _) => 2 }",
        "match (kind, state) { (Kind::Flag, _) => 1, (_, State::Open) => 2, (Kind::Pair(..), _) => 3 }",
        "match (x, state) { (true, State::Open) => 1, (true, _) => 2, (false, other) => 3 }",
        "match (x, state) { (Some(_), State::Open) => 1, (Some(_) | None, _) => 2 }",
        "match (x, found) { (true, Some(State::Open)) => 1, (true, Some(_)) => 2, (true, None) => 3, (false, _) => 4 }",
        "match pair { Some((State::Open, true)) => 1, Some((_, false | true)) => 2, None => 3 }",
        "match kind { Kind::Flag => 1, Kind::Pair(_, 1) => 2, _ => 3 }",
        "match (state, kind) { (State::Open, Kind::Pair(1, ..)) => 1, (State::Open, _) => 2, (State::Shut(_), Kind::Pair(..) | _) => 3 }",
        "impl From<Kind> for State {\n fn f() {\n match (self, x) { (Self::Open, 1) => 1, (_, _) => 2 }",
        "use crate::model::State as Is;\nmatch (is, x) { (Is::Open, 1) => 1, (_, _) => 2 }",
        "match (x, &state) { (x, State::Shut(_)) if x => 1, (_, &State::Open) if x => 2, (_, _) => 3 }",
    ] {
        assert_eq!(number(hidden), 1, "{hidden}");
    }
    for noticed in [
        "match (kind, state) { (Kind::Flag, State::Open) => 1, (Kind::Pair(..), _) => 2, (Kind::Flag, State::Shut(_)) => 3 }",
        "match (x, state) { (true, State::Open) => 1, (true, State::Shut(_)) => 2, (false, _) => 3 }",
        "match (x, state) { (1, State::Open) => 1, (1, other) => 2, (_, State::Open | State::Shut(_)) => 3 }",
        "match (x, found) { (true, _) => 1, (false, Some(State::Open | State::Shut(_)) | None) => 2 }",
        "match (state, x) { (State::Open, 1) => 1, (State::Open | State::Shut(_), _) => 2 }",
        "match kind { Kind::Flag => 1, Kind::Pair(_, 1) => 2, Kind::Pair(_, _) => 3 }",
        "match (word, x) { (\"open\", _) => State::Open, (_, _) => State::Shut(1) }",
        "use serde_json::Kind;\nmatch (kind, x) { (Kind::Null, 1) => 1, (_, _) => 2 }",
    ] {
        assert_eq!(number(noticed), 0, "{noticed}");
    }
}
