//! What the server has answered survives kill -9, with its row in the user log (C1, L1; a smoke of both).

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rosterctl::store::{Store, accounts, log};
use serde_json::json;

const WRITERS: usize = 16;
const KILLS: usize = 3;
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ROSTER: &str = "\
workspace: lakeside
platform: telus-chr
connection: { embedded: {} }
main_admin: iyer@lakeside.example
users:
  iyer@lakeside.example: { first_name: Asha, last_name: Iyer, type: practitioner, needs: [schedule] }
";

/// Starts the program; it says on standard error where it listens.
fn serve(roster: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rosterctl"))
        .args(["serve", roster.to_str().unwrap(), "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("http://")).unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    (child, url)
}

fn token(roster: &Path) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_rosterctl"))
        .args(["token", "create", roster.to_str().unwrap(), "--workspace", "lakeside", "--owner", "iyer@lakeside.example"])
        .args(["--access", "write"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Makes users until the connection breaks; keeps those the server said it made.
async fn write(client: reqwest::Client, at: (String, Arc<str>), round: usize, writer: usize, acked: Arc<Mutex<BTreeSet<String>>>) {
    let (url, token) = at;
    for number in 0.. {
        let name = format!("w{round}-{writer}-{number}@lakeside.example");
        let user = json!({ "schemas": [USER], "userName": name, "roles": [{ "value": "staff" }] });
        let request = client
            .post(format!("{url}/Users"))
            .bearer_auth(&token)
            .header("content-type", "application/scim+json")
            .header("idempotency-key", format!("{round}-{writer}-{number}"))
            .body(user.to_string());
        match request.send().await {
            Ok(answer) if answer.status() == 201 => acked.lock().unwrap().insert(name),
            Ok(answer) => panic!("{}", answer.status()),
            Err(_) => return,
        };
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_kill_9_with_its_row_in_the_log() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lakeside.yaml"), ROSTER).unwrap();
    let token: Arc<str> = token(folder.path()).into();
    let acked = Arc::new(Mutex::new(BTreeSet::new()));
    let client = reqwest::Client::builder().build().unwrap();
    for round in 0..KILLS {
        let (mut child, url) = serve(folder.path());
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write(client.clone(), (url.clone(), Arc::clone(&token)), round, writer, Arc::clone(&acked))))
            .collect();
        tokio::time::sleep(Duration::from_millis(700)).await;
        // SIGKILL: nothing of the program runs after it.
        child.kill().unwrap();
        child.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
    }
    let acked = acked.lock().unwrap().clone();
    let store = Store::open(&folder.path().join(".rosterctl/lakeside.db")).await.unwrap();
    let (held, logged) = store
        .read(|conn| {
            Box::pin(async move {
                let held = accounts::page(conn, "lakeside", "", i64::MAX).await?;
                Ok::<_, rosterctl::store::StoreError>((held, log::after(conn, "lakeside", 0, i64::MAX).await?))
            })
        })
        .await
        .unwrap();
    let held: BTreeSet<String> = held.into_iter().map(|account| account.user_name).filter(|name| name.starts_with('w')).collect();
    let mut rows: Vec<String> = logged.into_iter().filter(|row| row.entry.action == "create").filter_map(|row| row.entry.subject).collect();
    rows.sort();
    println!("{KILLS} kills, {} acknowledged writes, {} held", acked.len(), held.len());
    assert!(acked.len() >= WRITERS, "too few writes to say anything: {}", acked.len());
    assert_eq!(acked.difference(&held).collect::<Vec<_>>(), Vec::<&String>::new(), "acknowledged and lost");
    assert_eq!(rows, held.into_iter().collect::<Vec<_>>(), "one row for each change, and none without one");
}
