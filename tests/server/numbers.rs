//! The number that the codes of a login go to is one that took a code, and invitations tell a practice nothing of a login (AR-2 to AR-4).

use http::StatusCode;
use serde_json::{Value, json};

use rosterctl::server::set_up_link;

use crate::browser::{Browser, Page, mail};
use crate::caps::{FIRST_PASSWORD, with_first_password};
use crate::harness::{House, PRACTICE, glow};
use crate::pages::{OTHER_WORDS, WORDS, code, invited, invited_to_glow, joined};
use crate::profiles::two;

const NOA: &str = "noa@glow.example";

async fn set_number(house: &House, number: &str) {
    let id = house.id(NOA).await;
    let value = json!([{ "value": number, "type": "mobile", "primary": true }]);
    house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": "phoneNumbers", "value": value }])).await.expect(200);
}

// AR-2: an administrator who changes the invited number afterward does not choose where the codes of other practices go.
#[tokio::test]
async fn a_code_and_its_proof_are_good_for_the_number_that_it_went_to_alone() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    let mut browser = Browser::new(&house);
    browser.post(&format!("{link}/code"), &[]).await;
    let (to, first) = code(&house).await;
    assert_eq!(to, "+16025550177");
    set_number(&house, "+16025550999").await;
    assert_eq!(browser.post(&link, &[("code", &first)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code for another number");
    set_number(&house, "+16025550177").await;
    let proof = browser.post(&link, &[("code", &first)]).await.hidden("proof");
    set_number(&house, "+16025550999").await;
    let form = [("proof", proof.as_str()), ("new-password", WORDS)];
    let refused = browser.post(&link, &form).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("Have a new one sent."), "{}", refused.text);
    assert_eq!(house.user(NOA).await[PRACTICE]["invitation"]["state"], "open");
    joined(&house, &mut browser, &link).await;
    let profile = browser.get("/glow/profile").await;
    assert!(profile.text.contains("+16025550999"), "the number that took the second code: {}", profile.text);
}

/// The rows of the user log about what an invited person did, without what differs by chance.
async fn rows(house: &House) -> Vec<Value> {
    let log = house.log().await;
    let theirs = log.iter().filter(|row| row.entry.actor == NOA);
    theirs.map(|row| json!([row.entry.action.as_str(), row.entry.result.as_str(), row.entry.detail, row.entry.changes])).collect()
}

/// Somebody who opens an invitation, and types a wrong code, an empty password, one that is refused, and too many of them.
async fn stumbles(house: &House, link: &str, field: &str) {
    let mut browser = Browser::new(house);
    browser.get(link).await;
    browser.post(&format!("{link}/code"), &[]).await;
    let (_, code) = code(house).await;
    browser.post(link, &[("code", if code == "000000" { "000001" } else { "000000" })]).await;
    let proof = browser.post(link, &[("code", &code)]).await.hidden("proof");
    let long = "x".repeat(2000);
    for typed in ["", long.as_str(), "wrong", "wrong 1", "wrong 2", "wrong 3", "wrong 4", "wrong 5", "wrong 6"] {
        let page = browser.post(link, &[("proof", proof.as_str()), (field, typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
}

// AR-4: the log of the practice is the same for somebody new and for somebody who has a login.
#[tokio::test]
async fn before_an_invitation_is_accepted_the_log_does_not_tell_whether_there_is_a_login() {
    let new = House::of(&glow()).await;
    let link = invited_to_glow(&new, NOA).await;
    stumbles(&new, &link, "new-password").await;
    let (house, ..) = two().await;
    let mut third = glow();
    "third".clone_into(&mut third.workspace);
    let third = House::on(&third, house.store.clone(), house.clock.clone()).await;
    let link = invited_to_glow(&third, NOA).await;
    stumbles(&third, &link, "password").await;
    let said = rows(&third).await;
    assert_eq!(rows(&new).await, said);
    assert!(said.len() == 11 && said[10][2] == "the password was refused", "{said:?}");
}

// AR-3, AR-4: only somebody with a login can go on where the invitation lacks name and number, so no row is left before it is accepted.
#[tokio::test]
async fn an_invitation_without_a_number_leaves_no_row_before_it_is_accepted() {
    let (house, ..) = two().await;
    let mut third = glow();
    "third".clone_into(&mut third.workspace);
    let third = House::on(&third, house.store.clone(), house.clock.clone()).await;
    let downtown = third.clinic("downtown").await;
    let more = json!({
        "name": null, "roles": [{ "value": "front-desk", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    let link = invited(&third, NOA, more).await;
    stumbles(&third, &link, "password").await;
    assert_eq!(rows(&third).await, Vec::<Value>::new());
    third.clock.advance(60 * 60 * 1000);
    let mut browser = Browser::new(&third);
    browser.post(&format!("{link}/code"), &[]).await;
    let proof = browser.post(&link, &[("code", &code(&third).await.1)]).await.hidden("proof");
    browser.post(&link, &[("proof", &proof), ("password", WORDS)]).await;
    let said = rows(&third).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((&said[0][0], &said[0][1]), (&json!("accept-invitation"), &json!("done")));
    mail(&third.store).await;
    assert_eq!(Browser::new(&third).sign_in(&third, NOA, OTHER_WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The path of a link with which Noa makes the login her own that `with_first_password` made; her password there is [`WORDS`] from now on.
pub(crate) async fn own_login_link(other: &House) -> String {
    let mut noa = Browser::new(other);
    noa.sign_in(other, NOA, FIRST_PASSWORD).await;
    noa.post("/other/password", &[("new-password", WORDS)]).await;
    let sent = noa.post("/other/profile/address", &[("password", WORDS)]).await;
    assert_eq!(sent.heading(), "Look at your mail", "{}", sent.text);
    let (_, to, token) = mail(&other.store).await.into_iter().rfind(|(kind, ..)| kind == "confirm-address").expect("a mail");
    assert_eq!(to, NOA);
    format!("/other/address/{token}")
}

/// Types the number, where it is asked for, and then the code that was sent to it, with a password.
async fn give(house: &House, link: &str, number: &str, (field, password): (&str, &str)) -> Page {
    let mut browser = Browser::new(house);
    let page = browser.post(link, &[("number", number)]).await;
    let number = page.hidden("number");
    let (_, code) = code(house).await;
    browser.post(link, &[("number", &number), ("code", &code), (field, password)]).await
}

// AR-3, AR-10, AR-13: the address by mail, a cell by code, and a password that the practice never knew.
#[tokio::test]
async fn the_login_of_a_first_password_becomes_a_persons() {
    let glow = House::of(&glow()).await;
    let house = with_first_password(&glow).await;
    let mut before = Browser::new(&house);
    before.sign_in(&house, NOA, FIRST_PASSWORD).await;
    let link = own_login_link(&house).await;
    before.sign_in(&house, NOA, WORDS).await;
    let profile = before.get("/other/profile").await;
    assert!(
        profile.text.contains("Use this login in other practices") && !profile.text.contains("Change the cell phone"),
        "{}",
        profile.text
    );
    assert_eq!(before.get("/other/profile/cell").await.status, StatusCode::NOT_FOUND);
    // Not known elsewhere yet: an invitation to another medspa asks for a new password.
    let invitation = invited_to_glow(&glow, NOA).await;
    assert_eq!(Browser::new(&house).get(&link).await.heading(), "Use this login in other practices");
    let wrong = Browser::new(&house).post(&link, &[("number", "602 555 0188")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("with its country code"), "{}", wrong.text);
    // A code for one number does not confirm another, and the password is another one than before.
    let mut browser = Browser::new(&house);
    browser.post(&link, &[("number", "+1 602 555 0188")]).await;
    let (to, sent) = code(&house).await;
    assert_eq!(to, "+16025550188");
    let form = |number: &'static str, password: &'static str| vec![("number", number), ("code", sent.as_str()), ("new-password", password)];
    for (form, fault) in [
        (form("+16025550999", OTHER_WORDS), "The code is not right."),
        (form("+16025550188", "short"), "at least 15 characters"),
        (form("+16025550188", WORDS), "This is the password that you had."),
    ] {
        let page = browser.post(&link, &form).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains(fault), "{fault}: {}", page.text);
    }
    assert_eq!(before.get("/other/").await.heading(), "Welcome, Noa Reed");
    let done = browser.post(&link, &form("+16025550188", OTHER_WORDS)).await;
    assert_eq!(done.heading(), "This login is yours", "{}", done.text);
    assert!(!browser.has_cookie(), "nobody is signed in by it");
    assert_eq!(before.get("/other/").await.heading(), "Sign in", "sessions from before end");
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    let log = house.log().await;
    let row = log.iter().rfind(|row| row.entry.action.as_str() == "change-password").expect("a row");
    assert_eq!(row.entry.detail.as_deref(), Some("the member confirmed the address by mail and a cell phone by a code"));
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    before.sign_in(&house, NOA, OTHER_WORDS).await;
    let profile = before.get("/other/profile").await;
    assert!(profile.text.contains("+16025550188") && profile.text.contains("Change the e-mail address"), "{}", profile.text);
    // Known elsewhere from now on: the code goes to the login's cell, and the password is the same.
    let mut elsewhere = Browser::new(&glow);
    elsewhere.post(&format!("{invitation}/code"), &[]).await;
    let (to, sent) = code(&glow).await;
    assert_eq!(to, "+16025550188");
    let proof = elsewhere.post(&invitation, &[("code", &sent)]).await.hidden("proof");
    let page = elsewhere.post(&invitation, &[("proof", &proof), ("password", OTHER_WORDS)]).await;
    assert!(page.text.contains("Go to <bdi>other</bdi>"), "{}", page.text);
}

// AR-3: where the person has a login for the platform already, the account joins it.
#[tokio::test]
async fn an_account_with_a_first_password_joins_the_login_that_the_person_has() {
    let (glow, _, mut noa) = two().await;
    let house = with_first_password(&glow).await;
    let link = own_login_link(&house).await;
    let page = Browser::new(&house).get(&link).await;
    assert!(page.text.contains("You have a login on") && !page.text.contains("name=\"number\""), "{}", page.text);
    Browser::new(&house).post(&link, &[]).await;
    assert_eq!(code(&house).await.0, "+16025550177", "the cell of the login, never a typed one");
    let wrong = give(&house, &link, "+16025550999", ("password", OTHER_WORDS)).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("The password is not right."), "{}", wrong.text);
    let done = give(&house, &link, "+16025550999", ("password", WORDS)).await;
    assert_eq!(done.heading(), "This login is yours", "{}", done.text);
    assert!(noa.get("/glow/").await.text.contains("Go to <bdi>other</bdi>"));
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Welcome, Noa Reed");
    let said = format!("{:?}", house.log().await);
    assert!(!said.contains("\"spa\"") && !said.contains("0177"), "AR-4: {said}");
}

// AR-3, AR-13: the main admin that a workspace begins with.
#[tokio::test]
async fn the_login_of_the_first_main_admin_becomes_a_persons() {
    let house = House::of(&glow()).await;
    let (path, who) = set_up_link(&house.store, "glow", None).await.unwrap();
    let mut olivia = Browser::new(&house);
    olivia.post(path.expose(), &[("new-password", WORDS)]).await;
    let wrong = olivia.post("/glow/profile/address", &[("password", OTHER_WORDS)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    olivia.post("/glow/profile/address", &[("password", WORDS)]).await;
    let (_, to, token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "confirm-address").expect("a mail");
    assert_eq!(to, who);
    let done = give(&house, &format!("/glow/address/{token}"), "+16025550188", ("new-password", OTHER_WORDS)).await;
    assert_eq!(done.heading(), "This login is yours", "{}", done.text);
    olivia.sign_in(&house, &who, OTHER_WORDS).await;
    let names = [("first-name", "Olivia"), ("last-name", "Stone-Park")];
    olivia.post("/glow/profile", &names).await;
    assert_eq!(house.user(&who).await["name"]["familyName"], "Stone-Park");
    let page = olivia.post("/glow/profile/address", &[("email", "olivia@home.example"), ("password", OTHER_WORDS)]).await;
    assert_eq!(page.heading(), "Look at your mail", "{}", page.text);
}
