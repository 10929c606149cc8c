//! Databases of earlier versions, and saved plans of version 0.1: what was in them is written down beside them, and is found again.
//!
//! `was.json` was made by 0.1 together with the database; nothing rewrites it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use http::Method;
use rosterctl::model::Email;
use rosterctl::server;
use rosterctl::store::{Clock, HandClock, Store};
use serde_json::{Value, json};
use sqlx::{Connection, Row};

use super::mask::Mask;
use super::record::{Case, Said, compare};
use crate::harness::{call, settings};

/// The platform, and the workspace whose database and facts are in the folder of that name.
const OLD: [(&str, &str); 4] =
    [("aesthetic-record", "glow"), ("generic", "plain"), ("practice-by-numbers", "bright"), ("telus-chr", "lakeside")];

/// All that a workspace shows; the log is asked last, since denials are written to it.
const ASKED: [&str; 6] = [
    "/scim/v2/Users?count=100",
    "/scim/v2/Clinics?count=100",
    "/scim/v2/Roles?count=100",
    "/scim/v2/Employees?count=100",
    "/scim/v2/Groups?count=100",
    "/api/v1/log",
];

fn folder(platform: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pins/old").join(platform)
}

fn was(platform: &str) -> Value {
    let text = fs::read_to_string(folder(platform).join("was.json")).expect("the facts");
    serde_json::from_str(&text).expect("the facts are JSON")
}

/// Returns what a workspace of 0.1 shows to the token that was made for it then.
async fn shown(store: &Store, workspace: &str, token: &str) -> Value {
    let router = server::router(store.clone(), settings());
    let header = format!("Bearer {token}");
    let mut answers = serde_json::Map::new();
    for path in ASKED {
        let answer = call(&router, Method::GET, &format!("/{workspace}{path}"), &[("authorization", &header)], None).await;
        answers.insert(path.to_owned(), json!({ "status": answer.status, "body": answer.body }));
    }
    Value::Object(answers)
}

/// Returns whether the practice's code word is this one; `null` where there is none.
async fn code_word(store: &Store, workspace: &str, token: &str, word: &str) -> Value {
    let router = server::router(store.clone(), settings());
    let (path, header) = (format!("/{workspace}/api/v1/code-word/verify"), format!("Bearer {token}"));
    let answer = call(&router, Method::POST, &path, &[("authorization", &header)], Some(json!({ "codeWord": word }))).await;
    answer.body.get("matches").cloned().unwrap_or(Value::Null)
}

async fn tokens(store: &Store, workspace: &str) -> Value {
    let rows = server::list_tokens(store, workspace).await.expect("the tokens");
    let shown = |t: &rosterctl::store::TokenRow| json!([t.id, t.owner, t.owner_name, t.access.writes(), t.created, t.expires, t.revoked]);
    rows.iter().map(shown).collect()
}

/// Returns who has a passcode, and its hash: nothing but the file itself shows that.
async fn passcodes(database: &Path) -> Value {
    let url = format!("sqlite://{}", database.display());
    let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("the database opens");
    let query = "SELECT user_name, passcode_hash FROM accounts WHERE passcode_hash IS NOT NULL ORDER BY user_name";
    let rows = sqlx::query(query).fetch_all(&mut conn).await.expect("the passcodes");
    conn.close().await.expect("it closes");
    rows.iter().map(|row| json!([row.get::<String, _>(0), row.get::<String, _>(1)])).collect()
}

/// Takes the row about the logins of the accounts out of the log, where there must be one.
fn said_logins_were_made(found: &mut Value, platform: &str) {
    let Some(entries) = found["/api/v1/log"]["body"]["entries"].as_array_mut() else { panic!("{platform}: {found}") };
    let before = entries.len();
    entries.retain(|entry| entry["action"] != "make-logins");
    assert_eq!(before, entries.len() + 1, "{platform}: it is said once that accounts have logins");
    let body = &mut found["/api/v1/log"]["body"];
    let last: i64 = body["nextCursor"].as_str().and_then(|text| text.parse().ok()).expect("a number");
    body["nextCursor"] = json!((last - 1).to_string());
}

/// Takes out when passcodes were made, which must be said of each; returns how many there are.
fn said_when_passcodes_were_made(found: &mut Value) -> usize {
    match found {
        Value::Object(parts) => {
            let is_set = parts.get("set") == Some(&Value::Bool(true));
            assert_eq!(parts.remove("madeAt").is_some_and(|at| at.is_string()), is_set, "{parts:?}");
            usize::from(is_set) + parts.values_mut().map(said_when_passcodes_were_made).sum::<usize>()
        }
        Value::Array(all) => all.iter_mut().map(said_when_passcodes_were_made).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[tokio::test]
async fn an_old_database_opens_with_everything_as_it_was() {
    for (platform, workspace) in OLD {
        let was = was(platform);
        let copy = tempfile::tempdir().expect("a folder");
        let database = copy.path().join("old.db");
        fs::copy(folder(platform).join(format!("{workspace}.db")), &database).expect("the database");
        let clock: Arc<dyn Clock> = Arc::new(HandClock::at(was["as_of"].as_i64().expect("a time")));
        let store = Store::open_with(&database, clock).await.expect("it opens");
        let (token, word) = (was["token"].as_str().expect("a token"), was["code_word"].as_str().unwrap_or("none"));
        let mut found = shown(&store, workspace, token).await;
        said_logins_were_made(&mut found, platform);
        let passcodes_set = said_when_passcodes_were_made(&mut found["/scim/v2/Users?count=100"]);
        assert_eq!(Some(passcodes_set), was["passcodes"].as_array().map(Vec::len), "{platform}");
        for path in ASKED {
            assert_eq!(found[path], was["shown"][path], "{platform} {path}");
        }
        assert_eq!(tokens(&store, workspace).await, was["tokens"], "{platform}");
        let verified = code_word(&store, workspace, token, word).await;
        assert_eq!(verified, if was["code_word"].is_null() { Value::Null } else { json!(true) }, "{platform}");
        store.close().await;
        assert_eq!(passcodes(&database).await, was["passcodes"], "{platform}");
        if let Some(word) = was["code_word"].as_str() {
            let has_word = |file: &Path| fs::read(file).expect("a file").windows(word.len()).any(|part| part == word.as_bytes());
            assert!(has_word(&folder(platform).join(format!("{workspace}.db"))), "{platform}: it was in plain text");
            let left: Vec<_> = fs::read_dir(copy.path()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
            assert!(left.iter().all(|file| !has_word(file)), "{platform}: no file has it anymore");
            fs::remove_file(database.with_extension("key")).expect("the key");
            let without = Store::open(&database).await.err().map(|why| why.to_string()).unwrap_or_default();
            assert!(without.contains("old.key is missing"), "{without}");
        }
    }
}

/// A database of step 8, with workspaces of all platforms and accounts with every field. On plain SCIM, clients wrote attributes that we do
/// not know. `was.json` was made with it.
#[tokio::test]
async fn accounts_that_were_stored_as_scim_users_are_shown_as_they_were() {
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["all.db", "all.key"] {
        fs::copy(folder("every-field").join(name), copy.path().join(name)).expect("the database and its key");
    }
    let was = was("every-field");
    let clock: Arc<dyn Clock> = Arc::new(HandClock::at(was["as_of"].as_i64().expect("a time")));
    let store = Store::open_with(&copy.path().join("all.db"), clock).await.expect("it opens");
    for (platform, _) in OLD {
        let admin = Email::parse("p0@glow.example").expect("an address");
        let router = server::embedded_with(store.clone(), platform, &admin, settings());
        for path in ASKED {
            let answer = call(&router, Method::GET, &format!("/{platform}{path}"), &[], None).await;
            let found = json!({ "status": answer.status, "body": answer.body }).to_string();
            assert_eq!(found, was["shown"][platform][path].to_string(), "{platform} {path}: the same bytes, in the same order");
        }
    }
    store.close().await;
}

#[test]
fn a_saved_plan_of_format_1_is_answered_as_recorded() {
    let mask = Mask { paths: vec![(folder("").to_string_lossy().into_owned(), "[old]/")], given: String::new() };
    let cases = OLD.map(|(platform, _)| {
        let said = ["text", "markdown", "json"].map(|form| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
            let output = command.args(["show", "--format", form]).arg(folder(platform).join("saved.plan")).output().expect("it runs");
            let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            Said { what: form.to_owned(), exit: output.status.code().unwrap_or(-1), text: mask.apply(&format!("{out}-- stderr\n{err}")) }
        });
        Case { name: platform.to_owned(), said: said.into() }
    });
    compare("saved-plans", &cases);
}

// The version before wrote why a workspace could not be read in words alone.
#[test]
fn a_saved_plan_of_format_2_has_the_workspaces_that_an_earlier_version_could_not_read() {
    let shown = |form: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        let output = command.args(["show", "--format", form]).arg(folder("unread.plan")).output().expect("it runs");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()), (Some(0), String::new()), "{form}");
        String::from_utf8(output.stdout).expect("text")
    };
    let why = "the environment variable `NO_SUCH_TOKEN` is not set: set it to the secret's value";
    let text = shown("text").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(why), "{text}");
    let was: Value = serde_json::from_slice(&fs::read(folder("unread.plan")).expect("the plan")).expect("JSON");
    let json: Value = serde_json::from_str(&shown("json")).expect("JSON");
    assert_eq!(json["digest"], was["digest"]);
    assert_eq!(json["unread"][0]["error"], was["unread"][0]["error"]);
}
