//! Members accept invitations, sign in, and are out at once when they lose their access.

use http::StatusCode;
use rosterctl::server::{PageNeeds, all_pages, rotate_code_word, set_up_link};
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::harness::{House, PRACTICE, USER, bright, glow, lakeside};

pub(crate) const WORDS: &str = "tram lens moss 8";
pub(crate) const OTHER_WORDS: &str = "kelp dune wick 5";

/// Sends an invitation to somebody new, and returns the path of its link.
pub(crate) async fn invited(house: &House, address: &str, more: serde_json::Value) -> String {
    let mut user = json!({ "schemas": [USER, PRACTICE], "userName": address, "name": { "givenName": "Noa", "familyName": "Reed" } });
    for (key, value) in more.as_object().unwrap() {
        user[key] = value.clone();
    }
    user[PRACTICE]["sendInvitation"] = json!(true);
    house.post("/scim/v2/Users", user).await.expect(201);
    newest_link(house, address).await
}

async fn newest_link(house: &House, address: &str) -> String {
    let mail = mail(&house.store).await;
    let (_, _, token) = mail.into_iter().rfind(|(kind, to, _)| kind == "invitation" && to == address).expect("an invitation");
    format!("/{}/join/{token}", house.name)
}

pub(crate) async fn invited_to_glow(house: &House, address: &str) -> String {
    let downtown = house.clinic("downtown").await;
    let more = json!({
        "roles": [{ "value": "front-desk", "primary": true }],
        "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    invited(house, address, more).await
}

pub(crate) async fn code(house: &House) -> (String, String) {
    let mail = mail(&house.store).await;
    let (_, to, code) = mail.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
    (to, code)
}

/// Accepts an invitation of the medspa with a new login; the browser is signed in afterward.
pub(crate) async fn joined(house: &House, browser: &mut Browser, link: &str) {
    browser.post(&format!("{link}/code"), &[]).await;
    let (_, code) = code(house).await;
    let page = browser.post(link, &[("code", &code)]).await;
    let proof = page.hidden("proof");
    let page = browser.post(link, &[("proof", &proof), ("new-password", WORDS)]).await;
    assert_eq!(page.heading(), "Welcome, Noa Reed", "{}", page.text);
}

// X-6, AR-2, AR-5: the link, a code to the invited cell, then a password.
#[tokio::test]
async fn a_new_member_accepts_with_a_code_to_the_invited_cell_and_a_password() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    let page = browser.get(&link).await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Join glow"));
    browser.post(&format!("{link}/code"), &[]).await;
    let (to, code) = code(&house).await;
    assert_eq!(to, "+16025550177");
    let wrong = browser.post(&link, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<title>Error: "), "{}", wrong.text);
    let spaced = format!(" {} {}\n", &code[..3], &code[3..]);
    let page = browser.post(&link, &[("code", &spaced)]).await;
    let proof = page.hidden("proof");
    assert!(!proof.is_empty(), "{}", page.text);
    let short = browser.post(&link, &[("proof", &proof), ("new-password", "short")]).await;
    assert!(short.text.contains("at least 15 characters"), "{}", short.text);
    assert!(!short.text.contains("short\""), "a password is never sent back");
    let page = browser.post(&link, &[("proof", &proof), ("new-password", WORDS)]).await;
    assert_eq!(page.heading(), "Welcome, Noa Reed", "{}", page.text);
    assert!(page.text.contains("noa@glow.example") && page.text.contains("downtown"), "{}", page.text);
    let user = house.user("noa@glow.example").await;
    assert_eq!(user[PRACTICE]["invitation"]["state"], "accepted", "{user}");
    let log = house.log().await;
    let accepted =
        log.iter().find(|row| row.entry.action.as_str() == "accept-invitation" && row.entry.result.as_str() == "done").expect("a row");
    assert_eq!((accepted.entry.actor.as_str(), accepted.entry.via.as_str()), ("noa@glow.example", "web"));
    // the link works once.
    let again = Browser::new(&house).get(&link).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.text.contains("This link was used on "), "{}", again.text);
    // And the password signs in, in another browser.
    assert_eq!(Browser::new(&house).sign_in(&house, "NOA@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
}

// AR-1: of several clinics, the first page after signing in shows the default one.
#[tokio::test]
async fn the_default_clinic_is_the_one_shown_first_after_signing_in() {
    let house = House::of(&glow()).await;
    let (downtown, uptown) = (house.clinic("downtown").await, house.clinic("uptown").await);
    let more = json!({
        "roles": [{ "value": "front-desk", "primary": true }],
        "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }, { "value": uptown }], "defaultClinic": uptown },
    });
    let link = invited(&house, "noa@glow.example", more).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let page = Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await;
    assert!(page.text.contains("uptown") && !page.text.contains("downtown"), "{}", page.text);
    // With one clinic, nobody has to say which is the default one.
    let id = house.id("noa@glow.example").await;
    let only = json!([
        { "op": "remove", "path": format!("{PRACTICE}:defaultClinic") },
        { "op": "replace", "path": format!("{PRACTICE}:clinics"), "value": [{ "value": downtown }] },
    ]);
    house.patch(&format!("/scim/v2/Users/{id}"), only).await.expect(200);
    let page = Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await;
    assert!(page.text.contains("downtown"), "{}", page.text);
}

// G5: after too many, page and header say when to come again.
#[tokio::test]
async fn too_many_codes_and_links_say_when_to_try_again() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    let code = format!("{link}/code");
    for _ in 0..3 {
        assert_eq!(browser.post(&code, &[]).await.status, StatusCode::OK);
    }
    house.clock.advance(60 * 1000);
    let codes = browser.post(&code, &[]).await;
    assert!(codes.status == StatusCode::TOO_MANY_REQUESTS && codes.text.contains("Try again in 59 minutes."), "{}", codes.text);
    assert_eq!(codes.headers["retry-after"], "3540");
    house.clock.advance(60 * 60 * 1000);
    joined(&house, &mut browser, &link).await;
    for _ in 0..3 {
        let form = [("email", "noa@home.example"), ("password", WORDS)];
        assert_eq!(browser.post("/glow/profile/address", &form).await.status, StatusCode::OK);
    }
    let links = browser.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
    assert_eq!((links.status, links.headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "3600"));
}

// PBN-4: the link and the practice's code word.
#[tokio::test]
async fn a_member_of_a_dental_practice_needs_the_code_word_besides_the_link() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let employees = house.get("/scim/v2/Employees").await.expect(200);
    let rob = employees["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["key"] == "rob-hale" || record["externalId"] == "rob-hale" || record["name"]["familyName"] == "Hale");
    let rob = rob.unwrap_or_else(|| panic!("Rob's record: {employees}"))["id"].clone();
    let more = json!({ "roles": [{ "value": "hygienist", "primary": true }], PRACTICE: { "employee": { "value": rob } } });
    let link = invited(&house, "noa@bright.example", more).await;
    let mut browser = Browser::new(&house);
    assert!(browser.get(&link).await.text.contains("Code word of the practice"));
    let wrong = browser.post(&link, &[("code-word", "maple"), ("new-password", WORDS)]).await;
    assert!(wrong.text.contains("The code word is not right"), "{}", wrong.text);
    assert!(!browser.has_cookie());
    let page = browser.post(&link, &[("code-word", " maple-cedar-7 "), ("new-password", WORDS)]).await;
    assert!(page.heading().starts_with("Welcome"), "{}", page.text);
}

// PBN-5: wrong words with one link stop that link, and neither another link nor a token.
#[tokio::test]
async fn wrong_code_words_with_one_link_stop_that_link_alone() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let reset = async || {
        Browser::new(&house).post("/bright/reset", &[("email", "hugo@bright.example")]).await;
        let sent = mail(&house.store).await;
        format!("/bright/reset/{}", sent.last().expect("a link").2)
    };
    let first = reset().await;
    let mut browser = Browser::new(&house);
    for n in 0..5 {
        let wrong = browser.post(&first, &[("code-word", &format!("maple-{n}")), ("new-password", WORDS)]).await;
        assert!(wrong.text.contains("The code word is not right"), "{n}: {}", wrong.text);
    }
    let stopped = browser.post(&first, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert!(stopped.text.contains("with this link today"), "{}", stopped.text);
    let compared = house.post("/api/v1/code-word/verify", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    assert_eq!(compared["matches"], true, "no token has guessed");
    house.clock.advance(60 * 60 * 1000);
    let next = reset().await;
    let done = browser.post(&next, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert_eq!(done.heading(), "Your password is changed", "{}", done.text);
}

// CHR-4: names and title are suggestions, which the member confirms or corrects.
#[tokio::test]
async fn an_invited_member_of_a_clinic_confirms_name_and_title() {
    let house = House::of(&lakeside()).await;
    let link = invited(&house, "noa@lakeside.example", json!({ "roles": [{ "value": "staff", "primary": true }], "title": "Clerk" })).await;
    let mut browser = Browser::new(&house);
    let page = browser.get(&link).await;
    for value in ["value=\"Noa\"", "value=\"Reed\"", "value=\"Clerk\""] {
        assert!(page.text.contains(value), "{value}: {}", page.text);
    }
    let form = [("first-name", "Noa"), ("last-name", "Reed-Park"), ("title", "Office Clerk"), ("new-password", WORDS)];
    let page = browser.post(&link, &form).await;
    assert_eq!(page.heading(), "Welcome, Noa Reed-Park", "{}", page.text);
    let user = house.user("noa@lakeside.example").await;
    assert_eq!((&user["name"]["familyName"], &user["title"]), (&json!("Reed-Park"), &json!("Office Clerk")));
}

// Check 8 of the console's list: programs that open links use none up.
#[tokio::test]
async fn get_and_head_change_nothing() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let before = house.log().await.len();
    let user = house.user("noa@glow.example").await;
    for _ in 0..3 {
        for method in ["GET", "HEAD"] {
            assert_eq!(Browser::new(&house).ask(method, &link).await.status, StatusCode::OK);
        }
    }
    assert_eq!(house.log().await.len(), before);
    assert_eq!(house.user("noa@glow.example").await, user);
    joined(&house, &mut Browser::new(&house), &link).await;
}

// X-6, G2: which dead link it is, to somebody who had it.
#[tokio::test]
async fn a_dead_link_says_which_it_is_and_an_unknown_one_nothing() {
    let house = House::of(&glow()).await;
    let replaced = invited_to_glow(&house, "noa@glow.example").await;
    let id = house.id("noa@glow.example").await;
    house.act(&id, "resend-invitation", json!({})).await.expect(200);
    let withdrawn = newest_link(&house, "noa@glow.example").await;
    house.act(&id, "withdraw-invitation", json!({})).await.expect(200);
    house.act(&id, "invite", json!({})).await.expect(200);
    let expired = newest_link(&house, "noa@glow.example").await;
    house.clock.advance(7 * 24 * 60 * 60 * 1000);
    for (link, sentence) in
        [(&replaced, "A newer link was sent on"), (&withdrawn, "A newer link was sent on"), (&expired, "This link expired on")]
    {
        let page = Browser::new(&house).get(link).await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.text.contains(sentence), "{sentence}: {}", page.text);
    }
    let unknown: Vec<String> = {
        let (one, two) = (Browser::new(&house).get("/glow/join/rinv_x").await, Browser::new(&house).get("/glow/join/rinv_y").await);
        assert_eq!((one.status, two.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        vec![one.text, two.text]
    };
    assert_eq!(unknown[0], unknown[1]);
}

// AR-20, AR-22: out at the next request; an unblock brings the login back and no session.
#[tokio::test]
async fn a_block_ends_every_session_at_once_and_an_unblock_revives_none() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let (mut desk, mut phone) = (Browser::new(&house), Browser::new(&house));
    joined(&house, &mut desk, &link).await;
    phone.sign_in(&house, "noa@glow.example", WORDS).await;
    assert_eq!(phone.get("/glow/").await.heading(), "Welcome, Noa Reed");
    let id = house.id("noa@glow.example").await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    for browser in [&mut desk, &mut phone] {
        assert_eq!(browser.get("/glow/").await.heading(), "Sign in");
        assert_eq!(browser.post("/glow/sessions/others", &[]).await.status, StatusCode::UNAUTHORIZED);
    }
    let blocked = Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await;
    assert_eq!((blocked.status, blocked.heading()), (StatusCode::FORBIDDEN, "You are blocked here"));
    house.act(&id, "unblock", json!({})).await.expect(200);
    assert_eq!(desk.get("/glow/").await.heading(), "Sign in");
    assert_eq!(desk.sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
}

// AR-15: as a block, and only the right password learns the truth.
#[tokio::test]
async fn inactivation_ends_sessions_and_refusals_tell_strangers_nothing() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    let id = house.id("noa@glow.example").await;
    house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "path": "active", "value": false }])).await.expect(200);
    assert_eq!(browser.get("/glow/").await.heading(), "Sign in");
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Your account is inactive");
    // E7: unknown, never accepted, blocked, inactive and active: the same bytes but for the address.
    let mut answers = Vec::new();
    for address in ["nobody@glow.example", "petra@glow.example", "bea@glow.example", "noa@glow.example", "ana@glow.example"] {
        let page = Browser::new(&house).sign_in(&house, address, OTHER_WORDS).await;
        answers.push((page.status, page.text.replace(address, "ADDRESS")));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::UNPROCESSABLE_ENTITY);
}

// E1, E2: simultaneous guesses are counted before they are compared, and the right password waits, too.
#[tokio::test]
async fn of_many_simultaneous_guesses_five_are_compared() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let guesses = (0..40).map(|_| async { Browser::new(&house).sign_in(&house, "noa@glow.example", OTHER_WORDS).await.status });
    for status in futures::future::join_all(guesses).await {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let compared = house.log().await.iter().filter(|row| row.entry.detail.as_deref() == Some("a wrong password")).count();
    assert_eq!(compared, 5, "so many were compared");
    let mut browser = Browser::new(&house);
    assert_eq!(browser.sign_in(&house, "noa@glow.example", WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.clock.advance(60 * 1000);
    assert_eq!(browser.sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
}

// E4: right passwords do not count against the address that a practice shares.
#[tokio::test]
async fn a_practice_behind_one_address_signs_in_as_often_as_it_likes() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    joined(&house, &mut Browser::new(&house), &link).await;
    for round in 0..60 {
        let page = Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await;
        assert_eq!(page.heading(), "Welcome, Noa Reed", "round {round}");
    }
}

// AR-14, H3: a forgotten password is reset by mail; nobody is signed in by it, and every session ends.
#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_ends_every_session() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    mail(&house.store).await;
    let known = Browser::new(&house).post("/glow/reset", &[("email", "noa@glow.example")]).await;
    let unknown = Browser::new(&house).post("/glow/reset", &[("email", "nobody@glow.example")]).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let sent = mail(&house.store).await;
    let [(kind, to, token)] = sent.as_slice() else { panic!("one mail: {sent:?}") };
    assert_eq!((kind.as_str(), to.as_str()), ("reset", "noa@glow.example"));
    let reset = format!("/glow/reset/{token}");
    let mut other = Browser::new(&house);
    assert_eq!(other.get(&reset).await.status, StatusCode::OK);
    assert_eq!(other.post(&reset, &[("new-password", "passwordpassword")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.post(&reset, &[("new-password", OTHER_WORDS)]).await.heading(), "Your password is changed");
    assert!(!other.has_cookie());
    assert_eq!(browser.get("/glow/").await.heading(), "Sign in");
    assert_eq!(other.post(&reset, &[("new-password", WORDS)]).await.status, StatusCode::GONE);
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", OTHER_WORDS).await.heading(), "Welcome, Noa Reed");
    assert_eq!(mail(&house.store).await.first().map(|(kind, ..)| kind.as_str()), Some("password-changed"));
}

// PBN-7: the code word is needed besides the link.
#[tokio::test]
async fn a_reset_in_a_dental_practice_needs_the_code_word_too() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let mut browser = Browser::new(&house);
    browser.post("/bright/reset", &[("email", "hugo@bright.example")]).await;
    let sent = mail(&house.store).await;
    let reset = format!("/bright/reset/{}", sent[0].2);
    for word in ["", "maple"] {
        let wrong = browser.post(&reset, &[("code-word", word), ("new-password", WORDS)]).await;
        assert!(wrong.text.contains("The code word is not right"), "{word}: {}", wrong.text);
    }
    let done = browser.post(&reset, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert_eq!(done.heading(), "Your password is changed", "{}", done.text);
    assert_eq!(browser.sign_in(&house, "hugo@bright.example", WORDS).await.heading(), "Welcome, Hugo Lamb");
}

// PBN-5, PBN-7: a new code word is for everybody with an open link, and tries at the old one no longer count.
#[tokio::test]
async fn a_new_code_word_names_everybody_with_an_open_link_and_begins_a_new_count() {
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let mut browser = Browser::new(&house);
    for who in ["hugo@bright.example", "nobody@bright.example"] {
        browser.post("/bright/reset", &[("email", who)]).await;
    }
    let reset = format!("/bright/reset/{}", mail(&house.store).await[0].2);
    for n in 0..6 {
        browser.post(&reset, &[("code-word", &format!("maple-{n}")), ("new-password", WORDS)]).await;
    }
    let stopped = browser.post(&reset, &[("code-word", "maple-cedar-7"), ("new-password", WORDS)]).await;
    assert!(stopped.text.contains("Try again tomorrow."), "{}", stopped.text);
    let rotated = rotate_code_word(&house.store, "bright", None).await.unwrap();
    assert_eq!(rotated.waiting, ["hugo@bright.example"]);
    let done = browser.post(&reset, &[("code-word", rotated.word.expose()), ("new-password", WORDS)]).await;
    assert_eq!(done.heading(), "Your password is changed", "{}", done.text);
    assert_eq!(rotate_code_word(&house.store, "bright", None).await.unwrap().waiting, Vec::<String>::new());
}

// AR-14: knowing the present one; the other sessions end.
#[tokio::test]
async fn a_member_changes_the_password_knowing_the_present_one() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let (mut desk, mut phone) = (Browser::new(&house), Browser::new(&house));
    joined(&house, &mut desk, &link).await;
    phone.sign_in(&house, "noa@glow.example", WORDS).await;
    let wrong = desk.post("/glow/password", &[("password", OTHER_WORDS), ("new-password", OTHER_WORDS)]).await;
    assert!(wrong.text.contains("The password is not right."), "{}", wrong.text);
    let done = desk.post("/glow/password", &[("password", WORDS), ("new-password", OTHER_WORDS)]).await;
    assert_eq!(done.heading(), "Welcome, Noa Reed");
    assert_eq!(phone.get("/glow/").await.heading(), "Sign in");
    assert_eq!(desk.get("/glow/").await.heading(), "Welcome, Noa Reed");
}

// AR-10: a first password must be changed before anything else.
#[tokio::test]
async fn a_first_password_opens_nothing_but_the_page_that_changes_it() {
    let mut allowed = glow();
    allowed.initial_password_allowed = true;
    let house = House::of(&allowed).await;
    let downtown = house.clinic("downtown").await;
    let user = json!({
        "schemas": [USER, PRACTICE], "userName": "noa@glow.example", "name": { "givenName": "Noa", "familyName": "Reed" },
        "roles": [{ "value": "front-desk", "primary": true }], "password": "first words here",
        "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    house.post("/scim/v2/Users", user).await.expect(201);
    let mut browser = Browser::new(&house);
    assert_eq!(browser.sign_in(&house, "noa@glow.example", "first words here").await.heading(), "Change your password");
    for page in all_pages().filter(|page| page.needs == PageNeeds::WholeSession && page.method == http::Method::GET) {
        let asked = browser.get(&format!("/glow{}", page.path)).await;
        assert_eq!(asked.path, "/glow/password", "{}", page.path);
    }
    let done = browser.post("/glow/password", &[("new-password", OTHER_WORDS)]).await;
    assert_eq!(done.heading(), "Welcome, Noa Reed", "{}", done.text);
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", OTHER_WORDS).await.heading(), "Welcome, Noa Reed");
}

// AR-3: the login is one, and so are its code's phone and its password.
#[tokio::test]
async fn somebody_known_elsewhere_accepts_with_the_code_to_their_own_cell_and_their_password() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let mut second = glow();
    "spa".clone_into(&mut second.workspace);
    let spa = House::on(&second, house.store.clone(), house.clock.clone()).await;
    let downtown = spa.clinic("downtown").await;
    let more = json!({
        "name": { "givenName": "N.", "familyName": "R." }, "roles": [{ "value": "front-desk", "primary": true }],
        "phoneNumbers": [{ "value": "+16025550999", "type": "mobile", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    let link = invited(&spa, "noa@glow.example", more).await;
    let mut browser = Browser::new(&spa);
    let page = browser.get(&link).await;
    assert!(!page.text.contains("glow") && !page.text.contains("0177"), "nothing of another workspace: {}", page.text);
    browser.post(&format!("{link}/code"), &[]).await;
    let (to, code) = code(&spa).await;
    assert_eq!(to, "+16025550177", "never the invited number");
    let proof = browser.post(&link, &[("code", &code)]).await.hidden("proof");
    assert_eq!(browser.post(&link, &[("proof", &proof), ("password", OTHER_WORDS)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.post(&link, &[("proof", &proof), ("password", WORDS)]).await;
    assert_eq!(page.heading(), "Welcome, Noa Reed", "the name is the login's: {}", page.text);
    // AR-4, AR-20: a block here leaves the other workspace alone.
    let id = spa.id("noa@glow.example").await;
    spa.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    assert_eq!(browser.get("/spa/").await.heading(), "Sign in");
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
}

#[tokio::test]
async fn a_set_up_link_lets_the_main_admin_in_once() {
    let house = House::of(&glow()).await;
    let (first, admin) = set_up_link(&house.store, "glow", None).await.unwrap();
    let (second, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    assert_eq!(admin, "olivia@glow.example");
    let mut browser = Browser::new(&house);
    let dead = browser.get(first.expose()).await;
    assert!(dead.text.contains("A newer link was sent on"), "{}", dead.text);
    let path = second.expose().to_owned();
    assert_eq!(browser.post(&path, &[("new-password", WORDS)]).await.heading(), "Welcome, Olivia Stone");
    assert_eq!(Browser::new(&house).post(&path, &[("new-password", WORDS)]).await.status, StatusCode::GONE);
    let log = house.log().await;
    assert_eq!(log.iter().filter(|row| row.entry.action.as_str() == "set-up-link").count(), 2);
    assert!(set_up_link(&house.store, "nowhere", None).await.is_err());
}

#[tokio::test]
async fn members_see_their_sessions_and_end_them() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let (mut desk, mut phone) = (Browser::new(&house), Browser::new(&house).with("user-agent", Some("Phone 2")));
    joined(&house, &mut desk, &link).await;
    phone.sign_in(&house, "noa@glow.example", WORDS).await;
    let page = desk.get("/glow/sessions").await;
    assert!(page.text.contains("Phone 2") && page.text.contains("(this one)"), "{}", page.text);
    let phones = page.hidden("session");
    desk.post("/glow/sessions", &[("session", &phones)]).await;
    assert_eq!(phone.get("/glow/").await.heading(), "Sign in");
    phone.sign_in(&house, "noa@glow.example", WORDS).await;
    desk.post("/glow/sessions/others", &[]).await;
    assert_eq!(phone.get("/glow/").await.heading(), "Sign in");
    let copied = Browser::new(&house).cookies_of(&desk);
    assert_eq!(desk.post("/glow/sign-out", &[]).await.heading(), "You are signed out of glow");
    let mut copied = copied;
    assert_eq!(copied.get("/glow/").await.heading(), "Sign in", "a copied cookie is dead, too");
}

// F7: 30 minutes idle, 12 hours in all.
#[tokio::test]
async fn a_session_ends_after_thirty_idle_minutes_and_after_twelve_hours() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    let minute = 60 * 1000;
    house.clock.advance(30 * minute - 1);
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed");
    house.clock.advance(30 * minute);
    assert_eq!(browser.get("/glow/").await.heading(), "Sign in");
    browser.sign_in(&house, "noa@glow.example", WORDS).await;
    for _ in 0..36 {
        house.clock.advance(20 * minute - 1);
        browser.get("/glow/").await;
    }
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed");
    house.clock.advance(36);
    assert_eq!(browser.get("/glow/").await.heading(), "Sign in");
}

// Checks 18 and 19 of the console's list, F9.
#[tokio::test]
async fn every_page_has_its_headers_and_forms_from_elsewhere_are_refused() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    let mut seen = 0;
    for page in all_pages() {
        let path = format!("/glow{}", page.path.replace("{token}", "rinv_x"));
        for mut who in [Browser::new(&house), Browser::new(&house).cookies_of(&browser)] {
            let answer = who.ask(page.method.as_str(), &path).await;
            for (name, value) in [
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(answer.headers.get(name).map(|v| v.to_str().unwrap()), Some(value), "{path} {name}");
            }
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            for bad in ["style=", "<script", "onclick", "http://", "https://"] {
                assert!(!answer.text.contains(bad), "{path}: {bad}");
            }
            seen += 1;
        }
        if page.method == http::Method::POST {
            for (name, value) in [("sec-fetch-site", Some("cross-site")), ("sec-fetch-site", Some("same-site")), ("sec-fetch-site", None)] {
                let mut foreign = Browser::new(&house).cookies_of(&browser).with(name, value);
                assert_eq!(foreign.post_once(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path} {value:?}");
            }
            let mut foreign = Browser::new(&house).with("sec-fetch-site", None).with("origin", Some("null"));
            assert_eq!(foreign.post_once(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(seen, 2 * all_pages().count());
    // Anybody may ask for these. Another one is another decision.
    let open: Vec<&str> =
        all_pages().filter(|page| page.needs == PageNeeds::Nothing && page.method == http::Method::GET).map(|page| page.path).collect();
    assert_eq!(
        open,
        [
            "/sign-in",
            "/signed-out",
            "/address/{token}",
            "/main-admin/{token}",
            "/outbox",
            "/reset",
            "/reset/{token}",
            "/set-up/{token}",
            "/join/{token}"
        ]
    );
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed", "nothing was done");
    let answer = Browser::new(&house)
        .post_once("/glow/sign-in", &[("email", "noa@glow.example"), ("password", WORDS), ("next", "//evil.example")])
        .await;
    assert_eq!(answer.headers["location"], "/glow/");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-rosterctl-glow=", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
}
