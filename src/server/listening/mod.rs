//! Listens for connections: a limit on their number, a time limit for request heads, and an end that waits for the requests in progress.
//!
//! Anybody can open connections, so none of them may cost another client its answer. When all places are taken, the connection that has
//! kept the server waiting longest, for a request or for the rest of one, is closed.

mod connection;
mod connections;
mod descriptors;
mod progress;
mod requests;
mod taken;
mod tls;

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::health::Health;
use super::operator_log::OperatorLog;
use crate::model::Network;
use crate::report::of_system;
use connection::Answering;
use connections::{ConnectionPlace, Connections};
pub use descriptors::{TooManyDatabases, most_connections, readers_each};
pub use tls::{Tls, TlsError};

/// The time that requests in progress may take after the server was asked to stop.
const END: Duration = Duration::from_secs(25);
/// The number of connections of monitors that there can be, and of others while the server stops.
const LATE: usize = 16;
/// The time between two looks for connections without a request while the server stops.
const LOOK: Duration = Duration::from_secs(1);
/// The time that the server waits when no place or no descriptor is free.
const PAUSE: Duration = Duration::from_millis(50);
/// The time between two lines of the log that say that connections cannot be accepted.
const COMPLAIN: Duration = Duration::from_mins(1);

/// The way in which the server listens.
pub struct Listening {
    /// The largest number of connections.
    pub connections: usize,
    /// The proxies whose forwarded addresses count.
    pub proxies: Vec<Network>,
    /// The state that monitors can ask about.
    pub health: Health,
    /// The log where every request has its line.
    pub log: OperatorLog,
    /// The encryption of the connections; `None` where a proxy does it.
    pub tls: Option<Tls>,
    /// The listener where monitors read what was counted, without TLS.
    pub monitors: Option<TcpListener>,
}

/// Answers requests until `stop` is done; then waits for the requests in progress, at most 25 seconds. Meanwhile it tells new clients
/// that it is stopping.
///
/// Returns how many connections had to be cut off in the middle of a request.
pub async fn listen(listener: TcpListener, router: Router, how: Listening, stop: impl Future<Output = ()>) -> usize {
    let Listening { connections, proxies, health, log, tls, monitors } = how;
    let mut monitored = pin!(answer_monitors(monitors, &health, &log));
    let answering = Answering {
        router: requests::answering(router, &health, log.clone()),
        proxies: proxies.into(),
        metrics: Some(health.metrics().clone()),
        tls,
    };
    let connections = Arc::new(Connections::new(connections));
    let (ending, is_ending) = watch::channel(false);
    tokio::select! {
        () = stop => {}
        never = accept_all(&listener, &answering, &connections, &is_ending, &log) => match never {},
        never = monitored.as_mut() => match never {},
    }
    drop(is_ending);
    health.stop();
    ending.send_replace(true);
    let all_closed = async {
        while timeout(LOOK, ending.closed()).await.is_err() {
            connections.close_idle();
        }
    };
    let answering = Answering { router: requests::stopping(&health, log.clone()), ..answering };
    let late = Arc::new(Connections::new(LATE));
    let (_never_ending, is_ending) = watch::channel(false);
    let ended = tokio::select! {
        ended = timeout(END, all_closed) => ended,
        never = accept_all(&listener, &answering, &late, &is_ending, &log) => match never {},
        never = monitored => match never {},
    };
    late.close_all();
    match ended {
        Ok(()) => 0,
        Err(_) => connections.close_all(),
    }
}

/// Answers monitors until the server has stopped.
async fn answer_monitors(listener: Option<TcpListener>, health: &Health, log: &OperatorLog) -> Infallible {
    let Some(listener) = listener else { return std::future::pending().await };
    let answering = Answering { router: requests::monitors(health), proxies: Arc::default(), metrics: None, tls: None };
    let (_never_ending, is_ending) = watch::channel(false);
    accept_all(&listener, &answering, &Arc::new(Connections::new(LATE)), &is_ending, log).await
}

async fn accept_all(
    listener: &TcpListener,
    answering: &Answering,
    connections: &Arc<Connections>,
    is_ending: &watch::Receiver<bool>,
    log: &OperatorLog,
) -> Infallible {
    let mut complained: Option<Instant> = None;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let place = place(connections).await;
                let connected = connection::serve(stream, peer, place.progress(), answering.clone(), is_ending.clone());
                place.start(connected);
            }
            Err(why) if ends_one_connection(&why) => {}
            // Usually no descriptor is free: one is made free, and the connection waits in the system's queue.
            Err(why) => {
                connections.close_longest_waiting();
                if complained.is_none_or(|at| at.elapsed() > COMPLAIN) {
                    complained = Some(Instant::now());
                    log.warn(&format!("cannot accept connections, so idle ones are closed: {}", of_system(&why)));
                }
                sleep(PAUSE).await;
            }
        }
    }
}

/// Waits for a place for a connection.
async fn place(connections: &Arc<Connections>) -> ConnectionPlace {
    loop {
        if let Some(place) = connections.place() {
            return place;
        }
        sleep(PAUSE).await;
    }
}

/// Returns whether a connection ended before it was accepted, which means nothing for others.
fn ends_one_connection(why: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted].contains(&why.kind())
}
