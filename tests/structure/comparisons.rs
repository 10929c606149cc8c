//! A comparison with one case of an enum of ours, or a `let` that takes one case out, hides the other cases as `_` does: a new case falls to
//! the other side in silence. Where plans are made and carried out, a question about an enum is a method with a `match`.

use std::collections::{BTreeMap, BTreeSet};

use crate::patterns::tokens;
use crate::source::{Source, src};

/// The places of the enums that say what is changed, what is allowed and who has access. Wherever they are asked about, a new case needs an
/// answer.
const DECIDING: [&str; 15] = [
    "model",
    "platform",
    "workspace",
    "reconcile",
    "members",
    "apply",
    "import",
    "directory",
    "scim",
    "manifest",
    "report",
    "cli",
    "store",
    "server",
    "yaml/decoding",
];

/// The module that only reads texts or makes them: what it finds there is compared with one word after another.
const READING: [&str; 1] = ["yaml"];

/// The module that reads lists as people have them: its own enums are words that it looks for, and those of `model` are what it decides.
const LISTS: [&str; 1] = ["list"];

/// Enums whose cases may be compared, by reason.
const COMPARED: [(&str, &[&str]); 5] = [
    (
        "a case is one of a list of things that have names, and is looked for by it: what is done with a thing is data in the table of fields, or a method",
        &["AccountKey", "Field", "Kind", "Names", "NormalForm", "Subject"],
    ),
    (
        "what one case carries is taken out, and no other case carries it: a new case has something else",
        &["Filter", "Hosted", "Kept", "PathTarget", "Value", "ValueRef", "What"],
    ),
    (
        "one answer of somebody else's server is understood, and any other one stays the failure that it is, whatever it says",
        &["DirectoryError", "Refused", "Repetition", "Scope"],
    ),
    (
        "a case is a word of an RFC, which says what it means: a new word comes with another RFC, and changes nothing about this one",
        &["Comparison", "Literal", "Mutability", "Op", "Returned", "ScimType", "Type"],
    ),
    ("another crate has an enum of this name, and that one is meant", &["Color"]),
];

/// The names of the enums that a file defines.
fn defined(source: &Source) -> Vec<String> {
    tokens(source).windows(2).filter(|pair| pair[0].text == "enum").map(|pair| pair[1].text.to_owned()).collect()
}

/// The enum that a path such as `model::Tab::All` names a case of, if it begins the text.
fn enum_of_path(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    let mut parts = text[..end].rsplit("::");
    let (case, name) = (parts.next()?, parts.next()?);
    let is_case = case.starts_with(|c: char| c.is_ascii_uppercase()) && case.contains(|c: char| c.is_ascii_lowercase());
    (is_case && name.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
}

/// The enums whose cases a line compares with something.
fn compared(line: &str) -> Vec<&str> {
    let signs = [" == ", " != ", " < ", " <= ", " > ", " >= "];
    let sides = signs.into_iter().flat_map(|sign| line.split(sign).skip(1)).flat_map(in_tuple);
    let ends = ["].contains(", "].map(Some)", "].iter().any(", "].into_iter().any(", "].into_iter().find("];
    let lists = ends.into_iter().flat_map(|end| line.match_indices(end)).filter_map(|(end, _)| line[..end].rsplit_once('['));
    let listed = lists.flat_map(|(_, list)| list.split(", "));
    let starts = sides.chain(listed).map(|side| side.trim_start_matches(['*', '&', '(']).trim_start_matches("Some("));
    starts.filter_map(enum_of_path).collect()
}

/// The values of a tuple with which a text begins, or else the text.
fn in_tuple(text: &str) -> Vec<&str> {
    let tuple = text.strip_prefix('(').and_then(|inside| inside.split_once(')')).map(|(inside, _)| inside);
    tuple.map_or_else(|| vec![text], |inside| inside.split(", ").collect())
}

/// The enums of which a `let` of a line takes one case.
fn taken_out(line: &str) -> Vec<&str> {
    let patterns = line.split("let ").skip(1).filter_map(|rest| Some(rest.split_once(" = ")?.0));
    let paths = patterns.flat_map(|pattern| pattern.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':'));
    paths.filter(|path| path.contains("::")).filter_map(enum_of_path).collect()
}

/// The enums of which a file compares one case or takes one out, each with its first line; those that it defines are its own.
fn one_sided<'s>(source: &'s Source, enums: &BTreeSet<String>) -> BTreeMap<&'s str, usize> {
    let own = defined(source);
    let mut found = BTreeMap::new();
    for (at, line) in source.code() {
        for name in compared(line).into_iter().chain(taken_out(line)) {
            if enums.contains(name) && !own.iter().any(|own| own == name) {
                found.entry(name).or_insert(at);
            }
        }
    }
    found
}

/// Returns whether a source is one of these files, or in one of these folders of `src`.
fn is_of(source: &Source, places: &[&str]) -> bool {
    let below = |place: &&str| source.path.strip_prefix("src/")?.strip_prefix(*place);
    places.iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[test]
fn one_case_is_compared_only_where_a_new_one_needs_no_answer() {
    let sources: Vec<Source> = src().into_iter().filter(|source| !source.is_test()).collect();
    let enums: BTreeSet<String> = sources.iter().filter(|source| is_of(source, &DECIDING)).flat_map(defined).collect();
    let allowed: BTreeSet<&str> = COMPARED.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let (mut found, mut met) = (Vec::new(), BTreeSet::new());
    let of_lists: BTreeSet<String> = sources.iter().filter(|source| is_of(source, &LISTS)).flat_map(defined).collect();
    let of_model: BTreeSet<String> = sources.iter().filter(|source| is_of(source, &["model"])).flat_map(defined).collect();
    let in_lists: BTreeSet<String> = of_model.difference(&of_lists).cloned().collect();
    for source in sources.iter().filter(|source| !is_of(source, &READING)) {
        for (name, at) in one_sided(source, if is_of(source, &LISTS) { &in_lists } else { &enums }) {
            met.insert(name.to_owned());
            if !allowed.contains(name) {
                found.push(format!(
                    "{}:{at}: one case of `{name}` is compared or taken out: ask it a question that has a `match`",
                    source.path
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let unused: Vec<&&str> = allowed.iter().filter(|name| !met.contains(**name)).collect();
    assert!(unused.is_empty(), "nothing compares these anymore, so they leave the list: {unused:?}");
}

#[test]
fn a_comparison_with_one_case_is_reported_and_a_match_is_not() {
    let enums = BTreeSet::from(["Tab".to_owned(), "Change".to_owned()]);
    let found = |text: &str| one_sided(&Source::snippet("src/reconcile/x.rs", text), &enums).len();
    for one_sided in [
        "if tab == Tab::All {",
        "tabs.find(|tab| **tab != model::Tab::All)",
        "one.tab == Some(Tab::Blocked)",
        "if proof <= Tab::Active {",
        "(tab, other) == (1, Tab::Active)",
        "[Tab::Active, Tab::Pending].contains(&tab)",
        "tabs.filter(|tab| [Tab::Pending].contains(tab)).count()",
        "let known = [Tab::Active, Tab::Pending].map(Some);",
        "[Tab::Active, Tab::Pending].into_iter().find(|tab| tabs.contains(tab))",
        "if let Change::Update(update) = change {",
        "let Some(Change::Update(update)) = change else { return };",
        "&& let Err(Change::Update { .. }) = &mut change",
    ] {
        assert_eq!(found(one_sided), 1, "{one_sided}");
    }
    for other in [
        "match tab { Tab::All => 1, Tab::Blocked => 2 }",
        "let tab = Tab::All;",
        "if count == Self::MOST {",
        "if let Some(tab) = tab {",
        "// tab == Tab::All",
        "enum Tab { All }\nfn is_all(self) -> bool { self == Tab::All }",
        "if answer == Foreign::Case {",
        "let read: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| is_read(*tab)).collect();",
        "for tab in [Tab::Active, Tab::Pending] { tabs.contains(&tab) }",
    ] {
        assert_eq!(found(other), 0, "{other}");
    }
}

/// The macros that make a list of cases from the cases.
const MAKE_LISTS: [&str; 2] = ["src/model/cases.rs", "src/model/table/field.rs"];

/// The lines of a file that list the cases of an enum by hand, so that one can be missing.
fn listed_by_hand(source: &Source) -> Vec<usize> {
    let is_list = |line: &str| line.contains("const ALL: [Self") || line.contains("const ALL: &[Self");
    source.code().into_iter().filter(|(_, line)| is_list(line)).map(|(at, _)| at).collect()
}

#[test]
fn every_list_of_all_cases_is_made_from_the_cases() {
    let sources = src();
    let by_hand = |source: &&Source| !MAKE_LISTS.contains(&source.path.as_str()) && !listed_by_hand(source).is_empty();
    let found: Vec<&str> = sources.iter().filter(by_hand).map(|source| source.path.as_str()).collect();
    assert!(found.is_empty(), "define the enum with `with_all!`, which makes the list: {found:?}");
    let made = MAKE_LISTS.iter().filter(|path| sources.iter().any(|source| source.path == **path && !listed_by_hand(source).is_empty()));
    assert_eq!(made.count(), MAKE_LISTS.len());
}

#[test]
fn a_list_of_cases_by_hand_is_reported() {
    let found = |text: &str| listed_by_hand(&Source::snippet("src/model/x.rs", text)).len();
    assert_eq!(found("pub const ALL: [Self; 2] = [Self::Read, Self::Write];"), 1);
    assert_eq!(found("const ALL: &[Self] = &[Self::Read];"), 1);
    assert_eq!(found("const MOST: [Self; 1] = [Self::Read];\n// const ALL: [Self; 1]"), 0);
}
