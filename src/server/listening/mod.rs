//! Listens for connections: a limit on their number, a time limit for request heads, and an end that waits for the requests in progress.
//!
//! Anybody can open connections, so none of them may cost another client its answer. When all places are taken, the connection that has
//! waited longest without a request in progress is closed.

mod connection;
mod connections;
mod descriptors;
mod progress;
mod requests;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::operator_log::OperatorLog;
use connections::{Connections, Place};
pub use descriptors::most_connections;

/// How long requests in progress may take after the server was asked to stop.
const END: Duration = Duration::from_secs(25);
/// How often the server looks for connections without a request while it stops.
const LOOK: Duration = Duration::from_secs(1);
/// How long the server waits when no place or no descriptor is free.
const PAUSE: Duration = Duration::from_millis(50);
/// How often the log says that connections cannot be accepted.
const COMPLAIN: Duration = Duration::from_mins(1);

/// Answers requests until `stop` is done; then waits for the requests in progress, at most 25 seconds.
///
/// `connections` is the largest number of connections. Returns how many of them had to be cut off in the middle of a request.
pub async fn listen(listener: TcpListener, router: Router, connections: usize, log: OperatorLog, stop: impl Future<Output = ()>) -> usize {
    let connections = Arc::new(Connections::new(connections));
    let router = requests::answering(router, log.clone());
    let (ending, is_ending) = watch::channel(false);
    tokio::select! {
        () = stop => {}
        never = accept_all(&listener, &router, &connections, &is_ending, &log) => match never {},
    }
    drop((listener, is_ending));
    ending.send_replace(true);
    let all_closed = async {
        while timeout(LOOK, ending.closed()).await.is_err() {
            connections.close_idle();
        }
    };
    match timeout(END, all_closed).await {
        Ok(()) => 0,
        Err(_) => connections.close_all(),
    }
}

async fn accept_all(
    listener: &TcpListener,
    router: &Router,
    connections: &Arc<Connections>,
    is_ending: &watch::Receiver<bool>,
    log: &OperatorLog,
) -> std::convert::Infallible {
    let mut complained: Option<Instant> = None;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let place = place(connections).await;
                let connected = connection::serve(stream, peer, place.progress(), router.clone(), is_ending.clone());
                place.start(connected);
            }
            Err(why) if ends_one_connection(&why) => {}
            // Usually no descriptor is free: one is made free, and the connection waits in the system's queue.
            Err(why) => {
                connections.close_longest_idle();
                if complained.is_none_or(|at| at.elapsed() > COMPLAIN) {
                    complained = Some(Instant::now());
                    log.line(&format!("cannot accept connections, so idle ones are closed: {why}"));
                }
                sleep(PAUSE).await;
            }
        }
    }
}

/// Waits for a place for a connection.
async fn place(connections: &Arc<Connections>) -> Place {
    loop {
        if let Some(place) = connections.place() {
            return place;
        }
        sleep(PAUSE).await;
    }
}

/// Whether a connection ended before it was accepted, which means nothing for others.
fn ends_one_connection(why: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted].contains(&why.kind())
}
