//! The life of a user on servers that each have one habit on the wire: everything becomes true, apart from what the plan refused.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use http::{Method, StatusCode};
use rosterctl::apply::{Journal, Options, Quiet, apply, converge};
use rosterctl::directory::{HttpTransport, Reader, ScimDirectory, Server, Transport};
use rosterctl::model::*;
use rosterctl::reconcile::{add_found, approve, diff, doubtful, hidden};
use serde_json::{Map, Value as Json, json};
use tokio::net::TcpListener;

use crate::lives::person;
use crate::lousy_server::{Habits, Lousy, server};
use crate::scim2_server::roster;
use crate::support::{going_on, is_done, options};

/// A habit of a server on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Nothing,
    NamesInCapitals,
    NamesInSmallLetters,
    NumbersAsIds,
    /// Refuses `op: Replace`.
    OperationsInSmallLettersOnly,
    PatchWithoutBody,
    PatchShowsTheOldUser,
    PatchIsAcceptedLater,
    VersionsRequired,
    NoSchemas,
    EmailsAsTexts,
    OneEmailAsMap,
    ActiveAsText,
    RelativeLocations,
    BasePath,
    Chunked,
    Zipped,
    /// Sends every path to the one with a slash at its end.
    Redirects(u16),
    /// Lists nobody inactive, and knows all the same that the login is taken.
    HidesTheInactive,
    PagesFromZero,
    /// Pages of two that say nothing of themselves.
    SmallPages,
    Extensions,
    /// Answers so to every PATCH.
    NoPatch(u16),
    /// Adds to a list where a PATCH replaces it.
    Appends,
}

const HABITS: [Habit; 30] = [
    Habit::Nothing,
    Habit::NamesInCapitals,
    Habit::NamesInSmallLetters,
    Habit::NumbersAsIds,
    Habit::OperationsInSmallLettersOnly,
    Habit::PatchWithoutBody,
    Habit::PatchShowsTheOldUser,
    Habit::PatchIsAcceptedLater,
    Habit::VersionsRequired,
    Habit::NoSchemas,
    Habit::EmailsAsTexts,
    Habit::OneEmailAsMap,
    Habit::ActiveAsText,
    Habit::RelativeLocations,
    Habit::BasePath,
    Habit::Chunked,
    Habit::Zipped,
    Habit::Redirects(307),
    Habit::Redirects(308),
    Habit::HidesTheInactive,
    Habit::PagesFromZero,
    Habit::SmallPages,
    Habit::Extensions,
    Habit::NoPatch(400),
    Habit::NoPatch(404),
    Habit::NoPatch(422),
    Habit::NoPatch(500),
    Habit::NoPatch(501),
    Habit::NoPatch(502),
    Habit::Appends,
];

#[derive(Clone)]
struct Unusual {
    habit: Habit,
    lousy: Lousy,
    /// Says whether an answer showed the habit.
    met: Arc<AtomicBool>,
}

/// The names that such a server knows in any case.
const NAMES: [&str; 15] = [
    "schemas",
    "id",
    "meta",
    "userName",
    "name",
    "givenName",
    "familyName",
    "title",
    "active",
    "emails",
    "phoneNumbers",
    "value",
    "type",
    "primary",
    "display",
];

type Asked = http::Request<Bytes>;
type Said = http::Response<Bytes>;

fn said(status: u16, body: impl Into<Bytes>) -> Said {
    http::Response::builder().status(status).header("content-type", "application/scim+json").body(body.into()).unwrap()
}

impl Unusual {
    /// Listens, and returns the base address.
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let path = if self.habit == Habit::BasePath { "/tenants/7%20b/scim/v2" } else { "/v2" };
        let base = format!("http://{}{path}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        base
    }

    /// The answer to a request that gets no other one.
    fn instead(&self, asked: &Asked) -> Option<Said> {
        let path = asked.uri().path();
        let body: Json = serde_json::from_slice(asked.body()).unwrap_or_default();
        let is_capital = |op: &Json| op["op"].as_str().is_some_and(|op| op.chars().any(char::is_uppercase));
        if let Habit::Redirects(status) = self.habit
            && !path.ends_with('/')
        {
            let query = asked.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            let mut answer = said(status, "");
            answer.headers_mut().insert("location", format!("{path}/{query}").parse().unwrap());
            return Some(answer);
        }
        let has_capitals = body["Operations"].as_array().is_some_and(|all| all.iter().any(is_capital));
        if self.habit == Habit::OperationsInSmallLettersOnly && has_capitals {
            return Some(said(400, r#"{"status":"400","scimType":"invalidSyntax"}"#));
        }
        if let (Habit::NoPatch(status), true) = (self.habit, *asked.method() == Method::PATCH) {
            return Some(said(status, format!(r#"{{"status":"{status}"}}"#)));
        }
        let lacks_version = is_change(asked) && !asked.headers().contains_key("if-match");
        (self.habit == Habit::VersionsRequired && lacks_version).then(|| said(428, r#"{"status":"428"}"#))
    }

    /// Returns whether a request and its answer show the habit; `usual` is the answer of a server without it, as far as that is known.
    fn is_met(&self, asked: &Asked, usual: &Said, answer: &Said) -> bool {
        let body: Json = serde_json::from_slice(answer.body()).unwrap_or_default();
        let is_changed = is_change(asked) && answer.status().is_success();
        let listed = |body: &Json| body["Resources"].as_array().map(Vec::len);
        match self.habit {
            Habit::Nothing => true,
            Habit::NamesInCapitals
            | Habit::NamesInSmallLetters
            | Habit::NoSchemas
            | Habit::EmailsAsTexts
            | Habit::OneEmailAsMap
            | Habit::ActiveAsText
            | Habit::RelativeLocations
            | Habit::Extensions => usual.body() != answer.body(),
            Habit::NumbersAsIds => body["id"].is_number() || body["Resources"][0]["id"].is_number(),
            Habit::OperationsInSmallLettersOnly => asked.method() == Method::PATCH,
            Habit::PatchWithoutBody => is_changed && answer.body().is_empty(),
            Habit::PatchShowsTheOldUser => is_changed && usual.body() != answer.body(),
            Habit::PatchIsAcceptedLater => answer.status() == StatusCode::ACCEPTED,
            Habit::VersionsRequired => answer.status() == StatusCode::PRECONDITION_REQUIRED || is_changed,
            Habit::BasePath => asked.uri().path().starts_with("/tenants/"),
            Habit::Chunked | Habit::Zipped => !answer.body().is_empty(),
            Habit::Redirects(status) => answer.status() == status,
            Habit::HidesTheInactive => {
                let users = &self.lousy.lock().users;
                let active = users.iter().filter(|user| user["active"] != false).count();
                active < users.len() && body["totalResults"] == active
            }
            Habit::NoPatch(status) => *asked.method() == Method::PATCH && answer.status() == status,
            Habit::Appends => {
                let sent: Json = serde_json::from_slice(asked.body()).unwrap_or_default();
                let operations = sent["Operations"].as_array().into_iter().flatten();
                let mut phones =
                    operations.filter(|operation| operation["path"] == "phoneNumbers").filter_map(|one| one["value"].as_array());
                let stored = body["phoneNumbers"].as_array().map_or(0, Vec::len);
                is_changed && phones.next_back().is_some_and(|phones| phones.len() < stored)
            }
            Habit::PagesFromZero | Habit::SmallPages => listed(&body).is_some_and(|shown| shown == 2 && self.lousy.lock().users.len() > 2),
        }
    }

    /// The request as a usual server would get it.
    fn usual(&self, asked: &mut Asked) {
        let mut path = asked.uri().path().replace("/tenants/7%20b/scim", "");
        if let Habit::Redirects(_) = self.habit {
            path = path.trim_end_matches('/').to_owned();
        }
        let query = asked.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        *asked.uri_mut() = format!("{path}{query}").parse().unwrap();
        if [Habit::NamesInCapitals, Habit::NamesInSmallLetters].contains(&self.habit)
            && let Ok(mut body) = serde_json::from_slice::<Json>(asked.body())
        {
            rename(&mut body, &|name| NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)).map_or(name, |known| known).to_owned());
            *asked.body_mut() = body.to_string().into();
        }
    }

    /// The answer in this server's form.
    fn unusual(&self, asked: &Asked, old: Option<Said>, mut answer: Said) -> Said {
        let is_changed = is_change(asked) && answer.status().is_success();
        if let (true, Some(old)) = (is_changed, old) {
            return old;
        }
        if is_changed && self.habit == Habit::PatchIsAcceptedLater {
            return said(202, "");
        }
        if self.habit == Habit::RelativeLocations && answer.status() == StatusCode::CREATED {
            let user: Json = serde_json::from_slice(answer.body()).unwrap();
            *answer.body_mut() = Bytes::new();
            answer.headers_mut().insert("location", format!("Users/{}", user["id"].as_str().unwrap()).parse().unwrap());
            return answer;
        }
        let Ok(mut json) = serde_json::from_slice::<Json>(answer.body()) else { return answer };
        match json.get_mut("Resources").and_then(Json::as_array_mut) {
            Some(users) => users.iter_mut().for_each(|user| self.rewrite(user)),
            None => self.rewrite(&mut json),
        }
        if self.habit == Habit::NamesInCapitals {
            rename(&mut json, &str::to_uppercase);
        }
        if self.habit == Habit::NamesInSmallLetters {
            rename(&mut json, &str::to_lowercase);
        }
        if let (Habit::NoSchemas, Some(members)) = (self.habit, json.as_object_mut()) {
            members.shift_remove("schemas");
        }
        *answer.body_mut() = json.to_string().into();
        answer
    }

    fn rewrite(&self, user: &mut Json) {
        let Some(user) = user.as_object_mut().filter(|user| user.contains_key("userName")) else { return };
        let is = |habit: Habit| self.habit == habit;
        if is(Habit::NoSchemas) {
            user.shift_remove("schemas");
        }
        if is(Habit::EmailsAsTexts) {
            for email in user.get_mut("emails").and_then(Json::as_array_mut).into_iter().flatten().filter(|email| email.is_object()) {
                *email = email["value"].clone();
            }
        }
        if let (true, Some(one)) = (is(Habit::OneEmailAsMap), user.get("emails").and_then(|emails| emails.get(0)).cloned()) {
            user.insert("emails".to_owned(), one);
        }
        if is(Habit::ActiveAsText) {
            let active = if user["active"] == true { "True" } else { "False" };
            user.insert("active".to_owned(), json!(active));
        }
        if is(Habit::RelativeLocations) {
            let location = format!("Users/{}", user["id"].as_str().unwrap());
            user.entry("meta").or_insert_with(|| json!({}))["location"] = json!(location);
        }
        if is(Habit::Extensions) {
            user.insert("members".to_owned(), json!([{ "value": "g1", "members": [null] }]));
            user.insert("urn:example:team".to_owned(), json!({ "members": { "active": false }, "userName": "x" }));
            user.insert("groups".to_owned(), json!([{ "value": "g1", "$ref": "../Groups/g1" }]));
        }
    }
}

/// Returns whether a request changes somebody.
fn is_change(asked: &Asked) -> bool {
    [Method::PATCH, Method::PUT].contains(asked.method())
}

/// Renames every member.
fn rename(json: &mut Json, to: &impl Fn(&str) -> String) {
    match json {
        Json::Object(members) => {
            let renamed: Map<String, Json> = std::mem::take(members)
                .into_iter()
                .map(|(name, mut value)| {
                    rename(&mut value, to);
                    (to(&name), value)
                })
                .collect();
            *members = renamed;
        }
        Json::Array(all) => all.iter_mut().for_each(|one| rename(one, to)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

async fn answer(State(server): State<Unusual>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let mut asked = Asked::from_parts(head, axum::body::to_bytes(body, 1 << 20).await.unwrap());
    let arrived = asked.clone();
    let (usual, answer) = if let Some(answer) = server.instead(&asked) {
        (answer.clone(), answer)
    } else {
        server.usual(&mut asked);
        let lousy = server.lousy.transport();
        let old = if server.habit == Habit::PatchShowsTheOldUser && is_change(&asked) {
            lousy.send(http::Request::get(asked.uri().clone()).body(Bytes::new()).unwrap()).await.ok()
        } else {
            None
        };
        let answer = lousy.send(asked.clone()).await.unwrap();
        (answer.clone(), server.unusual(&asked, old, answer))
    };
    if !server.met.load(Ordering::Relaxed) {
        server.met.store(server.is_met(&arrived, &usual, &answer), Ordering::Relaxed);
    }
    let (mut head, body) = answer.into_parts();
    head.headers.remove("content-length");
    let mut sent = Body::from(body.clone());
    if server.habit == Habit::Chunked {
        let chunks: Vec<io::Result<Bytes>> = body.chunks(7).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
        sent = Body::from_stream(futures::stream::iter(chunks));
    }
    if server.habit == Habit::Zipped && !body.is_empty() {
        head.headers.insert("content-encoding", "gzip".parse().unwrap());
        sent = Body::from(zipped(&body));
    }
    Response::from_parts(head, sent)
}

/// A text in gzip's form, in blocks that are stored as they are (RFC 1951 section 3.2.4, RFC 1952).
fn zipped(text: &[u8]) -> Vec<u8> {
    let mut all = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks: Vec<&[u8]> = text.chunks(60_000).collect();
    for (n, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        all.push(u8::from(n + 1 == blocks.len()));
        all.extend(length.to_le_bytes());
        all.extend((!length).to_le_bytes());
        all.extend(*block);
    }
    let crc = text.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    all.extend((!crc).to_le_bytes());
    all.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    all
}

/// Plans as the command does, applies, reads again, and plans once more.
async fn step(habit: Habit, base: &str, what: &str, desired: &Desired) {
    let transport = HttpTransport::new(&base.parse().unwrap(), &Secret::new("t".to_owned())).unwrap();
    let server = Server { base: base.parse().unwrap(), ..server() };
    let directory = ScimDirectory::connect(transport, server).await.unwrap_or_else(|why| panic!("{habit:?}: {why}")).for_roster(desired);
    let mut actual = directory.read().await.unwrap_or_else(|why| panic!("{habit:?}, {what}: {why}"));
    let ids = hidden(&diff(desired, &actual), &actual);
    directory.read_alone(&mut actual.accounts, &ids).await;
    let found = directory.look_up(&doubtful(desired, &diff(desired, &actual), &actual)).await.unwrap();
    add_found(&mut actual, found);
    let plan = diff(desired, &actual);
    assert!(plan.refusals.is_empty(), "{habit:?}, {what}: {:?}", plan.refusals);
    let approved = approve(plan, &actual, desired).unwrap_or_else(|stopped| panic!("{habit:?}, {what}: {:?}", stopped.stops));
    let options = Options { sleep: Box::new(|_| Box::pin(async {})), ..options(&approved) };
    let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    converge(&mut receipt, &directory, &options, |fresh| diff(desired, fresh)).await.unwrap();
    // A8
    assert!(receipt.records.iter().all(|record| record.attempts <= 5), "{habit:?}, {what}: {:?}", receipt.records);
    let not_done: Vec<&OpRecord> = receipt.records.iter().filter(|record| !is_done(record)).collect();
    assert!(not_done.is_empty() && receipt.converged, "{habit:?}, {what}: {not_done:?} {:?}", receipt.left);
}

/// Says whether a server has versions, and PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offers {
    Everything,
    NoVersions,
    NoPatch,
}

/// Returns whether the habit was met.
async fn life(habit: Habit, offers: Offers) -> bool {
    let habits = Habits {
        no_versions: offers == Offers::NoVersions,
        no_patch: offers == Offers::NoPatch,
        counts_from_zero: habit == Habit::PagesFromZero,
        numbers_as_ids: habit == Habit::NumbersAsIds,
        no_body_after_writes: habit == Habit::PatchWithoutBody,
        lists_no_inactive: habit == Habit::HidesTheInactive,
        appends: habit == Habit::Appends,
        page_of_at_most: [Habit::SmallPages, Habit::PagesFromZero].contains(&habit).then_some(2),
        ..Habits::default()
    };
    let unusual = Unusual { habit, lousy: Lousy::with(5, habits), met: Arc::default() };
    let base = unusual.listen().await;
    let stays = || (0..4).map(|n| person(&format!("user{n:03}@glow.example"), "Ana", "Ruiz", "MD", &[]));
    let ann = |title| person("ann@glow.example", "Ann", "Old", title, &["+16025550100"]);
    let bob = |phones: &[&str]| person("bob@glow.example", "Bob", "Ruiz", "RN", phones);
    let cyd = |status| DesiredUser { status, ..person("cyd@glow.example", "Cyd", "Lee", "MD", &[]) };
    let mut new = person("new@glow.example", "Ann", "Married", "RN", &["+16025550100", "+16025550109"]);
    new.formerly = vec!["ann@glow.example".parse().unwrap()];
    let two = ["+16025550110", "+16025550111"];
    let (active, inactive) = (Status::Active, Status::Inactive);
    for (what, manage, people) in [
        ("create", Manage::Additive, vec![ann("MD"), bob(&two), cyd(active)]),
        ("change", Manage::Additive, vec![ann("RN"), bob(&two), cyd(active)]),
        ("rename", Manage::Additive, vec![new.clone(), bob(&two), cyd(active)]),
        ("phones", Manage::Additive, vec![new.clone(), bob(&[two[1], "+16025550112"]), cyd(active)]),
        ("inactivate", Manage::Additive, vec![new.clone(), bob(&[two[1]]), cyd(inactive)]),
        ("reactivate", Manage::Additive, vec![new.clone(), bob(&[two[1]]), cyd(active)]),
        ("remove", Manage::Exact, vec![new.clone(), cyd(active)]),
        ("come back", Manage::Exact, vec![new.clone(), cyd(active), bob(&[two[1]])]),
    ] {
        step(habit, &base, what, &Desired { manage, ..roster(stays().chain(people)) }).await;
    }
    let stored = |name: &str| unusual.lousy.user(name).unwrap_or_else(|| panic!("{habit:?} {offers:?}: {name}"));
    let ann = stored("new@glow.example");
    assert_eq!((&ann["name"], &ann["title"]), (&json!({ "givenName": "Ann", "familyName": "Married" }), &json!("RN")), "{habit:?}");
    assert!(ann["emails"].to_string().contains("new@") && !ann["emails"].to_string().contains("ann@"), "{habit:?}: {ann:?}");
    assert!(ann["phoneNumbers"].as_array().unwrap().len() == 2 && stored("bob@glow.example")["phoneNumbers"][0]["value"] == two[1]);
    let active = |name: &str| stored(name)["active"] == true;
    let states = ["new@glow.example", "bob@glow.example", "cyd@glow.example", "user000@glow.example", "user004@glow.example"].map(active);
    assert_eq!(states, [true, true, true, true, false], "{habit:?}");
    assert_eq!(unusual.lousy.lock().users.len(), 8, "{habit:?}: nobody twice");
    unusual.met.load(Ordering::Relaxed)
}

// A17; rules 4, 5 and 7 of the core
#[tokio::test]
async fn a_whole_life_becomes_true_whatever_habit_a_server_has_on_the_wire() {
    let offers = [Offers::Everything, Offers::NoVersions, Offers::NoPatch];
    let all = HABITS.into_iter().flat_map(|habit| offers.map(|offers| (habit, offers)));
    let all = all.filter(|life| *life != (Habit::VersionsRequired, Offers::NoVersions));
    // A few at a time, so that each request gets its answer in time on a busy machine, too.
    let lives = all.map(|(habit, offers)| async move { ((habit, offers), tokio::spawn(life(habit, offers)).await) });
    let ends: Vec<_> = futures::stream::iter(lives).buffered(4).collect().await;
    let (mut failed, mut met) = (Vec::new(), Vec::new());
    for (life, end) in ends {
        match end {
            Ok(is_met) => met.extend(is_met.then_some(life.0)),
            Err(_) => failed.push(life),
        }
    }
    assert_eq!(failed, [], "each says above what was not true");
    let unmet: Vec<Habit> = HABITS.into_iter().filter(|habit| !met.contains(habit)).collect();
    assert_eq!(unmet, [], "no answer showed these habits");
}
