//! Other people's conformance suites against this server (peers.md): none fails on plain SCIM; on a platform exactly the listed checks do.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

#[path = "server/harness.rs"]
#[expect(dead_code, reason = "shared with the server's own tests, which use all of it")]
mod harness;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use harness::{House, plain};
use rosterctl::model::Desired;
use rosterctl::server;

/// Where `./test` installs the suites.
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
    let issued = server::create_token(&house.store, &house.name, &owner, server::Access::Write, 3_600_000).await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn scim2_tester_finds_nothing_wrong_with_plain_scim() {
    let (passed, said) = run(&plain(), tester).await;
    assert!(passed, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scim_sanity_finds_nothing_wrong_with_plain_scim() {
    let (passed, said) = run(&plain(), sanity).await;
    assert!(passed, "{said}");
}
