//! Applies an approved plan: the only module that writes to a workspace.

pub mod confirm;
mod converge;
mod gate;
mod graph;
mod interrupt;
mod journal;
pub mod key;
mod lane;
mod needed;
mod operation;
mod progress;
mod schedule;
pub mod stale;

pub use converge::{converge, judge};
pub use journal::{Journal, JournalLine, JournalRecord};
pub use progress::{Progress, Quiet};

pub use interrupt::{Interrupt, InterruptSwitch};
pub use schedule::apply;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::directory::Provenance;
use crate::directory::retry::Backoff;
use crate::model::{Drift, Email, NotTried, Secret};

/// The way in which a plan is applied.
pub struct Options {
    /// The number of changes that are made at the same time.
    pub parallelism: NonZeroUsize,
    /// Says how often and when a change is tried again.
    pub backoff: Backoff,
    /// The origin that the server's user log records with each write.
    pub provenance: Provenance,
    /// Changes that must not be made, by position in the plan, each with what changed since: see [`stale`].
    pub drifted: BTreeMap<usize, Drift>,
    /// Changes that are already made, by position in the plan.
    pub done: BTreeSet<usize>,
    /// Changes that are left undone, by position in the plan, each with the reason.
    pub withheld: BTreeMap<usize, NotTried>,
    /// The secrets that some changes need.
    pub secrets: Secrets,
    /// A number that no other run has.
    pub run: u128,
    /// A number between 0 and 1 for each wait; random except in tests.
    pub random: fn() -> f64,
    /// Waits; tests replace it.
    pub sleep: Box<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl Options {
    /// Makes eight changes at a time, with five tries each.
    #[must_use]
    pub fn new(provenance: Provenance) -> Self {
        Self {
            parallelism: NonZeroUsize::new(8).unwrap_or(NonZeroUsize::MIN),
            backoff: Backoff::default(),
            provenance,
            drifted: BTreeMap::new(),
            done: BTreeSet::new(),
            withheld: BTreeMap::new(),
            secrets: Secrets::default(),
            run: rand::random::<u128>(),
            random: rand::random::<f64>,
            sleep: Box::new(|wait| Box::pin(tokio::time::sleep(wait))),
        }
    }
}

/// The secrets that some changes need; none of them is in a plan.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The acting admin's own phone number (AR-19).
    pub confirm_phone: Option<Secret>,
    /// The code word (PBN-5).
    pub code_word: Option<Secret>,
    /// Temporary first passwords by address (AR-10).
    pub initial_passwords: BTreeMap<Email, Secret>,
}
