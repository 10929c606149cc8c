//! What becomes of an account's state is decided in `model::transition` alone, and the store writes what was decided.

use rosterctl::members::{LinkState, MessageKind, MessageState, SessionStage};
use rosterctl::model::{BlockReason, InvitationState};

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
