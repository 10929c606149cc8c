//! What somebody learns, and how often they may guess, before they have typed the right password.

use std::sync::Arc;
use std::time::Duration;

use futures::channel::oneshot;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use http::{HeaderMap, Method, StatusCode};
use rosterctl::server;
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::browser::{Browser, mail};
use crate::devices::ask;
use crate::factors::with_factor;
use crate::harness::{House, NOON, call, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};

const MINUTE: i64 = 60 * 1000;

/// Accounts in every state, and none: with a password and a second factor, without a password, pending, inactive, blocked.
const ADDRESSES: [&str; 8] = [
    "nobody@glow.example",
    "noa@glow.example",
    "olivia@glow.example",
    "petra@glow.example",
    "nova@glow.example",
    "ines@glow.example",
    "bea@glow.example",
    "not an address",
];

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
        for address in ADDRESSES {
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
    for (address, round, page) in &pages {
        assert_eq!(page, &pages[0].2, "{address}, round {round}");
    }
    for (address, round, answer) in &answers {
        assert_eq!(answer, &answers[0].2, "{address}, round {round}");
    }
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
        for address in ADDRESSES {
            let page = Browser::new(&house).post("/glow/reset", &[("email", address)]).await;
            pages.push((address, round, seen(page.status, &page.headers, &page.text, address)));
        }
    }
    for (address, round, page) in &pages {
        assert_eq!(page, &pages[0].2, "{address}, round {round}");
    }
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

// N1, E3: while strangers take every place, a device on which the password was typed before has others, in a browser and in the app.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_device_is_answered_while_strangers_take_every_place() {
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
    let entered = ask(&server, "sign-in", "", json!({ "email": "noa@glow.example", "password": WORDS })).await.expect(200);
    // As long as this write lasts, no form that writes is answered, and each keeps its place.
    let ((begins, began), (ends, end)) = (oneshot::channel(), oneshot::channel::<()>());
    let store = house.store.clone();
    let write = tokio::spawn(async move {
        let job = async move {
            begins.send(()).unwrap();
            end.await.unwrap();
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
    // This form only reads.
    let unknown_link = "/glow/join/rinv_unknown";
    assert_eq!(Browser::at(server.clone()).post_once(unknown_link, &[]).await.status, StatusCode::SERVICE_UNAVAILABLE, "a stranger");
    assert_eq!(known.post_once(unknown_link, &[]).await.status, StatusCode::NOT_FOUND, "a known browser has a place");
    let (status, opened) = first_answer(|| {
        let (server, device) = (server.clone(), entered["device"].clone());
        tokio::spawn(async move { ask(&server, "passcode", "", json!({ "device": device, "passcode": "000000" })).await.status })
    })
    .await;
    assert_eq!(status, 503, "the places of known devices are taken, too");
    assert_eq!(known.post_once(unknown_link, &[]).await.status, StatusCode::SERVICE_UNAVAILABLE, "the app on a known device has them");
    ends.send(()).unwrap();
    write.await.unwrap().unwrap();
    for one in strangers.into_iter().chain(opened) {
        one.await.unwrap();
    }
    assert_eq!(known.post_once(unknown_link, &[]).await.status, StatusCode::NOT_FOUND);
}
