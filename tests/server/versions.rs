//! Entity tags (RFC 7644 section 3.14).

use http::Method;
use serde_json::json;

use crate::harness::{House, PRACTICE, USER, glow, patch, plain};

#[tokio::test]
async fn a_version_changes_with_every_write_and_with_nothing_else() {
    let house = House::of(&glow()).await;
    let id = house.id("petra@glow.example").await;
    let path = format!("/scim/v2/Users/{id}");
    let tag = async || house.get(&path).await.header("etag").to_owned();
    let first = tag().await;
    house.clock.advance(60_000);
    assert_eq!(tag().await, first);
    let same = json!([{ "op": "replace", "path": "name.givenName", "value": "Petra" }]);
    house.patch(&path, same).await.expect(200);
    assert_eq!(tag().await, first, "a change of nothing is none");
    let mut seen = vec![first];
    for action in ["resend-invitation", "generate-passcode", "withdraw-invitation", "invite"] {
        house.act(&id, action, json!({})).await.expect(200);
        seen.push(tag().await);
    }
    let color = json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": "#123456" }]);
    assert_eq!(house.patch(&path, color).await.header("etag"), tag().await);
    seen.push(tag().await);
    let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
    assert_eq!(house.user("petra@glow.example").await["meta"]["version"], seen[5].as_str());
}

#[tokio::test]
async fn a_write_for_an_older_version_is_412_and_a_known_version_is_304() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    let path = format!("/scim/v2/Users/{id}");
    let old = house.get(&path).await.header("etag").to_owned();
    assert_eq!(house.call(Method::GET, &path, &[("if-none-match", &old)], None).await.status, 304);
    let color = |text: &str| patch(json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": text }]));
    assert_eq!(house.call(Method::PATCH, &path, &[("if-match", &old)], Some(color("#111111"))).await.status, 200);
    assert_eq!(house.call(Method::PATCH, &path, &[("if-match", &old)], Some(color("#222222"))).await.status, 412);
    let action = format!("{path}/actions/generate-passcode");
    assert_eq!(house.call(Method::POST, &action, &[("if-match", &old)], Some(json!({}))).await.status, 412);
    assert_eq!(house.call(Method::GET, &path, &[("if-none-match", &old)], None).await.status, 200);
    assert_eq!(house.call(Method::PATCH, &path, &[("if-match", "*")], Some(color("#333333"))).await.status, 200);
    let clinic = format!("/scim/v2/Clinics/{}", house.clinic("uptown").await);
    let rename = patch(json!([{ "op": "replace", "path": "displayName", "value": "Glow Up" }]));
    assert_eq!(house.call(Method::PATCH, &clinic, &[("if-match", "W/\"9\"")], Some(rename.clone())).await.status, 412);
    assert_eq!(house.call(Method::PATCH, &clinic, &[("if-match", "W/\"1\"")], Some(rename)).await.status, 200);
}

// RFC 9110 section 13.1.1: a condition that cannot be met differs from one that was never sent.
#[tokio::test]
async fn an_if_match_that_names_no_version_is_412() {
    let house = House::of(&glow()).await;
    let path = format!("/scim/v2/Users/{}", house.id("ana@glow.example").await);
    let tag = house.get(&path).await.header("etag").to_owned();
    let body = || Some(patch(json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": "#111111" }])));
    let long = format!("{tag}, {}", "\"x\", ".repeat(300));
    for unfit in ["", " ", "W/\"ü\"", long.as_str()] {
        let answer = house.call(Method::PATCH, &path, &[("if-match", unfit)], body()).await;
        assert_eq!(answer.status, 412, "{unfit}");
    }
    assert_eq!(house.get(&path).await.header("etag"), tag);
    let two_lines = [("if-match", "\"x\""), ("if-match", tag.as_str())];
    assert_eq!(house.call(Method::PATCH, &path, &two_lines, body()).await.status, 200);
}

// RFC 9110 section 13.1.2.
#[tokio::test]
async fn a_write_that_wants_no_such_resource_is_412_where_there_is_one() {
    let house = House::of(&plain()).await;
    let made =
        house.call(Method::POST, "/scim/v2/Users", &[("if-none-match", "*")], Some(json!({ "schemas": [USER], "userName": "joy" }))).await;
    let whole = made.expect(201);
    let path = format!("/scim/v2/Users/{}", whole["id"].as_str().unwrap());
    for (tag, status) in [("*", 412), ("W/\"1\"", 412), ("W/\"9\"", 200)] {
        assert_eq!(house.call(Method::PUT, &path, &[("if-none-match", tag)], Some(whole.clone())).await.status, status, "{tag}");
    }
}
