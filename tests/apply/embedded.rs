//! Every example and scenario through the real router: applied with answers lost, it converges, and a second apply writes nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::scenario;
use crate::support::{going_on, is_done};
use bytes::Bytes;
use rosterctl::apply::{Journal, Options, Progress, Quiet, Secrets, apply, confirm, converge};
use rosterctl::directory::{InProcess, Provenance, Reader, ScimDirectory, Server, Transport, TransportError};
use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::*;
use rosterctl::reconcile::{approve, diff};
use rosterctl::report::sentences;
use rosterctl::server::{HashingCost, Settings, embedded_with, seed};
use rosterctl::store::{Clock, HandClock, Store};

/// Counts writes, and loses the answers to some: the server has acted, and the client hears nothing.
struct Line {
    inner: InProcess,
    /// So many answers to the same write are lost.
    lost: usize,
    /// The writes that were sent, in order.
    writes: Mutex<Vec<String>>,
}

impl Transport for Line {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let path = request.uri().path().to_owned();
        let is_write = request.method() != http::Method::GET && !path.ends_with("/.search") && !path.ends_with("/verify");
        let key = request.headers().get("idempotency-key").map(|k| k.to_str().unwrap().to_owned());
        let answer = self.inner.send(request).await?;
        if is_write {
            let mut writes = self.writes.lock().unwrap();
            let key = key.expect("every write has a key");
            let what = if path.contains("/actions/") { path } else { key };
            writes.push(what.clone());
            if writes.iter().filter(|w| **w == what).count() <= self.lost {
                return Err(TransportError::Network(NetworkError::InProcess { source_text: "connection reset".to_owned() }));
            }
        }
        Ok(answer)
    }
}

fn sources(folder: &Path) -> Sources {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.push(Source { name, bytes: std::fs::read(&path).unwrap() });
        }
    }
    Sources { files }
}

fn folders(below: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let mut all: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    all.sort();
    all
}

/// A folder with a scenario's files, and the phone number that confirms its blocks.
fn laid_out(scenario: &scenario::Scenario, below: &Path) -> PathBuf {
    let folder = below.join(&scenario.title);
    std::fs::create_dir(&folder).unwrap();
    scenario.lay_out(&folder);
    if let Some(phone) = scenario.phone() {
        std::fs::write(folder.join("phone"), phone).unwrap();
    }
    folder
}

fn secret(folder: &Path, reference: &SecretRef) -> Option<Secret> {
    match reference {
        SecretRef::File(path) => std::fs::read_to_string(folder.join(path)).ok().map(|t| Secret::new(t.trim_end().to_owned())),
        SecretRef::Env(_) | SecretRef::Command(_) => Some(Secret::new("a-secret-of-the-test".to_owned())),
    }
}

async fn connect(desired: &Desired, store: &Store, folder: &Path, lost: usize) -> (ScimDirectory<Line>, Secrets) {
    let acting = desired.main_admin.clone().unwrap_or_else(|| "nobody@glow.example".parse().unwrap());
    let settings = Settings { hashing: HashingCost::Least, ..Settings::default() };
    let inner = InProcess::new(embedded_with(store.clone(), &desired.workspace, &acting, settings));
    let code_word = desired.code_word.as_ref().and_then(|r| secret(folder, r));
    let server = Server {
        name: ServerId::Embedded { workspace: desired.workspace.clone(), store: None },
        base: format!("http://embedded/{}/scim/v2", desired.workspace).parse().unwrap(),
        platform: desired.platform.clone(),
        country: None,
        code_word: code_word.clone(),
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    let users = desired.users.values();
    let secrets = Secrets {
        confirm_phone: std::fs::read_to_string(folder.join("phone"))
            .ok()
            .or_else(|| {
                let admin = desired.users.get(desired.main_admin.as_ref()?)?;
                admin.fields.items(Field::Phones).into_iter().next().map(str::to_owned)
            })
            .map(|p| Secret::new(p.trim().to_owned())),
        code_word,
        initial_passwords: users.filter_map(|u| Some((u.email.clone(), secret(folder, u.initial_password.as_ref()?)?))).collect(),
    };
    let line = Line { inner, lost, writes: Mutex::new(Vec::new()) };
    (ScimDirectory::connect(line, server).await.unwrap(), secrets)
}

/// Applies one workspace. `None` where a guard or a missing confirmation stops it; else its records, and what is left.
async fn run(desired: &Desired, directory: &ScimDirectory<Line>, secrets: Secrets) -> Option<WorkspaceReceipt> {
    let actual = directory.read().await.unwrap();
    let approved = approve(diff(desired, &actual), &actual, desired).ok()?;
    confirm::check(approved.plan(), &BTreeSet::new(), &actual, secrets.confirm_phone.as_ref()).ok()?;
    let provenance = Provenance { plan: approved.digest().clone(), approver: None, commit: None };
    let options = Options { secrets, sleep: Box::new(|_| Box::pin(async {})), ..Options::new(provenance) };
    let mut receipt = apply(&approved, directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    converge(&mut receipt, directory, &options, |fresh| diff(desired, fresh)).await.unwrap();
    Some(receipt)
}

/// Returns whether a record is about what only the workspace knows: whether the main admin may write at all.
fn is_the_workspaces_word(record: &OpRecord) -> bool {
    matches!(&record.outcome, OpOutcome::Failed(why) if sentences::failure(why).contains("not authorized (403)"))
}

/// Lists what the server's user log says was done under this plan: action and subject, sorted.
async fn logged(directory: &ScimDirectory<Line>, workspace: &str, plan: &Digest) -> Vec<String> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let uri = format!("http://embedded/{workspace}/api/v1/log?cursor={cursor}");
        let answer = directory.transport().inner.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await.unwrap();
        let page: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let entries = page["entries"].as_array().unwrap();
        if entries.is_empty() {
            rows.sort();
            return rows;
        }
        page["nextCursor"].as_str().unwrap().clone_into(&mut cursor);
        let own = entries.iter().filter(|e| e["plan"] == plan.0.as_str() && e["result"] == "done");
        rows.extend(own.map(|e| format!("{} {}", e["subject"]["kind"].as_str().unwrap(), e["subject"]["name"].as_str().unwrap_or("-"))));
    }
}

/// Of what kind and name the log speaks for each change, sorted.
fn expected(receipt: &WorkspaceReceipt) -> Vec<String> {
    let mut all: Vec<String> = receipt
        .plan
        .changes
        .iter()
        .map(|c| match c.change.subject() {
            SubjectRef::Workspace => format!("Workspace {}", receipt.plan.workspace),
            SubjectRef::Clinic(key) => format!("Clinic {key}"),
            SubjectRef::Role(key) => format!("Role {key}"),
            SubjectRef::Employee(key) => format!("Employee {key}"),
            SubjectRef::User(email) => format!("User {email}"),
        })
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn whatever_is_applied_converges_with_every_answer_lost_up_to_four_times_and_is_then_left_alone() {
    // A7, A17
    let (mut applied, mut changes, mut writes) = (0, 0, 0);
    let mut kinds = BTreeSet::new();
    let mut refused = BTreeSet::new();
    let mut all = folders("examples");
    let scenarios = tempfile::tempdir().unwrap();
    all.extend(scenario::all().iter().map(|scenario| laid_out(scenario, scenarios.path())));
    for folder in all {
        let Ok(roster) = manifest::read(&sources(&folder)) else { continue };
        for desired in roster.workspaces.iter().filter(|desired| desired.connection.is_embedded()) {
            let here = format!("{} {}", folder.display(), desired.workspace);
            for lost in [0, 4] {
                let Ok(seed) = seed::from_desired(desired) else { continue };
                let store = Store::memory().await.unwrap();
                store.create_workspace(&seed).await.unwrap();
                let (directory, secrets) = connect(desired, &store, &folder, lost).await;
                let Some(receipt) = run(desired, &directory, secrets.clone()).await else { continue };
                if receipt.records.iter().any(is_the_workspaces_word) {
                    refused.insert(here.clone());
                    continue;
                }
                assert!(receipt.records.iter().all(is_done), "{here}: {:?}", receipt.records);
                // An observing run says what differs, and that nothing converged.
                assert_eq!(receipt.converged, receipt.plan.differing() == 0, "{here}: {:?}", receipt.left);
                let sent = directory.transport().writes.lock().unwrap().len();
                assert!(sent <= 6 * receipt.records.len(), "{here}: {sent}");
                if !receipt
                    .plan
                    .changes
                    .iter()
                    .any(|c| c.change.action() == Action::GeneratePasscode || c.change.fields().iter().any(|f| f.field == Field::Email))
                {
                    // A lost passcode is made anew, and a new address is what the log calls the account by.
                    let rows = logged(&directory, &desired.workspace, &receipt.digest).await;
                    assert_eq!(rows, expected(&receipt), "{here}: one row in the user log for each change");
                }
                kinds.extend(receipt.plan.changes.iter().map(|c| c.change.action()));

                let again = run(desired, &directory, secrets).await.unwrap();
                assert!(again.records.is_empty() && again.converged == (again.plan.differing() == 0), "{here}");
                assert_eq!(directory.transport().writes.lock().unwrap().len(), sent, "{here}: a second apply writes nothing");
                applied += 1;
                changes += receipt.records.len();
                writes += sent;
            }
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), Action::ALL, "every kind of change was among them");
    assert!(refused.len() < 5, "{refused:?}");
    println!("{applied} applies, {changes} changes, {writes} requests that write");
    assert!(applied > 100 && changes > 200, "{applied} applies with {changes} changes are too few to prove anything");
}

/// Keeps the passcodes that a run shows.
#[derive(Default)]
struct ShownPasscodes(Mutex<Vec<String>>);

impl Progress for ShownPasscodes {
    fn passcode(&self, user: &Email, _: &Secret) {
        self.0.lock().unwrap().push(user.to_string());
    }
}

// AR-11
#[tokio::test]
async fn a_passcode_from_before_the_day_is_made_anew_once_also_where_answers_are_lost() {
    let yaml = |passcode: &str| {
        format!(
            "workspace: glow\nplatform: aesthetic-record\nconnection: {{ embedded: {{}} }}\nmain_admin: olivia@glow.example\nclinics: {{ one: {{ name: One }} }}\n\
             users:\n  olivia@glow.example: {{ first_name: Olivia, last_name: Stone, role: administrator, clinics: [one], phones: [\"+1 602 555 0100\"] }}\n  \
             kim@glow.example: {{ first_name: Kim, last_name: Park, role: front-desk, clinics: [one], phones: [\"+1 602 555 0101\"], passcode: {passcode} }}\n"
        )
    };
    let roster = |passcode: &str| {
        let files = vec![Source { name: "glow.yaml".to_owned(), bytes: yaml(passcode).into_bytes() }];
        manifest::read(&Sources { files }).unwrap_or_else(|mistakes| panic!("{mistakes}")).workspaces.remove(0)
    };
    for lost in [0, 1] {
        // 2026-11-27T12:00:00Z
        let clock = Arc::new(HandClock::at(1_795_780_800_000));
        let store = Store::memory_with(Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        store.create_workspace(&seed::from_desired(&roster("true")).unwrap()).await.unwrap();
        let mut shown = Vec::new();
        for (passcode, hours, makes) in [
            ("true", 0, 1),
            ("true", 0, 0),
            ("{ renew: 2026-11-28 }", 11, 0),
            ("{ renew: 2026-11-28 }", 1, 1),
            ("{ renew: 2026-11-28 }", 24, 0),
            ("{ renew: 2026-11-29T12:00:00Z }", 11, 0),
            ("{ renew: 2026-11-29T12:00:00Z }", 1, 1),
            ("true", 24, 0),
        ] {
            clock.advance(hours * 60 * 60 * 1000);
            let desired = roster(passcode);
            let (directory, secrets) = connect(&desired, &store, Path::new("."), lost).await;
            let actual = directory.read().await.unwrap();
            let approved = approve(diff(&desired, &actual), &actual, &desired).expect("no guard stops it");
            let provenance = Provenance { plan: approved.digest().clone(), approver: None, commit: None };
            let options = Options { secrets, sleep: Box::new(|_| Box::pin(async {})), ..Options::new(provenance) };
            let seen = ShownPasscodes::default();
            let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &seen, &going_on()).await;
            converge(&mut receipt, &directory, &options, |fresh| diff(&desired, fresh)).await.unwrap();
            let seen = seen.0.into_inner().unwrap();
            assert_eq!((seen.len(), receipt.converged), (makes, true), "{passcode} {hours} lost {lost}: {:?}", receipt.left);
            shown.extend(seen);
        }
        assert_eq!(shown, ["kim@glow.example"; 3]);
    }
}
