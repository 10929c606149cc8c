//! Lets one write after the other through while a server asks for pauses: writers that wait each for themselves come back together, in vain.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::{Mutex, MutexGuard};

/// After so many writes, the server keeps up again.
const ENOUGH: u32 = 20;

/// Where writes wait for each other after a server has asked for a pause.
#[derive(Default)]
pub(super) struct Gate {
    /// How many writes still go one after the other.
    narrow_for: AtomicU32,
    turn: Mutex<()>,
    /// Whether a change was put off at each of its tries, and the server has taken none since.
    is_exhausted: AtomicBool,
}

impl Gate {
    /// Waits for the turn of a write; `None` as long as writes need not wait for each other.
    pub(super) async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        if self.narrow_for.load(Ordering::Relaxed) == 0 {
            return None;
        }
        Some(self.turn.lock().await)
    }

    /// Records that the server asked for a pause.
    pub(super) fn narrow(&self) {
        self.narrow_for.store(ENOUGH, Ordering::Relaxed);
    }

    /// Records that the server asked for a pause at each try of a change.
    pub(super) fn exhaust(&self) {
        self.is_exhausted.store(true, Ordering::Relaxed);
    }

    /// Returns whether waiting is in vain, as far as anybody knows: another change was put off at each of its tries.
    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted.load(Ordering::Relaxed)
    }

    /// Records that a write has an outcome.
    pub(super) fn passed(&self) {
        self.is_exhausted.store(false, Ordering::Relaxed);
        let fewer = |left: u32| left.checked_sub(1);
        let _ = self.narrow_for.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
    }
}
