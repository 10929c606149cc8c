//! Makes one change, and tries again until it has an outcome.

use std::time::Duration;

use tokio::time::Instant;

use crate::directory::{DirectoryError, Outcome, WriteContext, Writer};
use crate::model::{Change, ChangeFailure, Drift, Fingerprint, GivenUp, Halt, OpOutcome, RemoteId, Scope, Secret};

use super::gate::Gate;
use super::{Interrupt, Options, Progress};

/// After so many writes in a row that waited in vain as the server asked, or got no answer, no other one is tried again.
const IN_VAIN: u32 = 2;

/// The outcome of one change, and what the next change of the same account needs to know.
pub(super) struct Finished {
    pub(super) position: usize,
    pub(super) outcome: OpOutcome,
    pub(super) attempts: u32,
    /// The resource after the change, if it was written.
    pub(super) written: Option<(RemoteId, Option<Fingerprint>)>,
    pub(super) passcode: Option<Secret>,
    /// Says whether the address of a new account was taken, although the list of users did not show it.
    pub(super) taken: bool,
    /// Says whether none of the tries was answered.
    pub(super) silent: bool,
    /// Says whether the server may not allow the token to write at all.
    pub(super) forbidden: bool,
    /// The reason why nothing else of the workspace can be written either.
    pub(super) hopeless: Option<Halt>,
}

/// Makes one change, and tries again if that can help. An interrupt ends the waiting, not the current try.
pub(super) async fn run<W: Writer, P: Progress>(
    position: usize,
    change: &Change,
    mut context: WriteContext<'_>,
    directory: &W,
    options: &Options,
    progress: &P,
    (stop, gate): (&Interrupt, &Gate),
) -> Finished {
    progress.started(position, change);
    let attempts = context.attempts.clone();
    let mut silent = true;
    let mut turn = gate.turn().await;
    loop {
        let written = directory.write(change, &context).await;
        attempts.end_try();
        let error = match written {
            Ok(outcome) => {
                gate.passed();
                return success(position, attempts.sent(), outcome);
            }
            Err(error) => error,
        };
        silent &= error.is_silence();
        context.tried += u32::from(!error.is_put_off());
        context.failed += u32::from(!error.is_later());
        context.is_put_off |= error.is_put_off();
        // Where others have waited in vain, one try is enough; and all pauses in vain together are no longer than the longest single one.
        let is_hopeless = |wait: Duration| {
            let is_unanswered = error.is_silence() && gate.unanswered() >= IN_VAIN;
            is_unanswered
                || error.is_later() && (gate.given_up() >= IN_VAIN || gate.paused_in_vain().saturating_add(wait) > options.backoff.patience)
        };
        let Some(wait) = options.backoff.wait(attempts.in_vain(), &error, (options.random)()).filter(|wait| !is_hopeless(*wait)) else {
            if error.is_later() {
                gate.give_up();
            }
            gate.end(silent);
            return failure(position, attempts.sent(), silent, &error, None);
        };
        progress.waiting(position, change, wait, &error.cause());
        if error.is_later() {
            gate.narrow();
        } else {
            turn = None;
        }
        let waiting = async {
            let (begun, paused) = (Instant::now(), gate.paused());
            // Nobody else writes while the pause lasts that the server asked for.
            if turn.is_none() && error.is_later() {
                turn = gate.turn().await;
            }
            // While others pause, the same time passes.
            let wait = wait.saturating_sub(begun.elapsed().max(gate.paused().saturating_sub(paused)));
            if error.is_later() {
                gate.pause(wait);
            }
            (options.sleep)(wait).await;
            if turn.is_none() {
                turn = gate.turn().await;
            }
        };
        tokio::select! {
            biased;
            () = stop.requested() => return failure(position, attempts.sent(), silent, &error, Some(GivenUp::Interrupted)),
            () = waiting => {}
        }
    }
}

fn success(position: usize, attempts: u32, outcome: Outcome) -> Finished {
    let (outcome, written, passcode) = match outcome {
        Outcome::Applied { id, fingerprint, passcode } => (OpOutcome::Done { id: id.clone() }, Some((id, fingerprint)), passcode),
        Outcome::Partly { id, fingerprint, rest } => {
            (OpOutcome::Partly { id: id.clone(), rest: Box::new(rest) }, Some((id, fingerprint)), None)
        }
        Outcome::AppliedBefore { id, fingerprint } => (OpOutcome::AlreadyDone, Some((id, fingerprint)), None),
        Outcome::Unchanged => (OpOutcome::AlreadyDone, None, None),
    };
    Finished { position, outcome, attempts, written, passcode, taken: false, silent: false, forbidden: false, hopeless: None }
}

fn failure(position: usize, attempts: u32, silent: bool, error: &DirectoryError, interrupted: Option<GivenUp>) -> Finished {
    let pause = error.retry_after().filter(|pause| error.is_retryable() && !pause.is_zero()).map(|_| GivenUp::PauseAsked);
    let outcome = match error {
        DirectoryError::Stale(drift) => OpOutcome::Drifted(drift.clone()),
        DirectoryError::Taken => OpOutcome::Drifted(Drift::Appeared),
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Auth { .. } => {
            OpOutcome::Failed(ChangeFailure { why: error.cause(), given_up: interrupted.or(pause), refused: error.is_refusal() })
        }
    };
    let hopeless = match error {
        DirectoryError::Auth { status: 401, .. } => Some(Halt::TokenRejected),
        DirectoryError::Auth { scope: Scope::Token, .. } => Some(Halt::TokenCannotWrite),
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Stale(_)
        | DirectoryError::Taken
        | DirectoryError::Auth { scope: Scope::Request | Scope::Unknown, .. } => None,
    };
    let taken = match error {
        DirectoryError::Taken | DirectoryError::Refused { status: 409, .. } => true,
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Stale(_)
        | DirectoryError::Auth { .. } => false,
    };
    // The account has a new version although nothing of the change is stored, and it is this run's own.
    let written = match error {
        DirectoryError::Dropped { after: Some(after), .. } => Some((after.0.clone(), Some(after.1.clone()))),
        DirectoryError::Dropped { after: None, .. }
        | DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Stale(_)
        | DirectoryError::Taken
        | DirectoryError::Auth { .. } => None,
    };
    Finished { position, outcome, attempts, written, passcode: None, taken, silent, forbidden: error.forbids_more(), hopeless }
}
