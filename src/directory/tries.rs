//! The number of times that a change is sent at most (A8): each request counts, in whatever form, until the server has stored something of the
//! change.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// As many values can a change have at most: a server that accepts more than that does not store them.
const MOST_STORED: u32 = 16;

/// The requests of one change that write, shared by a write and its caller.
#[derive(Clone, Debug)]
pub struct Attempts(Arc<AttemptCounts>);

#[derive(Debug)]
struct AttemptCounts {
    most: u32,
    sent: AtomicU32,
    in_try: AtomicU32,
    in_vain: AtomicU32,
    stored: AtomicU32,
    least_left: AtomicUsize,
    refusal: Mutex<Option<(StatusCode, HeaderMap, Bytes)>>,
}

impl Attempts {
    /// Allows so many requests in a row that store nothing.
    #[must_use]
    pub fn at_most(most: u32) -> Self {
        let (sent, in_try, in_vain) = (AtomicU32::default(), AtomicU32::default(), AtomicU32::default());
        let (stored, least_left) = (AtomicU32::default(), AtomicUsize::new(usize::MAX));
        Self(Arc::new(AttemptCounts { most, sent, in_try, in_vain, stored, least_left, refusal: Mutex::default() }))
    }

    /// Returns how many more requests may be sent, unless one of them stores something.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.0.most.saturating_sub(self.in_vain())
    }

    /// Counts one request.
    pub fn add(&self) {
        for count in [&self.0.sent, &self.0.in_try, &self.0.in_vain] {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a try that ended before it could write, and begins the next one.
    pub fn end_try(&self) {
        if self.0.in_try.swap(0, Ordering::Relaxed) == 0 {
            self.add();
            self.0.in_try.store(0, Ordering::Relaxed);
        }
        self.0.in_vain.fetch_max(1, Ordering::Relaxed);
    }

    /// Returns the number of requests, and of tries that sent none.
    #[must_use]
    pub fn sent(&self) -> u32 {
        self.0.sent.load(Ordering::Relaxed)
    }

    /// Returns how many of the latest ones have stored nothing.
    #[must_use]
    pub fn in_vain(&self) -> u32 {
        self.0.in_vain.load(Ordering::Relaxed)
    }

    /// Records that the server has accepted a request.
    pub fn stored_one(&self) {
        if self.0.stored.fetch_add(1, Ordering::Relaxed) < MOST_STORED {
            self.0.in_vain.store(0, Ordering::Relaxed);
        }
    }

    /// Records how many values a try finds left to write: fewer than ever before means that an earlier one has stored something.
    pub fn found_left(&self, left: usize) {
        let least = self.0.least_left.fetch_min(left, Ordering::Relaxed);
        if least != usize::MAX && left < least {
            self.0.in_vain.store(0, Ordering::Relaxed);
        }
    }

    /// Keeps the latest answer that stored nothing.
    pub fn refused(&self, status: StatusCode, headers: HeaderMap, body: Bytes) {
        *self.refusal() = Some((status, headers, body));
    }

    /// Returns the latest answer that stored nothing.
    #[must_use]
    pub fn latest_refusal(&self) -> Option<(StatusCode, HeaderMap, Bytes)> {
        self.refusal().clone()
    }

    fn refusal(&self) -> std::sync::MutexGuard<'_, Option<(StatusCode, HeaderMap, Bytes)>> {
        self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_store_nothing_are_counted_until_something_is_stored() {
        // A8
        let attempts = Attempts::at_most(5);
        (0..4).for_each(|_| attempts.add());
        assert_eq!((attempts.remaining(), attempts.sent()), (1, 4));
        attempts.stored_one();
        assert_eq!((attempts.remaining(), attempts.sent()), (5, 4));
        attempts.end_try();
        assert_eq!(attempts.in_vain(), 1, "the try failed, whatever it stored");
        attempts.end_try();
        assert_eq!((attempts.in_vain(), attempts.sent()), (2, 5), "it sent nothing");
        (0..9).for_each(|left| attempts.found_left(9 + left));
        assert_eq!(attempts.in_vain(), 2, "nothing is stored");
        attempts.found_left(8);
        assert_eq!(attempts.in_vain(), 0);
        for _ in 0..99 {
            attempts.add();
            attempts.stored_one();
        }
        attempts.add();
        assert!(attempts.remaining() < 5, "a server that accepts everything and stores nothing is given up");
    }
}
