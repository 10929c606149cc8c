//! Steps that people do by hand: none before the one that must come first, none lost between two runs, none of a list that has changed.

use std::process::{Command, Stdio};

use crate::prompt::run_at_a_terminal;
use crate::support::{Roster, Said};

const ROSTER: &str = "workspace: glow
platform: aesthetic-record
connection: { snapshot: list.yaml }
main_admin: olivia@glow.example
manage: exact
stale_after: 90000d
guards: { removals: { count: 50, share: 1.0 } }
clinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }
users:
  olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown] }
  lee@glow.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [downtown] }
";

const LIST: &str = "snapshot: glow
tabs: { all: { total: 2, taken: 2026-11-27T17:00:00Z } }
shows: [first_name, last_name, role, clinics, status]
accounts:
  lee@glow.example: { first_name: Lee, last_name: Old, role: medical-director, clinics: [downtown], status: inactive }
  olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], status: active }
";

const BY: [&str; 2] = ["--by", "olivia@glow.example"];

/// Somebody who comes back with fewer privileges: these are taken away before the account is activated.
fn returner() -> Roster {
    let mut roster = Roster::empty();
    roster.write("glow.yaml", ROSTER);
    roster.write("list.yaml", LIST);
    roster.set("ROSTERCTL_APPROVER", "olivia@glow.example");
    roster
}

fn list(roster: &Roster) -> String {
    std::fs::read_to_string(roster.path().join("list.yaml")).expect("the list")
}

fn runbook(roster: &Roster) -> String {
    roster.expect(0, &["plan", "--format", "runbook"]).stdout
}

/// The ids of the boxes, in order.
fn boxes(roster: &Roster) -> Vec<String> {
    let id = |line: &str| Some(line.strip_prefix("- [ ] ")?.trim_end_matches('`').rsplit('`').next()?.to_owned());
    runbook(roster).lines().filter_map(id).collect()
}

fn at_a_terminal(roster: &Roster, answers: &[&str]) -> Said {
    run_at_a_terminal(roster, &["apply"], answers, &[("ROSTERCTL_APPROVER", "olivia@glow.example")])
}

#[test]
fn a_step_is_not_asked_for_while_the_one_before_it_is_not_done() {
    let roster = returner();
    let ids = boxes(&roster);
    let [update, activate] = ids.as_slice() else { panic!("{ids:?}") };
    assert!(runbook(&roster).contains(&format!("Only after: `{update}`")), "{}", runbook(&roster));
    let skipped = at_a_terminal(&roster, &["skip", "done"]);
    assert_eq!(skipped.code, 3, "{}", skipped.stdout);
    assert!(skipped.stdout.contains(&format!("[{activate}]")), "{}", skipped.stdout);
    assert!(skipped.stdout.contains(&format!("Not yet: do it only after {update}.")), "{}", skipped.stdout);
    assert_eq!((skipped.stdout.matches("done, skip, note or stop?").count(), list(&roster)), (1, LIST.to_owned()), "{}", skipped.stdout);
    let both = at_a_terminal(&roster, &["done", "done"]);
    assert!(both.stdout.contains(&format!("Only after: {update}")), "{}", both.stdout);
    assert_eq!(list(&roster).matches("  - { id: ").count(), 2, "{}", list(&roster));
}

#[test]
fn a_tick_before_the_step_that_must_come_first_is_recorded_and_said() {
    let roster = returner();
    let ids = boxes(&roster);
    let [update, activate] = ids.as_slice() else { panic!("{ids:?}") };
    let early = format!("should be done only after {update}, which nobody has ticked");
    roster.write("rb.md", &runbook(&roster).replace("- [ ] ", "- [x] "));
    let alone = roster.expect(0, &["attest", "glow", "--done", activate, BY[0], BY[1]]);
    assert!(alone.stderr.contains("1 step recorded") && alone.stderr.contains(&early), "{}", alone.stderr);
    let path = runbook(&roster);
    assert!(path.contains("Go to: ") && !path.contains("**Inactive**"), "the person is among the active ones by now: {path}");
    let rest = roster.expect(0, &["attest", "glow", "--done", update, BY[0], BY[1]]);
    assert!(!rest.stderr.contains("only after"), "{}", rest.stderr);
    roster.write("list.yaml", LIST);
    assert!(runbook(&roster).contains("**Inactive**"));
    let file = roster.expect(0, &["attest", "rb.md", BY[0], BY[1]]);
    assert!(file.stderr.contains("2 steps recorded") && !file.stderr.contains("only after"), "{}", file.stderr);
    roster.write("list.yaml", LIST);
    let ticked = runbook(&roster);
    let (first, second) = ticked.split_once(&format!("`{update}`\n")).expect("two boxes");
    roster.write("rb.md", &format!("{first}`{update}`\n{}", second.replace("- [ ] ", "- [x] ")));
    let file = roster.expect(0, &["attest", "rb.md", BY[0], BY[1]]);
    assert!(file.stderr.contains("1 step recorded") && file.stderr.contains(&early), "{}", file.stderr);
}

#[test]
fn several_runs_at_once_lose_no_tick() {
    let roster = returner();
    let people: Vec<String> = (0..8).map(|n| format!("p{n}@glow.example")).collect();
    let user = |login: &String| format!("  {login}: {{ first_name: Pat, last_name: Hill, role: front-desk, clinics: [downtown");
    let wanted = people.iter().map(|login| format!("{}, uptown] }}\n", user(login))).collect::<Vec<_>>().concat();
    let shown = people.iter().map(|login| format!("{}], status: active }}\n", user(login))).collect::<Vec<_>>().concat();
    roster.write("glow.yaml", &format!("{ROSTER}{wanted}"));
    roster.write("list.yaml", &format!("{}{shown}", LIST.replace("total: 2", "total: 10")));
    let ids: Vec<String> = boxes(&roster).into_iter().skip(2).collect();
    assert_eq!(ids.len(), 8);
    let start = |id: &String| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        command.args(["attest", "glow", "--done", id, BY[0], BY[1]]).current_dir(roster.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
    };
    let runs: Vec<_> = ids.iter().map(start).collect();
    assert!(runs.into_iter().all(|mut run| run.wait().expect("its end").success()));
    let list = list(&roster);
    assert!(ids.iter().all(|id| list.contains(id.as_str())), "{list}");
    assert!(list.lines().filter(|line| line.starts_with("  - { id: ")).is_sorted_by_key(|line| line.split("user: ").nth(1)), "{list}");
}

#[test]
fn a_saved_plan_has_no_step_of_a_row_that_has_changed_since() {
    let roster = returner();
    let eve = "  eve@glow.example: { first_name: Eve, last_name: Low, role: front-desk, clinics: [downtown], status: active }\n";
    let list = LIST.replace("total: 2", "total: 3").replace("  lee@", &format!("{eve}  lee@"));
    roster.write("list.yaml", &list);
    roster.expect(0, &["plan", "--out", "monday.plan"]);
    let narrowed = roster.expect(3, &["apply", "--user", "eve@glow.example"]);
    assert!(narrowed.stderr.contains("--workspace glow --user eve@glow.example --format runbook"), "{}", narrowed.stderr);
    let all = roster.expect(3, &["apply", "--plan", "monday.plan"]);
    assert!(all.stderr.contains("glow: 3 steps left") && all.stdout.contains("eve@"), "{}{}", all.stdout, all.stderr);
    roster.write(
        "list.yaml",
        &list.replace("role: front-desk, clinics: [downtown], status: active", "role: front-desk, clinics: [downtown], status: inactive"),
    );
    let done = roster.expect(3, &["apply", "--plan", "monday.plan"]);
    assert!(
        done.stderr.contains("glow: 2 steps left") && !done.stdout.contains("eve@"),
        "the list shows it: {}{}",
        done.stdout,
        done.stderr
    );
    roster.write("list.yaml", &list.replace("role: medical-director", "role: provider"));
    let drifted = roster.expect(5, &["apply", "--plan", "monday.plan"]);
    assert!(drifted.stderr.contains("left alone: lee@glow.example"), "{}", drifted.stderr);
    assert!(drifted.stderr.contains("glow: 1 step left") && !drifted.stdout.contains("lee@"), "{}{}", drifted.stdout, drifted.stderr);
}

#[test]
fn an_attested_fact_is_named_where_a_change_or_the_rights_rest_on_it() {
    let roster = returner();
    let own = "phones: [\"+1 602 555 0100\"], dashboard_access: true, privileges: { export-reports: false }";
    roster.edit("glow.yaml", "role: administrator, clinics: [downtown] }", &format!("role: administrator, clinics: [downtown], {own} }}"));
    let words = |said: Said| said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let user = ["--user", "olivia@glow.example"];
    roster.expect(0, &[&["attest", "glow", "--seen", "dashboard_access", "--seen", "privileges"][..], &user, &BY].concat());
    let plan = words(roster.expect(0, &[&["plan"][..], &user].concat()));
    assert!(
        plan.contains("dashboard access yes (attested)") && plan.contains("+16025550100 (the list does not show what it is)"),
        "{plan}"
    );
    let users = words(roster.expect(0, &[&["users"][..], &user].concat()));
    assert!(users.contains("Privileges 1, from the role and the user's own privileges:"), "{users}");
    assert!(users.contains("see 1") && users.contains("attested 1") && !users.contains("attested 1; attested 1"), "{users}");
}

#[test]
fn an_invitation_that_can_be_accepted_again_is_a_change_of_the_list() {
    let roster = returner();
    let take = |state: &str, taken: &str| {
        let rows =
            format!("Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Admin,Active\nLee Old,lee@glow.example,Front Desk,{state}\n");
        roster.write("u.csv", &rows);
        roster.expect(0, &["snapshot", "glow", "u.csv", "--total", "2", "--without", "clinics", "--taken", taken]).stdout
    };
    take("Invite expired", "2026-11-28T17:00:00Z");
    let again = take("Invited", "2026-11-28T18:00:00Z");
    assert!(again.contains("~ lee@glow.example: the invitation can be accepted again"), "{again}");
}

#[test]
fn a_note_of_a_step_that_is_not_done_is_not_lost_in_silence_and_two_notes_are_both_kept() {
    let roster = returner();
    for answer in ["skip", "stop"] {
        let said = at_a_terminal(&roster, &["note", "Lee called: no", answer]);
        assert!(said.stdout.contains("The note is not recorded, since the step is not done: Lee called: no."), "{answer}: {}", said.stdout);
        assert_eq!(list(&roster), LIST, "{answer}");
    }
    at_a_terminal(&roster, &["note", "first", "note", "second", "done", "stop"]);
    assert!(list(&roster).contains("note: \"first; second\""), "{}", list(&roster));
    let log = roster.expect(0, &["log"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(log.contains("; note: first; second; "), "a note is not what the list shows: {log}");
}

#[test]
fn stop_ends_the_questions_of_all_workspaces_and_what_nobody_did_is_not_to_be_committed() {
    let roster = returner();
    roster.write("spa.yaml", &ROSTER.replace("workspace: glow", "workspace: spa").replace("list.yaml", "spa-list.yaml"));
    roster.write("spa-list.yaml", &LIST.replace("snapshot: glow", "snapshot: spa"));
    let stopped = at_a_terminal(&roster, &["stop", "stop"]);
    assert_eq!(stopped.stdout.matches("done, skip, note or stop?").count(), 1, "{}", stopped.stdout);
    assert!(
        stopped.stdout.contains("spa: 2 steps left") && stopped.stdout.contains("--workspace spa --format runbook"),
        "{}",
        stopped.stdout
    );
    assert!(stopped.code == 3 && !stopped.stdout.contains("Commit the list"), "{}", stopped.stdout);
    let one_done = at_a_terminal(&roster, &["done", "stop"]);
    assert!(one_done.stdout.contains("Commit the list") && !one_done.stdout.contains("in spa"), "{}", one_done.stdout);
}

#[test]
fn nobody_is_asked_who_they_are_for_a_question_that_the_roster_answers() {
    let roster = returner();
    let apply = || run_at_a_terminal(&roster, &["apply"], &[], &[]);
    let unknown = apply();
    assert!(unknown.code == 1 && unknown.stdout.contains("nothing says who did this: add `--approver NAME`"), "{}", unknown.stdout);
    roster.write(
        "list.yaml",
        &LIST.replace("lee@", "lee.new@").replace("status: inactive", "status: active").replace("medical-director", "front-desk"),
    );
    let question = apply();
    assert!(question.code == 3 && question.stdout.contains("The same person?"), "{}", question.stdout);
    assert!(
        question.stdout.contains("glow: 1 question to answer; no step is left to do")
            && question.stdout.contains("--format runbook` lists them"),
        "{}",
        question.stdout
    );
}
