//! The parts that every request over HTTP gets besides its answer: a time limit, a line in the log, and a question about health.

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
use crate::server::log_line::AnsweredRequest;
use crate::server::metrics::Metrics;
use crate::server::operator_log::OperatorLog;
use crate::server::origin::Origin;
use crate::server::route::{self, RouteName};
use crate::server::routes;

/// The longest time a request may take.
const LONGEST: Duration = Duration::from_mins(1);

/// The router with what every request gets.
pub(super) fn answering(router: Router, health: &Health, log: OperatorLog) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST);
    let metrics = health.metrics().clone();
    let log_request = move |request: Request, next: Next| log_request(request, next, log.clone(), metrics.clone());
    routes::public_router(health).fallback_service(router).layer(timeout).layer(from_fn(log_request))
}

/// The router while the server stops: monitors learn it, and nobody else gets an answer to wait for.
pub(super) fn stopping(health: &Health, log: OperatorLog) -> Router {
    answering(Router::new().fallback(|| async { refused("the server is stopping: try again") }), health, log)
}

/// The router of the listener for monitors. Their questions are neither logged nor counted.
pub(super) fn monitors(health: &Health) -> Router {
    routes::monitors_router(health).layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
}

/// Returns whether a request asks only whether the server is well.
pub(super) fn is_health(request: &Request) -> bool {
    routes::public().any(|route| route.path == request.uri().path())
}

/// The answer while every place is taken by requests in progress.
pub(super) fn busy() -> Response {
    refused("the server has too many requests in progress: try again")
}

fn refused(why: &'static str) -> Response {
    let mut response = answer::error(&ScimError::new(503, why));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Counts each request, and logs it in one line.
async fn log_request(mut request: Request, next: Next, log: OperatorLog, metrics: Metrics) -> Response {
    let begun = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let origin = request.extensions().get::<Origin>().map(|origin| origin.0);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let name = RouteName::default();
    request.extensions_mut().insert(name.clone());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let public = || routes::public().map(|route| route.path).find(|public| *public == path);
    let route = name.get().or_else(public);
    metrics.answered(&method, route, status, took);
    let path = route::shown(&path);
    let (method, path) = (method.as_str(), path.as_ref());
    log.request(&AnsweredRequest { origin, peer, method, path, route, status, millis: took.as_millis() });
    response
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use proptest::prelude::*;
    use tower::ServiceExt as _;

    use super::*;
    use crate::server::log_line::LogForm;
    use crate::server::{self, Settings};
    use crate::store::Store;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Sends requests to a server whose log is in a form, and returns the log.
    async fn logged(form: LogForm, requests: Vec<Request>) -> String {
        let written = Written::default();
        let log = OperatorLog::start_on(form, written.clone()).unwrap();
        let store = Store::memory().await.unwrap();
        let settings = Settings { log: log.clone(), ..Settings::default() };
        let health = Health::new([store.clone()], settings.metrics.clone());
        let router = answering(server::router(store, settings), &health, log.clone());
        for request in requests {
            router.clone().oneshot(request).await.unwrap();
        }
        log.finish().await;
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    const SECRET: &str = "rctl_canary";

    /// A request with a secret wherever a client sends one, and with any bytes in its path and headers.
    fn request(path: &[u8], value: &[u8]) -> Option<Request> {
        let uri = [b"/glow/", path, b"?filter=", SECRET.as_bytes()].concat();
        let mut request = axum::http::Request::builder().method("GET").uri(axum::http::Uri::try_from(uri).ok()?);
        for name in ["x-forwarded-for", "user-agent", "idempotency-key", "rosterctl-approver", "host"] {
            request = request.header(name, HeaderValue::from_bytes(value).ok()?);
        }
        let request = request.header("authorization", format!("Bearer {SECRET}")).header("cookie", format!("session={SECRET}"));
        request.extension(Origin([203, 0, 113, 9].into())).body(Body::from(SECRET)).ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

        // K1, K4: a request is one line, with its path and nothing else of what the client sent.
        #[test]
        fn a_request_is_logged_in_one_line_without_its_query_and_headers(
            path in prop::collection::vec(any::<u8>(), 0..60), value in prop::collection::vec(any::<u8>(), 0..60)
        ) {
            let printable: Vec<u8> = path.iter().map(|byte| byte % 94 + 33).filter(|byte| !b"?#".contains(byte)).collect();
            let shown: Vec<u8> = value.iter().map(|byte| byte % 94 + 33).collect();
            let paths = [&path, &printable, &[0xe2, 0x80, 0xa8].to_vec()];
            let requests = || paths.into_iter().filter_map(|path| request(path, &value).or_else(|| request(path, &shown))).collect::<Vec<_>>();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            for form in [LogForm::Text, LogForm::Json] {
                let count = requests().len();
                let log = runtime.block_on(logged(form, requests()));
                prop_assert_eq!(log.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}']).count(), count, "{}", log);
                prop_assert!(!log.contains(SECRET), "{}", log);
                // 404: the first page of a workspace that does not exist.
                let refused = |line: &str| line.contains("401") || line.contains("404");
                prop_assert!(log.lines().all(|line| line.contains("/glow/") && refused(line)), "{}", log);
            }
        }
    }
}
