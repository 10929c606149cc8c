//! The person who approved a plan, and the commit of which it was approved.

use crate::support::Roster;

/// Reads the newest row of the user log of the example's workspace, over HTTP, as an auditor would.
fn approvers(roster: &Roster) -> Vec<String> {
    let database = roster.path().join(".rosterctl/glow-medspa.db");
    let query = "import sqlite3, sys; print('\\n'.join(str(r[0]) for r in sqlite3.connect(sys.argv[1]).execute('SELECT DISTINCT approver FROM log WHERE plan IS NOT NULL')))";
    let output = std::process::Command::new("python3").args(["-c", query]).arg(database).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn an_empty_variable_is_not_set() {
    for variable in
        ["ROSTERCTL_APPROVER", "ROSTERCTL_COMMIT", "ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA", "GITHUB_ACTOR", "GITHUB_SHA", "NO_COLOR"]
    {
        for value in ["", " "] {
            let mut roster = Roster::example("glow");
            roster.set(variable, value);
            let said = roster.expect(0, &["apply", "--yes"]);
            assert!(!said.stdout.contains('\u{1b}'), "{variable}");
        }
    }
}

#[test]
fn a_name_in_any_script_reaches_the_user_log() {
    for name in ["Renée Müller", "李雷", "نور", "50% Bob", "O'Neil @night, #2"] {
        let mut roster = Roster::example("glow");
        roster.set("ROSTERCTL_APPROVER", name);
        roster.expect(0, &["apply", "--yes"]);
        assert_eq!(approvers(&roster), [name]);
    }
    let mut roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes", "--approver", "Zoë"]);
    assert_eq!(approvers(&roster), ["Zoë"]);
    for name in ["two\nlines", "\u{202e}turned", &"x".repeat(201)] {
        roster.set("ROSTERCTL_APPROVER", name);
        let said = roster.expect(1, &["apply", "--yes"]);
        assert!(said.stderr.contains("ROSTERCTL_APPROVER: write a name on one line"), "{}", said.stderr);
    }
}
