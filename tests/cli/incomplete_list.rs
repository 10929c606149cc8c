//! An incomplete list: whom it lacks although they should have no access, the review names, and who looked for them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

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

/// What a command prints, on one line.
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
