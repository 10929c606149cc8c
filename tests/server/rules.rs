//! Platform rules, enforced by the server too.

use serde_json::{Value, json};

use crate::harness::{House, PRACTICE, USER, bright, email, glow, lakeside, start};

async fn change(house: &House, who: &str, path: &str, value: Value) -> crate::harness::Answer {
    let id = house.id(who).await;
    house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": path, "value": value }])).await
}

// AR-13, CHR-4, CHR-5: who may change what.
#[tokio::test]
async fn names_and_logins_are_the_members_own_where_the_platform_says_so() {
    let glow = House::of(&glow()).await;
    for (path, value) in [("name.givenName", "Anna"), ("userName", "anna@glow.example")] {
        let refused = change(&glow, "ana@glow.example", path, json!(value)).await;
        assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("mutability")), "{}", refused.body);
    }
    let lakeside = House::of(&lakeside()).await;
    assert_eq!(change(&lakeside, "sam@lakeside.example", "title", json!("Dr")).await.body["scimType"], "mutability");
    assert_eq!(change(&lakeside, "pia@lakeside.example", "title", json!("Dr")).await.status, 200, "a suggestion until she confirms it");
    let bright = House::of(&bright()).await;
    change(&bright, "hugo@bright.example", "userName", json!("hugo.lamb@bright.example")).await.expect(200);
    bright.id("hugo.lamb@bright.example").await;
}

// AR-3, AR-13: until somebody accepts, the name belongs to the invitation, and the next one goes out under another.
#[tokio::test]
async fn the_name_of_somebody_who_never_accepted_is_changed_while_no_link_is_open() {
    let house = House::of(&glow()).await;
    let rename = || change(&house, "petra@glow.example", "name.familyName", json!("Nguyen"));
    let refused = rename().await;
    assert_eq!(refused.body["scimType"], "mutability", "the link under the old name is open: {}", refused.body);
    house.clock.advance(8 * 24 * 3_600_000);
    rename().await.expect(200);
    assert_eq!(house.user("petra@glow.example").await[PRACTICE]["invitedName"]["familyName"], "Nguyen");
    change(&house, "nova@glow.example", "name.familyName", json!("Kaye")).await.expect(200);
    let id = house.id("nova@glow.example").await;
    house.act(&id, "invite", json!({})).await.expect(200);
    assert_eq!(change(&house, "nova@glow.example", "name.familyName", json!("Kay")).await.body["scimType"], "mutability");
    let ines = change(&house, "ines@glow.example", "name.familyName", json!("Days")).await;
    assert_eq!(ines.body["scimType"], "mutability", "she accepted an invitation once: {}", ines.body);
}

// A client has no roster: the answer names the attribute that the client wrote.
#[tokio::test]
async fn a_refusal_names_attributes_and_no_key_of_a_roster() {
    let (glow, bright, lakeside) = (House::of(&glow()).await, House::of(&bright()).await, House::of(&lakeside()).await);
    let (ana, provider) = ("ana@glow.example", format!("{PRACTICE}:provider"));
    let cases = [
        (&glow, ana, "name.givenName", json!("Anna"), "`name.givenName` cannot be changed: "),
        (&glow, ana, "roles", json!([{ "value": "surgeon" }]), "unknown value `surgeon` for `roles`"),
        (&glow, ana, &provider, json!({ "active": true }), "`provider.mdConsent` is missing"),
        (&bright, "hugo@bright.example", "name.familyName", json!(""), "`name.familyName` is missing"),
        (&lakeside, "sam@lakeside.example", "roles", json!([{ "value": "surgeon" }]), "unknown value `surgeon` for `roles`"),
        (&lakeside, "sam@lakeside.example", "title", json!("Dr"), "`title` cannot be changed: "),
    ];
    for (house, who, path, value, begins) in cases {
        let refused = change(house, who, path, value).await;
        let said = refused.body["detail"].as_str().unwrap_or_default();
        assert!(refused.status == 400 && said.starts_with(begins), "{path}: {said}");
        let keys = ["first_name", "last_name", "md_consent", "`type`", "`role`", "so it is not changed"];
        assert!(!keys.iter().any(|key| said.contains(key)), "{path}: {said}");
    }
}

// AR-1, AR-6, AR-9, CHR-2, X-1, X-2: each breach is a 400 that names its requirement.
#[tokio::test]
async fn a_request_that_the_platform_rules_out_is_refused_with_the_requirement() {
    let house = House::of(&glow()).await;
    let who = "ana@glow.example";
    let part = |name: &str| format!("{PRACTICE}:{name}");
    let uptown = house.clinic("uptown").await;
    let cases = [
        ("roles".to_owned(), json!([{ "value": "surgeon" }]), "AR-6"),
        (part("clinics"), json!([{ "value": "nowhere" }]), "AR-1"),
        (part("defaultClinic"), json!(house.clinic("downtown").await), "AR-1"),
        (part("provider"), json!({ "active": true, "mdConsent": true, "medicalDirector": who }), "AR-9"),
        (part("provider"), json!({ "active": true, "mdConsent": true, "medicalDirector": "olivia@glow.example" }), "AR-9"),
        (part("provider"), json!({ "active": true }), "AR-9"),
        (part("goals"), json!({ "per": "week", "procedures": 3 }), "AR-9"),
        (part("appointmentColor"), json!("blueish"), "AR-8"),
        ("phoneNumbers".to_owned(), json!([{ "value": "555", "type": "mobile" }]), "AR-1"),
    ];
    for (path, value, requirement) in cases {
        let refused = change(&house, who, &path, value).await;
        assert_eq!(refused.status, 400, "{path}: {}", refused.body);
        assert!(refused.body["detail"].as_str().unwrap().contains(requirement), "{path}: {}", refused.body);
    }
    change(&house, who, &part("provider"), json!({ "active": true, "mdConsent": true, "medicalDirector": "marcus@glow.example" }))
        .await
        .expect(200);
    assert_eq!(change(&house, who, &part("defaultClinic"), json!(uptown)).await.status, 200);
    let lakeside = House::of(&lakeside()).await;
    let needs = change(&lakeside, "sam@lakeside.example", &part("needs"), json!(["schedule"])).await;
    assert!(needs.body["detail"].as_str().unwrap().contains("CHR-2"), "{}", needs.body);
    for attribute in ["clinics", "employee", "dashboardAccess"] {
        assert_eq!(change(&lakeside, "sam@lakeside.example", &part(attribute), json!(true)).await.status, 400, "X-2 {attribute}");
    }
}

// PBN-2, CHR-2: a missing value names the requirement of the platform that needs it.
#[tokio::test]
async fn a_missing_value_is_refused_with_the_requirement_of_its_own_field() {
    let dental = House::of(&bright()).await;
    let new = json!({ "schemas": [USER], "userName": "joy@bright.example", "name": { "givenName": "Joy" }, "roles": [{ "value": "front-desk" }] });
    let refused = dental.post("/scim/v2/Users", new).await;
    assert!(refused.status == 400 && refused.body["detail"].as_str().unwrap().contains("(PBN-"), "{}", refused.body);
    let lakeside = House::of(&lakeside()).await;
    let new = json!({ "schemas": [USER], "userName": "joy@lakeside.example", "name": { "givenName": "Joy", "familyName": "Day" } });
    let refused = lakeside.post("/scim/v2/Users", new).await;
    assert!(refused.status == 400 && refused.body["detail"].as_str().unwrap().contains("(CHR-2)"), "{}", refused.body);
}

// one login for one address, however it is typed.
#[tokio::test]
async fn a_second_account_for_the_same_address_is_refused() {
    let house = House::of(&lakeside()).await;
    let user = |name: &str| json!({ "schemas": [USER], "userName": name, "roles": [{ "value": "staff" }] });
    let taken = house.post("/scim/v2/Users", user("SAM@Lakeside.Example")).await;
    assert_eq!((taken.status, taken.body["scimType"].as_str()), (409, Some("uniqueness")));
    assert_eq!(
        house.post("/scim/v2/Users", user("s\u{430}m@lakeside.example")).await.status,
        201,
        "another mailbox, though it looks alike"
    );
    assert_eq!(house.post("/scim/v2/Users", user("not an address")).await.status, 400);
}

// AR-6, CHR-6: whom a change of a role reaches, and that a role named again is applied again.
#[tokio::test]
async fn a_changed_role_reaches_present_holders_only_where_the_platform_says_so() {
    let glow = House::of(&glow()).await;
    let rights = |user: &Value| user[PRACTICE]["privileges"].as_array().unwrap().iter().any(|p| p == "export-reports");
    let role_id = async |house: &House, key: &str| {
        let all = house.get("/scim/v2/Roles").await.body;
        all["Resources"].as_array().unwrap().iter().find(|r| r["value"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let front = role_id(&glow, "front-desk").await;
    let add = json!([{ "op": "add", "path": "privileges", "value": ["export-reports"] }]);
    glow.patch(&format!("/scim/v2/Roles/{front}"), add).await.expect(200);
    assert!(!rights(&glow.user("ines@glow.example").await));
    change(&glow, "ines@glow.example", "roles", json!([{ "value": "front-desk" }])).await.expect(200);
    assert!(rights(&glow.user("ines@glow.example").await));

    let bright = House::of(&bright()).await;
    let hygienist = role_id(&bright, "hygienist").await;
    let add = json!([{ "op": "add", "path": "privileges", "value": ["payments"] }]);
    bright.patch(&format!("/scim/v2/Roles/{hygienist}"), add).await.expect(200);
    let hugo = bright.user("hugo@bright.example").await;
    assert!(hugo[PRACTICE]["privileges"].as_array().unwrap().iter().any(|p| p == "payments"));
}

// AR-10, AR-14: first passwords only with opt-in, only at creation, and no invitation goes with them; later only members change theirs.
#[tokio::test]
async fn a_first_password_needs_the_opt_in_and_is_never_set_later() {
    let closed = House::of(&glow()).await;
    let user = async |house: &House| {
        let downtown = house.clinic("downtown").await;
        json!({
            "schemas": [USER, PRACTICE],
            "userName": "temp@glow.example",
            "password": "correct horse battery",
            "roles": [{ "value": "front-desk" }],
            PRACTICE: { "clinics": [{ "value": downtown }] },
        })
    };
    assert_eq!(closed.post("/scim/v2/Users", user(&closed).await).await.status, 400);
    let mut opted = glow();
    opted.initial_password_allowed = true;
    let open = House::of(&opted).await;
    let made = open.post("/scim/v2/Users", user(&open).await).await.expect(201);
    assert_eq!((made["active"].as_bool(), made[PRACTICE]["accepted"].as_bool()), (Some(true), Some(true)));
    assert!(made.get("password").is_none() && made[PRACTICE].get("invitation").is_none());
    let later = change(&open, "temp@glow.example", "password", json!("another one, longer")).await;
    assert_eq!((later.status, later.body["scimType"].as_str()), (400, Some("mutability")));
    assert!(!format!("{:?}", open.log().await).contains("correct horse"), "X-7");
}

// AR-3, AR-4: only the invited person learns whether name and phone are needed.
#[tokio::test]
async fn an_invitation_without_name_and_phone_is_sent_whether_or_not_the_login_exists_elsewhere() {
    let house = House::of(&glow()).await;
    let downtown = house.clinic("downtown").await;
    let user = |address: &str| {
        json!({
            "schemas": [USER, PRACTICE],
            "userName": address,
            "roles": [{ "value": "front-desk" }],
            PRACTICE: { "clinics": [{ "value": downtown }], "sendInvitation": true },
        })
    };
    let mut sister = glow();
    sister.workspace = "sister".to_owned();
    let accounts = &mut start(&mut sister).accounts;
    let marcus = accounts[&email("marcus@glow.example")].clone();
    accounts.insert(email("sam@lakeside.example"), marcus);
    House::on(&sister, house.store.clone(), house.clock.clone()).await;
    let [known, new] = ["sam@lakeside.example", "new@lakeside.example"];
    let (known, new) =
        (house.post("/scim/v2/Users", user(known)).await.expect(201), house.post("/scim/v2/Users", user(new)).await.expect(201));
    assert_eq!(known[PRACTICE]["invitation"], new[PRACTICE]["invitation"]);
    assert_eq!(
        (known.get("name"), known.get("phoneNumbers")),
        (new.get("name"), new.get("phoneNumbers")),
        "AR-4: nothing of the other workspace"
    );
}

// PBN-5, X-7: the code word is set and compared, never told.
#[tokio::test]
async fn the_code_word_is_set_and_compared_and_never_returned() {
    let house = House::of(&bright()).await;
    let word = json!({ "codeWord": "willow-lagoon-1" });
    assert_eq!(house.post("/api/v1/code-word/verify", word.clone()).await.expect(200)["matches"], false);
    house.post("/api/v1/code-word", word.clone()).await.expect(200);
    assert_eq!(house.post("/api/v1/code-word/verify", word).await.expect(200)["matches"], true);
    assert!(!format!("{:?}", house.log().await).contains("willow-lagoon"));
    for around in ["\u{201c}blue harbor\u{201d}", "\u{ab}blue harbor\u{bb}", "code_word=blue harbor"] {
        let word = json!({ "codeWord": around });
        assert_eq!(house.post("/api/v1/code-word", word.clone()).await.status, 400, "{around}");
        assert_eq!(house.post("/api/v1/code-word/verify", word).await.expect(200)["matches"], false, "{around}");
    }
    assert_eq!(House::of(&glow()).await.post("/api/v1/code-word", json!({ "codeWord": "willow-lagoon-1" })).await.status, 404);
}

// nothing is ever deleted on a platform; plain SCIM hides a tombstone and frees the name.
#[tokio::test]
async fn deletion_is_refused_on_platforms_and_hides_a_tombstone_on_plain_scim() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    assert_eq!(house.call(http::Method::DELETE, &format!("/scim/v2/Users/{id}"), &[], None).await.status, 501);
    house.id("ana@glow.example").await;
    let plain = House::of(&crate::harness::plain()).await;
    let user = json!({ "schemas": [USER], "userName": "bjensen" });
    let first = plain.post("/scim/v2/Users", user.clone()).await.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(plain.call(http::Method::DELETE, &format!("/scim/v2/Users/{first}"), &[], None).await.status, 204);
    assert_eq!(plain.get(&format!("/scim/v2/Users/{first}")).await.status, 404);
    let second = plain.post("/scim/v2/Users", user).await.expect(201);
    assert_ne!(second["id"], first.as_str());
}
