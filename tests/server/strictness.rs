//! Nothing that a client sends is dropped in silence: it is done as asked, or refused.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{House, USER, bright, glow, lakeside, plain};

// A user of a practice has one role.
#[tokio::test]
async fn a_second_role_is_refused_and_never_dropped() {
    let houses = [
        (glow(), "ana@glow.example", "provider", "administrator"),
        (bright(), "hugo@bright.example", "hygienist", "owner"),
        (lakeside(), "sam@lakeside.example", "staff", "practitioner"),
    ];
    for (desired, who, has, other) in houses {
        let house = House::of(&desired).await;
        let path = format!("/scim/v2/Users/{}", house.id(who).await);
        let role = |op: &str, roles: &[&str]| {
            let roles: Vec<Value> = roles.iter().map(|value| json!({ "value": value })).collect();
            json!([{ "op": op, "path": "roles", "value": roles }])
        };
        let tag = house.get(&path).await.header("etag").to_owned();
        for refused in [role("add", &[other]), role("replace", &[has, other]), role("replace", &[other, has])] {
            let answer = house.patch(&path, refused.clone()).await;
            assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidValue")), "{refused}");
        }
        let mut whole = house.user(who).await;
        whole["roles"] = json!([{ "value": has }, { "value": other }]);
        assert_eq!(house.call(Method::PUT, &path, &[], Some(whole.clone())).await.status, 400, "PUT");
        whole["userName"] = json!("new@practice.example");
        whole["emails"] = json!([]);
        assert_eq!(house.post("/scim/v2/Users", whole).await.status, 400, "POST");
        let same = house.patch(&path, role("add", &[has])).await;
        assert_eq!((same.status, same.header("etag")), (200, tag.as_str()), "the role that is held");
        let moved = house.patch(&path, role("replace", &[other])).await;
        assert_eq!((moved.status, moved.body["roles"][0]["value"].as_str()), (200, Some(other)), "{}", moved.body);
    }
}

// RFC 7644 section 3.5.1: what a PUT leaves out stays where it has a state of its own; nobody comes back by being left out.
#[tokio::test]
async fn who_is_inactive_on_plain_scim_says_so_whatever_a_write_leaves_out() {
    let house = House::of(&plain()).await;
    let user = |active: Option<bool>| {
        let mut user = json!({ "schemas": [USER], "userName": "joy" });
        if let Some(active) = active {
            user["active"] = json!(active);
        }
        user
    };
    let made = house.post("/scim/v2/Users", user(None)).await.expect(201);
    assert_eq!(made["active"], true);
    let path = format!("/scim/v2/Users/{}", made["id"].as_str().unwrap());
    let put = async |body: Value| house.call(Method::PUT, &path, &[], Some(body)).await;
    assert_eq!(put(user(Some(false))).await.expect(200)["active"], false);
    let put = put(user(None)).await;
    assert_eq!((put.status, &put.body["active"]), (200, &json!(false)), "left out of a PUT");
    let tag = put.header("etag").to_owned();
    let removed = house.patch(&path, json!([{ "op": "remove", "path": "active" }])).await;
    assert_eq!((removed.status, removed.body["scimType"].as_str()), (400, Some("mutability")), "removed");
    let after = house.get(&path).await;
    assert_eq!((&after.body["active"], after.header("etag")), (&json!(false), tag.as_str()));
    for (filter, found) in
        [("active%20eq%20false", 1), ("not%20(active%20eq%20true)", 1), ("userName%20eq%20%22joy%22%20and%20active%20eq%20true", 0)]
    {
        assert_eq!(house.get(&format!("/scim/v2/Users?filter={filter}")).await.expect(200)["totalResults"], found, "{filter}");
    }
    let back = house.patch(&path, json!([{ "op": "replace", "path": "active", "value": true }])).await.expect(200);
    assert_eq!(back["active"], true);
}
