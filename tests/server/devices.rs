//! The app on a member's device: a password makes the device known, and a passcode opens the app there again (AR-11).

use axum::Router;
use http::{Method, StatusCode};
use rosterctl::server::{self, HashingCost, PageNeeds, Settings, all_app_routes};
use rosterctl::store::members::logins;
use serde_json::{Value, json};

use crate::browser::{Browser, mail};
use crate::factors::{code_of, with_factor};
use crate::harness::{Answer, House, PRACTICE, USER, call, glow, lakeside, raw, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};

const NOA: &str = "noa@glow.example";
const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

pub(crate) async fn ask(router: &Router, endpoint: &str, session: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {session}");
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    call(router, Method::POST, &format!("/glow/api/v1/app/{endpoint}"), &headers, Some(body)).await
}

/// Somebody with a passcode, and the app's server.
struct Member {
    house: House,
    app: Router,
    id: String,
    passcode: String,
    browser: Browser,
}

impl Member {
    async fn new() -> Self {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        let mut browser = Browser::new(&house);
        joined(&house, &mut browser, &link).await;
        let id = house.id(NOA).await;
        let app = server::router(house.store.clone(), settings());
        let passcode = new_passcode(&house, &id).await;
        mail(&house.store).await;
        Self { house, app, id, passcode, browser }
    }

    async fn sign_in(&self, password: &str, device: &str) -> Answer {
        let mut body = json!({ "email": NOA, "password": password, "deviceName": "Noa's phone" });
        if !device.is_empty() {
            body["device"] = device.into();
        }
        ask(&self.app, "sign-in", "", body).await
    }

    /// Signs in on a new device; returns the secrets of session and device.
    async fn known_device(&self) -> (String, String) {
        let answer = self.sign_in(WORDS, "").await.expect(200);
        (text(&answer["session"]), text(&answer["device"]))
    }

    async fn open(&self, device: &str, passcode: &str) -> Answer {
        ask(&self.app, "passcode", "", json!({ "device": device, "passcode": passcode })).await
    }

    async fn is_open(&self, session: &str) -> bool {
        let bearer = format!("Bearer {session}");
        let answer = call(&self.app, Method::GET, "/glow/api/v1/app/session", &[("authorization", &bearer)], None).await;
        assert!(matches!(answer.status, 200 | 401), "{}", answer.body);
        answer.status == 200
    }

    /// A passcode that is not the right one.
    fn wrong(&self) -> &'static str {
        if self.passcode == "000000" { "000001" } else { "000000" }
    }
}

pub(crate) async fn new_passcode(house: &House, id: &str) -> String {
    let made = house.act(id, "generate-passcode", json!({})).await.expect(200);
    made.as_object().unwrap().values().find_map(|part| part["passcode"].as_str()).expect("shown once").to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

/// Returns what tells one refusal from another.
fn bytes(answer: &Answer) -> (u16, &Value, &http::HeaderMap) {
    (answer.status, &answer.body, &answer.headers)
}

// AR-11: only where the password was typed, again after a time-out, and not beyond a day.
#[tokio::test]
async fn a_passcode_opens_the_app_where_the_password_was_typed_and_for_a_day() {
    let noa = Member::new().await;
    let unknown = noa.open("rdev_x", &noa.passcode).await;
    assert_eq!((unknown.status, &unknown.body["error"]), (401, &json!("password-or-passcode-needed")));
    assert_eq!(noa.sign_in(OTHER_WORDS, "").await.expect(401)["device"], Value::Null, "only the right password makes it known");
    let entered = noa.sign_in(WORDS, "").await.expect(200);
    let (session, device) = (text(&entered["session"]), text(&entered["device"]));
    assert!(noa.is_open(&session).await);
    noa.house.clock.advance(30 * MINUTE);
    assert!(!noa.is_open(&session).await, "idle for too long");
    let opened = noa.open(&device, &format!(" {} {}\n", &noa.passcode[..3], &noa.passcode[3..])).await.expect(200);
    assert_eq!((&opened["endsAt"], &opened["device"]), (&entered["endsAt"], &Value::Null), "the day is not extended");
    assert!(noa.is_open(&text(&opened["session"])).await);
    noa.house.clock.advance(DAY - 30 * MINUTE - 1);
    let last = text(&noa.open(&device, &noa.passcode).await.expect(200)["session"]);
    assert!(noa.is_open(&last).await);
    noa.house.clock.advance(1);
    assert!(!noa.is_open(&last).await, "after 24 hours");
    let late = noa.open(&device, &noa.passcode).await;
    assert_eq!(bytes(&late), bytes(&unknown));
    assert_eq!(noa.sign_in(WORDS, &device).await.expect(200)["device"], Value::Null, "it is known already");
    noa.open(&device, &noa.passcode).await.expect(200);
    let log = noa.house.log().await;
    let row = log.iter().find(|row| row.entry.detail.as_deref() == Some("with the passcode")).expect("a row");
    assert_eq!((row.entry.action.as_str(), row.entry.via.as_str()), ("sign-in", "ios"));
}

// AR-11, E1: five tries a device, and then the password; nobody without the device uses them up.
#[tokio::test]
async fn after_five_wrong_passcodes_a_device_asks_for_the_password() {
    let noa = Member::new().await;
    let ((_, phone), (_, tablet)) = (noa.known_device().await, noa.known_device().await);
    for n in 0..50 {
        assert_eq!(noa.open(&format!("rdev_{n}"), noa.wrong()).await.status, 401);
    }
    let guesses = (0..20).map(|_| noa.open(&phone, noa.wrong()));
    let refused = futures::future::join_all(guesses).await;
    assert!(refused.iter().all(|answer| bytes(answer) == bytes(&refused[0])));
    let compared = async || {
        let log = noa.house.log().await;
        log.iter().filter(|row| row.entry.detail.as_deref() == Some("a wrong passcode")).count()
    };
    assert_eq!(compared().await, 5, "so many were compared");
    noa.house.clock.advance(60 * MINUTE);
    let right = noa.open(&phone, &noa.passcode).await;
    assert_eq!(bytes(&right), bytes(&refused[0]), "waiting does not help");
    noa.open(&tablet, &noa.passcode).await.expect(200);
    let renewed = new_passcode(&noa.house, &noa.id).await;
    assert_eq!(noa.open(&phone, &renewed).await.status, 401, "and neither does a new passcode");
    noa.sign_in(WORDS, &phone).await.expect(200);
    noa.open(&phone, &renewed).await.expect(200);
    assert_eq!(noa.open(&phone, &noa.passcode).await.status, 401, "the old passcode");
}

// AR-20, AR-22, AR-15, AR-16: what was open ends and stays ended; device and passcode work again.
#[tokio::test]
async fn after_a_block_or_an_inactivation_device_and_passcode_work_again_and_no_session_does() {
    let noa = Member::new().await;
    let (session, device) = noa.known_device().await;
    let wrong = noa.open(&device, noa.wrong()).await;
    let path = format!("/scim/v2/Users/{}", noa.id);
    let active = async |is: bool| {
        noa.house.patch(&path, json!([{ "op": "replace", "path": "active", "value": is }])).await.expect(200);
    };
    for way in ["block", "inactivation"] {
        match way {
            "block" => {
                let block = json!({ "reason": "activity-review", "confirmPhone": "+16025550100" });
                noa.house.act(&noa.id, "block", block).await.expect(200);
            }
            _ => active(false).await,
        }
        assert!(!noa.is_open(&session).await, "{way}");
        for _ in 0..6 {
            let refused = noa.open(&device, &noa.passcode).await;
            assert_eq!(bytes(&refused), bytes(&wrong), "{way}: nobody has typed the password");
        }
        assert_eq!(noa.sign_in(WORDS, &device).await.status, 403, "{way}: the right password learns the truth");
        match way {
            "block" => {
                noa.house.act(&noa.id, "unblock", json!({})).await.expect(200);
            }
            _ => active(true).await,
        }
        assert!(!noa.is_open(&session).await, "{way}: what was ended stays ended");
        let opened = noa.open(&device, &noa.passcode).await.expect(200);
        assert!(noa.is_open(&text(&opened["session"])).await, "{way}");
    }
}

// AR-14, F5: somebody who knew the old password is out, on every device.
#[tokio::test]
async fn a_new_password_forgets_every_device() {
    let mut noa = Member::new().await;
    let (session, device) = noa.known_device().await;
    let form = [("password", WORDS), ("new-password", OTHER_WORDS)];
    assert_eq!(noa.browser.post("/glow/password", &form).await.heading(), "Welcome, Noa Reed");
    assert!(!noa.is_open(&session).await);
    assert_eq!(noa.open(&device, &noa.passcode).await.status, 401, "a change");
    let again = noa.sign_in(OTHER_WORDS, &device).await.expect(200);
    let device = text(&again["device"]);
    noa.open(&device, &noa.passcode).await.expect(200);
    Browser::new(&noa.house).post("/glow/reset", &[("email", NOA)]).await;
    let (.., token) = mail(&noa.house.store).await.into_iter().find(|(kind, ..)| kind == "reset").expect("a link");
    let page = Browser::new(&noa.house).post(&format!("/glow/reset/{token}"), &[("new-password", WORDS)]).await;
    assert_eq!(page.heading(), "Your password is changed");
    assert!(!noa.is_open(&text(&again["session"])).await);
    assert_eq!(noa.open(&device, &noa.passcode).await.status, 401, "a reset");
}

// F3: both kinds of sessions are listed and ended, by their owner and by an administrator, and the passcode does not bring them back.
#[tokio::test]
async fn sessions_of_browsers_and_of_the_app_are_listed_and_ended() {
    let mut noa = Member::new().await;
    let (session, device) = noa.known_device().await;
    let page = noa.browser.get("/glow/sessions").await;
    assert!(page.text.contains("The app on Noa&#39;s phone") && page.text.contains("(this one)"), "{}", page.text);
    let id = page.hidden("session");
    noa.browser.post("/glow/sessions", &[("session", &id)]).await;
    assert!(!noa.is_open(&session).await && noa.open(&device, &noa.passcode).await.status == 401, "ended by its owner");

    // A device without a session is listed, too: the passcode opens the app there.
    let (session, device) = noa.known_device().await;
    for _ in 0..2 {
        noa.house.clock.advance(20 * MINUTE);
        noa.browser.get("/glow/").await;
    }
    assert!(!noa.is_open(&session).await);
    let page = noa.browser.get("/glow/sessions").await;
    assert!(page.text.contains("The passcode opens the app until November 23"), "{}", page.text);
    noa.browser.post("/glow/sessions", &[("device", &page.hidden("device"))]).await;
    assert_eq!(noa.open(&device, &noa.passcode).await.status, 401, "forgotten by its owner");

    let ((session, device), (other, _)) = (noa.known_device().await, noa.known_device().await);
    noa.browser.post("/glow/sessions/others", &[]).await;
    assert!(!noa.is_open(&session).await && !noa.is_open(&other).await && noa.open(&device, &noa.passcode).await.status == 401);
    assert_eq!(noa.browser.get("/glow/").await.heading(), "Welcome, Noa Reed");

    let ((session, device), (other, _)) = (noa.known_device().await, noa.known_device().await);
    let (list, end) = (format!("/api/v1/users/{}/sessions", noa.id), format!("/api/v1/users/{}/end-sessions", noa.id));
    let listed = noa.house.get(&list).await.expect(200);
    let mut kinds: Vec<String> = listed["sessions"].as_array().unwrap().iter().map(|row| text(&row["kind"])).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["ios", "ios", "web"], "{listed}");
    assert_eq!(listed["devices"].as_array().unwrap().len(), 2, "{listed}");
    for secret in ["rses_", "rdev_"] {
        assert!(!listed.to_string().contains(secret), "D7: {listed}");
    }
    let bearer = format!("Bearer {session}");
    let mine = call(&noa.app, Method::GET, "/glow/api/v1/app/session", &[("authorization", &bearer)], None).await.expect(200);
    assert_eq!(noa.house.post(&end, json!({ "session": mine["id"] })).await.expect(200)["ended"], 1);
    assert!(!noa.is_open(&session).await && noa.is_open(&other).await && noa.open(&device, &noa.passcode).await.status == 401);
    assert_eq!(noa.house.post(&end, json!({})).await.expect(200)["ended"], 2);
    assert!(!noa.is_open(&other).await);
    assert_eq!(noa.browser.get("/glow/").await.heading(), "Sign in");
    assert_eq!(noa.house.post(&end, json!({ "sessions": 1 })).await.status, 400);
    assert_eq!(noa.house.get("/api/v1/users/nobody/sessions").await.status, 404);
    let log = noa.house.log().await;
    let ended = log.iter().rfind(|row| row.entry.action.as_str() == "end-sessions").expect("a row");
    assert_eq!((ended.entry.actor.as_str(), ended.entry.detail.as_deref()), ("olivia@glow.example", Some("2 ended, devices forgotten: 1")));
}

// D4, D3: what each endpoint needs, and what it takes.
#[tokio::test]
async fn an_endpoint_of_the_app_answers_only_the_session_that_it_needs() {
    let house = House::of(&glow()).await;
    let (_, key, _) = with_factor(&house).await;
    let app = server::router(house.store.clone(), settings());
    let half = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    assert_eq!((&half["stage"], &half["device"]), (&json!("give-code"), &Value::Null), "a password alone makes no device known");
    let half = text(&half["session"]);
    let mut browser = Browser::new(&house);
    let cookie = browser.post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await.headers["set-cookie"].clone();
    let of_browser = cookie.to_str().unwrap().split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    let mut seen = 0;
    for route in all_app_routes() {
        let path = format!("/glow{}", route.path);
        let call = async |session: &str, kind: &str, body: &str| {
            let bearer = format!("Bearer {session}");
            let body = if route.method == Method::GET { Vec::new() } else { body.as_bytes().to_vec() };
            raw(&app, route.method.clone(), &path, &[("authorization", &bearer), ("content-type", kind)], body).await
        };
        let answer = call("rses_x", "application/json", "{}").await;
        assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"), "{path}");
        match route.needs {
            PageNeeds::Nothing => assert_ne!(answer.body["error"], "signed-out", "{path}"),
            PageNeeds::AnySession | PageNeeds::Password | PageNeeds::Code | PageNeeds::SetUpFactor | PageNeeds::WholeSession => {
                assert_eq!(answer.body["error"], "signed-out", "{path}");
                assert_eq!(call(&of_browser, "application/json", "{").await.body["error"], "signed-out", "{path}: a browser's session");
            }
        }
        if route.needs == PageNeeds::WholeSession {
            let answer = call(&half, "application/json", "{}").await;
            assert_eq!((answer.status, &answer.body["error"]), (403, &json!("give-code")), "{path}");
        }
        if route.method == Method::POST && route.needs != PageNeeds::AnySession {
            for (kind, body) in [("application/json", "{\"admin\":\"yes\"}"), ("application/json", "{\"email\":1}"), ("text/plain", "{}")] {
                assert_eq!(call(&half, kind, body).await.status, 400, "{path}: {kind} {body}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 5, "another endpoint is another decision");
    let wrong = ask(&app, "sign-in/code", &half, json!({ "code": "000000" })).await;
    assert_eq!((wrong.status, &wrong.body["error"]), (401, &json!("wrong-code")));
    let whole = ask(&app, "sign-in/code", &half, json!({ "code": code_of(&house, &key), "deviceName": "Noa's phone" })).await.expect(200);
    assert!(whole["device"].as_str().unwrap().starts_with("rdev_"), "{whole}");
    // The app's session is nothing to pages.
    let mut copied = Browser::new(&house).with("cookie", Some(&format!("__Host-rosterctl-glow={}", text(&whole["session"]))));
    assert_eq!(copied.get("/glow/").await.heading(), "Sign in");
    let session = text(&whole["session"]);
    assert_eq!(ask(&app, "sign-out", &session, json!({})).await.expect(200)["signedOut"], true);
    assert_eq!(ask(&app, "sign-out", &session, json!({})).await.status, 401);
}

// a platform without passcodes has no such endpoint, and neither has a workspace that does not exist.
#[tokio::test]
async fn a_platform_without_passcodes_has_no_endpoints_for_the_app() {
    let house = House::of(&lakeside()).await;
    let app = server::router(house.store.clone(), settings());
    let ask = async |workspace: &str| {
        let body = json!({ "email": "sam@lakeside.example", "password": WORDS });
        call(&app, Method::POST, &format!("/{workspace}/api/v1/app/sign-in"), &[("content-type", "application/json")], Some(body)).await
    };
    let (there, nowhere) = (ask("lakeside").await, ask("nowhere").await);
    assert_eq!((there.status, bytes(&there)), (404, bytes(&nowhere)));
}

// AR-10: a first password is changed in a browser before the app opens.
#[tokio::test]
async fn a_first_password_opens_nothing_in_the_app() {
    let mut allowed = glow();
    allowed.initial_password_allowed = true;
    let house = House::of(&allowed).await;
    let downtown = house.clinic("downtown").await;
    let user = json!({
        "schemas": [USER, PRACTICE], "userName": NOA, "name": { "givenName": "Noa", "familyName": "Reed" }, "password": "first words here",
        "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
        "roles": [{ "value": "front-desk", "primary": true }],
        PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
    });
    house.post("/scim/v2/Users", user).await.expect(201);
    let app = server::router(house.store.clone(), settings());
    let answer = ask(&app, "sign-in", "", json!({ "email": NOA, "password": "first words here" })).await;
    assert_eq!((answer.status, &answer.body["error"]), (403, &json!("choose-password")));
}

// E3: an attacker's wrong passwords do not lock out the owner where the password was typed before, in the app and in browsers.
#[tokio::test]
async fn the_owner_on_a_known_device_is_not_locked_out_by_others() {
    let noa = Member::new().await;
    let (_, device) = noa.known_device().await;
    let mut attacker = Browser::new(&noa.house);
    for _ in 0..60 {
        attacker.sign_in(&noa.house, NOA, OTHER_WORDS).await;
        noa.house.clock.advance(1000);
    }
    assert_eq!(attacker.sign_in(&noa.house, NOA, WORDS).await.status, StatusCode::UNPROCESSABLE_ENTITY, "an unknown browser waits");
    let mut own = Browser::new(&noa.house).cookies_of(&noa.browser);
    own.post("/glow/sign-out", &[]).await;
    assert_eq!(own.sign_in(&noa.house, NOA, WORDS).await.heading(), "Welcome, Noa Reed", "a known browser");
    let known = noa.sign_in(WORDS, &device).await;
    assert_eq!(known.status, 200, "a known device: {}", known.body);
    assert_eq!(noa.sign_in(WORDS, "").await.status, 200, "what others typed counts until the owner has signed in");
    // A known device has tries of its own.
    for _ in 0..5 {
        assert_eq!(noa.sign_in(OTHER_WORDS, &device).await.status, 401);
    }
    assert_eq!(noa.sign_in(WORDS, &device).await.status, 401, "five on the device");
}

// H5: a hash with old parameters is replaced when the password is typed, once, and nothing else changes.
#[tokio::test]
async fn a_password_is_hashed_anew_when_the_parameters_have_changed() {
    let noa = Member::new().await;
    let stored = async || {
        let read = noa.house.store.read(|conn| Box::pin(async move { logins::of_person(conn, "aesthetic-record", NOA).await }));
        read.await.unwrap().expect("a login").password_hash.expect("a password")
    };
    let old = stored().await;
    assert!(old.contains("m=8,t=1,p=1"), "{old}");
    let today = server::router(noa.house.store.clone(), Settings { hashing: HashingCost::Real, ..settings() });
    let sign_in = async |password: &str| ask(&today, "sign-in", "", json!({ "email": NOA, "password": password })).await;
    sign_in(OTHER_WORDS).await.expect(401);
    assert_eq!(stored().await, old, "a wrong password changes nothing");
    let both = futures::future::join(sign_in(WORDS), sign_in(WORDS)).await;
    assert_eq!((both.0.status, both.1.status), (200, 200), "two at a time");
    let new = stored().await;
    assert!(new.contains("m=19456,t=2,p=1"), "{new}");
    let session = text(&sign_in(WORDS).await.expect(200)["session"]);
    assert_eq!(stored().await, new, "once");
    assert!(noa.is_open(&session).await);
    assert_eq!(Browser::new(&noa.house).cookies_of(&noa.browser).get("/glow/").await.heading(), "Welcome, Noa Reed", "sessions go on");
}

// A device on which nobody has typed the password for half a year is one like any other.
#[tokio::test]
async fn a_device_is_known_for_180_days_after_the_password_was_typed() {
    for (after, is_known) in [(180 * DAY - 1, true), (180 * DAY, false)] {
        let noa = Member::new().await;
        let (_, device) = noa.known_device().await;
        noa.house.clock.advance(after);
        let again = noa.sign_in(WORDS, &device).await.expect(200);
        assert_eq!(again["device"].is_null(), is_known, "{after}: {again}");
    }
}

// set-up-link --main-admin: the previous main admin may have been dismissed.
#[tokio::test]
async fn a_hand_over_on_the_servers_machine_ends_the_devices_of_the_previous_main_admin() {
    let noa = Member::new().await;
    let (_, device) = noa.known_device().await;
    let move_to = |who: &'static str| {
        let store = noa.house.store.clone();
        async move { server::move_main_admin(&store, "glow", &crate::harness::email(who), Ok(None), None).await.unwrap() }
    };
    assert!(move_to(NOA).await.is_some());
    assert_eq!(noa.open(&device, &noa.passcode).await.status, 200, "the new main admin keeps them");
    assert!(move_to("olivia@glow.example").await.is_some());
    assert_eq!(noa.open(&device, &noa.passcode).await.status, 401);
}
