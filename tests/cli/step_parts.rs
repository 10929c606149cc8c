//! A change that is several boxes of a runbook: the counts are those of the boxes, and one id means the whole change until it is done.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const ROSTER: &str = "workspace: w
platform: telus-chr
connection: { snapshot: list.yaml }
main_admin: asha@l.example
stale_after: 90000d
users:
  asha@l.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  bo@l.example: { first_name: Bo, last_name: New, type: staff, two_factor: true, permissions: { grant: [Settings/Setup Lab Integration] } }
";

const LIST: &str = "snapshot: w
tabs: { all: { total: 2, taken: 2026-11-27T17:00:00Z } }
shows: [first_name, last_name, type, status]
accounts:
  asha@l.example: { first_name: Asha, last_name: Iyer, type: practitioner, status: active }
  bo@l.example: { first_name: Bob, last_name: New, type: staff, status: pending }
";

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).current_dir(folder).env_remove("ROSTERCTL_APPROVER").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The step of the only change, the number of steps left, and the ids of the boxes of the runbook.
fn plan(folder: &Path) -> (Value, u64, Vec<String>) {
    let plan: Value = serde_json::from_slice(&run(folder, &["plan", "--format", "json"]).stdout).expect("JSON");
    let workspace = &plan["workspaces"][0];
    let [change] = workspace["changes"].as_array().expect("changes").as_slice() else { panic!("one change: {plan}") };
    let runbook = String::from_utf8(run(folder, &["plan", "--format", "runbook"]).stdout).expect("text");
    let boxes = runbook.lines().filter_map(|line| line.strip_prefix("- [ ] "));
    let ids = boxes.map(|line| line.trim_end_matches('`').rsplit('`').next().expect("an id").to_owned()).collect();
    (change["step"].clone(), workspace["list"]["left"].as_u64().expect("a number"), ids)
}

// CHR-4
#[test]
fn one_id_means_a_whole_change_until_each_of_its_boxes_is_ticked() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("w.yaml"), ROSTER).expect("written");
    fs::write(folder.join("list.yaml"), LIST).expect("written");
    let (step, left, boxes) = plan(folder);
    let id = step["id"].as_str().expect("an id").to_owned();
    let parts = |step: &Value| -> Vec<String> {
        let parts = step["parts"].as_array().into_iter().flatten();
        parts.map(|part| part["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!((left, boxes.len()), (3, 3), "names, permissions and two-factor are in three places: {step}");
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(parts(&step)), sorted(boxes.clone()));
    let text = said(&run(folder, &["plan"]));
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains("3 steps left"), "{text}");
    let first = run(folder, &["attest", "w", "--done", &boxes[0], "--by", "olivia"]);
    assert!(said(&first).contains("1 step recorded"), "{}", said(&first));
    let (step, left, boxes) = plan(folder);
    assert_eq!((step["id"].as_str(), left, boxes.len()), (Some(id.as_str()), 2, 2), "{step}");
    let rest = run(folder, &["attest", "w", "--done", &id, "--by", "olivia"]);
    assert!(rest.status.success() && said(&rest).contains("2 steps recorded"), "{}", said(&rest));
    let again = run(folder, &["attest", "w", "--done", &id, "--by", "olivia"]);
    assert!(again.status.success() && said(&again).contains("recorded before"), "{}", said(&again));
    let (step, left, boxes) = plan(folder);
    assert_eq!((step["id"].as_str(), left, boxes.len()), (Some(id.as_str()), 0, 0), "{step}");
}
