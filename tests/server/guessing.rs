//! The forms and endpoints at which somebody could guess a secret, and many who do so at the same time (E1, E5).

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use http::{Method, StatusCode};
use rosterctl::server::{self, all_app_routes, all_pages};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::browser::Browser;
use crate::devices::ask;
use crate::harness::{House, settings};
use crate::pages::WORDS;
use crate::soak::{Trials, in_soak};

/// A secret that somebody could guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Secret {
    Password,
    Factor,
    Passcode,
    Code,
    CodeWord,
}

/// The secrets that each form and endpoint compares. A form that is missing here is a decision that nobody has made yet.
const COMPARED: [(&str, &[Secret]); 30] = [
    ("/sign-in", &[Secret::Password]),
    ("/sign-in/code", &[Secret::Factor]),
    ("/sign-out", &[]),
    ("/sessions", &[]),
    ("/sessions/others", &[]),
    ("/switch", &[]),
    ("/profile", &[]),
    ("/profile/cell", &[Secret::Password]),
    ("/profile/cell/code", &[Secret::Code]),
    ("/profile/address", &[Secret::Password]),
    ("/address/{token}", &[Secret::Password, Secret::Code]),
    ("/main-admin", &[Secret::Password]),
    ("/main-admin/{token}", &[Secret::Password]),
    ("/password", &[Secret::Password]),
    ("/second-factor/set-up", &[Secret::Password]),
    ("/second-factor/recovery-codes", &[Secret::Password]),
    ("/second-factor/recovery-codes/file", &[]),
    ("/second-factor/recovery-codes/saved", &[]),
    ("/second-factor/remove", &[Secret::Password]),
    ("/second-factor/trusted-browsers", &[]),
    ("/reset", &[]),
    ("/reset/{token}", &[Secret::CodeWord]),
    ("/set-up/{token}", &[]),
    ("/join/{token}", &[Secret::Code, Secret::Password, Secret::CodeWord]),
    ("/join/{token}/again", &[]),
    ("/join/{token}/code", &[]),
    ("/api/v1/app/sign-in", &[Secret::Password]),
    ("/api/v1/app/sign-in/code", &[Secret::Factor]),
    ("/api/v1/app/passcode", &[Secret::Passcode]),
    ("/api/v1/app/sign-out", &[]),
];

/// So many guess at the same time in `./test`: fewer than a server with one core answers at once.
const TOGETHER: usize = 16;
const TOGETHER_IN_SOAK: usize = 200;

/// A form or endpoint as [`COMPARED`] has it, and what is guessed there.
type Way = (&'static str, Secret);

/// The guesses of a test, and the ways that they took.
#[derive(Default)]
pub(crate) struct Guesses {
    trials: Trials,
    ways: BTreeSet<Way>,
}

impl Guesses {
    /// Counts the answer to one guess.
    fn count(&mut self, way: Way, is_refused: bool) {
        self.ways.insert(way);
        self.trials.count(is_refused, || format!("{way:?}"));
    }

    /// Waits for the answers to guesses that were sent at the same time; nobody may get further. Returns how many were judged: the server had no
    /// place for the others.
    async fn refused(&mut self, way: Way, refusal: StatusCode, sent: Vec<JoinHandle<StatusCode>>) -> usize {
        let mut judged = 0;
        for one in sent {
            let status = one.await.unwrap();
            if status != StatusCode::SERVICE_UNAVAILABLE {
                judged += 1;
                self.count(way, status == refusal);
            }
        }
        assert!(judged >= TOGETHER, "E1 is void: {judged} guesses at {way:?} were judged, and the floor is {TOGETHER}");
        judged
    }

    /// Sends a form by many at the same time, each from a browser of its own or with the cookies of one.
    pub(crate) async fn by_form(&mut self, way: Way, house: &House, path: &str, form: &[(&str, &str)], cookies: Option<&Browser>) -> usize {
        let form: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.by_forms(way, house, path, |_| form.clone(), cookies).await
    }

    /// As [`Self::by_form`], with a form of its own for each.
    async fn by_forms(
        &mut self,
        way: Way,
        house: &House,
        path: &str,
        form: impl Fn(usize) -> Vec<(String, String)>,
        cookies: Option<&Browser>,
    ) -> usize {
        let server = server::router(house.store.clone(), settings());
        let sent: Vec<_> = (0..in_soak(TOGETHER, TOGETHER_IN_SOAK))
            .map(|n| {
                let browser = Browser::at(server.clone());
                let mut browser = cookies.map_or_else(|| Browser::at(server.clone()), |cookies| browser.cookies_of(cookies));
                let (path, form) = (path.to_owned(), form(n));
                tokio::spawn(async move {
                    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                    browser.post_once(&path, &form).await.status
                })
            })
            .collect();
        self.refused(way, StatusCode::UNPROCESSABLE_ENTITY, sent).await
    }

    /// The same by the app.
    pub(crate) async fn by_app(&mut self, way: Way, app: &Router, session: &str, body: &Value) {
        let sent: Vec<_> = (0..in_soak(TOGETHER, TOGETHER_IN_SOAK))
            .map(|_| {
                let (app, session, body) = (app.clone(), session.to_owned(), body.clone());
                tokio::spawn(async move {
                    let answer = ask(&app, way.0.trim_start_matches("/api/v1/app/"), &session, body).await;
                    StatusCode::from_u16(answer.status).unwrap()
                })
            })
            .collect();
        self.refused(way, StatusCode::UNAUTHORIZED, sent).await;
    }

    /// The same with another code word each: the same wrong one counts once.
    pub(crate) async fn by_words(&mut self, way: Way, house: &House, path: &str) {
        let form = |n: usize| vec![("code-word".to_owned(), format!("maple-{n}")), ("new-password".to_owned(), WORDS.to_owned())];
        self.by_forms(way, house, path, form, None).await;
    }

    /// Says what was measured; the ways are those of the table that are asked for.
    pub(crate) fn measured(self, row: &str, what: &str, is_asked: impl Fn(&Way) -> bool) {
        let table = COMPARED.into_iter().flat_map(|(path, secrets)| secrets.iter().map(move |secret| (path, *secret)));
        assert_eq!(self.ways, table.filter(is_asked).collect());
        self.trials.measured(row, what);
    }
}

/// Returns whether somebody sends a form who is signed in, at least in part.
pub(crate) fn asks_session(path: &str) -> bool {
    let mut needs = all_pages().map(|page| (page.path, page.needs)).chain(all_app_routes().map(|route| (route.path, route.needs)));
    needs.any(|(found, needs)| found == path && needs.asks_session())
}

// E5: the table above has every form and endpoint that there is; the tests below guess at each secret that it names.
#[test]
fn every_form_says_which_secret_it_compares() {
    let posts = all_pages().filter(|page| page.method == Method::POST).map(|page| page.path);
    let posts: BTreeSet<&str> =
        posts.chain(all_app_routes().filter(|route| route.method == Method::POST).map(|route| route.path)).collect();
    let table: BTreeMap<&str, &[Secret]> = COMPARED.into_iter().collect();
    assert_eq!(table.len(), COMPARED.len());
    assert_eq!(table.keys().copied().collect::<BTreeSet<_>>(), posts);
}
