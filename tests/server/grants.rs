//! Nobody grants what they lack, whatever the way; and the main admin's account is the main admin's.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, House, PRACTICE, accepted, bright, desired, fields, glow, lakeside, text};
use rosterctl::model::{Desired, Field};
use rosterctl::platform::{self, Catalog};

async fn set(house: &House, by: &str, who: &str, path: &str, value: Value) -> Answer {
    let id = house.id(who).await;
    house.as_admin(by).patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": path, "value": value }])).await
}

async fn give_role(house: &House, by: &str, who: &str, role: &str) -> Answer {
    set(house, by, who, "roles", json!([{ "value": role, "primary": true }])).await
}

async fn grant(house: &House, by: &str, who: &str, names: &[&str]) -> Answer {
    set(house, by, who, &format!("{PRACTICE}:privilegeChanges"), json!({ "grant": names })).await
}

async fn role_id(house: &House, key: &str) -> String {
    let roles = house.get("/scim/v2/Roles").await.expect(200);
    let found = roles["Resources"].as_array().unwrap().iter().find(|role| role["value"] == key).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn effective(house: &House, who: &str) -> BTreeSet<String> {
    let user = house.user(who).await;
    user[PRACTICE]["privileges"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

const OLIVIA: &str = "olivia@glow.example";
const MARCUS: &str = "marcus@glow.example";
const ANA: &str = "ana@glow.example";

// AR-18: an administrator without *block user* reaches it in no way.
#[tokio::test]
async fn an_administrator_cannot_come_by_block_user() {
    let house = House::of(&glow()).await;
    give_role(&house, OLIVIA, MARCUS, "administrator").await.expect(200);
    grant(&house, MARCUS, MARCUS, &["block-user"]).await.expect(403);
    let told = grant(&house, MARCUS, ANA, &["block-user"]).await.expect(403);
    assert_eq!(told["detail"], "only somebody who has `block-user` can give it (AR-18)");
    let administrators = role_id(&house, "administrator").await;
    let edit = json!([{ "op": "add", "path": "privileges", "value": ["block-user"] }]);
    house.as_admin(MARCUS).patch(&format!("/scim/v2/Roles/{administrators}"), edit.clone()).await.expect(403);
    let role = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": "guard", "display": "Guard", "privileges": ["block-user"] });
    house.as_admin(MARCUS).post("/scim/v2/Roles", role.clone()).await.expect(403);
    // The main admin puts it into the role, and still nobody takes it up or hands it on who lacks it.
    house.patch(&format!("/scim/v2/Roles/{administrators}"), edit).await.expect(200);
    give_role(&house, MARCUS, MARCUS, "administrator").await.expect(403);
    give_role(&house, MARCUS, ANA, "administrator").await.expect(403);
    assert!(!effective(&house, MARCUS).await.contains("block-user"));
    // Who has it gives it.
    grant(&house, OLIVIA, MARCUS, &["block-user"]).await.expect(200);
    grant(&house, MARCUS, ANA, &["block-user"]).await.expect(200);
    house.as_admin(MARCUS).post("/scim/v2/Roles", role).await.expect(201);
}

// AR-12, AR-6: what the platform's own roles and switches give is an administrator's to hand out, to others.
#[tokio::test]
async fn an_administrator_hands_out_the_platforms_roles_and_switches() {
    let house = House::of(&glow()).await;
    give_role(&house, OLIVIA, MARCUS, "administrator").await.expect(200);
    for role in ["medical-director", "administrator", "front-desk", "provider"] {
        give_role(&house, MARCUS, ANA, role).await.expect(200);
    }
    let dashboard = format!("{PRACTICE}:dashboardAccess");
    set(&house, MARCUS, ANA, &dashboard, json!(true)).await.expect(200);
    set(&house, MARCUS, MARCUS, &dashboard, json!(true)).await.expect(403);
    give_role(&house, MARCUS, MARCUS, "medical-director").await.expect(403);
}

// CHR-6: a holder of user management does not give themselves all permissions, nor anybody the right to manage users unless they have it.
#[tokio::test]
async fn a_user_manager_cannot_grant_themselves_all_permissions() {
    let house = House::of(&lakeside()).await;
    let (iyer, sam, pia) = ("iyer@lakeside.example", "sam@lakeside.example", "pia@lakeside.example");
    grant(&house, iyer, sam, &["Settings/User Management"]).await.expect(200);
    let all: Vec<&str> = platform::named("telus-chr").unwrap().catalog().privileges.keys().map(String::as_str).collect();
    assert_eq!(all.len(), 19);
    let before = effective(&house, sam).await;
    grant(&house, sam, sam, &all).await.expect(403);
    assert_eq!(effective(&house, sam).await, before);
    grant(&house, sam, pia, &["Settings/User Management"]).await.expect(200);
}

// PBN-6: an office administrator makes nobody an owner, and does not touch the main admin.
#[tokio::test]
async fn an_office_administrator_makes_no_owner_and_demotes_no_main_admin() {
    let house = House::of(&bright()).await;
    let (dana, omar, hugo) = ("dana@bright.example", "omar@bright.example", "hugo@bright.example");
    let told = give_role(&house, omar, omar, "owner").await.expect(403);
    assert_eq!(told["detail"], "only somebody who has the role `owner` can give it (PBN-6)");
    give_role(&house, omar, hugo, "owner").await.expect(403);
    give_role(&house, omar, dana, "hygienist").await.expect(403);
    give_role(&house, omar, hugo, "office-administrator").await.expect(200);
    give_role(&house, dana, omar, "owner").await.expect(200);
    // A login follows its address: an owner's address is not an office administrator's to change.
    set(&house, hugo, omar, "userName", json!("omar.new@bright.example")).await.expect(403);
    give_role(&house, omar, hugo, "owner").await.expect(200);
    // A change of a role reaches its holders: nobody adds to their own in this way either.
    give_role(&house, dana, hugo, "office-administrator").await.expect(200);
    let path = format!("/scim/v2/Roles/{}", role_id(&house, "office-administrator").await);
    let strip = json!([{ "op": "replace", "path": "privileges", "value": ["manage-logins"] }]);
    house.as_admin(omar).patch(&path, strip).await.expect(200);
    let back = json!([{ "op": "add", "path": "privileges", "value": ["payments"] }]);
    house.as_admin(hugo).patch(&path, back.clone()).await.expect(403);
    house.as_admin(omar).patch(&path, back).await.expect(200);
}

// AR-18: the main admin has everything and manages users whatever role is written; nobody else takes over the account.
#[tokio::test]
async fn the_main_admin_keeps_everything_and_nobody_else_changes_it() {
    for (desired, main, other, privilege) in [
        (glow(), OLIVIA, MARCUS, "manage-users"),
        (bright(), "dana@bright.example", "omar@bright.example", "manage-logins"),
        (lakeside(), "iyer@lakeside.example", "sam@lakeside.example", "Settings/User Management"),
    ] {
        let house = House::of(&desired).await;
        let catalog = platform::named(&desired.platform.0).unwrap().catalog();
        if !catalog.roles.values().any(|role| role.privileges.contains(privilege)) {
            grant(&house, main, other, &[privilege]).await.expect(200);
        } else if !effective(&house, other).await.contains(privilege) {
            give_role(&house, main, other, "administrator").await.expect(200);
        }
        let all: BTreeSet<String> = catalog.privileges.keys().cloned().collect();
        assert_eq!(effective(&house, main).await, all, "{main}");
        let (weakest, _) = catalog.roles.iter().filter(|(key, _)| *key != "practitioner").min_by_key(|(_, r)| r.privileges.len()).unwrap();
        give_role(&house, other, main, weakest).await.expect(403);
        give_role(&house, main, main, weakest).await.expect(200);
        assert_eq!(effective(&house, main).await, all, "{main}: whatever role is written");
        if catalog.field(Field::PrivilegeChanges).is_some() {
            let revoke = json!({ "revoke": [privilege] });
            let path = format!("{PRACTICE}:privilegeChanges");
            set(&house, other, main, &path, revoke.clone()).await.expect(403);
            set(&house, main, main, &path, revoke).await.expect(200);
            assert_eq!(effective(&house, main).await, all, "{main}: whatever is revoked");
        }
        if catalog.field(Field::Phones).is_some() {
            let phones = json!([{ "value": "+16025550199", "type": "mobile", "primary": true }]);
            let told = set(&house, other, main, "phoneNumbers", phones.clone()).await.expect(403);
            assert_eq!(told["detail"], "only the main admin can change their own `phoneNumbers`");
            set(&house, main, main, "phoneNumbers", phones).await.expect(200);
        }
        if catalog.passcode {
            let id = house.id(main).await;
            house.as_admin(other).act(&id, "generate-passcode", json!({})).await.expect(403);
            house.act(&id, "generate-passcode", json!({})).await.expect(200);
        }
    }
}

// AR-20, X-4: also on plain SCIM, where accounts can be deleted.
#[tokio::test]
async fn nobody_deletes_or_takes_over_the_main_admin_of_a_plain_workspace() {
    let people =
        [("root@plain.example", fields(&[(Field::Role, text("admin"))]), accepted()), ("kim@plain.example", fields(&[]), accepted())];
    let house = House::of(&desired("plain", "generic", Some("root@plain.example"), &people)).await;
    let (root, kim) = ("root@plain.example", "kim@plain.example");
    let path = format!("/scim/v2/Users/{}", house.id(root).await);
    house.as_admin(kim).call(Method::DELETE, &path, &[], None).await.expect(403);
    house.call(Method::DELETE, &path, &[], None).await.expect(403);
    give_role(&house, kim, root, "guest").await.expect(403);
    for (attribute, value) in [
        ("userName", json!("other@plain.example")),
        ("phoneNumbers", json!([{ "value": "+16025550199" }])),
        ("password", json!("a long enough one")),
        ("active", json!(false)),
    ] {
        set(&house, kim, root, attribute, value).await.expect(403);
    }
    for (attribute, value) in [
        ("emails", json!([{ "value": "kim@plain.example", "type": "work", "primary": true }])),
        ("roles", json!([{ "value": "admin", "primary": true }, { "value": "guest" }])),
        ("entitlements", json!([{ "value": "billing" }])),
        ("x509Certificates", json!([{ "value": "TUlJQ0ZUQ0NBZXdnQXdJQkFnSVU=" }])),
    ] {
        let told = set(&house, kim, root, attribute, value.clone()).await.expect(403);
        assert_eq!(told["detail"], format!("only the main admin can change their own `{attribute}`"));
        set(&house, root, root, attribute, value).await.expect(200);
        let id = house.id(root).await;
        let remove = json!([{ "op": "remove", "path": attribute }]);
        house.as_admin(kim).patch(&format!("/scim/v2/Users/{id}"), remove).await.expect(403);
    }
    // A whole user who is sent back as it was shown changes nothing of these.
    let mut whole = house.user(root).await;
    whole["title"] = json!("Owner");
    let path = format!("/scim/v2/Users/{}", house.id(root).await);
    house.as_admin(kim).call(Method::PUT, &path, &[], Some(whole)).await.expect(200);
    give_role(&house, root, root, "guest").await.expect(200);
    let id = house.id(kim).await;
    house.call(Method::DELETE, &format!("/scim/v2/Users/{id}"), &[], None).await.expect(204);
}

// PBN-1, PBN-8: the record that the main admin's account belongs to is theirs, too: a login is switched off with its record.
#[tokio::test]
async fn nobody_else_moves_the_main_admin_to_another_employee_record_or_edits_theirs() {
    let house = House::of(&bright()).await;
    let (dana, omar) = ("dana@bright.example", "omar@bright.example");
    let own = house.user(dana).await[PRACTICE]["employee"]["value"].as_str().unwrap().to_owned();
    let records = house.get("/scim/v2/Employees").await.expect(200);
    let other = records["Resources"].as_array().unwrap().iter().find(|record| record["key"] == "rob-hale").unwrap()["id"].clone();
    let employee = format!("{PRACTICE}:employee");
    let told = set(&house, omar, dana, &employee, json!({ "value": other })).await.expect(403);
    assert_eq!(told["detail"], "only the main admin can change their own `employee`");
    let path = format!("/scim/v2/Employees/{own}");
    for (attribute, value) in [("active", json!(false)), ("familyName", json!("Wolf")), ("external", json!(true))] {
        let edit = json!([{ "op": "replace", "path": attribute, "value": value }]);
        let told = house.as_admin(omar).patch(&path, edit).await.expect(403);
        assert_eq!(told["detail"], "only the main admin can change their own employee record");
    }
    let edit = json!([{ "op": "replace", "path": "familyName", "value": "Wolf" }]);
    house.patch(&path, edit).await.expect(200);
    set(&house, dana, dana, &employee, json!({ "value": other })).await.expect(200);
    let back = json!([{ "op": "replace", "path": "familyName", "value": "Fox" }]);
    house.as_admin(omar).patch(&path, back).await.expect(200);
}

// PBN-6: a role that only its owners give is theirs to change, too.
#[tokio::test]
async fn a_role_that_only_its_owners_give_is_changed_by_them_alone() {
    let house = House::of(&bright()).await;
    let (dana, omar) = ("dana@bright.example", "omar@bright.example");
    let path = format!("/scim/v2/Roles/{}", role_id(&house, "owner").await);
    for (attribute, value) in [("privileges", json!(["manage-logins"])), ("display", json!("Boss"))] {
        let edit = json!([{ "op": "replace", "path": attribute, "value": value }]);
        let told = house.as_admin(omar).patch(&path, edit.clone()).await.expect(403);
        assert_eq!(told["detail"], "only somebody who has the role `owner` can change it (PBN-6)");
        house.patch(&path, edit).await.expect(200);
    }
    give_role(&house, dana, omar, "owner").await.expect(200);
    let edit = json!([{ "op": "replace", "path": "display", "value": "Owner" }]);
    house.as_admin(omar).patch(&path, edit).await.expect(200);
}

/// Returns what any administrator can give.
fn handed_out(catalog: &Catalog) -> BTreeSet<&str> {
    let roles = catalog.roles.iter().filter(|(key, _)| *key != "owner").flat_map(|(_, role)| &role.privileges);
    roles.chain(catalog.switch_privileges.iter().map(|(_, given)| given)).map(String::as_str).collect()
}

/// Gives every role by a holder of every other one, to somebody else and to themselves; returns how many were given and refused.
async fn pairs(desired: &Desired, main: &str, giver: &str, taker: &str, manages: &str) -> [usize; 2] {
    let house = House::of(desired).await;
    let catalog = platform::named(&desired.platform.0).unwrap().catalog();
    let mut roles: Vec<(String, BTreeSet<String>)> = catalog.roles.iter().map(|(key, r)| (key.clone(), r.privileges.clone())).collect();
    if catalog.custom_roles {
        let every: BTreeSet<String> = catalog.privileges.keys().cloned().collect();
        let body = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": "everything", "display": "Everything", "privileges": every });
        house.post("/scim/v2/Roles", body).await.expect(201);
        roles.push(("everything".to_owned(), every));
    }
    let lowest = roles.iter().min_by_key(|(_, privileges)| privileges.len()).unwrap().0.clone();
    let mut counted = [0; 2];
    for (own, _) in &roles {
        give_role(&house, main, giver, own).await.expect(200);
        if !effective(&house, giver).await.contains(manages) {
            if catalog.field(Field::PrivilegeChanges).is_none() {
                continue;
            }
            grant(&house, main, giver, &[manages]).await.expect(200);
        }
        let has = effective(&house, giver).await;
        for (role, privileges) in &roles {
            give_role(&house, main, taker, &lowest).await.expect(200);
            let may = privileges.iter().all(|name| has.contains(name) || handed_out(catalog).contains(name.as_str()));
            let may = may && (role != "owner" || own == "owner");
            let status = give_role(&house, giver, taker, role).await.status;
            assert_eq!(status, if may { 200 } else { 403 }, "{}: {own} gives {role}", desired.workspace);
            counted[usize::from(!may)] += 1;
            let gains = !privileges.is_subset(&has);
            let status = give_role(&house, giver, giver, role).await.status;
            assert!(status == 200 || status == 403);
            assert!(effective(&house, giver).await.is_subset(&has), "{}: {own} takes {role}", desired.workspace);
            assert!(!gains || status == 403, "{}: {own} takes {role}", desired.workspace);
            grant_back(&house, main, giver, own, manages, catalog).await;
        }
        if catalog.field(Field::PrivilegeChanges).is_some() {
            grant(&house, main, giver, &[]).await.expect(200);
        }
    }
    counted
}

/// Brings the giver back to where they were.
async fn grant_back(house: &House, main: &str, giver: &str, own: &str, manages: &str, catalog: &Catalog) {
    give_role(house, main, giver, own).await.expect(200);
    if catalog.field(Field::PrivilegeChanges).is_some() && !effective(house, giver).await.contains(manages) {
        grant(house, main, giver, &[manages]).await.expect(200);
    }
}

// D6, AR-6, PBN-6, CHR-6: all pairs of roles, on each platform.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_pair_of_roles_lets_anybody_rise() {
    let glow = pairs(&glow(), OLIVIA, MARCUS, ANA, "manage-users").await;
    let bright = pairs(&bright(), "dana@bright.example", "omar@bright.example", "hugo@bright.example", "manage-logins").await;
    let lakeside =
        pairs(&lakeside(), "iyer@lakeside.example", "sam@lakeside.example", "pia@lakeside.example", "Settings/User Management").await;
    println!("given and refused: {glow:?}, {bright:?}, {lakeside:?}");
    assert!(glow[1] >= 4 && bright[1] >= 1, "something was refused");
}
