//! Modules hand on what is the case in types; the sentence about a cause is made in `report`, where people see it.

use crate::source::{Source, src};

/// The enums of causes that plans, receipts and refusals carry.
const CAUSES: [&str; 27] = [
    "CodeWordFault",
    "Drift",
    "GivenUp",
    "Halt",
    "Immutable",
    "ImportQuestion",
    "Keep",
    "KeptOutBy",
    "Left",
    "LeftOut",
    "NoLongerPlanned",
    "NotTried",
    "NoticeCause",
    "Oddity",
    "PartialCause",
    "Reason",
    "RefusalCause",
    "RosterOddity",
    "SecondRead",
    "ServerWarning",
    "Stale",
    "StopCause",
    "TakesEffect",
    "Ungranted",
    "UnreadCause",
    "Withheld",
    "WorkspaceError",
];

/// Whether a line begins an arm of a `match` for a cause.
fn is_arm(line: &str) -> bool {
    let pattern = line.split_once("=>").map(|(pattern, _)| pattern);
    let words = |pattern: &str| pattern.split(|c: char| !c.is_alphanumeric() && c != ':').map(str::to_owned).collect::<Vec<_>>();
    pattern.is_some_and(|pattern| {
        words(pattern).iter().any(|word| CAUSES.iter().any(|cause| format!("::{word}").contains(&format!("::{cause}::"))))
    })
}

/// Whether a line has a text of three words or more.
fn has_sentence(line: &str) -> bool {
    line.split('"').skip(1).step_by(2).any(|text| text.split_whitespace().count() >= 3)
}

/// The lines of a file that make a sentence of a cause.
fn violations(source: &Source) -> Vec<String> {
    if source.is_test() || source.module() == Some("report") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut arm = None;
    for (at, line) in source.code() {
        if line.contains("=>") {
            arm = is_arm(line).then_some(at);
        }
        if let Some(begin) = arm.filter(|_| has_sentence(line)) {
            found.push(format!("{}:{begin}: `{}`", source.path, line.trim()));
            arm = None;
        }
        if line.trim() == "}" {
            arm = None;
        }
    }
    found
}

#[test]
fn sentences_about_causes_are_in_report_only() {
    let found: Vec<String> = src().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_cause_is_an_enum_that_exists() {
    let sources = src();
    let lines = || sources.iter().filter(|source| !source.is_test()).flat_map(Source::code).map(|(_, line)| line.trim_start());
    let enums: Vec<&str> =
        lines().filter_map(|line| line.strip_prefix("pub enum ")?.split(|c: char| !c.is_alphanumeric()).next()).collect();
    let unknown: Vec<&&str> = CAUSES.iter().filter(|cause| !enums.contains(*cause)).collect();
    assert!(unknown.is_empty(), "not an enum of src: {unknown:?}");
}

#[test]
fn a_sentence_about_a_cause_is_reported_elsewhere() {
    let found = |path: &str, text: &str| violations(&Source::snippet(path, text)).len();
    for bad in [
        "        Immutable::Server => (\"the server lets nobody change it\", \"keep it\"),",
        "        Keep::MemberConfirmed\n        | Keep::LoginExisted => {\n            \"the member has confirmed it\"\n        }",
        "        Some(platform::CodeWordFault::Empty) => \"it is empty: give the word\".to_owned(),",
    ] {
        assert_eq!(found("src/platform/x.rs", bad), 1, "{bad}");
        assert_eq!(found("src/report/x.rs", bad), 0, "{bad}");
    }
    for good in [
        "        Immutable::Server => sentences::immutable(why),",
        "        RefusalCause::NotGiven { .. } => RefusalTopic::Word(\"role\"),",
        "        KeepAlive::On => \"the connection stays open\",",
        "        Keep::LoginExisted => true,\n        Other::Case => \"it is something else\",",
    ] {
        assert_eq!(found("src/platform/x.rs", good), 0, "{good}");
    }
}
