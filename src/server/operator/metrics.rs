//! Counts what the server does, in the form that Prometheus reads. No label names a workspace or a person.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::model::with_all;

/// The type of the text that [`Metrics::text`] returns.
pub(in crate::server) const TEXT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper ends of the classes of durations, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The counts of the server. A copy counts together with the original.
#[derive(Clone, Default)]
pub struct Metrics(Arc<All>);

struct All {
    registry: Registry,
    requests: Family<AnsweredLabels, Counter>,
    request_times: Family<Endpoint, Histogram, fn() -> Histogram>,
    callers: Family<CallerLabels, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    deliveries: Family<DeliveryLabels, Counter>,
    write_times: Histogram,
    hashes: Counter,
    connections: Gauge,
}

with_all! {
    /// The caller, as far as a token tells.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::server) enum CallerResult {
        /// Somebody whose token is valid.
        Known,
        /// Somebody whose token or access has ended.
        Ended,
        /// Nobody whom the workspace knows.
        Unknown,
    }
}

with_all! {
    /// The reason why somebody known was refused.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::server) enum RefusalKind {
        /// They may not do it.
        Denied,
        /// Their phone number or code word was wrong.
        WrongAnswer,
        /// There were too many wrong answers before.
        TooMany,
    }
}

with_all! {
    /// The outcome of a try to send a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::server) enum DeliveryResult {
        /// It left.
        Sent,
        /// It is tried again.
        Later,
        /// It never leaves.
        Failed,
        /// It may have left.
        Uncertain,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    method: &'static str,
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnsweredLabels {
    method: &'static str,
    route: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallerLabels {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    cause: &'static str,
}

impl Default for All {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut all = Self {
            registry: Registry::with_prefix("rosterctl"),
            requests: Family::default(),
            request_times: Family::new_with_constructor(histogram),
            callers: Family::default(),
            refusals: Family::default(),
            deliveries: Family::default(),
            write_times: histogram(),
            hashes: Counter::default(),
            connections: Gauge::default(),
        };
        let registry = &mut all.registry;
        registry.register("http_requests", "Requests by method, route and class of status", all.requests.clone());
        let times = all.request_times.clone();
        registry.register_with_unit("http_request_duration", "Time until the head of the answer", Unit::Seconds, times);
        registry.register(
            "callers",
            "Requests by what the server knows of the caller: known, access ended, or unknown",
            all.callers.clone(),
        );
        registry.register("refusals", "Requests of known callers that were refused", all.refusals.clone());
        registry.register("message_deliveries", "Tries to send mail and text messages by how they ended", all.deliveries.clone());
        let writes = all.write_times.clone();
        registry.register_with_unit(
            "store_write_duration",
            "Time until a write was committed, with the wait before it",
            Unit::Seconds,
            writes,
        );
        registry.register("password_hashes", "Argon2id hashes that were computed", all.hashes.clone());
        registry.register("open_connections", "Open connections", all.connections.clone());
        // Values that begin at 0 can be compared from the first scrape on.
        for result in CallerResult::ALL {
            all.callers.get_or_create(&CallerLabels { result: result.word() }).inc_by(0);
        }
        for cause in RefusalKind::ALL {
            all.refusals.get_or_create(&RefusalLabels { cause: cause.word() }).inc_by(0);
        }
        for result in DeliveryResult::ALL {
            all.deliveries.get_or_create(&DeliveryLabels { result: result.word() }).inc_by(0);
        }
        all
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl CallerResult {
    const fn word(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
        }
    }
}

impl RefusalKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::WrongAnswer => "wrong-answer",
            Self::TooMany => "too-many",
        }
    }
}

impl DeliveryResult {
    const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Later => "later",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }
}

impl Metrics {
    /// Counts a request. `route` is its template, or `None` if no route fits.
    pub(in crate::server) fn answered(&self, method: &Method, route: Option<&'static str>, status: u16, took: Duration) {
        let (method, route) = (method_label(method), route.unwrap_or("none"));
        self.0.requests.get_or_create(&AnsweredLabels { method, route, status: class(status) }).inc();
        self.0.request_times.get_or_create(&Endpoint { method, route }).observe(took.as_secs_f64());
    }

    /// Counts whether a token identified a caller.
    pub(in crate::server) fn called(&self, result: CallerResult) {
        self.0.callers.get_or_create(&CallerLabels { result: result.word() }).inc();
    }

    /// Counts a refusal of a known caller.
    pub(in crate::server) fn refused(&self, cause: RefusalKind) {
        self.0.refusals.get_or_create(&RefusalLabels { cause: cause.word() }).inc();
    }

    /// Counts a try to send a message.
    pub(in crate::server) fn delivered(&self, result: DeliveryResult) {
        self.0.deliveries.get_or_create(&DeliveryLabels { result: result.word() }).inc();
    }

    /// Counts a write.
    pub(in crate::server) fn wrote(&self, took: Duration) {
        self.0.write_times.observe(took.as_secs_f64());
    }

    /// Counts a hash of a password or passcode.
    pub(in crate::server) fn hashed(&self) {
        self.0.hashes.inc();
    }

    /// Counts a connection as open until the value that is returned is dropped.
    pub(in crate::server) fn opened(&self) -> OpenConnection {
        self.0.connections.inc();
        OpenConnection(self.0.connections.clone())
    }

    /// Writes everything that was counted.
    ///
    /// # Errors
    /// The text could not be written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

/// A connection that is open.
pub(in crate::server) struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Any client can make up a method, so unusual ones share a label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        0..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_written() {
        let metrics = Metrics::default();
        let route = Some("/scim/v2/Users/{id}");
        metrics.answered(&Method::GET, route, 200, Duration::from_millis(3));
        metrics.answered(&Method::GET, route, 204, Duration::from_millis(300));
        metrics.answered(&Method::from_bytes(b"EVIL").unwrap(), None, 404, Duration::ZERO);
        metrics.called(CallerResult::Ended);
        metrics.refused(RefusalKind::TooMany);
        metrics.wrote(Duration::from_millis(7));
        metrics.hashed();
        let open = metrics.opened();
        drop(metrics.clone().opened());
        let text = metrics.text().unwrap();
        for line in [
            "rosterctl_http_requests_total{method=\"GET\",route=\"/scim/v2/Users/{id}\",status=\"2xx\"} 2",
            "rosterctl_http_requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 1",
            "rosterctl_http_request_duration_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/scim/v2/Users/{id}\"} 1",
            "rosterctl_http_request_duration_seconds_count{method=\"GET\",route=\"/scim/v2/Users/{id}\"} 2",
            "rosterctl_callers_total{result=\"ended\"} 1",
            "rosterctl_callers_total{result=\"known\"} 0",
            "rosterctl_refusals_total{cause=\"too-many\"} 1",
            "rosterctl_store_write_duration_seconds_count 1",
            "rosterctl_password_hashes_total 1",
            "rosterctl_open_connections 1",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is missing in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        drop(open);
        assert!(metrics.text().unwrap().contains("rosterctl_open_connections 0"));
    }
}
