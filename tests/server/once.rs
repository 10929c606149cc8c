//! Links and codes that work once work once, however many try it at the same moment (G1), and open nothing but what they were sent for (G4).

use http::StatusCode;
use rosterctl::server::set_up_link;
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::factors::with_factor;
use crate::harness::{House, PRACTICE, bright, glow, lakeside};
use crate::pages::{OTHER_WORDS, WORDS, invited, invited_to_glow, joined};
use crate::soak::{Trials, in_soak, rounds};
use crate::times::forget_wrong_ones;

const NOA: &str = "noa@glow.example";
const HOUR: i64 = 60 * 60 * 1000;
/// So many browsers send one form at the same time: in `./test` fewer than a server with one core has places for.
const TOGETHER: usize = 16;
const TOGETHER_IN_SOAK: usize = 500;

/// The secret of the newest message of a kind.
async fn newest(house: &House, kind: &str) -> String {
    mail(&house.store).await.into_iter().rfind(|(found, ..)| found == kind).unwrap_or_else(|| panic!("{kind}")).2
}

/// Sends a form from many browsers at the same time, each with the cookies of one of these or with none; returns which answers were
/// those of a success.
async fn together(
    house: &House,
    path: &str,
    form: &[(&str, &str)],
    cookies: &[Browser],
    is_success: fn(StatusCode, &str) -> bool,
) -> Vec<bool> {
    // What others typed from the same network address before.
    forget_wrong_ones(house).await;
    let form: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sent: Vec<_> = (0..in_soak(TOGETHER, TOGETHER_IN_SOAK))
        .map(|n| {
            let browser = Browser::new(house);
            let mut browser = if cookies.is_empty() { browser } else { browser.cookies_of(&cookies[n % cookies.len()]) };
            let (path, form) = (path.to_owned(), form.clone());
            tokio::spawn(async move {
                let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let page = browser.post_once(&path, &form).await;
                (page.status, page.text)
            })
        })
        .collect();
    let mut successes = Vec::new();
    for answer in sent {
        let (status, text) = answer.await.unwrap();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // It found no place, and tried nothing.
            continue;
        }
        assert!(status.as_u16() < 500, "{path}: {status} {text}");
        successes.push(is_success(status, &text));
    }
    forget_wrong_ones(house).await;
    assert!(successes.len() >= TOGETHER, "G1 is void: {} of a form were tried, and the floor is {TOGETHER}: {path}", successes.len());
    successes
}

fn goes_on(status: StatusCode, _: &str) -> bool {
    status == StatusCode::SEE_OTHER
}

fn is_done(status: StatusCode, _: &str) -> bool {
    status == StatusCode::OK
}

fn has_proof(status: StatusCode, text: &str) -> bool {
    status == StatusCode::OK && text.contains("name=\"proof\"")
}

/// A member with a second factor, in a medspa whose main admin has a browser.
struct Practice {
    house: House,
    noa: Browser,
    olivia: Browser,
    recovery: Vec<String>,
}

impl Practice {
    async fn open() -> Self {
        let house = House::of(&glow()).await;
        let (noa, _, recovery) = with_factor(&house).await;
        let (path, _) = set_up_link(&house.store, "glow", None).await.unwrap();
        let mut olivia = Browser::new(&house);
        olivia.post(path.expose(), &[("new-password", WORDS)]).await;
        Self { house, noa, olivia, recovery }
    }
}

// G1, AR-2: of many simultaneous uses of a code, a proof, an invitation or a link, one succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_simultaneous_uses_of_anything_that_works_once_one_succeeds() {
    let mut trials = Trials::default();
    let mut count = |what: &str, successes: Vec<bool>| {
        let number = successes.iter().filter(|success| **success).count();
        for _ in successes {
            trials.count(number == 1, || format!("{what}: {number} succeeded"));
        }
    };
    for _ in rounds("G1", 3, 1_000).each() {
        let Practice { house, mut noa, mut olivia, recovery } = Practice::open().await;
        // The one-time code, and then the proof of it with the invitation.
        let link = invited_to_glow(&house, "new@glow.example").await;
        Browser::new(&house).post(&format!("{link}/code"), &[]).await;
        let code = newest(&house, "code").await;
        count("a one-time code", together(&house, &link, &[("code", &code)], &[], has_proof).await);
        house.clock.advance(1000);
        Browser::new(&house).post(&format!("{link}/code"), &[]).await;
        let code = newest(&house, "code").await;
        let proof = Browser::new(&house).post(&link, &[("code", &code)]).await.hidden("proof");
        count("an invitation", together(&house, &link, &[("proof", &proof), ("new-password", WORDS)], &[], goes_on).await);
        // Halves of a sign-in, and one recovery code.
        let mut halves = Vec::new();
        for _ in 0..in_soak(TOGETHER, 40) {
            let mut half = Browser::new(&house);
            half.sign_in(&house, NOA, WORDS).await;
            halves.push(half);
        }
        let form = [("with", "recovery-code"), ("code", recovery[0].as_str())];
        count("a recovery code", together(&house, "/glow/sign-in/code", &form, &halves, goes_on).await);
        noa.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
        let address = format!("/glow/address/{}", newest(&house, "confirm-address").await);
        count("a link for an address", together(&house, &address, &[("password", WORDS)], &[], is_done).await);
        noa.post("/glow/profile/cell", &[("number", "+16025550188"), ("password", WORDS)]).await;
        let code = newest(&house, "code").await;
        let form = [("number", "+16025550188"), ("code", code.as_str())];
        count("a code for a cell", together(&house, "/glow/profile/cell/code", &form, std::slice::from_ref(&noa), goes_on).await);
        olivia.post("/glow/main-admin", &[("email", "noa@home.example"), ("password", WORDS)]).await;
        let offer = format!("/glow/main-admin/{}", newest(&house, "main-admin-offered").await);
        count("an offer", together(&house, &offer, &[("password", WORDS)], &[], is_done).await);
        Browser::new(&house).post("/glow/reset", &[("email", "noa@home.example")]).await;
        let reset = format!("/glow/reset/{}", newest(&house, "reset").await);
        count("a link for a password", together(&house, &reset, &[("new-password", OTHER_WORDS)], &[], is_done).await);
        let (set_up, _) = set_up_link(&house.store, "glow", None).await.unwrap();
        count("a set-up link", together(&house, set_up.expose(), &[("new-password", WORDS)], &[], goes_on).await);
        // The other ways to accept.
        let house = House::of(&lakeside()).await;
        let link = invited(&house, "noa@lakeside.example", json!({ "roles": [{ "value": "staff", "primary": true }] })).await;
        let form = [("first-name", "Noa"), ("last-name", "Reed"), ("title", ""), ("new-password", WORDS)];
        count("an invitation of a clinic", together(&house, &link, &form, &[], goes_on).await);
        let house = House::of(&bright()).await;
        house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
        let link = dental(&house).await;
        let form = [("code-word", "maple-cedar-7"), ("new-password", WORDS)];
        count("an invitation of a dental practice", together(&house, &link, &form, &[], goes_on).await);
    }
    let together = in_soak(TOGETHER, TOGETHER_IN_SOAK);
    trials.measured("G1", &format!("simultaneous uses ({together} at a time, 10 kinds), of which exactly one each succeeded"));
}

/// The path of an invitation to a dental practice.
pub(crate) async fn dental(house: &House) -> String {
    let employees = house.get("/scim/v2/Employees").await.expect(200);
    let rob = employees["Resources"].as_array().unwrap().iter().find(|record| record["key"] == "rob-hale").unwrap()["id"].clone();
    let more = json!({ "roles": [{ "value": "hygienist", "primary": true }], PRACTICE: { "employee": { "value": rob } } });
    invited(house, "noa@bright.example", more).await
}

// G4: a secret opens the page that it was sent for, in the workspace that it was sent for, for the person it was sent to.
#[tokio::test]
async fn a_secret_opens_nothing_but_what_it_was_sent_for() {
    let mut trials = Trials::default();
    let Practice { house, mut noa, mut olivia, .. } = Practice::open().await;
    let mut spa = glow();
    "spa".clone_into(&mut spa.workspace);
    let spa = House::on(&spa, house.store.clone(), house.clock.clone()).await;
    let invitation = invited_to_glow(&house, "new@glow.example").await;
    let other_invitation = invited_to_glow(&house, "kim@glow.example").await;
    Browser::new(&house).post(&format!("{invitation}/code"), &[]).await;
    let code = newest(&house, "code").await;
    // A code is good with its own invitation alone, and so is the proof of it.
    let wrong = Browser::new(&house).post(&other_invitation, &[("code", &code)]).await;
    trials.count(wrong.status == StatusCode::UNPROCESSABLE_ENTITY, || "another person's invitation".to_owned());
    let proof = Browser::new(&house).post(&invitation, &[("code", &code)]).await.hidden("proof");
    let wrong = Browser::new(&house).post(&other_invitation, &[("proof", &proof), ("new-password", WORDS)]).await;
    trials.count(wrong.status == StatusCode::UNPROCESSABLE_ENTITY, || "another person's proof".to_owned());
    noa.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
    let address = newest(&house, "confirm-address").await;
    olivia.post("/glow/main-admin", &[("email", NOA), ("password", WORDS)]).await;
    let offer = newest(&house, "main-admin-offered").await;
    Browser::new(&house).post("/glow/reset", &[("email", NOA)]).await;
    let reset = newest(&house, "reset").await;
    let (set_up, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let secrets =
        [("join", last(&invitation)), ("address", address), ("main-admin", offer), ("reset", reset), ("set-up", last(set_up.expose()))];
    let form: [(&str, &str); 4] = [("password", WORDS), ("new-password", OTHER_WORDS), ("proof", &proof), ("code", "123456")];
    for (own, secret) in &secrets {
        for workspace in ["glow", "spa"] {
            for (page, _) in &secrets {
                if (workspace, page) == ("glow", own) {
                    continue;
                }
                let path = format!("/{workspace}/{page}/{secret}");
                let mut stranger = Browser::new(&spa);
                let (opened, sent) = (stranger.get(&path).await.status, stranger.post_once(&path, &form).await.status);
                for status in [opened, sent] {
                    trials.count(status == StatusCode::NOT_FOUND, || format!("{own} as {page} in {workspace}: {status}"));
                }
                assert!(!stranger.has_cookie(), "{path}");
            }
        }
        // No secret of a link is a session, a token or a known browser.
        let name = format!("__Host-rosterctl-glow={secret}");
        let mut copied = Browser::new(&house).with("cookie", Some(&name));
        trials.count(copied.get("/glow/").await.heading() == "Sign in", || format!("{own} as a session"));
        let headers = [("authorization", format!("Bearer {secret}"))];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let router = rosterctl::server::router(house.store.clone(), crate::harness::settings());
        for path in ["/glow/scim/v2/Me", "/glow/api/v1/app/session"] {
            let answer = crate::harness::call(&router, http::Method::GET, path, &headers, None).await;
            trials.count(answer.status == 401, || format!("{own} at {path}: {}", answer.status));
        }
    }
    // Every one of them still works where it belongs: nothing was used up.
    for (own, secret) in &secrets {
        assert_eq!(Browser::new(&house).get(&format!("/glow/{own}/{secret}")).await.status, StatusCode::OK, "{own}");
    }
    assert_eq!(house.user(NOA).await["userName"], NOA);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Type your code", "the password is the old one");
    trials.covered("G4", "uses of a secret as another kind, in another workspace or for another person");
}

// G2: expiry is judged at the use, to the millisecond, whatever was tried before; what is sent again ends what was sent before.
#[tokio::test]
async fn an_expired_link_stays_expired_whatever_was_tried_before() {
    let mut trials = Trials::default();
    for (late, is_good) in [(-1, true), (0, false), (1, false)] {
        // An invitation of seven days, the proof of a code of ten minutes, and links of an hour.
        let house = House::of(&lakeside()).await;
        let link = invited(&house, "noa@lakeside.example", json!({ "roles": [{ "value": "staff", "primary": true }] })).await;
        house.clock.advance(7 * 24 * HOUR + late);
        let form = [("first-name", "Noa"), ("last-name", "Reed"), ("title", ""), ("new-password", WORDS)];
        let first = Browser::new(&house).post_once(&link, &[("new-password", "short")]).await.status;
        assert_eq!(first == StatusCode::UNPROCESSABLE_ENTITY, is_good, "a failed try");
        let accepted = Browser::new(&house).post_once(&link, &form).await;
        trials.count((accepted.status == StatusCode::SEE_OTHER) == is_good, || format!("an invitation, {late}: {}", accepted.text));

        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, "new@glow.example").await;
        Browser::new(&house).post(&format!("{link}/code"), &[]).await;
        let code = newest(&house, "code").await;
        house.clock.advance(HOUR / 6 + late);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        Browser::new(&house).post(&link, &[("code", wrong)]).await;
        let proved = Browser::new(&house).post(&link, &[("code", &code)]).await;
        trials.count(has_proof(proved.status, &proved.text) == is_good, || format!("a code, {late}: {}", proved.text));
        if is_good {
            let proof = proved.hidden("proof");
            house.clock.advance(HOUR / 6);
            let late = Browser::new(&house).post_once(&link, &[("proof", &proof), ("new-password", WORDS)]).await;
            assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "a proof");
        }

        let link = invited_to_glow(&house, NOA).await;
        let mut noa = Browser::new(&house);
        joined(&house, &mut noa, &link).await;
        mail(&house.store).await;
        noa.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
        let address = format!("/glow/address/{}", newest(&house, "confirm-address").await);
        Browser::new(&house).post("/glow/reset", &[("email", NOA)]).await;
        let reset = format!("/glow/reset/{}", newest(&house, "reset").await);
        house.clock.advance(HOUR + late);
        for (path, form) in [(&reset, [("new-password", "short")]), (&address, [("password", OTHER_WORDS)])] {
            let failed = Browser::new(&house).post_once(path, &form).await.status;
            assert_eq!(failed == StatusCode::UNPROCESSABLE_ENTITY, is_good, "{path}: a failed try");
        }
        for (path, form) in [(&reset, [("new-password", OTHER_WORDS)]), (&address, [("password", OTHER_WORDS)])] {
            let used = Browser::new(&house).post_once(path, &form).await;
            let expected = if is_good { StatusCode::OK } else { StatusCode::GONE };
            trials.count(used.status == expected, || format!("{path}, {late}: {}", used.text));
        }
    }
    trials.covered("G2", "uses at one millisecond before, at, and after the expiry, each after a failed try");
}
