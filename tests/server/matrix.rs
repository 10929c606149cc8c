//! The access matrix: every route, method and kind of caller, and what each is answered.

use std::collections::BTreeSet;

use http::Method;
use rosterctl::server::{self, Needs};
use rosterctl::store::TokenAccess;
use serde_json::json;

use crate::harness::{Answer, House, USER, call, email, glow, lakeside, settings};

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
pub(crate) const YEAR: i64 = 365 * 24 * 3_600_000;

/// The caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Caller {
    /// Somebody without a valid token for this workspace, in these words.
    Unknown(&'static str),
    /// An admin's token that may only read.
    ReadOnly,
    /// A token whose owner is no longer an admin.
    Demoted,
    /// The main admin, who may everything.
    Admin,
}

/// One caller's request, and its answer.
pub(crate) struct Cell {
    pub(crate) caller: Caller,
    pub(crate) method: Method,
    /// The route, such as `/scim/v2/Users/{id}`.
    pub(crate) template: &'static str,
    /// Says whether the route offers the method.
    pub(crate) is_offered: bool,
    /// Says whether a token that only reads is let through: where the table says so, and where no method fits, for GET.
    pub(crate) is_read: bool,
    pub(crate) answer: Answer,
}

impl Cell {
    /// The request in words.
    pub(crate) fn name(&self) -> String {
        format!("{} {} by {:?}", self.method, self.template, self.caller)
    }
}

/// Makes a token, and returns its id and the header that carries it.
pub(crate) async fn token(house: &House, owner: &str, access: TokenAccess, lives: i64) -> (String, String) {
    let issued = server::create_token(&house.store, &house.name, &email(owner), access, lives).await.unwrap();
    (issued.id, format!("Bearer {}", issued.token.expose()))
}

/// Gives somebody another role.
pub(crate) async fn role(house: &House, who: &str, role: &str) {
    let id = house.id(who).await;
    let operation = json!([{ "op": "replace", "path": "roles", "value": [{ "value": role, "primary": true }] }]);
    house.patch(&format!("/scim/v2/Users/{id}"), operation).await.expect(200);
}

/// Every cell of the matrix, in a medspa.
pub(crate) async fn cells() -> Vec<Cell> {
    let house = House::of(&glow()).await;
    let other = House::on(&lakeside(), house.store.clone(), house.clock.clone()).await;
    let router = server::router(house.store.clone(), settings());
    let (_, reads) = token(&house, "olivia@glow.example", TokenAccess::Read, YEAR).await;
    role(&house, "marcus@glow.example", "administrator").await;
    let (_, demoted) = token(&house, "marcus@glow.example", TokenAccess::Write, YEAR).await;
    role(&house, "marcus@glow.example", "front-desk").await;
    let (revoked_id, revoked) = token(&house, "olivia@glow.example", TokenAccess::Write, YEAR).await;
    server::revoke_token(&house.store, "glow", &revoked_id).await.unwrap();
    let (_, expired) = token(&house, "olivia@glow.example", TokenAccess::Write, 1).await;
    let (_, foreign) = token(&other, "iyer@lakeside.example", TokenAccess::Write, YEAR).await;
    house.clock.advance(1);
    let ana = house.id("ana@glow.example").await;
    let callers = [
        (Caller::Unknown("nobody"), ""),
        (Caller::Unknown("nonsense"), "Bearer nonsense"),
        (Caller::Unknown("a password"), "Basic b2xpdmlhOng="),
        (Caller::Unknown("a revoked token"), revoked.as_str()),
        (Caller::Unknown("an expired token"), expired.as_str()),
        (Caller::Unknown("a token of another workspace"), foreign.as_str()),
        (Caller::ReadOnly, reads.as_str()),
        (Caller::Demoted, demoted.as_str()),
    ];
    let mut cells = Vec::new();
    let templates: BTreeSet<&str> = server::api_routes().map(|route| route.path).collect();
    for template in templates {
        let path = template.replace("{id}", &ana).replace("{action}", "invite").replace("{name}", "User").replace("{urn}", USER);
        for method in METHODS {
            let route = server::api_routes().find(|route| route.path == template && route.method == method);
            let (is_offered, is_read) = (route.is_some(), route.map_or(method == Method::GET, |route| route.needs == Needs::Read));
            let body = (method != Method::GET).then(|| json!({}));
            for (caller, header) in callers {
                let headers: Vec<(&str, &str)> = if header.is_empty() { Vec::new() } else { vec![("authorization", header)] };
                let answer = call(&router, method.clone(), &format!("/glow{path}"), &headers, body.clone()).await;
                cells.push(Cell { caller, method: method.clone(), template, is_offered, is_read, answer });
            }
            let answer = house.call(method.clone(), &path, &[], body).await;
            cells.push(Cell { caller: Caller::Admin, method, template, is_offered, is_read, answer });
        }
    }
    cells
}
