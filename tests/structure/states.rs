//! What becomes of an account's state is decided in `model::transition` alone.

use crate::source::{Source, src};

/// The state machine, and the places that read a state that exists already: from a start file, from the wire, from a list of users, from a
/// row of the store. One refusal has that name, too.
const READ_STATES: [&str; 7] = [
    "src/directory/snapshot.rs",
    "src/model/transition.rs",
    "src/model/state/account.rs",
    "src/manifest/people/users.rs",
    "src/scim/map/account.rs",
    "src/store/tables/accounts.rs",
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
