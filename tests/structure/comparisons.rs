//! A comparison with one case of an enum of ours, or a `let` that takes one case out, hides the other cases as `_` does: a new case falls to
//! the other side in silence. Where plans are made and carried out, a question about an enum is a method with a `match`.

use std::collections::{BTreeMap, BTreeSet};

use crate::patterns::tokens;
use crate::source::{Source, src};

/// The modules in which a new case must be decided about.
const MODULES: [&str; 7] = ["model", "platform", "workspace", "reconcile", "apply", "import", "directory"];

/// Enums whose cases may be compared there, by reason.
const COMPARED: [(&str, &[&str]); 5] = [
    (
        "a case is looked for like a key, and any other case is another key",
        &[
            "AccountKey",
            "ActionSecret",
            "Field",
            "Kind",
            "LoginName",
            "Names",
            "NormalForm",
            "Repeating",
            "StepKind",
            "StepValue",
            "Subject",
            "Tab",
        ],
    ),
    (
        "what one case carries is taken out, and no other case carries it",
        &["Change", "EmployeeLink", "HandState", "LeftOut", "NoticeCause", "OpOutcome", "RefusalCause", "Value", "ValueRef"],
    ),
    (
        "one answer of a server is understood, and any other one stays the refusal that it is",
        &["CodeWordCheck", "DirectoryError", "Refused", "Repetition", "ScimType", "Scope"],
    ),
    (
        "the kind of change or reason is one that is treated in its own way, and any other kind in the usual one (see also `COMPARE_ACTIONS`)",
        &["AccountChange", "Action", "AlikeWhy", "Proof", "Reason", "Stage", "Verdict"],
    ),
    (
        "what a person's account is or has in one state, which the comparison names, and not in the others",
        &["Access", "Billing", "BlockReason", "BlockSet", "DesiredBlock", "GivenBy", "InvitationState", "Password", "Standing", "Status"],
    ),
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
    let sides = [" == ", " != "].into_iter().flat_map(|sign| line.split(sign).skip(1));
    sides.filter_map(|side| enum_of_path(side.trim_start_matches(['*', '&', '(']).trim_start_matches("Some("))).collect()
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

#[test]
fn one_case_is_compared_only_where_a_new_one_needs_no_answer() {
    let sources: Vec<Source> = src().into_iter().filter(|source| !source.is_test()).collect();
    let enums: BTreeSet<String> = sources.iter().flat_map(defined).collect();
    let allowed: BTreeSet<&str> = COMPARED.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let (mut found, mut met) = (Vec::new(), BTreeSet::new());
    for source in sources.iter().filter(|source| source.module().is_some_and(|module| MODULES.contains(&module))) {
        for (name, at) in one_sided(source, &enums) {
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
    assert!(unused.is_empty(), "nothing compares these any more, so they leave the list: {unused:?}");
}

#[test]
fn a_comparison_with_one_case_is_reported_and_a_match_is_not() {
    let enums = BTreeSet::from(["Tab".to_owned(), "Change".to_owned()]);
    let found = |text: &str| one_sided(&Source::snippet("src/reconcile/x.rs", text), &enums).len();
    for one_sided in [
        "if tab == Tab::All {",
        "tabs.find(|tab| **tab != model::Tab::All)",
        "one.tab == Some(Tab::Blocked)",
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
    ] {
        assert_eq!(found(other), 0, "{other}");
    }
}
