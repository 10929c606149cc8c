//! Checks of members' pages by number, as in the console's list: links and programs that open them, dead links, fields, faults, headers,
//! and forms and addresses from elsewhere.

use http::{Method, StatusCode};
use rosterctl::server::{all_pages, set_up_link};
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, glow};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};

const NOA: &str = "noa@glow.example";
const HOUR: i64 = 60 * 60 * 1000;

/// The policy of every page: it loads its own style sheet and nothing else, and no script runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A member, and the browser in which they are signed in.
async fn member() -> (House, Browser) {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    mail(&house.store).await;
    (house, browser)
}

/// The path of the newest link of a kind of message.
async fn link(house: &House, kind: &str, page: &str) -> String {
    let sent = mail(&house.store).await;
    let (.., token) = sent.into_iter().rfind(|(found, ..)| found == kind).unwrap_or_else(|| panic!("{kind}"));
    format!("/glow/{page}/{token}")
}

async fn reset_link(house: &House) -> String {
    Browser::new(house).post("/glow/reset", &[("email", NOA)]).await;
    link(house, "reset", "reset").await
}

async fn address_link(house: &House, browser: &mut Browser, address: &str) -> String {
    let page = browser.post("/glow/profile/address", &[("email", address), ("password", WORDS)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    link(house, "confirm-address", "address").await
}

// Check 8: programs that open the links of mail use none up, whichever link it is.
#[tokio::test]
async fn no_link_is_used_up_by_opening_it() {
    let (house, mut browser) = member().await;
    let links = [
        reset_link(&house).await,
        address_link(&house, &mut browser, "noa.reed@glow.example").await,
        set_up_link(&house.store, "glow", None).await.unwrap().0.expose().to_owned(),
    ];
    let before = house.log().await.len();
    let user = house.user(NOA).await;
    for link in &links {
        for method in ["GET", "HEAD", "GET", "HEAD"] {
            for agent in ["Scanner 1.0", "Mozilla/5.0"] {
                let mut scanner = Browser::new(&house).with("user-agent", Some(agent));
                assert_eq!(scanner.ask(method, link).await.status, StatusCode::OK, "{method} {link}");
                assert!(!scanner.has_cookie(), "{link}");
            }
        }
    }
    assert_eq!((house.log().await.len(), house.user(NOA).await), (before, user));
    let done = Browser::new(&house).post(&links[0], &[("new-password", OTHER_WORDS)]).await;
    assert_eq!(done.heading(), "Your password is changed");
    let done = Browser::new(&house).post(&links[1], &[("password", OTHER_WORDS)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(house.user("noa.reed@glow.example").await["userName"], "noa.reed@glow.example");
}

// Check 9: what a dead link says is true, and an unknown one says nothing; the page has one way to go on.
#[tokio::test]
async fn a_dead_link_says_how_it_ended() {
    let (house, _) = member().await;
    let used = reset_link(&house).await;
    Browser::new(&house).post(&used, &[("new-password", OTHER_WORDS)]).await;
    house.clock.advance(2 * HOUR);
    let replaced = reset_link(&house).await;
    let withdrawn = reset_link(&house).await;
    let id = house.id(NOA).await;
    let block = json!({ "reason": "activity-review", "confirmPhone": "+16025550100" });
    house.act(&id, "block", block).await.expect(200);
    house.act(&id, "unblock", json!({})).await.expect(200);
    let expired = reset_link(&house).await;
    house.clock.advance(HOUR);
    let mut texts = Vec::new();
    for (link, sentence) in [
        (&used, "This link was used on "),
        (&replaced, "A newer link was sent on "),
        (&withdrawn, "This link was withdrawn on "),
        (&expired, "This link expired on "),
    ] {
        for page in [Browser::new(&house).get(link).await, Browser::new(&house).post(link, &[("new-password", WORDS)]).await] {
            assert_eq!(page.status, StatusCode::GONE, "{sentence}: {}", page.text);
            assert!(page.text.contains(sentence), "{sentence}: {}", page.text);
            texts.push(page.text.clone());
        }
    }
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 4, "four different texts");
    let mut unknown = Vec::new();
    for page in ["join", "reset", "address", "set-up", "main-admin"] {
        for token in ["x", "rset_y", "..%2f..%2fetc"] {
            let page = Browser::new(&house).get(&format!("/glow/{page}/{token}")).await;
            unknown.push((page.status, page.headers, page.text));
        }
    }
    assert_eq!(unknown[0].0, StatusCode::NOT_FOUND);
    assert!(unknown.iter().all(|page| *page == unknown[0]), "{unknown:?}");
}

// Check 11: nothing cuts what is pasted, a code has one field, and any 64 characters are a password.
#[tokio::test]
async fn pasted_text_is_taken_whole() {
    let (house, mut browser) = member().await;
    let link = invited_to_glow(&house, "new@glow.example").await;
    let mut asked = vec![browser.get("/glow/profile/cell").await, browser.get("/glow/second-factor/set-up").await];
    for path in ["/glow/sign-in", "/glow/reset"] {
        asked.push(Browser::new(&house).get(path).await);
    }
    asked.push(Browser::new(&house).post(&format!("{link}/code"), &[]).await);
    for page in &asked {
        for bad in ["maxlength", "onpaste", "autocomplete=\"off\" type=\"password\""] {
            assert!(!page.text.contains(bad), "{bad}: {}", page.text);
        }
    }
    let with_code = asked.iter().filter(|page| page.text.contains("autocomplete=\"one-time-code\"")).count();
    assert_eq!(with_code, 2, "the invitation and the first code of the app");
    let long = format!("tram lens moss \u{1f98a} caf\u{e9} {}", "ab cd ef ".repeat(5));
    let long: String = long.chars().take(64).collect();
    assert_eq!(long.chars().count(), 64);
    let done = Browser::new(&house).post(&reset_link(&house).await, &[("new-password", &long)]).await;
    assert_eq!(done.heading(), "Your password is changed", "{}", done.text);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, &long).await.heading(), "Welcome, Noa Reed");
    let cut: String = long.chars().take(63).collect();
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, &cut).await.heading(), "Sign in", "no character is dropped");
}

/// The tags of a kind in a page, each with its attributes.
fn tags<'p>(page: &'p Page, kind: &str) -> Vec<&'p str> {
    page.text.split(&format!("<{kind} ")).skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect()
}

// Check 13: a fault is in the title, in a summary that has the focus, and at its field; secrets come back empty.
#[tokio::test]
async fn a_page_with_faults_says_so_first_and_sends_no_secret_back() {
    let (house, mut browser) = member().await;
    let reset = reset_link(&house).await;
    let join = invited_to_glow(&house, "new@glow.example").await;
    let mut stranger = Browser::new(&house);
    let secret = "short";
    let pages = [
        stranger.post("/glow/sign-in", &[("email", NOA), ("password", secret)]).await,
        stranger.post(&reset, &[("new-password", secret)]).await,
        stranger.post(&join, &[("code", "123123")]).await,
        browser.post("/glow/password", &[("password", secret), ("new-password", secret)]).await,
        browser.post("/glow/profile", &[("first-name", ""), ("last-name", "Reed")]).await,
        browser.post("/glow/profile/address", &[("email", "noa.reed@glow.example"), ("password", secret)]).await,
        browser.post("/glow/profile/cell", &[("number", "12"), ("password", secret)]).await,
        browser.post("/glow/second-factor/set-up", &[("key", "x"), ("code", "123123"), ("password", secret)]).await,
    ];
    for page in &pages {
        let name = page.path.as_str();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", page.text);
        assert!(page.text.contains("<title>Error: "), "{name}: {}", page.text);
        let (_, summary) = page.text.split_once("<div class=\"faults\" role=\"alert\" tabindex=\"-1\" autofocus>").expect(name);
        let summary = summary.split("</div>").next().unwrap();
        let fields: Vec<&str> = summary.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!fields.is_empty(), "{name}: {summary}");
        let inputs = tags(page, "input");
        for field in fields {
            let input = inputs.iter().find(|input| input.contains(&format!("id=\"{field}\""))).unwrap_or_else(|| panic!("{name}: {field}"));
            assert!(input.contains("aria-invalid=\"true\"") && input.contains(&format!("{field}-fault")), "{name}: {input}");
            assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{name}: {field}");
        }
        for input in inputs.iter().filter(|input| input.contains("type=\"password\"") || input.contains("inputmode=\"numeric\"")) {
            assert!(!input.contains(" value="), "{name}: {input}");
        }
    }
    assert!(pages[0].text.contains(&format!("value=\"{NOA}\"")), "the address is not a secret, and comes back");
}

// Check 15: after signing out, the pages of the member are gone, and the page that follows names nobody.
#[tokio::test]
async fn after_signing_out_no_page_names_the_member() {
    let (_, mut browser) = member().await;
    let home = browser.get("/glow/").await;
    assert!(home.text.contains("Noa Reed") && home.headers["cache-control"] == "no-store");
    let out = browser.post("/glow/sign-out", &[]).await;
    assert_eq!(out.heading(), "You are signed out of glow");
    for path in ["/glow/", "/glow/profile", "/glow/sessions", "/glow/signed-out", "/glow/sign-in"] {
        let page = browser.get(path).await;
        assert!(!page.text.contains("Noa") && !page.text.contains(NOA), "{path}: {}", page.text);
    }
}

// Check 18: the same headers whatever the status.
#[tokio::test]
async fn pages_of_every_status_have_the_same_headers() {
    let (house, mut browser) = member().await;
    let dead = reset_link(&house).await;
    house.clock.advance(2 * HOUR);
    browser.sign_in(&house, NOA, WORDS).await;
    let mut half = Browser::new(&house);
    let pages = [
        (200, browser.ask("GET", "/glow/").await),
        (303, half.ask("GET", "/glow/").await),
        (400, browser.ask("POST", "/glow/profile").await),
        (401, half.post_once("/glow/profile", &[]).await),
        (403, Browser::new(&house).cookies_of(&browser).with("sec-fetch-site", Some("cross-site")).post_once("/glow/profile", &[]).await),
        (404, half.ask("GET", "/glow/reset/rset_x").await),
        (404, half.ask("GET", "/nowhere/sign-in").await),
        (410, half.ask("GET", &dead).await),
        (422, half.post_once("/glow/sign-in", &[("email", NOA), ("password", OTHER_WORDS)]).await),
    ];
    for (status, page) in &pages {
        assert_eq!(page.status.as_u16(), *status, "{}: {}", page.path, page.text);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
            ("x-robots-tag", "noindex"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.headers.get(name).map(|found| found.to_str().unwrap()), Some(value), "{status} {}: {name}", page.path);
        }
    }
    // F9
    let signed = Browser::new(&house).post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await;
    let cookies: Vec<&str> = signed.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "the session, and the browser: {cookies:?}");
    for cookie in cookies {
        for part in ["__Host-rosterctl", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
            assert!(cookie.contains(part) && cookie.len() <= 4096, "{part}: {cookie}");
        }
    }
}

/// Values of `next` that lead away, or to something that is not a page.
const HOSTILE: [&str; 30] = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "HTTPS://evil.example/sessions",
    "javascript:alert(1)",
    "data:text/html,x",
    "/.//evil.example",
    "/%5Cevil.example",
    "/%09/evil.example",
    "\t//evil.example",
    "sessions/../../evil",
    "sessions?x=1",
    "sessions#x",
    "sessions\r\nset-cookie: a=b",
    "sessions%0d%0alocation: x",
    "/sessions",
    "./sessions",
    "..",
    "../lakeside/",
    "/lakeside/",
    "sign-out",
    "switch",
    "profile/cell/code",
    "sessions/others",
    "scim/v2/Users",
    "api/v1/log",
    "{token}",
    "sessions\u{0}",
    "\u{ff0f}\u{ff0f}evil.example",
];

// Check 19: where somebody goes on after signing in is a page of ours, and no page is changed by opening it.
#[tokio::test]
async fn nobody_is_led_elsewhere_or_changes_something_by_opening_an_address() {
    let (house, mut browser) = member().await;
    for next in HOSTILE {
        let form = [("email", NOA), ("password", WORDS), ("next", next)];
        let page = Browser::new(&house).post_once("/glow/sign-in", &form).await;
        assert_eq!((page.status, page.headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/glow/"), "{next:?}");
    }
    for next in ["sessions", "profile", "password", "second-factor"] {
        let page = Browser::new(&house).post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS), ("next", next)]).await;
        assert_eq!(page.headers["location"], format!("/glow/{next}").as_str());
    }
    let before = house.log().await.len();
    let gets: Vec<&str> = all_pages().filter(|page| page.method == Method::GET).map(|page| page.path).collect();
    for page in all_pages().filter(|page| page.method == Method::POST && !gets.contains(&page.path)) {
        let answer = browser.ask("GET", &format!("/glow{}", page.path.replace("{token}", "x"))).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", page.path);
    }
    assert_eq!(house.log().await.len(), before);
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed");
}
