//! Scenarios: each folder of `tests/scenarios` holds a roster, the state it begins with, and what must come of it.
//!
//! The folder's name is the sentence it proves. `expected.txt` has the plan in short, then what applying it and planning again
//! exit with. `BLESS=1` writes it anew, to be read before it is committed; `phone` holds the number that confirms blocks,
//! `before` a roster that was applied some time ago.

#[path = "bless/mod.rs"]
mod bless;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(root).expect("the scenarios").map(|e| e.expect("an entry").path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry").path();
        let name = entry.file_name().expect("a name");
        if entry.is_file() && name != "expected.txt" && name != "phone" {
            std::fs::copy(&entry, to.join(name)).expect("copied");
        }
    }
}

fn rosterctl(folder: &Path, roster: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).arg(roster).env_remove("ROSTERCTL_CONFIRM_PHONE");
    if let Ok(phone) = std::fs::read_to_string(folder.join("phone")) {
        command.env("ROSTERCTL_CONFIRM_PHONE", phone.trim());
    }
    command.output().expect("the program runs")
}

fn exit(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// The plan in short, one line for each thing it says.
fn outline(plan: &Value) -> String {
    let mut out = String::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let several = list(&plan["workspaces"]).len() > 1;
    for workspace in list(&plan["workspaces"]) {
        if several {
            writeln!(out, "[{}]", word(&workspace["workspace"])).expect("a string takes all");
        }
        for change in list(&workspace["changes"]) {
            let risk = if change["risky"] == true { " (risk)" } else { "" };
            writeln!(out, "{} {}: {}{risk}", word(&change["action"]), subject(&change), word(&change["reason"]))
                .expect("a string takes all");
            for field in list(&change["fields"]) {
                if change["action"] != "invite" && !change["action"].as_str().is_some_and(|a| a.starts_with("create-")) {
                    writeln!(out, "  {}: {} -> {}", word(&field["field"]), field["before"], field["after"]).expect("as above");
                }
            }
            for (sign, names) in [("+", &change["effective"]["gained"]), ("-", &change["effective"]["lost"])] {
                for name in list(names) {
                    writeln!(out, "  {sign} {}", word(&name)).expect("as above");
                }
            }
        }
        for (guard, reason) in workspace["waived"].as_object().into_iter().flatten() {
            writeln!(out, "waived {guard}: {}", word(reason)).expect("as above");
        }
        for stop in list(&workspace["stops"]) {
            writeln!(out, "stopped by {}: {}", word(&stop["guard"]), word(&stop["reason"])).expect("as above");
        }
        for refusal in list(&workspace["refusals"]) {
            let why = word(&refusal["requirement"]);
            writeln!(out, "refused {} {}: {} {why}", subject(&refusal), word(&refusal["wanted"]), word(&refusal["code"]))
                .expect("as above");
        }
        for notice in list(&workspace["notices"]) {
            writeln!(out, "{} {}: {}", word(&notice["kind"]), subject(&notice), word(&notice["text"])).expect("as above");
        }
        for task in list(&workspace["tasks"]) {
            writeln!(out, "task {}: {}", word(&task["user"]), word(&task["text"])).expect("as above");
        }
        out.push_str(&bill(&workspace["bill"]));
    }
    out
}

/// The seats that come or go, and what that costs.
fn bill(bill: &Value) -> String {
    let mut out = String::new();
    for line in bill["seats"].as_array().into_iter().flatten().filter(|l| l["before"] != l["after"]) {
        let assumed = if line["assumed"] == true { " (assumed)" } else { "" };
        let price = line["price_cents"].as_i64().map_or("not given".to_owned(), |cents| format!("{cents} cents"));
        writeln!(out, "seats {}: {} -> {}, price {price}{assumed}", word(&line["kind"]), line["before"], line["after"]).expect("as above");
    }
    if let Some(cents) = bill["monthly_change_cents"].as_i64().filter(|_| !out.is_empty()) {
        let at_once = bill["at_once_cents"].as_i64().map_or(String::new(), |cents| format!(", {cents} cents at once"));
        writeln!(out, "bill: {cents} cents a month, {}{at_once}", word(&bill["when"])).expect("as above");
    }
    out
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

fn subject(item: &Value) -> String {
    match (item["user"].as_str(), &item["subject"]) {
        (Some(user), _) => user.to_owned(),
        (None, subject) => format!("{} {}", word(&subject["kind"]), word(&subject["key"])),
    }
}

/// Plans, applies where something is to be done, and plans again: what came of it, in short.
fn run(folder: &Path) -> String {
    let roster = tempfile::tempdir().expect("a folder");
    let before = folder.join("before");
    if before.is_dir() {
        copy(&before, roster.path());
        assert_eq!(exit(&rosterctl(folder, roster.path(), &["apply", "--yes"])), 0, "{}", before.display());
        for entry in std::fs::read_dir(roster.path()).expect("a folder").map(|e| e.expect("an entry").path()).filter(|p| p.is_file()) {
            std::fs::remove_file(entry).expect("removed");
        }
    }
    copy(folder, roster.path());
    let plan = rosterctl(folder, roster.path(), &["plan", "--format", "json", "--detailed-exitcode"]);
    let mut out = format!("plan exits {}\n", exit(&plan));
    match serde_json::from_slice::<Value>(&plan.stdout) {
        Ok(document) => out.push_str(&outline(&document)),
        Err(error) => assert!(plan.stdout.is_empty(), "{error}"),
    }
    out.push_str(&String::from_utf8_lossy(&plan.stderr));
    if exit(&plan) == 1 {
        return out;
    }
    let apply = rosterctl(folder, roster.path(), &["apply", "--yes", "--format", "json"]);
    writeln!(out, "apply exits {}", exit(&apply)).expect("as above");
    match serde_json::from_slice::<Value>(&apply.stdout) {
        Ok(receipt) => out.push_str(&undone(&receipt)),
        Err(_) => out.push_str(&String::from_utf8_lossy(&apply.stderr)),
    }
    let again = rosterctl(folder, roster.path(), &["plan", "--format", "json", "--detailed-exitcode"]);
    writeln!(out, "plan again exits {}", exit(&again)).expect("as above");
    for workspace in serde_json::from_slice::<Value>(&again.stdout).ok().iter().filter_map(|d| d["workspaces"].as_array()).flatten() {
        let left = workspace["changes"].as_array().map_or(0, Vec::len);
        if left > 0 {
            writeln!(out, "left in {}: {left} of the changes", word(&workspace["workspace"])).expect("as above");
        }
    }
    out
}

/// What did not come of it, and why.
fn undone(receipt: &Value) -> String {
    let mut out = String::new();
    for workspace in receipt["workspaces"].as_array().into_iter().flatten() {
        if let Some(error) = workspace["error"].as_str() {
            writeln!(out, "nothing written to {}: {error}", word(&workspace["workspace"])).expect("as above");
            continue;
        }
        let stopped = workspace["stops"].as_array().is_some_and(|s| !s.is_empty());
        for change in workspace["changes"].as_array().into_iter().flatten().filter(|c| !stopped && c["outcome"] != "done") {
            let (action, outcome, why) = (word(&change["action"]), word(&change["outcome"]), word(&change["detail"]));
            writeln!(out, "{outcome} {action} {}: {why}", subject(change)).expect("as above");
        }
    }
    out
}

/// Runs the scenarios beside each other.
fn run_all(folders: &[PathBuf]) -> Vec<String> {
    let beside = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let share = folders.len().div_ceil(beside).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = folders.chunks(share).map(|some| scope.spawn(|| some.iter().map(|f| run(f)).collect::<Vec<_>>())).collect();
        shares.into_iter().flat_map(|s| s.join().expect("no panic")).collect()
    })
}

#[test]
fn every_scenario_plans_and_ends_as_its_folder_says() {
    let folders = folders();
    assert!(folders.len() >= 150, "{} scenarios", folders.len());
    let mut wrong = String::new();
    for (folder, found) in folders.iter().zip(run_all(&folders)) {
        let name = folder.file_name().expect("a name").to_string_lossy();
        let file = folder.join("expected.txt");
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if !bless::agrees(&file, &found) {
            writeln!(wrong, "--- {name}\n{}", bless::difference(&expected, &found)).expect("as above");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{} scenarios", folders.len());
}

// A17: what was applied needs nothing more, refusals aside; what was stopped, not confirmed or answered with a no is left as it was.
#[test]
fn no_scenario_is_left_with_changes() {
    for folder in folders() {
        let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        let not_done = ["apply exits 1", "apply exits 6"].iter().any(|e| expected.contains(e)) || expected.contains("\nfailed ");
        assert!(not_done || !expected.contains("plan again exits 2"), "{}", folder.display());
    }
}
