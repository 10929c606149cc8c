//! The state table of the design, as the server keeps it.

use http::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, mail};
use crate::harness::{House, PRACTICE, bright, glow, patch};
use crate::pages::WORDS;
use crate::profiles::signed_in;

/// Active, accepted, what has become of the invitation, blocked.
type Standing<'a> = (bool, bool, &'a str, bool);

fn standing(user: &Value) -> Standing<'_> {
    let part = &user[PRACTICE];
    (
        user["active"].as_bool().unwrap(),
        part["accepted"].as_bool().unwrap(),
        part["invitation"]["state"].as_str().unwrap_or("none"),
        part["block"]["blocked"].as_bool().unwrap_or(false),
    )
}

const PHONE: &str = "+1 602 555 0100";

// AR-20, AR-22, AR-23: each action from each state; an active member who is blocked stays active.
#[tokio::test]
async fn every_action_from_every_state_does_what_the_table_says_or_nothing() {
    let people = ["marcus", "petra", "ines", "nova", "bea"];
    let pending = (true, false, "open", false);
    let withdrawn = (false, false, "killed", false);
    let active = (true, true, "none", false);
    let gone = (false, true, "none", false);
    let never = (false, false, "none", false);
    let locked = (true, true, "none", true);
    // Rows: action. Columns: active, pending, inactive accepted, inactive never accepted, blocked.
    let table: [(&str, [(u16, Standing<'_>); 5]); 6] = [
        ("invite", [(409, active), (409, pending), (409, gone), (200, pending), (409, locked)]),
        ("resend-invitation", [(409, active), (200, pending), (409, gone), (409, never), (409, locked)]),
        ("withdraw-invitation", [(409, active), (200, withdrawn), (409, gone), (409, never), (409, locked)]),
        (
            "block",
            [
                (200, (true, true, "none", true)),
                (200, (true, false, "killed", true)),
                (200, (false, true, "none", true)),
                (200, (false, false, "none", true)),
                (200, locked),
            ],
        ),
        ("unblock", [(200, active), (200, pending), (200, gone), (200, never), (200, active)]),
        ("generate-passcode", [(200, active), (200, pending), (200, gone), (200, never), (200, locked)]),
    ];
    for (action, columns) in table {
        let house = House::of(&glow()).await;
        for (who, (status, after)) in people.iter().zip(columns) {
            let who = format!("{who}@glow.example");
            let id = house.id(&who).await;
            let body = if action == "block" { json!({ "reason": "activity-review", "confirmPhone": PHONE }) } else { json!({}) };
            let answer = house.act(&id, action, body).await;
            assert_eq!(answer.status, status, "{action} on {who}: {}", answer.body);
            assert_eq!(standing(&house.user(&who).await), after, "{action} on {who}");
        }
    }
}

// AR-21: somebody who is blocked is still in the list of active users, and marked there.
#[tokio::test]
async fn a_blocked_member_is_still_in_the_list_of_active_users_with_a_mark() {
    let house = House::of(&glow()).await;
    let id = house.id("marcus@glow.example").await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": PHONE })).await.expect(200);
    let active = house.get("/scim/v2/Users?filter=active%20eq%20true").await.expect(200);
    let marks: Vec<(&str, bool)> = (active["Resources"].as_array().unwrap().iter())
        .map(|user| (user["userName"].as_str().unwrap(), user[PRACTICE]["block"]["blocked"].as_bool().unwrap_or(false)))
        .collect();
    assert!(marks.contains(&("marcus@glow.example", true)) && marks.contains(&("bea@glow.example", true)), "{marks:?}");
    assert!(marks.contains(&("ana@glow.example", false)), "{marks:?}");
}

// AR-15, AR-16: `active` written from each state.
#[tokio::test]
async fn switching_active_inactivates_withdraws_and_activates_and_never_revives_a_link() {
    let house = House::of(&glow()).await;
    let switch = async |who: &str, active: bool| {
        let id = house.id(who).await;
        let answer = house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": "active", "value": active }])).await;
        (answer.status, standing(&house.user(who).await).2.to_owned(), house.user(who).await["active"].as_bool().unwrap())
    };
    assert_eq!(switch("ana@glow.example", false).await, (200, "none".into(), false));
    assert_eq!(switch("ana@glow.example", true).await, (200, "none".into(), true));
    assert_eq!(switch("petra@glow.example", false).await, (200, "killed".into(), false));
    // Never accepted: only an invitation brings her back, and the old link stays dead.
    assert_eq!(switch("petra@glow.example", true).await, (400, "killed".into(), false));
    assert_eq!(switch("nova@glow.example", true).await, (400, "none".into(), false));
    assert_eq!(switch("bea@glow.example", false).await.0, 200);
    assert!(standing(&house.user("bea@glow.example").await).3, "a block survives inactivation (AR-23)");
    assert_eq!(switch("bea@glow.example", true).await.0, 200);
    assert!(standing(&house.user("bea@glow.example").await).3);
}

// one mail a time, the older link dies, and it expires by the server's clock alone.
#[tokio::test]
async fn an_invitation_expires_by_the_clock_and_its_version_does_not_change() {
    let house = House::of(&glow()).await;
    let before = house.user("petra@glow.example").await;
    house.clock.advance(7 * 24 * 3_600_000 - 1);
    assert_eq!(standing(&house.user("petra@glow.example").await).2, "open");
    house.clock.advance(1);
    let after = house.user("petra@glow.example").await;
    assert_eq!(standing(&after).2, "expired");
    assert_eq!(before["meta"]["version"], after["meta"]["version"]);
}

// AR-3, AR-12: contact numbers are the admin's to change, and an invitation can do without.
#[tokio::test]
async fn the_phone_of_somebody_pending_can_be_removed() {
    let house = House::of(&glow()).await;
    for address in ["petra@glow.example", "ana@glow.example"] {
        let id = house.id(address).await;
        house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "remove", "path": "phoneNumbers" }])).await.expect(200);
    }
    assert_eq!(standing(&house.user("petra@glow.example").await).2, "open");
}

// AR-22: what a block ended stays ended.
#[tokio::test]
async fn unblocking_a_pending_person_leaves_the_killed_link_dead_until_it_is_sent_again() {
    let house = House::of(&glow()).await;
    let id = house.id("petra@glow.example").await;
    house.act(&id, "block", json!({ "reason": "clear-schedule", "confirmPhone": PHONE })).await.expect(200);
    house.act(&id, "unblock", json!({})).await.expect(200);
    assert_eq!(standing(&house.user("petra@glow.example").await), (true, false, "killed", false));
    let sent = house.act(&id, "resend-invitation", json!({})).await.expect(200);
    assert_eq!(standing(&sent), (true, false, "open", false));
}

// AR-18, AR-19, AR-20, AR-26: a caller without the right, or with a wrong number, blocks nobody.
#[tokio::test]
async fn a_block_needs_the_privilege_a_reason_and_the_acting_admins_own_number() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    let block = async |body: Value| house.act(&id, "block", body).await.status;
    assert_eq!(block(json!({ "reason": "activity-review" })).await, 400);
    assert_eq!(block(json!({ "reason": "activity-review", "confirmPhone": "+1 602 555 0999" })).await, 403);
    assert_eq!(block(json!({ "reason": "activity-review", "confirmPhone": "+1 602 555 0102" })).await, 403, "the target's own");
    assert_eq!(block(json!({ "reason": "other", "confirmPhone": PHONE })).await, 400);
    assert_eq!(block(json!({ "reason": "because", "confirmPhone": PHONE })).await, 400);
    assert!(!standing(&house.user("ana@glow.example").await).3);
    let main = house.id("olivia@glow.example").await;
    let oneself = house.act(&main, "block", json!({ "reason": "activity-review", "confirmPhone": PHONE })).await;
    assert_eq!(oneself.status, 403);
    // A number that both have says nothing of who typed it.
    let path = format!("/scim/v2/Users/{id}");
    let phones = |number: &str| json!([{ "op": "replace", "path": "phoneNumbers", "value": [{ "value": number, "type": "mobile" }] }]);
    house.patch(&path, phones(PHONE)).await.expect(200);
    assert_eq!(block(json!({ "reason": "activity-review", "confirmPhone": PHONE })).await, 403, "the target's own, too");
    house.patch(&path, phones("+16025550102")).await.expect(200);
    assert_eq!(block(json!({ "reason": "other", "note": "exports", "confirmPhone": PHONE })).await, 200);
    // A second administrator without the privilege.
    let ines = house.id("ines@glow.example").await;
    let role = json!([{ "op": "replace", "path": "active", "value": true }, { "op": "replace", "path": "roles", "value": [{ "value": "administrator" }] }]);
    house.patch(&format!("/scim/v2/Users/{ines}"), role).await.expect(200);
    let other = house.as_admin("ines@glow.example");
    assert_eq!(other.act(&id, "unblock", json!({})).await.status, 403);
    assert_eq!(other.act(&main, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550104" })).await.status, 403);
}

// AR-19, AR-20: what is refused is refused in the words of its own reason.
#[tokio::test]
async fn a_refused_block_says_why() {
    let house = House::of(&glow()).await;
    let (ana, main) = (house.id("ana@glow.example").await, house.id("olivia@glow.example").await);
    let block = |phone: &str| json!({ "reason": "activity-review", "confirmPhone": phone });
    let said = async |house: &House, id: &str, phone: &str| {
        let refused = house.act(id, "block", block(phone)).await.expect(403);
        refused["detail"].as_str().unwrap().to_owned()
    };
    for phone in [PHONE, "+1 602 555 0999"] {
        let oneself = said(&house, &main, phone).await;
        assert!(oneself.contains("the main admin cannot be blocked"), "{oneself}");
    }
    let targets = said(&house, &ana, "+1 602 555 0102").await;
    assert!(targets.contains("0102") && targets.contains("the member you want to block"), "{targets}");
    let strange = said(&house, &ana, "+1 602 555 0999").await;
    assert!(strange.contains("is not yours"), "{strange}");
    let grant =
        json!([{ "op": "replace", "path": format!("{PRACTICE}:privilegeChanges"), "value": { "grant": ["block-user", "manage-users"] } }]);
    house.patch(&format!("/scim/v2/Users/{ana}"), grant).await.expect(200);
    let main_admin = said(&house.as_admin("ana@glow.example"), &main, "+1 602 555 0999").await;
    assert!(main_admin.contains("main admin"), "{main_admin}");
}

// AR-26: a note is kept as it was sent, or refused.
#[tokio::test]
async fn a_note_is_kept_whole_or_refused() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let block = async |note: &Value| house.act(&ana, "block", json!({ "reason": "other", "note": note, "confirmPhone": PHONE })).await;
    for refused in [json!("n".repeat(501)), json!("a\u{1b}[31m"), json!("a\r\nb"), json!("a\u{0}"), json!(5), json!("  ")] {
        let answer = block(&refused).await;
        assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidValue")), "{refused}");
    }
    assert!(!standing(&house.user("ana@glow.example").await).3);
    for kept in [json!("ü".repeat(500)), json!(" two\n\tlines ")] {
        assert_eq!(block(&kept).await.expect(200)[PRACTICE]["block"]["note"], kept);
    }
}

// A member that an action does not know is never passed over.
#[tokio::test]
async fn an_action_takes_nothing_it_does_not_know() {
    let house = House::of(&glow()).await;
    let (ana, petra) = (house.id("ana@glow.example").await, house.id("petra@glow.example").await);
    let unknown = json!({ "reason": "activity-review", "confirmPhone": PHONE, "until": "2027-01-01" });
    let cases =
        [(&ana, "block", unknown), (&ana, "unblock", json!({ "reason": "x" })), (&petra, "resend-invitation", json!({ "to": "x" }))];
    for (id, action, body) in cases {
        let answer = house.act(id, action, body).await;
        assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidSyntax")), "{action}");
    }
    assert!(!standing(&house.user("ana@glow.example").await).3);
}

// PBN-1, PBN-2, PBN-8.
#[tokio::test]
async fn an_account_needs_an_employee_record_and_a_working_one_an_active_record() {
    let house = House::of(&bright()).await;
    let records = house.get("/scim/v2/Employees").await.expect(200);
    let record = |key: &str| {
        let all = records["Resources"].as_array().unwrap();
        all.iter().find(|r| r["key"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let make = async |login: &str, employee: Option<String>, invite: bool| {
        let mut part = json!({ "sendInvitation": invite });
        if let Some(id) = employee {
            part["employee"] = json!({ "value": id });
        }
        let user = json!({
            "schemas": [crate::harness::USER, PRACTICE],
            "userName": login,
            "name": { "givenName": "Some", "familyName": "One" },
            "roles": [{ "value": "hygienist" }],
            PRACTICE: part,
        });
        house.post("/scim/v2/Users", user).await.status
    };
    assert_eq!(make("a@bright.example", None, true).await, 400);
    assert_eq!(make("a@bright.example", Some("nobody".to_owned()), true).await, 400);
    assert_eq!(make("a@bright.example", Some(record("gone-girl")), true).await, 400);
    assert_eq!(make("a@bright.example", Some(record("gone-girl")), false).await, 201);
    assert_eq!(make("b@bright.example", Some(record("rob-hale")), true).await, 201);
    let rob = record("rob-hale");
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    let path = format!("/scim/v2/Employees/{rob}");
    // A plan names each account that it inactivates, so it switches none off besides.
    let planned = house.call(Method::PATCH, &path, &[("rosterctl-plan", "abc")], Some(patch(off.clone()))).await;
    assert_eq!(planned.status, 409, "a working account hangs on it");
    let id = house.id("b@bright.example").await;
    house.patch(&format!("/scim/v2/Users/{id}"), off.clone()).await.expect(200);
    house.call(Method::PATCH, &path, &[("rosterctl-plan", "abc")], Some(patch(off))).await.expect(200);
}

// PBN-8: the accounts on an employee record that is switched off are inactivated with it: sessions and links end, and the log names each.
#[tokio::test]
async fn switching_off_an_employee_record_ends_the_sessions_of_its_accounts() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let mut hugo = signed_in(&house, "hugo@bright.example").await;
    let mut omar = signed_in(&house, "omar@bright.example").await;
    Browser::new(&house).post("/bright/reset", &[("email", "hugo@bright.example")]).await;
    let (.., reset) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset").expect("a mail");
    let record = async |who: &str| house.user(who).await[PRACTICE]["employee"]["value"].as_str().unwrap().to_owned();
    let path = format!("/scim/v2/Employees/{}", record("hugo@bright.example").await);
    let active = |value: bool| json!([{ "op": "replace", "path": "active", "value": value }]);
    let before = house.log().await.len();
    house.patch(&path, active(false)).await.expect(200);
    let log = house.log().await.split_off(before);
    let rows: Vec<_> = log
        .iter()
        .map(|row| (row.entry.action.as_str(), row.entry.subject.as_deref().unwrap_or_default(), row.entry.detail.as_deref()))
        .collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0], ("inactivate", "hugo@bright.example", Some("with the employee record")));
    assert_eq!(rows[1].0, "update-employee");
    assert_eq!(house.user("hugo@bright.example").await["active"], false);
    assert_eq!(hugo.get("/bright/").await.heading(), "Sign in");
    assert_eq!(hugo.sign_in(&house, "hugo@bright.example", WORDS).await.heading(), "Your account is inactive");
    assert_eq!(Browser::new(&house).get(&format!("/bright/reset/{reset}")).await.status, http::StatusCode::GONE);
    assert_eq!(omar.get("/bright/").await.heading(), "Welcome, Omar Bell", "others go on");
    // Switching the record on again brings nobody back.
    house.patch(&path, active(true)).await.expect(200);
    assert_eq!(house.user("hugo@bright.example").await["active"], false);
    // Nobody switches themselves off, nor the main admin.
    let (own, main) = (record("omar@bright.example").await, record("dana@bright.example").await);
    let by_omar = house.as_admin("omar@bright.example");
    for (by, record) in [(&by_omar, &own), (&by_omar, &main), (&house, &main)] {
        let before = by.get(&format!("/scim/v2/Employees/{record}")).await.expect(200);
        assert_eq!(by.patch(&format!("/scim/v2/Employees/{record}"), active(false)).await.status, 403);
        assert_eq!(by.get(&format!("/scim/v2/Employees/{record}")).await.expect(200), before);
    }
}
