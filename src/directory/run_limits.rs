//! Limits on what all connections of one run may take together: waiting for servers that do not answer, and bytes of answers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The most bytes of answers in a run, which also bounds what is kept of them. A user takes about a thousand bytes.
const MOST_BYTES: u64 = 2 << 30;
/// The time that a request may take once a server has been silent for too long.
const SHORT: Duration = Duration::from_secs(2);

/// The limits of a run, shared by all its connections.
#[derive(Clone, Debug, Default)]
pub struct RunLimits(Arc<SharedLimits>);

#[derive(Debug, Default)]
struct SharedLimits {
    bytes: AtomicU64,
    /// Since when each server, by its origin and whether it was to write, has not answered.
    silent_since: Mutex<BTreeMap<String, Instant>>,
}

impl RunLimits {
    /// Counts bytes of an answer.
    ///
    /// # Errors
    /// Returns the limit in bytes if it is exceeded.
    pub(super) fn count(&self, bytes: usize) -> Result<(), u64> {
        let more = u64::try_from(bytes).unwrap_or(u64::MAX);
        let sum = self.0.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        if sum > MOST_BYTES { Err(MOST_BYTES) } else { Ok(()) }
    }

    /// Returns the time that a request to a server may take: `full`, unless the server has been silent for twice as long.
    pub(super) fn patience(&self, server: &str, full: Duration, now: Instant) -> Duration {
        let silent = self.silent_since();
        let is_over = silent.get(server).is_some_and(|since| now.duration_since(*since) >= full.saturating_mul(2));
        if is_over { SHORT.min(full) } else { full }
    }

    /// Returns the time for which a server has been silent before a time.
    pub(super) fn silence(&self, server: &str, now: Instant) -> Duration {
        self.silent_since().get(server).map_or(Duration::ZERO, |since| now.duration_since(*since))
    }

    /// Remembers whether a server answered a request that began at a time.
    pub(super) fn remember(&self, server: &str, began: Instant, has_answered: bool) {
        let mut silent = self.silent_since();
        if has_answered {
            silent.remove(server);
        } else {
            silent.entry(server.to_owned()).or_insert(began);
        }
    }

    fn silent_since(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Instant>> {
        self.0.silent_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_was_silent_for_long_gets_little_time_until_it_answers() {
        let (limits, full, began) = (RunLimits::default(), Duration::from_secs(25), Instant::now());
        let after = |seconds| began + Duration::from_secs(seconds);
        limits.remember("a", began, false);
        limits.remember("a", after(49), false);
        assert_eq!(limits.patience("a", full, after(49)), full);
        assert_eq!((limits.patience("a", full, after(50)), limits.patience("b", full, after(50))), (SHORT, full));
        assert_eq!((limits.silence("a", after(50)), limits.silence("b", after(50))), (full.saturating_mul(2), Duration::ZERO));
        limits.remember("a", after(51), true);
        assert_eq!(limits.patience("a", full, after(52)), full);
    }

    #[test]
    fn the_answers_of_a_run_are_bounded_together() {
        let limits = RunLimits::default();
        let other = limits.clone();
        assert_eq!(limits.count(1 << 30), Ok(()));
        assert_eq!(other.count(1 << 30), Ok(()));
        assert_eq!(limits.count(1), Err(MOST_BYTES));
    }
}
