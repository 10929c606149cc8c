//! The main admin role goes from one member to another.

use http::StatusCode;
use rosterctl::model::{Desired, Email, Field, Fields};
use rosterctl::server::{create_token, list_tokens, move_main_admin, seed, set_up_link};
use rosterctl::store::TokenAccess;
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, PRACTICE, bright, fields, glow, lakeside, text};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two as member_of_two;

const OLIVIA: &str = "olivia@glow.example";
const NOA: &str = "noa@glow.example";

/// The browsers of the main admin and of another member.
async fn two(house: &House) -> (Browser, Browser) {
    let (path, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    let mut olivia = Browser::new(house);
    olivia.post(path.expose(), &[("new-password", WORDS)]).await;
    let link = invited_to_glow(house, NOA).await;
    let mut noa = Browser::new(house);
    joined(house, &mut noa, &link).await;
    (olivia, noa)
}

async fn offer(browser: &mut Browser, to: &str, password: &str) -> Page {
    browser.post("/glow/main-admin", &[("email", to), ("password", password)]).await
}

async fn link(house: &House) -> String {
    let (_, to, token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "main-admin-offered").expect("a mail");
    assert_eq!(to, NOA);
    format!("/glow/main-admin/{token}")
}

async fn main_admin(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    for who in [OLIVIA, NOA] {
        if house.user(who).await[PRACTICE]["mainAdmin"] == json!(true) {
            found.push(who.to_owned());
        }
    }
    found
}

// AR-18, X-5: offered by one, taken by the other; until then nothing changes.
#[tokio::test]
async fn the_main_admin_offers_the_role_and_another_member_accepts_it() {
    let house = House::of(&glow()).await;
    let (mut olivia, mut noa) = two(&house).await;
    assert_eq!(noa.get("/glow/main-admin").await.status, StatusCode::NOT_FOUND, "only the main admin has it to give");
    assert_eq!(offer(&mut noa, OLIVIA, WORDS).await.status, StatusCode::NOT_FOUND);
    for (to, password) in [(NOA, OTHER_WORDS), ("nobody@glow.example", WORDS), (OLIVIA, WORDS), ("petra@glow.example", WORDS)] {
        assert_eq!(offer(&mut olivia, to, password).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
    }
    let sent = offer(&mut olivia, NOA, WORDS).await;
    assert_eq!(sent.heading(), "The offer is on its way", "{}", sent.text);
    let link = link(&house).await;
    let mut phone = Browser::new(&house);
    assert_eq!(phone.get(&link).await.heading(), "Become main admin of glow");
    assert_eq!(phone.post(&link, &[("password", OTHER_WORDS)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(main_admin(&house).await, [OLIVIA]);
    let done = phone.post(&link, &[("password", WORDS)]).await;
    assert_eq!(done.heading(), "You are the main admin of glow", "{}", done.text);
    assert_eq!(main_admin(&house).await, [NOA]);
    assert_eq!(olivia.get("/glow/").await.heading(), "Welcome, Olivia Stone", "the previous main admin stays a member");
    assert_eq!(phone.post(&link, &[("password", WORDS)]).await.status, StatusCode::GONE);
    let told: Vec<_> = mail(&house.store).await.into_iter().filter(|(kind, ..)| kind == "main-admin-moved").map(|(_, to, _)| to).collect();
    assert_eq!(told, [OLIVIA]);
    let log = house.log().await;
    let row = log.iter().find(|row| row.entry.action.as_str() == "become-main-admin").expect("a row");
    assert_eq!((row.entry.actor.as_str(), row.entry.detail.as_deref()), (NOA, Some("in place of olivia@glow.example")));
}

// A member who has the role no longer cannot give it away, and a blocked member cannot accept it.
#[tokio::test]
async fn an_offer_ends_when_its_maker_loses_the_role_and_when_the_other_member_is_blocked() {
    let house = House::of(&glow()).await;
    let (mut olivia, _) = two(&house).await;
    offer(&mut olivia, NOA, WORDS).await;
    let blocked = link(&house).await;
    let id = house.id(NOA).await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    house.act(&id, "unblock", json!({})).await.expect(200);
    let mut phone = Browser::new(&house);
    assert_eq!(phone.post(&blocked, &[("password", WORDS)]).await.status, StatusCode::GONE);
    offer(&mut olivia, NOA, WORDS).await;
    let late = link(&house).await;
    move_main_admin(&house.store, "glow", &Email::parse("marcus@glow.example").unwrap(), Ok(None), None).await.unwrap();
    assert_eq!(phone.post(&late, &[("password", WORDS)]).await.status, StatusCode::GONE);
    assert!(main_admin(&house).await.is_empty(), "it is with somebody else");
}

// A main admin was dismissed: the operator gives the role to somebody else, and the previous main admin can no longer come in.
#[tokio::test]
async fn the_operator_gives_the_role_to_somebody_else_and_the_previous_main_admin_can_be_inactivated() {
    let house = House::of(&glow()).await;
    let (mut olivia, _) = two(&house).await;
    mail(&house.store).await;
    create_token(&house.store, "glow", &Email::parse(OLIVIA).unwrap(), TokenAccess::Write, 60 * 60 * 1000).await.unwrap();
    let old_link = set_up_link(&house.store, "glow", None).await.unwrap().0;
    let next = Email::parse(NOA).unwrap();
    assert!(
        move_main_admin(&house.store, "glow", &Email::parse("petra@glow.example").unwrap(), Ok(None), None).await.is_err(),
        "never accepted"
    );
    let former = move_main_admin(&house.store, "glow", &next, Ok(None), Some("host".to_owned())).await.unwrap();
    assert_eq!(former.as_deref(), Some(OLIVIA));
    assert_eq!(move_main_admin(&house.store, "glow", &next, Ok(None), None).await.unwrap(), None, "a second time changes nothing");
    assert_eq!(olivia.get("/glow/").await.heading(), "Sign in");
    let dead = Browser::new(&house).get(old_link.expose()).await;
    assert_eq!(dead.status, StatusCode::GONE);
    let tokens = list_tokens(&house.store, "glow").await.unwrap();
    assert!(tokens.len() == 1 && tokens[0].revoked.is_some(), "{tokens:?}");
    let told: Vec<_> = mail(&house.store).await.into_iter().filter(|(kind, ..)| kind == "main-admin-moved").map(|(_, to, _)| to).collect();
    assert_eq!(told, [OLIVIA]);
    let (path, admin) = set_up_link(&house.store, "glow", None).await.unwrap();
    assert_eq!(admin, NOA);
    // A login that opens other workspaces keeps its password.
    let page = Browser::new(&house).post(path.expose(), &[]).await;
    assert_eq!(page.heading(), "Welcome, Noa Reed", "{}", page.text);
    let id = house.id(OLIVIA).await;
    let inactive = json!([{ "op": "replace", "path": "active", "value": false }]);
    house.as_admin(NOA).patch(&format!("/scim/v2/Users/{id}"), inactive).await.expect(200);
}

/// The roster with an entry for Noa Reed, who has no account.
fn with_entry(mut desired: Desired, like: &str, more: &Fields) -> (Desired, Email) {
    let noa = Email::parse(&format!("noa@{}.example", desired.workspace)).unwrap();
    let mut user = desired.users[&Email::parse(like).unwrap()].clone();
    user.email = noa.clone();
    for (field, value) in more.iter() {
        user.fields.set(field, value.to_value());
    }
    desired.users.insert(noa.clone(), user);
    (desired, noa)
}

// The role goes to somebody who has no account: it is made of the roster's entry, with the records that it needs.
#[tokio::test]
async fn the_operator_gives_the_role_to_somebody_new() {
    let name = fields(&[(Field::FirstName, text("Noa")), (Field::LastName, text("Reed"))]);
    for (desired, former) in [(glow(), "olivia@glow.example"), (bright(), "dana@bright.example"), (lakeside(), "iyer@lakeside.example")] {
        let house = House::of(&desired).await;
        let (desired, noa) = with_entry(desired, former, &name);
        let (workspace, origin) = (house.name.clone(), Some("host".to_owned()));
        let nobody = move_main_admin(&house.store, &workspace, &noa, Ok(None), origin.clone()).await.unwrap_err().to_string();
        assert!(nobody.contains("has no account in this workspace: write an entry"), "{nobody}");
        let entry = seed::next_main_admin(&desired, &noa).unwrap();
        assert!(seed::next_main_admin(&desired, &Email::parse("nobody@any.example").unwrap()).unwrap().is_none());
        let moved = move_main_admin(&house.store, &workspace, &noa, Ok(entry.clone()), origin).await.unwrap();
        assert_eq!(moved.as_deref(), Some(former));
        assert_eq!(move_main_admin(&house.store, &workspace, &noa, Ok(entry), None).await.unwrap(), None, "a second time changes nothing");
        let user = house.as_admin(noa.as_str()).user(noa.as_str()).await;
        assert_eq!((&user[PRACTICE]["mainAdmin"], &user["active"]), (&json!(true), &json!(true)), "{user}");
        let records = house.log().await;
        let rows: Vec<_> = records.iter().map(|row| (row.entry.action.as_str(), row.entry.origin.as_deref())).collect();
        for action in ["create", "become-main-admin"] {
            assert!(rows.contains(&(action, Some("host"))), "{rows:?}");
        }
        // The link opens a session, for which the new main admin chooses a password.
        let (path, admin) = set_up_link(&house.store, &workspace, None).await.unwrap();
        assert_eq!(admin, noa.as_str());
        let page = Browser::new(&house).post(path.expose(), &[("new-password", WORDS)]).await;
        assert_eq!(page.heading(), "Welcome, Noa Reed", "{}", page.text);
        let id = house.id(former).await;
        let inactive = json!([{ "op": "replace", "path": "active", "value": false }]);
        house.as_admin(noa.as_str()).patch(&format!("/scim/v2/Users/{id}"), inactive).await.expect(200);
    }
}

// PBN-2: nobody works with the record of an employee who has left.
#[tokio::test]
async fn nobody_becomes_main_admin_on_an_inactive_employee_record() {
    let house = House::of(&bright()).await;
    let gone = fields(&[(Field::FirstName, text("Gone")), (Field::LastName, text("Girl"))]);
    let (desired, noa) = with_entry(bright(), "dana@bright.example", &gone);
    let before = house.log().await.len();
    let entry = seed::next_main_admin(&desired, &noa).unwrap();
    let why = move_main_admin(&house.store, "bright", &noa, Ok(entry), None).await.unwrap_err().to_string();
    assert!(why.contains("noa@bright.example cannot be made: the employee record `gone-girl` is inactive"), "{why}");
    assert_eq!(house.log().await.len(), before);
    assert_eq!(house.store.main_admin("bright").await.unwrap().as_deref(), Some("dana@bright.example"));
}

// AR-4, AR-13, AR-20: nobody typed a password, so the session is of this workspace alone, and changes nothing that others show.
#[tokio::test]
async fn the_session_of_a_set_up_link_stays_in_its_workspace() {
    let (house, spa, mut noa) = member_of_two().await;
    move_main_admin(&house.store, "glow", &Email::parse(NOA).unwrap(), Ok(None), None).await.unwrap();
    let (path, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    let mut stranger = Browser::new(&house);
    let home = stranger.post(path.expose(), &[]).await;
    assert!(home.heading() == "Welcome, Noa Reed" && !home.text.contains("Go to"), "{}", home.text);
    let rows = spa.log().await.len();
    assert_eq!(stranger.post("/glow/switch", &[("to", "spa")]).await.path, "/glow/");
    assert_eq!(stranger.get("/spa/").await.heading(), "Sign in");
    let profile = stranger.get("/glow/profile").await;
    assert!(!profile.text.contains("name=\"first-name\"") && profile.text.contains("sign in with your password"), "{}", profile.text);
    let names = [("first-name", "Eve"), ("last-name", "Reed")];
    assert_eq!(stranger.post("/glow/profile", &names).await.status, StatusCode::FORBIDDEN);
    for house in [&house, &spa] {
        assert_eq!(house.user(NOA).await["name"]["givenName"], "Noa");
    }
    assert_eq!(spa.log().await.len(), rows, "nothing happened there");
    // After a password it is a session like any other.
    assert_eq!(stranger.sign_in(&house, NOA, WORDS).await.heading(), "Welcome, Noa Reed");
    assert_eq!(stranger.post("/glow/switch", &[("to", "spa")]).await.path, "/spa/");
    assert_eq!(noa.get("/spa/").await.heading(), "Sign in", "this browser never went there");
    noa.post("/glow/profile", &names).await;
    assert_eq!(noa.post("/glow/profile", &names).await.status, StatusCode::OK, "other sessions are as they were");
}
