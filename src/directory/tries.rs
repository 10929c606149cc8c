//! What a write tells its caller about its tries, while the caller waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// How many forms and requests a write takes while its caller waits.
#[derive(Clone, Debug, Default)]
pub struct FormCount(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    forms: AtomicU32,
    requests: AtomicU32,
}

impl FormCount {
    /// Counts one form.
    pub fn add(&self) {
        self.0.forms.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one request that writes.
    pub fn add_request(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of forms, and begins again.
    #[must_use]
    pub fn take(&self) -> u32 {
        self.0.forms.swap(0, Ordering::Relaxed)
    }

    /// Returns the number of requests, and begins again.
    #[must_use]
    pub fn take_requests(&self) -> u32 {
        self.0.requests.swap(0, Ordering::Relaxed)
    }
}

/// As many values can a change have at most: a server that accepts more than that does not store them.
const MOST_STORED: u32 = 16;

/// How much of a change its tries have found left to write. It only falls, so tries that make it fall come to an end.
#[derive(Clone, Debug, Default)]
pub struct LeftCount(Arc<Left>);

#[derive(Debug)]
struct Left {
    least: AtomicUsize,
    stored: AtomicU32,
    has_fallen: AtomicBool,
}

impl Default for Left {
    fn default() -> Self {
        Self { least: AtomicUsize::new(usize::MAX), stored: AtomicU32::default(), has_fallen: AtomicBool::default() }
    }
}

impl LeftCount {
    /// Records how many values a try finds left to write.
    pub fn found(&self, left: usize) {
        let least = self.0.least.fetch_min(left, Ordering::Relaxed);
        // The first look has nothing to be compared with.
        self.0.has_fallen.fetch_or(least != usize::MAX && left < least, Ordering::Relaxed);
    }

    /// Records that the server has accepted one value of several.
    pub fn stored_one(&self) {
        let is_plausible = self.0.stored.fetch_add(1, Ordering::Relaxed) < MOST_STORED;
        self.0.has_fallen.fetch_or(is_plausible, Ordering::Relaxed);
    }

    /// Returns whether less was left than ever before, and begins again.
    #[must_use]
    pub fn take_fallen(&self) -> bool {
        self.0.has_fallen.swap(false, Ordering::Relaxed)
    }
}
