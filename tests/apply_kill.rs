//! A1: the real program is killed at every named point of every kind of change, and run again in another directory.
//!
//! `./test` builds with the feature `failpoints`; without it there is nothing to kill at.
#![cfg(feature = "failpoints")]

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bytes::Bytes;
use rosterctl::directory::failpoint::Point;
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{InProcess, Reader, ScimDirectory, Server, Transport};
use rosterctl::model::*;
use rosterctl::server::embedded;
use rosterctl::store::Store;

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

fn rosterctl(roster: &Path, args: &[&str], kill_at: Option<(Point, usize)>, log: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(args).arg(roster).env("ROSTERCTL_CONFIRM_PHONE", "+1 602 555 0100").env("ROSTERCTL_FAILPOINT_LOG", log);
    if let Some((point, nth)) = kill_at {
        command.env("ROSTERCTL_FAILPOINT", format!("{}:{nth}", point.as_str()));
    }
    command.output().unwrap()
}

const APPLY: [&str; 4] = ["apply", "--yes", "--parallelism", "1"];

/// The end of a run, without what differs from run to run: ids, versions, times.
#[derive(Debug, PartialEq)]
struct End {
    accounts: BTreeMap<Email, (Standing, Option<Block>, Option<InvitationState>, Fields, BTreeSet<String>, bool)>,
    clinics: BTreeMap<String, String>,
    roles: BTreeMap<String, (String, BTreeSet<String>)>,
    employees: BTreeMap<String, (String, String, bool, bool)>,
    code_word: Option<bool>,
    /// How many invitations each login was ever sent under a plan.
    invitations: BTreeMap<String, usize>,
}

async fn end(case: Case, roster: &Path) -> End {
    let store = Store::open(&roster.join(".rosterctl").join(format!("{}.db", case.name))).await.unwrap();
    let transport = InProcess::new(embedded(store.clone(), case.name, &case.main_admin.parse().unwrap()));
    let server = Server {
        name: String::new(),
        base: format!("http://embedded/{}/scim/v2", case.name).parse().unwrap(),
        platform: PlatformId(case.platform.to_owned()),
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
        let invitation = a.state.invitation.as_ref().map(|i| i.state);
        (a.email, (a.state.standing(), a.state.block.clone(), invitation, a.fields, a.privileges, a.has_passcode))
    });
    let end = End {
        accounts: accounts.collect(),
        clinics: actual.clinics.into_iter().map(|(key, c)| (key, c.name)).collect(),
        roles: actual.roles.into_iter().map(|(key, r)| (key, (r.name, r.privileges))).collect(),
        employees: actual.employees.into_iter().map(|e| (e.key, (e.first_name, e.last_name, e.active, e.external))).collect(),
        code_word: actual.code_word_matches,
        invitations,
    };
    store.close().await;
    end
}

/// What the plan of a fresh roster does, in its order.
fn actions(roster: &Path, log: &Path) -> Vec<String> {
    let output = rosterctl(roster, &["plan", "--format", "json"], None, log);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let changes = plan["workspaces"][0]["changes"].as_array().unwrap();
    changes.iter().map(|c| c["action"].as_str().unwrap().to_owned()).collect()
}

fn killed(output: &Output, log: &Path, point: Point, here: &str) {
    assert_eq!(output.status.signal(), Some(9), "{here}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_to_string(log).unwrap_or_default().trim(), point.as_str(), "{here}: the point was reached");
}

/// Moves the roster with its store, runs it again and looks at the end.
async fn again(case: Case, at: &Path, here: &str) -> End {
    let elsewhere = at.join("elsewhere");
    copy(&at.join("roster"), &elsewhere);
    std::fs::remove_dir_all(at.join("roster")).unwrap();
    let log = at.join("second");
    let output = rosterctl(&elsewhere, &APPLY, None, &log);
    assert_eq!(output.status.code(), Some(0), "{here}: {}", String::from_utf8_lossy(&output.stderr));
    let output = rosterctl(&elsewhere, &["plan", "--detailed-exitcode"], None, &log);
    assert_eq!(output.status.code(), Some(0), "{here}: the next plan is empty");
    assert!(!log.exists());
    end(case, &elsewhere).await
}

#[tokio::test]
async fn killed_at_any_point_of_any_change_a_second_run_ends_in_the_same_state_with_no_second_invitation() {
    // A1
    let points = [Point::BeforeIntent, Point::AfterIntent, Point::SentNotApplied, Point::AppliedAnswerLost, Point::AnsweredNotJournaled];
    let mut kills = 0;
    let mut kinds = BTreeSet::new();
    for case in CASES {
        let scratch = tempfile::tempdir().unwrap();
        let log = scratch.path().join("log");
        let whole = roster(case, scratch.path());
        let actions = actions(&whole, &log);
        let output = rosterctl(&whole, &APPLY, None, &log);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let wanted = end(case, &whole).await;
        assert!(wanted.invitations.values().all(|sent| *sent == 1), "{:?}", wanted.invitations);
        for point in points {
            for (i, action) in actions.iter().enumerate() {
                let here = format!("{} {action} {}", case.name, point.as_str());
                let scratch = tempfile::tempdir().unwrap();
                let log = scratch.path().join("log");
                let output = rosterctl(&roster(case, scratch.path()), &APPLY, Some((point, i + 1)), &log);
                killed(&output, &log, point, &here);
                assert_eq!(again(case, scratch.path(), &here).await, wanted, "{here}");
                kinds.insert(action.clone());
                kills += 1;
            }
        }
        for point in [Point::PlanCheck, Point::FirstOp, Point::Exit] {
            let here = format!("{} {}", case.name, point.as_str());
            let scratch = tempfile::tempdir().unwrap();
            let (log, plan) = (scratch.path().join("log"), scratch.path().join("saved.plan"));
            let roster = roster(case, scratch.path());
            let saved = plan.to_str().unwrap();
            assert_eq!(rosterctl(&roster, &["plan", "--out", saved], None, &log).status.code(), Some(0));
            let output = rosterctl(&roster, &[&APPLY[..], &["--plan", saved]].concat(), Some((point, 1)), &log);
            killed(&output, &log, point, &here);
            assert_eq!(again(case, scratch.path(), &here).await, wanted, "{here}");
            kills += 1;
        }
    }
    let all: BTreeSet<String> = Action::ALL.iter().map(|a| a.as_str().to_owned()).collect();
    assert_eq!(kinds, all, "every kind of change was killed at every point");
    println!("{kills} kills: {} kinds of change at {} points, and 3 points of a run as a whole", all.len(), points.len());
}
