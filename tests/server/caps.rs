//! How often somebody may guess: at once, on every way in, and for life (E1, E2, E5, G5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use http::{Method, StatusCode};
use rosterctl::server::{self, all_app_routes, all_pages};
use rosterctl::store::members::{logins, second_factors};
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::devices::ask;
use crate::factors::{STEP, code_of, give, with_factor};
use crate::harness::{House, NOON, PRACTICE, USER, bright, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two;
use crate::soak::{covered, measured, rounds};

const NOA: &str = "noa@glow.example";
const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;
const FREE: usize = 5;
const FOR_LIFE: usize = 100;
const WELCOME: &str = "Welcome, Noa Reed";
pub(crate) const FIRST_PASSWORD: &str = "correct horse battery";

/// A secret that somebody could guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Secret {
    Password,
    Factor,
    Passcode,
    Code,
    CodeWord,
}

/// What each form and endpoint compares. A form that is missing here is a decision that nobody has made yet.
const COMPARED: [(&str, &[Secret]); 27] = [
    ("/sign-in", &[Secret::Password]),
    ("/sign-in/code", &[Secret::Factor]),
    ("/sign-out", &[]),
    ("/sessions", &[]),
    ("/sessions/others", &[]),
    ("/switch", &[]),
    ("/profile", &[]),
    ("/profile/cell", &[Secret::Password]),
    ("/profile/cell/code", &[Secret::Code]),
    ("/profile/address", &[Secret::Password]),
    ("/address/{token}", &[Secret::Password]),
    ("/main-admin", &[Secret::Password]),
    ("/main-admin/{token}", &[Secret::Password]),
    ("/password", &[Secret::Password]),
    ("/second-factor/set-up", &[Secret::Password]),
    ("/second-factor/recovery-codes", &[Secret::Password]),
    ("/second-factor/remove", &[Secret::Password]),
    ("/second-factor/trusted-browsers", &[]),
    ("/reset", &[]),
    ("/reset/{token}", &[Secret::CodeWord]),
    ("/set-up/{token}", &[]),
    ("/join/{token}", &[Secret::Code, Secret::Password, Secret::CodeWord]),
    ("/join/{token}/code", &[]),
    ("/api/v1/app/sign-in", &[Secret::Password]),
    ("/api/v1/app/sign-in/code", &[Secret::Factor]),
    ("/api/v1/app/passcode", &[Secret::Passcode]),
    ("/api/v1/app/sign-out", &[]),
];

/// How many wrong ones of a kind the user log says were compared.
async fn compared(house: &House, detail: &str) -> usize {
    house.log().await.iter().filter(|row| row.entry.detail.as_deref().is_some_and(|found| found.starts_with(detail))).count()
}

/// The newest secret that was sent in a kind of message.
async fn newest(house: &House, kind: &str) -> String {
    mail(&house.store).await.into_iter().rfind(|(found, ..)| found == kind).unwrap_or_else(|| panic!("{kind}")).2
}

/// Sends a form by many at the same time, each from a browser of its own or with the cookies of one; nobody may get further.
async fn guess_together(house: &House, path: &str, form: &[(&str, &str)], cookies: Option<&Browser>) {
    let sent: Vec<_> = (0..24)
        .map(|_| {
            let browser = Browser::new(house);
            let mut browser = cookies.map_or_else(|| Browser::new(house), |cookies| browser.cookies_of(cookies));
            let path = path.to_owned();
            let form: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            tokio::spawn(async move {
                let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                browser.post_once(&path, &form).await.status
            })
        })
        .collect();
    for one in sent {
        assert_eq!(one.await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

// E5: the table above has every form and endpoint that there is.
#[test]
fn every_form_says_which_secret_it_compares() {
    let posts = all_pages().filter(|page| page.method == Method::POST).map(|page| page.path);
    let posts: BTreeSet<&str> =
        posts.chain(all_app_routes().filter(|route| route.method == Method::POST).map(|route| route.path)).collect();
    let table: BTreeMap<&str, &[Secret]> = COMPARED.into_iter().collect();
    assert_eq!(table.len(), COMPARED.len());
    assert_eq!(table.keys().copied().collect::<BTreeSet<_>>(), posts);
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

// E5, E3: every form of a member asks for the password under the count of this browser, and signing in there has the same count.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_that_asks_for_the_password_counts_wrong_ones() {
    let mut tried = 0;
    for at in 0..forms("", "").len() {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        let mut own = Browser::new(&house);
        joined(&house, &mut own, &link).await;
        server::move_main_admin(&house.store, "glow", &crate::harness::email(NOA), Ok(None), None).await.unwrap();
        let page = own.get("/glow/second-factor/set-up").await;
        let (_, rest) = page.text.split_once("<dt>Key</dt><dd><bdi>").unwrap();
        let code = code_of(&house, &rest.split_once('<').unwrap().0.replace(' ', ""));
        let (path, more) = forms(&page.hidden("key"), &code).swap_remove(at);
        let path = format!("/glow{path}");
        let with = |password: &'static str| -> Vec<(&str, &str)> {
            more.iter().map(|(name, value)| (*name, value.as_str())).chain([("password", password)]).collect()
        };
        guess_together(&house, &path, &with(OTHER_WORDS), Some(&own)).await;
        assert_eq!(compared(&house, "a wrong password").await, FREE, "{path}: so many were compared");
        let right = own.post_once(&path, &with(WORDS)).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: the right one waits, too");
        let mut again = Browser::new(&house).cookies_of(&own);
        assert_eq!(again.sign_in(&house, NOA, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: in the same browser");
        assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), WELCOME, "{path}: others have their own count");
        house.clock.advance(MINUTE);
        // The first code of an app is not good for so long.
        let right = own.post_once(&path, &with(WORDS)).await.status;
        assert!(right == StatusCode::OK || right == StatusCode::SEE_OTHER || path.ends_with("/set-up"), "{path}: {right}");
        tried += 24;
    }
    measured("E1, E5", "simultaneous wrong passwords on each form of a member, of which 5 each were compared", tried);
}

// E1, E5: strangers have one count for an account, whichever way they try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_have_five_tries_at_a_password_on_all_ways_together() {
    let all = rounds("E1", 2);
    for _ in 0..all {
        let (house, spa, mut browser) = two().await;
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
        guess_together(&house, "/glow/sign-in", &[("email", NOA), ("password", OTHER_WORDS)], None).await;
        guess_together(&spa, "/spa/sign-in", &[("email", NOA), ("password", OTHER_WORDS)], None).await;
        guess_together(&house, &address, &[("password", OTHER_WORDS)], None).await;
        guess_together(&third, &link, &[("proof", &proof), ("password", OTHER_WORDS)], None).await;
        assert_eq!(by_app(OTHER_WORDS).await, 401);
        let mut tried = 0;
        for house in [&house, &spa, &third] {
            tried += compared(house, "a wrong password").await;
        }
        assert_eq!(tried, FREE, "of a person's password, in all workspaces together");
        for house in [&house, &spa] {
            let right = Browser::new(house).sign_in(house, NOA, WORDS).await.status;
            assert_eq!(right, StatusCode::UNPROCESSABLE_ENTITY, "{}", house.name);
        }
        assert_eq!(by_app(WORDS).await, 401);
        for (house, path, form) in
            [(&house, &address, vec![("password", WORDS)]), (&third, &link, vec![("proof", proof.as_str()), ("password", WORDS)])]
        {
            assert_eq!(Browser::new(house).post_once(path, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        house.clock.advance(MINUTE);
        assert_eq!(Browser::new(&spa).sign_in(&spa, NOA, WORDS).await.heading(), WELCOME);
        assert_eq!(by_app(WORDS).await, 200, "the right one has cleared the count everywhere");
    }
    measured("E1", "wrong passwords (97 a round) on five ways into three workspaces, of which 5 a round were compared", 97 * all);
}

// E1, G5: codes, code words and second factors, guessed at the same time; the right one is refused afterward.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_tries_at_a_code_a_code_word_and_a_second_factor() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "new@glow.example").await;
    Browser::new(&house).post(&format!("{link}/code"), &[]).await;
    let code = newest(&house, "code").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    guess_together(&house, &link, &[("code", wrong)], None).await;
    assert_eq!(Browser::new(&house).post(&link, &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code");

    let (mut noa, key, recovery) = with_factor(&house).await;
    noa.post("/glow/profile/cell", &[("number", "+16025550188"), ("password", WORDS)]).await;
    let code = newest(&house, "code").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    guess_together(&house, "/glow/profile/cell/code", &[("number", "+16025550188"), ("code", wrong)], Some(&noa)).await;
    let form = [("number", "+16025550188"), ("code", code.as_str())];
    assert_eq!(noa.post("/glow/profile/cell/code", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code for a cell");

    let mut half = Browser::new(&house);
    half.sign_in(&house, NOA, WORDS).await;
    guess_together(&house, "/glow/sign-in/code", &[("code", "not a code")], Some(&half)).await;
    guess_together(&house, "/glow/sign-in/code", &[("with", "recovery-code"), ("code", "no")], Some(&half)).await;
    assert_eq!(wrong_factors(&house).await, 5, "so many were compared");
    assert_eq!(give(&house, &mut half, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a second factor");
    let form = [("with", "recovery-code"), ("code", recovery[0].as_str())];
    assert_eq!(half.post("/glow/sign-in/code", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code");

    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    Browser::new(&house).post("/bright/reset", &[("email", "hugo@bright.example")]).await;
    let reset = format!("/bright/reset/{}", newest(&house, "reset").await);
    for n in 0..24 {
        // Another word each time: the same wrong one counts once.
        let word = format!("maple-{n}");
        let page = Browser::new(&house).post_once(&reset, &[("code-word", &word), ("new-password", WORDS)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(compared(&house, "a wrong code word").await, FREE, "so many were compared");
    let right = Browser::new(&house).post_once(&reset, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "a code word");
    measured("E1, G5", "wrong codes, code words, second factors and recovery codes, after which the right one was refused", 5 * 24);
}

/// How many wrong codes of the second factor are counted.
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
    let tries = rounds("E2", 130);
    for n in 0..tries {
        clock.advance(61 * MINUTE);
        if n % 2 == 0 {
            assert_eq!(Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        } else {
            assert_eq!(ask(&app, "sign-in", "", json!({ "email": NOA, "password": OTHER_WORDS })).await.status, 401);
        }
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
    covered("E2", "wrong passwords, one an hour, of which 100 were compared and then no more", tries);
}

// E2: the same for the second factor: another half of a sign-in begins no new count, and a recovery code is the way back.
#[tokio::test]
async fn a_second_factor_is_off_for_good_after_a_hundred_wrong_codes_in_a_row() {
    let house = House::of(&glow()).await;
    let (_, key, recovery) = with_factor(&house).await;
    let tries = rounds("E2", 110);
    for _ in 0..tries {
        house.clock.advance(61 * MINUTE);
        let mut half = Browser::new(&house);
        half.sign_in(&house, NOA, WORDS).await;
        let answer = half.post_once("/glow/sign-in/code", &[("code", "not a code")]).await.status;
        assert_eq!(answer, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(usize::try_from(wrong_factors(&house).await).unwrap(), FOR_LIFE);
    house.clock.advance(30 * DAY);
    let mut half = Browser::new(&house);
    half.sign_in(&house, NOA, WORDS).await;
    assert_eq!(give(&house, &mut half, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the right one");
    let form = [("with", "recovery-code"), ("code", recovery[0].as_str())];
    assert_eq!(half.post("/glow/sign-in/code", &form).await.heading(), WELCOME, "a recovery code");
    house.clock.advance(STEP);
    covered("E2", "wrong codes of a second factor, one an hour, of which 100 were compared and then no more", tries);
}
