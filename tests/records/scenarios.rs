//! Scenarios: each file of `tests/scenarios` is a roster, the state it begins with, and what must come of it.
//!
//! Its name is the sentence it proves; `tests/scenario` explains its form. `exits` has what planning, applying and planning again exit
//! with, `expect` the plan in short and what was not done. `BLESS=1` writes both anew, to be read before it is committed; `phone` is the
//! number that confirms blocks, `before` a roster that was applied some time ago.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::bless;
use crate::scenario::{self, Scenario};

fn rosterctl(scenario: &Scenario, roster: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).arg(roster).env_remove("ROSTERCTL_CONFIRM_PHONE");
    if let Some(phone) = scenario.phone() {
        command.env("ROSTERCTL_CONFIRM_PHONE", phone);
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
            let fields = list(&change["fields"]);
            let is_new = change["action"] == "invite" || word(&change["action"]).starts_with("create-");
            let first: Vec<String> = fields.iter().map(|field| format!("{} {}", word(&field["field"]), field["after"])).collect();
            let first = if is_new && !first.is_empty() { format!(" ({})", first.join(", ")) } else { String::new() };
            writeln!(out, "{} {}: {}{risk}{first}", word(&change["action"]), subject(&change), word(&change["reason"]))
                .expect("a string takes all");
            for field in fields.iter().filter(|_| !is_new) {
                writeln!(out, "  {}: {} -> {}", word(&field["field"]), field["before"], field["after"]).expect("as above");
            }
            for (sign, names) in [("+", &change["effective"]["gained"]), ("-", &change["effective"]["lost"])] {
                let names: Vec<String> = list(names).iter().map(|name| word(name).to_owned()).collect();
                if !names.is_empty() {
                    writeln!(out, "  {sign} {}", names.join(", ")).expect("as above");
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

/// The exit code and the result of each command, in short.
#[derive(Default)]
struct Outcome {
    exits: String,
    said: String,
}

impl Outcome {
    fn add(&mut self, command: &str, exit: i32, said: &str) {
        let comma = if self.exits.is_empty() { "" } else { ", " };
        write!(self.exits, "{comma}{command} {exit}").expect("as above");
        if command != "plan" && !said.is_empty() {
            let end = if said.lines().count() == 1 { " " } else { "\n" };
            write!(self.said, "{command}:{end}").expect("as above");
        }
        self.said.push_str(said);
    }
}

/// Plans, applies where something is to be done, and plans again.
fn run(scenario: &Scenario) -> Outcome {
    let (folder, kept) = (tempfile::tempdir().expect("a folder"), tempfile::NamedTempFile::new().expect("a file"));
    let (roster, passcodes) = (folder.path(), kept.path().to_str().expect("a plain path"));
    if scenario.has_before() {
        scenario.lay_out_before(roster);
        assert_eq!(exit(&rosterctl(scenario, roster, &["apply", "--yes", "--passcodes", passcodes])), 0, "{}", scenario.title);
        for entry in std::fs::read_dir(roster).expect("a folder").map(|e| e.expect("an entry").path()).filter(|p| p.is_file()) {
            std::fs::remove_file(entry).expect("removed");
        }
    }
    scenario.lay_out(roster);
    let mut outcome = Outcome::default();
    let plan = rosterctl(scenario, roster, &["plan", "--format", "json", "--detailed-exitcode"]);
    let mut said = match serde_json::from_slice::<Value>(&plan.stdout) {
        Ok(document) => outline(&document),
        Err(_) => String::from_utf8_lossy(&plan.stdout).into_owned(),
    };
    said.push_str(&String::from_utf8_lossy(&plan.stderr));
    outcome.add("plan", exit(&plan), &said);
    if exit(&plan) == 1 {
        return outcome;
    }
    let apply = rosterctl(scenario, roster, &["apply", "--yes", "--passcodes", passcodes, "--format", "json"]);
    let said = match serde_json::from_slice::<Value>(&apply.stdout) {
        Ok(receipt) => undone(&receipt),
        Err(_) => String::from_utf8_lossy(&apply.stderr).into_owned(),
    };
    outcome.add("apply", exit(&apply), &said);
    let again = rosterctl(scenario, roster, &["plan", "--format", "json", "--detailed-exitcode"]);
    let mut said = String::new();
    for workspace in serde_json::from_slice::<Value>(&again.stdout).ok().iter().filter_map(|d| d["workspaces"].as_array()).flatten() {
        let left = workspace["changes"].as_array().map_or(0, Vec::len);
        if left > 0 {
            writeln!(said, "left in {}: {left} of the changes", word(&workspace["workspace"])).expect("as above");
        }
    }
    outcome.add("plan again", exit(&again), &said);
    outcome
}

/// Lists what was not done, and why.
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
fn run_all(scenarios: &[Scenario]) -> Vec<Outcome> {
    let beside = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let share = scenarios.len().div_ceil(beside).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = scenarios.chunks(share).map(|some| scope.spawn(|| some.iter().map(run).collect::<Vec<_>>())).collect();
        shares.into_iter().flat_map(|s| s.join().expect("no panic")).collect()
    })
}

#[test]
fn every_scenario_plans_and_ends_as_its_file_says() {
    let scenarios = scenario::all();
    assert!(scenarios.len() >= 150, "{} scenarios", scenarios.len());
    let mut wrong = String::new();
    for (scenario, found) in scenarios.iter().zip(run_all(&scenarios)) {
        let (exits, said) = scenario.expected();
        let is_same = exits == found.exits && said == found.said;
        if !is_same && !bless::agrees(&scenario.path, &scenario.expecting(&found.exits, &found.said)) {
            let expected = format!("{exits}\n{said}");
            let difference = bless::difference(&expected, &format!("{}\n{}", found.exits, found.said));
            writeln!(wrong, "--- {}\n{difference}", scenario.title).expect("as above");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{} scenarios", scenarios.len());
}

// A17: what was applied needs nothing more, refusals aside; what was stopped, not confirmed or answered with a no is left as it was.
#[test]
fn no_scenario_is_left_with_changes() {
    for scenario in scenario::all() {
        let (exits, said) = scenario.expected();
        let not_done =
            ["apply 1", "apply 6"].iter().any(|e| exits.contains(e)) || ["\nfailed ", "apply: failed "].iter().any(|f| said.contains(f));
        assert!(not_done || !exits.contains("plan again 2"), "{}", scenario.title);
    }
}
