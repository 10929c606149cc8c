//! The answer that a caller reads when the database fails: never SQL, a path, a version or the place in the program (K3).

use std::sync::Arc;

use http::{Method, Request};
use http_body_util::BodyExt as _;
use rosterctl::server::{self, LogForm, OperatorLog, Settings, all_app_routes, all_pages, api_routes};
use rosterctl::store::{Clock, HandClock, Store};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::browser::Browser;
use crate::devices::ask;
use crate::harness::{House, NOON, glow, settings};
use crate::pages::{WORDS, invited_to_glow, joined};
use crate::soak::Trials;

/// Words of the machinery.
const INNER: [&str; 13] =
    ["sql", "table", "column", "database is", "constraint", "src/", ".rs", "panick", "stack", "rosterctl/", "0.1.0", "sealed", "argon2"];

/// Changes of the file, each as the loss of a part of it.
const OUTAGES: [&str; 5] = [
    "ALTER TABLE accounts RENAME TO gone",
    "ALTER TABLE sessions RENAME TO gone",
    "ALTER TABLE logins RENAME TO gone",
    "DROP TRIGGER log_keeps_its_rows; DROP TRIGGER log_keeps_its_words; DROP TRIGGER log_keeps_its_order; ALTER TABLE log RENAME TO gone",
    "UPDATE accounts SET fields = 'not JSON'",
];

/// Status and body of an answer, and what its head says about the machinery.
async fn answer(router: &axum::Router, method: &Method, path: &str, header: Option<(&str, &str)>) -> (u16, String) {
    let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let (kind, body) = if path.contains("/scim/") {
        ("application/scim+json", "{}")
    } else if path.contains("/api/") {
        ("application/json", "{\"email\":\"noa@glow.example\",\"password\":\"tram lens moss 8\"}")
    } else {
        ("application/x-www-form-urlencoded", "email=noa%40glow.example&password=tram+lens+moss+8&new-password=kelp+dune+wick+5")
    };
    let body = if method == Method::GET { "" } else { body };
    let request = request.header("content-type", kind).body(axum::body::Body::from(body)).unwrap();
    let (parts, body) = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap().into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (parts.status.as_u16(), format!("{:?}\n{body}", parts.headers))
}

// K3
#[tokio::test]
async fn an_answer_says_nothing_of_the_machinery_when_the_database_fails() {
    let (mut trials, mut failed) = (Trials::default(), 0);
    for outage in OUTAGES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("glow.db");
        let clock = Arc::new(HandClock::at(NOON));
        let store = Store::open_with(&file, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let house = House::on(&glow(), store, clock).await;
        let link = invited_to_glow(&house, "noa@glow.example").await;
        joined(&house, &mut Browser::new(&house), &link).await;
        let id = house.id("noa@glow.example").await;
        let page = Browser::new(&house).post_once("/glow/sign-in", &[("email", "noa@glow.example"), ("password", WORDS)]).await;
        let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        // The reasons are the operator's, who reads another log than this test's.
        let log = OperatorLog::start_on(LogForm::Text, std::io::sink()).unwrap();
        let quiet = Settings { log, ..settings() };
        let app = server::router(house.store.clone(), quiet.clone());
        let programs = server::embedded_with(house.store.clone(), "glow", &crate::harness::email("olivia@glow.example"), quiet);
        let body = serde_json::json!({ "email": "noa@glow.example", "password": WORDS });
        let bearer = format!("Bearer {}", ask(&app, "sign-in", "", body).await.expect(200)["session"].as_str().unwrap());
        let open = invited_to_glow(&house, "kim@glow.example").await;
        let token = open.rsplit('/').next().unwrap();
        let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        conn.execute(outage).await.unwrap();
        conn.close().await.unwrap();
        let fill = |path: &str| {
            let path = path.replace("{id}", &id).replace("{action}", "block").replace("{token}", token);
            format!("/glow{}", path.replace("{name}", "User").replace("{urn}", crate::harness::USER))
        };
        let mut look = |what: String, (status, text): (u16, String)| {
            let is_failure = status >= 500;
            failed += usize::from(is_failure);
            let lower = text.to_lowercase();
            let says = INNER.iter().any(|word| lower.contains(word)) || text.contains(folder.path().to_str().unwrap());
            // The schemas are one fixed text, which has some of these words.
            trials.count(!says || (!is_failure && what.contains("/Schemas")), || format!("{outage}: {what}: {text}"));
        };
        for route in api_routes() {
            look(format!("{} {}", route.method, route.path), answer(&programs, &route.method, &fill(route.path), None).await);
        }
        for page in all_pages() {
            for header in [None, Some(("cookie", cookie.as_str()))] {
                look(format!("{} {}", page.method, page.path), answer(&app, &page.method, &fill(page.path), header).await);
            }
        }
        for route in all_app_routes() {
            let header = Some(("authorization", bearer.as_str()));
            look(format!("{} {}", route.method, route.path), answer(&app, &route.method, &fill(route.path), header).await);
        }
    }
    assert!(failed >= trials.tried() / 5, "only {failed} of {} requests failed: nothing was proved", trials.tried());
    trials.covered("K3", &format!("answers while the database failed, of which {failed} were failures"));
}
