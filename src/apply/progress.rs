//! The events that a run reports while it continues.

use std::time::Duration;

use crate::model::{Change, Email, OpOutcome, Secret, ServerError};

/// Receives the progress of a run; the command line draws a bar from it.
pub trait Progress: Sync {
    /// A change starts.
    fn started(&self, position: usize, change: &Change) {
        let _ = (position, change);
    }
    /// A change is tried again after a wait.
    fn waiting(&self, position: usize, change: &Change, wait: Duration, why: &ServerError) {
        let _ = (position, change, wait, why);
    }
    /// A change has its outcome; every change of the plan gets exactly one.
    fn finished(&self, position: usize, change: &Change, outcome: &OpOutcome) {
        let _ = (position, change, outcome);
    }
    /// A passcode was generated; it is shown only now (AR-11).
    fn passcode(&self, user: &Email, passcode: &Secret) {
        let _ = (user, passcode);
    }
}

/// Reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {}
