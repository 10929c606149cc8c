//! One connection.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::connections::ConnectionProgress;
use super::progress::{Arriving, CountedBody};
use super::requests;
use super::taken::TakenStream;
use super::tls::Tls;
use crate::model::Network;
use crate::server::metrics::Metrics;
use crate::server::origin::{Origin, ToKnownCaller};

/// The longest time for the head of a request (N4), and between two requests of a connection.
const HEAD: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 128 * 1024;

/// The parts that answer the requests of every connection.
#[derive(Clone)]
pub(super) struct Answering {
    pub(super) router: Router,
    /// The proxies whose forwarded addresses count.
    pub(super) proxies: Arc<[Network]>,
    /// The counters of the connections; `None` for those of monitors.
    pub(super) metrics: Option<Metrics>,
    /// The encryption of the connections.
    pub(super) tls: Option<Tls>,
}

/// Answers the requests of a connection until it ends, or until the server is ending and the request in progress is answered.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    progress: ConnectionProgress,
    answering: Answering,
    is_ending: watch::Receiver<bool>,
) {
    let _open = answering.metrics.as_ref().map(Metrics::opened);
    let Some(tls) = answering.tls.clone() else { return speak(stream, peer, progress, answering, is_ending).await };
    // A client that never says what it wants would keep its place.
    if let Ok(Some(stream)) = timeout(HEAD, tls.accept(stream)).await {
        speak(stream, peer, progress, answering, is_ending).await;
    }
}

/// Speaks HTTP on a connection.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    progress: ConnectionProgress,
    answering: Answering,
    mut is_ending: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| answer(request, peer, progress.clone(), answering.clone()));
    // HTTP/1 only: a limit on the time for a head is known to it alone.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(TakenStream::new(stream)), service));
    tokio::select! {
        // The client went away, was too slow, or did not speak HTTP: there is nobody to tell.
        _ = connection.as_mut() => return,
        _ = is_ending.wait_for(|ending| *ending) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    progress: ConnectionProgress,
    answering: Answering,
) -> Result<Response, Infallible> {
    let (in_progress, known) = (progress.begin(), progress.clone());
    let mut request: Request = request.map(|body| Body::new(Arriving::new(Body::new(body), progress.clone())));
    let origin = Origin::from_request(peer, request.headers(), &answering.proxies);
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(origin);
    let is_refused = progress.is_spare() && !requests::is_health(&request);
    let response = if is_refused { requests::busy() } else { answering.router.oneshot(request).await? };
    if response.extensions().get::<ToKnownCaller>().is_some() {
        known.set_known();
    }
    Ok(response.map(|body| Body::new(CountedBody::new(body, in_progress))))
}
