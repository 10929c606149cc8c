//! Whatever is sent, somebody is left who can manage users (B1, B3).

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::body::Body;
use futures::channel::oneshot;
use futures::stream;
use http::{Method, Request};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};

use crate::harness::{House, PRACTICE, bright, email, glow, lakeside, patch, pending, start};
use crate::soak::{Trials, rounds};
use rosterctl::model::Desired;

/// Sequences per platform, fifty on the same workspace; each is that many requests.
const SEQUENCES: usize = 3400;
const REQUESTS: usize = 3;

/// Those who are accepted, active, unblocked, and hold the privilege.
async fn usable(house: &House, privilege: &str) -> Vec<String> {
    let users = house.get("/scim/v2/Users").await.expect(200);
    let holds = |user: &&Value| {
        let part = &user[PRACTICE];
        user["active"] == true
            && part["accepted"] == true
            && part["block"]["blocked"] != true
            && part["privileges"].as_array().is_some_and(|p| p.iter().any(|name| name == privilege))
    };
    users["Resources"].as_array().unwrap().iter().filter(holds).map(|user| user["userName"].as_str().unwrap().to_owned()).collect()
}

async fn random_request(house: &House, rng: &mut SmallRng, users: &[String], roles: &[(String, String)], privilege: &str) {
    let who = &users[rng.random_range(0..users.len())];
    let path = format!("/scim/v2/Users/{who}");
    let role = &roles[rng.random_range(0..roles.len())];
    match rng.random_range(0..9) {
        0 | 1 => house.patch(&path, json!([{ "op": "replace", "path": "active", "value": rng.random_bool(0.3) }])).await,
        2 => house.act(who, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await,
        3 => house.act(who, "unblock", json!({})).await,
        4 | 5 => house.patch(&path, json!([{ "op": "replace", "path": "roles", "value": [{ "value": role.0 }] }])).await,
        6 => {
            let change = if rng.random_bool(0.5) { "revoke" } else { "grant" };
            let path_of = format!("{PRACTICE}:privilegeChanges");
            house.patch(&path, json!([{ "op": "replace", "path": path_of, "value": { change: [privilege] } }])).await
        }
        7 => {
            let op = if rng.random_bool(0.7) { "remove" } else { "add" };
            let path_of = if op == "remove" { format!("privileges[value eq \"{privilege}\"]") } else { "privileges".to_owned() };
            let operation = json!([{ "op": op, "path": path_of, "value": [privilege] }]);
            house.patch(&format!("/scim/v2/Roles/{}", role.1), operation).await
        }
        _ => {
            let user = house.get(&path).await.body;
            let mut whole = user.clone();
            whole["active"] = json!(rng.random_bool(0.5));
            whole["roles"] = json!([{ "value": role.0 }]);
            house.call(http::Method::PUT, &path, &[], Some(whole)).await
        }
    };
}

async fn sequences(desired: &Desired, privilege: &str, seed: u64, all: usize) -> (Trials, usize) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let (mut trials, mut done) = (Trials::default(), 0);
    let mut house = House::of(desired).await;
    let mut callers: BTreeMap<String, House> = BTreeMap::new();
    let listed = async |house: &House, path: &str, key: &str| -> Vec<(String, String)> {
        let list = house.get(path).await.body;
        let all = list["Resources"].as_array().unwrap().iter();
        all.map(|r| (r[key].as_str().unwrap().to_owned(), r["id"].as_str().unwrap().to_owned())).collect()
    };
    // Ids are derived from the seed, so they are those of every workspace made alike.
    let users: Vec<String> = listed(&house, "/scim/v2/Users", "userName").await.into_iter().map(|(_, id)| id).collect();
    let roles = listed(&house, "/scim/v2/Roles", "value").await;
    let mut acting = Vec::new();
    for sequence in 0..all {
        if sequence % 50 == 0 {
            house = House::of(desired).await;
            callers.clear();
            acting = usable(&house, privilege).await;
        }
        let name = &acting[rng.random_range(0..acting.len())];
        let caller = callers.entry(name.clone()).or_insert_with(|| house.as_admin(name));
        for _ in 0..REQUESTS {
            random_request(caller, &mut rng, &users, &roles, privilege).await;
            done += 1;
        }
        acting = usable(&house, privilege).await;
        trials.count(!acting.is_empty(), || format!("{} seed {seed} sequence {sequence}: nobody is left", desired.workspace));
        if acting.is_empty() {
            break;
        }
    }
    (trials, done)
}

// B1: more than 10,000 sequences over the three platforms, each begun by a random administrator.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_random_sequence_of_requests_leaves_a_workspace_without_an_administrator() {
    let runs = [(glow(), "manage-users"), (bright(), "manage-logins"), (lakeside(), "Settings/User Management")];
    let all = rounds("B1", SEQUENCES);
    let runs = runs.map(|(desired, privilege)| tokio::spawn(async move { sequences(&desired, privilege, 11, all).await }));
    let (mut trials, mut requests) = (Trials::default(), 0);
    for run in runs {
        let (tried, done) = run.await.unwrap();
        trials.add(tried);
        requests += done;
    }
    let what = format!("sequences of requests ({requests} in all) by random administrators, after each of which somebody can manage users");
    trials.measured("B1", &what);
}

// B3, AR-20: nobody takes their own access, and nobody the main admin's.
#[tokio::test]
async fn nobody_locks_themselves_out_and_nobody_touches_the_main_admin() {
    let house = House::of(&bright()).await;
    let (dana, omar) = (house.id("dana@bright.example").await, house.id("omar@bright.example").await);
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    let demote = json!([{ "op": "replace", "path": "roles", "value": [{ "value": "hygienist" }] }]);
    let refused = house.patch(&format!("/scim/v2/Users/{dana}"), off.clone()).await;
    assert_eq!(refused.status, 403);
    let said = refused.body["detail"].as_str().unwrap();
    assert!(
        said.contains("the main admin cannot be inactivated: hand over the main admin role first") && !said.contains("AR-"),
        "no other vendor's requirement: {said}"
    );
    let other = house.as_admin("omar@bright.example");
    assert_eq!(other.patch(&format!("/scim/v2/Users/{dana}"), off).await.status, 403, "the main admin");
    assert_eq!(other.patch(&format!("/scim/v2/Users/{omar}"), demote.clone()).await.status, 403, "oneself");
    let roles = house.get("/scim/v2/Roles").await.body;
    let own = roles["Resources"].as_array().unwrap().iter().find(|r| r["value"] == "office-administrator").unwrap()["id"].as_str().unwrap();
    let strip = json!([{ "op": "replace", "path": "privileges", "value": ["general"] }]);
    assert_eq!(other.patch(&format!("/scim/v2/Roles/{own}"), strip).await.status, 403, "the own role");
    assert_eq!(other.patch(&format!("/scim/v2/Users/{dana}"), demote.clone()).await.status, 403, "the main admin, by somebody else");
}

/// Rounds of the race; each is two administrators against each other.
const ROUNDS: usize = 300;

// B2, AR-20: one comes first, and the other has lost the authority, whether before the gate or after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_administrators_who_demote_each_other_at_once_leave_one() {
    let demote = || json!([{ "op": "replace", "path": "roles", "value": [{ "value": "hygienist" }] }]);
    let mut trials = Trials::default();
    for round in 0..rounds("B2", ROUNDS) {
        let house = House::of(&bright()).await;
        let (omar, hugo) = (house.id("omar@bright.example").await, house.id("hugo@bright.example").await);
        let promote = json!([{ "op": "replace", "path": "roles", "value": [{ "value": "office-administrator" }] }]);
        house.patch(&format!("/scim/v2/Users/{hugo}"), promote).await.expect(200);
        let (one, two) = (house.as_admin("hugo@bright.example").router, house.as_admin("omar@bright.example").router);
        let send = |router: axum::Router, id: String| {
            let path = format!("/bright/scim/v2/Users/{id}");
            let body = crate::harness::patch(demote());
            tokio::spawn(async move { crate::harness::call(&router, http::Method::PATCH, &path, &[], Some(body)).await.status })
        };
        let (first, second) = (send(one, omar), send(two, hugo));
        let mut answers = [first.await.unwrap(), second.await.unwrap()];
        answers.sort_unstable();
        // The main admin and one of the two.
        let left = usable(&house, "manage-logins").await;
        trials.count(answers == [200, 403] && left.len() == 2, || format!("round {round}: {answers:?} {left:?}"));
    }
    trials.measured("B2", "races of two administrators who demote each other, after each of which one is left");
}

const OMAR: &str = "omar@bright.example";
const HUGO: &str = "hugo@bright.example";

/// Two administrators demote each other. The server knows the caller of one request while its body has not arrived yet, carries the other one
/// out, and then gets that body. Returns both answers, the late one first.
async fn demoted_during_a_request(house: &House) -> [u16; 2] {
    let role = |role: &str| json!([{ "op": "replace", "path": "roles", "value": [{ "value": role }] }]);
    let (by_omar, by_hugo) = (house.as_admin(OMAR), house.as_admin(HUGO));
    let path = async |who: &str| format!("/scim/v2/Users/{}", by_omar.id(who).await);
    let (omar, hugo) = (path(OMAR).await, path(HUGO).await);
    by_omar.patch(&hugo, role("office-administrator")).await.expect(200);
    let ((is_known, known), (arrives, arrival)) = (oneshot::channel(), oneshot::channel::<()>());
    let text = patch(role("hygienist")).to_string();
    let body = stream::once(async move {
        is_known.send(()).unwrap();
        arrival.await.unwrap();
        Ok::<_, Infallible>(text)
    });
    let request = Request::builder().method(Method::PATCH).uri(format!("/{}{omar}", house.name));
    let request = request.header("content-type", "application/scim+json").body(Body::from_stream(body)).unwrap();
    let late = tokio::spawn(tower::ServiceExt::oneshot(by_hugo.router, request));
    known.await.unwrap();
    let other = by_omar.patch(&hugo, role("hygienist")).await.status;
    arrives.send(()).unwrap();
    [late.await.unwrap().unwrap().status().as_u16(), other]
}

// AR-20: the right counts when the change is stored, and not when its request began.
#[tokio::test]
async fn an_administrator_who_loses_the_right_during_a_request_takes_it_from_nobody() {
    let house = House::of(&bright()).await;
    assert_eq!(demoted_during_a_request(&house).await, [403, 200]);
    assert_eq!(usable(&house, "manage-logins").await, ["dana@bright.example", OMAR]);
}

// B2: where the main admin has not accepted yet, nobody else is left. Two rules protect the last one, and each is enough: a caller who lost the
// right does nothing, and no change leaves a workspace without an administrator.
#[tokio::test]
async fn two_administrators_who_demote_each_other_leave_one_where_the_main_admin_is_pending() {
    let mut bright = bright();
    start(&mut bright).accounts.get_mut(&email("dana@bright.example")).unwrap().state = pending();
    let house = House::of(&bright).await;
    demoted_during_a_request(&house).await;
    assert_eq!(usable(&house.as_admin(OMAR), "manage-logins").await, [OMAR]);
}
