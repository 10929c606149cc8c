//! Whatever is sent, somebody is left who can manage users (B1, B3).

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::body::Body;
use futures::channel::oneshot;
use futures::stream;
use http::{Method, Request, StatusCode};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use rosterctl::model::Desired;
use rosterctl::server::{move_main_admin, set_up_link};
use rosterctl::store::members::links::{self, LinkKind};
use rosterctl::store::members::logins;
use rosterctl::store::{StoreError, accounts};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::browser::{Browser, mail};
use crate::harness::{House, PRACTICE, bright, call, email, glow, lakeside, patch, pending, start};
use crate::pages::{OTHER_WORDS, WORDS};
use crate::soak::{Rounds, Trials, rounds};

/// Sequences per platform, fifty on the same workspace; each is that many requests.
const SEQUENCES: usize = 3400;
const REQUESTS: usize = 3;
const CODE_WORD: &str = "maple-cedar-7";

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

/// The forms that members send on their pages, and the set-up links of the operator.
struct Forms {
    /// A browser of each member whose password is known here, with that password.
    members: BTreeMap<String, (Browser, String)>,
    /// The number of passwords that were chosen.
    chosen: usize,
    /// The number of forms that changed something.
    done: usize,
}

impl Forms {
    async fn begin(house: &House) -> Self {
        // From the start there is nobody with a password: the main admin has a set-up link.
        set_up_link(&house.store, &house.name, None).await.unwrap();
        Self { members: BTreeMap::new(), chosen: 0, done: 0 }
    }

    fn new_password(&mut self) -> String {
        self.chosen += 1;
        format!("{WORDS} {}", self.chosen)
    }

    async fn random(&mut self, house: &House, rng: &mut SmallRng, logins: &[String]) {
        let (name, who) = (&house.name, &logins[rng.random_range(0..logins.len())]);
        let path = |page: &str| format!("/{name}/{page}");
        match rng.random_range(0..7) {
            0 | 1 => {
                let (link, who) = set_up_link(&house.store, name, None).await.unwrap();
                if rng.random_bool(0.7) {
                    let (mut browser, password) = (Browser::new(house), self.new_password());
                    let page = browser.post_once(link.expose(), &[("new-password", &password)]).await;
                    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
                    self.members.insert(who, (browser, password));
                    self.done += 1;
                }
            }
            2 => {
                Browser::new(house).post_once(&path("reset"), &[("email", who)]).await;
                let sent = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset");
                if let Some((_, _, token)) = sent {
                    let password = self.new_password();
                    let form = [("new-password", password.as_str()), ("code-word", CODE_WORD)];
                    let page = Browser::new(house).post_once(&path(&format!("reset/{token}")), &form).await;
                    if page.status == StatusCode::OK {
                        self.members.insert(who.clone(), (Browser::new(house), password));
                        self.done += 1;
                    }
                }
            }
            3 => {
                let new = self.new_password();
                let Some((browser, password)) = self.members.get_mut(who) else { return };
                browser.post(&path("sign-in"), &[("email", who), ("password", password)]).await;
                let form = [("password", password.as_str()), ("new-password", new.as_str())];
                if browser.post_once(&path("password"), &form).await.status == StatusCode::SEE_OTHER {
                    *password = new;
                    self.done += 1;
                }
            }
            4 => {
                let main = main_admin(house).await;
                let theirs = self.members.get(who).map(|(_, password)| password.clone());
                let Some(theirs) = theirs.filter(|_| *who != main) else { return };
                let Some((browser, password)) = self.members.get_mut(&main) else { return };
                browser.post(&path("sign-in"), &[("email", &main), ("password", password)]).await;
                browser.post(&path("main-admin"), &[("email", who), ("password", password)]).await;
                let Some((_, _, token)) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "main-admin-offered") else {
                    return;
                };
                let taken = Browser::new(house).post_once(&path(&format!("main-admin/{token}")), &[("password", &theirs)]).await;
                self.done += usize::from(taken.status == StatusCode::OK);
            }
            5 => {
                for _ in 0..3 {
                    Browser::new(house).sign_in(house, who, OTHER_WORDS).await;
                }
            }
            // The operator gives the role away, and gets a link for the new main admin at once.
            _ => {
                if move_main_admin(&house.store, name, &email(who), Ok(None), None).await.is_ok() {
                    set_up_link(&house.store, name, None).await.unwrap();
                    self.done += 1;
                }
            }
        }
    }
}

/// The login of the main admin.
async fn main_admin(house: &House) -> String {
    let name = house.name.clone();
    let read = house.store.read(move |conn| Box::pin(async move { accounts::main_admin(conn, &name).await }));
    read.await.unwrap().expect("a main admin").user_name
}

/// Of those who can manage users, the ones who can come in: with a password, or with a set-up link that is open.
async fn with_credential(house: &House, usable: &[String]) -> Vec<String> {
    let (name, usable, now) = (house.name.clone(), usable.to_vec(), house.store.now());
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let open = links::open_of_kind(conn, &name, LinkKind::SetUp, now).await?;
            let mut found = Vec::new();
            for who in usable {
                let account = accounts::find_by_user_name(conn, &name, &who).await?.expect("an account");
                let login = logins::of_account(conn, &name, &account.id).await?;
                if open.contains(&account.id) || login.is_some_and(|login| login.password_hash.is_some()) {
                    found.push(who);
                }
            }
            Ok::<_, StoreError>(found)
        })
    });
    read.await.unwrap()
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

/// The tries with the workspaces of a platform.
#[derive(Default)]
struct Tried {
    trials: Trials,
    requests: usize,
    forms: usize,
}

async fn sequences(desired: &Desired, privilege: &str, seed: u64, all: Rounds) -> Tried {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut tried = Tried::default();
    let mut house = House::of(desired).await;
    let mut forms = Forms::begin(&house).await;
    let mut callers: BTreeMap<String, House> = BTreeMap::new();
    let listed = async |house: &House, path: &str, key: &str| -> Vec<(String, String)> {
        let list = house.get(path).await.body;
        let all = list["Resources"].as_array().unwrap().iter();
        all.map(|r| (r[key].as_str().unwrap().to_owned(), r["id"].as_str().unwrap().to_owned())).collect()
    };
    // Ids are derived from the seed, so they are those of every workspace made alike.
    let (logins, users): (Vec<String>, Vec<String>) = listed(&house, "/scim/v2/Users", "userName").await.into_iter().unzip();
    let roles = listed(&house, "/scim/v2/Roles", "value").await;
    let mut acting = Vec::new();
    for sequence in all.each() {
        if sequence % 50 == 0 {
            tried.forms += forms.done;
            house = House::of(desired).await;
            if desired.platform.0 == "practice-by-numbers" {
                house.post("/api/v1/code-word", json!({ "codeWord": CODE_WORD })).await.expect(200);
            }
            forms = Forms::begin(&house).await;
            callers.clear();
            acting = usable(&house, privilege).await;
        }
        let name = &acting[rng.random_range(0..acting.len())];
        let caller = callers.entry(name.clone()).or_insert_with(|| house.as_admin(name));
        for _ in 0..REQUESTS {
            if rng.random_bool(0.1) {
                forms.random(&house, &mut rng, &logins).await;
            } else {
                random_request(caller, &mut rng, &users, &roles, privilege).await;
            }
            tried.requests += 1;
        }
        // The main admin of the start may be out by now.
        let main = main_admin(&house).await;
        acting = usable(callers.entry(main.clone()).or_insert_with(|| house.as_admin(&main)), privilege).await;
        let left = with_credential(&house, &acting).await;
        tried.trials.count(!left.is_empty(), || format!("{} seed {seed} sequence {sequence}: of {acting:?}, nobody", desired.workspace));
        if left.is_empty() {
            break;
        }
    }
    tried.forms += forms.done;
    tried
}

// B1: more than 10,000 sequences over the three platforms, each begun by a random administrator.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_random_sequence_of_requests_leaves_a_workspace_without_an_administrator() {
    let runs = [(glow(), "manage-users"), (bright(), "manage-logins"), (lakeside(), "Settings/User Management")];
    let all = rounds("B1", SEQUENCES, 333_400);
    let runs = runs.map(|(desired, privilege)| tokio::spawn(async move { sequences(&desired, privilege, 11, all).await }));
    let (mut trials, mut requests) = (Trials::default(), 0);
    for run in runs {
        let tried = run.await.unwrap();
        assert!(tried.forms * 100 >= tried.requests, "B1 is void: only {} forms did something", tried.forms);
        trials.add(tried.trials);
        requests += tried.requests;
    }
    let what = format!(
        "sequences of requests and forms ({requests} in all) by random administrators and members, after each of which somebody can come in who manages users"
    );
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

/// Rounds of each race; each is two administrators against each other.
const ROUNDS: usize = 60;

/// The ways in which an administrator takes the other one's authority.
#[derive(Clone, Copy, Debug)]
enum Attack {
    Demote,
    Inactivate,
    Block,
    /// The operator gives the main admin role to the other one, whom somebody inactivates.
    Transfer,
}

/// Sends what one of them does against another, as the account that calls.
fn attack(house: &House, by: &str, id: &str, attack: Attack) -> JoinHandle<u16> {
    let (router, store) = (house.as_admin(by).router, house.store.clone());
    let (user, who) = (format!("/{}/scim/v2/Users/{id}", house.name), email(MARCUS));
    let phone = if by == MARCUS { "+16025550101" } else { "+16025550102" };
    tokio::spawn(async move {
        let change = |path: &str, value: Value| patch(json!([{ "op": "replace", "path": path, "value": value }]));
        let (method, path, body) = match attack {
            Attack::Demote => (Method::PATCH, user, change("roles", json!([{ "value": "front-desk" }]))),
            Attack::Inactivate => (Method::PATCH, user, change("active", json!(false))),
            Attack::Block => (Method::POST, user + "/actions/block", json!({ "reason": "activity-review", "confirmPhone": phone })),
            Attack::Transfer => return if move_main_admin(&store, "glow", &who, Ok(None), None).await.is_ok() { 200 } else { 409 },
        };
        call(&router, method, &path, &[], Some(body)).await.status
    })
}

const MARCUS: &str = "marcus@glow.example";
const ANA: &str = "ana@glow.example";

// B2, AR-20: one comes first, and the other has lost the authority, whether before the gate (401, 403) or after it (401, 409).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_administrators_who_attack_each_other_at_once_one_is_left() {
    let mut trials = Trials::default();
    let races = [
        (Attack::Demote, Attack::Demote),
        (Attack::Inactivate, Attack::Inactivate),
        (Attack::Block, Attack::Block),
        (Attack::Demote, Attack::Block),
        (Attack::Transfer, Attack::Inactivate),
    ];
    for round in rounds("B2", ROUNDS, 2_000).each() {
        for (one, two) in races {
            let house = House::of(&glow()).await;
            let (marcus, ana) = (house.id(MARCUS).await, house.id(ANA).await);
            for id in [&marcus, &ana] {
                let promote = json!([
                    { "op": "replace", "path": "roles", "value": [{ "value": "administrator" }] },
                    { "op": "replace", "path": format!("{PRACTICE}:privilegeChanges"), "value": { "grant": ["block-user"] } },
                ]);
                house.patch(&format!("/scim/v2/Users/{id}"), promote).await.expect(200);
            }
            let (first, second) = (attack(&house, MARCUS, &ana, one), attack(&house, ANA, &marcus, two));
            let mut answers = [first.await.unwrap(), second.await.unwrap()];
            answers.sort_unstable();
            let left = usable(&house, "manage-users").await;
            let is_one_left = left.contains(&main_admin(&house).await) && answers[0] == 200 && matches!(answers[1], 401 | 403 | 409);
            trials.count(is_one_left, || format!("{one:?} and {two:?}, round {round}: {answers:?} {left:?}"));
        }
    }
    let what = "races of two administrators who demote, inactivate or block each other, or of a transfer, after each of which one is left";
    trials.measured("B2", what);
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
    assert_eq!(demoted_during_a_request(&house).await, [409, 200]);
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
