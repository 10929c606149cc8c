//! An incomplete list: whom it lacks although they should have no access, the review names, and who looked for them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::Roster;

const ROSTER: &str = "workspace: w
platform: aesthetic-record
connection: { snapshot: list.yaml }
main_admin: pat@n.example
stale_after: 90000d
clinics: { north: { name: North } }
users:
  pat@n.example: { first_name: Pat, last_name: Hill, role: administrator, clinics: [north] }
  lee@n.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [north], status: inactive }
  blo@n.example: { first_name: Blo, last_name: Cked, role: front-desk, clinics: [north], blocked: { reason: activity-review } }
";

const LIST: &str = "snapshot: w
tabs: { all: { taken: 2026-11-27T17:00:00Z } }
shows: [first_name, last_name, role, clinics, status]
accounts:
  pat@n.example: { first_name: Pat, last_name: Hill, role: administrator, clinics: [north], status: active }
";

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).current_dir(folder).env_remove("ROSTERCTL_APPROVER").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.output().expect("the program runs")
}

/// Returns what a command prints, on one line.
fn said(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_review_names_whom_an_incomplete_list_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("w.yaml"), ROSTER).expect("written");
    fs::write(folder.join("list.yaml"), LIST).expect("written");
    let review = said(folder, &["review"]);
    for name in ["Lee Old (lee@n.example)", "Blo Cked (blo@n.example)"] {
        let expected = format!("{name} should have no access. The list does not show this person, but is not complete: nobody has looked");
        assert!(review.contains(&expected), "{review}");
    }
    let runbook = String::from_utf8(run(folder, &["plan", "--format", "runbook"]).stdout).expect("text");
    fs::write(folder.join("ticked.md"), runbook.replace("- [ ] ", "- [x] ")).expect("written");
    assert!(run(folder, &["attest", "ticked.md", "--by", "olivia"]).status.success());
    let review = said(folder, &["review"]);
    assert!(review.contains("that they have none is attested by olivia on") && review.contains("waiting for the next list."), "{review}");
    assert!(said(folder, &["plan"]).contains("2 steps are attested since."), "as many as were ticked: {}", said(folder, &["plan"]));
    let complete = LIST.replace("taken: 2026-11-27T17:00:00Z", "total: 1, taken: 2026-11-27T17:00:00Z");
    fs::write(folder.join("list.yaml"), complete).expect("written");
    assert!(!said(folder, &["review"]).contains("should have no access, and the list"), "nobody is lacking");
}

const OFFICE: &str = "workspace: bright\nplatform: practice-by-numbers\nconnection: { snapshot: snapshots/bright.yaml }\nmain_admin: dana.fox@bright.example\nmanage: exact\n\
    employees: [{ id: rob-hale, first_name: Rob, last_name: Hale, active: true, external: false }]\nusers:\n  \
    dana.fox@bright.example: { first_name: Dana, last_name: Fox, role: owner }\n  \
    rob.hale@bright.example: { first_name: Rob, last_name: Hale, role: dentist }\n  \
    pat.wood@ledger.example: { first_name: Pat, last_name: Wood, role: office-administrator, employee: external }\n";

// PBN-2, PBN-3
#[test]
#[expect(clippy::disallowed_methods, reason = "a step is ticked now, and the next list is later")]
fn employees_who_were_invited_by_hand_are_done_once_the_next_list_shows_them() {
    let roster = Roster::empty();
    roster.write("bright.yaml", OFFICE);
    // Gil is an employee without an account.
    let list = |more: &str| format!("Name,Email,Active,Role\nDana Fox,dana.fox@bright.example,Yes,Owner\n{more}Gil Ortega,,No,\n");
    let take = |more: &str, total: &str, taken: &str| {
        roster.write("in/all.csv", &list(more));
        roster.expect(0, &["snapshot", "bright", "in/all.csv", "--total", total, "--taken", taken]);
    };
    let now = jiff::Timestamp::now();
    let ago = |minutes: i64| (now - jiff::SignedDuration::from_mins(minutes)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    take("", "2", &ago(30));
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    assert_eq!(runbook.matches("- [ ] ").count(), 3, "{runbook}");
    roster.write("monday.md", &runbook.replace("- [ ] ", "- [x] "));
    roster.expect(0, &["attest", "monday.md", "--by", "olivia@x.example"]);
    let waits = roster.expect(3, &["apply"]);
    assert!(waits.stderr.contains("2 steps attested, waiting for the next list"), "{}", waits.stderr);
    take("Rob Hale,rob.hale@bright.example,Yes,Dentist\nPat Wood,pat.wood@ledger.example,Yes,Office Administrator\n", "4", &ago(-1));
    let plan = roster.expect(0, &["plan", "--detailed-exitcode"]).stdout;
    assert!(plan.contains("No steps are left; 3 users already match."), "{plan}");
    assert!(roster.expect(0, &["apply"]).stderr.contains("no step is left to do"));
    let log = roster.expect(0, &["log"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(log.matches("proved by the").count(), 2, "{log}");
}
