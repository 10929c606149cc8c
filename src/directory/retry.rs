//! Rules for how often and when a request is tried again.

use std::time::Duration;

use super::DirectoryError;

/// The times at which to try again: exponential with full jitter, or when the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The number of tries, including the first.
    pub attempts: u32,
    /// The upper bound of the first wait; it doubles with each try.
    pub base: Duration,
    /// The upper bound of any wait that the server did not ask for.
    pub most: Duration,
    /// The longest wait a server may ask for, and how long waits in vain may take together; beyond that, the change is left undone.
    pub patience: Duration,
    /// The time for which reading continues without any answer.
    pub silence: Duration,
    /// The time that one list may take, with its second pass: each page has its own time, and pages that trickle in have no other limit.
    pub listing: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(250),
            most: Duration::from_secs(20),
            patience: Duration::from_mins(2),
            silence: Duration::from_secs(40),
            listing: Duration::from_hours(1),
        }
    }
}

impl Backoff {
    /// Returns how long to wait after the `tried`-th try failed, counted from 1; `None` if that was the last.
    ///
    /// `random` is between 0 and 1. A wait that the server asks for is never shortened, and lengthened by less than a tenth, so
    /// that many clients do not return at the same moment.
    #[must_use]
    pub fn wait(&self, tried: u32, error: &DirectoryError, random: f64) -> Option<Duration> {
        if !error.is_retryable() || tried >= self.attempts {
            return None;
        }
        let random = random.clamp(0.0, 1.0);
        // A server whose clock is behind may ask for a pause that is over already: then the usual wait applies.
        match error.retry_after().filter(|asked| !asked.is_zero()) {
            Some(asked) if asked > self.patience => None,
            Some(asked) => Some(asked.mul_f64(0.09_f64.mul_add(random, 1.0)).min(self.patience)),
            None => {
                let bound = self.base.saturating_mul(2_u32.saturating_pow(tried.saturating_sub(1))).min(self.most);
                Some(bound.mul_f64(random))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(seconds: Option<u64>) -> DirectoryError {
        DirectoryError::Busy { status: 503, why: String::new(), retry_after: seconds.map(Duration::from_secs) }
    }

    #[test]
    fn waits_grow_with_full_jitter_and_end_after_five_tries() {
        // A8
        let backoff = Backoff::default();
        for tried in 1..5 {
            assert_eq!(backoff.wait(tried, &busy(None), 0.0), Some(Duration::ZERO));
            assert_eq!(backoff.wait(tried, &busy(None), 1.0), Some(Duration::from_millis(250 << (tried - 1))));
        }
        assert_eq!(backoff.wait(5, &busy(None), 0.5), None);
    }

    #[test]
    fn retry_after_is_followed_within_a_tenth_and_never_shortened() {
        // A8
        let backoff = Backoff::default();
        for random in [0.0, 0.3, 1.0, 7.0] {
            let wait = backoff.wait(1, &busy(Some(30)), random).unwrap();
            assert!(wait >= Duration::from_secs(30) && wait < Duration::from_secs(33), "{wait:?}");
        }
        assert_eq!(backoff.wait(2, &busy(Some(0)), 1.0), Some(Duration::from_millis(500)), "at once would be in vain again");
        assert_eq!(backoff.wait(1, &busy(Some(3600)), 0.0), None, "nobody waits an hour for one change");
    }
}
