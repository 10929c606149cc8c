//! Refusals in the user log: also of requests that are wrong, under the person they were about; equal ones share a row.

use http::Method;
use rosterctl::model::OwnSecret;
use rosterctl::server;
use rosterctl::store::{Clock, HandClock, LogRow, Store};
use serde_json::json;
use std::sync::Arc;

use crate::harness::{Answer, House, NOON, PRACTICE, USER, bright, call, email, glow, settings};

const MINUTE: i64 = 60_000;

/// The rows that a request added.
async fn rows_of(house: &House, request: impl Future<Output = Answer>) -> (Answer, Vec<LogRow>) {
    let before = house.log().await.len();
    let answer = request.await;
    (answer, house.log().await.split_off(before))
}

/// The details of the refusals that a reader of the log sees.
async fn read(house: &House) -> Vec<String> {
    let log = house.get("/api/v1/log").await.expect(200);
    let denied = log["entries"].as_array().unwrap().iter().filter(|row| row["result"] == "denied");
    denied.map(|row| row["detail"].as_str().unwrap().to_owned()).collect()
}

// no secret of ours in the path of a refused request is in the log, wherever it is, also percent-encoded.
#[tokio::test]
async fn a_secret_in_the_path_of_a_refused_request_is_not_in_the_log() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let before = house.log().await.len();
    for kind in OwnSecret::ALL {
        for secret in [format!("{}QQ7", kind.prefix()), format!("{}QQ7", kind.prefix().replace('_', "%5f"))] {
            for path in [format!("/scim/v2/Users/{ana}/actions/{secret}"), format!("/scim/v2/Users/{ana}/actions/x%2f{secret}")] {
                house.post(&path, json!({})).await.expect(404);
            }
        }
    }
    let rows = house.log().await.split_off(before);
    assert!(!rows.is_empty());
    for row in rows {
        let row = format!("{row:?}");
        assert!(row.contains("/actions/{token}") && !row.contains("QQ7"), "{row}");
    }
}

// a refusal says once what is wrong, and what to send instead.
#[tokio::test]
async fn a_wrong_request_is_answered_with_what_to_send_instead() {
    let (glow, bright) = (House::of(&glow()).await, House::of(&bright()).await);
    let ana = glow.id("ana@glow.example").await;
    let provider = json!({ "active": true, "mdConsent": true, "medicalDirector": "foo" });
    let provider = json!([{ "op": "replace", "path": format!("{PRACTICE}:provider"), "value": provider }]);
    for (answer, status, detail) in [
        (bright.post("/api/v1/code-word", json!({})).await, 400, "`codeWord` is missing: give the word"),
        (glow.act(&ana, "inactivate", json!({})).await, 404, "unknown action `inactivate`: set `active` to false"),
        (glow.act(&ana, "activate", json!({})).await, 404, "unknown action `activate`: set `active` to true"),
        (
            glow.patch(&format!("/scim/v2/Users/{ana}"), provider).await,
            400,
            "`foo` is not an e-mail address; write it like `name@practice.example` (AR-9)",
        ),
    ] {
        assert_eq!((answer.status, answer.body["detail"].as_str()), (status, Some(detail)));
    }
}

// X-5, L1: a wrong request changes nothing and has its row, with who, what, why and about whom.
#[tokio::test]
async fn a_wrong_request_leaves_one_row_under_the_person_it_was_about() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let color = json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": "pink" }]);
    let path = format!("/scim/v2/Users/{ana}");
    let new = json!({ "schemas": [USER], "userName": "joy@glow.example", "roles": [{ "value": "no-such-role" }] });
    let cases = [
        (rows_of(&house, house.patch(&path, color)).await, 400, "ana@glow.example", format!("PATCH /glow{path}")),
        (
            rows_of(&house, house.act(&ana, "block", json!({ "reason": "boredom" }))).await,
            400,
            "ana@glow.example",
            "/actions/block".to_owned(),
        ),
        (rows_of(&house, house.act(&ana, "withdraw-invitation", json!({}))).await, 409, "ana@glow.example", "/actions/withdraw".to_owned()),
        (rows_of(&house, house.post("/scim/v2/Users", new)).await, 400, "joy@glow.example", "POST /glow/scim/v2/Users".to_owned()),
        (rows_of(&house, house.call(Method::DELETE, &path, &[], None)).await, 501, "ana@glow.example", "DELETE".to_owned()),
    ];
    let mut said = 0;
    for ((answer, rows), status, about, request) in cases {
        assert_eq!((answer.status, rows.len()), (status, 1), "{request}: {} {rows:?}", answer.body);
        let entry = &rows[0].entry;
        assert_eq!((entry.actor.as_str(), entry.result.as_str()), ("olivia@glow.example", "denied"), "{request}");
        assert_eq!((entry.subject_kind.as_str(), entry.subject.as_deref()), ("User", Some(about)), "{request}");
        let (detail, why) = (entry.detail.as_deref().unwrap(), answer.body["detail"].as_str().unwrap());
        assert!(detail.contains(&request) && (status == 400 || detail.starts_with(why)), "{detail}");
        let words = ["pink", "boredom", "no-such-role"].map(|word| (why.contains(word), detail.contains(word)));
        assert!(words.iter().all(|(_, is_kept)| !is_kept), "the log keeps a word of the client: {detail}");
        said += usize::from(words.iter().any(|(is_said, _)| *is_said));
        assert_eq!(entry.subject_id.is_some(), about == "ana@glow.example");
    }
    assert!(said > 0, "the client reads its own words");
}

// reading does not change anything; a wrong question has a row, and one for something that does not exist has none.
#[tokio::test]
async fn of_reads_only_a_wrong_request_leaves_a_row() {
    let house = House::of(&glow()).await;
    for (path, status, rows) in [
        ("/scim/v2/Users?filter=userName%20like%20%22a%22", 400, 1),
        ("/scim/v2/Users/019aa5b2-7c00-7000-8000-00000000002a", 404, 0),
        ("/scim/v2/Nothing", 404, 0),
        ("/scim/v2/Users", 200, 0),
    ] {
        let (answer, found) = rows_of(&house, house.get(path)).await;
        assert_eq!((answer.status, found.len()), (status, rows), "{path}");
    }
    let (answer, found) = rows_of(&house, house.post("/scim/v2/Nothing", json!({}))).await;
    assert_eq!((answer.status, found.len()), (404, 0), "no such endpoint, so nothing could have changed");
}

// X-5, L1: of equal refusals within a minute the first has its row at once, the others share one when the minute is over.
#[tokio::test]
async fn equal_refusals_within_a_minute_leave_two_rows_with_their_number() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let refused = async |reason: &str| house.act(&ana, "block", json!({ "reason": reason })).await.expect(400);
    for _ in 0..5 {
        refused("boredom").await;
        house.clock.advance(1000);
    }
    let first = read(&house).await;
    assert_eq!(first.len(), 1, "{first:?}");
    // Others are not equal: about somebody else, or by somebody else.
    let marcus = house.id("marcus@glow.example").await;
    house.act(&marcus, "block", json!({ "reason": "boredom" })).await.expect(400);
    assert_eq!(read(&house).await.len(), 2);
    house.clock.advance(MINUTE - 5001);
    assert_eq!(read(&house).await.len(), 2, "the minute is not over");
    house.clock.advance(1);
    let counted = read(&house).await;
    assert_eq!(counted[2], format!("4 more times within a minute: {}", first[0]), "{counted:?}");
    let last = house.log().await.pop().unwrap().entry;
    assert_eq!(
        (last.subject.as_deref(), last.actor.as_str(), last.result.as_str()),
        (Some("ana@glow.example"), "olivia@glow.example", "denied")
    );
    house.clock.advance(10 * MINUTE);
    assert_eq!(read(&house).await.len(), 3, "the one about Marcus came once");
    // After the minute, the next one has a row of its own, and so has what was counted before it.
    refused("boredom").await;
    refused("boredom").await;
    house.clock.advance(MINUTE);
    refused("boredom").await;
    let all = read(&house).await;
    assert_eq!(all.len(), 6, "{all:?}");
    assert!(all[4].starts_with("once more within a minute: ") && all[5] == first[0], "{all:?}");
}

// L1: the count is in the database, so that a server that ends loses none.
#[tokio::test]
async fn counted_refusals_survive_the_end_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("glow.db");
    let clock = Arc::new(HandClock::at(NOON));
    let open = async || Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), open().await, Arc::clone(&clock)).await;
    for _ in 0..3 {
        house.post("/scim/v2/Users", json!({ "schemas": [USER], "userName": "nobody" })).await.expect(400);
    }
    house.store.close().await;
    clock.advance(MINUTE);
    let house = House::on(&glow(), open().await, Arc::clone(&clock)).await;
    let all = read(&house).await;
    assert!(all.len() == 2 && all[1].starts_with("2 more times within a minute: "), "{all:?}");
    house.store.close().await;
}

// L1: a token that may only read, and one that has ended, cannot fill the log either.
#[tokio::test]
async fn the_refusals_of_one_token_share_rows() {
    let house = House::of(&glow()).await;
    let issued = server::create_token(&house.store, "glow", &email("olivia@glow.example"), rosterctl::store::TokenAccess::Read, 10_000)
        .await
        .unwrap();
    let router = server::router(house.store.clone(), settings());
    let header = format!("Bearer {}", issued.token.expose());
    let ask = async |path: &str| call(&router, Method::POST, path, &[("authorization", header.as_str())], Some(json!({}))).await.status;
    for _ in 0..3 {
        assert_eq!(ask("/glow/scim/v2/Users").await, 403);
    }
    assert_eq!(read(&house).await.len(), 1);
    house.clock.advance(10_000);
    for path in ["/glow/scim/v2/Users", "/glow/scim/v2/Clinics", "/glow/nowhere"] {
        assert_eq!(ask(path).await, 401);
    }
    assert_eq!(read(&house).await.len(), 2, "all refusals of a dead token are equal");
    house.clock.advance(MINUTE);
    let all = read(&house).await;
    assert!(all.len() == 4 && all[2].starts_with("2 more times") && all[3].starts_with("2 more times"), "{all:?}");
}
