//! The main admin role goes from one member to another.

use http::StatusCode;
use rosterctl::model::Email;
use rosterctl::server::{create_token, list_tokens, move_main_admin, set_up_link};
use rosterctl::store::TokenAccess;
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, PRACTICE, glow};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};

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
    let row = log.iter().find(|row| row.entry.action == "become-main-admin").expect("a row");
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
    move_main_admin(&house.store, "glow", &Email::parse("marcus@glow.example").unwrap(), None).await.unwrap();
    assert_eq!(phone.post(&late, &[("password", WORDS)]).await.status, StatusCode::GONE);
    assert!(main_admin(&house).await.is_empty(), "it is with somebody else");
}

// A main admin was dismissed: the operator gives the role to somebody else, and the previous main admin cannot come in any more.
#[tokio::test]
async fn the_operator_gives_the_role_to_somebody_else_and_the_previous_main_admin_can_be_inactivated() {
    let house = House::of(&glow()).await;
    let (mut olivia, _) = two(&house).await;
    mail(&house.store).await;
    create_token(&house.store, "glow", &Email::parse(OLIVIA).unwrap(), TokenAccess::Write, 60 * 60 * 1000).await.unwrap();
    let old_link = set_up_link(&house.store, "glow", None).await.unwrap().0;
    let next = Email::parse(NOA).unwrap();
    assert!(move_main_admin(&house.store, "glow", &Email::parse("petra@glow.example").unwrap(), None).await.is_err(), "never accepted");
    let former = move_main_admin(&house.store, "glow", &next, Some("host".to_owned())).await.unwrap();
    assert_eq!(former.as_deref(), Some(OLIVIA));
    assert_eq!(move_main_admin(&house.store, "glow", &next, None).await.unwrap(), None, "a second time changes nothing");
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
