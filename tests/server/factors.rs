//! Second factors: set up, asked for, trusted, recovered and reset.

use std::sync::Arc;

use futures::FutureExt;
use http::{Method, StatusCode};
use rosterctl::server::{PageNeeds, all_pages, set_up_link};
use rosterctl::store::members::{logins, second_factors};
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, NOON, PRACTICE, bright, glow, lakeside};
use crate::pages::{OTHER_WORDS, WORDS, invited, invited_to_glow, joined};

pub(crate) const STEP: i64 = 30 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The key that a page offers, and the code that an app with it shows now.
fn key(page: &Page) -> String {
    let (_, rest) = page.text.split_once("<dt>Key</dt><dd><bdi>").unwrap_or_else(|| panic!("a key: {}", page.text));
    rest.split_once('<').unwrap().0.replace(' ', "")
}

pub(crate) fn code_of(house: &House, key: &str) -> String {
    let bytes = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    totp.generate(u64::try_from(house.store.now()).unwrap() / 1000).to_string()
}

/// The recovery codes of a page.
fn recovery_codes(page: &Page) -> Vec<String> {
    page.text.split("<code>").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect()
}

/// Sets up a second factor in a browser that is signed in; returns its key and the recovery codes.
pub(crate) async fn set_up(house: &House, browser: &mut Browser, password: &str) -> (String, Vec<String>) {
    let path = format!("/{}/second-factor/set-up", house.name);
    let page = browser.get(&path).await;
    let key = key(&page);
    let form = [("key", page.hidden("key")), ("code", code_of(house, &key)), ("password", password.to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.post(&path, &form).await;
    assert_eq!((done.status, done.heading()), (StatusCode::OK, "Your second factor is set up"), "{}", done.text);
    house.clock.advance(STEP);
    (key, recovery_codes(&done))
}

/// Gives the code that the app shows now.
pub(crate) async fn give(house: &House, browser: &mut Browser, key: &str) -> Page {
    browser.post(&format!("/{}/sign-in/code", house.name), &[("code", &code_of(house, key))]).await
}

/// A member of the medspa with a second factor, and the browser it was set up in.
pub(crate) async fn with_factor(house: &House) -> (Browser, String, Vec<String>) {
    let link = invited_to_glow(house, "noa@glow.example").await;
    let mut browser = Browser::new(house);
    joined(house, &mut browser, &link).await;
    let (key, codes) = set_up(house, &mut browser, WORDS).await;
    mail(&house.store).await;
    (browser, key, codes)
}

/// A member of a practice with logins of its own, whose password is [`WORDS`].
async fn signed_in(house: &House, browser: &mut Browser, address: &str) {
    browser.post(&format!("/{}/reset", house.name), &[("email", address)]).await;
    let (_, _, token) = mail(&house.store).await.into_iter().find(|(kind, ..)| kind == "reset").expect("a mail");
    let form = [("code-word", "maple-cedar-7"), ("new-password", WORDS)];
    browser.post(&format!("/{}/reset/{token}", house.name), &form).await;
    mail(&house.store).await;
    browser.sign_in(house, address, WORDS).await;
}

async fn actions(house: &House) -> Vec<String> {
    house.log().await.into_iter().map(|row| format!("{} {}", row.entry.action, row.entry.result)).collect()
}

// CHR-5, CHR-4: link, name and title, password, and then the second factor that the practice wants, before anything else.
#[tokio::test]
async fn an_invited_member_sets_up_the_second_factor_that_the_practice_wants() {
    let house = House::of(&lakeside()).await;
    let more = json!({ "roles": [{ "value": "staff", "primary": true }], PRACTICE: { "twoFactor": true } });
    let link = invited(&house, "noa@lakeside.example", more).await;
    let mut browser = Browser::new(&house);
    let page = browser.post(&link, &[("first-name", "Noa"), ("last-name", "Reed"), ("title", ""), ("new-password", WORDS)]).await;
    assert_eq!((page.path.as_str(), page.heading()), ("/lakeside/second-factor/set-up", "Set up a second factor"), "{}", page.text);
    assert!(page.text.contains("<svg class=\"qr\"") && page.text.contains("otpauth://totp/lakeside:noa"), "{}", page.text);
    for page in all_pages().filter(|page| page.needs == PageNeeds::WholeSession) {
        let asked = browser.ask(page.method.as_str(), &format!("/lakeside{}", page.path)).await;
        assert_eq!(asked.headers["location"], "/lakeside/second-factor/set-up", "{}", page.path);
    }
    // A wrong first code is asked for again, with the same key.
    let (offered, secret) = (page.hidden("key"), key(&page));
    let wrong = browser.post("/lakeside/second-factor/set-up", &[("key", &offered), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("check that your phone has the right time") && key(&wrong) == secret, "{}", wrong.text);
    let code = code_of(&house, &secret);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let done = browser.post("/lakeside/second-factor/set-up", &[("key", &wrong.hidden("key")), ("code", &spaced)]).await;
    assert_eq!(done.heading(), "Your second factor is set up", "{}", done.text);
    assert_eq!(recovery_codes(&done).len(), 10, "{}", done.text);
    assert_eq!(browser.get("/lakeside/").await.heading(), "Welcome, Noa Reed");
    assert_eq!(house.user("noa@lakeside.example").await[PRACTICE]["twoFactor"], true);
    assert!(mail(&house.store).await.iter().any(|(kind, to, _)| kind == "second-factor-set-up" && to == "noa@lakeside.example"));
    // G6: the step that confirmed it is not taken again; the next one is.
    let mut phone = Browser::new(&house);
    let asked = phone.sign_in(&house, "noa@lakeside.example", WORDS).await;
    assert_eq!((asked.path.as_str(), asked.heading()), ("/lakeside/sign-in/code", "Type your code"), "{}", asked.text);
    assert_eq!(give(&house, &mut phone, &secret).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.clock.advance(STEP);
    assert_eq!(give(&house, &mut phone, &secret).await.heading(), "Welcome, Noa Reed");
    let expected = ["set-up-second-factor done", "sign-in denied", "sign-in done"];
    assert_eq!(actions(&house).await.iter().rev().take(3).rev().collect::<Vec<_>>(), expected, "X-5");
}

// The field on the wire says whether signing in needs a second factor.
#[tokio::test]
async fn a_second_factor_of_ones_own_accord_shows_on_the_account_and_stays() {
    let house = House::of(&lakeside()).await;
    let mut browser = Browser::new(&house);
    signed_in(&house, &mut browser, "sam@lakeside.example").await;
    assert_ne!(house.user("sam@lakeside.example").await[PRACTICE]["twoFactor"], true);
    set_up(&house, &mut browser, WORDS).await;
    assert_eq!(house.user("sam@lakeside.example").await[PRACTICE]["twoFactor"], true);
    let page = browser.get("/lakeside/second-factor").await;
    assert!(page.text.contains("10 of 10") && !page.text.contains("Remove the second factor"), "{}", page.text);
    browser.post("/lakeside/second-factor/remove", &[("password", WORDS)]).await;
    let asked = Browser::new(&house).sign_in(&house, "sam@lakeside.example", WORDS).await;
    assert_eq!(asked.heading(), "Type your code", "the practice keeps it");
    let log = house.log().await;
    let row = log.iter().find(|row| row.entry.action.as_str() == "set-up-second-factor").expect("a row");
    assert!(row.entry.changes.contains("twoFactor"), "{}", row.entry.changes);
}

// G6: each step once, also in parallel, and with 30 seconds on either side.
#[tokio::test]
async fn of_simultaneous_uses_of_a_code_one_signs_in() {
    let house = House::of(&glow()).await;
    let (_, key, _) = with_factor(&house).await;
    for round in 0..20 {
        let code = code_of(&house, &key);
        let mut browsers = Vec::new();
        for _ in 0..3 {
            let mut browser = Browser::new(&house);
            browser.sign_in(&house, "noa@glow.example", WORDS).await;
            browsers.push(browser);
        }
        let form = [("code", code.as_str())];
        let all = browsers.iter_mut().map(|browser| browser.post_once("/glow/sign-in/code", &form));
        let answers = futures::future::join_all(all).await;
        let entered = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
        assert_eq!(entered, 1, "round {round}: {:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        house.clock.advance(2 * STEP);
    }
    let mut late = Browser::new(&house);
    late.sign_in(&house, "noa@glow.example", WORDS).await;
    let code = code_of(&house, &key);
    house.clock.advance(3 * STEP);
    assert_eq!(late.post("/glow/sign-in/code", &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

// E1, E2: five wrong codes, then a wait, with the same words; a new session starts no new count.
#[tokio::test]
async fn wrong_codes_are_counted_for_the_login_and_refused_in_the_same_words() {
    let house = House::of(&glow()).await;
    let (_, key, codes) = with_factor(&house).await;
    let mut answers = Vec::new();
    for _ in 0..6 {
        let mut browser = Browser::new(&house);
        browser.sign_in(&house, "noa@glow.example", WORDS).await;
        answers.push(browser.post("/glow/sign-in/code", &[("code", "000000")]).await.text);
    }
    let mut browser = Browser::new(&house);
    browser.sign_in(&house, "noa@glow.example", WORDS).await;
    answers.push(give(&house, &mut browser, &key).await.text);
    assert!(answers.iter().all(|text| *text == answers[0]), "{answers:?}");
    assert!(answers[0].contains("The code is not right."), "{}", answers[0]);
    // A recovery code is counted apart, so nobody keeps the owner out.
    let recovered = browser.post("/glow/sign-in/code", &[("with", "recovery-code"), ("code", &codes[0])]).await;
    assert_eq!(recovered.heading(), "Welcome, Noa Reed", "{}", recovered.text);
    house.clock.advance(60 * 1000);
    let mut browser = Browser::new(&house);
    browser.sign_in(&house, "noa@glow.example", WORDS).await;
    assert_eq!(give(&house, &mut browser, &key).await.heading(), "Welcome, Noa Reed");
}

// D4: the right password alone opens one page.
#[tokio::test]
async fn half_a_sign_in_opens_nothing_but_the_page_for_the_code() {
    let house = House::of(&glow()).await;
    let (mut whole, key, _) = with_factor(&house).await;
    let mut half = Browser::new(&house);
    half.sign_in(&house, "noa@glow.example", WORDS).await;
    let mut seen = 0;
    let closed = |needs| ![PageNeeds::Nothing, PageNeeds::AnySession, PageNeeds::Code].contains(&needs);
    for page in all_pages().filter(|page| closed(page.needs)) {
        let path = format!("/glow{}", page.path);
        let form: &[(&str, &str)] = &[("password", WORDS), ("new-password", OTHER_WORDS)];
        let answer = if page.method == Method::POST { half.post_once(&path, form).await } else { half.ask("GET", &path).await };
        assert_eq!(answer.headers["location"], "/glow/sign-in/code", "{} {path}", page.method);
        seen += 1;
    }
    assert_eq!(seen, 27, "another page is another decision");
    assert!(!whole.get("/glow/sessions").await.text.contains("End all others"), "nobody is signed in there");
    assert_eq!(half.get("/glow/sign-in/code").await.status, StatusCode::OK);
    house.clock.advance(10 * 60 * 1000);
    assert_eq!(give(&house, &mut half, &key).await.heading(), "Sign in", "ten minutes");
}

// G7: each once, and new ones end the old.
#[tokio::test]
async fn recovery_codes_work_once_and_new_ones_end_the_old() {
    let house = House::of(&glow()).await;
    let (mut browser, _, codes) = with_factor(&house).await;
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10, "{codes:?}");
    let recover = async |code: &str| {
        let mut browser = Browser::new(&house);
        browser.sign_in(&house, "noa@glow.example", WORDS).await;
        let page = browser.get("/glow/sign-in/code?with=recovery-code").await;
        assert!(page.text.contains("Recovery code"), "{}", page.text);
        browser.post("/glow/sign-in/code", &[("with", &page.hidden("with")), ("code", code)]).await.status == StatusCode::OK
    };
    assert!(recover(&codes[0].to_uppercase().replace('-', " ")).await);
    assert_eq!(mail(&house.store).await.pop().map(|(kind, ..)| kind).as_deref(), Some("recovery-code-used"));
    assert!(!recover(&codes[0]).await, "once");
    assert!(browser.get("/glow/second-factor").await.text.contains("9 of 10"));
    let wrong = browser.post("/glow/second-factor/recovery-codes", &[("password", OTHER_WORDS)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = browser.post("/glow/second-factor/recovery-codes", &[("password", WORDS)]).await;
    let new = recovery_codes(&made);
    assert_eq!(new.len(), 10);
    saves_codes(&house, &mut browser, &made.hidden("codes"), &new).await;
    assert!(!recover(&codes[1]).await, "an old one");
    assert!(recover(&new[9]).await);
    let log = house.log().await;
    assert!(log.iter().any(|row| row.entry.action.as_str() == "make-recovery-codes"));
    let details: Vec<&str> = log.iter().filter_map(|row| row.entry.detail.as_deref()).collect();
    assert!(details.contains(&"with a recovery code") && !format!("{log:?}").contains(&codes[0]), "{details:?}");
}

/// Downloads codes that were shown, and goes on once the box is ticked; neither works with what another login was shown.
async fn saves_codes(house: &House, browser: &mut Browser, sealed: &str, codes: &[String]) {
    const FILE: &str = "/glow/second-factor/recovery-codes/file";
    const SAVED: &str = "/glow/second-factor/recovery-codes/saved";
    assert!(!codes.iter().any(|code| sealed.contains(code)));
    let file = browser.post_once(FILE, &[("codes", sealed)]).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"recovery-codes.txt\"");
    assert_eq!(
        (&file.headers["content-type"], &file.headers["cache-control"]),
        (&"text/plain; charset=utf-8".parse().unwrap(), &"no-store".parse().unwrap())
    );
    assert_eq!(file.text, format!("Recovery codes for glow\n\n{}\n", codes.join("\n")));
    let unticked = browser.post_once(SAVED, &[("codes", sealed)]).await;
    assert_eq!((unticked.status, recovery_codes(&unticked)), (StatusCode::UNPROCESSABLE_ENTITY, codes.to_vec()));
    assert!(unticked.text.contains("<title>Error: ") && unticked.text.contains("<a href=\"#saved\">"), "{}", unticked.text);
    let on = browser.post_once(SAVED, &[("codes", sealed), ("saved", "yes")]).await;
    assert_eq!(on.headers["location"], "/glow/");
    let link = invited_to_glow(house, "zed@glow.example").await;
    let mut other = Browser::new(house);
    joined(house, &mut other, &link).await;
    for path in [FILE, SAVED] {
        assert_eq!(other.post_once(path, &[("codes", sealed)]).await.headers["location"], "/glow/second-factor", "{path}");
    }
}

// H5: beside a second factor eight characters are enough, and a password that is then alone has to be a longer one.
#[tokio::test]
async fn a_short_password_is_chosen_beside_a_second_factor_and_not_kept_without_one() {
    const SHORT: &str = "k9 tramx";
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    let change = [("password", WORDS), ("new-password", SHORT)];
    let refused = browser.post("/glow/password", &change).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("at least 15 characters"), "{}", refused.text);
    set_up(&house, &mut browser, WORDS).await;
    assert!(browser.get("/glow/password").await.text.contains("At least 8 characters."));
    assert_eq!(browser.post("/glow/password", &change).await.heading(), "Welcome, Noa Reed");
    let kept = browser.post("/glow/second-factor/remove", &[("password", SHORT)]).await;
    assert!(kept.status == StatusCode::UNPROCESSABLE_ENTITY && kept.text.contains("at least 15 characters"), "{}", kept.text);
    browser.post("/glow/reset", &[("email", "noa@glow.example")]).await;
    let (_, _, token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset").unwrap();
    assert!(browser.get(&format!("/glow/reset/{token}")).await.text.contains("At least 8 characters."));
    // The second factor goes without the member.
    let gone: Result<(), StoreError> = house
        .store
        .write("glow", |writing| {
            async move {
                let login = logins::of_person(&mut writing.conn, "aesthetic-record", "noa@glow.example").await?.unwrap();
                second_factors::remove(&mut writing.conn, &login.id).await.map(drop)
            }
            .boxed()
        })
        .await;
    gone.unwrap();
    let page = browser.sign_in(&house, "noa@glow.example", SHORT).await;
    assert_eq!((page.path.as_str(), page.heading()), ("/glow/password", "Change your password"));
    assert!(page.text.contains("too short without one") && page.text.contains("At least 15 characters."), "{}", page.text);
    assert_eq!(browser.post("/glow/password", &[("new-password", OTHER_WORDS)]).await.heading(), "Welcome, Noa Reed");
}

// 14 days, until a block, a reset or a change of the password.
#[tokio::test]
async fn a_trusted_browser_skips_the_code_until_trust_ends() {
    let house = House::of(&glow()).await;
    let (_, key, _) = with_factor(&house).await;
    let trusting = async || {
        let mut browser = Browser::new(&house);
        browser.sign_in(&house, "noa@glow.example", WORDS).await;
        let code = code_of(&house, &key);
        let answer = browser.post_once("/glow/sign-in/code", &[("code", &code), ("trust", "yes")]).await;
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
        let trust = cookies.iter().find(|cookie| cookie.starts_with("__Host-rosterctl_trust-glow=")).expect("a cookie");
        for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/", "; Max-Age=1209600"] {
            assert!(trust.contains(part), "{part}: {trust}");
        }
        house.clock.advance(STEP);
        browser
    };
    let mut browser = trusting().await;
    let heading = async |browser: &mut Browser| {
        browser.post("/glow/sign-out", &[]).await;
        browser.sign_in(&house, "noa@glow.example", WORDS).await.heading().to_owned()
    };
    assert_eq!(heading(&mut browser).await, "Welcome, Noa Reed");
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Type your code");
    house.clock.advance(14 * DAY - STEP - 1);
    assert_eq!(heading(&mut browser).await, "Welcome, Noa Reed");
    house.clock.advance(1);
    assert_eq!(heading(&mut browser).await, "Type your code", "14 days");
    // AR-22: a block ends the trust, and the second factor itself works again as it was.
    let mut browser = trusting().await;
    let id = house.id("noa@glow.example").await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    house.act(&id, "unblock", json!({})).await.expect(200);
    assert_eq!(heading(&mut browser).await, "Type your code");
    assert_eq!(give(&house, &mut browser, &key).await.heading(), "Welcome, Noa Reed");
    house.clock.advance(STEP);
    let mut browser = trusting().await;
    browser.post("/glow/password", &[("password", WORDS), ("new-password", OTHER_WORDS)]).await;
    browser.post("/glow/password", &[("password", OTHER_WORDS), ("new-password", WORDS)]).await;
    assert_eq!(heading(&mut browser).await, "Type your code");
    let mut browser = trusting().await;
    let page = browser.get("/glow/second-factor").await;
    assert!(page.text.contains("Stop trusting browsers"), "{}", page.text);
    browser.post("/glow/second-factor/trusted-browsers", &[]).await;
    assert_eq!(heading(&mut browser).await, "Type your code");
    let actions = actions(&house).await;
    for action in ["trust-browser done", "end-trust done"] {
        assert!(actions.iter().any(|known| known == action), "{action}: {actions:?}");
    }
}

// H3: a link in mail sets the password, and skips nothing.
#[tokio::test]
async fn a_new_password_by_mail_does_not_skip_the_second_factor() {
    let house = House::of(&glow()).await;
    let (mut browser, key, _) = with_factor(&house).await;
    browser.post("/glow/reset", &[("email", "noa@glow.example")]).await;
    let (_, _, token) = mail(&house.store).await.pop().expect("a mail");
    browser.post(&format!("/glow/reset/{token}"), &[("new-password", OTHER_WORDS)]).await;
    assert_eq!(browser.sign_in(&house, "noa@glow.example", OTHER_WORDS).await.heading(), "Type your code");
    assert_eq!(give(&house, &mut browser, &key).await.heading(), "Welcome, Noa Reed");
}

// Another app or phone takes the place of the first; removing asks for the password, and ends the other sessions (F5).
#[tokio::test]
async fn a_member_replaces_and_removes_the_second_factor_knowing_the_password() {
    let house = House::of(&glow()).await;
    let (mut browser, first, codes) = with_factor(&house).await;
    let page = browser.get("/glow/second-factor/set-up").await;
    let form = [("key", page.hidden("key")), ("code", code_of(&house, &key(&page))), ("password", OTHER_WORDS.to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let wrong = browser.post("/glow/second-factor/set-up", &form).await;
    assert!(wrong.text.contains("The password is not right."), "{}", wrong.text);
    let (second, _) = set_up(&house, &mut browser, WORDS).await;
    let mut other = Browser::new(&house);
    other.sign_in(&house, "noa@glow.example", WORDS).await;
    assert_eq!(give(&house, &mut other, &first).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let old = other.post("/glow/sign-in/code", &[("with", "recovery-code"), ("code", &codes[0])]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "the old recovery codes are over, too");
    assert_eq!(give(&house, &mut other, &second).await.heading(), "Welcome, Noa Reed");
    assert_eq!(browser.post("/glow/second-factor/remove", &[("password", "no")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let removed = browser.post("/glow/second-factor/remove", &[("password", WORDS)]).await;
    assert!(removed.text.contains("Set up a second factor"), "{}", removed.text);
    assert_eq!(other.get("/glow/").await.heading(), "Sign in");
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
    assert_eq!(mail(&house.store).await.pop().map(|(kind, ..)| kind).as_deref(), Some("second-factor-removed"));
}

// An administrator resets it for somebody who lost phone and codes; never their own, the main admin's, or a login of other workspaces.
#[tokio::test]
async fn an_administrator_resets_the_second_factor_of_somebody_else() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let mut hugo = Browser::new(&house);
    signed_in(&house, &mut hugo, "hugo@bright.example").await;
    set_up(&house, &mut hugo, WORDS).await;
    mail(&house.store).await;
    let reset = async |house: &House, who: &str| {
        let id = house.id(who).await;
        house.post(&format!("/api/v1/users/{id}/reset-second-factor"), json!({})).await
    };
    assert_eq!(reset(&house.as_admin("omar@bright.example"), "hugo@bright.example").await.expect(200), json!({ "reset": true }));
    assert_eq!(hugo.get("/bright/").await.heading(), "Sign in");
    assert_eq!(hugo.sign_in(&house, "hugo@bright.example", WORDS).await.heading(), "Welcome, Hugo Lamb");
    assert_eq!(mail(&house.store).await.pop().map(|(kind, ..)| kind).as_deref(), Some("second-factor-removed"));
    let log = house.log().await;
    let row = log.iter().find(|row| row.entry.action.as_str() == "reset-second-factor").expect("a row");
    assert_eq!((row.entry.actor.as_str(), row.entry.subject.as_deref()), ("omar@bright.example", Some("hugo@bright.example")));
    assert_eq!(reset(&house, "hugo@bright.example").await.expect(200), json!({ "reset": false }));
    reset(&house, "dana@bright.example").await.expect(403);
    reset(&house.as_admin("omar@bright.example"), "dana@bright.example").await.expect(403);
    let glow = House::of(&crate::harness::glow()).await;
    reset(&glow, "ana@glow.example").await.expect(404);
}

// CHR-5: after a reset, and with a set-up link, the practice's wish for a second factor still applies.
#[tokio::test]
async fn somebody_whose_second_factor_is_gone_sets_up_another_where_the_practice_wants_one() {
    let house = House::of(&lakeside()).await;
    let mut sam = Browser::new(&house);
    signed_in(&house, &mut sam, "sam@lakeside.example").await;
    set_up(&house, &mut sam, WORDS).await;
    let id = house.id("sam@lakeside.example").await;
    house.post(&format!("/api/v1/users/{id}/reset-second-factor"), json!({})).await.expect(200);
    let page = sam.sign_in(&house, "sam@lakeside.example", WORDS).await;
    assert_eq!(page.heading(), "Set up a second factor", "{}", page.text);
    // The main admin's way back goes by the server's own machine.
    let mut iyer = Browser::new(&house);
    signed_in(&house, &mut iyer, "iyer@lakeside.example").await;
    set_up(&house, &mut iyer, WORDS).await;
    let (path, _) = set_up_link(&house.store, "lakeside", None).await.unwrap();
    let page = iyer.post(path.expose(), &[("new-password", OTHER_WORDS)]).await;
    assert_eq!(page.heading(), "Set up a second factor", "{}", page.text);
}

// AR-3, AR-20: a person's second factor is asked for in every workspace of the login, and trust in a browser is each one's own.
#[tokio::test]
async fn a_person_has_one_second_factor_in_every_workspace() {
    let house = House::of(&glow()).await;
    let (_, key, _) = with_factor(&house).await;
    let mut second = glow();
    "spa".clone_into(&mut second.workspace);
    let spa = House::on(&second, house.store.clone(), house.clock.clone()).await;
    let link = invited_to_glow(&spa, "noa@glow.example").await;
    let mut browser = Browser::new(&spa);
    browser.post(&format!("{link}/code"), &[]).await;
    let (_, _, code) = mail(&spa.store).await.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
    let proof = browser.post(&link, &[("code", &code)]).await.hidden("proof");
    let page = browser.post(&link, &[("proof", &proof), ("password", WORDS)]).await;
    assert_eq!(page.heading(), "Type your code", "{}", page.text);
    assert_eq!(give(&spa, &mut browser, &key).await.heading(), "Welcome, Noa Reed");
    // The step was used for the login, whatever workspace it was used in.
    let mut first = Browser::new(&house);
    first.sign_in(&house, "noa@glow.example", WORDS).await;
    assert_eq!(give(&house, &mut first, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Copies a second factor's sealed key from one login to another.
async fn copy_key(house: &House, from: &str, to: &str) {
    let (from, to) = (house.id(from).await, house.id(to).await);
    let write = house.store.write("glow", move |writing| {
        Box::pin(async move {
            let from = logins::of_account(&mut writing.conn, "glow", &from).await?.expect("a login");
            let to = logins::of_account(&mut writing.conn, "glow", &to).await?.expect("a login");
            let copy = "UPDATE second_factors SET secret = (SELECT secret FROM second_factors WHERE login = $1), step = 0 WHERE login = $2";
            let done = sqlx::query(copy).bind(from.id).bind(to.id).execute(&mut writing.conn).await?;
            Ok::<_, rosterctl::store::StoreError>(done.rows_affected())
        })
    });
    assert_eq!(write.await.unwrap(), 1);
}

// K1, G6: the key is sealed in the database, so that no file and no log has it, and it opens nothing for another login.
#[tokio::test]
async fn the_key_of_a_second_factor_is_sealed_for_its_login() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::at(NOON));
    let store = Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), store, clock).await;
    let (_, key, _) = with_factor(&house).await;
    let id = house.id("noa@glow.example").await;
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let login = logins::of_account(conn, "glow", &id).await?.expect("a login");
            let stored = second_factors::find(conn, &login.id).await?.expect("a second factor");
            Ok::<_, rosterctl::store::StoreError>((login.id, stored.secret))
        })
    });
    let (login, sealed) = read.await.unwrap();
    assert!(!sealed.contains(&key));
    assert_eq!(house.store.vault().unseal(&format!("second factor {login}"), &sealed).expect("sealed").expose(), key);
    assert!(!format!("{:?}", house.log().await).contains(&key));
    let bytes = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [key.as_bytes(), bytes.as_slice()] {
            assert!(!file.windows(secret.len()).any(|part| part == secret));
        }
    }

    let link = invited_to_glow(&house, "kim@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    set_up(&house, &mut browser, WORDS).await;
    copy_key(&house, "noa@glow.example", "kim@glow.example").await;
    let (mut noa, mut kim) = (Browser::new(&house), Browser::new(&house));
    for (browser, address) in [(&mut noa, "noa@glow.example"), (&mut kim, "kim@glow.example")] {
        assert_eq!(browser.sign_in(&house, address, WORDS).await.heading(), "Type your code");
    }
    assert_eq!(give(&house, &mut kim, &key).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(give(&house, &mut noa, &key).await.heading(), "Welcome, Noa Reed");
}
