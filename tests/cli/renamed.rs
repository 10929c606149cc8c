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

// The remedy that the plan prints for a typo in an open invitation leads to the right name, and no mail goes out under the wrong one.
#[test]
fn a_typo_in_the_name_of_an_open_invitation_is_cured_as_the_plan_says() {
    let roster = Roster::empty();
    let spa = |pen: &str| {
        roster.write(
            "glow.yaml",
            &format!(
                "workspace: glow
platform: aesthetic-record
connection: {{ embedded: {{}} }}
main_admin: olivia@glow.example
clinics: {{ downtown: {{ name: Downtown }} }}
users:
  olivia@glow.example: {{ first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }}
  pen@glow.example: {{ first_name: Pen, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0101\"], {pen} }}
"
            ),
        )
    };
    spa("last_name: Dingg");
    roster.expect(0, &["apply", "--yes"]);
    spa("last_name: Ding");
    let said = roster.expect(3, &["plan", "--fail-on-refused"]).stdout;
    assert!(said.contains("write `status: inactive` and apply to withdraw it, then remove `status`"), "{said}");
    spa("last_name: Ding, status: inactive");
    let said = roster.expect(0, &["apply", "--yes"]).stdout;
    assert!(said.contains("withdraw invitation") && !said.contains("name"), "{said}");
    spa("last_name: Ding");
    let said = roster.expect(0, &["apply", "--yes"]).stdout;
    assert!(said.contains("Pen Ding") && said.contains("last name  Dingg → Ding"), "{said}");
    roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
}
