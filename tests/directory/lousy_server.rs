//! A small SCIM server with the bad habits of real ones, each behind a switch.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use rosterctl::directory::{DirectoryError, InProcess, ScimDirectory, Server};
use rosterctl::model::{PlatformId, ServerId};
use serde_json::{Map, Value, json};

/// The faults of the server.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a list of habits")]
pub(crate) struct Habits {
    pub(crate) ignores_paging: bool,
    /// Asked for what is behind the end, it sends its last page again.
    pub(crate) repeats_the_last_page: bool,
    pub(crate) page_of_at_most: Option<usize>,
    pub(crate) lower_case_names: bool,
    pub(crate) status_as_number: bool,
    pub(crate) no_total: bool,
    pub(crate) no_versions: bool,
    /// Forgets this attribute and says nothing.
    pub(crate) drops: Option<&'static str>,
    /// So many listings have a total that grows while they last.
    pub(crate) restless_listings: usize,
    /// So many listings end early.
    pub(crate) short_listings: usize,
    /// From this listing on all end early.
    pub(crate) short_from: Option<usize>,
    /// From this listing on only half of the users are there, and counted.
    pub(crate) truncated_from: Option<usize>,
    /// Answers 503 to everything.
    pub(crate) dead: bool,
    /// Deletes users that should be inactivated.
    pub(crate) deletes_the_inactive: bool,
    /// Nothing is unique, and so many of the first posts are stored and answered 500.
    pub(crate) failing_posts: usize,
    /// So many of the first posts are not stored, and answered 500.
    pub(crate) lost_posts: usize,
    /// So many listings are empty.
    pub(crate) empty_listings: usize,
    /// From this listing on all are empty.
    pub(crate) empty_from: Option<usize>,
    pub(crate) pages_of_html: bool,
    pub(crate) no_body_after_writes: bool,
    pub(crate) filter_finds_everybody: bool,
    pub(crate) filter_finds_nobody: bool,
    pub(crate) no_search: bool,
    pub(crate) config: Option<&'static str>,
    pub(crate) no_resource_types: bool,
    pub(crate) no_patch: bool,
    pub(crate) no_paths: bool,
    pub(crate) cursors: bool,
    pub(crate) numbers_as_ids: bool,
    /// Every page brings others, or with `empty_from` nobody, and says that there is another page.
    pub(crate) endless: bool,
    /// Counts the users of a page as all there are.
    pub(crate) total_is_page: bool,
    /// Answers this status to a page that begins after the last user.
    pub(crate) fails_past_the_end: Option<u16>,
    /// Lists so many users, whatever page is asked for, and counts no more.
    pub(crate) shows_at_most: Option<usize>,
    /// Answers 500 to a list that is asked for with a query.
    pub(crate) no_queries: bool,
    /// The list of attributes of users that it has under `/Schemas`. It refuses every other attribute, and a user that lacks a required one.
    pub(crate) schema: Option<&'static str>,
    /// Answers 501 to a PATCH with this attribute in it.
    pub(crate) no_patch_of: Option<&'static str>,
    /// Answers 500 to every write that changes this attribute.
    pub(crate) fails_at: Option<&'static str>,
    /// Answers 500 to a PATCH with one attribute.
    pub(crate) fails_at_single_attributes: bool,
    /// An attribute that stays as it was when a user is changed, and the server says nothing.
    pub(crate) frozen: Option<&'static str>,
    /// Refuses every write with one of these attributes, or parts of one, in it.
    pub(crate) refuses: &'static [&'static str],
    /// The answer by which it refuses them; 400 `invalidValue` unless said.
    pub(crate) refuses_with: Option<(u16, &'static str)>,
    /// The answer to paths that it does not take; 400 `invalidPath` unless said.
    pub(crate) no_paths_with: Option<(u16, &'static str)>,
    /// Says whether it names the attribute that it refuses.
    pub(crate) says_what_it_refuses: bool,
    /// Says whether it has its schema under the schema's own address only.
    pub(crate) no_list_of_schemas: bool,
    /// Every page is the first one, whatever start is asked for.
    pub(crate) ignores_start: bool,
    /// Says whether it always sends the same number of users, whatever number is asked for, as long as it ignores the start.
    pub(crate) ignores_count: bool,
    /// Answers this status to every filter.
    pub(crate) no_filters: Option<u16>,
    /// The content of the enterprise extension, which requires an employee number.
    pub(crate) extension: Extension,
    /// Says whether it takes the filter `id ne "…"`.
    pub(crate) filters_out: bool,
    /// The answer to `/Me`; 404 unless said.
    pub(crate) no_me: Option<u16>,
    /// The answer to `/Me`, as JSON.
    pub(crate) me: Option<&'static str>,
    /// The address that it redirects `/Me` to.
    pub(crate) me_is_at: Option<&'static str>,
    /// Attributes that a new user must have, which no schema says.
    pub(crate) demands: &'static [&'static str],
    /// Says whether it takes the filter `emails.value eq "…"`.
    pub(crate) finds_emails: bool,
    /// Says whether new roles join the ones that a user has.
    pub(crate) merges_roles: bool,
    /// Says whether a PATCH changes nothing, and the answer shows the user as they are.
    pub(crate) pretends: bool,
    /// The request that it puts off.
    pub(crate) later: Option<Later>,
    /// So many of the first PATCHes are stored and answered 500.
    pub(crate) failing_patches: usize,
    /// The status of these answers instead of 500.
    pub(crate) failing_with: Option<u16>,
    /// Says whether a list shows no versions.
    pub(crate) lists_no_versions: bool,
    /// Answers 501 to a PATCH of several operations.
    pub(crate) one_operation: bool,
    /// Says whether a PATCH that is refused for an attribute stores the ones before it.
    pub(crate) stores_before_it_refuses: bool,
    /// Refuses a PUT with `groups` in it.
    pub(crate) refuses_groups: bool,
    /// Says whether a list leaves inactive users out.
    pub(crate) lists_no_inactive: bool,
    /// The way in which a list shows versions.
    pub(crate) listed_version: ListedVersion,
    /// An attribute that a list does not show.
    pub(crate) lists_without: Option<&'static str>,
    /// Says whether the answer to a write has only the id and the state.
    pub(crate) says_little: bool,
    /// The attribute that it cuts, and the number of characters that it keeps.
    pub(crate) cuts: Option<(&'static str, usize)>,
    /// Says whether it leaves accents out of titles.
    pub(crate) no_accents: bool,
    /// Says whether it writes the names of new users in capitals.
    pub(crate) capitals: bool,
    /// Says whether new users are inactive.
    pub(crate) creates_inactive: bool,
    /// The time at which it says that users were created.
    pub(crate) created_at: Option<&'static str>,
    /// Says whether the id is the login.
    pub(crate) login_as_id: bool,
    /// The way in which it fails at each PATCH that it gets for the first time.
    pub(crate) stumbles: Option<Stumble>,
    /// Says whether it keeps phone numbers in an order of its own, and does not say which one is the cell phone.
    pub(crate) sorts_phones: bool,
    /// Takes one PATCH in this time, and answers 429 to every other.
    pub(crate) one_patch_in: Option<Duration>,
    /// Says whether no weak tag matches.
    pub(crate) compares_strictly: bool,
    /// Answers 405 to a PUT.
    pub(crate) no_put: bool,
    /// Says whether every version is the first one.
    pub(crate) one_version: bool,
    /// Says whether the first user has the index 0.
    pub(crate) counts_from_zero: bool,
    /// Counts nobody, also beside users.
    pub(crate) total_is_zero: bool,
    /// The answers to requests whose method and address begin so, whatever they are about.
    pub(crate) answers: &'static [(&'static str, u16)],
    /// Says whether it puts off every second request.
    pub(crate) puts_off_every_second: bool,
    /// The number of seconds that it asks for where it puts something off.
    pub(crate) asks_for: Option<u64>,
    /// Says whether it does not tell ids in capitals and others apart.
    pub(crate) mixes_ids_up: bool,
    /// The answer to a PATCH if it has none; 405 unless said.
    pub(crate) no_patch_with: Option<u16>,
    /// After a write, so many answers show users as they were before it.
    pub(crate) lags: usize,
    /// Says whether it adds to a list where a PATCH replaces it.
    pub(crate) appends: bool,
    /// Says whether a user alone has the id in capitals.
    pub(crate) shows_ids_in_capitals: bool,
    /// Answers 415 to whatever is not sent as plain JSON.
    pub(crate) plain_json_only: bool,
    /// Says whether errors come with status 200.
    pub(crate) succeeds_with_errors: bool,
    /// Says whether it does not remove a value that a path selects.
    pub(crate) no_removal: bool,
}

/// A failure that another try mends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stumble {
    pub(crate) status: u16,
    /// Says whether the server stores the change all the same.
    pub(crate) stores: bool,
}

/// A request that a server puts off once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Later {
    /// The beginning of method and address.
    pub(crate) on: &'static str,
    /// So many of these requests are answered before.
    pub(crate) after: usize,
    /// So many are put off then.
    pub(crate) times: usize,
    pub(crate) status: u16,
}

/// The way in which a list shows the versions of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListedVersion {
    /// As each user does.
    #[default]
    Same,
    /// In weak form, and each user in strong form.
    Weak,
    /// The list alone.
    Only,
}

/// The words of a server about an extension of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Extension {
    /// It has none.
    #[default]
    Absent,
    /// It has the schema, and does not say whose it is.
    Unlisted,
    /// Users have it, all or only some.
    Listed {
        /// Says whether every user has it.
        required: bool,
    },
}

pub(crate) struct Inner {
    pub(crate) habits: Habits,
    pub(crate) users: Vec<Map<String, Value>>,
    /// Method and path of every request.
    pub(crate) requests: Vec<String>,
    version: usize,
    listings: usize,
    /// The requests that the server could put off.
    asked: usize,
    /// The time at which the latest PATCH was taken.
    taken: Option<Instant>,
    /// Every PATCH that the server has seen.
    patches: BTreeSet<String>,
    /// The users as they were before the latest writes, and how many answers still show them so.
    old: Option<(Vec<Map<String, Value>>, usize)>,
}

#[derive(Clone)]
pub(crate) struct Lousy(Arc<Mutex<Inner>>);

impl Lousy {
    pub(crate) fn with(users: usize, habits: Habits) -> Self {
        let mut inner = Inner {
            habits,
            users: Vec::new(),
            requests: Vec::new(),
            version: 0,
            listings: 0,
            asked: 0,
            taken: None,
            patches: BTreeSet::new(),
            old: None,
        };
        for n in 0..users {
            let user = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": format!("user{n:03}@glow.example"),
                "name": { "givenName": "Ana", "familyName": "Ruiz" },
                "title": "MD",
                "active": true,
            });
            inner.store(user.as_object().unwrap().clone(), None);
        }
        Self(Arc::new(Mutex::new(inner)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub(crate) fn transport(&self) -> InProcess {
        InProcess::new(Router::new().fallback(handle).with_state(self.clone()))
    }

    pub(crate) async fn connect(&self) -> Result<ScimDirectory<InProcess>, DirectoryError> {
        ScimDirectory::connect(self.transport(), server()).await
    }

    /// Gives a user these attributes, as if somebody had written them there.
    pub(crate) fn give(&self, name: &str, attributes: &Value) {
        let mut inner = self.lock();
        let at = inner.users.iter().position(|u| u["userName"] == name).unwrap();
        let mut user = inner.users[at].clone();
        user.extend(attributes.as_object().unwrap().clone());
        let frozen = inner.habits.frozen.take();
        inner.store(user, Some(at));
        inner.habits.frozen = frozen;
    }

    /// Requests that may write.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.lock().requests.iter().filter(|r| !r.starts_with("GET") && !r.contains(".search")).cloned().collect()
    }

    pub(crate) fn user(&self, name: &str) -> Option<Map<String, Value>> {
        self.lock().users.iter().find(|u| u["userName"] == name).cloned()
    }
}

pub(crate) fn server() -> Server {
    Server {
        name: ServerId::Scim { url: "https://lousy.example/v2".to_owned() },
        base: "https://lousy.example/v2".parse().unwrap(),
        platform: PlatformId("generic".to_owned()),
        country: None,
        code_word: None,
        now: 1_795_000_000_000,
        backoff: rosterctl::directory::retry::Backoff { base: std::time::Duration::from_millis(1), ..Default::default() },
    }
}

async fn handle(State(server): State<Lousy>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let path = head.uri.path().trim_start_matches("/v2").replace("%40", "@");
    let query = head.uri.query().unwrap_or_default().to_owned();
    let if_match = head.headers.get("if-match").map(|v| v.to_str().unwrap().to_owned());
    let mut inner = server.lock();
    inner.requests.push(format!("{} {path}", head.method));
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let asked = if query.is_empty() { format!("{} {path}", head.method) } else { format!("{} {path}?{query}", head.method) };
    let is_plain = head.headers.get("content-type").is_none_or(|kind| kind == "application/json");
    let refused = (inner.habits.plain_json_only && !is_plain).then(|| error(415, ""));
    let mut special = || {
        let answer = inner.always(&asked).or_else(|| inner.later(&asked)).or_else(|| inner.too_soon(&head.method));
        answer.or_else(|| inner.stumble(&head.method, &path, if_match.as_deref(), &body))
    };
    let (status, mut answer) = match refused.or_else(&mut special) {
        Some(answer) => answer,
        None => inner.shown(&head.method, &path, &query, if_match.as_deref(), &body),
    };
    if status < 300 && head.method != Method::GET && inner.habits.says_little && !path.contains(".search") {
        answer = json!({ "id": answer["id"], "active": answer["active"] });
    }
    let habits = inner.habits.clone();
    if habits.shows_ids_in_capitals && head.method == Method::GET && path.starts_with("/Users/") {
        answer["id"] = json!(answer["id"].as_str().unwrap_or_default().to_uppercase());
    }
    let status = if habits.succeeds_with_errors && status >= 400 { 200 } else { status };
    let mut response = Response::builder().status(status).header("date", "Sun, 22 Nov 2026 12:00:00 GMT");
    if status >= 400 && habits.pages_of_html {
        return response.header("content-type", "text/html").body(Body::from("<html><h1>Oh no</h1></html>")).unwrap();
    }
    if status < 300 && head.method != Method::GET && habits.no_body_after_writes && !path.contains(".search") {
        let id = answer["id"].as_str().unwrap_or_default().to_owned();
        let status = if status == 201 { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
        return response.status(status).header("location", format!("/v2/Users/{id}")).body(Body::empty()).unwrap();
    }
    if let (308, Some(target)) = (status, habits.me_is_at) {
        return response.header("location", target).body(Body::empty()).unwrap();
    }
    if let (Some(seconds), 429 | 503) = (habits.asks_for, status) {
        response = response.header("retry-after", seconds);
    }
    if habits.status_as_number && status >= 400 {
        answer["status"] = json!(status);
    }
    if let Some(version) = answer["meta"]["version"].as_str() {
        response = response.header("etag", version);
    }
    response.header("content-type", "application/scim+json").body(Body::from(Bytes::from(answer.to_string()))).unwrap()
}

fn has_id(user: &Map<String, Value>, id: &str, in_any_case: bool) -> bool {
    let own = user["id"].as_str().map_or_else(|| user["id"].to_string(), str::to_owned);
    own == id || in_any_case && own.eq_ignore_ascii_case(id)
}

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn error(status: u16, kind: &str) -> (u16, Value) {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    (status, json!({ "schemas": schemas, "status": status.to_string(), "scimType": kind, "detail": "no" }))
}

impl Inner {
    /// The answer to a request whose answer does not depend on what it is about.
    fn always(&mut self, asked: &str) -> Option<(u16, Value)> {
        let is_second = self.habits.puts_off_every_second && self.requests.len().is_multiple_of(2);
        let answer = self.habits.answers.iter().find(|(on, _)| asked.starts_with(on)).map(|(_, status)| *status);
        answer.or(is_second.then_some(429)).map(|status| error(status, ""))
    }

    /// The answer to a request that the server puts off.
    fn later(&mut self, asked: &str) -> Option<(u16, Value)> {
        let later = self.habits.later.filter(|later| asked.starts_with(later.on))?;
        self.asked += 1;
        (later.after + 1..=later.after + later.times).contains(&self.asked).then(|| error(later.status, ""))
    }

    /// The answer to a PATCH that comes too soon after another one.
    #[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
    fn too_soon(&mut self, method: &Method) -> Option<(u16, Value)> {
        let pause = self.habits.one_patch_in.filter(|_| *method == Method::PATCH)?;
        if self.taken.is_some_and(|taken| taken.elapsed() < pause) {
            return Some(error(429, ""));
        }
        self.taken = Some(Instant::now());
        None
    }

    /// The failure of a PATCH that the server gets for the first time.
    fn stumble(&mut self, method: &Method, path: &str, if_match: Option<&str>, body: &Value) -> Option<(u16, Value)> {
        let stumble = self.habits.stumbles.filter(|_| *method == Method::PATCH)?;
        let is_new = self.patches.insert(format!("{path} {body}"));
        if is_new && stumble.stores {
            let _ = self.answer(method, path, "", if_match, body);
        }
        is_new.then(|| error(stumble.status, ""))
    }

    /// The answer to a request; reading may show users as they were.
    fn shown(&mut self, method: &Method, path: &str, query: &str, if_match: Option<&str>, body: &Value) -> (u16, Value) {
        let reads = path.contains(".search") || (*method == Method::GET && path.starts_with("/Users"));
        match self.old.take().filter(|(_, left)| reads && *left > 0) {
            Some((old, left)) => {
                let now = std::mem::replace(&mut self.users, old);
                let answer = self.answer(method, path, query, if_match, body);
                self.old = Some((std::mem::replace(&mut self.users, now), left - 1));
                answer
            }
            None => self.answer(method, path, query, if_match, body),
        }
    }

    fn answer(&mut self, method: &Method, path: &str, query: &str, if_match: Option<&str>, body: &Value) -> (u16, Value) {
        if self.habits.dead {
            return error(503, "");
        }
        if path == "/ServiceProviderConfig" {
            return self.config();
        }
        if path == "/ResourceTypes" {
            if self.habits.no_resource_types {
                return error(404, "");
            }
            let mut user = json!({ "name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User" });
            if let Extension::Listed { required } = self.habits.extension {
                user["schemaExtensions"] = json!([{ "schema": ENTERPRISE, "required": required }]);
            }
            return (200, json!({ "totalResults": 1, "Resources": [user] }));
        }
        let id = "urn:ietf:params:scim:schemas:core:2.0:User";
        if let (Some(attributes), true) = (self.habits.schema, path == format!("/Schemas/{id}")) {
            let attributes: Value = serde_json::from_str(attributes).unwrap();
            return (200, json!({ "id": id, "attributes": attributes }));
        }
        if let ("/Schemas", Some(attributes), false) = (path, self.habits.schema, self.habits.no_list_of_schemas) {
            let attributes: Value = serde_json::from_str(attributes).unwrap();
            let number =
                json!({ "id": ENTERPRISE, "attributes": [{ "name": "employeeNumber", "required": true }, { "name": "department" }] });
            let extension = Some(number).filter(|_| self.habits.extension != Extension::Absent);
            let all: Vec<Value> = [json!({ "id": id, "attributes": attributes })].into_iter().chain(extension).collect();
            return (200, json!({ "totalResults": all.len(), "Resources": all }));
        }
        if path == "/Me" {
            if self.habits.me_is_at.is_some() {
                return (308, Value::Null);
            }
            if let Some(user) = self.habits.me {
                return (200, serde_json::from_str(user).unwrap());
            }
            return error(self.habits.no_me.unwrap_or(404), "");
        }
        if path == "/Users/.search" {
            if self.habits.no_search {
                return error(404, "");
            }
            if let Some(status) = self.habits.no_filters {
                return error(status, "");
            }
            return self.filtered(body["filter"].as_str().unwrap_or_default());
        }
        if path == "/Users" && *method == Method::GET {
            let part = |name: &str| query.split('&').filter_map(|p| p.split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v.to_owned());
            return match part("filter") {
                Some(_) if self.habits.no_filters.is_some() => error(self.habits.no_filters.unwrap_or(400), ""),
                Some(filter) => {
                    let filter = filter.replace("%20", " ").replace("%22", "\"").replace("%40", "@");
                    if self.habits.filters_out && filter.starts_with("id ne ") {
                        return self.listed(None, None, None, filter.split('"').nth(1));
                    }
                    if filter.starts_with("userName eq ") { self.filtered(&filter) } else { error(400, "invalidFilter") }
                }
                None if self.habits.no_queries && !query.is_empty() => error(500, ""),
                None => self.listed(part("startIndex"), part("count"), part("cursor").as_deref(), None),
            };
        }
        if path == "/Users" && *method == Method::POST {
            return self.created(body);
        }
        let Some(id) = path.strip_prefix("/Users/") else { return error(404, "") };
        let Some(at) = self.users.iter().position(|user| has_id(user, id, self.habits.mixes_ids_up)) else {
            return error(404, "");
        };
        let held = self.users[at].clone();
        let version = held.get("meta").and_then(|meta| meta["version"].as_str()).unwrap_or_default();
        let is_strong = self.habits.listed_version == ListedVersion::Weak;
        let version = if is_strong { version.trim_start_matches("W/") } else { version };
        if if_match.is_some_and(|tag| version != tag || (self.habits.compares_strictly && tag.starts_with("W/"))) {
            return error(412, "");
        }
        match method.as_str() {
            "GET" => {
                let mut user = Value::Object(held);
                match self.habits.listed_version {
                    ListedVersion::Same => {}
                    ListedVersion::Weak => {
                        user["meta"]["version"] = json!(user["meta"]["version"].as_str().unwrap().trim_start_matches("W/"));
                    }
                    ListedVersion::Only => user["meta"] = json!({}),
                }
                (200, user)
            }
            "PUT" if self.habits.no_put => error(405, ""),
            "PUT" if self.habits.refuses_groups && body.get("groups").is_some() => error(400, "mutability"),
            "PUT" if self.habits.fails_at.is_some_and(|name| body.get(name) != held.get(name)) => error(500, ""),
            "PUT" if self.habits.refuses.iter().any(|name| body.get(name) != held.get(*name)) => self.refusal(|_| true).unwrap_or_default(),
            "PUT" => (200, self.store(body.as_object().unwrap().clone(), Some(at))),
            "PATCH" if self.habits.no_patch => {
                let status = self.habits.no_patch_with.unwrap_or(405);
                error(status, if status == 400 { "invalidSyntax" } else { "" })
            }
            "PATCH" => self.patched(at, held, body),
            _ => error(405, ""),
        }
    }

    /// The refusal of a write with an attribute in it that the server does not accept.
    fn refusal(&self, has: impl Fn(&str) -> bool) -> Option<(u16, Value)> {
        let (status, kind) = self.habits.refuses_with.unwrap_or((400, "invalidValue"));
        let refused = self.habits.refuses.iter().find(|name| has(name))?;
        let (status, mut answer) = error(status, kind);
        if self.habits.says_what_it_refuses {
            answer["detail"] = json!(format!("the attribute '{refused}' is not supported"));
        }
        Some((status, answer))
    }

    fn created(&mut self, body: &Value) -> (u16, Value) {
        let user = body.as_object().unwrap().clone();
        let has = |name: &str| name.split('.').try_fold(body, |value, part| value.get(part)).is_some();
        if let Some(refusal) = self.refusal(has) {
            return refusal;
        }
        let lacks = |name: &&&str| !has(name);
        if let Some(_missing) = self.habits.demands.iter().find(lacks) {
            return error(400, "invalidValue");
        }
        if !self.fits_schema(&user) {
            return error(400, "invalidValue");
        }
        if self.habits.lost_posts > 0 {
            self.habits.lost_posts -= 1;
            return error(500, "");
        }
        if self.habits.failing_posts > 0 {
            self.habits.failing_posts -= 1;
            self.store(user, None);
            return error(500, "");
        }
        if self.users.iter().any(|u| u["userName"] == user["userName"]) {
            return error(409, "uniqueness");
        }
        let stored = self.store(user, None);
        (201, stored)
    }

    fn patched(&mut self, at: usize, held: Map<String, Value>, body: &Value) -> (u16, Value) {
        let operations = body["Operations"].as_array().unwrap().clone();
        let touches = |name: &str| {
            let by_path = operations.iter().any(|o| o["path"].as_str().is_some_and(|path| path.starts_with(name)));
            by_path || operations.iter().any(|o| o["value"].get(name).is_some())
        };
        if self.habits.one_operation && operations.len() > 1 {
            return error(501, "");
        }
        if self.habits.stores_before_it_refuses && self.refusal(touches).is_some() {
            let is_refused = |path: &str| self.habits.refuses.iter().any(|name| path.starts_with(name));
            let (mut user, mut has_stored) = (held.clone(), false);
            for operation in operations.iter().take_while(|operation| !is_refused(operation["path"].as_str().unwrap_or_default())) {
                set(&mut user, operation["path"].as_str().unwrap(), &operation["value"]);
                has_stored = true;
            }
            if has_stored {
                self.store(user, Some(at));
            }
            return self.refusal(|_| true).unwrap_or_default();
        }
        if self.habits.no_patch_of.is_some_and(touches) {
            return error(501, "");
        }
        if let Some(refusal) = self.refusal(touches) {
            return refusal;
        }
        if self.habits.fails_at.is_some_and(touches) {
            return error(500, "");
        }
        if self.habits.fails_at_single_attributes && operations.len() == 1 {
            return error(500, "");
        }
        if self.habits.no_paths && operations.iter().any(|o| o.get("path").is_some()) {
            let (status, kind) = self.habits.no_paths_with.unwrap_or((400, "invalidPath"));
            return error(status, kind);
        }
        let mut user = held;
        for operation in operations {
            match operation["path"].as_str() {
                Some(path) if path.contains('[') => self.remove(&mut user, path),
                Some(path) if self.habits.appends && operation["value"].is_array() => {
                    let held = user.entry(path).or_insert_with(|| json!([])).as_array_mut().unwrap();
                    let new = operation["value"].as_array().unwrap().iter().filter(|new| !held.contains(new)).cloned().collect::<Vec<_>>();
                    held.extend(new);
                }
                Some(path) => set(&mut user, path, operation.get("value").unwrap_or(&Value::Null)),
                None => {
                    for (name, value) in operation["value"].as_object().unwrap() {
                        set(&mut user, name, value);
                    }
                }
            }
        }
        if self.habits.pretends {
            return (200, Value::Object(self.users[at].clone()));
        }
        if self.habits.merges_roles
            && let (Some(Value::Array(held)), Some(Value::Array(new))) = (self.users[at].get("roles"), user.get_mut("roles"))
        {
            let kept: Vec<Value> = held.iter().filter(|role| !new.contains(role)).cloned().collect();
            new.extend(kept);
        }
        let stored = self.store(user, Some(at));
        if self.habits.failing_patches > 0 {
            self.habits.failing_patches -= 1;
            return error(self.habits.failing_with.unwrap_or(500), "");
        }
        if self.habits.deletes_the_inactive && stored["active"] == false {
            self.users.remove(at);
        }
        (200, stored)
    }

    /// Removes the value that a path selects by `[value eq "…"]`.
    fn remove(&self, user: &mut Map<String, Value>, path: &str) {
        let (name, filter) = path.split_once('[').unwrap();
        let value = filter.split('"').nth(1).unwrap();
        if let (false, Some(Value::Array(held))) = (self.habits.no_removal, user.get_mut(name)) {
            held.retain(|element| element["value"] != value);
        }
    }

    fn config(&self) -> (u16, Value) {
        match self.habits.config {
            Some("") => error(404, ""),
            Some(text) => (200, serde_json::from_str(text).unwrap_or_else(|_| json!(text))),
            None => (
                200,
                json!({
                    "patch": { "supported": !self.habits.no_patch || self.habits.no_patch_with.is_some() },
                    "etag": { "supported": !self.habits.no_versions },
                    "pagination": { "cursor": self.habits.cursors },
                }),
            ),
        }
    }

    fn listed(&mut self, start: Option<String>, count: Option<String>, cursor: Option<&str>, without: Option<&str>) -> (u16, Value) {
        let start: usize = match cursor {
            Some("") => 1,
            Some(cursor) => cursor.trim_start_matches('c').parse().unwrap(),
            None => start.and_then(|s| s.parse().ok()).unwrap_or(1),
        };
        if start == usize::from(!self.habits.counts_from_zero) {
            self.listings += 1;
        }
        // Usually a start before the first user is the first one.
        let start = if self.habits.counts_from_zero { start + 1 } else { start.max(1) };
        let habits = &self.habits;
        if let Some(status) = habits.fails_past_the_end.filter(|_| start > self.users.len()) {
            return error(status, "");
        }
        if habits.endless {
            let people = if habits.empty_from.is_some() { 0 } else { count.as_ref().and_then(|c| c.parse().ok()).unwrap_or(100) };
            let page: Vec<Value> = (start..start + people).map(|n| json!({ "id": n, "userName": format!("u{n}@glow.example") })).collect();
            let mut answer = json!({ "Resources": page, "nextCursor": format!("c{}", start + people + 1) });
            if !habits.no_total {
                answer["totalResults"] = json!(10);
            }
            return (200, answer);
        }
        let mut count: usize = count.and_then(|c| c.parse().ok()).unwrap_or(100);
        count = count.min(habits.page_of_at_most.unwrap_or(usize::MAX));
        let is_in = |user: &&Map<String, Value>| {
            without.is_none_or(|id| user["id"] != id) && !(habits.lists_no_inactive && user["active"] == false)
        };
        let mut all: Vec<Value> = self.users.iter().filter(is_in).cloned().map(Value::Object).collect();
        if self.listings <= habits.empty_listings || habits.empty_from.is_some_and(|from| self.listings >= from) {
            all.clear();
        }
        if habits.truncated_from.is_some_and(|from| self.listings >= from) {
            all.truncate(all.len() / 2);
        }
        if let Some(most) = habits.shows_at_most {
            all.truncate(most);
        }
        for user in all.iter_mut().filter_map(Value::as_object_mut) {
            if habits.lists_no_versions {
                user.shift_remove("meta");
            }
            if let Some(name) = habits.lists_without {
                user.shift_remove(name);
            }
        }
        let mut total = all.len();
        if self.listings <= habits.restless_listings {
            total += start;
        }
        if self.listings <= habits.short_listings || habits.short_from.is_some_and(|from| self.listings >= from) {
            all.truncate(total / 2);
        }
        let page: Vec<Value> = if habits.ignores_paging || habits.shows_at_most.is_some() {
            all.clone()
        } else if habits.ignores_start {
            let count = if habits.ignores_count { habits.page_of_at_most.unwrap_or(usize::MAX) } else { count };
            all.iter().take(count).cloned().collect()
        } else {
            let last = all.len().saturating_sub(1) / count.max(1) * count;
            let skip = if habits.repeats_the_last_page { (start - 1).min(last) } else { start - 1 };
            all.iter().skip(skip).take(count).cloned().collect()
        };
        if habits.total_is_page {
            total = page.len();
        }
        if habits.total_is_zero {
            total = 0;
        }
        let mut answer = json!({ "Resources": page, "totalResults": total });
        let members = answer.as_object_mut().unwrap();
        if habits.no_total || habits.cursors {
            members.shift_remove("totalResults");
        }
        if habits.cursors && start + count <= all.len() {
            members.insert("nextCursor".to_owned(), json!(format!("c{}", start + count)));
        }
        if habits.lower_case_names {
            answer = json!({ "resources": answer["Resources"], "totalresults": total.to_string() });
        }
        (200, answer)
    }

    fn filtered(&self, filter: &str) -> (u16, Value) {
        let wanted = filter.split('"').nth(1).unwrap_or_default();
        if filter.starts_with("emails") {
            if !self.habits.finds_emails {
                return error(400, "invalidFilter");
            }
            let has = |user: &&Map<String, Value>| user.get("emails").is_some_and(|emails| emails.to_string().contains(wanted));
            let found: Vec<Value> = self.users.iter().filter(has).cloned().map(Value::Object).collect();
            return (200, json!({ "totalResults": found.len(), "Resources": found }));
        }
        let found: Vec<Value> = self
            .users
            .iter()
            .filter(|u| self.habits.filter_finds_everybody || (!self.habits.filter_finds_nobody && u["userName"] == wanted))
            .cloned()
            .map(Value::Object)
            .collect();
        (200, json!({ "totalResults": found.len(), "Resources": found }))
    }

    /// Returns whether a new user has what the schema requires, and nothing else.
    fn fits_schema(&self, user: &Map<String, Value>) -> bool {
        fn fits(attributes: &Value, value: &Map<String, Value>) -> bool {
            let attributes = attributes.as_array().unwrap();
            let known = |name: &String| ["schemas", "active"].contains(&name.as_str()) || attributes.iter().any(|a| a["name"] == **name);
            let is_due = |a: &Value| a["required"] == true && a["mutability"] != "readOnly";
            let has_all = attributes.iter().all(|a| !is_due(a) || value.contains_key(a["name"].as_str().unwrap()));
            let parts_fit = attributes.iter().filter(|a| a.get("subAttributes").is_some()).all(|a| {
                let part = |value: &Value| value.as_object().is_none_or(|value| fits(&a["subAttributes"], value));
                match value.get(a["name"].as_str().unwrap()) {
                    Some(Value::Array(elements)) => elements.iter().all(part),
                    Some(value) => part(value),
                    None => true,
                }
            });
            has_all && parts_fit && value.keys().all(known)
        }
        self.habits.schema.is_none_or(|schema| fits(&serde_json::from_str(schema).unwrap(), user))
    }

    /// Keeps a user, at a place or as a new one, in its next version.
    pub(crate) fn store(&mut self, mut user: Map<String, Value>, at: Option<usize>) -> Value {
        self.version += 1;
        if self.habits.lags > 0 {
            self.old = Some((self.users.clone(), self.habits.lags));
        }
        let number = at.map_or(self.users.len() + 1, |at| at + 1);
        let id = if self.habits.numbers_as_ids { json!(number) } else { json!(format!("u{number}")) };
        let id = if self.habits.login_as_id { user["userName"].clone() } else { id };
        user.insert("id".to_owned(), id);
        user.shift_remove("meta");
        if !self.habits.no_versions {
            let version = if self.habits.one_version { 1 } else { self.version };
            user.insert("meta".to_owned(), json!({ "version": format!("W/\"{version}\"") }));
        }
        if let Some(at) = self.habits.created_at {
            user.entry("meta").or_insert_with(|| json!({}))["created"] = json!(at);
        }
        if let (true, None, Some(name)) = (self.habits.capitals, at, user.get_mut("name").and_then(Value::as_object_mut)) {
            name.values_mut().for_each(|part| *part = json!(part.as_str().unwrap_or_default().to_uppercase()));
        }
        if let Some((name, most)) = self.habits.cuts
            && let Some(text) = user.get(name).and_then(Value::as_str)
        {
            user.insert(name.to_owned(), json!(text.chars().take(most).collect::<String>()));
        }
        if let (true, Some(text)) = (self.habits.no_accents, user.get("title").and_then(Value::as_str)) {
            user.insert("title".to_owned(), json!(text.replace('é', "e")));
        }
        if self.habits.creates_inactive && at.is_none() {
            user.insert("active".to_owned(), json!(false));
        }
        if let (true, Some(phones)) = (self.habits.sorts_phones, user.get_mut("phoneNumbers").and_then(Value::as_array_mut)) {
            phones.sort_by_key(|phone| std::cmp::Reverse(phone["value"].to_string()));
            for phone in phones.iter_mut() {
                *phone = json!({ "value": phone["value"] });
            }
        }
        if let Some(name) = self.habits.drops {
            user.shift_remove(name);
        }
        if let (Some(name), Some(at)) = (self.habits.frozen, at)
            && let Some(held) = self.users[at].get(name)
        {
            user.insert(name.to_owned(), held.clone());
        }
        match at {
            Some(at) => self.users[at].clone_from(&user),
            None => self.users.push(user.clone()),
        }
        Value::Object(user)
    }
}

fn set(user: &mut Map<String, Value>, path: &str, value: &Value) {
    let (name, part) = path.split_once('.').map_or((path, None), |(name, part)| (name, Some(part)));
    match (part, value) {
        (None, Value::Null) => {
            user.shift_remove(name);
        }
        (None, Value::Object(parts)) => parts.iter().for_each(|(part, value)| set(user, &format!("{name}.{part}"), value)),
        (None, value) => {
            user.insert(name.to_owned(), value.clone());
        }
        (Some(part), value) => {
            let holder = user.entry(name).or_insert_with(|| json!({})).as_object_mut().unwrap();
            if value.is_null() {
                holder.shift_remove(part)
            } else {
                holder.insert(part.to_owned(), value.clone())
            };
        }
    }
}
