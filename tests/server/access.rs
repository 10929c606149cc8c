//! The access of callers: every endpoint, every method, every kind of caller (D1, D2, D3, D5).

use std::collections::BTreeSet;

use http::Method;
use rosterctl::server::{self, AnyRoute, Needs};
use rosterctl::store::TokenAccess;
use rosterctl::store::tokens;
use serde_json::json;

use crate::harness::{House, NOON, PRACTICE, USER, call, email, glow, lakeside, plain, raw, settings};
use crate::matrix::{self, Caller, YEAR, role, token};
use crate::soak::Trials;

// D1: callers nobody knows get 401 on every endpoint and method; a read-only token gets 403 on every write, a demoted owner's on all.
#[tokio::test]
async fn every_endpoint_refuses_every_caller_it_should() {
    for route in server::api_routes() {
        // What changes nothing by POST is named here a second time, so that a slip of the table shows.
        let asks_only = route.path.ends_with("/.search") || *route.path == *"/api/v1/code-word/verify";
        assert_eq!(route.needs == Needs::Read, route.method == Method::GET || asks_only, "{} {}", route.method, route.path);
    }
    let mut trials = Trials::default();
    for cell in &matrix::cells().await {
        let (name, status) = (cell.name(), cell.answer.status);
        match cell.caller {
            Caller::Unknown(_) => {
                assert_eq!(status, 401, "{name}");
                assert!(cell.answer.header("www-authenticate").starts_with("Bearer"), "{name}");
            }
            Caller::ReadOnly if cell.is_read => assert!(!matches!(status, 401 | 403), "{name}: {}", cell.answer.body),
            Caller::ReadOnly | Caller::Demoted => assert_eq!(status, 403, "{name}: {}", cell.answer.body),
            Caller::Admin if cell.is_offered => assert!(!matches!(status, 401 | 403 | 405), "{name}: {status} {}", cell.answer.body),
            Caller::Admin => assert_eq!(status, 405, "{name}"),
        }
        trials.passed();
    }
    trials.covered("D1", "endpoints of the interface for programs, with each method and caller");
}

// The router comes from the table: each row is in it once, and is answered; nobody gets in who is not asked for.
#[tokio::test]
async fn every_row_of_the_table_is_answered_and_lets_no_stranger_in() {
    let house = House::of(&glow()).await;
    let router = server::router(house.store.clone(), settings());
    let (mut rows, mut kinds) = (BTreeSet::new(), [0; 3]);
    for route in server::all_routes() {
        let (method, name) = (route.method().clone(), format!("{} {}", route.method(), route.path()));
        assert!(rows.insert(name.clone()), "{name} is there twice");
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        let body = if method == Method::GET { Vec::new() } else { b"{}".to_vec() };
        let answer = raw(&router, method, &format!("/glow{}", route.path()), &headers, body).await;
        let error = answer.body["error"].as_str().unwrap_or_default();
        match route {
            AnyRoute::Api(_) => assert_eq!(answer.status, 401, "{name}"),
            AnyRoute::Page(page) if page.needs.asks_session() => {
                let (status, to) = if page.method == Method::GET { (303, "/glow/sign-in") } else { (401, "") };
                assert_eq!((answer.status, answer.header("location").split('?').next()), (status, Some(to)), "{name}");
            }
            AnyRoute::App(app) if app.needs.asks_session() => assert_eq!((answer.status, error), (401, "signed-out"), "{name}"),
            AnyRoute::Page(_) => assert!(answer.header("content-type").starts_with("text/html"), "{name}: {}", answer.status),
            AnyRoute::App(_) => assert!(!["", "signed-out"].contains(&error), "{name}: {} {error}", answer.status),
        }
        kinds[match route {
            AnyRoute::Api(_) => 0,
            AnyRoute::Page(_) => 1,
            AnyRoute::App(_) => 2,
        }] += 1;
    }
    assert_eq!(kinds, [server::api_routes().count(), server::all_pages().count(), server::all_app_routes().count()]);
}

// D2, AR-4: another workspace, and one that never was, are answered in the same bytes.
#[tokio::test]
async fn a_token_of_another_workspace_learns_not_even_that_this_one_exists() {
    let house = House::of(&glow()).await;
    House::on(&lakeside(), house.store.clone(), house.clock.clone()).await;
    let router = server::router(house.store.clone(), settings());
    let (_, mine) = token(&house, "olivia@glow.example", TokenAccess::Write, YEAR).await;
    let ask = async |path: &str| call(&router, Method::GET, path, &[("authorization", &mine)], None).await;
    let (there, nowhere) = (ask("/lakeside/scim/v2/Users").await, ask("/nowhere/scim/v2/Users").await);
    assert_eq!((there.status, &there.body, &there.headers), (nowhere.status, &nowhere.body, &nowhere.headers));
}

// AR-20, F2: the owner's own state counts at the next request; what a block ended stays ended (AR-22).
#[tokio::test]
async fn a_token_ends_with_its_owners_access() {
    let house = House::of(&glow()).await;
    let router = server::router(house.store.clone(), settings());
    role(&house, "marcus@glow.example", "administrator").await;
    let (_, marcus) = token(&house, "marcus@glow.example", TokenAccess::Read, YEAR).await;
    let status = async || call(&router, Method::GET, "/glow/scim/v2/Me", &[("authorization", &marcus)], None).await.status;
    assert_eq!(status().await, 200);
    let id = house.id("marcus@glow.example").await;
    house.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    assert_eq!(status().await, 401);
    house.act(&id, "unblock", json!({})).await.expect(200);
    assert_eq!(status().await, 401, "unblocking revives no token");
    let blocked = server::create_token(&house.store, "glow", &email("bea@glow.example"), TokenAccess::Read, YEAR).await;
    assert!(blocked.is_err());
}

// A token belongs to a named admin: nobody else gets one, and who is an admin no more has no use for theirs.
#[tokio::test]
async fn only_an_admin_owns_a_token() {
    let house = House::of(&glow()).await;
    let router = server::router(house.store.clone(), settings());
    let lesser = server::create_token(&house.store, "glow", &email("marcus@glow.example"), TokenAccess::Read, YEAR).await;
    assert!(matches!(lesser, Err(server::TokenError::NotAdmin { .. })));
    role(&house, "marcus@glow.example", "administrator").await;
    let (_, marcus) = token(&house, "marcus@glow.example", TokenAccess::Read, YEAR).await;
    let status = async || call(&router, Method::GET, "/glow/scim/v2/Users", &[("authorization", &marcus)], None).await.status;
    assert_eq!(status().await, 200);
    role(&house, "marcus@glow.example", "front-desk").await;
    assert_eq!(status().await, 403);
    House::on(&plain(), house.store.clone(), house.clock.clone()).await;
    server::create_token(&house.store, "plain", &email("root@plain.example"), TokenAccess::Read, YEAR).await.unwrap();
}

// AR-20: a user who is blocked, demoted or loses the token during a request writes nothing.
#[tokio::test]
async fn authority_lost_before_the_last_byte_is_lost() {
    for (loss, status) in [("nothing", 200), ("block", 401), ("revoke", 401), ("demote", 409)] {
        let house = House::of(&glow()).await;
        let router = server::router(house.store.clone(), settings());
        role(&house, "marcus@glow.example", "administrator").await;
        let (token_id, marcus) = token(&house, "marcus@glow.example", TokenAccess::Write, YEAR).await;
        let (ana, id) = (house.id("ana@glow.example").await, house.id("marcus@glow.example").await);
        let (started, begun) = tokio::sync::oneshot::channel::<()>();
        let (finish, last) = tokio::sync::oneshot::channel::<()>();
        let body = crate::harness::patch(json!([{ "op": "replace", "path": "roles", "value": [{ "value": "front-desk" }] }])).to_string();
        let slow = futures::stream::once(async move {
            started.send(()).unwrap();
            last.await.unwrap();
            Ok::<_, std::io::Error>(body)
        });
        let request = http::Request::builder()
            .method(Method::PATCH)
            .uri(format!("/glow/scim/v2/Users/{ana}"))
            .header("authorization", &marcus)
            .header("content-type", "application/scim+json")
            .body(axum::body::Body::from_stream(slow))
            .unwrap();
        let sent = tokio::spawn(tower::ServiceExt::oneshot(router.clone(), request));
        begun.await.unwrap();
        match loss {
            "block" => {
                let reason = json!({ "reason": "activity-review", "confirmPhone": "+16025550100" });
                house.act(&id, "block", reason).await.expect(200);
            }
            "revoke" => server::revoke_token(&house.store, "glow", &token_id).await.unwrap(),
            "demote" => role(&house, "marcus@glow.example", "front-desk").await,
            _ => {}
        }
        finish.send(()).unwrap();
        let answer = sent.await.unwrap().unwrap();
        assert_eq!(answer.status(), status, "{loss}");
        let role = house.user("ana@glow.example").await["roles"][0]["value"].clone();
        assert_eq!(role == "front-desk", loss == "nothing", "{loss}: {role}");
    }
}

// of a token only its hash is kept.
#[tokio::test]
async fn a_token_is_kept_as_a_hash_and_listed_without_it() {
    let house = House::of(&glow()).await;
    let (id, header) = token(&house, "olivia@glow.example", TokenAccess::Read, YEAR).await;
    let secret = header.trim_start_matches("Bearer ").to_owned();
    assert!(secret.starts_with("rctl_") && secret.len() >= 40);
    let rows = house.store.read(|conn| Box::pin(async move { tokens::all(conn, "glow").await })).await.unwrap();
    assert_eq!(rows.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    assert!(rows[0].expires == NOON + YEAR && !rows[0].access.writes());
    assert!(!format!("{rows:?}{:?}", house.log().await).contains(&secret));
}

// D3: nobody unknown has anything parsed, however malformed.
#[tokio::test]
async fn anonymous_callers_get_401_whatever_they_send() {
    let house = House::of(&glow()).await;
    let router = server::router(house.store.clone(), settings());
    let mut trials = Trials::default();
    let routes = server::api_routes()
        .map(|route| (route.method.clone(), format!("/glow{}", route.path.replace("{id}", "%00").replace(['{', '}'], ""))));
    let others = ["/x", "/", "/glow/scim/v2/Users/%00/actions/block"].map(|path| (Method::POST, path.to_owned()));
    let deep = "[".repeat(100_000).into_bytes();
    for (method, path) in routes.chain(others) {
        for body in [&deep, &b"{".to_vec(), &vec![0xff; 2 * 1024 * 1024]] {
            let answer = raw(&router, method.clone(), &path, &[("content-encoding", "gzip")], body.clone()).await;
            trials.count(answer.status == 401, || format!("{method} {path}: {}", answer.status));
        }
    }
    trials.covered("D3", "malformed, deep and huge bodies without a token, on every endpoint of the interface for programs");
    let filter = format!("/glow/scim/v2/Users?filter={}", "(".repeat(20_000));
    assert_eq!(raw(&router, Method::GET, &filter, &[], Vec::new()).await.status, 401);
}

// D5: read-only attributes cannot be assigned by any route.
#[tokio::test]
async fn nobody_assigns_what_is_the_servers() {
    let house = House::of(&glow()).await;
    let id = house.id("ana@glow.example").await;
    let before = house.user("ana@glow.example").await;
    let read_only = [
        ("id", json!("00000000-0000-7000-8000-000000000000")),
        ("meta", json!({ "version": "W/\"9\"", "created": "2001-01-01T00:00:00Z" })),
        ("displayName", json!("Root")),
    ];
    let practice = [
        ("privileges", json!(["manage-users", "block-user"])),
        ("rolePrivileges", json!(["manage-users"])),
        ("accepted", json!(false)),
        ("mainAdmin", json!(true)),
        ("block", json!({ "blocked": true })),
        ("passcode", json!({ "set": true })),
        ("invitation", json!({ "state": "open" })),
        ("invitedName", json!({ "givenName": "Root" })),
        ("lastLogin", json!("2026-01-01")),
    ];
    let part = |name: &str| format!("{PRACTICE}:{name}");
    let mut trials = Trials::default();
    for (name, value) in read_only.iter().map(|(n, v)| ((*n).to_owned(), v)).chain(practice.iter().map(|(n, v)| (part(n), v))) {
        for op in ["add", "replace"] {
            let answer = house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": op, "path": name, "value": value }])).await;
            assert!(matches!(answer.status, 200 | 400), "{name}: {}", answer.body);
            assert_eq!(house.user("ana@glow.example").await, before, "{op} {name}");
            trials.passed();
        }
        let answer = house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "replace", "value": { name.clone(): value } }])).await;
        assert!(matches!(answer.status, 200 | 400), "{name}: {}", answer.body);
        assert_eq!(house.user("ana@glow.example").await, before, "path-less {name}");
        trials.passed();
    }
    trials.covered("D5", "patches of what is the server's, after which the account was as before");
    let mut whole = before.clone();
    for (name, value) in read_only {
        whole[name] = value;
    }
    for (name, value) in practice {
        whole[PRACTICE][name] = value;
    }
    house.call(Method::PUT, &format!("/scim/v2/Users/{id}"), &[], Some(whole.clone())).await.expect(200);
    assert_eq!(house.user("ana@glow.example").await, before, "PUT");
    whole["userName"] = json!("made@glow.example");
    whole["emails"] = json!([]);
    let made = house.post("/scim/v2/Users", whole).await.expect(201);
    assert_eq!(made["active"], false, "made without an invitation");
    let part = &made[PRACTICE];
    assert_eq!((&part["mainAdmin"], &part["accepted"], &part["block"]["blocked"]), (&json!(false), &json!(false), &json!(false)));
    assert_ne!(made["id"], json!("00000000-0000-7000-8000-000000000000"));
    assert!(!part["privileges"].as_array().unwrap().contains(&json!("manage-users")));
    // A numeric externalId is the client's own word and nothing else.
    let plain = House::of(&plain()).await;
    let numbered = plain.post("/scim/v2/Users", json!({ "schemas": [USER], "userName": "x", "externalId": "1" })).await.expect(201);
    assert_eq!(plain.get("/scim/v2/Users/1").await.status, 404);
    assert_eq!(numbered["externalId"], "1");
}
