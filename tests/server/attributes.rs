//! Answers to writes hold the attributes that were asked for (RFC 7644 section 3.9).

use http::Method;
use serde_json::{Value, json};

use crate::harness::{House, PRACTICE, USER, glow, patch, plain};

fn keys(body: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn the_answer_to_a_write_holds_what_was_asked_for() {
    let house = House::of(&plain()).await;
    let user = json!({ "schemas": [USER], "userName": "joy", "displayName": "Joy", "title": "RN" });
    let made = house.post("/scim/v2/Users?attributes=userName", user.clone()).await;
    assert!(made.header("location").ends_with(made.body["id"].as_str().unwrap()) && !made.header("etag").is_empty());
    assert_eq!(keys(&made.body), ["id", "schemas", "userName"]);
    let path = format!("/scim/v2/Users/{}", made.body["id"].as_str().unwrap());
    let put = house.call(Method::PUT, &format!("{path}?excludedAttributes=meta,title"), &[], Some(user)).await.expect(200);
    assert_eq!(keys(&put), ["active", "displayName", "id", "schemas", "userName"]);
    let rename = || Some(patch(json!([{ "op": "replace", "path": "displayName", "value": "Joyce" }])));
    for _ in 0..2 {
        let patched = house.call(Method::PATCH, &format!("{path}?attributes=displayName"), &[], rename()).await.expect(200);
        assert_eq!((keys(&patched), &patched["displayName"]), (vec!["displayName", "id", "schemas"], &json!("Joyce")));
    }
    let group = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "grp" });
    assert_eq!(keys(&house.post("/scim/v2/Groups?attributes=id", group).await.expect(201)), ["id", "schemas"]);
}

#[tokio::test]
async fn asking_both_ways_is_refused_before_anything_is_written() {
    let house = House::of(&plain()).await;
    let both = "attributes=userName&excludedAttributes=meta";
    let rows = house.log().await.len();
    let body = json!({ "schemas": [USER], "userName": "joy" });
    assert_eq!(house.post(&format!("/scim/v2/Users?{both}"), body.clone()).await.status, 400);
    let root = house.user("root@plain.example").await;
    let path = format!("/scim/v2/Users/{}?{both}", root["id"].as_str().unwrap());
    assert_eq!(house.patch(&path, json!([{ "op": "replace", "path": "title", "value": "x" }])).await.status, 400);
    assert_eq!(house.call(Method::PUT, &path, &[], Some(root.clone())).await.status, 400);
    assert_eq!((house.log().await.len(), house.user("root@plain.example").await), (rows + 3, root), "a row for each refusal");
}

// A7: what is kept is the whole answer, whatever the first of the requests asked to see.
#[tokio::test]
async fn a_repeated_answer_holds_what_this_request_asks_for() {
    let house = House::of(&plain()).await;
    let ask = async |query: &str| {
        let body = json!({ "schemas": [USER], "userName": "joy", "displayName": "Joy" });
        house.call(Method::POST, &format!("/scim/v2/Users{query}"), &[("idempotency-key", "k1")], Some(body)).await
    };
    assert_eq!(keys(&ask("?attributes=userName").await.expect(201)), ["id", "schemas", "userName"]);
    let whole = ask("").await;
    assert_eq!(whole.header("idempotency-replayed"), "true");
    assert_eq!(keys(&whole.body), ["active", "displayName", "id", "meta", "schemas", "userName"]);
    assert_eq!(keys(&ask("?excludedAttributes=meta,active,displayName").await.expect(201)), ["id", "schemas", "userName"]);
}

// AR-11: a passcode is shown once, so the answer has it whatever was asked for.
#[tokio::test]
async fn an_action_answers_what_was_asked_for_and_its_passcode() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    let path = format!("/scim/v2/Users/{id}/actions/generate-passcode?attributes={PRACTICE}:passcode");
    let answer = house.post(&path, json!({})).await.expect(200);
    let told = "urn:rosterctl:params:scim:api:messages:2.0:Passcode";
    assert_eq!(keys(&answer), ["id", "schemas", told, PRACTICE]);
    assert_eq!(
        (answer[told]["passcode"].is_string(), &answer[PRACTICE]),
        (true, &json!({ "passcode": { "set": true, "madeAt": "2026-11-22T12:00:00.000Z" } }))
    );
}
