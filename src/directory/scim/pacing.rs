//! The question whether a request that a server put off is sent again at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{Method, StatusCode};

/// A longer pause is one of the whole run.
const LONGEST: Duration = Duration::from_secs(10);

/// Says whether requests were sent again in vain, reads and writes apart. Then no other one is, until the server takes one.
#[derive(Clone, Debug, Default)]
pub(super) struct Pacing {
    reads: Arc<AtomicBool>,
    writes: Arc<AtomicBool>,
}

impl Pacing {
    /// Returns the time to pause before the same request is sent again; `None` if it is not.
    pub(super) fn pause(&self, method: &Method, status: StatusCode, asked: Option<Duration>, usual: Duration) -> Option<Duration> {
        if status != StatusCode::TOO_MANY_REQUESTS {
            self.learn(method, status);
            return None;
        }
        let pause = asked.filter(|asked| !asked.is_zero()).unwrap_or(usual);
        (pause <= LONGEST && !self.is_in_vain(method).swap(true, Ordering::Relaxed)).then_some(pause)
    }

    /// Remembers whether the server took a request.
    pub(super) fn learn(&self, method: &Method, status: StatusCode) {
        if status != StatusCode::TOO_MANY_REQUESTS && status != StatusCode::SERVICE_UNAVAILABLE {
            self.is_in_vain(method).store(false, Ordering::Relaxed);
        }
    }

    fn is_in_vain(&self, method: &Method) -> &Arc<AtomicBool> {
        if method.is_safe() { &self.reads } else { &self.writes }
    }
}
