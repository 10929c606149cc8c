//! The output of a run that only looks, and its exit codes.

use crate::support::Roster;

#[test]
fn refusals_in_a_plan_fail_only_where_that_is_asked() {
    let roster = Roster::example("glow-next");
    roster.expect(0, &["plan"]);
    roster.expect(3, &["plan", "--fail-on-refused"]);
    roster.expect(3, &["plan", "--fail-on-refused", "--detailed-exitcode"]);
    let without = Roster::example("glow");
    without.expect(0, &["plan", "--fail-on-refused"]);
    without.expect(2, &["plan", "--fail-on-refused", "--detailed-exitcode"]);
}

#[test]
fn no_changes_says_who_of_those_who_match_cannot_sign_in() {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    let said = roster.expect(0, &["plan", "--detailed-exitcode"]).stdout;
    assert!(said.contains("No changes.") && said.contains("Of these,") && said.contains("3 are invited (the first since"), "{said}");
}
