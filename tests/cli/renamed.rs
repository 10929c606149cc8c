//! What gets another name: a main admin whose login has another address, in a workspace that began with a start file, and a workspace.

use crate::support::Roster;

const START: &str = "start: bright-dental
employees: [{ first_name: Dana, last_name: Fox, active: true }]
accounts:
  dana.fox@bright.example: { first_name: Dana, last_name: Fox, role: owner, state: active }
";

fn workspace(main_admin: &str, formerly: &str) -> String {
    format!(
        "workspace: bright-dental
platform: practice-by-numbers
connection: {{ embedded: {{ start: start.yaml }} }}
main_admin: {main_admin}
users:
  {main_admin}: {{ first_name: Dana, last_name: Fox, role: owner{formerly} }}
  omar.bell@bright.example: {{ first_name: Omar, last_name: Bell, role: office-administrator, employee: external }}
"
    )
}

// The start file describes a workspace that does not exist yet. Once it does, the account in it can have another address.
#[test]
fn the_main_admin_is_renamed_although_the_start_file_has_the_old_address() {
    let roster = Roster::empty();
    roster.write("start.yaml", START);
    roster.write("bright.yaml", &workspace("dana.hale@bright.example", ""));
    let said = roster.expect(1, &["plan"]);
    assert!(said.stderr.contains("main admin `dana.hale@bright.example` is not among the accounts"), "{}", said.stderr);
    roster.write("bright.yaml", &workspace("dana.fox@bright.example", ""));
    roster.expect(0, &["apply", "--yes"]);
    roster.write("bright.yaml", &workspace("dana.hale@bright.example", ", formerly: [dana.fox@bright.example]"));
    roster.expect(0, &["validate"]);
    let said = roster.expect(2, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
    assert!(said.stdout.contains("dana.hale@bright.example"), "{}", said.stdout);
    roster.expect(0, &["apply", "--yes"]);
    roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
}

#[test]
fn a_workspace_that_is_renamed_or_removed_is_not_forgotten_with_everybody_in_it() {
    let roster = Roster::empty();
    roster.write("start.yaml", START);
    roster.write("bright.yaml", &workspace("dana.fox@bright.example", ""));
    roster.expect(0, &["apply", "--yes"]);
    assert!(!roster.expect(0, &["plan"]).stderr.contains("not in the roster any more"));
    roster.edit("bright.yaml", "workspace: bright-dental", "workspace: brighter-dental");
    roster.edit("start.yaml", "start: bright-dental", "start: brighter-dental");
    for command in ["plan", "review"] {
        let said = roster.run(&[command]);
        assert!(
            said.stderr.contains("bright-dental.db` is the database of a workspace that is not in the roster any more"),
            "{command}: {}",
            said.stderr
        );
    }
    roster.edit("bright.yaml", "embedded: {", "embedded: { path: .rosterctl/bright-dental.db,");
    let said = roster.run(&["plan"]);
    assert!(!said.stderr.contains("not in the roster any more"), "{}", said.stderr);
}
