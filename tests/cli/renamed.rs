//! A main admin whose login gets another address, in a workspace that began with a start file.

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

// PBN-6: the start file describes a workspace that does not exist yet. Once it does, the account in it can have another address.
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
