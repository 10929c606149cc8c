//! `rosterctl import` of accounts of which the list does not show whether they are active.

use crate::support::Roster;

#[test]
fn an_account_whose_state_is_unknown_is_left_to_a_person() {
    let roster = Roster::empty();
    roster.write(
        "w.yaml",
        "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nlist: { values: { status: { Locked Out: unknown } } }\n",
    );
    roster.write("w.csv", "Name,Email,Status\nPat Hill,pat@n.example,Active\nLee Old,lee@n.example,Locked Out\n");
    roster.expect(0, &["snapshot", "w", "w.csv", "--total", "2"]);
    roster.expect(0, &["import", "w"]);
    let text = std::fs::read_to_string(roster.path().join("w.yaml")).unwrap();
    assert!(text.contains("# - lee@n.example: the list does not show whether this account is active"), "{text}");
    assert!(!text.contains("\n  lee@n.example:"), "{text}");
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    let again = roster.expect(0, &["import", "w", "--update"]).stdout;
    assert!(again.contains("Nothing is new"), "{again}");
}

#[test]
fn an_update_asks_for_the_address_of_an_account_that_has_the_one_of_another_user() {
    let roster = Roster::empty();
    roster.write(
        "p.yaml",
        "define_platform: booking\nname: Booking\nfields: { first_name: {}, last_name: {} }\nlist: { columns: { login: [User ID] } }\n",
    );
    roster.write("w.yaml", "workspace: w\nplatform: booking\nconnection: { snapshot: snapshots/w.yaml }\n");
    let list = |rows: &str, total: &str| {
        roster.write("w.csv", &format!("User ID,Name,Email,Status\nphill,Pat Hill,pat@n.example,Active\n{rows}"));
        roster.expect(0, &["snapshot", "w", "w.csv", "--total", total]);
    };
    list("", "1");
    roster.expect(0, &["import", "w"]);
    list("pat2,Pat Hill,pat@n.example,Active\n", "2");
    let said = roster.expect(0, &["import", "w", "--update"]).stdout;
    let text = std::fs::read_to_string(roster.path().join("w.yaml")).unwrap();
    assert!(text.contains("has pat@n.example beside the user name pat2") && text.contains("    id: pat2\n"), "{said}\n{text}");
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    let again = roster.expect(0, &["import", "w", "--update"]);
    assert!(again.stdout.contains("Nothing is new"), "{}", again.stdout);
}
