//! `attest`: what a person did by hand is recorded in the list of users, once, with name and time; nothing else is accepted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A roster of a workspace without an interface, and its runbook.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vendor-glow");
        fs::create_dir_all(folder.path().join("snapshots")).expect("a folder");
        for file in ["glow.yaml", "snapshots/glow-medspa.yaml"] {
            fs::copy(from.join(file), folder.path().join(file)).expect("copied");
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn list(&self) -> String {
        fs::read_to_string(self.path("snapshots/glow-medspa.yaml")).expect("the list")
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        command.args(args).current_dir(self.folder.path()).env_remove("ROSTERCTL_APPROVER").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.output().expect("the program runs")
    }

    /// Writes the runbook with some boxes ticked, and returns their ids.
    fn ticked(&self, number: usize) -> Vec<String> {
        let mut text = String::from_utf8(self.run(&["plan", "--format", "runbook"]).stdout).expect("text");
        for _ in 0..number {
            text = text.replacen("- [ ] ", "- [x] ", 1);
        }
        fs::write(self.path("monday.md"), &text).expect("written");
        let boxes = text.lines().filter(|line| line.starts_with("- [x] "));
        boxes.map(|line| line.trim_end_matches('`').rsplit('`').next().expect("an id").to_owned()).collect()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The lines that were added to a text; all others stay as they are.
#[track_caller]
fn added<'t>(before: &str, after: &'t str) -> Vec<&'t str> {
    let (rest, added): (Vec<&str>, Vec<&str>) = after.lines().partition(|line| before.lines().any(|old| old == *line));
    assert_eq!(rest, before.lines().collect::<Vec<_>>(), "the rest of the file stays");
    added
}

#[track_caller]
fn refused(desk: &Desk, args: &[&str], why: &str) {
    let before = desk.list();
    let output = desk.run(args);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains(why), "{}", said(&output));
    assert_eq!(desk.list(), before, "nothing is recorded");
}

#[test]
fn ticked_boxes_are_recorded_once_with_name_and_time_and_leave_the_plan() {
    let desk = Desk::new();
    let before = desk.list();
    let ids = desk.ticked(2);
    let all = said(&desk.run(&["plan", "--format", "runbook"])).matches("- [ ] ").count();
    let output = desk.run(&["attest", "monday.md", "--by", "olivia.stone@glow.example"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("2 steps recorded by olivia.stone@glow.example") && said(&output).contains("git add"),
        "{}",
        said(&output)
    );
    let after = desk.list();
    let added = added(&before, &after);
    assert_eq!(added.len(), 2, "{after}");
    let attested: Vec<&str> = after.lines().skip_while(|line| *line != "attested:").skip(1).collect();
    assert!(attested.is_sorted_by_key(|line| line.split("user: ").nth(1)), "by user: {attested:#?}");
    for (line, id) in added.iter().zip(&ids) {
        assert!(line.contains(id) && line.contains("by: olivia.stone@glow.example"), "{line}");
    }
    assert_eq!(desk.run(&["validate"]).status.code(), Some(0), "{}", said(&desk.run(&["validate"])));
    let left = said(&desk.run(&["plan", "--format", "runbook"]));
    assert_eq!(left.matches("- [ ] ").count(), all - 2, "{left}");
    let again = desk.run(&["attest", "monday.md", "--by", "olivia.stone@glow.example"]);
    assert!(said(&again).contains("2 steps recorded before") && again.status.success(), "{}", said(&again));
    assert_eq!(desk.list(), after);
}

#[test]
fn a_phone_may_be_some_minutes_behind_and_no_more() {
    let desk = Desk::new();
    desk.ticked(1);
    let text = fs::read_to_string(desk.path("monday.md")).expect("the runbook");
    let (_, rest) = text.split_once("\"as_of\":").expect("when the plan was made");
    let made: i64 = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse().expect("milliseconds");
    let minutes_before = |minutes: i64| jiff::Timestamp::from_millisecond(made - minutes * 60_000).expect("a time").to_string();
    refused(&desk, &["attest", "monday.md", "--by", "o", "--at", &minutes_before(11)], "before the plan was made");
    assert!(desk.run(&["attest", "monday.md", "--by", "o", "--at", &minutes_before(9)]).status.success());
    let at = jiff::Timestamp::from_millisecond(made / 1000 * 1000)
        .expect("a time")
        .to_zoned(jiff::tz::TimeZone::get("America/Phoenix").expect("known"));
    assert!(desk.list().contains(&at.strftime("at: \"%Y-%m-%dT%H:%M:%S-07:00\"").to_string()), "{}", desk.list());
}

#[test]
fn an_attestation_that_is_untrue_or_not_ours_is_refused_and_nothing_is_recorded() {
    let desk = Desk::new();
    desk.ticked(1);
    refused(&desk, &["attest", "monday.md"], "nothing says who did this");
    refused(&desk, &["attest", "monday.md", "--by", "o", "--at", "2020-01-01T00:00:00Z"], "before the plan was made");
    refused(&desk, &["attest", "monday.md", "--by", "o", "--at", "2999-01-01T00:00:00Z"], "is in the future");
    let text = fs::read_to_string(desk.path("monday.md")).expect("the runbook");
    fs::write(desk.path("edited.md"), text.replace("\"change\":\"withdraw-invitation\"", "\"change\":\"inactivate\"")).expect("written");
    refused(&desk, &["attest", "edited.md", "--by", "o"], "differs from its id");
    fs::write(desk.path("notes.md"), "- [x] milk\n").expect("written");
    refused(&desk, &["attest", "notes.md", "--by", "o"], "this is not a runbook");
    let roster = fs::read_to_string(desk.path("glow.yaml")).expect("the roster");
    fs::write(desk.path("glow.yaml"), roster.replace("workspace: glow-medspa", "workspace: other-spa")).expect("written");
    let list = desk.list();
    fs::write(desk.path("snapshots/glow-medspa.yaml"), list.replace("snapshot: glow-medspa", "snapshot: other-spa")).expect("written");
    refused(&desk, &["attest", "monday.md", "--by", "o"], "steps of `glow-medspa`, which this roster does not have");
}

#[test]
fn one_refused_tick_refuses_only_itself() {
    let desk = Desk::new();
    let ids = desk.ticked(3);
    let before = desk.list();
    let text = fs::read_to_string(desk.path("monday.md")).expect("the runbook");
    fs::write(desk.path("monday.md"), text.replacen("\"change\":\"withdraw-invitation\"", "\"change\":\"inactivate\"", 1))
        .expect("written");
    let output = desk.run(&["attest", "monday.md", "--by", "olivia"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for part in ["differs from its id", "2 steps recorded by olivia", "1 refused"] {
        assert!(said(&output).contains(part), "{part}: {}", said(&output));
    }
    let after = desk.list();
    assert_eq!(added(&before, &after).len(), 2, "{after}");
    assert!(!added(&before, &after).concat().contains(&ids[0]), "{after}");
    let output = desk.run(&["attest", "glow-medspa", "--done", "12345678", "--done", &ids[0], "--by", "olivia"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("has the id 12345678") && desk.list().contains(&ids[0]), "{}", said(&output));
    let output = desk.run(&["attest", "glow-medspa", "--seen", "default_clinic", "--seen", "role", "--by", "olivia"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("the list shows `role` of ana.ruiz@glow.example, ") && desk.list().contains("change: seen"),
        "{}",
        said(&output)
    );
}

#[test]
fn somebody_with_a_user_name_is_attested_under_it() {
    let desk = Desk::new();
    let olivia = "olivia.stone@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown]";
    let ana = "ana.ruiz@glow.example: { id: aruiz, first_name: Ana, last_name: Ruiz, role: provider, clinics: [downtown], default_clinic: downtown }";
    let users = format!("users:\n  {olivia} }}\n  {ana}\n");
    let roster = fs::read_to_string(desk.path("glow.yaml")).expect("the roster");
    let head = roster.split("users:").next().expect("a head").replace("exact", "additive");
    fs::write(desk.path("glow.yaml"), format!("{head}{users}")).expect("written");
    let row = "aruiz: { first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown], status: active }";
    let list = format!(
        "snapshot: glow-medspa\nfrom: []\ntabs:\n  all: {{ total: 2, taken: \"2026-11-27T17:05:00-07:00\" }}\nshows: [first_name, last_name, role, clinics, \
         status]\naccounts:\n  {row}\n  {olivia}, status: active }}\n"
    );
    fs::write(desk.path("snapshots/glow-medspa.yaml"), &list).expect("written");
    let ids = desk.ticked(1);
    let output = desk.run(&["attest", "glow-medspa", "--seen", "default_clinic", "--user", "ana.ruiz@glow.example", "--by", "olivia"]);
    assert!(output.status.success(), "{}", said(&output));
    let output = desk.run(&["attest", "monday.md", "--by", "olivia"]);
    assert!(output.status.success(), "{}", said(&output));
    let lines = desk.list();
    let lines: Vec<&str> = lines.strip_prefix(&format!("{list}attested:\n")).expect("the rest stays").lines().collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("user: aruiz,")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains(&ids[0])), "{lines:#?}");
    let left = said(&desk.run(&["plan", "--format", "runbook"]));
    assert_eq!(left.matches("- [ ] ").count(), 0, "{left}");
}

#[test]
fn ids_from_paper_and_fields_that_somebody_looked_at_are_recorded() {
    let desk = Desk::new();
    let ids = desk.ticked(1);
    let done = desk.run(&["attest", "glow-medspa", "--done", &ids[0], "--by", "olivia"]);
    assert!(done.status.success() && desk.list().contains(&ids[0]), "{}", said(&done));
    let again = desk.run(&["attest", "glow-medspa", "--done", &ids[0], "--by", "olivia"]);
    assert!(again.status.success() && said(&again).contains("recorded before"), "{}", said(&again));
    refused(&desk, &["attest", "glow-medspa", "--done", "12345678", "--by", "olivia"], "no step of the present plan");
    let seen = desk.run(&["attest", "glow-medspa", "--seen", "default_clinic", "--user", "ana.ruiz@glow.example", "--by", "olivia"]);
    assert!(seen.status.success(), "{}", said(&seen));
    let list = desk.list();
    let line = list.lines().find(|line| line.contains("change: seen")).expect("a line");
    assert!(line.contains("set: { default_clinic: uptown }"), "{line}");
    let plan = said(&desk.run(&["plan", "--format", "runbook"]));
    assert!(!plan.contains("Default Clinic"), "{plan}");
    for (field, why) in [
        ("status", "never attested by looking"),
        ("blocked", "never attested by looking"),
        ("role", "the list shows `role`"),
        ("rule", "did you mean `role`?"),
    ] {
        refused(&desk, &["attest", "glow-medspa", "--seen", field, "--by", "olivia"], why);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a tick has a time of this machine")]
fn the_download_of_a_page_is_recorded_with_the_time_of_each_tick() {
    let desk = Desk::new();
    desk.ticked(1);
    let text = fs::read_to_string(desk.path("monday.md")).expect("the runbook");
    let json = text.split("<!-- rosterctl step ").nth(1).and_then(|rest| rest.split(" -->").next()).expect("the data");
    let now = jiff::Timestamp::now().as_millisecond();
    fs::write(desk.path("ticks.json"), format!("{{\"rosterctl\":\"ticks 1\",\"left\":4,\"ticks\":[{{\"step\":{json},\"at\":{now}}}]}}"))
        .expect("written");
    let before = desk.list();
    let output = desk.run(&["attest", "ticks.json", "--by", "olivia"]);
    assert!(output.status.success() && said(&output).contains("4 steps not ticked"), "{}", said(&output));
    let line = added(&before, &desk.list()).concat();
    assert!(line.contains("-07:00"), "in the workspace's time zone: {line}");
}

impl Desk {
    /// Runs `apply` at a terminal, with answers to its questions.
    fn walk(&self, answers: &[&str]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/terminal.py");
        let mut command = Command::new("python3");
        command.arg(script).arg(serde_json::to_string(answers).expect("JSON")).arg(env!("CARGO_BIN_EXE_rosterctl"));
        command.args(["apply", "--approver", "olivia"]).current_dir(self.folder.path()).env("NO_COLOR", "1");
        command.output().expect("python3 runs")
    }
}

#[test]
fn apply_walks_a_person_through_the_steps_and_goes_on_where_it_was_stopped() {
    let desk = Desk::new();
    let before = desk.list();
    let first = desk.walk(&["done", "note", "asked Kim", "d", "skip", "what", "stop"]);
    assert_eq!(first.status.code(), Some(3), "{}", said(&first));
    let text = said(&first);
    for sentence in [
        "Step 1 of 5 in glow-medspa",
        "Go to: Settings › Teammates",
        "Write `done` (d)",
        "Stopped. Run the same command again",
        "Commit the list",
    ] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
    let list = desk.list();
    let added = added(&before, &list);
    assert_eq!(added.len(), 2, "{added:?}");
    assert!(added[1].contains("note: asked Kim") && added.iter().all(|line| line.contains("by: olivia")), "{added:?}");
    let second = desk.walk(&["d", "d", "d"]);
    assert!(said(&second).contains("Step 1 of 3 in glow-medspa"), "{}", said(&second));
    assert_eq!(desk.list().lines().count(), before.lines().count() + 5);
}

#[test]
fn apply_without_a_terminal_says_how_many_steps_wait_and_where() {
    let desk = Desk::new();
    let output = desk.run(&["apply"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains("1 question to answer; 5 steps left") && said(&output).contains("--format runbook` lists them"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_receipt_says_what_was_ticked_what_waits_and_what_the_list_proves() {
    let desk = Desk::new();
    // The list shows that Lee is inactive.
    let lee = desk.list().lines().last().expect("an attestation").replace("tom.reed", "lee.old").replace(", contradicted: [status]", "");
    fs::write(desk.path("snapshots/glow-medspa.yaml"), format!("{}{lee}\n", desk.list())).expect("written");
    desk.ticked(1);
    desk.run(&["attest", "monday.md", "--by", "olivia"]);
    let output = desk.run(&["apply", "--receipt", "receipt.json"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let shown = said(&desk.run(&["show", "receipt.json"]));
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in
        ["Left for a person", "Attested, waiting for the next list (1)", "attested by olivia on ", "4 steps left, which a person must do"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("Proved by the list (1)") && shown.contains("lee.old@glow.example"), "{shown}");
    let json: serde_json::Value = serde_json::from_slice(&desk.run(&["apply", "--format", "json"]).stdout).expect("JSON");
    let own = &json["workspaces"][0];
    assert_eq!(
        (own["list"]["waiting"].as_u64(), own["list"]["proved"].as_u64(), own["converged"].as_bool()),
        (Some(1), Some(1), Some(false))
    );
    assert!(own["changes"].to_string().contains("attested by olivia"), "{own}");
    assert!(!desk.path(".rosterctl/receipts").exists());
}

#[test]
fn somebody_whom_an_incomplete_list_lacks_is_a_step_to_look_for_them() {
    let desk = Desk::new();
    let list = desk.list();
    let total = list.lines().find(|line| line.contains("active: { total: ")).expect("a total");
    let without =
        total.split_once("total: ").map(|(head, rest)| format!("{head}{}", rest.split_once(", ").expect("more").1)).expect("a total");
    fs::write(desk.path("snapshots/glow-medspa.yaml"), list.replacen(total, &without, 1)).expect("written");
    let roster = fs::read_to_string(desk.path("glow.yaml")).expect("the roster");
    let gone = "users:\n  gone.old@glow.example: { first_name: Gone, last_name: Old, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0190\"], status: inactive }\n";
    fs::write(desk.path("glow.yaml"), roster.replacen("users:\n", gone, 1)).expect("written");
    for format in ["runbook", "html"] {
        let text = said(&desk.run(&["plan", "--format", format]));
        assert!(text.contains("Look for Gone Old ("), "{format}: {text}");
        assert!(text.contains("if nobody is there, nothing is to do"), "{format}");
    }
    let runbook = said(&desk.run(&["plan", "--format", "runbook"]));
    let line = runbook.lines().find(|line| line.starts_with("- [ ] ") && line.contains("Gone Old")).expect("a step");
    let id = line.trim_end_matches('`').rsplit('`').next().expect("an id");
    let output = desk.run(&["attest", "glow-medspa", "--done", id, "--by", "olivia"]);
    assert!(output.status.success(), "{}", said(&output));
    let after = said(&desk.run(&["plan", "--format", "runbook"]));
    assert!(!after.contains("Look for Gone Old") && !after.contains("must be looked for"), "{after}");
    let again = desk.run(&["attest", "glow-medspa", "--done", id, "--by", "olivia"]);
    assert!(again.status.success() && said(&again).contains("1 step recorded before"), "{}", said(&again));
}

#[test]
fn an_attestation_that_was_edited_is_named_with_its_place() {
    let desk = Desk::new();
    desk.ticked(6);
    let output = desk.run(&["attest", "monday.md", "--by", "olivia"]);
    assert!(output.status.success(), "{}", said(&output));
    let clean = said(&desk.run(&["validate"]));
    assert!(!clean.contains("warning"), "what is recorded has its own id: {clean}");
    let edited = desk.list().replacen(
        "user: tom.reed@glow.example, change: inactivate",
        "user: tom.reed@glow.example, change: withdraw-invitation",
        1,
    );
    fs::write(desk.path("snapshots/glow-medspa.yaml"), edited).expect("written");
    let said = said(&desk.run(&["validate"]));
    assert!(said.contains("is not that of this step") && said.contains("snapshots/glow-medspa.yaml:"), "{said}");
}

#[test]
fn a_runbook_has_the_names_that_the_product_shows_and_values_that_can_be_copied() {
    let desk = Desk::new();
    let roster = fs::read_to_string(desk.path("glow.yaml")).expect("the roster");
    let new = "users:\n  new.one@glow.example: { first_name: New, last_name: One, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0190\"] }\n";
    fs::write(desk.path("glow.yaml"), roster.replacen("users:\n", new, 1)).expect("written");
    let runbook = said(&desk.run(&["plan", "--format", "runbook"]));
    assert!(runbook.contains("`+16025550190`"), "{runbook}");
    assert!(runbook.contains(": Glow Downtown"), "{runbook}");
}

#[test]
fn the_path_of_a_step_leads_to_the_list_on_which_the_person_is() {
    let desk = Desk::new();
    let roster = fs::read_to_string(desk.path("glow.yaml")).expect("the roster");
    let new = "users:\n  lee.old@glow.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [uptown], privileges: { export-reports: true } }\n  \
               new.one@glow.example: { first_name: New, last_name: One, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0190\"], privileges: { export-reports: true }, passcode: true }\n";
    fs::write(desk.path("glow.yaml"), roster.replacen("users:\n", new, 1)).expect("written");
    let runbook = said(&desk.run(&["plan", "--format", "runbook"])).replace("<!-- -->", "");
    // Lee is inactive until the step after this one.
    assert!(runbook.contains("**Users** › **Inactive** › **Lee Old** › **Edit**\n"), "{runbook}");
    assert!(!runbook.contains("**Users** › **Active** › **Lee Old** › **Edit**\n"), "{runbook}");
    assert!(runbook.contains("Users › Pending Invites › New One › Edit › Manage Privileges"), "{runbook}");
    let plan = said(&desk.run(&["plan"]));
    assert!(!plan.contains("--passcodes") && plan.contains("the roster asks for a passcode; the product shows it once"), "{plan}");
}

#[test]
fn a_saved_plan_after_one_of_its_steps_was_ticked_has_one_step_less() {
    let desk = Desk::new();
    let saved = desk.run(&["plan", "--out", "p.json"]);
    assert!(saved.status.success(), "{}", said(&saved));
    let left = |output: &Output| -> usize {
        let text = said(output);
        let words: Vec<&str> = text.split_whitespace().collect();
        let at =
            words.windows(2).position(|pair| pair[0].parse::<usize>().is_ok() && pair[1].starts_with("step")).expect("a number of steps");
        words[at].parse().expect("a number")
    };
    let before = left(&desk.run(&["apply", "--plan", "p.json", "--yes"]));
    desk.ticked(1);
    assert!(desk.run(&["attest", "monday.md", "--by", "olivia"]).status.success());
    assert_eq!(left(&desk.run(&["apply", "--plan", "p.json", "--yes"])), before - 1);
}

#[test]
fn a_ticked_runbook_in_utf_16_is_read() {
    let desk = Desk::new();
    desk.ticked(1);
    let text = fs::read_to_string(desk.path("monday.md")).expect("the runbook");
    let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(desk.path("monday.md"), bytes).expect("written");
    let output = desk.run(&["attest", "monday.md", "--by", "olivia"]);
    assert!(output.status.success(), "{}", said(&output));
}
