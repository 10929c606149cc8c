//! Messages at the limits of an hour and a day, ways in at the millisecond of their end, and cookies that are replaced (F6, G2, G5).

use http::{Method, StatusCode};
use rosterctl::server::{self, set_up_link};
use rosterctl::store::TokenAccess;
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::factors::{STEP, code_of, give, set_up, with_factor};
use crate::harness::{House, bright, call, glow, settings};
use crate::matrix::{YEAR, token};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two;
use crate::soak::Trials;

const NOA: &str = "noa@glow.example";
const WELCOME: &str = "Welcome, Noa Reed";
const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// So long after the one before, in milliseconds, a message is asked for; says whether it is sent. Three leave within an hour, ten within a day.
const ASKED: [(i64, bool); 18] = [
    (0, true),
    (0, true),
    (0, true),
    (0, false),
    (HOUR - 1, false),
    (1, true),
    (0, true),
    (0, true),
    (0, false),
    (HOUR, true),
    (0, true),
    (0, true),
    (HOUR, true),
    (0, false),
    (HOUR, false),
    (DAY - 4 * HOUR - 1, false),
    (1, true),
    (0, true),
];

/// Returns whether a message of a kind was sent since the last look.
async fn is_sent(house: &House, kind: &str) -> bool {
    mail(&house.store).await.iter().any(|(found, ..)| found == kind)
}

// G5: to the millisecond; a link for a password counts for the login, in whichever of its workspaces it was asked for.
#[tokio::test]
async fn three_messages_leave_within_an_hour_and_ten_within_a_day() {
    let mut trials = Trials::default();
    let (house, spa, _) = two().await;
    for (at, (wait, is_expected)) in ASKED.into_iter().enumerate() {
        house.clock.advance(wait);
        let workspace = if at % 2 == 0 { &house } else { &spa };
        Browser::new(workspace).post(&format!("/{}/reset", workspace.name), &[("email", NOA)]).await;
        trials.count(is_sent(&house, "reset").await == is_expected, || format!("a link for a password, number {at}"));
    }
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    for (at, (wait, is_expected)) in ASKED.into_iter().enumerate() {
        house.clock.advance(wait);
        Browser::new(&house).post(&format!("{link}/code"), &[]).await;
        trials.count(is_sent(&house, "code").await == is_expected, || format!("a code of an invitation, number {at}"));
    }
    for (path, field, kind) in [
        ("/glow/profile/cell", ("number", "+16025550188"), "code"),
        ("/glow/profile/address", ("email", "noa@home.example"), "confirm-address"),
    ] {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        let mut noa = Browser::new(&house);
        joined(&house, &mut noa, &link).await;
        house.clock.advance(2 * DAY);
        for (at, (wait, is_expected)) in ASKED.into_iter().enumerate() {
            house.clock.advance(wait);
            noa.sign_in(&house, NOA, WORDS).await;
            noa.post(path, &[field, ("password", WORDS)]).await;
            trials.count(is_sent(&house, kind).await == is_expected, || format!("{path}, number {at}"));
        }
    }
    trials.covered("G5", "messages that were asked for at the bounds of an hour and a day, of which three and ten left");
}

/// Ways in that end at a time of their own, in milliseconds.
const LIVES: [(&str, i64); 4] = [
    ("a set-up link", DAY),
    ("an offer of the main admin role", 7 * DAY),
    ("half a sign-in", 10 * MINUTE),
    ("trust in a browser", 14 * DAY),
];

/// Begins one of [`LIVES`], waits, fails once, and returns whether it still opens.
async fn opens_after(what: &str, wait: i64) -> bool {
    let house = House::of(&glow()).await;
    let (_, key, _) = with_factor(&house).await;
    let (link, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    match what {
        "a set-up link" => {
            house.clock.advance(wait);
            Browser::new(&house).post_once(link.expose(), &[("new-password", "short")]).await;
            Browser::new(&house).post_once(link.expose(), &[("new-password", WORDS)]).await.status == StatusCode::SEE_OTHER
        }
        "an offer of the main admin role" => {
            let mut olivia = Browser::new(&house);
            olivia.post(link.expose(), &[("new-password", WORDS)]).await;
            mail(&house.store).await;
            olivia.post("/glow/main-admin", &[("email", NOA), ("password", WORDS)]).await;
            let (.., offer) = mail(&house.store).await.into_iter().find(|(kind, ..)| kind == "main-admin-offered").expect("an offer");
            house.clock.advance(wait);
            let path = format!("/glow/main-admin/{offer}");
            Browser::new(&house).post_once(&path, &[("password", OTHER_WORDS)]).await;
            Browser::new(&house).post_once(&path, &[("password", WORDS)]).await.status == StatusCode::OK
        }
        "half a sign-in" => {
            let mut half = Browser::new(&house);
            half.sign_in(&house, NOA, WORDS).await;
            house.clock.advance(wait);
            half.post_once("/glow/sign-in/code", &[("code", "not a code")]).await;
            give(&house, &mut half, &key).await.heading() == WELCOME
        }
        _ => {
            let mut trusted = Browser::new(&house);
            trusted.sign_in(&house, NOA, WORDS).await;
            trusted.post("/glow/sign-in/code", &[("code", &code_of(&house, &key)), ("trust", "yes")]).await;
            house.clock.advance(wait);
            trusted.sign_in(&house, NOA, OTHER_WORDS).await;
            trusted.sign_in(&house, NOA, WORDS).await.heading() == WELCOME
        }
    }
}

// G2: of ways in that are not links in mail to somebody who forgot something.
#[tokio::test]
async fn an_expired_way_in_stays_expired_whatever_was_tried_before() {
    let mut trials = Trials::default();
    for (what, lives) in LIVES {
        for (late, is_good) in [(-1, true), (0, false), (1, false)] {
            trials.count(opens_after(what, lives + late).await == is_good, || format!("{what}, {late}"));
        }
    }
    trials.covered(
        "G2",
        "uses of set-up links, offers, halves of sign-ins and trust before, at, and after the expiry, each after a failed try",
    );
}

// F6: a session that somebody else may know is not the one that goes on.
#[tokio::test]
async fn the_cookie_is_another_one_after_signing_in_and_after_each_change_of_password_and_factor() {
    const COOKIE: &str = "__Host-rosterctl-glow";
    let mut trials = Trials::default();
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    let mut noa = Browser::new(&house);
    let mut before = "chosen-by-somebody-else".to_owned();
    noa.set_cookie(COOKIE, &before);
    let mut is_new = async |noa: &Browser, step: &str| {
        let now = noa.cookie(COOKIE);
        let copied = Browser::new(&house).with("cookie", Some(&format!("{COOKIE}={before}"))).get("/glow/").await;
        trials.count(now != before && copied.heading() == "Sign in", || format!("{step}: {}", copied.heading()));
        before = now;
    };
    noa.sign_in(&house, NOA, WORDS).await;
    is_new(&noa, "signing in").await;
    let (key, _) = set_up(&house, &mut noa, WORDS).await;
    is_new(&noa, "setting up a second factor").await;
    noa.post("/glow/password", &[("password", WORDS), ("new-password", OTHER_WORDS)]).await;
    is_new(&noa, "another password").await;
    noa.post("/glow/sign-out", &[]).await;
    noa.sign_in(&house, NOA, OTHER_WORDS).await;
    is_new(&noa, "half a sign-in").await;
    house.clock.advance(STEP);
    give(&house, &mut noa, &key).await;
    is_new(&noa, "the code of the second factor").await;
    noa.post("/glow/second-factor/remove", &[("password", OTHER_WORDS)]).await;
    is_new(&noa, "removing the second factor").await;
    assert_eq!(noa.get("/glow/").await.heading(), WELCOME);
    trials.covered("F6", "steps after which the cookie of the session is another one, and the one before opens nothing");
}

/// So many ask at the same time.
const TOGETHER: usize = 16;

// E1, E5: another word each, all at the same time; the right one has to wait, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_simultaneous_code_words_of_programs_five_are_compared() {
    let mut trials = Trials::default();
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let server = server::router(house.store.clone(), settings());
    let (_, bearer) = token(&house, "dana@bright.example", TokenAccess::Write, YEAR).await;
    let ask = |word: String| {
        let (server, bearer) = (server.clone(), bearer.clone());
        let body = json!({ "codeWord": word });
        tokio::spawn(async move {
            call(&server, Method::POST, "/bright/api/v1/code-word/verify", &[("authorization", &bearer)], Some(body)).await
        })
    };
    let sent: Vec<_> = (0..TOGETHER).map(|n| ask(format!("maple-cedar-{}", n + 10))).collect();
    let mut compared = 0;
    for one in sent {
        let answer = one.await.unwrap();
        compared += usize::from(answer.body["matches"] == false);
        trials.count(answer.body["matches"] == false || answer.status == 429, || format!("{} {}", answer.status, answer.body));
    }
    assert_eq!(compared, 5, "so many were compared");
    ask("maple-cedar-7".to_owned()).await.unwrap().expect(429);
    trials.measured("E1, E5", "simultaneous wrong code words of programs, of which 5 were compared");
}
