//! The answers of the server survive kill -9, with their rows in the user log (C1, L1), and other programs on its file.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rosterctl::directory::client_to;
use rosterctl::store::{ExportedHeads, Store, accounts, log, verify_logs};
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::soak::{Trials, rounds};

const WRITERS: usize = 16;
const KILLS: usize = 25;
/// Fewer acknowledged writes a kill say nothing about the middle of writing.
const FLOOR: usize = 2 * WRITERS;
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
fn serve(roster: &Path, more: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rosterctl"))
        .args(["serve", roster.to_str().unwrap(), "--listen", "127.0.0.1:0"])
        .args(more)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("http://")).unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    (child, url)
}

fn token(roster: &Path, more: &[&str]) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_rosterctl"))
        .args(["token", "create", roster.to_str().unwrap(), "--workspace", "lakeside", "--owner", "iyer@lakeside.example"])
        .args(["--access", "write"])
        .args(more)
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

/// Checks the file itself, after a kill.
async fn check_file(file: &Path) {
    let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let whole: String = sqlx::query("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap().get(0);
    assert_eq!(whole, "ok");
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut conn).await.unwrap().is_empty());
    conn.close().await.unwrap();
}

// C1, L1: what was acknowledged is there after SIGKILL in the middle of the writing, once, and with one row.
#[tokio::test(flavor = "multi_thread")]
async fn an_answered_change_survives_kill_9_with_its_row_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lakeside.yaml"), ROSTER).unwrap();
    let file = folder.path().join(".rosterctl/lakeside.db");
    let token: Arc<str> = token(folder.path(), &[]).into();
    let acked = Arc::new(Mutex::new(BTreeSet::new()));
    let client = client_to(&"http://127.0.0.1".parse().unwrap()).build().unwrap();
    let (rounds, mut kills) = (rounds("C1", KILLS, 100), 0);
    for round in rounds.each() {
        kills += 1;
        let (mut child, url) = serve(folder.path(), &[]);
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write(client.clone(), (url.clone(), Arc::clone(&token)), round, writer, Arc::clone(&acked))))
            .collect();
        // Kills fall in the middle of the writing, however slow the machine is.
        let enough = acked.lock().unwrap().len() + FLOOR;
        tokio::time::timeout(Duration::from_mins(2), async {
            while acked.lock().unwrap().len() < enough {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .expect("the server acknowledges writes");
        // SIGKILL: nothing of the program runs after it.
        child.kill().unwrap();
        child.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        check_file(&file).await;
    }
    let acked = std::mem::take(&mut *acked.lock().unwrap());
    let store = Store::open(&file).await.unwrap();
    let (held, logged) = store
        .read(|conn| {
            Box::pin(async move {
                let held = accounts::page(conn, "lakeside", "", i64::MAX).await?;
                Ok::<_, rosterctl::store::StoreError>((held, log::after(conn, "lakeside", 0, i64::MIN, i64::MAX).await?))
            })
        })
        .await
        .unwrap();
    let whole = u64::try_from(logged.len()).unwrap();
    let held: BTreeSet<String> = held.into_iter().map(|account| account.user_name).filter(|name| name.starts_with('w')).collect();
    let mut rows: Vec<String> =
        logged.into_iter().filter(|row| row.entry.action.as_str() == "create").filter_map(|row| row.entry.subject).collect();
    rows.sort();
    assert!(acked.len() >= kills * FLOOR, "too few writes to say anything: {}", acked.len());
    let mut trials = Trials::default();
    for name in acked {
        trials.count(held.contains(&name), || format!("{name}: acknowledged and lost"));
    }
    assert_eq!(rows, held.into_iter().collect::<Vec<_>>(), "one row for each change, and none without one");
    store.close().await;
    let checked = verify_logs(&file, &ExportedHeads::new()).await.unwrap();
    assert_eq!((checked["lakeside"].fault, checked["lakeside"].rows), (None, whole), "the chain has every row");
    trials.measured("C1, L1", &format!("writes acknowledged before one of {kills} kills (SIGKILL)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workspaces_served_from_one_file_lose_nothing_to_programs_that_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lakeside.yaml"), ROSTER).unwrap();
    std::fs::write(folder.path().join("hillside.yaml"), ROSTER.replace("workspace: lakeside", "workspace: hillside")).unwrap();
    let (file, log) = (folder.path().join("all.db"), folder.path().join("all.db-wal"));
    let database = ["--database", file.to_str().unwrap()];
    let (mut child, first) = serve(folder.path(), &database);
    let url = format!("{}/lakeside/scim/v2/Users", first.split("/hillside/").next().unwrap());
    let client = client_to(&url.parse().unwrap()).build().unwrap();
    for number in 0..3 {
        let token = token(folder.path(), &database);
        assert!(log.exists(), "the other program took the log away under the server");
        let user = json!({ "schemas": [USER], "userName": format!("w{number}@lakeside.example"), "roles": [{ "value": "staff" }] });
        let request = client.post(&url).bearer_auth(&token).header("content-type", "application/scim+json");
        assert_eq!(request.body(user.to_string()).send().await.unwrap().status(), 201, "the server knows the token that was just made");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let store = Store::open(&file).await.unwrap();
    let held = store.read(|conn| Box::pin(async move { accounts::page(conn, "lakeside", "", i64::MAX).await })).await.unwrap();
    assert_eq!(held.iter().filter(|account| account.user_name.starts_with('w')).count(), 3);
}
