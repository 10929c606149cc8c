//! A1: the real program is killed at every named point of every kind of change, and run again in another directory.
//!
//! `./test` builds with the feature `failpoints`; without it there is nothing to kill at.
#![cfg(feature = "failpoints")]

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Instant;

use bytes::Bytes;
use futures::{StreamExt, stream};
use rosterctl::directory::failpoint::Point;
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{InProcess, Reader, ScimDirectory, Server, Transport};
use rosterctl::model::*;
use rosterctl::server::embedded;
use rosterctl::store::{ExportedHeads, Store, verify_logs};
use tokio::process::Command;

const CODE_WORD: &str = "seven brown otters";

/// A roster of this test with its workspace.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    platform: &'static str,
    main_admin: &'static str,
}

const CASES: [Case; 2] = [
    Case { name: "medspa", platform: "aesthetic-record", main_admin: "olivia.stone@glow.example" },
    Case { name: "dental", platform: "practice-by-numbers", main_admin: "dana.fox@bright.example" },
];

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// A fresh roster directory.
fn roster(case: Case, at: &Path) -> PathBuf {
    let to = at.join("roster");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kill").join(case.name), &to);
    std::fs::write(to.join("code-word"), CODE_WORD).unwrap();
    to
}

fn command(roster: &Path, args: &[&str], log: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).arg(roster).env("ROSTERCTL_CONFIRM_PHONE", "+1 602 555 0100").env("ROSTERCTL_FAILPOINT_LOG", log);
    command
}

async fn rosterctl(roster: &Path, args: &[&str], kill_at: Option<(Point, usize)>, log: &Path) -> Output {
    let mut command = command(roster, args, log);
    if let Some((point, nth)) = kill_at {
        command.env("ROSTERCTL_FAILPOINT", format!("{}:{nth}", point.as_str()));
    }
    command.output().await.unwrap()
}

const APPLY: [&str; 6] = ["apply", "--yes", "--parallelism", "1", "--passcodes", PASSCODES];

/// A file in the folder of build products, to which all runs add.
const PASSCODES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/passcodes.txt");

/// An account without its id, version and times.
#[derive(Debug, PartialEq)]
struct Held {
    standing: Standing,
    block: Option<Block>,
    invitation: Option<InvitationState>,
    fields: Fields,
    privileges: BTreeSet<String>,
    has_passcode: bool,
}

/// The end of a run, without what differs from run to run: ids, versions, times.
#[derive(Debug, PartialEq)]
struct End {
    accounts: BTreeMap<Email, Held>,
    clinics: BTreeMap<String, String>,
    roles: BTreeMap<String, (String, BTreeSet<String>)>,
    employees: BTreeMap<String, (String, String, bool, bool)>,
    code_word: Option<bool>,
    /// The number of invitations that each login was ever sent under a plan.
    invitations: BTreeMap<String, usize>,
}

async fn end(case: Case, roster: &Path) -> End {
    let file = roster.join(".rosterctl").join(format!("{}.db", case.name));
    let store = Store::open(&file).await.unwrap();
    let transport = InProcess::new(embedded(store.clone(), case.name, &case.main_admin.parse().unwrap()));
    let server = Server {
        name: ServerId::Embedded { workspace: case.name.to_owned(), store: None },
        base: format!("http://embedded/{}/scim/v2", case.name).parse().unwrap(),
        platform: PlatformId(case.platform.to_owned()),
        country: None,
        code_word: Some(Secret::new(CODE_WORD.to_owned())),
        now: 0,
        backoff: Backoff::default(),
    };
    let log = http::Request::get(format!("http://embedded/{}/api/v1/log", case.name)).body(Bytes::new()).unwrap();
    let log: serde_json::Value = serde_json::from_slice(transport.send(log).await.unwrap().body()).unwrap();
    let mut invitations = BTreeMap::new();
    for row in log["entries"].as_array().unwrap() {
        if matches!(row["action"].as_str(), Some("invite" | "resend-invitation")) && row["plan"].is_string() {
            *invitations.entry(row["subject"]["name"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    let directory = ScimDirectory::connect(transport, server).await.unwrap();
    let actual = directory.read().await.unwrap();
    let accounts = actual.accounts.into_iter().map(|a| {
        let (standing, invitation) = (a.state.standing(), a.state.invitation.as_ref().map(|i| i.state));
        let held = Held {
            standing,
            block: a.state.block,
            invitation,
            fields: a.fields,
            privileges: (*a.privileges).clone(),
            has_passcode: a.has_passcode,
        };
        (a.email, held)
    });
    let end = End {
        accounts: accounts.collect(),
        clinics: actual.clinics.into_iter().map(|(key, c)| (key, c.name)).collect(),
        roles: actual.roles.into_iter().map(|(key, r)| (key, (r.name, r.privileges))).collect(),
        employees: actual.employees.into_iter().map(|e| (e.key, (e.first_name, e.last_name, e.active, e.external))).collect(),
        code_word: actual.code_word_matches.map(|check| check == rosterctl::model::CodeWordCheck::Matches),
        invitations,
    };
    store.close().await;
    // L2: no kill leaves a row that the chain does not fit.
    let checked = verify_logs(&file, &ExportedHeads::new()).await.unwrap();
    assert_eq!(checked[case.name].fault, None, "{checked:?}");
    end
}

/// Lists what the plan of a fresh roster does, in its order.
async fn actions(roster: &Path, log: &Path) -> Vec<String> {
    let output = rosterctl(roster, &["plan", "--format", "json"], None, log).await;
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let changes = plan["workspaces"][0]["changes"].as_array().unwrap();
    changes.iter().map(|c| c["action"].as_str().unwrap().to_owned()).collect()
}

fn killed(output: &Output, log: &Path, point: Point, here: &str) {
    assert_eq!(output.status.signal(), Some(9), "{here}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_to_string(log).unwrap_or_default().trim(), point.as_str(), "{here}: the point was reached");
}

/// Moves the roster with its store, runs it again and looks at the end.
async fn run_again(case: Case, at: &Path, here: &str) -> End {
    let elsewhere = at.join("elsewhere");
    copy(&at.join("roster"), &elsewhere);
    std::fs::remove_dir_all(at.join("roster")).unwrap();
    let log = at.join("second");
    let output = rosterctl(&elsewhere, &APPLY, None, &log).await;
    assert_eq!(output.status.code(), Some(0), "{here}: {}", String::from_utf8_lossy(&output.stderr));
    let output = rosterctl(&elsewhere, &["plan", "--detailed-exitcode"], None, &log).await;
    assert_eq!(output.status.code(), Some(0), "{here}: the next plan is empty");
    assert!(!log.exists());
    end(case, &elsewhere).await
}

/// A whole run that nobody disturbs: what it does, and how it ends.
async fn undisturbed(case: Case) -> (Vec<String>, End) {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let roster = roster(case, scratch.path());
    let actions = actions(&roster, &log).await;
    let output = rosterctl(&roster, &APPLY, None, &log).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let end = end(case, &roster).await;
    assert!(end.invitations.values().all(|sent| *sent == 1), "{:?}", end.invitations);
    (actions, end)
}

/// One run that is killed, and the one after it.
async fn kill_once(case: Case, point: Point, nth: usize, here: String, wanted: &End) {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let roster = roster(case, scratch.path());
    let output = if point == Point::PlanCheck {
        let plan = scratch.path().join("saved.plan");
        let saved = plan.to_str().unwrap();
        assert_eq!(rosterctl(&roster, &["plan", "--out", saved], None, &log).await.status.code(), Some(0));
        rosterctl(&roster, &[&APPLY[..], &["--plan", saved]].concat(), Some((point, nth)), &log).await
    } else {
        rosterctl(&roster, &APPLY, Some((point, nth)), &log).await
    };
    killed(&output, &log, point, &here);
    assert_eq!(run_again(case, scratch.path(), &here).await, *wanted, "{here}");
}

#[tokio::test]
async fn killed_at_any_point_of_any_change_a_second_run_ends_in_the_same_state_with_no_second_invitation() {
    // A1
    let each = [Point::BeforeIntent, Point::AfterIntent, Point::SentNotApplied, Point::AppliedAnswerLost, Point::AnsweredNotJournaled];
    let whole = [Point::PlanCheck, Point::FirstOp, Point::Exit];
    assert_eq!(each.len() + whole.len(), Point::ALL.len());
    let mut kills = 0;
    let mut kinds = BTreeSet::new();
    for case in CASES {
        let (actions, wanted) = undisturbed(case).await;
        let mut runs = Vec::new();
        for (nth, action) in actions.iter().enumerate() {
            runs.extend(each.map(|point| (point, nth + 1, format!("{} {action} {}", case.name, point.as_str()))));
        }
        runs.extend(whole.map(|point| (point, 1, format!("{} {}", case.name, point.as_str()))));
        kills += runs.len();
        kinds.extend(actions);
        let runs = runs.into_iter().map(|(point, nth, here)| kill_once(case, point, nth, here, &wanted));
        stream::iter(runs).buffer_unordered(4).collect::<Vec<()>>().await;
    }
    let all: BTreeSet<String> = Action::ALL.iter().map(|a| a.as_str().to_owned()).collect();
    assert_eq!(kinds, all, "every kind of change was killed at every point");
    println!("{kills} kills: {} kinds of change at {} points, and {} points of a run as a whole", all.len(), each.len(), whole.len());
}

/// One run of a saved plan that is killed; the same plan, applied again, does the rest of it.
async fn kill_saved_once(case: Case, point: Point, nth: usize, here: String, wanted: &End) {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let roster = roster(case, scratch.path());
    let plan = scratch.path().join("saved.plan");
    assert_eq!(rosterctl(&roster, &["plan", "--out", plan.to_str().unwrap()], None, &log).await.status.code(), Some(0));
    let apply = [&APPLY[..], &["--plan", plan.to_str().unwrap()]].concat();
    killed(&rosterctl(&roster, &apply, Some((point, nth)), &log).await, &log, point, &here);
    let output = rosterctl(&roster, &apply, None, &log).await;
    let said = format!("{here}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(end(case, &roster).await, *wanted, "{here}");
    // Once more: everything of it is done, and nothing happens twice.
    assert_eq!(rosterctl(&roster, &apply, None, &log).await.status.code(), Some(0), "{here}");
    assert_eq!(end(case, &roster).await, *wanted, "{here}");
}

#[tokio::test]
async fn a_passcode_that_was_never_shown_is_reported() {
    // AR-11
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let roster = roster(CASES[0], scratch.path());
    let nth = actions(&roster, &log).await.iter().position(|action| action == "generate-passcode").unwrap() + 1;
    let output = rosterctl(&roster, &APPLY, Some((Point::AppliedAnswerLost, nth)), &log).await;
    killed(&output, &log, Point::AppliedAnswerLost, "generate-passcode");
    let said = |output: Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let first = said(rosterctl(&roster, &APPLY, None, &log).await);
    assert!(first.contains("interrupted while it generated a passcode for"), "{first}");
    assert_eq!(rosterctl(&roster, &["plan", "--detailed-exitcode"], None, &log).await.status.code(), Some(0));
}

#[tokio::test]
async fn a_saved_plan_that_was_killed_is_applied_again_and_does_the_rest() {
    // A1, rules 2 and 5 of the core
    let mut kills = 0;
    for case in CASES {
        let (actions, wanted) = undisturbed(case).await;
        let points = [Point::BeforeIntent, Point::AppliedAnswerLost];
        let runs = actions
            .iter()
            .enumerate()
            .flat_map(|(nth, action)| points.map(|point| (point, nth + 1, format!("{} {action} {}", case.name, point.as_str()))));
        let runs: Vec<_> = runs.map(|(point, nth, here)| kill_saved_once(case, point, nth, here, &wanted)).collect();
        kills += runs.len();
        stream::iter(runs).buffer_unordered(4).collect::<Vec<()>>().await;
    }
    println!("{kills} kills");
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "the kills are spread over the time a run takes, and more of them are asked for from outside")]
async fn killed_at_any_time_a_second_run_ends_in_the_same_state_with_no_second_invitation() {
    // A3; `ROSTERCTL_KILLS` asks for more of them.
    let wanted_kills: u32 = std::env::var("ROSTERCTL_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let case = CASES[0];
    let (_, wanted) = undisturbed(case).await;
    let begin = Instant::now();
    undisturbed(case).await;
    // Two thirds of it are the plan before and the reading after.
    let whole = begin.elapsed();
    let (mut tried, mut kills, mut amid) = (0, 0, 0);
    while kills < wanted_kills {
        assert!(tried < 20 + 5 * wanted_kills, "the kills come too late to hit anything");
        // The golden ratio spreads any number of kills evenly over the run.
        let wait = whole.mul_f64((f64::from(tried) * 0.618_033_988_75).fract());
        tried += 1;
        let scratch = tempfile::tempdir().unwrap();
        let roster = roster(case, scratch.path());
        let mut child = command(&roster, &APPLY, &scratch.path().join("log"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(wait).await;
        child.start_kill().unwrap();
        let status = child.wait().await.unwrap();
        if status.signal() == Some(9) {
            kills += 1;
            amid += u32::from(is_amid_writing(&roster));
        }
        assert_eq!(run_again(case, scratch.path(), &format!("killed after {wait:?}")).await, wanted);
    }
    assert!(amid > 0, "no kill fell between the first write and the last: the run proves nothing");
    println!("{kills} kills in {tried} runs, {amid} of them amid the writing");
}

/// Returns whether the journal has a change and no end.
fn is_amid_writing(roster: &Path) -> bool {
    let Ok(journals) = std::fs::read_dir(roster.join(".rosterctl/journals")) else { return false };
    let texts: Vec<String> = journals.filter_map(|j| std::fs::read_to_string(j.ok()?.path()).ok()).collect();
    texts.iter().any(|t| t.contains(r#""event":"intent""#) && !t.contains(r#""event":"end""#))
}
