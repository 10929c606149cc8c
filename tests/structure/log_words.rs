//! The words of the user log have one home, the enums of `model`: a row that is written or read elsewhere names their cases.

use rosterctl::model::{LogAction, LogDoer, LogResult, LogSubject, LogVia};

use crate::source::{Source, src};

/// The homes.
const HOMES: [&str; 2] = ["src/model/results/log_action.rs", "src/model/results/log_words.rs"];

/// The modules that write rows of the log, or read them.
const MODULES: [&str; 8] = ["model", "scim", "workspace", "members", "directory", "store", "server", "import"];

/// The part of `report` that shows them.
const SHOWS: &str = "src/report/log/";

/// Texts that are equal to a word of the log and mean something else, with the file, by reason.
const OTHERS: [(&str, &[(&str, &str)]); 5] = [
    (
        "RFC 7643 section 7 has this word for attributes that are returned when a request names them",
        &[
            ("src/directory/scim/reading/user_schema/attribute.rs", "request"),
            ("src/scim/schema/attribute.rs", "request"),
            ("src/scim/schema/meta.rs", "request"),
        ],
    ),
    (
        "an earlier database has these names, whatever they are now",
        &[
            ("src/store/migrations/records.rs", "Clinic"),
            ("src/store/migrations/records.rs", "Role"),
            ("src/store/migrations/records.rs", "Employee"),
            ("src/store/migrations/records.rs", "Group"),
        ],
    ),
    (
        "it keeps hashes of this and of other texts apart",
        &[("src/server/members/signing_in/mod.rs", "sign-in"), ("src/store/migrations/failures.rs", "sign-in")],
    ),
    (
        "the operator's log and the counts have words of their own",
        &[("src/server/operator/log_line.rs", "request"), ("src/server/operator/metrics.rs", "denied")],
    ),
    ("it is the English verb in a sentence", &[("src/server/scim/refusal.rs", "delete")]),
];

/// The words: those of the plan's actions have their home in `Action`, and three actors are called like other things.
fn words() -> Vec<String> {
    let is_of_a_plan = |action: &LogAction| match action {
        LogAction::Planned(_) => true,
        LogAction::Record(_) | LogAction::Login(_) | LogAction::Operator(_) | LogAction::Program(_) => false,
    };
    let actions = LogAction::all().filter(|action| !is_of_a_plan(action)).map(|action| action.as_str().to_owned());
    let mut words: Vec<String> = actions.collect();
    words.extend(LogResult::ALL.map(|result| result.as_str().to_owned()));
    words.extend(LogSubject::ALL.map(|subject| subject.as_str().to_owned()));
    words.extend(LogVia::WITHOUT_ID.map(|via| via.as_str().to_owned()));
    words.extend([LogVia::of_token("").as_str(), LogVia::of_session("").as_str(), LogDoer::Operator.as_str()].map(str::to_owned));
    words
}

/// The words of the log that a file has as texts, each with its line. A text with an id begins with its word.
fn found(source: &Source, words: &[String]) -> Vec<(String, String)> {
    let is_looked_at = source.module().is_some_and(|module| MODULES.contains(&module)) || source.path.starts_with(SHOWS);
    if !is_looked_at || source.is_test() || HOMES.contains(&source.path.as_str()) {
        return Vec::new();
    }
    let is_word = |text: &&str| words.iter().any(|word| text == word || word.ends_with(':') && text.starts_with(word.as_str()));
    let of_line = |(at, line): (usize, &str)| {
        let line_text = format!("{}:{at}: {}", source.path, line.trim());
        let texts = line.split('"').skip(1).step_by(2).filter(is_word);
        texts.map(|text| (text.to_owned(), line_text.clone())).collect::<Vec<_>>()
    };
    source.code().into_iter().flat_map(of_line).collect()
}

/// The lines of a file that have a word of the log as a text, but for the exceptions.
fn violations(source: &Source, words: &[String]) -> Vec<String> {
    let is_other = |text: &str| others().any(|(path, word)| *path == source.path && *word == text);
    found(source, words).into_iter().filter(|(text, _)| !is_other(text)).map(|(_, line)| line).collect()
}

fn others() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    OTHERS.iter().flat_map(|(_, files)| files.iter())
}

/// The exceptions that a file no longer needs.
fn stale(sources: &[Source], words: &[String]) -> Vec<String> {
    let is_needed = |path: &str, word: &str| {
        let mut texts = sources.iter().filter(|source| source.path == path).flat_map(|source| found(source, words));
        texts.any(|(text, _)| text == word)
    };
    others().filter(|(path, word)| !is_needed(path, word)).map(|(path, word)| format!("{path}: {word}")).collect()
}

#[test]
fn words_of_the_user_log_are_in_one_place() {
    let words = words();
    let found: Vec<String> = src().iter().flat_map(|source| violations(source, &words)).collect();
    assert!(found.is_empty(), "name the case of the enum instead:\n{}", found.join("\n"));
    let stale = stale(&src(), &words);
    assert!(stale.is_empty(), "these files no longer have these words: take them off the list:\n{}", stale.join("\n"));
}

#[test]
fn a_word_of_the_user_log_in_another_place_is_reported() {
    let words = words();
    let found = |path: &str, text: &str| violations(&Source::snippet(path, text), &words).len();
    for text in [
        "result: \"denied\".to_owned(),",
        "action: \"create-token\",",
        "format!(\"token:{id}\")",
        "if subject.kind == \"User\" {",
        "via: \"console\".into(),",
    ] {
        assert_eq!(found("src/server/access/x.rs", text), 1, "{text}");
        assert_eq!(found("src/report/log/x.rs", text), 1, "{text}");
        assert_eq!(found("src/list/x.rs", text), 0, "{text}");
        assert_eq!(found(HOMES[0], text), 0, "{text}");
    }
    for text in ["let token = \"token\";", "/// `denied`", "say(\"it was denied\")", "Action::Block => \"block\","] {
        assert_eq!(found("src/server/access/x.rs", text), 0, "{text}");
    }
}

#[test]
fn an_exception_that_a_file_no_longer_needs_is_reported() {
    let file = |text: &str| [Source::snippet("src/store/migrations/records.rs", text)];
    let reported =
        |text: &str| stale(&file(text), &words()).iter().filter(|line| line.starts_with("src/store/migrations/records.rs")).count();
    assert_eq!(reported("match kind { \"Clinic\" | \"Role\" | \"Employee\" | \"Group\" => {} }"), 0);
    assert_eq!(reported("match kind { \"Clinic\" | \"Role\" => execute(\"DROP TABLE resources\") }"), 2);
    assert_eq!(violations(&file("kind == \"Clinic\" || kind == \"denied\"")[0], &words()).len(), 1);
}
