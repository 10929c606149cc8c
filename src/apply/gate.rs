//! Lets one write after the other through while a server asks for pauses: writers that wait each for themselves come back together, in vain.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

/// After so many writes, the server keeps up again.
const ENOUGH: u32 = 20;

/// The place where writes wait for each other after a server has asked for a pause.
#[derive(Default)]
pub(super) struct Gate {
    /// The number of writes that still go one after the other.
    narrow_for: AtomicU32,
    turn: Mutex<()>,
    /// The number of writes in a row that were given up because the server asked for pauses only.
    given_up: AtomicU32,
    pauses: std::sync::Mutex<Pauses>,
    /// The number of writes in a row that were given up without any answer.
    unanswered: AtomicU32,
}

/// The time that writes of a run have paused, one after the other.
#[derive(Clone, Copy, Default)]
struct Pauses {
    all: Duration,
    /// The part of it that was over when the server accepted its latest write.
    rewarded: Duration,
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

    /// Returns the time that writes have paused in all.
    pub(super) fn paused(&self) -> Duration {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// Records a pause of the write whose turn it is.
    pub(super) fn pause(&self, pause: Duration) {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.all = pauses.all.saturating_add(pause);
    }

    /// Returns the time that writes have paused since the server accepted one.
    pub(super) fn paused_in_vain(&self) -> Duration {
        let Pauses { all, rewarded } = *self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        all.saturating_sub(rewarded)
    }

    /// Records that a write was given up, although it waited as the server asked.
    pub(super) fn give_up(&self) {
        self.given_up.fetch_add(1, Ordering::Relaxed);
    }

    /// Records that a write was given up, and whether none of its tries was answered.
    pub(super) fn end(&self, is_silent: bool) {
        if is_silent {
            self.unanswered.fetch_add(1, Ordering::Relaxed);
        } else {
            self.unanswered.store(0, Ordering::Relaxed);
        }
    }

    /// Returns the number of writes in a row that were given up without any answer.
    pub(super) fn unanswered(&self) -> u32 {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// Returns the number of writes in a row that were given up since the server accepted one.
    pub(super) fn given_up(&self) -> u32 {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Records that a write has an outcome.
    pub(super) fn passed(&self) {
        self.given_up.store(0, Ordering::Relaxed);
        self.unanswered.store(0, Ordering::Relaxed);
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.rewarded = pauses.all;
        drop(pauses);
        let fewer = |left: u32| left.checked_sub(1);
        let _ = self.narrow_for.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
    }
}
