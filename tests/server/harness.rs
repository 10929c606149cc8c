//! A workspace of each platform, and a client that calls its router.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use rosterctl::model::{
    Block, BlockReason, Connection, Desired, DesiredClinic, DesiredEmployee, DesiredRole, DesiredUser, Email, EmbeddedStart, EmployeeLink,
    Field, Fields, Guards, Invitation, InvitationState, Manage, OwnSecret, Place, PlatformId, StartAccount, State, Status, Subscription,
    Value as Val,
};
use rosterctl::server::{self, HashingCost, Settings, seed};
use rosterctl::store::{Clock, HandClock, LogRow, Store, log};
use serde_json::{Value, json};

pub(crate) const PRACTICE: &str = "urn:rosterctl:params:scim:schemas:extension:practice:2.0:User";
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// 2026-11-22T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_348_800_000;

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub(crate) fn text(value: &str) -> Val {
    Val::Text(value.to_owned())
}

pub(crate) fn set(values: &[&str]) -> Val {
    Val::Set(values.iter().map(|v| (*v).to_owned()).collect())
}

pub(crate) fn fields(pairs: &[(Field, Val)]) -> Fields {
    pairs.iter().cloned().collect()
}

pub(crate) fn accepted() -> State {
    State { accepted: true, ..State::default() }
}

pub(crate) fn pending() -> State {
    let invitation = Invitation { state: InvitationState::Open, sent_at: 0, expires_at: 7 * 24 * 3_600_000 };
    State { invitation: Some(invitation), ..State::default() }
}

pub(crate) fn inactive(accepted: bool) -> State {
    State { accepted, inactive: true, ..State::default() }
}

pub(crate) fn blocked(state: State) -> State {
    State { block: Some(Block { reason: BlockReason::ActivityReview, note: None }), ..state }
}

/// A roster's workspace with these start accounts.
pub(crate) fn desired(name: &str, platform: &str, main_admin: Option<&str>, accounts: &[(&str, Fields, State)]) -> Desired {
    let accounts: BTreeMap<Email, StartAccount> = accounts
        .iter()
        .map(|(who, fields, state)| (email(who), StartAccount { fields: fields.clone(), state: state.clone(), has_passcode: false }))
        .collect();
    let users = accounts
        .iter()
        .map(|(who, start)| {
            let user = DesiredUser {
                email: who.clone(),
                id: None,
                formerly: Vec::new(),
                status: Status::Active,
                blocked: None,
                fields: start.fields.clone(),
                employee: EmployeeLink::ByName,
                passcode: None,
                initial_password: None,
                service_owner: None,
                place: Place::default(),
            };
            (who.clone(), user)
        })
        .collect();
    Desired {
        workspace: name.to_owned(),
        platform: PlatformId(platform.to_owned()),
        connection: Connection::Embedded { path: None, start: Some(EmbeddedStart { accounts, ..EmbeddedStart::default() }) },
        subscription: Subscription::default(),
        time_zone: "America/Phoenix".to_owned(),
        country: None,
        main_admin: main_admin.map(email),
        manage: Manage::Exact,
        guards: Guards::default(),
        waivers: Vec::new(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        users,
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: false,
        list: rosterctl::model::ListWords::default(),
        stale_after: 7 * 24 * 60 * 60 * 1000,
        oddities: Vec::new(),
        place: Place::default(),
    }
}

pub(crate) fn start(desired: &mut Desired) -> &mut EmbeddedStart {
    let Connection::Embedded { start: Some(start), .. } = &mut desired.connection else { unreachable!("made with a start") };
    start
}

fn person(first: &str, last: &str, role: &str, clinics: &[&str], phone: &str) -> Fields {
    fields(&[
        (Field::FirstName, text(first)),
        (Field::LastName, text(last)),
        (Field::Role, text(role)),
        (Field::Clinics, set(clinics)),
        (Field::DefaultClinic, text(clinics[0])),
        (Field::Phones, Val::List(vec![phone.to_owned()])),
    ])
}

/// Clinics, roles with a main admin who may block: a medspa.
pub(crate) fn glow() -> Desired {
    let mut glow = desired(
        "glow",
        "aesthetic-record",
        Some("olivia@glow.example"),
        &[
            ("olivia@glow.example", person("Olivia", "Stone", "administrator", &["downtown"], "+16025550100"), accepted()),
            ("marcus@glow.example", person("Marcus", "Lee", "medical-director", &["downtown"], "+16025550101"), accepted()),
            ("ana@glow.example", person("Ana", "Ruiz", "provider", &["uptown"], "+16025550102"), accepted()),
            ("petra@glow.example", person("Petra", "Ng", "front-desk", &["downtown"], "+16025550103"), pending()),
            ("ines@glow.example", person("Ines", "Day", "front-desk", &["downtown"], "+16025550104"), inactive(true)),
            ("nova@glow.example", person("Nova", "Kay", "front-desk", &["downtown"], "+16025550105"), inactive(false)),
            ("bea@glow.example", person("Bea", "Roe", "front-desk", &["downtown"], "+16025550106"), blocked(accepted())),
        ],
    );
    for key in ["downtown", "uptown"] {
        start(&mut glow).clinics.insert(key.to_owned(), DesiredClinic { name: format!("Glow {key}") });
    }
    let lead = DesiredRole { name: "Lead".to_owned(), based_on: None, privileges: BTreeSet::from(["view-reports".to_owned()]) };
    start(&mut glow).roles.insert("lead".to_owned(), lead);
    glow
}

/// Employee records and a code word: a dental practice.
pub(crate) fn bright() -> Desired {
    let person = |first: &str, last: &str, role: &str| {
        fields(&[(Field::FirstName, text(first)), (Field::LastName, text(last)), (Field::Role, text(role))])
    };
    let mut bright = desired(
        "bright",
        "practice-by-numbers",
        Some("dana@bright.example"),
        &[
            ("dana@bright.example", person("Dana", "Fox", "owner"), accepted()),
            ("omar@bright.example", person("Omar", "Bell", "office-administrator"), accepted()),
            ("hugo@bright.example", person("Hugo", "Lamb", "hygienist"), accepted()),
        ],
    );
    let records = [("rob-hale", "Rob", "Hale", true), ("gone-girl", "Gone", "Girl", false)];
    for (key, first, last, active) in records {
        start(&mut bright).employees.push(DesiredEmployee {
            id: Some(key.to_owned()),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            active: Some(active),
            external: Some(false),
        });
    }
    bright
}

/// Types and permissions: a clinic.
pub(crate) fn lakeside() -> Desired {
    let person = |first: &str, last: &str, role: &str| {
        fields(&[(Field::FirstName, text(first)), (Field::LastName, text(last)), (Field::Role, text(role))])
    };
    desired(
        "lakeside",
        "telus-chr",
        Some("iyer@lakeside.example"),
        &[
            ("iyer@lakeside.example", person("Asha", "Iyer", "practitioner"), accepted()),
            ("sam@lakeside.example", person("Sam", "Poe", "staff"), accepted()),
            ("pia@lakeside.example", person("Pia", "Lund", "staff"), pending()),
        ],
    )
}

/// Plain SCIM.
pub(crate) fn plain() -> Desired {
    desired("plain", "generic", None, &[("root@plain.example", Fields::default(), accepted())])
}

/// A workspace with its clock.
pub(crate) struct House {
    pub store: Store,
    pub clock: Arc<HandClock>,
    pub name: String,
    pub router: Router,
}

pub(crate) fn settings() -> Settings {
    Settings { hashing: HashingCost::Least, ..Settings::default() }
}

impl House {
    /// In memory, called by the main admin (or the first account).
    pub(crate) async fn of(desired: &Desired) -> Self {
        let clock = Arc::new(HandClock::at(NOON));
        let store = Store::memory_with(Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        Self::on(desired, store, clock).await
    }

    pub(crate) async fn on(desired: &Desired, store: Store, clock: Arc<HandClock>) -> Self {
        store.create_workspace(&seed::from_desired(desired).unwrap()).await.unwrap();
        let acting = desired.main_admin.clone().unwrap_or_else(|| desired.users.keys().next().unwrap().clone());
        let router = server::embedded_with(store.clone(), &desired.workspace, &acting, settings());
        Self { store, clock, name: desired.workspace.clone(), router }
    }

    /// The same workspace, called by somebody else.
    pub(crate) fn as_admin(&self, who: &str) -> Self {
        let router = server::embedded_with(self.store.clone(), &self.name, &email(who), settings());
        Self { store: self.store.clone(), clock: Arc::clone(&self.clock), name: self.name.clone(), router }
    }

    pub(crate) async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        call(&self.router, method, &format!("/{}{path}", self.name), headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, &[], Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.call(Method::PATCH, path, &[], Some(patch(operations))).await
    }

    pub(crate) async fn act(&self, id: &str, action: &str, body: Value) -> Answer {
        self.post(&format!("/scim/v2/Users/{id}/actions/{action}"), body).await
    }

    /// The user with this login.
    pub(crate) async fn user(&self, who: &str) -> Value {
        let found = self.get(&format!("/scim/v2/Users?filter=userName%20eq%20%22{who}%22")).await;
        assert_eq!(found.status, 200, "{}", found.body);
        found.body["Resources"][0].clone()
    }

    pub(crate) async fn id(&self, who: &str) -> String {
        self.user(who).await["id"].as_str().unwrap_or_else(|| panic!("no {who}")).to_owned()
    }

    pub(crate) async fn clinic(&self, key: &str) -> String {
        let all = self.get("/scim/v2/Clinics").await.body;
        let found = all["Resources"].as_array().unwrap().iter().find(|c| c["key"] == key).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// The user log; every row of it says who did what to whom, when and with what result, and has no secret (L4).
    pub(crate) async fn log(&self) -> Vec<LogRow> {
        server::send_asked_resets(&self.store).await.unwrap();
        let name = self.name.clone();
        let read = self.store.read(move |conn| Box::pin(async move { log::after(conn, &name, 0, i64::MIN, 100_000).await }));
        let rows = read.await.unwrap();
        rows.iter().for_each(is_whole);
        rows
    }
}

fn is_whole(row: &LogRow) {
    let entry = &row.entry;
    let said = format!("{row:?}");
    let words = [&entry.actor, &entry.request_id];
    assert!(words.iter().all(|word| !word.is_empty()) && row.at > 0 && row.seq > 0, "L4: {said}");
    let is_ours =
        [entry.via.ours().is_some(), entry.action.ours().is_some(), entry.subject_kind.ours().is_some(), entry.result.ours().is_some()];
    assert_eq!(is_ours, [true; 4], "L4: {said}");
    assert!(serde_json::from_str::<Value>(&entry.changes).is_ok_and(|changes| changes.is_object()), "L4: {said}");
    assert!(!OwnSecret::is_in(&said), "L4: {said}");
}

#[expect(clippy::needless_pass_by_value, reason = "callers hand over a literal")]
pub(crate) fn patch(operations: Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The answer's body, where it has the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}

pub(crate) async fn call(router: &Router, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
    let text = body.map(|b| b.to_string()).unwrap_or_default();
    raw(router, method, path, headers, text.into_bytes()).await
}

pub(crate) async fn raw(router: &Router, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request = request.header("content-type", "application/scim+json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = tower::ServiceExt::oneshot(router.clone(), request.body(Body::from(body)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
    assert!(parts.status != StatusCode::INTERNAL_SERVER_ERROR, "500: {body}");
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}
