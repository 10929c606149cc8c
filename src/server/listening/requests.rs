//! What every request over HTTP gets besides its answer: a time limit, a line in the log, and a question about health.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::time::Instant;
use tower_http::timeout::TimeoutLayer;

use crate::scim::ScimError;
use crate::server::answer;
use crate::server::health::Health;
use crate::server::operator_log::OperatorLog;
use crate::server::origin::Origin;
use crate::server::routes;

/// The longest time a request may take.
const LONGEST: Duration = Duration::from_mins(1);
/// How much of a path the log shows, in characters.
const LONGEST_PATH: usize = 1000;

/// The router with what every request gets.
pub(super) fn answering(router: Router, health: &Health, log: OperatorLog) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST);
    let log_request = move |request: Request, next: Next| log_request(request, next, log.clone());
    routes::public_router(health).fallback_service(router).layer(timeout).layer(from_fn(log_request))
}

/// The router while the server stops: monitors learn it, and nobody else gets an answer to wait for.
pub(super) fn stopping(health: &Health, log: OperatorLog) -> Router {
    answering(Router::new().fallback(|| async { refused("the server is stopping: try again") }), health, log)
}

/// Whether a request asks only whether the server is well.
pub(super) fn is_health(request: &Request) -> bool {
    routes::public().any(|route| route.path == request.uri().path())
}

/// The answer while every place is taken by requests in progress.
pub(super) fn busy() -> Response {
    refused("the server has too many requests in progress: try again")
}

fn refused(why: &str) -> Response {
    let mut response = answer::error(&ScimError::new(503, why));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Logs each request in one line, without its query, which can contain addresses, and without its headers, which contain tokens.
async fn log_request(request: Request, next: Next, log: OperatorLog) -> Response {
    let begun = Instant::now();
    let from = from(&request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let path: String = path.escape_debug().take(LONGEST_PATH).collect();
    log.line(&format!("{from} {method} {path} {} {}ms", response.status().as_u16(), begun.elapsed().as_millis()));
    response
}

/// The address that a request came from, and the proxy that forwarded it.
fn from(request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let origin = request.extensions().get::<Origin>().map(|origin| origin.0);
    match (origin, peer) {
        (Some(origin), Some(peer)) if origin != peer.ip().to_canonical() => format!("{origin} through {peer}"),
        (_, Some(peer)) => peer.to_string(),
        (_, None) => String::new(),
    }
}
