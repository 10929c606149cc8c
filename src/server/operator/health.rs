//! The questions of monitors: whether the server answers, whether it can work, and what it has counted. The answers reveal nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use futures::future::join_all;
use tokio::time::timeout;

use super::metrics::{Metrics, TEXT_TYPE};
use crate::store::{Store, workspaces};

/// The time that a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The state that a monitor can ask about.
#[derive(Clone, Default)]
pub struct Health {
    stores: Arc<[Store]>,
    is_stopping: Arc<AtomicBool>,
    metrics: Metrics,
}

impl Health {
    /// Watches the databases of a server, and shows what it counts.
    #[must_use]
    pub fn new(stores: impl IntoIterator<Item = Store>, metrics: Metrics) -> Self {
        Self { stores: stores.into_iter().collect(), is_stopping: Arc::default(), metrics }
    }

    /// Returns what the server counts.
    pub(in crate::server) const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Notes that the server is stopping, so that no new work is sent to it.
    pub(in crate::server) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Returns whether every database answers a query, and the server is not stopping.
    async fn is_ready(&self) -> bool {
        let asked = self.stores.iter().map(|store| timeout(PATIENCE, store.read(|conn| workspaces::any(conn).boxed())));
        !self.is_stopping.load(Ordering::Relaxed) && join_all(asked).await.into_iter().all(|answer| answer.is_ok_and(|read| read.is_ok()))
    }
}

/// The process answers.
pub(in crate::server) fn live(_: &Health) -> Response {
    said(StatusCode::OK, "ok\n")
}

/// The server can work.
pub(in crate::server) async fn ready(health: Health) -> Response {
    if health.is_ready().await { said(StatusCode::OK, "ready\n") } else { said(StatusCode::SERVICE_UNAVAILABLE, "not ready\n") }
}

/// Everything that was counted.
pub(in crate::server) fn counted(health: &Health) -> Response {
    match health.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(_) => said(StatusCode::INTERNAL_SERVER_ERROR, "the server failed\n"),
    }
}

fn said(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_is_ready_as_long_as_every_database_answers() {
        let (one, other) = (Store::memory().await.unwrap(), Store::memory().await.unwrap());
        let health = Health::new([one, other.clone()], Metrics::default());
        assert_eq!(ready(health.clone()).await.status(), StatusCode::OK);
        other.close().await;
        assert_eq!(ready(health.clone()).await.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(live(&health).status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_stopping_server_is_not_ready() {
        let health = Health::new([Store::memory().await.unwrap()], Metrics::default());
        health.stop();
        assert_eq!(ready(health).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
