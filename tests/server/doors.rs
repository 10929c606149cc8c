//! The pages and endpoints of members: who comes through which, with what in hand (D1, D4), and what a workspace learns of another (D2).

use http::{Method, StatusCode};
use rosterctl::server::{self, PageNeeds, all_app_routes, all_pages, api_routes};
use rosterctl::store::TokenAccess;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::devices::ask;
use crate::factors::with_factor;
use crate::harness::{House, PRACTICE, USER, call, glow, lakeside, settings};
use crate::matrix::{YEAR, token};
use crate::pages::{WORDS, invited, invited_to_glow, joined};
use crate::soak::Trials;

const NOA: &str = "noa@glow.example";
const MINUTE: i64 = 60 * 1000;

/// The session of somebody who asks: where it leads to be finished first, if it is one that lives.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Holds {
    Nothing,
    Half,
    ChoosePassword,
    SetUpFactor,
}

/// Returns whether a session that lives is enough; a second opinion beside the server's own table.
fn is_enough(holds: Holds, needs: PageNeeds) -> bool {
    match needs {
        PageNeeds::Nothing => true,
        PageNeeds::AnySession => holds != Holds::Nothing,
        PageNeeds::Password => holds == Holds::ChoosePassword,
        PageNeeds::Code => holds == Holds::Half,
        PageNeeds::SetUpFactor => holds == Holds::SetUpFactor,
        PageNeeds::WholeSession => false,
    }
}

/// The session secret that an answer gave.
fn secret(page: &crate::browser::Page) -> String {
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned()
}

/// A member whose session is in a stage, on the platform that has it.
async fn in_stage(holds: Holds) -> (House, String) {
    match holds {
        Holds::Nothing | Holds::Half => {
            let house = House::of(&glow()).await;
            with_factor(&house).await;
            let page = Browser::new(&house).post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await;
            (house, secret(&page))
        }
        Holds::SetUpFactor => {
            let house = House::of(&lakeside()).await;
            let more = json!({ "roles": [{ "value": "staff", "primary": true }], PRACTICE: { "twoFactor": true } });
            let link = invited(&house, "noa@lakeside.example", more).await;
            let form = [("first-name", "Noa"), ("last-name", "Reed"), ("title", ""), ("new-password", WORDS)];
            let page = Browser::new(&house).post_once(&link, &form).await;
            (house, secret(&page))
        }
        Holds::ChoosePassword => {
            let mut allowed = glow();
            allowed.initial_password_allowed = true;
            let house = House::of(&allowed).await;
            let downtown = house.clinic("downtown").await;
            let user = json!({
                "schemas": [USER, PRACTICE], "userName": NOA, "name": { "givenName": "Noa", "familyName": "Reed" },
                "roles": [{ "value": "front-desk", "primary": true }], "password": "first words here",
                "phoneNumbers": [{ "value": "+16025550177", "type": "mobile", "primary": true }],
                PRACTICE: { "clinics": [{ "value": downtown }], "defaultClinic": downtown },
            });
            house.post("/scim/v2/Users", user).await.expect(201);
            let page = Browser::new(&house).post_once("/glow/sign-in", &[("email", NOA), ("password", "first words here")]).await;
            (house, secret(&page))
        }
    }
}

/// Asks for a page with a session secret.
async fn visit(house: &House, method: &Method, path: &str, secret: &str) -> (StatusCode, String) {
    let cookie = format!("__Host-rosterctl-{}={secret}", house.name);
    let mut browser = Browser::new(house).with("cookie", (!secret.is_empty()).then_some(&cookie));
    let page = if method == Method::POST { browser.post_once(path, &[]).await } else { browser.ask(method.as_str(), path).await };
    let location = page.headers.get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    (page.status, location)
}

/// Secrets that open no session of a browser here: made up, ended, over, of another kind, of another workspace.
async fn strangers() -> (House, Vec<(&'static str, String)>) {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let sign_in = async || secret(&Browser::new(&house).post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await);
    let idle = sign_in().await;
    house.clock.advance(30 * MINUTE);
    let ended = sign_in().await;
    visit(&house, &Method::POST, "/glow/sign-out", &ended).await;
    let app = server::router(house.store.clone(), settings());
    let entered = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let (_, token) = token(&house, "olivia@glow.example", TokenAccess::Write, YEAR).await;
    let mut spa = glow();
    "spa".clone_into(&mut spa.workspace);
    let spa = House::on(&spa, house.store.clone(), house.clock.clone()).await;
    let link = invited_to_glow(&spa, "kim@glow.example").await;
    let mut kim = Browser::new(&spa);
    joined(&spa, &mut kim, &link).await;
    let foreign = secret(&Browser::new(&spa).post_once("/spa/sign-in", &[("email", "kim@glow.example"), ("password", WORDS)]).await);
    let blocked = {
        let link = invited_to_glow(&house, "bo@glow.example").await;
        joined(&house, &mut Browser::new(&house), &link).await;
        let page = Browser::new(&house).post_once("/glow/sign-in", &[("email", "bo@glow.example"), ("password", WORDS)]).await;
        let id = house.id("bo@glow.example").await;
        house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
        secret(&page)
    };
    let all = vec![
        ("nobody", String::new()),
        ("somebody with a made-up session", "rses_x".to_owned()),
        ("a session that was idle for too long", idle),
        ("a session that was ended", ended),
        ("a session of the app", entered["session"].as_str().unwrap().to_owned()),
        ("a device of the app", entered["device"].as_str().unwrap().to_owned()),
        ("a token", token.trim_start_matches("Bearer ").to_owned()),
        ("a session in another workspace", foreign),
        ("somebody who is blocked", blocked),
    ];
    (house, all)
}

// D1, D4: every page and form, with everything else than a session, and with half ones.
#[tokio::test]
async fn every_page_refuses_everybody_it_should() {
    let mut trials = Trials::default();
    let (house, strangers) = strangers().await;
    let before = house.log().await.iter().filter(|row| row.entry.result.as_str() == "done").count();
    for (who, secret) in &strangers {
        for page in all_pages().filter(|page| page.needs != PageNeeds::Nothing) {
            let path = format!("/glow{}", page.path);
            let (status, location) = visit(&house, &page.method, &path, secret).await;
            if page.method == Method::POST {
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{who}: POST {path}");
            } else {
                assert!(status == StatusCode::SEE_OTHER && location.starts_with("/glow/sign-in"), "{who}: {path}: {status} {location}");
            }
            trials.passed();
        }
        // Nothing but a token opens the interface for programs either.
        if *who != "a token" {
            let router = server::router(house.store.clone(), settings());
            let bearer = format!("Bearer {secret}");
            for route in api_routes() {
                let path = format!("/glow{}", route.path.replace("{id}", "x").replace("{action}", "block"));
                let answer = call(&router, route.method.clone(), &path, &[("authorization", &bearer)], None).await;
                assert_eq!(answer.status, 401, "{who}: {} {path}", route.method);
                trials.passed();
            }
        }
        if *who != "a session of the app" {
            let router = server::router(house.store.clone(), settings());
            let bearer = format!("Bearer {secret}");
            for route in all_app_routes().filter(|route| route.needs != PageNeeds::Nothing) {
                let path = format!("/glow{}", route.path);
                let answer = call(&router, route.method.clone(), &path, &[("authorization", &bearer)], None).await;
                assert_eq!((answer.status, &answer.body["error"]), (401, &json!("signed-out")), "{who}: {path}");
                trials.passed();
            }
        }
    }
    let after = house.log().await.iter().filter(|row| row.entry.result.as_str() == "done").count();
    assert_eq!(after, before, "nothing was done");
    for holds in [Holds::Half, Holds::ChoosePassword, Holds::SetUpFactor] {
        let (house, secret) = in_stage(holds).await;
        let first = match holds {
            Holds::Half | Holds::Nothing => "/sign-in/code",
            Holds::ChoosePassword => "/password",
            Holds::SetUpFactor => "/second-factor/set-up",
        };
        for page in all_pages().filter(|page| page.needs != PageNeeds::Nothing && page.path != "/sign-out") {
            let path = format!("/{}{}", house.name, page.path);
            let (status, location) = visit(&house, &page.method, &path, &secret).await;
            let is_led_back = status == StatusCode::SEE_OTHER && location == format!("/{}{first}", house.name);
            assert_eq!(is_led_back, !is_enough(holds, page.needs), "{holds:?}: {} {path}: {status} {location}", page.method);
            trials.passed();
        }
        let (status, location) = visit(&house, &Method::POST, &format!("/{}/sign-out", house.name), &secret).await;
        assert!(status == StatusCode::SEE_OTHER && location.ends_with("/signed-out"), "{holds:?}");
        trials.passed();
    }
    trials.covered("D1, D4", "pages, forms and endpoints, each with everything else than a whole session");
}

/// An answer without the id that was asked for.
fn seen(answer: &crate::harness::Answer, id: &str) -> (u16, String, Vec<String>) {
    let headers =
        answer.headers.iter().filter(|(name, _)| *name != "date").map(|(name, value)| format!("{name}: {value:?}").replace(id, "ID"));
    (answer.status, answer.body.to_string().replace(id, "ID"), headers.collect())
}

// D2, AR-4: an id of another workspace is answered like one that never was, wherever it is given.
#[tokio::test]
async fn an_id_of_another_workspace_is_like_one_that_never_was() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    let mut noa = Browser::new(&house);
    joined(&house, &mut noa, &link).await;
    let clinic = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Clinic"], "key": "midtown", "displayName": "Midtown" });
    let role = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": "helper", "privileges": ["view-reports"] });
    let clinic = house.post("/scim/v2/Clinics", clinic).await.expect(201)["id"].as_str().unwrap().to_owned();
    let role = house.post("/scim/v2/Roles", role).await.expect(201)["id"].as_str().unwrap().to_owned();
    let user = house.id(NOA).await;
    let sessions = house.get(&format!("/api/v1/users/{user}/sessions")).await.expect(200);
    let session = sessions["sessions"][0]["id"].as_str().unwrap().to_owned();
    let mut spa = glow();
    "spa".clone_into(&mut spa.workspace);
    let spa = House::on(&spa, house.store.clone(), house.clock.clone()).await;
    let never = "019aa5b2-7c00-7000-8000-00000000002a";
    let mut trials = Trials::default();
    let mut same = |slot: &str, there: &crate::harness::Answer, id: &str, nowhere: &crate::harness::Answer| {
        let (there, nowhere) = (seen(there, id), seen(nowhere, never));
        trials.count(there == nowhere, || format!("{slot}: {there:?}, and of one that never was {nowhere:?}"));
    };
    for id in [&user, &clinic, &role, &session] {
        for route in api_routes().filter(|route| route.path.contains("{id}")) {
            let actions: &[&str] = if route.path.contains("{action}") {
                &["block", "unblock", "invite", "resend-invitation", "withdraw-invitation", "generate-passcode"]
            } else {
                &[""]
            };
            for action in actions {
                let asked = async |id: &str| {
                    let path = route.path.replace("{id}", id).replace("{action}", action);
                    let body = match (route.method == Method::GET, *action) {
                        (true, _) => None,
                        (false, "block") => Some(json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })),
                        (false, "") if route.method == Method::PATCH => {
                            Some(crate::harness::patch(json!([{ "op": "replace", "path": "displayName", "value": "x" }])))
                        }
                        (false, "") if route.method == Method::PUT => Some(json!({ "schemas": [USER], "userName": "x@spa.example" })),
                        (false, _) => Some(json!({})),
                    };
                    spa.call(route.method.clone(), &path, &[], body).await
                };
                same(&format!("{} {} {action}", route.method, route.path), &asked(id).await, id, &asked(never).await);
            }
        }
        for kind in ["Users", "Clinics", "Roles"] {
            let filtered = async |id: &str| spa.get(&format!("/scim/v2/{kind}?filter=id%20eq%20%22{id}%22")).await;
            same(&format!("filter of {kind}"), &filtered(id).await, id, &filtered(never).await);
            let searched = async |id: &str| {
                let body =
                    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": format!("id eq \"{id}\"") });
                spa.post(&format!("/scim/v2/{kind}/.search"), body).await
            };
            same(&format!("search of {kind}"), &searched(id).await, id, &searched(never).await);
        }
    }
    // In bodies: the clinic of a user, and a session of somebody else.
    let with_clinic = async |id: &str| {
        let user = json!({
            "schemas": [USER, PRACTICE], "userName": "lee@spa.example", "roles": [{ "value": "front-desk" }],
            PRACTICE: { "clinics": [{ "value": id }] },
        });
        spa.post("/scim/v2/Users", user).await
    };
    same("a clinic in a user", &with_clinic(&clinic).await, &clinic, &with_clinic(never).await);
    let ana = spa.id("ana@glow.example").await;
    let end = async |id: &str| spa.post(&format!("/api/v1/users/{ana}/end-sessions"), json!({ "session": id })).await;
    same("a session to be ended", &end(&session).await, &session, &end(never).await);
    // A name that is taken elsewhere is free here, and the log of one has nothing of the other.
    let names = async |name: &str| {
        spa.get(&format!("/scim/v2/Users?filter=userName%20eq%20%22{name}%22")).await.expect(200)["totalResults"].clone()
    };
    assert_eq!((names(NOA).await, names("nobody@glow.example").await), (json!(0), json!(0)));
    let log = format!("{:?}", spa.log().await);
    assert!(!log.contains(NOA) && !log.contains("midtown") && !log.contains("helper"), "{log}");
    assert_eq!(noa.get("/glow/").await.heading(), "Welcome, Noa Reed", "nothing was done there");
    trials.covered("D2", "slots (path, query, body) with an id of another workspace, answered as one that never was");
}

// F3, D2: nobody ends a session or forgets a device of somebody else on the page of their own.
#[tokio::test]
async fn members_end_only_their_own_sessions() {
    let house = House::of(&glow()).await;
    let mut browsers = Vec::new();
    for address in [NOA, "kim@glow.example"] {
        let link = invited_to_glow(&house, address).await;
        let mut browser = Browser::new(&house);
        joined(&house, &mut browser, &link).await;
        browsers.push(browser);
    }
    let app = server::router(house.store.clone(), settings());
    let noas = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let id = house.id(NOA).await;
    let open = house.get(&format!("/api/v1/users/{id}/sessions")).await.expect(200);
    let listed = |kind: &str| -> Vec<String> {
        open[kind].as_array().unwrap().iter().map(|one: &Value| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let (sessions, devices) = (listed("sessions"), listed("devices"));
    assert_eq!((sessions.len(), devices.len()), (2, 1));
    let [noa, kim] = browsers.as_mut_slice() else { unreachable!("two") };
    for (name, ids) in [("session", &sessions), ("device", &devices)] {
        for id in ids {
            kim.post("/glow/sessions", &[(name, id)]).await;
        }
    }
    kim.post("/glow/sessions/others", &[]).await;
    assert_eq!(noa.get("/glow/").await.heading(), "Welcome, Noa Reed");
    let bearer = format!("Bearer {}", noas["session"].as_str().unwrap());
    call(&app, Method::GET, "/glow/api/v1/app/session", &[("authorization", &bearer)], None).await.expect(200);
    assert_eq!(house.get(&format!("/api/v1/users/{id}/sessions")).await.expect(200)["devices"].as_array().unwrap().len(), 1);
}
