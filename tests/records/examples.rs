//! The examples do what their comments and README say: each is run by the real program, on a copy.
//!
//! `BLESS=1 cargo test --test records examples` writes the plan that README shows.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::bless;

/// The changes that must be made, as (who, action) pairs, and who is refused what.
type Planned = (BTreeSet<(String, String)>, Vec<(String, String)>);

/// A copy of `examples`, so that no run leaves anything in the checkout.
struct Copy(TempDir);

impl Copy {
    fn of(example: &str) -> Self {
        let copy = tempfile::tempdir().expect("a folder for the copy");
        let folder = copy.path().join("examples").join(example);
        fs::create_dir_all(&folder).expect("the copy's folder");
        for entry in fs::read_dir(root().join("examples").join(example)).expect("the example") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("the copy");
            }
        }
        let snapshots = root().join("examples").join(example).join("snapshots");
        fs::create_dir_all(folder.join("snapshots")).expect("the folder for lists");
        for entry in fs::read_dir(snapshots).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            fs::copy(&path, folder.join("snapshots").join(path.file_name().expect("a name"))).expect("the copy");
        }
        Self(copy)
    }

    /// Runs the program as README writes it: from above `examples`, with no setting of the caller's.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROSTERCTL_")) {
            program.env_remove(name);
        }
        program.args(arguments).current_dir(self.0.path()).output().expect("the program starts")
    }

    /// Plans an example.
    fn plan(&self, example: &str) -> Planned {
        let output = self.run(&["plan", &format!("examples/{example}"), "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
        let plan: Value = serde_json::from_slice(&output.stdout).expect("the plan is JSON");
        let mut changes = BTreeSet::new();
        let mut refusals = Vec::new();
        for workspace in plan["workspaces"].as_array().expect("workspaces") {
            for change in workspace["changes"].as_array().expect("changes") {
                changes.insert((word(&change["subject"]["key"]), word(&change["action"])));
            }
            for refusal in workspace["refusals"].as_array().expect("refusals") {
                refusals.push((word(&refusal["user"]), word(&refusal["wanted"])));
            }
        }
        (changes, refusals)
    }

    /// Applies, and expects an exit code.
    fn apply(&self, example: &str, more: &[&str], expected: i32) -> String {
        let path = format!("examples/{example}");
        let output = self.run(&[&["apply", path.as_str(), "--yes", "--passcodes", "passcodes.txt"], more].concat());
        assert_eq!(output.status.code(), Some(expected), "{}", talk(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Applies until nothing is left: once; then a plan is empty, and so is a second apply.
    fn converges(&self, example: &str, more: &[&str]) {
        assert!(!self.plan(example).0.is_empty(), "{example} has nothing to do");
        self.apply(example, more, 0);
        assert_eq!(self.plan(example), (BTreeSet::new(), Vec::new()), "{example} does not match after an apply");
        let again = self.apply(example, more, 0);
        assert!(again.to_lowercase().contains("no changes"), "{again}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn talk(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pairs(expected: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    expected.iter().map(|(who, action)| ((*who).to_owned(), (*action).to_owned())).collect()
}

// AR-5, AR-15: the list has active, inactive and pending users, and a person makes the changes.
#[test]
fn the_spa_without_an_interface_is_planned_for_a_person() {
    let copy = Copy::of("vendor-glow");
    let (changes, refusals) = copy.plan("vendor-glow");
    let expected = [
        ("ana.ruiz@glow.example", "update"),
        ("ben.frost@glow.example", "withdraw-invitation"),
        ("kim.park@glow.example", "update"),
        ("rosa.diaz@glow.example", "invite"),
        ("tom.reed@glow.example", "inactivate"),
    ];
    assert_eq!((changes, refusals), (pairs(&expected), Vec::new()));
    let shown = talk(&copy.run(&["plan", "examples/vendor-glow"]));
    for words in [
        "The list of users was taken on 2026-11-27 at 17:07",
        "It does not show blocked, phones",
        "Ticked, but the list shows otherwise (1)",
        "olivia.stone@glow.example ticked this on 2026-11-27 at 09:40",
        "write `formerly: [mia.chen@glow.example]`",
        "(the list does not show what it is)",
    ] {
        assert!(shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}:\n{shown}");
    }
    assert_eq!(copy.run(&["plan", "examples/vendor-glow", "--detailed-exitcode"]).status.code(), Some(2));
    let applied = copy.apply("vendor-glow", &[], 3);
    assert!(!applied.contains("done"), "{applied}");
}

/// A workspace without an interface whose only difference is a change of role and a switch that the list does not show.
const BY_HAND: &str = "workspace: spa
platform: aesthetic-record
connection: { snapshot: snapshots/spa.yaml }
stale_after: 90000d
main_admin: olivia@spa.example
clinics: { one: { name: One } }
users:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [one] }
  kim@spa.example: { first_name: Kim, last_name: Park, role: front-desk, clinics: [one] }
";

const BY_HAND_LIST: &str = "snapshot: spa
tabs: { all: { total: 2, taken: 2026-11-27T17:00:00-07:00 } }
shows: [first_name, last_name, role, clinics, status]
accounts:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [one], status: active }
  kim@spa.example: { first_name: Kim, last_name: Park, role: provider, clinics: [one], status: active }
";

/// Checks what `plan --detailed-exitcode` and `apply` exit with where a person makes the changes.
#[test]
fn steps_that_are_left_exit_with_2_and_3_and_what_no_list_can_show_with_0() {
    let tick = |set: &str| {
        format!(
            "attested:\n  - {{ id: \"3f9a1c22\", user: kim@spa.example, change: update, set: {set}, by: o@spa.example, at: 2026-11-27T18:00:00-07:00, plan: \"7f3c9ae10b52\" }}\n"
        )
    };
    let unseen = BY_HAND.replace("last_name: Park, role: front-desk", "last_name: Park, dashboard_access: true, role: provider");
    let waits = tick("{ role: front-desk }");
    let cannot_show = tick("{ dashboard_access: true }");
    for (roster, attested, plan, apply, says) in [
        (BY_HAND, "", 2, 3, "1 step left"),
        (BY_HAND, waits.as_str(), 0, 3, "1 step attested, waiting for the next list"),
        (unseen.as_str(), "", 2, 3, "1 step left"),
        (unseen.as_str(), cannot_show.as_str(), 0, 0, "no step is left to do"),
    ] {
        let copy = Copy(tempfile::tempdir().expect("a folder"));
        let folder = copy.0.path().join("spa");
        fs::create_dir_all(folder.join("snapshots")).expect("the folders");
        fs::write(folder.join("spa.yaml"), roster).expect("the roster");
        let missing = copy.run(&["plan", "spa"]);
        assert!(missing.status.code() == Some(1) && talk(&missing).contains("run `rosterctl snapshot spa FILE…`"), "{}", talk(&missing));
        fs::write(folder.join("snapshots/spa.yaml"), format!("{BY_HAND_LIST}{attested}")).expect("the list");
        let planned = copy.run(&["plan", "spa", "--detailed-exitcode"]);
        assert_eq!(planned.status.code(), Some(plan), "{attested}: {}", talk(&planned));
        let applied = copy.run(&["apply", "spa", "--yes"]);
        assert_eq!(applied.status.code(), Some(apply), "{attested}: {}", talk(&applied));
        assert!(talk(&applied).contains(says), "{says}: {}", talk(&applied));
        assert!(!folder.join(".rosterctl").exists(), "nothing is written");
    }
}

/// README's first command, twice: changes, then none, exit 0 both (A17).
#[test]
fn the_group_of_three_platforms_is_applied_with_one_command_and_then_nothing_is_left() {
    Copy::of("group").converges("group", &[]);
}

#[test]
fn the_dental_practice_gets_its_employee_records_and_accounts() {
    // PBN-1, PBN-2, PBN-3: records by name, by id where two share one, and one from outside.
    let copy = Copy::of("bright-dental");
    let (changes, _) = copy.plan("bright-dental");
    assert_eq!(changes.iter().filter(|(_, action)| action == "create-employee").count(), 5);
    assert_eq!(changes.iter().filter(|(_, action)| action == "invite").count(), 4);
    copy.converges("bright-dental", &[]);
}

#[test]
fn the_family_practice_invites_practitioners_and_staff() {
    // CHR-1, CHR-6
    Copy::of("lakeside").converges("lakeside", &[]);
}

#[test]
fn the_medical_spa_changes_what_its_comments_say() {
    let copy = Copy::of("glow");
    let (changes, refusals) = copy.plan("glow");
    let expected = pairs(&[
        ("downtown", "update-clinic"),
        ("uptown", "create-clinic"),
        ("lead-provider", "create-role"),
        ("olivia.stone@glow.example", "update"),
        ("hugo.brandt@glow.example", "invite"),
        ("ines.costa@glow.example", "update"),
        ("ines.costa@glow.example", "resend-invitation"),
        ("ana.ruiz@glow.example", "update"),
        ("ana.ruiz@glow.example", "generate-passcode"),
        ("priya.nair@glow.example", "update"),
        ("jonas.weber@glow.example", "invite"),
        ("tess.cole@glow.example", "update"),
        ("sam.okafor@glow.example", "update"),
        ("sam.okafor@glow.example", "block"),
        ("lee.olsen@glow.example", "inactivate"),
    ]);
    assert_eq!(changes, expected);
    assert_eq!(refusals, []);
    copy.converges("glow", &["--confirm-phone", "+1 602 555 0100"]);
}

#[test]
fn a_week_later_one_leaves_one_is_blocked_one_unblocked_one_returns_and_a_rename_is_refused() {
    let copy = Copy::of("glow-next");
    let (changes, refusals) = copy.plan("glow-next");
    let expected = pairs(&[
        ("patient-coordinator", "create-role"),
        ("jonas.weber@glow.example", "inactivate"),
        ("kim.park@glow.example", "block"),
        ("sam.okafor@glow.example", "unblock"),
        ("lee.olsen@glow.example", "activate"),
        ("rosa.diaz@glow.example", "update"),
        ("tess.cole@glow.example", "update"),
    ]);
    assert_eq!(changes, expected);
    // AR-13
    let rename = [("priya.nair@glow.example".to_owned(), "last_name".to_owned())];
    assert_eq!(refusals, rename);
    // AR-19: without the acting admin's phone, and with somebody else's, nothing is written.
    copy.apply("glow-next", &[], 6);
    copy.apply("glow-next", &["--confirm-phone", "+1 602 555 0177"], 6);
    assert_eq!(copy.plan("glow-next").0, expected);
    copy.apply("glow-next", &["--confirm-phone", "+1 602 555 0100"], 3);
    let (left, refusals) = copy.plan("glow-next");
    assert_eq!(left, BTreeSet::new());
    assert_eq!(refusals, rename);
}

#[test]
fn readme_shows_the_real_plan_of_the_week_later() {
    let copy = Copy::of("glow-next");
    let output = copy.run(&["plan", "examples/glow-next", "--color", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let plan = String::from_utf8(output.stdout).expect("text");
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (head, rest) = readme.split_once("<!-- plan of examples/glow-next").expect("the block's begin");
    let (comment, rest) = rest.split_once("-->\n").expect("the comment's end");
    let (_, tail) = rest.split_once("<!-- end of plan -->").expect("the block's end");
    let wanted =
        format!("{head}<!-- plan of examples/glow-next{comment}-->\n```text\n{}\n```\n<!-- end of plan -->{tail}", plan.trim_end());
    assert!(bless::agrees(&root().join("README.md"), &wanted), "README.md is stale: BLESS=1 cargo test --test records examples");
}

#[test]
fn every_roster_in_readme_and_docs_is_valid() {
    for document in ["README.md", "docs/start-files.md", "docs/guards.md"] {
        let text = fs::read_to_string(root().join(document)).expect("a document");
        for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            if block.starts_with("workspace:") {
                let folder = tempfile::tempdir().expect("a folder");
                fs::write(folder.path().join("roster.yaml"), block).expect("the roster");
                let output = validate(folder.path());
                assert_eq!(output.status.code(), Some(0), "{document}: {}", talk(&output));
            }
        }
    }
}

fn validate(roster: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rosterctl")).arg("validate").arg(roster).output().expect("the program starts")
}

#[test]
fn every_example_is_valid_without_a_warning() {
    let folders = |path: PathBuf| -> Vec<PathBuf> {
        fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect()
    };
    // One folder has rosters in its folders; the other has a server's configuration, which `manifest` reads.
    let (platforms, server) = (root().join("examples/platforms"), root().join("examples/server"));
    let rosters = folders(root().join("examples")).into_iter().filter(|example| *example != platforms && *example != server);
    let all = rosters.chain(folders(platforms.clone()));
    for example in all {
        let output = validate(&example);
        assert_eq!(output.status.code(), Some(0), "{}: {}", example.display(), talk(&output));
        assert!(!talk(&output).contains("warning"), "{}: {}", example.display(), talk(&output));
    }
}
