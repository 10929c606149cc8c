//! Searches over all resource types at once (RFC 7644 section 3.4.3).

use serde_json::{Value, json};

use crate::harness::{House, USER, plain};

fn search(parts: &Value) -> Value {
    let mut body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    for (name, value) in parts.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Users `root` and `joy` and the group `grp`; a caller that names what was found by its kind.
async fn house() -> House {
    let house = House::of(&plain()).await;
    house.post("/scim/v2/Users", json!({ "schemas": [USER], "userName": "joy", "displayName": "Joy" })).await.expect(201);
    let group = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "grp" });
    house.post("/scim/v2/Groups", group).await.expect(201);
    house
}

async fn found(house: &House, parts: Value) -> Vec<String> {
    let list = house.post("/scim/v2/.search", search(&parts)).await.expect(200);
    let name = |one: &Value| one["userName"].as_str().or_else(|| one["displayName"].as_str()).unwrap_or_default().to_owned();
    list["Resources"].as_array().unwrap().iter().map(name).collect()
}

// RFC 7644 section 3.4.2.1: an attribute that a type does not have has no value there.
#[tokio::test]
async fn an_attribute_that_a_resource_type_lacks_has_no_value_there() {
    let house = house().await;
    let cases: [(&str, &[&str]); 9] = [
        (r#"userName eq "zzz" or displayName eq "grp""#, &["grp"]),
        (r#"userName eq "joy" or displayName eq "grp""#, &["joy", "grp"]),
        ("userName pr and displayName pr", &["joy"]),
        ("not (userName pr) and displayName pr", &["grp"]),
        (r#"userName ne "joy" and displayName pr"#, &["grp"]),
        ("userName eq null and displayName pr", &["grp"]),
        (r#"emails[type eq "work"] or displayName eq "grp""#, &["root@plain.example", "grp"]),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "j" or members pr"#, &["joy"]),
        (r#"active eq true and userName sw "j""#, &["joy"]),
    ];
    for (filter, names) in cases {
        assert_eq!(found(&house, json!({ "filter": filter })).await, names, "{filter}");
    }
}

#[tokio::test]
async fn an_attribute_of_no_type_cannot_be_filtered() {
    let house = house().await;
    for filter in [
        r#"nonsense eq "x""#,
        "displayName pr or nonsense pr",
        r#"password eq "x""#,
        "active gt true",
        r#"active eq "x""#,
        "emails[nonsense pr]",
    ] {
        let answer = house.post("/scim/v2/.search", search(&json!({ "filter": filter }))).await;
        assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidFilter")), "{filter}");
    }
    let both = json!({ "attributes": ["id"], "excludedAttributes": ["meta"] });
    assert_eq!(house.post("/scim/v2/.search", search(&both)).await.status, 400);
}

// RFC 7644 section 3.4.2.3: who lacks what the list is sorted by comes last.
#[tokio::test]
async fn resources_without_the_sorted_attribute_are_last() {
    let house = house().await;
    let sorted = found(&house, json!({ "sortBy": "userName", "filter": "displayName pr or userName pr" })).await;
    assert_eq!(sorted, ["joy", "root@plain.example", "grp"]);
    let answer = house.post("/scim/v2/.search", search(&json!({ "sortBy": "nonsense" }))).await;
    assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidPath")));
}
