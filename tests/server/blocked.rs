//! Whatever somebody has in hand when they lose their access opens nothing afterward, also in the middle of their work, and after
//! a crash (F1, F2, F4).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use http::{Method, StatusCode};
use rosterctl::server::{self, set_up_link};
use rosterctl::store::{Clock, HandClock, Store, TokenAccess};
use serde_json::{Value, json};

use crate::browser::{Browser, mail};
use crate::devices::{ask, new_passcode};
use crate::factors::{STEP, code_of, give, with_factor};
use crate::harness::{House, NOON, call, glow, settings};
use crate::matrix::{YEAR, role, token};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::soak::{Trials, in_soak, rounds};

const NOA: &str = "noa@glow.example";
const WELCOME: &str = "Welcome, Noa Reed";

/// Takes somebody's access away, and gives it back.
async fn take(house: &House, id: &str, way: &str, back: bool) {
    let active = |is: bool| json!([{ "op": "replace", "path": "active", "value": is }]);
    match (way, back) {
        ("block", false) => {
            house.act(id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
        }
        ("block", true) => {
            house.act(id, "unblock", json!({})).await.expect(200);
        }
        _ => {
            house.patch(&format!("/scim/v2/Users/{id}"), active(back)).await.expect(200);
        }
    }
}

/// Everything that lets a member in, or could.
struct Hand {
    house: House,
    app: Router,
    id: String,
    key: String,
    recovery: Vec<String>,
    session: Browser,
    trusted: Browser,
    half: Browser,
    app_session: String,
    app_half: String,
    device: String,
    passcode: String,
    token: String,
    reset: String,
    address: String,
    offer: String,
}

/// The path of the newest link of a kind.
async fn link(house: &House, kind: &str, page: &str) -> String {
    let (.., secret) = mail(&house.store).await.into_iter().rfind(|(found, ..)| found == kind).unwrap_or_else(|| panic!("{kind}"));
    format!("/glow/{page}/{secret}")
}

impl Hand {
    async fn full() -> Self {
        let house = House::of(&glow()).await;
        let (mut session, key, recovery) = with_factor(&house).await;
        let id = house.id(NOA).await;
        role(&house, NOA, "administrator").await;
        let (_, token) = token(&house, NOA, TokenAccess::Write, YEAR).await;
        let app = server::router(house.store.clone(), settings());
        let (path, _) = set_up_link(&house.store, "glow", None).await.unwrap();
        let mut olivia = Browser::new(&house);
        olivia.post(path.expose(), &[("new-password", OTHER_WORDS)]).await;
        olivia.post("/glow/main-admin", &[("email", NOA), ("password", OTHER_WORDS)]).await;
        let offer = link(&house, "main-admin-offered", "main-admin").await;
        let mut trusted = Browser::new(&house);
        trusted.sign_in(&house, NOA, WORDS).await;
        let code = code_of(&house, &key);
        trusted.post("/glow/sign-in/code", &[("code", &code), ("trust", "yes")]).await;
        house.clock.advance(STEP);
        let sign_in = async || text(&ask(&app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200), "session");
        let whole = ask(&app, "sign-in/code", &sign_in().await, json!({ "code": code_of(&house, &key) })).await.expect(200);
        house.clock.advance(STEP);
        let app_half = sign_in().await;
        let passcode = new_passcode(&house, &id).await;
        let mut half = Browser::new(&house);
        half.sign_in(&house, NOA, WORDS).await;
        session.post("/glow/profile/address", &[("email", "noa@home.example"), ("password", WORDS)]).await;
        let address = link(&house, "confirm-address", "address").await;
        Browser::new(&house).post("/glow/reset", &[("email", NOA)]).await;
        let reset = link(&house, "reset", "reset").await;
        let (app_session, device) = (text(&whole, "session"), text(&whole, "device"));
        Self {
            house,
            app,
            id,
            key,
            recovery,
            session,
            trusted,
            half,
            app_session,
            app_half,
            device,
            passcode,
            token,
            reset,
            address,
            offer,
        }
    }

    async fn app_is_open(&self, session: &str) -> bool {
        let bearer = format!("Bearer {session}");
        call(&self.app, Method::GET, "/glow/api/v1/app/session", &[("authorization", &bearer)], None).await.status == 200
    }

    /// Returns whether a link opens; where it does not, its form is refused, too.
    async fn link_is_open(&self, path: &str) -> bool {
        let mut browser = Browser::new(&self.house);
        let opens = browser.get(path).await.status == StatusCode::OK;
        if !opens {
            let sent = browser.post_once(path, &[("new-password", OTHER_WORDS), ("password", WORDS)]).await;
            assert_eq!(sent.status, StatusCode::GONE, "{path}: {}", sent.text);
            assert!(!browser.has_cookie());
        }
        opens
    }

    /// Each part of it, and whether that lets its holder in now. Nothing is used up, unless it should be refused.
    async fn open(&mut self, is_over: bool) -> Vec<(&'static str, bool)> {
        let mut open = Vec::new();
        let mut note = |is_open: bool, what: &'static str| open.push((what, is_open));
        note(self.session.get("/glow/").await.heading() == WELCOME, "a session");
        note(self.trusted.get("/glow/").await.heading() == WELCOME, "a session in a trusted browser");
        let mut trusting = Browser::new(&self.house).cookies_of(&self.trusted);
        note(trusting.sign_in(&self.house, NOA, WORDS).await.heading() == WELCOME, "trust in a browser");
        note(self.half.get("/glow/sign-in/code").await.heading() == "Type your code", "half a sign-in");
        note(self.app_is_open(&self.app_session).await, "a session of the app");
        if is_over {
            let code = code_of(&self.house, &self.key);
            note(self.half.post("/glow/sign-in/code", &[("code", &code)]).await.heading() == WELCOME, "half a sign-in with its code");
            let recovery = [("with", "recovery-code"), ("code", self.recovery[0].as_str())];
            note(self.half.post("/glow/sign-in/code", &recovery).await.heading() == WELCOME, "half a sign-in with a recovery code");
            let given = ask(&self.app, "sign-in/code", &self.app_half, json!({ "code": code })).await;
            note(given.status == 200, "half a sign-in of the app");
            note(self.session.post("/glow/sessions/others", &[]).await.status != StatusCode::UNAUTHORIZED, "a form of a session");
        }
        let passcode = json!({ "device": self.device, "passcode": self.passcode });
        note(ask(&self.app, "passcode", "", passcode).await.status == 200, "the passcode on a known device");
        let headers = [("authorization", self.token.as_str())];
        note(call(&self.app, Method::GET, "/glow/scim/v2/Me", &headers, None).await.status == 200, "a token");
        for (path, what) in [(&self.reset, "a link for a password"), (&self.address, "a link for an address"), (&self.offer, "an offer")] {
            note(self.link_is_open(path).await, what);
        }
        open
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name}: {value}")).to_owned()
}

// F2, AR-20, AR-22, AR-15: everything ends; afterward password, second factor, passcode and known device work again, and nothing else.
#[tokio::test]
async fn nothing_in_hand_opens_after_a_block_or_an_inactivation_and_an_undoing_revives_only_what_it_should() {
    const AFTERWARD: &str = "the passcode on a known device";
    let mut trials = Trials::default();
    for way in ["block", "inactivation"] {
        let mut noa = Hand::full().await;
        let before = noa.open(false).await;
        assert!(before.len() == 10 && before.iter().all(|(_, is_open)| *is_open), "{way}: {before:?}");
        take(&noa.house, &noa.id, way, false).await;
        for (what, is_open) in noa.open(true).await {
            trials.count(!is_open, || format!("{way}: {what}"));
        }
        take(&noa.house, &noa.id, way, true).await;
        for (what, is_open) in noa.open(true).await {
            trials.count(is_open == (what == AFTERWARD), || format!("{way}, and back: {what}"));
        }
        noa.house.clock.advance(STEP);
        let mut again = Browser::new(&noa.house);
        assert_eq!(again.sign_in(&noa.house, NOA, WORDS).await.heading(), "Type your code", "{way}");
        assert_eq!(give(&noa.house, &mut again, &noa.key).await.heading(), WELCOME, "{way}");
    }
    trials.covered("F2", "things in hand at a block or an inactivation, tried while it lasts and after it");
}

// F2, AR-20, G2: what a pending person has: link, code and proof.
#[tokio::test]
async fn nothing_of_an_invitation_opens_after_a_block_or_a_withdrawal_and_an_unblock_revives_none() {
    let mut trials = Trials::default();
    for way in ["block", "withdrawal"] {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        let mut browser = Browser::new(&house);
        browser.post(&format!("{link}/code"), &[]).await;
        let (.., first) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
        let proof = browser.post(&link, &[("code", &first)]).await.hidden("proof");
        browser.post(&format!("{link}/code"), &[]).await;
        let (.., second) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
        assert!(!proof.is_empty() && second.len() == 6);
        browser.post(&format!("{link}/code"), &[]).await;
        let id = house.id(NOA).await;
        if way == "block" {
            take(&house, &id, way, false).await;
        } else {
            house.act(&id, "withdraw-invitation", json!({})).await.expect(200);
        }
        assert!(mail(&house.store).await.is_empty(), "{way}: the third code no longer leaves");
        let forms: [&[(&str, &str)]; 2] = [&[("code", &second)], &[("proof", &proof), ("new-password", WORDS)]];
        let refused = async || {
            let (mut trials, mut browser) = (Trials::default(), Browser::new(&house));
            for form in forms {
                let status = browser.post_once(&link, form).await.status;
                trials.count(status == StatusCode::GONE, || format!("{way}: {status}"));
            }
            let status = browser.post_once(&format!("{link}/code"), &[]).await.status;
            trials.count(status == StatusCode::GONE, || format!("{way}: another code: {status}"));
            assert!(!browser.has_cookie());
            trials
        };
        trials.add(refused().await);
        if way == "block" {
            take(&house, &id, way, true).await;
            trials.add(refused().await);
        }
        // A new link needs a new code: what was proved with the old one counts for nothing.
        let again = if way == "block" { "resend-invitation" } else { "invite" };
        house.act(&id, again, json!({})).await.expect(200);
        let (.., token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "invitation").expect("a link");
        let new = format!("/glow/join/{token}");
        for form in forms {
            let page = Browser::new(&house).post_once(&new, form).await;
            trials.count(page.status == StatusCode::UNPROCESSABLE_ENTITY, || format!("{way}: {}", page.text));
        }
    }
    trials.covered("F2", "links, codes and proofs of invitations after a block or a withdrawal");
}

/// A medspa whose database is a file.
async fn on_disk(folder: &Path) -> House {
    let clock = Arc::new(HandClock::at(NOON));
    let store = Store::open_with(&folder.join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    House::on(&glow(), store, clock).await
}

/// A client of each kind that is let in: the path that it asks for, and the header that it shows.
async fn clients(house: &House, app: &Router) -> [(&'static str, (&'static str, String)); 3] {
    let (_, token) = token(house, NOA, TokenAccess::Write, YEAR).await;
    let page = Browser::new(house).post_once("/glow/sign-in", &[("email", NOA), ("password", WORDS)]).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let entered = ask(app, "sign-in", "", json!({ "email": NOA, "password": WORDS })).await.expect(200);
    let clients = [
        ("/glow/profile", ("cookie", cookie)),
        ("/glow/api/v1/app/session", ("authorization", format!("Bearer {}", text(&entered, "session")))),
        ("/glow/scim/v2/Me", ("authorization", token)),
    ];
    for client in &clients {
        assert_eq!(served(app, client).await, 200, "{} is open before", client.0);
    }
    clients
}

async fn served(app: &Router, (path, (name, value)): &(&'static str, (&'static str, String))) -> u16 {
    call(app, Method::GET, path, &[(*name, value.as_str())], None).await.status
}

// F4, F3, F5: the file as it is at the moment of the answer is what a kill leaves behind; nothing that was ended opens there.
#[tokio::test]
async fn ended_access_stays_ended_after_a_kill_right_after_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let house = on_disk(folder.path()).await;
    let link = invited_to_glow(&house, NOA).await;
    let mut noa = Browser::new(&house);
    joined(&house, &mut noa, &link).await;
    role(&house, NOA, "administrator").await;
    let id = house.id(NOA).await;
    let app = server::router(house.store.clone(), settings());
    let mut trials = Trials::default();
    for _ in rounds("F4", 4, 250).each() {
        for way in ["block", "inactivation", "end-sessions", "another password"] {
            let clients = clients(&house, &app).await;
            match way {
                "end-sessions" => {
                    house.post(&format!("/api/v1/users/{id}/end-sessions"), json!({})).await.expect(200);
                }
                "another password" => {
                    let mut own = Browser::new(&house);
                    own.sign_in(&house, NOA, WORDS).await;
                    let changed = own.post_once("/glow/password", &[("password", WORDS), ("new-password", OTHER_WORDS)]).await;
                    assert_eq!(changed.status, StatusCode::SEE_OTHER);
                }
                _ => take(&house, &id, way, false).await,
            }
            let left = tempfile::tempdir().unwrap();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let file = file.unwrap();
                std::fs::copy(file.path(), left.path().join(file.file_name())).unwrap();
            }
            let after = on_disk(left.path()).await;
            after.clock.advance(house.store.now() - NOON);
            let again = server::router(after.store.clone(), settings());
            // A token is not a session: only the loss of access ends it.
            let over = if matches!(way, "block" | "inactivation") { 3 } else { 2 };
            for client in clients.iter().take(over) {
                let (status, refused) = (served(&again, client).await, if client.0.ends_with("profile") { 3 } else { 4 });
                trials.count(status / 100 == refused, || format!("{way} {}: {status}", client.0));
            }
            after.store.close().await;
            match way {
                "block" | "inactivation" => take(&house, &id, way, true).await,
                "another password" => {
                    let mut own = Browser::new(&house);
                    own.sign_in(&house, NOA, OTHER_WORDS).await;
                    own.post("/glow/password", &[("password", OTHER_WORDS), ("new-password", WORDS)]).await;
                }
                _ => {}
            }
        }
    }
    trials.measured("F3, F4, F5", "sessions and tokens that were ended, tried on the file as a kill right after the answer leaves it");
}

/// So many requests of each client begin after the answer to a block.
const LATE: usize = 4;
/// So many of each client were served before the block, or it does not fall in the middle of their work.
const BEFORE: usize = 3;

/// Asks again and again; of requests that begin after the answer to the block, none may succeed. `served_before` counts those that did before.
async fn busy(
    router: Router,
    client: (&'static str, (&'static str, String)),
    is_out: Arc<AtomicBool>,
    served_before: Arc<AtomicUsize>,
) -> Trials {
    let (mut late, mut early) = (Trials::default(), 0);
    while late.tried() < LATE {
        let begins_after = is_out.load(Ordering::SeqCst);
        let status = served(&router, &client).await;
        if begins_after {
            late.count(status != 200, || format!("{} was served after the block", client.0));
        } else if status == 200 {
            early += 1;
            if early <= BEFORE {
                served_before.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    late
}

// F1, AR-20: busy clients of every kind; when the answer to the block is out, no later request of theirs succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_requests_that_begin_after_the_answer_to_a_block_none_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let house = on_disk(folder.path()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    role(&house, NOA, "administrator").await;
    let id = house.id(NOA).await;
    let app = server::router(house.store.clone(), settings());
    // Of each kind: a browser, the app, and a program with a token.
    let each = in_soak(1, 33);
    let (mut late, mut blocks) = (Trials::default(), 0);
    for _ in rounds("F1", 100, 10_000).each() {
        let clients = clients(&house, &app).await;
        let (is_out, served_before) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let all = clients.iter().flat_map(|client| std::iter::repeat_n(client, each));
        let tasks: Vec<_> =
            all.map(|client| tokio::spawn(busy(app.clone(), client.clone(), Arc::clone(&is_out), Arc::clone(&served_before)))).collect();
        let floor = tasks.len() * BEFORE;
        let load = async {
            while served_before.load(Ordering::SeqCst) < floor {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(2), load).await.expect("F1 is void: the clients were not served before the block");
        take(&house, &id, "block", false).await;
        is_out.store(true, Ordering::SeqCst);
        for task in tasks {
            late.add(task.await.unwrap());
        }
        take(&house, &id, "block", true).await;
        blocks += 1;
    }
    late.is_not_void("F1", blocks * 3 * each * LATE);
    let clients = 3 * each;
    let what = format!("requests that began after the answer to one of {blocks} blocks, of {clients} busy clients (browser, app, token)");
    late.measured("F1", &what);
}
