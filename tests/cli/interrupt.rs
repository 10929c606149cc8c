//! A run against a server over HTTP that holds a write back: interrupted once, interrupted twice, and run again.

#![expect(clippy::disallowed_methods, reason = "a program that never gets so far must not wait for ever")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::Roster;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{self, Next};
use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::Email;
use rosterctl::server;
use rosterctl::store::Store;
use rosterctl::store::TokenAccess;
use tokio::sync::Semaphore;

/// The medical spa of the examples behind HTTP.
struct Slow {
    writes: Arc<AtomicUsize>,
    /// The server handles one more write for each of these, and holds the next one back.
    permits: Arc<Semaphore>,
    url: String,
    token: String,
    /// Of the same owner, for reading only.
    reader: String,
    _runtime: tokio::runtime::Runtime,
}

impl Slow {
    fn start(yaml: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let writes = Arc::new(AtomicUsize::new(0));
        let permits = Arc::new(Semaphore::new(0));
        let (counted, permitted) = (Arc::clone(&writes), Arc::clone(&permits));
        let (url, token, reader) = runtime.block_on(async {
            let source = Source { name: "glow.yaml".to_owned(), bytes: yaml.as_bytes().to_vec() };
            let roster = manifest::read(&Sources { files: vec![source] }).unwrap_or_else(|why| panic!("{why}"));
            let store = Store::memory().await.unwrap();
            store.create_workspace(&server::seed::from_desired(&roster.workspaces[0]).unwrap()).await.unwrap();
            let owner = Email::parse("olivia.stone@glow.example").unwrap();
            let token = server::create_token(&store, "glow-medspa", &owner, TokenAccess::Write, 3_600_000).await.unwrap();
            let reader = server::create_token(&store, "glow-medspa", &owner, TokenAccess::Read, 3_600_000).await.unwrap();
            let slowly = move |request: Request, next: Next| {
                let (counted, permitted) = (Arc::clone(&counted), Arc::clone(&permitted));
                async move {
                    if request.method() != Method::GET {
                        counted.fetch_add(1, Ordering::SeqCst);
                        permitted.acquire().await.unwrap().forget();
                    }
                    next.run(request).await
                }
            };
            let router = server::router(store, server::Settings::default()).layer(middleware::from_fn(slowly));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/glow-medspa/scim/v2", listener.local_addr().unwrap());
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            (url, token.token.expose().to_owned(), reader.token.expose().to_owned())
        });
        Self { writes, permits, url, token, reader, _runtime: runtime }
    }

    /// Lets the server handle every write from now on.
    fn hurry(&self) {
        self.permits.add_permits(1_000);
    }

    fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }
}

fn yaml(connection: &str) -> String {
    let mut yaml = format!(
        "workspace: glow-medspa\nplatform: aesthetic-record\nconnection: {connection}\nmain_admin: olivia.stone@glow.example\n\
         clinics: {{ downtown: {{ name: Glow Downtown }} }}\nusers:\n  olivia.stone@glow.example: {{ first_name: Olivia, last_name: Stone, role: \
         administrator, clinics: [downtown], phones: [\"+16025550100\"] }}\n"
    );
    for number in 0..12 {
        let _ = writeln!(
            yaml,
            "  desk{number}@glow.example: {{ first_name: Desk, last_name: Number, role: front-desk, clinics: [downtown], phones: \
             [\"+160255502{number:02}\"] }}"
        );
    }
    yaml
}

fn start() -> (Slow, Roster) {
    let slow = Slow::start(&yaml("{ embedded: {} }"));
    let mut roster = Roster::empty();
    roster.write("glow.yaml", &yaml(&format!("{{ scim: {{ url: \"{}\", token: {{ env: GLOW_TOKEN }} }} }}", slow.url)));
    roster.set("GLOW_TOKEN", &slow.token);
    (slow, roster)
}

/// Starts an apply, one change at a time, and waits until the server holds back the write of this number.
fn apply(slow: &Slow, roster: &Roster, write: usize) -> Child {
    slow.permits.add_permits(write - 1);
    let program = assert_cmd::cargo::cargo_bin("rosterctl");
    let mut command = Command::new(if cfg!(target_os = "linux") { "env".as_ref() } else { program.as_path() });
    if cfg!(target_os = "linux") {
        // The program that runs the tests may itself ignore closed terminals.
        command.arg("--default-signal=HUP").arg(&program);
    }
    let child = command
        .args(["apply", "--yes", "--parallelism", "1", "--format", "json"])
        .current_dir(roster.path())
        .env("GLOW_TOKEN", &slow.token)
        .env_remove("ROSTERCTL_APPROVER")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while slow.writes() < write {
        assert!(begun.elapsed() < Duration::from_mins(2), "the run never wrote");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

fn interrupt(child: &Child) {
    send("-INT", child);
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Interrupts the run, waits until it says that it stops, and returns what it says on standard error, to be read on.
fn interrupt_until_it_stops(child: &mut Child) -> impl BufRead + use<> {
    interrupt(child);
    until_it_stops(child)
}

fn until_it_stops(child: &mut Child) -> impl BufRead + use<> {
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("Stopping after the changes in progress") {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended without a word: {said}");
    }
    lines
}

#[test]
fn one_interrupt_finishes_the_change_in_progress_and_lists_what_is_left() {
    // A4
    let (slow, roster) = start();
    let mut child = apply(&slow, &roster, 3);
    let _stderr = interrupt_until_it_stops(&mut child);
    slow.hurry();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let receipt: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((receipt["summary"]["done"].as_u64(), receipt["summary"]["not_tried"].as_u64()), (Some(3), Some(9)));
    assert_eq!(receipt["workspaces"][0]["left"].as_array().unwrap().len(), 9);
    let said = roster.expect(0, &["apply", "--yes"]);
    assert!(said.stdout.contains("matches the roster"), "{}", said.stdout);
    assert_eq!(slow.writes(), 12, "each invitation was sent once");
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_finishes_the_change_in_progress_too() {
    // A4
    let (slow, roster) = start();
    let mut child = apply(&slow, &roster, 3);
    send("-HUP", &child);
    let _stderr = until_it_stops(&mut child);
    // A shell that ends sends it again.
    send("-HUP", &child);
    slow.hurry();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let receipt: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((receipt["summary"]["done"].as_u64(), receipt["summary"]["not_tried"].as_u64()), (Some(3), Some(9)));
}

#[test]
fn two_interrupts_end_a_run_at_once_and_the_next_run_finishes_its_work() {
    // A4
    let (slow, roster) = start();
    let mut child = apply(&slow, &roster, 2);
    let mut stderr = interrupt_until_it_stops(&mut child);
    // The server still holds the write back: nothing but the second interrupt can end the run.
    interrupt(&child);
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(1 | 3)), "{status:?}");
    let (mut first, mut told) = (String::new(), String::new());
    stderr.read_to_string(&mut told).unwrap();
    child.stdout.take().unwrap().read_to_string(&mut first).unwrap();
    slow.hurry();
    let said = roster.expect(0, &["apply", "--yes"]);
    assert!(said.stdout.contains("matches the roster"), "{}", said.stdout);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    for said in [&said.stdout, &said.stderr, &first, &told] {
        assert!(!said.contains(&slow.token), "the token came out");
    }
}

#[test]
fn a_token_that_is_not_good_is_exit_6_and_never_shown() {
    let (_slow, mut roster) = start();
    roster.set("GLOW_TOKEN", "rosterctl-canary-token-71f0");
    for command in [&["plan"][..], &["apply", "--yes"]] {
        let said = roster.expect(6, command);
        assert!(
            said.stdout.contains("not authorized") && !said.stderr.contains("canary") && !said.stdout.contains("canary"),
            "{}",
            said.stdout
        );
    }
}

#[test]
fn a_token_for_reading_only_is_exit_6_after_the_first_refusal() {
    let (slow, mut roster) = start();
    slow.hurry();
    roster.set("GLOW_TOKEN", &slow.reader);
    roster.expect(0, &["plan"]);
    let said = roster.expect(6, &["apply", "--yes", "--parallelism", "1"]);
    assert!(said.stdout.contains("does not permit writing"), "{}", said.stdout);
    assert_eq!(slow.writes(), 1, "one refusal is enough");
}
