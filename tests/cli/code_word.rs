//! `code-word`: the practice's code word is shown and rotated, with a row in the log that does not contain it.

use crate::support::Roster;

fn word(text: &str) -> &str {
    let word = text.trim_end();
    let parts: Vec<&str> = word.split('-').collect();
    assert!(parts.len() == 3 && parts[2].len() == 6, "{text}");
    word
}

// PBN-5: it can be shown and rotated; those who have an open link need the new one.
#[test]
fn a_code_word_is_shown_and_rotated_and_the_log_has_both_without_the_word() {
    let roster = Roster::example("bright-dental");
    let missing = roster.expect(1, &["code-word", "show", "bright-dental"]);
    assert!(missing.stderr.contains("there is no database"), "{}", missing.stderr);
    assert!(!roster.path().join(".rosterctl/bright-dental.db").exists(), "nothing was created");
    roster.expect(0, &["apply", "--yes"]);
    let first = roster.expect(0, &["code-word", "show", "bright-dental"]);
    assert_eq!(roster.expect(0, &["code-word", "show", "bright-dental", "."]).stdout, first.stdout);
    assert!(first.stderr.contains("never by e-mail"), "{}", first.stderr);
    let rotated = roster.expect(0, &["code-word", "rotate", "bright-dental"]);
    assert_ne!(word(&rotated.stdout), word(&first.stdout));
    for invited in ["ines.marsh@bright.example", "pat.wood@ledger.example"] {
        assert!(rotated.stderr.contains(invited), "{}", rotated.stderr);
    }
    assert!(!rotated.stderr.contains("dana.fox@bright.example"), "{}", rotated.stderr);
    assert_eq!(roster.expect(0, &["code-word", "show", "bright-dental"]).stdout, rotated.stdout);
    let log = roster.expect(0, &["log", "--format", "json"]).stdout;
    for (action, times) in [("show-code-word", 3), ("rotate-code-word", 1)] {
        assert_eq!(log.matches(&format!("\"action\": \"{action}\"")).count(), times, "{log}");
    }
    assert!(!log.contains(word(&first.stdout)) && !log.contains(word(&rotated.stdout)), "{log}");
    roster.expect(0, &["log", "--verify"]);
    // The roster does not say the word, so nothing is left to apply.
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn a_code_word_that_the_roster_sets_is_changed_there() {
    let roster = Roster::example("bright-dental");
    roster.write("word", "juniper-lagoon-1\n");
    roster.edit("bright-dental.yaml", "time_zone:", "code_word: { file: word }\ntime_zone:");
    roster.expect(0, &["apply", "--yes"]);
    assert_eq!(roster.expect(0, &["code-word", "show", "bright-dental"]).stdout, "juniper-lagoon-1\n");
    let refused = roster.expect(1, &["code-word", "rotate", "bright-dental"]);
    assert!(refused.stdout.is_empty() && refused.stderr.contains("the roster says what the code word"), "{}", refused.stderr);
    assert_eq!(roster.expect(0, &["code-word", "show", "bright-dental"]).stdout, "juniper-lagoon-1\n");
}

// PBN-5: people would have to type what was copied around the word, and any word can have an equals sign in it.
#[test]
fn a_line_that_was_copied_with_the_name_of_its_variable_is_not_a_code_word() {
    let mut roster = Roster::example("bright-dental");
    roster.edit("bright-dental.yaml", "time_zone:", "code_word: { env: PBN_WORD }\ntime_zone:");
    for line in ["PBN_WORD=blue harbor", "pbn_word: blue harbor", "export PBN_WORD=blue harbor", "code_word=blue harbor"] {
        roster.set("PBN_WORD", line);
        let said = roster.run(&["apply", "--yes"]);
        assert!(said.code != 0 && said.stdout.contains("its own name"), "{line}: {} {}", said.stdout, said.stderr);
        assert!(!said.stdout.contains("blue harbor") && !said.stderr.contains("blue harbor"), "{}", said.stdout);
    }
    roster.set("PBN_WORD", "blue=harbor");
    roster.expect(0, &["apply", "--yes"]);
    assert_eq!(roster.expect(0, &["code-word", "show", "bright-dental"]).stdout, "blue=harbor\n");
}

#[test]
fn a_command_for_the_code_word_runs_once_in_a_run_whether_it_fails_or_not() {
    for (ending, codes) in [("echo blue harbor", [0, 0, 0, 0]), ("exit 3", [1, 1, 3, 3])] {
        let here = Roster::example("bright-dental");
        let word = format!("code_word: {{ command: [sh, -c, 'echo called >> calls; {ending}'] }}\ntime_zone:");
        here.edit("bright-dental.yaml", "time_zone:", &word);
        let runs: [&[&str]; 4] = [
            &["plan"],
            &["plan", "--out", "week.plan"],
            &["apply", "--plan", "week.plan", "--yes"],
            &["apply", "--plan", "week.plan", "--yes"],
        ];
        for (arguments, code) in runs.into_iter().zip(codes) {
            here.write("calls", "");
            let said = here.run(arguments);
            let calls = std::fs::read_to_string(here.path().join("calls")).unwrap();
            assert_eq!((said.code, calls.as_str()), (code, "called\n"), "{ending}: {arguments:?}\n{}\n{}", said.stdout, said.stderr);
        }
    }
}

#[test]
fn a_workspace_without_a_code_word_says_so() {
    let roster = Roster::example("glow");
    let said = roster.expect(1, &["code-word", "show", "glow-medspa"]);
    assert!(said.stderr.contains("have no code word"), "also before the workspace exists: {}", said.stderr);
    roster.expect(0, &["apply", "--yes"]);
    for command in ["show", "rotate"] {
        let said = roster.expect(1, &["code-word", command, "glow-medspa"]);
        assert!(said.stdout.is_empty() && said.stderr.contains("have no code word"), "{}", said.stderr);
        let said = roster.expect(1, &["code-word", command, "elsewhere"]);
        assert!(said.stderr.contains("the roster has no workspace `elsewhere`: it has glow-medspa"), "{}", said.stderr);
    }
    let log = roster.expect(0, &["log", "--format", "json"]).stdout;
    assert!(!log.contains("code-word"), "{log}");
}
