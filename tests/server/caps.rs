//! The number of times that somebody may guess: at once, on every way in, and for life (E1, E2, E5, G5).

use std::sync::Arc;

use axum::Router;
use http::StatusCode;
use rosterctl::server;
use rosterctl::store::members::{logins, second_factors};
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::devices::{ask, new_passcode};
use crate::factors::{STEP, code_of, give, with_factor};
use crate::guessing::{Guesses, Secret, asks_session};
use crate::harness::{House, NOON, PRACTICE, USER, bright, glow, settings};
use crate::numbers::own_login_link;
use crate::once::dental;
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two;
use crate::soak::{Trials, rounds};

const NOA: &str = "noa@glow.example";
const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;
const FREE: usize = 5;
const FOR_LIFE: usize = 100;
const WELCOME: &str = "Welcome, Noa Reed";
pub(crate) const FIRST_PASSWORD: &str = "correct horse battery";

/// Returns how many wrong ones of a kind the user log says were compared.
async fn compared(house: &House, detail: &str) -> usize {
    house.log().await.iter().filter(|row| row.entry.detail.as_deref().is_some_and(|found| found.starts_with(detail))).count()
}

/// The newest secret that was sent in a kind of message.
async fn newest(house: &House, kind: &str) -> String {
    mail(&house.store).await.into_iter().rfind(|(found, ..)| found == kind).unwrap_or_else(|| panic!("{kind}")).2
}

/// The forms of a member who is signed in that ask for the password, with what else each needs.
fn forms(key: &str, code: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let own = |value: &str| value.to_owned();
    vec![
        ("/password", vec![("new-password", own(OTHER_WORDS))]),
        ("/profile/address", vec![("email", own("noa@home.example"))]),
        ("/profile/cell", vec![("number", own("+16025550188"))]),
        ("/main-admin", vec![("email", own("olivia@glow.example"))]),
        ("/second-factor/set-up", vec![("key", own(key)), ("code", own(code))]),
        ("/second-factor/recovery-codes", Vec::new()),
        ("/second-factor/remove", Vec::new()),
    ]
}

/// A form as it is sent.
fn texts<'f>(form: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

// E5, E3: every form of a member asks for the password under the count of this browser, and signing in there has the same count.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_that_asks_for_the_password_counts_wrong_ones() {
    let mut guesses = Guesses::default();
    for at in 0..forms("", "").len() {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        let mut own = Browser::new(&house);
        joined(&house, &mut own, &link).await;
        server::move_main_admin(&house.store, "glow", &crate::harness::email(NOA), Ok(None), None).await.unwrap();
        let page = own.get("/glow/second-factor/set-up").await;
        let (_, rest) = page.text.split_once("<dt>Key</dt><dd><bdi>").unwrap();
        let key = rest.split_once('<').unwrap().0.replace(' ', "");
        // The code of the app is the one of the moment.
        let form = |password: &str| -> Vec<(&'static str, String)> {
            let (_, more) = forms(&page.hidden("key"), &code_of(&house, &key)).swap_remove(at);
            more.into_iter().chain([("password", password.to_owned())]).collect()
        };
        let form_path = forms("", "")[at].0;
        let path = format!("/glow{form_path}");
        guesses.by_form((form_path, Secret::Password), &house, &path, &texts(&form(OTHER_WORDS)), Some(&own)).await;
        assert_eq!(compared(&house, "a wrong password").await, FREE, "{path}: so many were compared");
        let right = own.post_once(&path, &texts(&form(WORDS))).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: the right one waits, too");
        let mut again = Browser::new(&house).cookies_of(&own);
        assert_eq!(again.sign_in(&house, NOA, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: in the same browser");
        assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), WELCOME, "{path}: others have their own count");
        house.clock.advance(MINUTE);
        let right = own.post_once(&path, &texts(&form(WORDS))).await.status;
        assert!(right == StatusCode::OK || right == StatusCode::SEE_OTHER, "{path}: {right}");
    }
    let what = "simultaneous wrong passwords on each form of a member, of which 5 each were compared";
    guesses.measured("E1, E5", what, |(path, secret)| *secret == Secret::Password && asks_session(path));
}

// E1, E5: strangers have one count for an account, whichever way they try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_have_five_tries_at_a_password_on_all_ways_together() {
    let mut guesses = Guesses::default();
    for _ in rounds("E1", 2, 200).each() {
        let (house, spa, mut browser) = two().await;
        let (set_up, _) = server::set_up_link(&house.store, "glow", None).await.unwrap();
        let mut olivia = Browser::new(&house);
        olivia.post(set_up.expose(), &[("new-password", WORDS)]).await;
        olivia.post("/glow/main-admin", &[("email", NOA), ("password", WORDS)]).await;
        let offer = format!("/glow/main-admin/{}", newest(&house, "main-admin-offered").await);
        browser.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
        let address = format!("/glow/address/{}", newest(&house, "confirm-address").await);
        let mut third = glow();
        "third".clone_into(&mut third.workspace);
        let third = House::on(&third, house.store.clone(), house.clock.clone()).await;
        let link = invited_to_glow(&third, NOA).await;
        Browser::new(&third).post(&format!("{link}/code"), &[]).await;
        let code = newest(&third, "code").await;
        let proof = Browser::new(&third).post(&link, &[("code", &code)]).await.hidden("proof");
        let app = server::router(house.store.clone(), settings());
        let by_app = async |password: &str| ask(&app, "sign-in", "", json!({ "email": NOA, "password": password })).await.status;
        let wrong = [("email", NOA), ("password", OTHER_WORDS)];
        guesses.by_form(("/sign-in", Secret::Password), &house, "/glow/sign-in", &wrong, None).await;
        guesses.by_form(("/sign-in", Secret::Password), &spa, "/spa/sign-in", &wrong, None).await;
        guesses.by_form(("/address/{token}", Secret::Password), &house, &address, &wrong[1..], None).await;
        guesses.by_form(("/main-admin/{token}", Secret::Password), &house, &offer, &wrong[1..], None).await;
        let with_proof = [("proof", proof.as_str()), ("password", OTHER_WORDS)];
        let judged = guesses.by_form(("/join/{token}", Secret::Password), &third, &link, &with_proof, None).await;
        let body = json!({ "email": NOA, "password": OTHER_WORDS });
        guesses.by_app(("/api/v1/app/sign-in", Secret::Password), &app, "", &body).await;
        let mut tried = 0;
        for house in [&house, &spa, &third] {
            tried += compared(house, "a wrong password").await;
        }
        let refused = compared(&third, "the password was refused").await;
        assert_eq!(refused, judged, "AR-4: a row for each, whether it was compared or not");
        assert_eq!(tried, FREE, "of a person's password, in all workspaces together");
        for house in [&house, &spa] {
            let right = Browser::new(house).sign_in(house, NOA, WORDS).await.status;
            assert_eq!(right, StatusCode::UNPROCESSABLE_ENTITY, "{}", house.name);
        }
        assert_eq!(by_app(WORDS).await, 401);
        let right = vec![("password", WORDS)];
        for (house, path, form) in [
            (&house, &address, right.clone()),
            (&house, &offer, right.clone()),
            (&third, &link, [vec![("proof", proof.as_str())], right].concat()),
        ] {
            assert_eq!(Browser::new(house).post_once(path, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        house.clock.advance(MINUTE);
        assert_eq!(Browser::new(&spa).sign_in(&spa, NOA, WORDS).await.heading(), WELCOME);
        assert_eq!(by_app(WORDS).await, 200, "the right one has cleared the count everywhere");
    }
    let what = "wrong passwords on all ways into three workspaces, of which 5 a round were compared";
    guesses.measured("E1", what, |(path, secret)| *secret == Secret::Password && !asks_session(path));
}

// E1, G5: codes, code words and second factors, guessed at the same time; the right one is refused afterward.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_tries_at_a_code_a_code_word_a_passcode_and_a_second_factor() {
    let mut guesses = Guesses::default();
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "new@glow.example").await;
    Browser::new(&house).post(&format!("{link}/code"), &[]).await;
    let code = newest(&house, "code").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    guesses.by_form(("/join/{token}", Secret::Code), &house, &link, &[("code", wrong)], None).await;
    assert_eq!(Browser::new(&house).post(&link, &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code");

    let other = with_first_password(&house).await;
    let link = own_login_link(&other).await;
    Browser::new(&other).post(&link, &[("number", "+16025550123")]).await;
    let code = newest(&house, "code").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let form = [("number", "+16025550123"), ("code", wrong), ("new-password", OTHER_WORDS)];
    guesses.by_form(("/address/{token}", Secret::Code), &other, &link, &form, None).await;
    let form = [("number", "+16025550123"), ("code", code.as_str()), ("new-password", OTHER_WORDS)];
    assert_eq!(Browser::new(&other).post(&link, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code for a login");

    let (mut noa, key, recovery) = with_factor(&house).await;
    noa.post("/glow/profile/cell", &[("number", "+16025550188"), ("password", WORDS)]).await;
    let code = newest(&house, "code").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let form = [("number", "+16025550188"), ("code", wrong)];
    guesses.by_form(("/profile/cell/code", Secret::Code), &house, "/glow/profile/cell/code", &form, Some(&noa)).await;
    let form = [("number", "+16025550188"), ("code", code.as_str())];
    assert_eq!(noa.post("/glow/profile/cell/code", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code for a cell");

    let mut half = Browser::new(&house);
    half.sign_in(&house, NOA, WORDS).await;
    let app = app_of(&house);
    let half_of_app = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let half_of_app = half_of_app["session"].as_str().unwrap();
    for form in [&[("code", "not a code")][..], &[("with", "recovery-code"), ("code", "no")]] {
        guesses.by_form(("/sign-in/code", Secret::Factor), &house, "/glow/sign-in/code", form, Some(&half)).await;
    }
    guesses.by_app(("/api/v1/app/sign-in/code", Secret::Factor), &app, half_of_app, &json!({ "code": "not a code" })).await;
    assert_eq!(wrong_factors(&house).await, 5, "so many were compared");
    assert_eq!(give(&house, &mut half, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a second factor");
    let form = [("with", "recovery-code"), ("code", recovery[0].as_str())];
    assert_eq!(half.post("/glow/sign-in/code", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code");

    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    Browser::new(&house).post("/bright/reset", &[("email", "hugo@bright.example")]).await;
    let reset = format!("/bright/reset/{}", newest(&house, "reset").await);
    guesses.by_words(("/reset/{token}", Secret::CodeWord), &house, &reset).await;
    assert_eq!(compared(&house, "a wrong code word").await, FREE, "so many were compared");
    let right = Browser::new(&house).post_once(&reset, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "a code word");
    let link = dental(&house).await;
    guesses.by_words(("/join/{token}", Secret::CodeWord), &house, &link).await;
    let right = Browser::new(&house).post_once(&link, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "a code word of an invitation");

    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let (app, passcode) = (app_of(&house), new_passcode(&house, &house.id(NOA).await).await);
    let entered = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let with = |passcode: &str| json!({ "device": entered["device"], "passcode": passcode });
    let wrong = if passcode == "000000" { "000001" } else { "000000" };
    guesses.by_app(("/api/v1/app/passcode", Secret::Passcode), &app, "", &with(wrong)).await;
    assert_eq!(compared(&house, "a wrong passcode").await, FREE, "so many were compared");
    ask(&app, "passcode", "", with(&passcode)).await.expect(401);
    let what = "wrong codes, code words, passcodes, second factors and recovery codes, after which the right one was refused";
    guesses.measured("E1, G5", what, |(_, secret)| *secret != Secret::Password);
}

/// Returns how many wrong codes of the second factor are counted.
async fn wrong_factors(house: &House) -> i64 {
    let id = house.id(NOA).await;
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let login = logins::of_account(conn, "glow", &id).await?.expect("a login");
            Ok::<_, StoreError>(second_factors::find(conn, &login.id).await?.expect("a second factor").wrong)
        })
    });
    read.await.unwrap()
}

fn app_of(house: &House) -> Router {
    server::router(house.store.clone(), settings())
}

/// A medspa in the same database that made an account for Noa with a first password, which is its own alone.
pub(crate) async fn with_first_password(house: &House) -> House {
    let mut other = glow();
    "other".clone_into(&mut other.workspace);
    other.initial_password_allowed = true;
    let other = House::on(&other, house.store.clone(), house.clock.clone()).await;
    let downtown = other.clinic("downtown").await;
    let noa = json!({ "schemas": [USER, PRACTICE], "userName": NOA, "name": { "givenName": "Noa", "familyName": "Reed" },
        "roles": [{ "value": "front-desk", "primary": true }], "phoneNumbers": [{ "value": "+16025550142", "type": "mobile" }],
        "password": FIRST_PASSWORD, PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown } });
    other.post("/scim/v2/Users", noa).await.expect(201);
    other
}

// E1, AR-10: a practice knows the first password of an account that it makes, so that one clears no count of the person with the address.
#[tokio::test]
async fn a_first_password_of_one_practice_clears_no_count_of_a_person() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let other = with_first_password(&house).await;
    for _ in 0..3 {
        for _ in 0..FREE - 1 {
            Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await;
        }
        let own = Browser::new(&other).sign_in(&other, NOA, FIRST_PASSWORD).await;
        assert_ne!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "their own account");
    }
    assert_eq!(compared(&house, "a wrong password").await, FREE);
    for _ in 0..FREE {
        Browser::new(&other).sign_in(&other, NOA, OTHER_WORDS).await;
    }
    house.clock.advance(MINUTE);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), WELCOME, "guesses at the other account do not count here");
}

// E2: a hundred wrong ones in a row, however slowly, and it is off; after a month, after a restart, and in other workspaces of the login.
#[tokio::test]
async fn a_password_is_off_for_good_after_a_hundred_wrong_ones_in_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::at(NOON));
    let open = async || Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), open().await, Arc::clone(&clock)).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let app = app_of(&house);
    let mut trials = Trials::default();
    for n in rounds("E2", 130, 130).each() {
        clock.advance(61 * MINUTE);
        let is_refused = if n % 2 == 0 {
            Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await.status == StatusCode::UNPROCESSABLE_ENTITY
        } else {
            ask(&app, "sign-in", "", json!({ "email": NOA, "password": OTHER_WORDS })).await.status == 401
        };
        trials.count(is_refused, || format!("number {n}"));
    }
    assert_eq!(compared(&house, "a wrong password").await, FOR_LIFE);
    house.store.close().await;
    clock.advance(30 * DAY);
    let house = House::on(&glow(), open().await, Arc::clone(&clock)).await;
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the right one");
    Browser::new(&house).post("/glow/reset", &[("email", NOA)]).await;
    let reset = format!("/glow/reset/{}", newest(&house, "reset").await);
    assert_eq!(Browser::new(&house).post(&reset, &[("new-password", OTHER_WORDS)]).await.heading(), "Your password is changed");
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await.heading(), WELCOME, "a new password");
    trials.covered("E2", "wrong passwords, one an hour, of which 100 were compared and then no more");
}

// E2: the same for the second factor: another half of a sign-in begins no new count, and a recovery code is the way back.
#[tokio::test]
async fn a_second_factor_is_off_for_good_after_a_hundred_wrong_codes_in_a_row() {
    let house = House::of(&glow()).await;
    let (_, key, recovery) = with_factor(&house).await;
    let mut trials = Trials::default();
    for n in rounds("E2", 110, 110).each() {
        house.clock.advance(61 * MINUTE);
        let mut half = Browser::new(&house);
        half.sign_in(&house, NOA, WORDS).await;
        let answer = half.post_once("/glow/sign-in/code", &[("code", "not a code")]).await.status;
        trials.count(answer == StatusCode::UNPROCESSABLE_ENTITY, || format!("number {n}: {answer}"));
    }
    assert_eq!(usize::try_from(wrong_factors(&house).await).unwrap(), FOR_LIFE);
    house.clock.advance(30 * DAY);
    let mut half = Browser::new(&house);
    half.sign_in(&house, NOA, WORDS).await;
    assert_eq!(give(&house, &mut half, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the right one");
    let form = [("with", "recovery-code"), ("code", recovery[0].as_str())];
    assert_eq!(half.post("/glow/sign-in/code", &form).await.heading(), WELCOME, "a recovery code");
    house.clock.advance(STEP);
    trials.covered("E2", "wrong codes of a second factor, one an hour, of which 100 were compared and then no more");
}
