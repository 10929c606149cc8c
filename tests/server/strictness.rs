//! Nothing that a client sends is dropped in silence: it is done as asked, or refused.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{House, PRACTICE, USER, bright, glow, lakeside, plain};

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
        assert_eq!((same.status, same.header("etag")), (200, tag.as_str()), "the same role");
        let moved = house.patch(&path, role("replace", &[other])).await;
        assert_eq!((moved.status, moved.body["roles"][0]["value"].as_str()), (200, Some(other)), "{}", moved.body);
    }
}

// RFC 7644 section 3.5.1: what a PUT leaves out stays where it has a state of its own; nobody comes back by being left out.
#[tokio::test]
async fn an_account_that_is_inactive_on_plain_scim_says_so_whatever_a_write_leaves_out() {
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

// RFC 7643 section 7: what a platform does not hold is published as the server's, so that nobody expects to find it stored.
#[tokio::test]
async fn parts_that_a_platform_does_not_hold_are_published_as_read_only() {
    for desired in [glow(), bright(), lakeside()] {
        let house = House::of(&desired).await;
        let schema = house.get(&format!("/scim/v2/Schemas/{USER}")).await.expect(200);
        for (attribute, part) in [("emails", "display"), ("roles", "display"), ("roles", "type"), ("phoneNumbers", "display")] {
            let named = |list: &Value, name: &str| list.as_array().unwrap().iter().find(|one| one["name"] == name).cloned();
            let Some(attribute) = named(&schema["attributes"], attribute) else { continue };
            let part = named(&attribute["subAttributes"], part).unwrap();
            assert_eq!((&part["mutability"], &attribute["mutability"]), (&json!("readOnly"), &json!("readWrite")), "{part}");
        }
    }
    let house = House::of(&glow()).await;
    let path = format!("/scim/v2/Users/{}", house.id("ana@glow.example").await);
    let tag = house.get(&path).await.header("etag").to_owned();
    let passed_over = json!([{ "op": "add", "path": "roles", "value": [{ "value": "provider", "display": "Provider", "type": "x" }] }]);
    let answer = house.patch(&path, passed_over).await;
    assert_eq!((answer.status, answer.header("etag")), (200, tag.as_str()));
    let by_path = house.patch(&path, json!([{ "op": "replace", "path": "roles.display", "value": "Provider" }])).await;
    assert_eq!((by_path.status, by_path.body["scimType"].as_str()), (400, Some("mutability")));
    // A phone's type says which is the cell phone, so it is the client's to send.
    let cell = json!([{ "op": "replace", "path": "phoneNumbers", "value": [{ "value": "+16025550181" }, { "value": "+16025550182", "type": "mobile" }] }]);
    assert_eq!(house.patch(&path, cell).await.expect(200)["phoneNumbers"][0]["value"], "+16025550182");
}

// What a roster could not name is not made over the wire either.
#[tokio::test]
async fn keys_of_clinics_and_roles_follow_the_rules_of_rosters() {
    let house = House::of(&glow()).await;
    for key in ["Down Town", "-x", "x-", "straße", "a/b", &"x".repeat(64), "UPTOWN"] {
        let clinic = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Clinic"], "key": key, "displayName": "Clinic" });
        let told = house.post("/scim/v2/Clinics", clinic).await.expect(400);
        assert!(told["detail"].as_str().unwrap().starts_with("`key` is not a valid name"), "{told}");
        let role = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": key, "display": "Role" });
        house.post("/scim/v2/Roles", role).await.expect(400);
    }
    let clinic = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Clinic"], "key": "mid-town-2", "displayName": "Clinic" });
    house.post("/scim/v2/Clinics", clinic).await.expect(201);
}

// What a roster could not write is not stored over the wire either, and what is stored already keeps nothing else back.
#[tokio::test]
async fn texts_have_no_control_characters_and_names_have_one_line() {
    let house = House::of(&glow()).await;
    for (name, remedy) in [("Up\ntown", "a line break: write it on one line"), ("Up\ttown", "the control character U+0009: remove it")] {
        let clinic = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Clinic"], "key": "mid-town", "displayName": name });
        let told = house.post("/scim/v2/Clinics", clinic).await.expect(400);
        assert_eq!(told["detail"], format!("`displayName` contains {remedy}"));
        let role = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": "greeter", "display": name });
        house.post("/scim/v2/Roles", role).await.expect(400);
    }
    let uptown = format!("/scim/v2/Clinics/{}", house.clinic("uptown").await);
    let rename = |name: &str| json!([{ "op": "replace", "path": "displayName", "value": name }]);
    house.patch(&uptown, rename("Up\u{2028}town")).await.expect(400);
    house.patch(&uptown, rename("Uptown")).await.expect(200);
    let ana = format!("/scim/v2/Users/{}", house.id("ana@glow.example").await);
    let bio = |text: &str| json!([{ "op": "add", "path": format!("{PRACTICE}:bookingProfile.bio"), "value": text }]);
    let provider = json!({ "active": true, "mdConsent": false });
    house.patch(&ana, json!([{ "op": "replace", "path": format!("{PRACTICE}:provider"), "value": provider }])).await.expect(200);
    house.patch(&ana, bio("Two lines,\n\tone tab")).await.expect(200);
    house.patch(&ana, bio("a bell \u{7}")).await.expect(400);
    let plain = House::of(&plain()).await;
    let root = format!("/scim/v2/Users/{}", plain.id("root@plain.example").await);
    let title = |text: &str| json!([{ "op": "replace", "path": "title", "value": text }]);
    let told = plain.patch(&root, title("Chief\u{1b}[31m")).await.expect(400);
    assert_eq!(told["detail"], "`title` cannot contain the control character U+001B");
    plain.patch(&root, title("Chief\nof staff")).await.expect(200);
}

#[tokio::test]
async fn a_refusal_whose_source_is_unknown_ends_without_empty_brackets() {
    let house = House::of(&lakeside()).await;
    let path = format!("/scim/v2/Users/{}", house.id("sam@lakeside.example").await);
    let answer = house.patch(&path, json!([{ "op": "replace", "path": "userName", "value": "new@lakeside.example" }])).await;
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(answer.status == 400 && !detail.contains("()"), "{detail}");
}
