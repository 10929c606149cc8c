//! The secrets that somebody could guess at are counted: the phone number that confirms a block, and the code word; and dead tokens do not fill the
//! log.

use std::sync::Arc;

use http::{Method, StatusCode};
use rosterctl::server;
use rosterctl::store::{Clock, HandClock, Store, StoreError, TokenAccess, sha256};
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::browser::Browser;
use crate::caps::{FIRST_PASSWORD, with_first_password};
use crate::harness::{House, NOON, bright, call, glow, settings};
use crate::matrix::{YEAR, role, token};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two_on;

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

// AR-19: five wrong numbers in a quarter of an hour, counted for each admin; inactivating needs none.
#[tokio::test]
async fn five_wrong_phone_numbers_close_the_confirmation_for_that_admin() {
    let house = House::of(&glow()).await;
    role(&house, "marcus@glow.example", "administrator").await;
    let ana = house.id("ana@glow.example").await;
    let block = |number: &str| json!({ "reason": "activity-review", "confirmPhone": number });
    for number in ["+16025550102", "+16025550177", "x", "+16025550178"] {
        house.act(&ana, "block", block(number)).await.expect(403);
        house.clock.advance(MINUTE);
    }
    // Without a number, nothing is guessed.
    house.act(&ana, "block", json!({ "reason": "activity-review" })).await.expect(400);
    house.act(&ana, "block", block("+16025550179")).await.expect(403);
    let refused = house.act(&ana, "block", block("+16025550100")).await;
    assert_eq!(refused.status, 429, "also the right one");
    assert_eq!(refused.header("retry-after"), (11 * 60).to_string());
    assert!(refused.body["detail"].as_str().unwrap().contains("try again in 11 minutes"), "{}", refused.body);
    assert!(!house.user("ana@glow.example").await.to_string().contains("\"blocked\":true"));
    // Another admin has a count of their own, and may lack nothing but the privilege.
    house.as_admin("marcus@glow.example").act(&ana, "block", block("+16025550101")).await.expect(403);
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    house.patch(&format!("/scim/v2/Users/{ana}"), off).await.expect(200);
    house.clock.advance(11 * MINUTE - 1);
    house.act(&ana, "block", block("+16025550100")).await.expect(429);
    house.clock.advance(2);
    house.act(&ana, "block", block("+16025550100")).await.expect(200);
    let log = house.log().await;
    let denied = log
        .iter()
        .filter(|row| row.entry.result.as_str() == "denied" && row.entry.detail.as_deref().is_some_and(|s| s.contains("/actions/block")));
    assert_eq!(denied.count(), 9, "five wrong numbers, a request without one, one without the right, and two that came too early");
}

// AR-19: simultaneous guesses are counted, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_guesses_at_once_compare_five_numbers() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let guesses = (0..500).map(|n| {
        let (router, path) = (house.router.clone(), format!("/glow/scim/v2/Users/{ana}/actions/block"));
        let body = json!({ "reason": "activity-review", "confirmPhone": format!("+1602555{n:04}") });
        tokio::spawn(async move { call(&router, Method::POST, &path, &[], Some(body)).await.status })
    });
    let mut counted = [0; 2];
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            403 => counted[0] += 1,
            429 => counted[1] += 1,
            200 => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(counted[0], 5);
    assert!(counted[1] >= 494, "{counted:?}");
}

// PBN-5: a token that only reads compares five wrong words a day, and each is logged without the word.
#[tokio::test]
async fn five_wrong_code_words_close_the_comparison_until_the_next_day() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "willow-lagoon-1" })).await.expect(200);
    let router = server::router(house.store.clone(), settings());
    let (_, reads) = token(&house, "dana@bright.example", TokenAccess::Read, YEAR).await;
    let rows = house.log().await.len();
    let ask = async |word: &str| {
        let headers = [("authorization", reads.as_str())];
        call(&router, Method::POST, "/bright/api/v1/code-word/verify", &headers, Some(json!({ "codeWord": word }))).await
    };
    for word in ["guess-1", "guess-1", "guess-1", "guess-2", "guess-3", "guess-4"] {
        assert_eq!(ask(word).await.expect(200)["matches"], false);
    }
    assert_eq!(ask("willow-lagoon-1").await.expect(200)["matches"], true);
    assert_eq!(ask("guess-5").await.expect(200)["matches"], false);
    for word in ["guess-6", "guess-1", "willow-lagoon-1"] {
        let answer = ask(word).await;
        assert_eq!(answer.status, 429, "{word}");
        // It is noon in UTC, five in the morning in Phoenix.
        assert_eq!(answer.header("retry-after"), (19 * 60 * 60).to_string());
    }
    let log = house.log().await;
    let new: Vec<_> = log.iter().skip(rows).collect();
    assert_eq!(new.len(), 5, "the same wrong word counts once");
    assert!(new.iter().all(|row| row.entry.result.as_str() == "denied" && !format!("{row:?}").contains("guess-")), "{new:?}");
    house.clock.advance(19 * 60 * MINUTE);
    assert_eq!(ask("willow-lagoon-1").await.expect(200)["matches"], true, "the next day begins in the workspace's time zone");
    house.clock.advance(3 * DAY);
    assert_eq!(ask("guess-1").await.expect(200)["matches"], false);
}

// A plan compares the roster's word before the first apply sets it, and a new word before it replaces the old one.
#[tokio::test]
async fn a_code_word_that_was_compared_before_it_was_set_is_not_a_guess() {
    let house = House::of(&bright()).await;
    let ask = async |word: &str| house.post("/api/v1/code-word/verify", json!({ "codeWord": word })).await;
    assert_eq!(ask("willow-lagoon-1").await.expect(200)["matches"], false);
    house.post("/api/v1/code-word", json!({ "codeWord": "willow-lagoon-1" })).await.expect(200);
    for word in ["guess-1", "guess-2", "guess-3", "guess-4"] {
        assert_eq!(ask(word).await.expect(200)["matches"], false);
    }
    assert_eq!(ask("willow-lagoon-1").await.expect(200)["matches"], true);
    assert_eq!(ask("willow-lagoon-2").await.expect(200)["matches"], false);
    ask("willow-lagoon-1").await.expect(429);
    house.clock.advance(DAY);
    for word in ["guess-1", "guess-2", "guess-3", "willow-lagoon-2"] {
        assert_eq!(ask(word).await.expect(200)["matches"], false);
    }
    house.post("/api/v1/code-word", json!({ "codeWord": "willow-lagoon-2" })).await.expect(200);
    assert_eq!(ask("willow-lagoon-1").await.expect(200)["matches"], false, "the old word is wrong now");
    assert_eq!(ask("willow-lagoon-2").await.expect(200)["matches"], true);
    assert_eq!(ask("guess-4").await.expect(200)["matches"], false);
    ask("willow-lagoon-2").await.expect(429);
}

// a dead token has one row a minute, whatever it is used for, and one with the number of the others.
#[tokio::test]
async fn a_dead_token_writes_one_row_a_minute_and_one_with_the_number() {
    let house = House::of(&glow()).await;
    let router = server::router(house.store.clone(), settings());
    let (id, dead) = token(&house, "olivia@glow.example", TokenAccess::Write, YEAR).await;
    let (other, another) = token(&house, "olivia@glow.example", TokenAccess::Read, YEAR).await;
    for id in [&id, &other] {
        server::revoke_token(&house.store, "glow", id).await.unwrap();
    }
    let rows = house.log().await.len();
    let ask = async |token: &str| call(&router, Method::GET, "/glow/scim/v2/Users", &[("authorization", token)], None).await.status;
    for _ in 0..50 {
        assert_eq!(ask(&dead).await, 401);
    }
    assert_eq!(house.log().await.len(), rows + 1);
    assert_eq!(ask(&another).await, 401);
    assert_eq!(house.log().await.len(), rows + 2, "each token has a count of its own");
    house.clock.advance(MINUTE);
    assert_eq!((ask(&dead).await, ask(&dead).await), (401, 401));
    let log = house.log().await;
    assert_eq!(log.len(), rows + 4);
    assert!(log[rows + 2].entry.detail.as_deref().unwrap().starts_with("49 more times within a minute: "), "{log:?}");
}

/// Returns how many refusals are counted that have no row yet.
async fn counted(house: &House) -> i64 {
    let read = house.store.read(|conn| {
        Box::pin(async move {
            let row = sqlx::query("SELECT COALESCE(SUM(times), 0) FROM repeated_refusals").fetch_one(conn).await?;
            Ok::<i64, StoreError>(row.try_get(0)?)
        })
    });
    read.await.unwrap()
}

// X-5, E1: tries that are not even compared are in the log, too: the first at once, the others with their number.
#[tokio::test]
async fn tries_after_too_many_wrong_passwords_are_counted_in_the_log() {
    const TRIES: usize = 30;
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let mut guesser = Browser::new(&house);
    for _ in 0..TRIES {
        guesser.sign_in(&house, "noa@glow.example", OTHER_WORDS).await;
    }
    guesser.sign_in(&house, "nobody@glow.example", WORDS).await;
    let denied = async || -> Vec<String> {
        let rows = house.log().await.into_iter().filter(|row| row.entry.result.as_str() == "denied");
        rows.map(|row| row.entry.detail.unwrap_or_default()).collect()
    };
    let is_wrong = |row: &&String| row.ends_with("a wrong password");
    let compared = denied().await.iter().filter(is_wrong).count();
    assert!((1..TRIES - 1).contains(&compared), "{compared}");
    let said = "a password was not compared: there were too many wrong ones for this account or from this network address";
    assert_eq!(denied().await.last().unwrap(), said);
    assert_eq!(denied().await.len(), compared + 1);
    house.clock.advance(MINUTE);
    house.get("/api/v1/log").await.expect(200);
    let more = TRIES - compared - 1;
    assert_eq!(denied().await.last(), Some(&format!("{more} more times within a minute: {said}")));
    assert_eq!(counted(&house).await, 0);
}

// E2: in databases of before, each workspace counted for itself. Its count counts for the login, which opens all of them; a login of one
// workspace keeps what was counted there.
#[tokio::test]
async fn wrong_passwords_that_each_workspace_counted_for_itself_count_for_the_login() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.db");
    let clock = Arc::new(HandClock::at(NOON));
    let store = Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let (house, ..) = two_on(House::on(&glow(), store, Arc::clone(&clock)).await).await;
    let noa = "noa@glow.example";
    with_first_password(&house).await;
    let mark = house.store.seal(&sha256(&[b"sign-in", noa.as_bytes()]));
    house.store.close().await;
    let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let undone = "ALTER TABLE failures RENAME COLUMN place TO workspace; DROP INDEX sessions_sign_in; \
                  ALTER TABLE sessions DROP COLUMN sign_in; ALTER TABLE sessions DROP COLUMN by_link; ALTER TABLE messages DROP COLUMN failure; \
                  DELETE FROM schema_steps WHERE version >= 17";
    sqlx::raw_sql(undone).execute(&mut conn).await.unwrap();
    for (workspace, count) in [("glow", 2), ("spa", 3), ("other", 5)] {
        let counted = "INSERT INTO failures (workspace, kind, who, count, last) VALUES ($1, 'password', $2, $3, $4)";
        sqlx::query(counted).bind(workspace).bind(&mark).bind(count).bind(NOON).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    let store = Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let status = async |workspace: &str, password: &str| {
        let house = House { store: store.clone(), clock: Arc::clone(&clock), name: workspace.to_owned(), router: house.router.clone() };
        Browser::new(&house).sign_in(&house, noa, password).await.status
    };
    for (workspace, password) in [("glow", WORDS), ("spa", WORDS), ("other", FIRST_PASSWORD)] {
        assert_eq!(status(workspace, password).await, StatusCode::UNPROCESSABLE_ENTITY, "{workspace}: five were wrong");
    }
    clock.advance(MINUTE);
    for (workspace, password) in [("spa", WORDS), ("glow", WORDS), ("other", FIRST_PASSWORD)] {
        assert_ne!(status(workspace, password).await, StatusCode::UNPROCESSABLE_ENTITY, "{workspace}: one more is compared");
    }
    store.close().await;
}
