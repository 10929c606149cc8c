//! Idempotency keys: a retry repeats no effect, also after a restart (A7); and what was answered survives (C1).

use std::sync::Arc;

use http::Method;
use rosterctl::store::{Clock, HandClock, Store, invitations};
use serde_json::{Value, json};

use crate::harness::{House, NOON, PRACTICE, USER, glow, plain};

async fn invitation(house: &House, login: &str) -> Value {
    json!({
        "schemas": [USER, PRACTICE],
        "userName": login,
        "name": { "givenName": "New", "familyName": "Person" },
        "roles": [{ "value": "front-desk" }],
        "phoneNumbers": [{ "value": "+16025550199", "type": "mobile" }],
        PRACTICE: { "clinics": [{ "value": house.clinic("downtown").await }], "sendInvitation": true },
    })
}

async fn mails(house: &House, id: &str) -> i64 {
    let id = id.to_owned();
    house.store.read(move |conn| Box::pin(async move { invitations::count_sent(conn, "glow", &id).await })).await.unwrap()
}

// A1, A7: the same key and body are answered from memory, marked so; another body is refused.
#[tokio::test]
async fn a_retry_gets_the_first_answer_and_sends_no_second_mail() {
    let house = House::of(&glow()).await;
    let body = invitation(&house, "new@glow.example").await;
    let key = [("idempotency-key", "a".repeat(64))];
    let headers: Vec<(&str, &str)> = key.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let send = async |body: &Value| house.call(Method::POST, "/scim/v2/Users", &headers, Some(body.clone())).await;
    let rows = house.log().await.len();
    let first = send(&body).await;
    for _ in 0..3 {
        let again = send(&body).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(mails(&house, first.body["id"].as_str().unwrap()).await, 1);
    assert_eq!(house.log().await.len(), rows + 1);
    let other = invitation(&house, "other@glow.example").await;
    assert_eq!(send(&other).await.status, 409);
    house.clock.advance(24 * 3_600_000);
    assert_eq!(send(&body).await.header("idempotency-replayed"), "true", "kept at least 24 h");
}

// A7, AR-19: an interrupted run is repeated by an admin who gives another of their own numbers; the block was confirmed the first time.
#[tokio::test]
async fn a_repeated_block_is_the_same_whatever_number_confirms_it() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    let path = format!("/scim/v2/Users/{id}/actions/block");
    let send = async |reason: &str, phone: &str| {
        let body = json!({ "reason": reason, "confirmPhone": phone });
        house.call(Method::POST, &path, &[("idempotency-key", "k1")], Some(body)).await
    };
    assert_eq!(send("activity-review", "+16025550999").await.status, 403, "not theirs");
    let first = send("activity-review", "+16025550100").await;
    let again = send("activity-review", "+16025550198").await;
    assert_eq!((first.status, again.status, again.header("idempotency-replayed")), (200, 200, "true"));
    assert_eq!(again.header("etag"), first.header("etag"), "what comes next is based on the same version");
    assert_eq!(send("clear-schedule", "+16025550100").await.status, 409, "another block");
}

// A7: a hundred at once are one.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_at_the_same_time_has_one_effect() {
    let house = Arc::new(House::of(&glow()).await);
    let id = house.id("petra@glow.example").await;
    let path = format!("/scim/v2/Users/{id}/actions/resend-invitation");
    let calls = (0..100).map(|_| {
        let (house, path) = (Arc::clone(&house), path.clone());
        tokio::spawn(async move { house.call(Method::POST, &path, &[("idempotency-key", "k1")], Some(json!({}))).await.status })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(mails(&house, &id).await, 2, "the seeded one and one more");
}

// A7, C1: the key outlives the process.
#[tokio::test]
async fn a_key_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("glow.db");
    let mut answers = Vec::new();
    for _ in 0..2 {
        let clock = Arc::new(HandClock::at(NOON));
        let store = Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let house = House::on(&glow(), store, clock).await;
        let body = invitation(&house, "new@glow.example").await;
        let answer = house.call(Method::POST, "/scim/v2/Users", &[("idempotency-key", "k1")], Some(body)).await;
        assert_eq!(answer.status, 201);
        answers.push(answer.body);
    }
    assert_eq!(answers[0], answers[1]);
}

// AR-11, X-7: what is shown once is shown once, also to a retry.
#[tokio::test]
async fn a_replayed_passcode_is_not_shown_again() {
    let house = House::of(&glow()).await;
    let path = format!("/scim/v2/Users/{}/actions/generate-passcode", house.id("ana@glow.example").await);
    let ask = async || house.call(Method::POST, &path, &[("idempotency-key", "k1")], Some(json!({}))).await.expect(200);
    let shown = "urn:rosterctl:params:scim:api:messages:2.0:Passcode";
    assert!(ask().await[shown]["passcode"].is_string());
    let again = ask().await;
    assert!(again.get(shown).is_none() && again[PRACTICE]["passcode"]["set"] == true);
}

// A kept answer is worth nothing once what it made is gone: the key makes it anew.
#[tokio::test]
async fn a_key_whose_resource_is_gone_makes_it_anew() {
    let house = House::of(&plain()).await;
    let make = async || {
        let body = json!({ "schemas": [USER], "userName": "bjensen" });
        house.call(Method::POST, "/scim/v2/Users", &[("idempotency-key", "k1")], Some(body)).await.expect(201)["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = make().await;
    assert_eq!(make().await, first);
    house.call(Method::DELETE, &format!("/scim/v2/Users/{first}"), &[], None).await;
    assert_ne!(make().await, first);
}

// A refused write leaves nothing: no row, no key.
#[tokio::test]
async fn a_refused_write_is_judged_anew_when_it_comes_again() {
    let house = House::of(&glow()).await;
    let path = format!("/scim/v2/Users/{}/actions/unblock", house.id("bea@glow.example").await);
    let call =
        async |tag: &str| house.call(Method::POST, &path, &[("idempotency-key", "k1"), ("if-match", tag)], Some(json!({}))).await.status;
    assert_eq!(call("W/\"7\"").await, 412);
    assert_eq!(call("W/\"1\"").await, 200);
}

// a list of passwords does not help to guess what is kept of a request, and it is kept only as long as it is useful.
#[tokio::test]
async fn kept_requests_are_sealed_and_dropped_in_time() {
    let mut sealed = Vec::new();
    for _ in 0..2 {
        let house = House::of(&glow()).await;
        let send = async |key: &str| {
            let id = house.id("petra@glow.example").await;
            let path = format!("/scim/v2/Users/{id}/actions/resend-invitation");
            house.call(Method::POST, &path, &[("idempotency-key", key)], Some(json!({}))).await.expect(200);
        };
        let kept = async || {
            let read = house.store.read(|conn| {
                Box::pin(async move {
                    let rows = sqlx::query_scalar::<_, String>("SELECT request_hash FROM idempotency").fetch_all(conn).await?;
                    Ok::<_, rosterctl::store::StoreError>(rows)
                })
            });
            read.await.unwrap()
        };
        send("k1").await;
        sealed.extend(kept().await);
        house.clock.advance(49 * 3_600_000);
        send("k2").await;
        assert_eq!(kept().await.len(), 1, "the first is dropped after 48 hours");
    }
    assert_eq!(sealed.len(), 2);
    assert_ne!(sealed[0], sealed[1], "the same request in two stores");
}

// A7: two keys are never taken for one.
#[tokio::test]
async fn a_key_that_is_too_long_or_no_plain_ascii_is_refused_and_never_cut() {
    let house = House::of(&plain()).await;
    let make = async |name: &str, key: &str| {
        let body = json!({ "schemas": [USER], "userName": name });
        house.call(Method::POST, "/scim/v2/Users", &[("idempotency-key", key)], Some(body)).await
    };
    let long = "k".repeat(256);
    assert_eq!(make("a", &long).await.status, 201);
    for unfit in [format!("{long}1"), format!("{long}2"), "schlüssel".to_owned(), String::new()] {
        let answer = make("b", &unfit).await;
        assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidValue")), "{unfit}");
    }
    assert_eq!(house.get("/scim/v2/Users").await.expect(200)["totalResults"], 2);
}

// A7: what is kept for a retry is small, and a retry is shown the resource as it is then, under the version that the write made.
#[tokio::test]
async fn a_kept_answer_has_no_copy_of_the_resource() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("glow.db");
    let clock = Arc::new(HandClock::at(NOON));
    let store = Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), store, clock).await;
    let body = invitation(&house, "new@glow.example").await;
    let key = [("idempotency-key", "k1")];
    let first = house.call(Method::POST, "/scim/v2/Users", &key, Some(body.clone())).await.expect(201);
    let path = format!("/scim/v2/Users/{}", first["id"].as_str().unwrap());
    let color = json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": "#3aa675" }]);
    let mut changed = house.patch(&path, color).await.expect(200);
    changed["meta"]["version"] = first["meta"]["version"].clone();
    let again = house.call(Method::POST, "/scim/v2/Users", &key, Some(body)).await;
    assert_eq!((again.header("idempotency-replayed"), again.header("etag")), ("true", first["meta"]["version"].as_str().unwrap()));
    assert_eq!(again.expect(201), changed);
    house.store.close().await;
    let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let size: i64 = sqlx::query_scalar("SELECT SUM(LENGTH(body)) FROM idempotency").fetch_one(&mut conn).await.unwrap();
    assert_eq!(size, 0);
}

// A7: what is kept is bounded, however much is written.
#[tokio::test]
async fn kept_answers_are_bounded() {
    use rosterctl::store::{Answered, Remembered, idempotency};
    let house = House::of(&glow()).await;
    let left = house.store.write("glow", |writing| {
        Box::pin(async move {
            for n in 0..60_i64 {
                let answer = Answered { status: 200, location: None, etag: None, body: None, shows: None };
                let kept = Remembered { owner: "o".to_owned(), key: n.to_string(), request_hash: String::new(), answer };
                idempotency::keep(&mut writing.conn, "glow", &kept, n).await?;
            }
            idempotency::drop_beyond(&mut writing.conn, "glow", 50).await?;
            let oldest = idempotency::find(&mut writing.conn, "glow", "o", "9", 0).await?;
            let kept = idempotency::find(&mut writing.conn, "glow", "o", "10", 0).await?;
            Ok::<_, rosterctl::store::StoreError>((oldest.is_some(), kept.is_some()))
        })
    });
    assert_eq!(left.await.unwrap(), (false, true));
}
