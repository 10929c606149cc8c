// The server, called in process: no input causes an internal error, and strangers learn nothing.

use axum::Router;
use axum::body::Body;
use http::{HeaderValue, Method, Request, StatusCode, header};
use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::Desired;
use rosterctl::server::{self, HashingCost, Settings, seed};
use rosterctl::store::Store;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// The workspace under test.
const WORKSPACE: &str = include_str!("../../examples/glow/glow.yaml");
/// The start file that it begins with.
const START: &str = include_str!("../../examples/glow/start.yaml");
/// The longest request body.
const MOST_BODY: usize = 64 * 1024;

/// The workspace that a thread keeps between inputs, with two entrances; it is never written to.
struct House {
    runtime: Runtime,
    desired: Desired,
    reading: Router,
    strangers: Router,
}

thread_local! {
    static HOUSE: House = House::new();
}

impl House {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let sources = Sources { files: vec![source("glow.yaml", WORKSPACE), source("start.yaml", START)] };
        let roster = manifest::read(&sources).unwrap_or_else(|_| panic!("the example is a good roster"));
        let desired = roster.workspaces.into_iter().next().expect("the example has a workspace");
        let store = runtime.block_on(fresh(&desired));
        let reading = embedded(store.clone(), &desired);
        let strangers = server::router(store, Settings::default());
        Self { runtime, desired, reading, strangers }
    }

    fn call(&self, router: &Router, request: Request<Body>) -> StatusCode {
        let answered = self.runtime.block_on(router.clone().oneshot(request));
        let status = answered.map_or_else(|never| match never {}, |answer| answer.status());
        // 501 means that a platform does not support something, such as deletion.
        assert!(!status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED, "the server answered {status}");
        status
    }
}

async fn fresh(desired: &Desired) -> Store {
    let store = Store::memory().await.expect("a store in memory can be made");
    let seed = seed::from_desired(desired).expect("the example makes a workspace");
    store.create_workspace(&seed).await.expect("the workspace can be made");
    store
}

fn embedded(store: Store, desired: &Desired) -> Router {
    let acting = desired.main_admin.as_ref().expect("the example has a main admin");
    server::embedded_with(store, &desired.workspace, acting, Settings { hashing: HashingCost::Least, ..Settings::default() })
}

/// Queries: the text after the question mark, still encoded.
pub(crate) fn query(bytes: &[u8]) {
    HOUSE.with(|house| {
        for endpoint in ["Users", "Clinics"] {
            let mut uri = format!("/glow-medspa/scim/v2/{endpoint}?").into_bytes();
            uri.extend_from_slice(bytes);
            let Ok(request) = Request::get(uri.as_slice()).body(Body::empty()) else { return };
            house.call(&house.reading, request);
        }
    });
}

/// Tokens: an invented token is always rejected (D3).
pub(crate) fn token(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    HOUSE.with(|house| {
        let request = Request::get("/glow-medspa/scim/v2/Users").header(header::AUTHORIZATION, value).body(Body::empty());
        let status = house.call(&house.strangers, request.expect("a request can be built"));
        assert_eq!(status, StatusCode::UNAUTHORIZED, "a stranger came in");
    });
}

/// Writes: `METHOD path` on the first line and then the body, to a new workspace.
pub(crate) fn write(bytes: &[u8]) {
    let end = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
    let body = bytes.get(end + 1..).unwrap_or_default();
    let mut words = bytes[..end].splitn(2, |b| *b == b' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    let Ok(method) = Method::from_bytes(method) else { return };
    if body.len() > MOST_BODY {
        return;
    }
    let mut uri = b"/glow-medspa".to_vec();
    uri.extend_from_slice(path);
    let request = Request::builder().method(method).uri(uri.as_slice()).header(header::CONTENT_TYPE, "application/scim+json");
    let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
    HOUSE.with(|house| {
        let store = house.runtime.block_on(fresh(&house.desired));
        house.call(&embedded(store, &house.desired), request);
    });
}
