//! Other people's conformance suites against this server (peers.md): none fails on plain SCIM; on a platform exactly the listed checks do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::harness::{self, House, bright, glow, lakeside, plain};
use rosterctl::model::Desired;
use rosterctl::server;
use serde_json::Value;

/// Returns where `./test` installs the suites.
#[expect(clippy::disallowed_methods, reason = "the suites may lie elsewhere on a developer's machine")]
fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("ROSTERCTL_INTEROP")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop/venv/bin"), PathBuf::from);
    let program = folder.join(name);
    assert!(program.exists(), "`{}` is missing: run ./test, or point ROSTERCTL_INTEROP at a folder that has it", program.display());
    program
}

/// Serves a workspace on a free port and hands its URL and a token to a suite.
async fn run(desired: &Desired, suite: fn(&str, &str) -> Command) -> (bool, String) {
    let house = House::of(desired).await;
    let owner = desired.main_admin.clone().unwrap_or_else(|| desired.users.keys().next().unwrap().clone());
    let issued = server::create_token(&house.store, &house.name, &owner, rosterctl::store::TokenAccess::Write, 3_600_000).await.unwrap();
    let router = server::router(house.store.clone(), harness::settings());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/{}/scim/v2", listener.local_addr().unwrap(), house.name);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let token: Arc<str> = issued.token.expose().into();
    let output = tokio::task::spawn_blocking(move || suite(&url, &token).output()).await.unwrap().unwrap();
    serving.abort();
    (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

fn tester(url: &str, token: &str) -> Command {
    let mut command = Command::new(program("scim2"));
    command.args(["-u", url, "-h", &format!("Authorization: Bearer {token}"), "test"]).env("NO_COLOR", "1").env("COLUMNS", "400");
    command
}

fn sanity(url: &str, token: &str) -> Command {
    let mut command = Command::new(program("scim-sanity"));
    command.args(["probe", url, "--token", token, "--i-accept-side-effects", "--json-output"]);
    command
}

/// The checks scim2-tester found wrong, one a line: its name and what the server said.
fn tester_failures(said: &str) -> Vec<String> {
    assert!(said.contains("SUCCESS"), "scim2-tester did not get to its checks:\n{said}");
    let mut failures = Vec::new();
    let mut lines = said.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(check) = line.strip_prefix("ERROR ").or_else(|| line.strip_prefix("CRITICAL ")) {
            let why = lines.peek().map_or("", |next| next.trim());
            failures.push(format!("{}: {why}", check.trim()));
        }
    }
    failures
}

/// The checks scim-sanity found wrong, one a line, in its order.
fn sanity_failures(said: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(said.get(..=said.rfind('}').unwrap()).unwrap()).unwrap();
    let failed = |check: &&Value| !matches!(check["status"].as_str(), Some("pass" | "skip"));
    report["results"].as_array().unwrap().iter().filter(failed).map(|check| check["name"].as_str().unwrap().to_owned()).collect()
}

/// Compares with `interop/expected/FILE`: a check on each line, then ` # ` and the requirement that makes it fail.
fn compare(file: &str, failures: &[String], said: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/expected").join(file);
    let listed = std::fs::read_to_string(&path).unwrap();
    let expected: Vec<&str> = listed
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (check, requirement) = line.split_once(" # ").unwrap_or_else(|| panic!("no requirement behind `{line}` in {file}"));
            assert!(!requirement.trim().is_empty());
            check.trim()
        })
        .collect();
    let found = failures.join("\n");
    assert!(failures == expected, "{file} differs from what the suite found, which is\n{found}\n\n{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scim2_tester_finds_nothing_wrong_with_plain_scim() {
    let (passed, said) = run(&plain(), tester).await;
    assert!(passed && tester_failures(&said).is_empty(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scim_sanity_finds_nothing_wrong_with_plain_scim() {
    let (passed, said) = run(&plain(), sanity).await;
    assert!(passed && sanity_failures(&said).is_empty(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_each_platform_the_suites_fail_only_where_a_requirement_says_so() {
    for desired in [glow(), bright(), lakeside()] {
        let (_, said) = run(&desired, tester).await;
        compare(&format!("{}-scim2-tester.txt", desired.platform), &tester_failures(&said), &said);
        let (_, said) = run(&desired, sanity).await;
        compare(&format!("{}-scim-sanity.txt", desired.platform), &sanity_failures(&said), &said);
    }
}
