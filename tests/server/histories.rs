//! Random histories of one member, compared call by call with a small model of what should be open (M3).

use axum::Router;
use http::{Method, StatusCode};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use rosterctl::server;
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::devices::{ask, new_passcode};
use crate::harness::{House, call, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::soak::{Trials, rounds};

const NOA: &str = "noa@glow.example";
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const IDLE: i64 = 30 * MINUTE;
/// Calls of a history.
const CALLS: usize = 25;

/// A session as the model knows it, with what its holder shows.
struct Session<H> {
    holder: H,
    used: i64,
    ends: i64,
    is_over: bool,
    /// The device of the app, by its place.
    device: Option<usize>,
}

/// A device as the model knows it.
struct Device {
    secret: String,
    password_at: i64,
    is_forgotten: bool,
}

/// A link for another password.
struct Link {
    token: String,
    sent: i64,
    is_over: bool,
}

struct History {
    seed: u64,
    house: House,
    app: Router,
    id: String,
    passcode: String,
    rng: SmallRng,
    password: usize,
    is_blocked: bool,
    is_inactive: bool,
    web: Vec<Session<Browser>>,
    ios: Vec<Session<String>>,
    devices: Vec<Device>,
    links: Vec<Link>,
    /// Wrong passwords in a row, and when the last one was typed.
    wrong: (u32, i64),
    /// The answers that were compared with the model, and how many of them it refuses.
    trials: Trials,
    refused: usize,
}

impl<H> Session<H> {
    fn lives(&self, now: i64) -> bool {
        !self.is_over && now < self.ends && now < self.used + IDLE
    }
}

impl History {
    async fn begin(seed: u64) -> Self {
        let house = House::of(&glow()).await;
        let link = invited_to_glow(&house, NOA).await;
        joined(&house, &mut Browser::new(&house), &link).await;
        let id = house.id(NOA).await;
        house.post(&format!("/api/v1/users/{id}/end-sessions"), json!({})).await.expect(200);
        let passcode = new_passcode(&house, &id).await;
        mail(&house.store).await;
        let app = server::router(house.store.clone(), settings());
        Self {
            seed,
            house,
            app,
            id,
            passcode,
            rng: SmallRng::seed_from_u64(seed),
            password: 0,
            is_blocked: false,
            is_inactive: false,
            web: Vec::new(),
            ios: Vec::new(),
            devices: Vec::new(),
            links: Vec::new(),
            wrong: (0, 0),
            trials: Trials::default(),
            refused: 0,
        }
    }

    fn now(&self) -> i64 {
        self.house.store.now()
    }

    fn may_enter(&self) -> bool {
        !self.is_blocked && !self.is_inactive
    }

    fn words(&self) -> (&'static str, &'static str) {
        if self.password == 0 { (WORDS, OTHER_WORDS) } else { (OTHER_WORDS, WORDS) }
    }

    fn pick(&mut self, among: usize) -> Option<usize> {
        (among > 0).then(|| self.rng.random_range(0..among))
    }

    /// Returns whether a password is compared now: five are free, then the wait doubles.
    fn may_try(&self) -> bool {
        let (count, last) = self.wrong;
        count < 5 || self.now() >= last + MINUTE * 2_i64.pow((count - 5).min(6)).min(60)
    }

    fn end_all(&mut self, with_devices: bool) {
        self.web.iter_mut().for_each(|session| session.is_over = true);
        self.ios.iter_mut().for_each(|session| session.is_over = true);
        if with_devices {
            self.devices.iter_mut().for_each(|device| device.is_forgotten = true);
        }
    }

    /// Notes what the model expects of a way in, and compares it with what the server did.
    fn check(&mut self, what: &str, is_open: bool, was_open: bool) {
        assert_eq!(was_open, is_open, "{what}, seed {}", self.seed);
        self.trials.passed();
        self.refused += usize::from(!is_open);
    }

    async fn sign_in(&mut self, is_right: bool) {
        let (right, wrong) = self.words();
        let mut browser = Browser::new(&self.house);
        let form = [("email", NOA), ("password", if is_right { right } else { wrong })];
        let status = browser.post_once("/glow/sign-in", &form).await.status;
        let now = self.now();
        let is_compared = self.may_try();
        if !is_compared {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is compared");
        } else if !is_right {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a wrong password");
            self.wrong = (self.wrong.0 + 1, now);
        } else {
            self.wrong = (0, 0);
            self.check("signing in", self.may_enter(), status == StatusCode::SEE_OTHER);
            if self.may_enter() {
                self.web.push(Session { holder: browser, used: now, ends: now + 12 * HOUR, is_over: false, device: None });
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN);
            }
        }
    }

    async fn sign_in_by_app(&mut self) {
        let body = json!({ "email": NOA, "password": self.words().0 });
        let answer = ask(&self.app, "sign-in", "", body).await;
        let now = self.now();
        let is_open = self.may_try() && self.may_enter();
        if self.may_try() {
            self.wrong = (0, 0);
        }
        self.check("signing in by the app", is_open, answer.status == 200);
        if is_open {
            let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
            self.devices.push(Device { secret: text("device"), password_at: now, is_forgotten: false });
            let device = Some(self.devices.len() - 1);
            self.ios.push(Session { holder: text("session"), used: now, ends: now + DAY, is_over: false, device });
        }
    }

    async fn open_by_passcode(&mut self) {
        let Some(at) = self.pick(self.devices.len()) else { return };
        let body = json!({ "device": self.devices[at].secret, "passcode": self.passcode });
        let answer = ask(&self.app, "passcode", "", body).await;
        let (now, device) = (self.now(), &self.devices[at]);
        let ends = device.password_at + DAY;
        let is_open = !device.is_forgotten && now < ends && self.may_enter();
        self.check("a passcode", is_open, answer.status == 200);
        if is_open {
            let holder = answer.body["session"].as_str().unwrap().to_owned();
            self.ios.push(Session { holder, used: now, ends, is_over: false, device: Some(at) });
        }
    }

    /// Uses a session of a browser: looks at a page, signs out, ends the others, or changes the password.
    async fn use_web(&mut self) {
        let Some(at) = self.pick(self.web.len()) else { return };
        let (now, words, way) = (self.now(), self.words(), self.rng.random_range(0..8));
        let session = &mut self.web[at];
        let is_open = session.lives(now);
        let (path, form): (&str, Vec<(&str, &str)>) = match way {
            0 => ("/glow/sign-out", vec![]),
            1 => ("/glow/sessions/others", vec![]),
            2 => ("/glow/password", vec![("password", words.0), ("new-password", words.1)]),
            _ => ("/glow/profile", vec![]),
        };
        let status =
            if way < 3 { session.holder.post_once(path, &form).await.status } else { session.holder.ask("GET", path).await.status };
        let success = if way < 3 { StatusCode::SEE_OTHER } else { StatusCode::OK };
        if is_open && now - session.used >= SECOND {
            session.used = now;
        }
        self.check(path, is_open, status == success);
        match way {
            0 if is_open => self.web[at].is_over = true,
            1 if is_open => {
                self.web.iter_mut().enumerate().filter(|(n, _)| *n != at).for_each(|(_, other)| other.is_over = true);
                self.ios.iter_mut().for_each(|session| session.is_over = true);
                self.devices.iter_mut().for_each(|device| device.is_forgotten = true);
            }
            2 if is_open => {
                self.end_all(true);
                self.password = 1 - self.password;
                self.wrong = (0, 0);
                let again = &mut self.web[at];
                (again.used, again.ends, again.is_over) = (now, now + 12 * HOUR, false);
            }
            _ => {}
        }
    }

    async fn use_ios(&mut self) {
        let Some(at) = self.pick(self.ios.len()) else { return };
        let (now, leaves) = (self.now(), self.rng.random_bool(0.2));
        let bearer = format!("Bearer {}", self.ios[at].holder);
        let status = if leaves {
            ask(&self.app, "sign-out", &self.ios[at].holder, json!({})).await.status
        } else {
            call(&self.app, Method::GET, "/glow/api/v1/app/session", &[("authorization", &bearer)], None).await.status
        };
        let is_open = self.ios[at].lives(now);
        if is_open && now - self.ios[at].used >= SECOND {
            self.ios[at].used = now;
        }
        self.check("a session of the app", is_open, status == 200);
        if leaves && is_open {
            let device = self.ios[at].device.unwrap();
            self.devices[device].is_forgotten = true;
            self.ios.iter_mut().filter(|session| session.device == Some(device)).for_each(|session| session.is_over = true);
        }
    }

    /// An administrator blocks, unblocks, inactivates, activates, or ends sessions.
    async fn administer(&mut self) {
        let path = format!("/scim/v2/Users/{}", self.id);
        let active = |is: bool| json!([{ "op": "replace", "path": "active", "value": is }]);
        match (self.is_blocked, self.is_inactive, self.rng.random_range(0..3)) {
            (true, ..) => {
                self.house.act(&self.id, "unblock", json!({})).await.expect(200);
                self.is_blocked = false;
            }
            (_, true, _) => {
                self.house.patch(&path, active(true)).await.expect(200);
                self.is_inactive = false;
            }
            (.., 0) => {
                let block = json!({ "reason": "activity-review", "confirmPhone": "+16025550100" });
                self.house.act(&self.id, "block", block).await.expect(200);
                self.is_blocked = true;
                self.end_all(false);
                self.links.iter_mut().for_each(|link| link.is_over = true);
            }
            (.., 1) => {
                self.house.patch(&path, active(false)).await.expect(200);
                self.is_inactive = true;
                self.end_all(false);
                self.links.iter_mut().for_each(|link| link.is_over = true);
            }
            _ => {
                self.house.post(&format!("/api/v1/users/{}/end-sessions", self.id), json!({})).await.expect(200);
                self.end_all(true);
            }
        }
    }

    async fn ask_reset(&mut self) {
        Browser::new(&self.house).post("/glow/reset", &[("email", NOA)]).await;
        let now = self.now();
        let within = |span: i64| self.links.iter().filter(|link| link.sent > now - span).count();
        let is_sent = self.may_enter() && within(HOUR) < 3 && within(DAY) < 10;
        let token = mail(&self.house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset").map(|(.., token)| token);
        self.check("asking for a link", is_sent, token.is_some());
        if let Some(token) = token {
            self.links.iter_mut().for_each(|link| link.is_over = true);
            self.links.push(Link { token, sent: now, is_over: false });
        }
    }

    async fn use_link(&mut self) {
        let Some(at) = self.pick(self.links.len()) else { return };
        let path = format!("/glow/reset/{}", self.links[at].token);
        let status = Browser::new(&self.house).post_once(&path, &[("new-password", self.words().1)]).await.status;
        let link = &self.links[at];
        let is_open = !link.is_over && self.now() < link.sent + HOUR && self.may_enter();
        self.check("a link", is_open, status == StatusCode::OK);
        if is_open {
            self.links[at].is_over = true;
            self.password = 1 - self.password;
            self.wrong = (0, 0);
            self.end_all(true);
        }
    }

    async fn call(&mut self) {
        match self.rng.random_range(0..20) {
            0..=2 => self.sign_in(true).await,
            3 => self.sign_in(false).await,
            4 | 5 => self.sign_in_by_app().await,
            6 | 7 => self.open_by_passcode().await,
            8..=11 => self.use_web().await,
            12 | 13 => self.use_ios().await,
            14 | 15 => self.administer().await,
            16 => self.ask_reset().await,
            17 => self.use_link().await,
            _ => {
                let spans = [1, SECOND, MINUTE, 10 * MINUTE, IDLE - 1, IDLE, HOUR - 1, HOUR, 12 * HOUR, DAY - 1];
                let span = spans[self.rng.random_range(0..spans.len())];
                self.house.clock.advance(span);
            }
        }
    }

    /// Checks that what an administrator sees as open is what the model says is open.
    async fn end(mut self) -> (Trials, usize) {
        let listed = self.house.get(&format!("/api/v1/users/{}/sessions", self.id)).await.expect(200);
        let now = self.now();
        let open =
            self.web.iter().filter(|session| session.lives(now)).count() + self.ios.iter().filter(|session| session.lives(now)).count();
        self.check("the list of sessions", true, listed["sessions"].as_array().unwrap().len() == open);
        (self.trials, self.refused)
    }
}

// M3, F3, F5, F7: 200 histories of 25 calls.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_histories_end_as_the_model_says() {
    let rounds = rounds("M3", 200, 50_000);
    let halves = [0, 1].map(|half| {
        tokio::spawn(async move {
            let (mut trials, mut refused, mut histories) = (Trials::default(), 0, 0);
            for seed in rounds.each().filter(|seed| seed % 2 == half).map(|seed| u64::try_from(seed).unwrap()) {
                histories += 1;
                let mut history = History::begin(seed).await;
                for _ in 0..CALLS {
                    history.call().await;
                }
                let (more, less) = history.end().await;
                trials.add(more);
                refused += less;
            }
            (trials, refused, histories)
        })
    });
    let (mut trials, mut refused, mut histories) = (Trials::default(), 0, 0);
    for half in halves {
        let (more, less, ended) = half.await.expect("a history ends as the model says");
        trials.add(more);
        refused += less;
        histories += ended;
    }
    let (open, least) = (trials.tried() - refused, histories);
    assert!(open > least && refused > least, "{open} open, {refused} refused: too few to say anything");
    trials.measured("M3", &format!("calls of {histories} random histories, {refused} of them refused, each answered as the model says"));
}
