//! What every request over HTTP gets besides its answer: a time limit, a line in the log, and a question about health.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use tokio::time::Instant;
use tower_http::timeout::TimeoutLayer;

use crate::scim::ScimError;
use crate::server::answer;
use crate::server::operator_log::OperatorLog;

/// The longest time a request may take.
const LONGEST: Duration = Duration::from_mins(1);
/// How much of a path the log shows, in characters.
const LONGEST_PATH: usize = 1000;
/// Where a monitor asks whether the server answers at all.
const HEALTH: &str = "/health";

/// The router with what every request gets.
pub(super) fn answering(router: Router, log: OperatorLog) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST);
    let log_request = move |request: Request, next: Next| log_request(request, next, log.clone());
    Router::new().route(HEALTH, get(|| async { "ok\n" })).fallback_service(router).layer(timeout).layer(from_fn(log_request))
}

/// Whether a request asks only whether the server answers.
pub(super) fn is_health(request: &Request) -> bool {
    request.uri().path() == HEALTH
}

/// The answer while every place is taken by requests in progress.
pub(super) fn busy() -> Response {
    let mut response = answer::error(&ScimError::new(503, "the server has too many requests in progress: try again"));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Logs each request in one line, without its query, which can contain addresses, and without its headers, which contain tokens.
async fn log_request(request: Request, next: Next, log: OperatorLog) -> Response {
    let begun = Instant::now();
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |peer| peer.0.to_string());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let path: String = path.escape_debug().take(LONGEST_PATH).collect();
    log.line(&format!("{from} {method} {path} {} {}ms", response.status().as_u16(), begun.elapsed().as_millis()));
    response
}
