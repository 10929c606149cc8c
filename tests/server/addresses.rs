//! Members change the e-mail address of their login (AR-13): they confirm it at the new address, and the old one gets a mail.

use http::StatusCode;
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, PRACTICE, glow};
use crate::pages::{OTHER_WORDS, WORDS};
use crate::profiles::two;

const OLD: &str = "noa@glow.example";
const NEW: &str = "noa.reed@home.example";

async fn ask(browser: &mut Browser, address: &str, password: &str) -> Page {
    browser.post("/glow/profile/address", &[("email", address), ("password", password)]).await
}

/// The path of the link that was sent to an address.
async fn link(house: &House, to: &str) -> String {
    let sent = mail(&house.store).await;
    let (_, _, token) = sent.into_iter().rfind(|(kind, recipient, _)| kind == "confirm-address" && recipient == to).expect("a mail");
    format!("/glow/address/{token}")
}

// AR-13, X-5: in every workspace of the login, and each logs its own.
#[tokio::test]
async fn a_member_changes_the_address_of_the_login_in_every_workspace() {
    let (house, spa, mut browser) = two().await;
    let page = ask(&mut browser, NEW, WORDS).await;
    assert_eq!(page.heading(), "Look at your mail", "{}", page.text);
    let link = link(&house, NEW).await;
    // Opening the link, on whatever device, changes nothing.
    let mut phone = Browser::new(&house);
    assert_eq!(phone.get(&link).await.heading(), "Confirm your new e-mail address");
    assert_eq!(house.user(OLD).await["userName"], OLD);
    // A link for a new password that waits in the old mailbox must open nothing afterward.
    Browser::new(&house).post("/glow/reset", &[("email", OLD)]).await;
    let (_, _, reset) = mail(&house.store).await.into_iter().find(|(kind, ..)| kind == "reset").expect("a mail");
    let wrong = phone.post(&link, &[("password", OTHER_WORDS)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = phone.post(&link, &[("password", WORDS)]).await;
    assert_eq!(done.heading(), "Your e-mail address is changed", "{}", done.text);
    for house in [&house, &spa] {
        let user = house.user(NEW).await;
        assert_eq!((&user["userName"], &user["emails"][0]["value"]), (&json!(NEW), &json!(NEW)));
        assert_eq!(user[PRACTICE]["formerEmails"], json!([OLD]));
        let log = house.log().await;
        let row = log.iter().find(|row| row.entry.action.as_str() == "change-address").expect("a row");
        assert_eq!((row.entry.actor.as_str(), row.entry.subject.as_deref()), (OLD, Some(OLD)));
        assert_eq!(row.entry.changes, json!({ "userName": [OLD, NEW] }).to_string());
        assert_eq!(Browser::new(house).sign_in(house, NEW, WORDS).await.heading(), "Welcome, Noa Reed");
        assert_eq!(Browser::new(house).sign_in(house, OLD, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let told: Vec<_> = mail(&house.store).await.into_iter().filter(|(kind, ..)| kind == "address-changed").map(|(_, to, _)| to).collect();
    assert_eq!(told, [OLD]);
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed", "the session goes on");
    assert_eq!(phone.get(&link).await.status, StatusCode::GONE);
    assert_eq!(phone.get(&format!("/glow/reset/{reset}")).await.status, StatusCode::GONE);
    // And back again: nobody has a present address among the former ones.
    ask(&mut browser, OLD, WORDS).await;
    let back = self::link(&house, OLD).await;
    phone.post(&back, &[("password", WORDS)]).await;
    assert_eq!(house.user(OLD).await[PRACTICE]["formerEmails"], json!([NEW]));
}

// Nobody learns by asking whether an address has a login, and nobody gets another person's.
#[tokio::test]
async fn an_address_in_use_stays_where_it_is_and_only_its_holder_learns_that() {
    let (house, _, mut browser) = two().await;
    let free = ask(&mut browser, NEW, WORDS).await;
    let taken = ask(&mut browser, "ana@glow.example", WORDS).await;
    assert_eq!(free.text.replace(NEW, ""), taken.text.replace("ana@glow.example", ""));
    let link = link(&house, "ana@glow.example").await;
    let page = Browser::new(&house).post(&link, &[("password", WORDS)]).await;
    assert_eq!((page.status, page.heading()), (StatusCode::CONFLICT, "This address is in use"), "{}", page.text);
    assert_eq!(house.user(OLD).await["userName"], OLD);
    assert_eq!(house.user("ana@glow.example").await["name"]["givenName"], "Ana");
    for (address, password) in [("no address", WORDS), (OLD, WORDS), (NEW, OTHER_WORDS)] {
        let page = ask(&mut browser, address, password).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(page.text.contains("<title>Error: "), "{}", page.text);
    }
    // At most three mails an hour go to addresses that nobody has confirmed.
    ask(&mut browser, NEW, WORDS).await;
    let page = ask(&mut browser, NEW, WORDS).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.text);
    assert!(page.text.contains("Too many links were sent."), "{}", page.text);
}

// AR-20: when the block is out, no link of the account works.
#[tokio::test]
async fn a_block_and_a_newer_link_end_the_link_of_an_address() {
    let (house, _, mut browser) = two().await;
    ask(&mut browser, NEW, WORDS).await;
    let first = link(&house, NEW).await;
    ask(&mut browser, NEW, WORDS).await;
    let second = link(&house, NEW).await;
    let mut phone = Browser::new(&house);
    let dead = phone.get(&first).await;
    assert!(dead.status == StatusCode::GONE && dead.text.contains("A newer link was sent on"), "{}", dead.text);
    let id = house.id(OLD).await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    house.act(&id, "unblock", json!({})).await.expect(200);
    assert_eq!(phone.post(&second, &[("password", WORDS)]).await.status, StatusCode::GONE);
    assert_eq!(house.user(OLD).await["userName"], OLD);
}

// AR-9: a provider keeps the medical director, whose address is another one.
#[tokio::test]
async fn providers_name_their_medical_director_by_the_new_address() {
    let house = House::of(&glow()).await;
    let director = "marcus@glow.example";
    let ana = house.id("ana@glow.example").await;
    let provider = json!({ "active": true, "mdConsent": true, "medicalDirector": director, "onlineBooking": true });
    let path = format!("{PRACTICE}:provider");
    house.patch(&format!("/scim/v2/Users/{ana}"), json!([{ "op": "replace", "path": path, "value": provider }])).await.expect(200);
    let mut browser = crate::profiles::signed_in(&house, director).await;
    let page = ask(&mut browser, "marcus@home.example", WORDS).await;
    assert!(page.text.contains(director), "a login of one workspace alone is confirmed at the address that it has: {}", page.text);
    let sent = mail(&house.store).await;
    assert!(sent.iter().any(|(kind, to, _)| kind == "confirm-address" && to == director), "{sent:?}");
    let downtown = house.clinic("downtown").await;
    let more = json!({
        "roles": [{ "value": "medical-director", "primary": true }],
        "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    let invitation = crate::pages::invited(&house, OLD, more).await;
    let mut browser = Browser::new(&house);
    crate::pages::joined(&house, &mut browser, &invitation).await;
    let provider = json!({ "active": true, "mdConsent": true, "medicalDirector": OLD, "onlineBooking": true });
    house.patch(&format!("/scim/v2/Users/{ana}"), json!([{ "op": "replace", "path": path, "value": provider }])).await.expect(200);
    ask(&mut browser, NEW, WORDS).await;
    let link = link(&house, NEW).await;
    Browser::new(&house).post(&link, &[("password", WORDS)]).await;
    assert_eq!(house.user("ana@glow.example").await[PRACTICE]["provider"]["medicalDirector"], NEW);
}
