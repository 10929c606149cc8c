//! Rosters in several folders and files.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;

use crate::support::Roster;

fn office(name: &str) -> String {
    format!(
        "workspace: {name}
platform: generic
connection: {{ embedded: {{}} }}
main_admin: ada@{name}.example
users:
  ada@{name}.example: {{ first_name: Ada }}
"
    )
}

#[test]
fn yaml_in_folders_is_read() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.write("north/b.yaml", &office("b"));
    here.write("north/far away/c.yaml", &office("c"));
    here.write("north/c-more.yaml", "users_of: c\nusers:\n  bob@c.example: { first_name: Bob }\n");
    here.write(".github/d.yaml", "jobs: {}\n");
    here.write("north/.hidden.yaml", "jobs: {}\n");
    here.write("north/e.yml", "jobs: {}\n");
    symlink("..", here.path().join("north/up")).unwrap();
    symlink("north", here.path().join("also-north")).unwrap();
    let said = here.expect(0, &["validate"]);
    assert_eq!(said.stdout.lines().count(), 4, "{}", said.stdout);
    assert!(said.stdout.contains("c (SCIM): 2 users"), "{}", said.stdout);
    assert!(said.stderr.contains("`north/e.yml` is ignored"), "{}", said.stderr);
    here.expect(0, &["apply", "--yes"]);
    here.expect(0, &["plan", "--detailed-exitcode"]);
    here.write("north/far away/c.yaml", &office("c").replace("first_name", "frist_name"));
    let said = here.expect(1, &["validate"]);
    assert!(said.stderr.contains("north/far away/c.yaml:6:"), "{}", said.stderr);
    let elsewhere = Roster::empty();
    elsewhere.write("linked.yaml", &office("linked"));
    here.write("north/far away/c.yaml", &office("c"));
    symlink(elsewhere.path(), here.path().join("other")).unwrap();
    assert!(here.expect(0, &["validate"]).stdout.contains("linked (SCIM)"));
}

#[test]
fn a_folder_with_state_of_its_own_is_another_roster() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.write("trial/a.yaml", &office("a").replace("Ada", "Adele"));
    assert!(here.expect(1, &["validate"]).stderr.contains("the workspace `a` is given twice"));
    here.expect(0, &["apply", "trial", "--yes"]);
    let said = here.expect(0, &["validate"]);
    assert!(said.stderr.contains("`trial` has its own `.rosterctl` folder"), "{}", said.stderr);
    here.expect(0, &["apply", "--yes"]);
    // Users who are added there would be missing from their workspace.
    here.write("trial/more.yaml", "# Office\nusers_of: a\nusers:\n  bob@a.example: { first_name: Bob }\n");
    let said = here.expect(1, &["validate"]).stderr;
    assert!(said.contains("`trial/more.yaml` adds users to a workspace"), "{said}");
}

#[test]
fn a_file_that_is_too_large_is_told_its_size_and_how_to_split_it() {
    let here = Roster::empty();
    let mut text = office("big");
    for n in 0..90_000 {
        let _ = writeln!(
            text,
            "  user.{n:06}@big.example: {{ first_name: Person, last_name: Number{n:06}, title: Assistant to the Other One }}"
        );
    }
    here.write("big.yaml", &text);
    let said = here.expect(1, &["validate"]).stderr;
    assert!(said.contains(&format!("the file has {} bytes", text.len())), "{said}");
    assert!(said.contains("`users_of: WORKSPACE`"), "{said}");
}
