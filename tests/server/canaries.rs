//! Whatever a member and an administrator are given once stands nowhere else: in no file, no row, no page and no answer (K1, D7, F6, X-7).

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use rosterctl::server::{self, all_app_routes, all_pages, api_routes, rotate_code_word, set_up_link};
use rosterctl::store::{Clock, HandClock, Store, TokenAccess};
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::devices::{ask, new_passcode};
use crate::factors::{STEP, code_of, with_factor};
use crate::harness::{House, NOON, bright, glow, settings};
use crate::matrix::{YEAR, token};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow};
use crate::soak::Trials;

const NOA: &str = "noa@glow.example";

/// Secrets with their names.
#[derive(Default)]
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    fn add(&mut self, name: &'static str, secret: &str) {
        assert!(secret.len() >= 12, "{name} is too short to be looked for: {secret}");
        self.0.push((name, secret.to_owned()));
    }

    /// The secrets of the cookies of an answer.
    fn cookies(&mut self, name: &'static str, page: &Page) {
        for cookie in page.headers.get_all("set-cookie") {
            let (_, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if !value.is_empty() {
                self.add(name, value);
            }
        }
    }

    /// The names of those that a text has in any form.
    fn found(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let text = String::from_utf8_lossy(bytes);
        let forms = |secret: &str| {
            let bytes = secret.as_bytes();
            let url: String = url::form_urlencoded::byte_serialize(bytes).collect();
            let json = json!(secret).to_string().trim_matches('"').to_owned();
            [secret.to_owned(), BASE64.encode(bytes), BASE64URL_NOPAD.encode(bytes), HEXLOWER.encode(bytes), url, json]
        };
        self.0.iter().filter(|(_, secret)| forms(secret).iter().any(|form| text.contains(form.as_str()))).map(|(name, _)| *name).collect()
    }
}

/// The bytes of an answer, whatever its status: head and body.
async fn bytes(router: &axum::Router, method: &Method, path: &str, header: Option<(&str, &str)>) -> Vec<u8> {
    let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let answer = tower::ServiceExt::oneshot(router.clone(), request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let mut all = format!("{} {:?}\n", parts.status, parts.headers).into_bytes();
    all.extend(body.collect().await.unwrap().to_bytes());
    all
}

/// A member's whole life, and everything that was given to somebody in it.
async fn life(house: &House, bright: &House) -> (Canaries, String, [(&'static str, String); 3]) {
    let mut canaries = Canaries::default();
    canaries.add("a password", WORDS);
    canaries.add("another password", OTHER_WORDS);
    let link = invited_to_glow(house, "kim@glow.example").await;
    canaries.add("an invitation", link.rsplit('/').next().unwrap());
    Browser::new(house).post(&format!("{link}/code"), &[]).await;
    let (.., code) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
    let proof = Browser::new(house).post(&link, &[("code", &code)]).await.hidden("proof");
    canaries.add("a proof", &proof);
    let (mut noa, key, recovery) = with_factor(house).await;
    canaries.add("the key of a second factor", &key);
    for code in recovery.iter().skip(1) {
        canaries.add("a recovery code", code);
        canaries.add("a recovery code in one", &code.replace('-', ""));
    }
    let id = house.id(NOA).await;
    let mut trusted = Browser::new(house);
    let half = trusted.post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await;
    canaries.cookies("half a session", &half);
    let code = code_of(house, &key);
    canaries.cookies(
        "a session, a known and a trusted browser",
        &trusted.post_once("/glow/sign-in/code", &[("code", &code), ("trust", "1")]).await,
    );
    house.clock.advance(STEP);
    let app = server::router(house.store.clone(), settings());
    let half = ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let half = half["session"].as_str().unwrap();
    canaries.add("half a session of the app", half);
    let whole = ask(&app, "sign-in/code", half, json!({ "code": code_of(house, &key) })).await.expect(200);
    house.clock.advance(STEP);
    for name in ["session", "device"] {
        canaries.add("a secret of the app", whole[name].as_str().unwrap());
    }
    new_passcode(house, &id).await;
    noa.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
    Browser::new(house).post("/glow/reset", &[("email", NOA)]).await;
    for (kind, _, secret) in mail(&house.store).await {
        if kind != "code" && !secret.is_empty() {
            canaries.add("a link in mail", &secret);
        }
    }
    let (set_up, _) = set_up_link(&house.store, "glow", None).await.unwrap();
    canaries.add("a set-up link", set_up.expose().rsplit('/').next().unwrap());
    let (_, writes) = token(house, "olivia@glow.example", TokenAccess::Write, YEAR).await;
    canaries.add("a token", writes.trim_start_matches("Bearer "));
    let (_, reads) = token(house, "olivia@glow.example", TokenAccess::Read, YEAR).await;
    canaries.add("a token to read", reads.trim_start_matches("Bearer "));
    for _ in 0..2 {
        let word = rotate_code_word(&bright.store, "bright", None).await.unwrap().word;
        canaries.add("a code word", word.expose());
    }
    // The browser that looks is none of those whose secrets are looked for, but its own answers may not repeat them either.
    let mut looking = Browser::new(house);
    let page = looking.post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await;
    canaries.cookies("the looking half", &page);
    let page = looking.post_once("/glow/sign-in/code", &[("with", "recovery-code"), ("code", &recovery[0])]).await;
    canaries.cookies("the looking browser", &page);
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let bearer = format!("Bearer {}", whole["session"].as_str().unwrap());
    (canaries, id, [("cookie", cookie), ("authorization", bearer), ("authorization", writes)])
}

// K1, D7, F6, X-7.
#[tokio::test]
async fn no_file_row_page_or_answer_contains_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::at(NOON));
    let store = Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), store.clone(), Arc::clone(&clock)).await;
    let bright = House::on(&bright(), store, clock).await;
    let (canaries, id, callers) = life(&house, &bright).await;
    let mut trials = Trials::default();
    let mut look = |place: &str, bytes: &[u8]| {
        let found = canaries.found(bytes);
        trials.count(found.is_empty(), || format!("{place}: {found:?}"));
    };
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let content = std::fs::read(&path).unwrap();
        look(&path.display().to_string(), &content);
        // Neither the bytes of the key, nor the passcode's hash in a form that somebody reads back.
        let key = canaries.0.iter().find(|(name, _)| *name == "the key of a second factor").unwrap();
        let key = BASE32_NOPAD.decode(key.1.as_bytes()).unwrap();
        assert!(!content.windows(key.len()).any(|part| part == key.as_slice()), "{}", path.display());
    }
    for house in [&house, &bright] {
        look("the user log", format!("{:?}", house.log().await).as_bytes());
    }
    let app = server::router(house.store.clone(), settings());
    let cookie = callers.iter().find(|(name, _)| *name == "cookie").map(|(name, value)| (*name, value.as_str()));
    for page in all_pages().filter(|page| page.method == Method::GET) {
        let path = format!("/glow{}", page.path.replace("{token}", "rset_x"));
        for header in [None, cookie] {
            look(&path, &bytes(&app, &page.method, &path, header).await);
        }
    }
    let routes = api_routes()
        .map(|route| (route.method.clone(), route.path))
        .chain(all_app_routes().map(|route| (route.method.clone(), route.path)));
    for (method, path) in routes.filter(|(method, _)| method == Method::GET) {
        let path = format!("/glow{}", path.replace("{id}", &id).replace("{name}", "User").replace("{urn}", crate::harness::USER));
        for (name, value) in &callers {
            look(&path, &bytes(&app, &method, &path, Some((name, value.as_str()))).await);
        }
        look(&path, &bytes(&house.router, &method, &path, None).await);
    }
    let control = Canaries(vec![("control", "noa@glow.example".to_owned())]);
    assert!(!control.found(format!("{:?}", house.log().await).as_bytes()).is_empty(), "the search finds what is there");
    assert!(canaries.0.len() >= 40 && trials.tried() >= 80, "{} secrets, {} places", canaries.0.len(), trials.tried());
    let what = format!("places (files, log, pages, answers) searched for {} secrets in 6 forms", canaries.0.len());
    trials.covered("K1, D7, F6", &what);
}
