//! A code word that nobody may guess at: a run on the machine of the workspace guesses at nothing (PBN-5).

use crate::support::Roster;

#[test]
fn a_run_on_the_machine_of_the_workspace_compares_and_sets_every_code_word() {
    let mut roster = Roster::example("bright-dental");
    roster.edit("bright-dental.yaml", "time_zone: America/Denver", "time_zone: America/Denver\ncode_word: { env: WORD }");
    roster.set("WORD", "seven brown otters");
    roster.expect(0, &["apply", "--yes"]);
    for number in 1..8 {
        roster.set("WORD", &format!("wrong-word-{number}"));
        let said = roster.expect(2, &["plan", "--detailed-exitcode"]).stdout;
        assert!(said.contains("the workspace has a different code word"), "{said}");
    }
    // One after the other, within a second: no answer to an earlier run counts as setting a word again.
    for word in ["wrong-word-7", "seven brown otters", "wrong-word-7", "seven brown otters"] {
        roster.set("WORD", word);
        roster.expect(0, &["apply", "--yes"]);
        roster.expect(0, &["plan", "--detailed-exitcode"]);
    }
}
