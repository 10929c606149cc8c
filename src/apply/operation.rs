//! Makes one change, and tries again until it has an outcome.

use crate::directory::{DirectoryError, Outcome, Scope, WriteContext, Writer};
use crate::model::{Change, Fingerprint, OpOutcome, RemoteId, Secret};

use super::{Interrupt, Options, Progress};

/// The outcome of one change, and what the next change of the same account needs to know.
pub(super) struct Finished {
    pub(super) position: usize,
    pub(super) outcome: OpOutcome,
    pub(super) attempts: u32,
    /// The resource after the change, if it was written.
    pub(super) written: Option<(RemoteId, Option<Fingerprint>)>,
    pub(super) passcode: Option<Secret>,
    /// Whether the address of a new account was taken, although the list of users did not show it.
    pub(super) taken: bool,
    /// Whether none of the tries was answered.
    pub(super) silent: bool,
    /// Whether the server may not allow the token to write at all.
    pub(super) forbidden: bool,
    /// Why nothing else of the workspace can be written either.
    pub(super) hopeless: Option<String>,
}

/// Makes one change, and tries again if that can help. An interrupt ends the waiting, not the current try.
pub(super) async fn run<W: Writer, P: Progress>(
    position: usize,
    change: &Change,
    mut context: WriteContext<'_>,
    directory: &W,
    options: &Options,
    progress: &P,
    stop: &Interrupt,
) -> Finished {
    progress.started(position, change);
    let mut attempts = 0;
    let mut silent = true;
    loop {
        attempts += 1;
        let written = directory.write(change, &context).await;
        attempts += context.further_forms.take();
        let error = match written {
            Ok(outcome) => return success(position, attempts, outcome),
            Err(error) => error,
        };
        silent &= error.is_silence();
        context.tried += u32::from(!error.is_put_off());
        let Some(wait) = options.backoff.wait(attempts, &error, (options.random)()) else {
            return failure(position, attempts, silent, &error, None);
        };
        progress.waiting(position, change, wait, &error.to_string());
        tokio::select! {
            biased;
            () = stop.wanted() => return failure(position, attempts, silent, &error, Some("stopped before another try")),
            () = (options.sleep)(wait) => {}
        }
    }
}

fn success(position: usize, attempts: u32, outcome: Outcome) -> Finished {
    let (outcome, written, passcode) = match outcome {
        Outcome::Applied { id, fingerprint, passcode } => (OpOutcome::Done { id: id.clone() }, Some((id, fingerprint)), passcode),
        Outcome::Partly { id, fingerprint, rest } => (OpOutcome::Partly { id: id.clone(), rest }, Some((id, fingerprint)), None),
        Outcome::AppliedBefore { id, fingerprint } => (OpOutcome::AlreadyDone, Some((id, fingerprint)), None),
        Outcome::Unchanged => (OpOutcome::AlreadyDone, None, None),
        Outcome::Handoff { task } => (OpOutcome::Handoff { task }, None, None),
    };
    Finished { position, outcome, attempts, written, passcode, taken: false, silent: false, forbidden: false, hopeless: None }
}

fn failure(position: usize, attempts: u32, silent: bool, error: &DirectoryError, also: Option<&str>) -> Finished {
    let mut why = error.to_string();
    if let Some(also) = also {
        why = format!("{why}; {also}");
    } else if let (true, Some(asked)) = (error.is_retryable(), error.retry_after()) {
        why = format!("{why}; the server asks for a pause of {} s: run again after that", asked.as_secs());
    }
    let outcome = match error {
        DirectoryError::Stale { why } | DirectoryError::Taken { why } => OpOutcome::Drifted { why: why.clone() },
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Auth { .. } => OpOutcome::Failed { why },
    };
    let hopeless = match error {
        DirectoryError::Auth { status: 401, .. } => {
            Some("the server does not accept the token: check where it is read from and whether it has expired".to_owned())
        }
        DirectoryError::Auth { scope: Scope::Token, .. } => {
            Some("not authorized: this token does not permit writing here: use one that does, whose owner can manage users".to_owned())
        }
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Stale { .. }
        | DirectoryError::Taken { .. }
        | DirectoryError::Auth { scope: Scope::Request | Scope::Unknown, .. } => None,
    };
    let taken = match error {
        DirectoryError::Taken { .. } | DirectoryError::Refused { status: 409, .. } => true,
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. }
        | DirectoryError::Stale { .. }
        | DirectoryError::Auth { .. } => false,
    };
    Finished { position, outcome, attempts, written: None, passcode: None, taken, silent, forbidden: error.forbids_more(), hopeless }
}
