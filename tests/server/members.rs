//! The changes that an admin makes of a member, what a member with a right of their own may do, and what is there after coming back.

use serde_json::{Value, json};

use crate::harness::{House, PRACTICE, glow};

const ANA: &str = "ana@glow.example";

async fn write(house: &House, who: &str, path: &str, value: Value) -> Value {
    let id = house.id(who).await;
    house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": path, "value": value }])).await.expect(200)
}

/// A provider's settings, complete.
fn provider() -> Value {
    json!({ "active": true, "mdConsent": true, "medicalDirector": "marcus@glow.example", "onlineBooking": true })
}

// AR-18: the privilege counts where it was granted to the member alone, without any role that has it.
#[tokio::test]
async fn a_member_who_was_granted_block_user_blocks_and_unblocks() {
    let house = House::of(&glow()).await;
    let (marcus, petra) = (house.as_admin("marcus@glow.example"), house.id("petra@glow.example").await);
    let grant = async |names: &[&str]| {
        write(&house, "marcus@glow.example", &format!("{PRACTICE}:privilegeChanges"), json!({ "grant": names })).await;
    };
    let block = json!({ "reason": "activity-review", "confirmPhone": "+1 602 555 0101" });
    grant(&["manage-users"]).await;
    assert_eq!(marcus.act(&petra, "block", block.clone()).await.status, 403, "managing users is not enough");
    grant(&["block-user", "manage-users"]).await;
    let blocked = marcus.act(&petra, "block", block).await.expect(200);
    assert_eq!(blocked[PRACTICE]["block"]["blocked"], true);
    let unblocked = marcus.act(&petra, "unblock", json!({})).await.expect(200);
    assert_eq!(unblocked[PRACTICE]["block"]["blocked"], false);
    let log = house.log().await;
    let acting = log.iter().filter(|row| matches!(row.entry.action.as_str(), "block" | "unblock") && row.entry.result.as_str() == "done");
    assert_eq!(acting.map(|row| row.entry.actor.as_str()).collect::<Vec<_>>(), ["marcus@glow.example"; 2]);
}

// AR-12, AR-7, AR-8, AR-9: role, clinics, phones, switches and provider settings, one by one.
#[tokio::test]
async fn an_admin_changes_each_field_of_a_member_and_nothing_else_with_it() {
    let house = House::of(&glow()).await;
    let part = |name: &str| format!("{PRACTICE}:{name}");
    let (uptown, downtown) = (house.clinic("uptown").await, house.clinic("downtown").await);
    write(&house, ANA, &part("provider"), provider()).await;
    let changes = [
        ("roles".to_owned(), json!([{ "value": "lead", "primary": true }])),
        (part("clinics"), json!([{ "value": uptown }, { "value": downtown }])),
        (part("defaultClinic"), json!(downtown)),
        ("phoneNumbers".to_owned(), json!([{ "value": "+16025550199", "type": "mobile", "primary": true }])),
        (part("dashboardAccess"), json!(true)),
        (part("appointmentColor"), json!("#3aa675")),
        (part("goals"), json!({ "per": "month", "procedures": 40, "salesUsd": 25_000 })),
        (part("bookingProfile"), json!({ "displayName": "Ana R.", "title": "Master Aesthetician", "bio": "Skin care." })),
        (part("checkInNotifications"), json!({ "sms": true, "email": true })),
        (part("privilegeChanges"), json!({ "grant": ["take-payments"] })),
        (part("provider"), json!({ "active": true, "mdConsent": false, "onlineBooking": false })),
    ];
    let mut before = house.user(ANA).await;
    for (path, value) in changes {
        write(&house, ANA, &path, value.clone()).await;
        let mut after = house.user(ANA).await;
        let (mut practice, plain) = (after[PRACTICE].clone(), path.strip_prefix(PRACTICE).map(|name| &name[1..]));
        let found = plain.map_or_else(|| after[path.as_str()].clone(), |name| practice[name].clone());
        assert!(holds(&found, &value), "{path}: {found}");
        assert_ne!(before["meta"]["version"], after["meta"]["version"], "{path}");
        let kept = after.clone();
        // What follows from the field is not a change of its own.
        for document in [&mut before, &mut after] {
            document.as_object_mut().unwrap().retain(|name, _| name != "meta" && *name != path);
            practice = document[PRACTICE].take();
            let follows = ["privileges", "rolePrivileges", plain.unwrap_or("roles")];
            practice.as_object_mut().unwrap().retain(|name, _| !follows.contains(&name.as_str()));
            document[PRACTICE] = practice;
        }
        assert_eq!(before, after, "{path}");
        before = kept;
    }
}

/// Returns whether a value has at least what was written.
fn holds(found: &Value, written: &Value) -> bool {
    match (found, written) {
        (Value::Object(found), Value::Object(written)) => {
            written.iter().all(|(name, value)| holds(found.get(name).unwrap_or(&Value::Null), value))
        }
        (Value::Array(found), Value::Array(written)) => {
            found.len() == written.len() && written.iter().all(|value| found.iter().any(|item| holds(item, value)))
        }
        _ => found == written,
    }
}

// X-4, AR-15, AR-16: roles, clinics, settings and privileges are those from before, and so is a passcode.
#[tokio::test]
async fn everything_is_as_it_was_after_inactivation_and_coming_back() {
    let house = House::of(&glow()).await;
    let part = |name: &str| format!("{PRACTICE}:{name}");
    let (uptown, downtown) = (house.clinic("uptown").await, house.clinic("downtown").await);
    write(&house, ANA, &part("provider"), provider()).await;
    for (name, value) in [
        ("clinics", json!([{ "value": uptown }, { "value": downtown }])),
        ("dashboardAccess", json!(true)),
        ("appointmentColor", json!("#3aa675")),
        ("goals", json!({ "per": "month", "procedures": 40 })),
        ("bookingProfile", json!({ "displayName": "Ana R." })),
        ("checkInNotifications", json!({ "sms": true })),
        ("privilegeChanges", json!({ "grant": ["take-payments"], "revoke": ["view-reports"] })),
    ] {
        write(&house, ANA, &part(name), value).await;
    }
    let id = house.id(ANA).await;
    house.act(&id, "generate-passcode", json!({})).await.expect(200);
    let before = house.user(ANA).await;
    assert_eq!(write(&house, ANA, "active", json!(false)).await["active"], false);
    house.clock.advance(400 * 24 * 3_600_000);
    let mut after = write(&house, ANA, "active", json!(true)).await;
    after["meta"] = before["meta"].clone();
    assert_eq!(after, before);
}
