//! The states of accounts: what becomes of one is decided in `model::transition` alone, the store writes what was decided, and each state has one
//! word.

use rosterctl::members::{LinkState, MessageKind, MessageState, SessionStage};
use rosterctl::model::{BLOCKED, BlockReason, InvitationState, Standing};

use crate::source::{Source, src};

/// The state machine, and the places that read a state that exists already: from a start file, from the wire, from a list of users, from a
/// row of the store. One refusal has that name, too.
const READ_STATES: [&str; 7] = [
    "src/directory/snapshot.rs",
    "src/model/transition.rs",
    "src/model/state/account.rs",
    "src/manifest/people/users.rs",
    "src/scim/map/account.rs",
    "src/store/tables/invitations.rs",
    "src/workspace/refusal.rs",
];

/// The parts of a state.
const PARTS: [&str; 4] = ["accepted", "inactive", "block", "invitation"];

/// The lines that make a state of an account, or change a part of one.
fn made(source: &Source) -> Vec<String> {
    let is_made = |line: &str| {
        let makes = line.match_indices("State {").any(|(at, _)| {
            let (before, after) = (line[..at].trim_end(), &line[at + "State {".len()..]);
            let is_named = !before.ends_with("->") && !before.ends_with("impl") && !before.ends_with("struct") && !before.ends_with("for");
            let is_own = !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':');
            // A pattern leaves parts out with `..`, and a new state takes them over from another one.
            is_named && is_own && !after.contains(".. }") && !line.trim_start().starts_with("let State {")
        });
        makes || PARTS.iter().any(|part| line.contains(&format!("state.{part} = ")))
    };
    let lines = source.code().into_iter().filter(|(_, line)| is_made(line));
    lines.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn only_the_state_machine_makes_states_of_accounts() {
    let elsewhere = |source: &Source| !source.is_test() && !READ_STATES.contains(&source.path.as_str());
    let found: Vec<String> = src().iter().filter(|source| elsewhere(source)).flat_map(made).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_state_that_is_made_elsewhere_is_reported() {
    let count = |line: &str| made(&Source::snippet("src/server/x.rs", line)).len();
    for line in [
        "let now = State { accepted: true, ..State::default() };",
        "state: State { accepted, inactive, block: None, invitation: None },",
        "let now = State {",
        "account.state.inactive = true;",
    ] {
        assert_eq!(count(line), 1, "{line}");
    }
    for line in ["fn next() -> State {", "State { block: Some(_), .. } => x,", "Refusal::State { action, why } => x,", "RowState { at: 1 }"]
    {
        assert_eq!(count(line), 0, "{line}");
    }
    for path in READ_STATES {
        assert!(src().iter().any(|source| source.path == path), "{path}");
    }
}

/// The words for states that statements bind. Each has its home in the enum.
fn state_words() -> Vec<&'static str> {
    let mut words: Vec<&str> = InvitationState::ALL.map(InvitationState::as_str).into();
    words.extend(LinkState::ALL.map(LinkState::as_str));
    words.extend(SessionStage::ALL.map(SessionStage::as_str));
    words.extend(MessageState::ALL.map(MessageState::as_str));
    words.extend(MessageKind::ALL.map(MessageKind::as_str));
    words.extend(BlockReason::ALL.map(BlockReason::as_str));
    words
}

/// The columns of an account's state.
const FLAGS: [&str; 2] = ["accepted", "inactive"];

/// The lines of statements that have a state in them instead of binding it.
fn written_out(source: &Source) -> Vec<String> {
    let words = state_words();
    let has_state = |line: &str| {
        let is_word = words.iter().any(|word| line.contains(&format!("'{word}'")));
        let is_flag = |flag: &str| ["= 0", "= 1", "<> 0", "<> 1"].iter().any(|value| line.contains(&format!("{flag} {value}")));
        is_word || FLAGS.iter().any(|flag| is_flag(flag))
    };
    let lines = source.code().into_iter().filter(|(_, line)| has_state(line));
    lines.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn statements_bind_the_states_that_were_decided() {
    let found: Vec<String> = src().iter().filter(|source| !source.is_test()).flat_map(written_out).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_state_inside_a_statement_is_reported() {
    let count = |line: &str| written_out(&Source::snippet("src/store/x.rs", line)).len();
    for line in [
        r#""UPDATE accounts SET accepted = 1, body = $3 WHERE id = $2""#,
        r#""SELECT id FROM accounts WHERE inactive <> 0""#,
        r#""UPDATE links SET state = 'used' WHERE hash = $2""#,
        r#""UPDATE sessions SET stage = 'whole' WHERE hash = $2""#,
        r#""SELECT id FROM messages WHERE kind <> 'code'""#,
        r#""UPDATE invitations SET state = 'killed'""#,
    ] {
        assert_eq!(count(line), 1, "{line}");
    }
    for line in [r#""UPDATE accounts SET accepted = $3, inactive = $4 WHERE id = $2""#, "let c = 'code;", r#""SELECT 'log'""#] {
        assert_eq!(count(line), 0, "{line}");
    }
    for word in state_words() {
        assert_eq!(count(&format!("\"UPDATE x SET state = '{word}'\"")), 1, "{word}");
    }
}

/// The words for states of accounts: where they are defined, and the names of attributes on the wire, some of which are equal.
const WORD_HOMES: [&str; 2] = ["src/model/state/account.rs", "src/scim/schema/record_names.rs"];

/// Texts that are equal to such a word and mean something else, by reason. A path that ends with `/` is a folder.
const OTHER_TEXTS: [(&str, &[&str]); 4] = [
    ("these are words of other people's lists and servers, whatever ours are", &["src/list/", "src/scim/map/account.rs"]),
    (
        "`active` is the key of an employee record's state, or of a part of a provider's settings",
        &["src/model/table/field.rs", "src/model/table/record.rs", "src/report/outlines/difference.rs", "src/import/records.rs"],
    ),
    ("a stored record has this key", &["src/store/tables/resources.rs"]),
    ("a macro makes the keys of an entry from texts", &["src/manifest/form/user_entry.rs"]),
];

/// The lines of a file that have the word for a state of an account as a text.
fn with_state_word(source: &Source) -> Vec<String> {
    let is_excepted = |path: &str| source.path == path || (path.ends_with('/') && source.path.starts_with(path));
    let mut others = OTHER_TEXTS.iter().flat_map(|(_, paths)| paths.iter());
    if source.is_test() || WORD_HOMES.contains(&source.path.as_str()) || others.any(|path| is_excepted(path)) {
        return Vec::new();
    }
    let words =
        [Standing::Pending.as_str(), Standing::Active.as_str(), Standing::Inactive.as_str(), BLOCKED, InvitationState::Expired.as_str()];
    let lines = source.code().into_iter().filter(|(_, line)| line.split('"').skip(1).step_by(2).any(|text| words.contains(&text)));
    lines.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn words_for_states_of_accounts_are_in_one_place() {
    let found: Vec<String> = src().iter().flat_map(with_state_word).collect();
    assert!(found.is_empty(), "name the case of the enum instead:\n{}", found.join("\n"));
    for path in OTHER_TEXTS.iter().flat_map(|(_, paths)| paths.iter()) {
        let is_there =
            |source: &Source| source.path.starts_with(path) && !with_state_word(&Source::snippet("src/x.rs", &source.text)).is_empty();
        assert!(src().iter().any(is_there), "{path} has no such text any longer: take it off the list");
    }
}

#[test]
fn a_word_for_a_state_in_another_place_is_reported() {
    let found = |path: &str, text: &str| with_state_word(&Source::snippet(path, text)).len();
    for text in [
        "status.text() == \"inactive\"",
        "Some(\"active\") => 1,",
        "then_some(\"expired\")",
        "[\"status\", \"blocked\"]",
        "Self::Pending => \"pending\",",
    ] {
        assert_eq!(found("src/manifest/x.rs", text), 1, "{text}");
        assert_eq!(found("src/model/state/account.rs", text), 0, "{text}");
        assert_eq!(found("src/list/tables/x.rs", text), 0, "{text}");
    }
    for text in ["/// `\"inactive\"`", "say(\"is inactive\")", "\"blocked_at\""] {
        assert_eq!(found("src/manifest/x.rs", text), 0, "{text}");
    }
}
