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
/// So many times the limit of one request, a run waits for silent servers with full patience, and then as often with little.
const FULL_PATIENCE: u32 = 2;
/// So many times the limit of one request, a run waits for silent servers in all.
const ALL_PATIENCE: u32 = 4;

/// The limits of a run, shared by all its connections.
#[derive(Clone, Debug, Default)]
pub struct RunLimits(Arc<SharedLimits>);

#[derive(Debug, Default)]
struct SharedLimits {
    bytes: AtomicU64,
    /// Each server that was asked, by its origin and whether it was to write.
    servers: Mutex<BTreeMap<String, LastRequest>>,
}

/// The end of the last request to a server.
#[derive(Clone, Copy, Debug)]
enum LastRequest {
    /// It was answered.
    Answered,
    /// No request was answered in this time.
    Silent { since: Instant, until: Instant },
}

/// The time that a request to a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// So long.
    Within(Duration),
    /// It is not sent, since the run has waited so long for silent servers.
    UsedUp(Duration),
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

    /// Returns the time that a request to a server may take: `full`, unless this server, or all that are silent together, have been silent for
    /// longer. In the end only those are asked that answered before.
    pub(super) fn patience(&self, server: &str, full: Duration) -> Patience {
        let servers = self.servers();
        let waited = waited(servers.values().copied());
        let own = match servers.get(server) {
            Some(LastRequest::Answered) => return Patience::Within(full),
            Some(LastRequest::Silent { since, until }) => until.duration_since(*since),
            None => Duration::ZERO,
        };
        if waited >= full.saturating_mul(ALL_PATIENCE) {
            Patience::UsedUp(waited)
        } else if own.max(waited) >= full.saturating_mul(FULL_PATIENCE) {
            Patience::Within(SHORT.min(full))
        } else {
            Patience::Within(full)
        }
    }

    /// Returns the time for which a server has been silent before a time.
    pub(super) fn silence(&self, server: &str, now: Instant) -> Duration {
        match self.servers().get(server) {
            Some(LastRequest::Silent { since, until: _ }) => now.duration_since(*since),
            Some(LastRequest::Answered) | None => Duration::ZERO,
        }
    }

    /// Remembers whether a server answered a request, and from when to when the request took.
    pub(super) fn remember(&self, server: &str, (began, ended): (Instant, Instant), has_answered: bool) {
        let mut servers = self.servers();
        let before = servers.get(server).copied();
        let silent = match before {
            Some(LastRequest::Silent { since, until }) => LastRequest::Silent { since, until: ended.max(until) },
            Some(LastRequest::Answered) | None => LastRequest::Silent { since: began, until: ended },
        };
        servers.insert(server.to_owned(), if has_answered { LastRequest::Answered } else { silent });
    }

    fn servers(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, LastRequest>> {
        self.0.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the time that a run has waited for the servers that are silent. Time that it waited for several at once counts once.
fn waited(servers: impl Iterator<Item = LastRequest>) -> Duration {
    let mut silent: Vec<(Instant, Instant)> = servers
        .filter_map(|asked| match asked {
            LastRequest::Answered => None,
            LastRequest::Silent { since, until } => Some((since, until)),
        })
        .collect();
    silent.sort_unstable();
    let mut counted: Option<Instant> = None;
    silent.into_iter().fold(Duration::ZERO, |sum, (since, until)| {
        let from = counted.map_or(since, |counted| counted.max(since));
        counted = Some(from.max(until));
        sum.saturating_add(until.saturating_duration_since(from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Duration = Duration::from_secs(25);

    fn after(began: Instant, seconds: u64) -> Instant {
        began + Duration::from_secs(seconds)
    }

    #[test]
    fn a_server_that_was_silent_for_long_gets_little_time_until_it_answers() {
        let (limits, began) = (RunLimits::default(), Instant::now());
        limits.remember("b", (began, began), true);
        limits.remember("a", (began, after(began, 49)), false);
        assert_eq!(limits.patience("a", FULL), Patience::Within(FULL));
        limits.remember("a", (after(began, 49), after(began, 50)), false);
        assert_eq!((limits.patience("a", FULL), limits.patience("b", FULL)), (Patience::Within(SHORT), Patience::Within(FULL)));
        assert_eq!((limits.silence("a", after(began, 50)), limits.silence("b", after(began, 50))), (FULL * 2, Duration::ZERO));
        limits.remember("a", (after(began, 50), after(began, 51)), true);
        assert_eq!(limits.patience("a", FULL), Patience::Within(FULL));
    }

    #[test]
    fn a_run_waits_two_minutes_in_all_however_many_servers_are_silent() {
        let (limits, began) = (RunLimits::default(), Instant::now());
        limits.remember("answers", (began, began), true);
        // Each waits at the same time as the one before it: 27 s, then 3 s more for each.
        let mut waited = 0;
        for at in 0..26 {
            limits.remember(&at.to_string(), (after(began, at * 3), after(began, at * 3 + 25)), false);
            waited = at * 3 + 25;
            let expected = match waited {
                0..50 => Patience::Within(FULL),
                50..100 => Patience::Within(SHORT),
                _ => Patience::UsedUp(Duration::from_secs(waited)),
            };
            assert_eq!(limits.patience("never asked", FULL), expected, "{waited} s");
            assert_eq!(limits.patience("answers", FULL), Patience::Within(FULL));
        }
        assert_eq!((waited, limits.patience("0", FULL)), (100, Patience::UsedUp(Duration::from_secs(100))));
        for at in 0..26 {
            limits.remember(&at.to_string(), (began, began), true);
        }
        assert_eq!(limits.patience("never asked", FULL), Patience::Within(FULL), "nobody is silent now");
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
