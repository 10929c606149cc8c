//! `apply` at a terminal: it asks before it writes, asks for the number that confirms a block, and shows new passcodes last, once.

use std::path::Path;
use std::process::Command;

use crate::support::{OWN_PHONE, Roster, Said};

/// A workspace in which somebody is to be blocked and somebody else gets a passcode.
fn roster() -> Roster {
    let roster = Roster::example("glow-next");
    roster.edit("start.yaml", "    passcode: true\n", "");
    roster
}

/// Runs `apply` at a terminal, with answers to its questions.
fn at_a_terminal(roster: &Roster, answers: &[&str], variables: &[(&str, &str)]) -> Said {
    run_at_a_terminal(roster, &["apply"], answers, variables)
}

#[expect(clippy::disallowed_methods, reason = "the program needs PATH to find git")]
pub(crate) fn run_at_a_terminal(roster: &Roster, arguments: &[&str], answers: &[&str], variables: &[(&str, &str)]) -> Said {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/terminal.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(serde_json::to_string(answers).unwrap()).arg(env!("CARGO_BIN_EXE_rosterctl")).args(arguments);
    command.current_dir(roster.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.env("NO_COLOR", "1").envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Returns whether nothing was written: the workspace does not exist yet.
fn is_untouched(roster: &Roster) -> bool {
    !roster.path().join(".rosterctl/glow-medspa.db").exists()
}

const PHONE_PROMPT: &str = "To confirm, enter one of olivia.stone@glow.example's own phone numbers:";

#[test]
fn any_answer_but_yes_changes_nothing() {
    let roster = roster();
    for answer in ["no", "", "yes please", "Y E S"] {
        let said = at_a_terminal(&roster, &[answer], &[]);
        assert_eq!(said.code, 6, "{answer}: {}", said.stdout);
        assert!(said.stdout.trim_end().ends_with("Nothing was changed.") && !said.stdout.contains(PHONE_PROMPT), "{}", said.stdout);
        assert!(is_untouched(&roster), "{answer}");
    }
    let said = at_a_terminal(&roster, &["\u{4}"], &[]);
    assert_eq!(said.code, 6, "{}", said.stdout);
    assert!(said.stdout.trim_end().ends_with("Nothing was changed, because there was no answer."), "{}", said.stdout);
    assert!(is_untouched(&roster));
}

// AR-19: a slip is asked again; after the third, nothing is written.
#[test]
fn a_wrong_phone_is_asked_three_times_and_then_nothing_is_written() {
    let roster = roster();
    let said = at_a_terminal(&roster, &["yes", "+1 602 555 0199", "602", "+1 602 555 0101", OWN_PHONE], &[]);
    assert_eq!(said.code, 6, "{}", said.stdout);
    assert_eq!(said.stdout.matches(PHONE_PROMPT).count(), 3, "{}", said.stdout);
    assert!(!said.stdout.contains("New passcodes"), "{}", said.stdout);
    assert!(is_untouched(&roster));
}

// AR-11, AR-19
#[test]
fn after_a_slip_the_right_phone_blocks_and_the_passcode_is_last_on_the_screen() {
    let roster = roster();
    let said = at_a_terminal(&roster, &["yes", "+1 602 555 0199", "(602) 555-0100"], &[]);
    assert_eq!(said.code, 3, "one name is refused, which the plan says: {}", said.stdout);
    assert_eq!(said.stdout.matches(PHONE_PROMPT).count(), 2, "{}", said.stdout);
    let lines: Vec<&str> = said.stdout.lines().map(str::trim_end).collect();
    let [.., title, last] = lines.as_slice() else { panic!("{}", said.stdout) };
    assert_eq!(*title, "New passcodes, shown only once:");
    let passcode = last.strip_prefix("  ana.ruiz@glow.example  ").unwrap();
    assert!(passcode.len() == 6 && passcode.bytes().all(|b| b.is_ascii_digit()), "{passcode}");
    assert_eq!(said.stdout.matches(passcode).count(), 1, "{}", said.stdout);
    let left = roster.expect(0, &["plan", "--detailed-exitcode"]);
    assert!(!left.stderr.contains("passcode"), "it was shown: {}", left.stderr);
}

// AR-11: the program is killed after everything was written, and before it shows the passcode.
#[cfg(feature = "failpoints")]
#[test]
fn a_passcode_that_was_made_and_never_shown_is_reported_by_the_next_plan_and_the_next_apply() {
    let roster = roster();
    let log = roster.path().join("killed").display().to_string();
    let variables = [("ROSTERCTL_FAILPOINT", "exit:1"), ("ROSTERCTL_FAILPOINT_LOG", log.as_str())];
    let killed = at_a_terminal(&roster, &["yes", OWN_PHONE], &variables);
    assert!(Path::new(&log).exists(), "the point was reached: {}", killed.stdout);
    assert!(!killed.stdout.contains("New passcodes"), "{}", killed.stdout);
    let lost = "glow-medspa: the last run made a passcode for ana.ruiz@glow.example and was interrupted before it showed it. Unless it is in the \
                file given with --passcodes";
    for arguments in [&["plan"][..], &["plan", "--format", "json"], &["apply", "--yes"]] {
        let said = roster.run(arguments);
        assert!(said.stderr.contains(lost) && said.stderr.contains("`passcode: { renew: 20"), "{arguments:?}: {}", said.stderr);
    }
}

#[test]
fn import_asks_who_the_main_admin_is_where_nothing_shows_it() {
    let roster = Roster::empty();
    let head = "workspace: glow\nplatform: aesthetic-record\nconnection: { snapshot: snapshots/glow.yaml }\n";
    roster.write("glow.yaml", head);
    roster.write("in/all.csv", "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n");
    roster.expect(0, &["snapshot", "glow", "in/all.csv"]);
    for (answer, word) in [("olivia", "is not an address"), ("olive@glow.example", "correct the address"), ("", "is not an address")] {
        let said = run_at_a_terminal(&roster, &["import", "glow"], &[answer], &[]);
        assert!(said.code == 1 && said.stdout.contains(word), "{answer}: {}", said.stdout);
        assert_eq!(std::fs::read_to_string(roster.path().join("glow.yaml")).unwrap(), head, "{answer}");
    }
    let said = run_at_a_terminal(&roster, &["import", "glow"], &["olivia@glow.example"], &[]);
    assert_eq!(said.code, 0, "{}", said.stdout);
    assert!(said.stdout.contains("Nothing shows who the main admin of glow is. Their address:"), "{}", said.stdout);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}
