//! The reasons for each privilege of an account: on the member's own page, and over SCIM where it is asked for.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::harness::{House, PRACTICE, bright, glow, lakeside};
use crate::pages::{WORDS, invited_to_glow, joined};

/// The reasons of one privilege, each as `from` and `by`.
fn reasons<'v>(user: &'v Value, privilege: &str) -> Vec<(&'v str, Option<&'v str>)> {
    let all = user[PRACTICE]["privilegeSources"].as_array().unwrap().iter();
    all.filter(|one| one["value"] == privilege).map(|one| (one["from"].as_str().unwrap(), one["by"].as_str())).collect()
}

// AR-6, AR-9, AR-12, AR-18
#[tokio::test]
async fn every_privilege_of_an_account_says_over_scim_where_it_comes_from() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let attribute = format!("{PRACTICE}:privilegeSources");
    house
        .patch(
            &format!("/scim/v2/Users/{ana}"),
            json!([
                { "op": "add", "path": format!("{PRACTICE}:privilegeChanges"), "value": { "grant": ["export-reports", "check-in-patients"] } },
                { "op": "replace", "path": format!("{PRACTICE}:dashboardAccess"), "value": true },
            ]),
        )
        .await
        .expect(200);
    let shown = house.get(&format!("/scim/v2/Users/{ana}?attributes={attribute}")).await.expect(200);
    assert_eq!(reasons(&shown, "manage-appointments"), [("role", Some("provider"))]);
    assert_eq!(reasons(&shown, "check-in-patients"), [("role", Some("provider")), ("person", None)]);
    assert_eq!(reasons(&shown, "export-reports"), [("person", None)]);
    assert_eq!(reasons(&shown, "view-dashboard"), [("switch", Some("dashboard_access"))]);
    // Every account of every platform: each effective privilege has a reason, and nothing else has one.
    for house in [house, House::of(&bright()).await, House::of(&lakeside()).await] {
        let list = house.get(&format!("/scim/v2/Users?attributes={PRACTICE}:privileges,{attribute}")).await.expect(200);
        let users = list["Resources"].as_array().unwrap();
        assert!(users.len() > 1);
        for user in users {
            let names = |values: &Value, part: fn(&Value) -> &Value| {
                let values = values.as_array().into_iter().flatten();
                values.map(|one| part(one).as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
            };
            let effective = names(&user[PRACTICE]["privileges"], |one| one);
            assert_eq!(names(&user[PRACTICE]["privilegeSources"], |one| &one["value"]), effective, "{user}");
        }
    }
}

#[tokio::test]
async fn the_origins_of_privileges_are_in_answers_that_ask_for_them_alone() {
    let house = House::of(&glow()).await;
    let olivia = house.id("olivia@glow.example").await;
    for path in [format!("/scim/v2/Users/{olivia}"), "/scim/v2/Users".to_owned(), "/scim/v2/Users?excludedAttributes=name".to_owned()] {
        assert!(!house.get(&path).await.body.to_string().contains("privilegeSources"), "{path}");
    }
    let filter = format!("{PRACTICE}:privilegeSources[from eq \"main-admin\" and value eq \"block-user\"]");
    let search =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter, "attributes": ["userName"] });
    for path in ["/scim/v2/Users/.search", "/scim/v2/.search"] {
        let found = house.post(path, search.clone()).await.expect(200);
        assert_eq!((&found["totalResults"], &found["Resources"][0]["userName"]), (&json!(1), &json!("olivia@glow.example")), "{path}");
    }
    let whole = house.get(&format!("/scim/v2/Users/{olivia}?attributes={PRACTICE}")).await.expect(200);
    assert!(reasons(&whole, "block-user").contains(&("main-admin", None)), "{whole}");
}

#[tokio::test]
async fn a_member_reads_on_their_own_page_what_they_may_do_and_why() {
    let house = House::of(&glow()).await;
    let mut browser = Browser::new(&house);
    let link = invited_to_glow(&house, "noa@glow.example").await;
    joined(&house, &mut browser, &link).await;
    let noa = house.id("noa@glow.example").await;
    let grant = json!([{ "op": "add", "path": format!("{PRACTICE}:privilegeChanges"), "value": { "grant": ["block-user"] } }]);
    house.patch(&format!("/scim/v2/Users/{noa}"), grant).await.expect(200);
    let home = browser.sign_in(&house, "noa@glow.example", WORDS).await;
    assert!(home.text.contains("<a href=\"/glow/may-do\">What you may do</a>"), "{}", home.text);
    let page = browser.get("/glow/may-do").await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "What you may do"));
    let said = |name: &str, why: &str| page.text.contains(&format!("<dt>{name}</dt><dd><bdi>{why}</bdi></dd>"));
    assert!(said("Check patients in and out", "from the role Front Desk") && said("Block user", "granted to this person"), "{}", page.text);
    assert_eq!(Browser::new(&house).get("/glow/may-do").await.path, "/glow/sign-in");
}
