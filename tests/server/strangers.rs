//! The facts that somebody learns, and how often they may guess, before they have typed the right password.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures::channel::oneshot;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use http::{HeaderMap, Method, StatusCode};
use rosterctl::server;
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::browser::{Browser, mail};
use crate::devices::ask;
use crate::factors::with_factor;
use crate::harness::{House, NOON, call, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::soak::Trials;

const MINUTE: i64 = 60 * 1000;

/// No account, and accounts of every state: with a password and a second factor, without a password, pending, inactive, blocked.
pub(crate) const ADDRESSES: [&str; 7] = [
    "nobody@glow.example",
    "noa@glow.example",
    "olivia@glow.example",
    "petra@glow.example",
    "nova@glow.example",
    "ines@glow.example",
    "bea@glow.example",
];

/// A text in the place of an address.
const NOT_ONE: &str = "not an address";

/// Everything of an answer that a stranger sees, apart from what they typed.
fn seen(status: StatusCode, headers: &HeaderMap, text: &str, typed: &str) -> (StatusCode, HeaderMap, String) {
    let mut headers = headers.clone();
    let length = headers.remove("content-length").map(|length| length.to_str().unwrap().to_owned());
    assert!(length.is_none_or(|length| length == text.len().to_string()), "the length follows from the text");
    (status, headers, text.replace(typed, "TYPED"))
}

// E7: no account, pending, inactive, blocked, without a password, with a second factor, a wrong password, and too many of them.
#[tokio::test]
async fn every_refusal_before_the_right_password_has_the_same_bytes() {
    let house = House::of(&glow()).await;
    with_factor(&house).await;
    let app = server::router(house.store.clone(), settings());
    let (mut pages, mut answers) = (Vec::new(), Vec::new());
    for round in 0..4 {
        for address in ADDRESSES.into_iter().chain([NOT_ONE]) {
            let page = Browser::new(&house).sign_in(&house, address, OTHER_WORDS).await;
            pages.push((address, round, seen(page.status, &page.headers, &page.text, address)));
            let body = json!({ "email": address, "password": OTHER_WORDS });
            let headers = [("content-type", "application/json")];
            let answer = call(&app, Method::POST, "/glow/api/v1/app/sign-in", &headers, Some(body)).await;
            answers.push((address, round, (answer.status, answer.headers, answer.body)));
        }
        // The address that all of them come from waits, too, after 50.
        house.clock.advance(MINUTE / 2);
    }
    let mut trials = Trials::default();
    for (address, round, page) in &pages {
        trials.count(page == &pages[0].2, || format!("{address}, round {round}: {page:?}"));
    }
    for (address, round, answer) in &answers {
        trials.count(answer == &answers[0].2, || format!("{address}, round {round}: {answer:?}"));
    }
    trials.covered("E7", "refusals of sign-ins by pages and app, all with the same bytes");
    assert_eq!((pages[0].2.0, answers[0].2.0), (StatusCode::UNPROCESSABLE_ENTITY, 401));
    let limited = house.log().await.iter().any(|row| row.entry.detail.as_deref().is_some_and(|detail| detail.contains("was not compared")));
    assert!(limited, "the last rounds were limited");
}

// E7, H2: a link is on its way to nobody, or to the holder of the account, and the page does not say which; neither when there were too many.
#[tokio::test]
async fn a_forgotten_password_is_answered_alike_for_every_address() {
    let house = House::of(&glow()).await;
    with_factor(&house).await;
    let mut pages = Vec::new();
    for round in 0..5 {
        for address in ADDRESSES.into_iter().chain([NOT_ONE]) {
            let page = Browser::new(&house).post("/glow/reset", &[("email", address)]).await;
            pages.push((address, round, seen(page.status, &page.headers, &page.text, address)));
        }
    }
    let mut trials = Trials::default();
    for (address, round, page) in &pages {
        trials.count(page == &pages[0].2, || format!("{address}, round {round}: {page:?}"));
    }
    trials.covered("E7", "answers to forgotten passwords, all with the same bytes");
    let sent = mail(&house.store).await;
    let mut to: Vec<&str> = sent.iter().filter(|(kind, ..)| kind == "reset").map(|(_, to, _)| to.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!(to, ["noa@glow.example", "olivia@glow.example"], "those who can sign in");
}

// E4: one password, many accounts, one address.
#[tokio::test]
async fn somebody_who_tries_a_password_on_many_accounts_is_limited_and_the_log_says_so() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut own = Browser::new(&house);
    joined(&house, &mut own, &link).await;
    let warned = async || {
        let log = house.log().await;
        log.iter().filter(|row| row.entry.detail.as_deref().is_some_and(|detail| detail.contains("from this network address"))).count()
    };
    for n in 0..50 {
        let page = Browser::new(&house).sign_in(&house, &format!("member{n}@glow.example"), WORDS).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(warned().await, 0);
    for _ in 0..20 {
        let right = Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is compared anymore");
    }
    assert_eq!(warned().await, 1, "one row, and one more for the others when the minute is over");
    own.post("/glow/sign-out", &[]).await;
    assert_eq!(own.sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed", "a known browser");
    house.clock.advance(MINUTE);
    assert_eq!(Browser::new(&house).sign_in(&house, "noa@glow.example", WORDS).await.heading(), "Welcome, Noa Reed");
}

/// Sends one more after the other, until one is answered; returns that answer, and the requests that wait.
async fn first_answer(send: impl Fn() -> JoinHandle<u16>) -> (u16, FuturesUnordered<JoinHandle<u16>>) {
    let mut sent = FuturesUnordered::new();
    loop {
        sent.push(send());
        tokio::select! {
            Some(status) = sent.next() => return (status.unwrap(), sent),
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
}

/// A server of which strangers hold every place, and somebody who was there before.
struct Flood {
    server: Router,
    /// A browser in which Noa signed in.
    known: Browser,
    /// The app of Noa.
    app: Value,
    end: oneshot::Sender<()>,
    write: JoinHandle<Result<(), StoreError>>,
    strangers: FuturesUnordered<JoinHandle<u16>>,
    _folder: TempDir,
}

/// This form only reads.
const UNKNOWN_LINK: &str = "/glow/join/rinv_unknown";

impl Flood {
    /// `before` happens to the house before the flood.
    async fn after(before: impl AsyncFnOnce(&House)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::at(NOON));
        let store = Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let house = House::on(&glow(), store, clock).await;
        let link = invited_to_glow(&house, "noa@glow.example").await;
        joined(&house, &mut Browser::new(&house), &link).await;
        let server = server::router(house.store.clone(), settings());
        let mut known = Browser::at(server.clone());
        known.sign_in(&house, "noa@glow.example", WORDS).await;
        known.post("/glow/sign-out", &[]).await;
        let app = ask(&server, "sign-in", "", json!({ "email": "noa@glow.example", "password": WORDS })).await.expect(200);
        before(&house).await;
        // As long as this write lasts, no form that writes is answered, and each keeps its place.
        let ((begins, began), (end, ended)) = (oneshot::channel(), oneshot::channel::<()>());
        let store = house.store.clone();
        let write = tokio::spawn(async move {
            let job = async move {
                begins.send(()).unwrap();
                ended.await.unwrap();
                Ok::<_, StoreError>(())
            };
            store.write("glow", |_| job.boxed()).await
        });
        began.await.unwrap();
        let (status, strangers) = first_answer(|| {
            let mut stranger = Browser::at(server.clone());
            tokio::spawn(async move {
                let form = [("email", "nobody@glow.example"), ("password", OTHER_WORDS)];
                stranger.post_once("/glow/sign-in", &form).await.status.as_u16()
            })
        })
        .await;
        assert_eq!(status, 503, "every place is taken");
        let flood = Self { server, known, app, end, write, strangers, _folder: folder };
        let mut stranger = Browser::at(flood.server.clone());
        assert_eq!(stranger.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::SERVICE_UNAVAILABLE, "a stranger");
        flood
    }

    /// Ends it, and returns the browser that is known.
    async fn ended(self, others: FuturesUnordered<JoinHandle<u16>>) -> Browser {
        self.end.send(()).unwrap();
        self.write.await.unwrap().unwrap();
        for one in self.strangers.into_iter().chain(others) {
            one.await.unwrap();
        }
        self.known
    }
}

// N1, E3: while strangers take every place, a device on which the password was typed before has another, in a browser and in the app.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_device_is_answered_while_strangers_take_every_place() {
    let mut flood = Flood::after(async |_| ()).await;
    assert_eq!(flood.known.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::NOT_FOUND, "a known browser has a place");
    let (status, opened) = first_answer(|| {
        let (server, device) = (flood.server.clone(), flood.app["device"].clone());
        tokio::spawn(async move { ask(&server, "passcode", "", json!({ "device": device, "passcode": "000000" })).await.status })
    })
    .await;
    assert_eq!(status, 503, "one device has one place");
    assert_eq!(flood.known.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::NOT_FOUND, "the other device has its own");
    let mut known = flood.ended(opened).await;
    assert_eq!(known.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::NOT_FOUND);
}

// N1, F1: the device stays known, and has no place of its own as long as its account may not sign in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_device_of_somebody_without_access_is_a_stranger_while_strangers_take_every_place() {
    let leave = async |house: &House| {
        let id = house.id("noa@glow.example").await;
        let inactive = json!([{ "op": "replace", "path": "active", "value": false }]);
        house.patch(&format!("/scim/v2/Users/{id}"), inactive).await.expect(200);
    };
    let mut flood = Flood::after(leave).await;
    assert_eq!(flood.known.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let passcode = json!({ "device": flood.app["device"], "passcode": "000000" });
    assert_eq!(ask(&flood.server, "passcode", "", passcode).await.status, 503);
    let mut known = flood.ended(FuturesUnordered::new()).await;
    assert_eq!(known.post_once(UNKNOWN_LINK, &[]).await.status, StatusCode::NOT_FOUND);
}
