//! Modules hand on what is the case in types; the sentence about a cause is made in `report`, where people see it.

use crate::source::{Source, src};

/// The enums of causes that plans, receipts and refusals carry, and those of errors that become such causes.
const CAUSES: [&str; 48] = [
    "AddressError",
    "AttestRefusal",
    "CodeWordFault",
    "DatabaseError",
    "DirectoryError",
    "Drift",
    "GivenUp",
    "Halt",
    "HandState",
    "Immutable",
    "ImportQuestion",
    "Keep",
    "KeptOutBy",
    "Left",
    "LeftOut",
    "ListEnd",
    "MapError",
    "NetworkError",
    "NoLongerPlanned",
    "NotReady",
    "NotTried",
    "NoticeCause",
    "Oddity",
    "OpOutcome",
    "PartialCause",
    "ProtocolError",
    "Reason",
    "RefusalCause",
    "RefusalNote",
    "RosterOddity",
    "Scope",
    "SecondRead",
    "SecretError",
    "SecretOrigin",
    "SecretPurpose",
    "ServerError",
    "ServerWarning",
    "Stale",
    "StopCause",
    "TakesEffect",
    "TokenFault",
    "TransportError",
    "Unconfirmed",
    "Ungranted",
    "UnreadCause",
    "UpgradeFault",
    "Withheld",
    "WorkspaceError",
];

/// The enum of rules that an account can break; the rules of one vendor are enums of that vendor's folder. `platform` says what is wrong and
/// what to do, since that is the vendor's, as the catalog is: a roster, a plan and a server say it in the same words, and the first and the
/// last are not about plans.
const RULES: [&str; 1] = ["Rule"];

/// An error that becomes a cause; the server has answers of its own for it.
const ANSWERED: &str = "StoreError";

/// Names of fields whose texts would be sentences. A text from outside is named for its source: `said` by a server, `source_text` of a
/// library or the operating system.
const SENTENCES: [&str; 12] =
    ["answer", "detail", "error", "hint", "message", "reason", "remedy", "sentence", "task", "text", "why", "words"];

/// Fields of the model that have one of these names and are texts, with the reason.
const TEXTS: [(&str, &str, &str); 6] = [
    ("src/model/plans/guard.rs", "reason", "what a person wrote into a waiver"),
    ("src/model/roster/guards.rs", "reason", "the same"),
    ("src/model/results/import.rs", "message", "a mistake of the front end, as it shows all of them"),
    ("src/model/results/import.rs", "hint", "the same mistake"),
    ("src/model/results/log_record.rs", "detail", "a row of the server's log, as it was written"),
    ("src/model/results/receipt.rs", "answer", "what the server answered"),
];

/// The files that look for words in the error of somebody else's server, with the reason. A sentence of ours is never read.
const FOREIGN: [(&str, &str); 2] = [
    ("src/directory/scim/writing/content.rs", "which attributes are left out of the next try, which saves requests: the try decides"),
    (
        "src/directory/scim/writing/whole.rs",
        "whether a user is written again without what is read-only: the server decides about that, too",
    ),
];

/// Returns whether a line looks for words in what somebody says.
fn reads_words(line: &str) -> bool {
    let said = ["detail", "source_text", "said", "why", "message", "sentence"];
    let looks = ["contains(", "starts_with(", "ends_with(", "to_lowercase(", "to_ascii_lowercase(", "split(", "strip_prefix("];
    let is_word_end = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    said.iter().any(|name| looks.iter().any(|look| line.match_indices(&format!("{name}.{look}")).any(|(at, _)| is_word_end(&line[..at]))))
}

#[test]
fn no_code_reads_a_sentence_but_the_errors_of_other_servers() {
    let sources = src();
    let reading = |source: &&Source| !source.is_test() && source.code().into_iter().any(|(_, line)| reads_words(line));
    let found: Vec<&str> = sources.iter().filter(reading).map(|source| source.path.as_str()).collect();
    assert_eq!(found, FOREIGN.map(|(path, _)| path));
    for bad in ["if reason.why.starts_with(\"x\") {", "error.detail.contains(META)", "said.split(' ')"] {
        assert!(reads_words(bad), "{bad}");
    }
    assert!(!reads_words("unsaid.contains(x)") && !reads_words("said.push(x)"));
}

/// Returns whether a line begins an arm of a `match` for a cause.
fn is_arm(line: &str, causes: &[&str]) -> bool {
    let pattern = line.split_once("=>").map(|(pattern, _)| pattern);
    let words = |pattern: &str| pattern.split(|c: char| !c.is_alphanumeric() && c != ':').map(str::to_owned).collect::<Vec<_>>();
    pattern.is_some_and(|pattern| {
        words(pattern).iter().any(|word| causes.iter().any(|cause| format!("::{word}").contains(&format!("::{cause}::"))))
    })
}

/// Returns whether a line has a text of three words or more.
fn has_sentence(line: &str) -> bool {
    line.split('"').skip(1).step_by(2).any(|text| text.split_whitespace().count() >= 3)
}

/// The lines of a file that make a sentence of a cause.
fn violations(source: &Source) -> Vec<String> {
    if source.is_test() || source.module() == Some("report") {
        return Vec::new();
    }
    let rules: &[&str] = if source.module() == Some("platform") { &[] } else { &RULES };
    let causes = [&CAUSES, rules].concat();
    let mut found = Vec::new();
    let mut arm = None;
    for (at, line) in source.code() {
        if line.contains("=>") {
            arm = is_arm(line, &causes).then_some(at);
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

/// The sentences that `thiserror` makes of an enum of causes.
fn error_texts(source: &Source) -> Vec<String> {
    if source.is_test() || source.module() == Some("report") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut cause = None;
    for (at, line) in source.code() {
        if let Some((_, name)) = line.split_once("enum ").filter(|(before, _)| before.trim().is_empty() || before.starts_with("pub")) {
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            cause = CAUSES.iter().chain([&ANSWERED]).find(|cause| **cause == name);
        }
        if line == "}" {
            cause = None;
        }
        if let Some(cause) = cause.filter(|_| line.trim_start().starts_with("#[error(")) {
            found.push(format!("{}:{at}: `{cause}` gets its words here", source.path));
        }
    }
    found
}

/// The fields of the model that are sentences by their name.
fn sentence_fields(source: &Source) -> Vec<String> {
    if source.is_test() || source.module() != Some("model") {
        return Vec::new();
    }
    let field = |line: &str| {
        let (name, kind) = line.trim().trim_start_matches("pub ").trim_end_matches(',').split_once(": ")?;
        let is_text = ["String", "Option<String>", "Vec<String>", "&'static str"].contains(&kind);
        (is_text && SENTENCES.contains(&name)).then(|| name.to_owned())
    };
    let is_excepted = |name: &str| TEXTS.iter().any(|(path, field, _)| *path == source.path && *field == name);
    let fields = source.code().into_iter().filter_map(|(at, line)| Some((at, field(line)?)));
    fields.filter(|(_, name)| !is_excepted(name)).map(|(at, name)| format!("{}:{at}: `{name}` is a sentence", source.path)).collect()
}

#[test]
fn no_cause_gets_its_words_from_an_attribute() {
    let found: Vec<String> = src().iter().flat_map(error_texts).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_model_has_no_sentences() {
    let found: Vec<String> = src().iter().flat_map(sentence_fields).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (path, name, _) in TEXTS {
        let file = src().into_iter().find(|source| source.path == path).unwrap();
        assert!(file.text.contains(&format!("{name}: ")), "{path}: `{name}` needs no exception");
    }
}

#[test]
fn each_cause_is_an_enum_that_exists() {
    let sources = src();
    let lines = || sources.iter().filter(|source| !source.is_test()).flat_map(Source::code).map(|(_, line)| line.trim_start());
    let enums: Vec<&str> =
        lines().filter_map(|line| line.strip_prefix("pub enum ")?.split(|c: char| !c.is_alphanumeric()).next()).collect();
    let unknown: Vec<&&str> = CAUSES.iter().chain(&RULES).filter(|cause| !enums.contains(*cause)).collect();
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
    let rule = "        Rule::Phone => \"it is not a phone number\".to_owned(),";
    assert_eq!((found("src/manifest/x.rs", rule), found("src/platform/x.rs", rule)), (1, 0), "what a platform forbids is said there");
    for good in [
        "        Immutable::Server => sentences::immutable(why),",
        "        RefusalCause::NotGiven { .. } => RefusalTopic::Word(\"role\"),",
        "        KeepAlive::On => \"the connection stays open\",",
        "        Keep::LoginExisted => true,\n        Other::Case => \"it is something else\",",
    ] {
        assert_eq!(found("src/platform/x.rs", good), 0, "{good}");
    }
}

#[test]
fn words_of_an_attribute_and_fields_of_sentences_are_reported() {
    let texts = |path: &str, text: &str| error_texts(&Source::snippet(path, text)).len();
    let worded = "pub enum Unconfirmed {\n    #[error(\"blocking {0} must be confirmed\")]\n    Missing(Email),\n}";
    assert_eq!((texts("src/apply/x.rs", worded), texts("src/report/x.rs", worded)), (1, 0));
    assert_eq!(texts("src/store/x.rs", &worded.replace("Unconfirmed", "SeedError")), 0);
    let fields = |path: &str, text: &str| sentence_fields(&Source::snippet(path, text)).len();
    for bad in ["        detail: String,", "    pub detail: String,", "        words: String,", "    hint: Option<String>,"] {
        assert_eq!((fields("src/model/results/x.rs", bad), fields("src/cli/x.rs", bad)), (1, 0), "{bad}");
    }
    for good in ["        source_text: String,", "        said: String,", "        why: NotReady,", "        user: String,"] {
        assert_eq!(fields("src/model/results/x.rs", good), 0, "{good}");
    }
}
