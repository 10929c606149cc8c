//! Trying again: when, how often, and when not (A8).

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::*;
use futures::future::BoxFuture;
use rosterctl::apply::{Journal, Options, Quiet, apply};
use rosterctl::directory::{DirectoryError, Fault, Memory, Outcome, WriteContext, Writer};
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::report::sentences;

/// Fails as told and counts how often it was asked.
struct Scripted {
    error: DirectoryError,
    /// The number of requests that fail before all succeed.
    failures: usize,
    asked: AtomicUsize,
}

impl Scripted {
    fn new(error: DirectoryError, failures: usize) -> Self {
        Self { error, failures, asked: AtomicUsize::new(0) }
    }

    fn requests(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Writer for Scripted {
    async fn write(&self, _: &Change, _: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::task::yield_now().await;
        if asked <= self.failures { Err(self.error.clone()) } else { Ok(Outcome::Unchanged) }
    }
}

fn lost() -> DirectoryError {
    DirectoryError::Unreachable { why: NetworkError::InProcess { source_text: "connection reset".to_owned() } }
}

async fn run(directory: &impl Writer, changes: Vec<Step>) -> WorkspaceReceipt {
    timed(directory, changes).await.0
}

/// Runs without waiting, and tells the waits there would have been.
async fn timed(directory: &impl Writer, changes: Vec<Step>) -> (WorkspaceReceipt, Vec<Duration>) {
    let approved = approved(changes, &actual(50));
    let waits = Arc::new(Mutex::new(Vec::new()));
    let noted = waits.clone();
    let sleep = move |wait| -> BoxFuture<'static, ()> {
        noted.lock().unwrap().push(wait);
        Box::pin(tokio::task::yield_now())
    };
    let options = Options { sleep: Box::new(sleep), ..options(&approved) };
    let receipt = apply(&approved, directory, &options, &mut Journal::to(io::sink(), "nowhere"), &Quiet, &going_on()).await;
    let waits = waits.lock().unwrap().clone();
    (receipt, waits)
}

fn busy(status: u16, seconds: Option<u64>) -> DirectoryError {
    DirectoryError::Busy { status, why: "busy".to_owned(), retry_after: seconds.map(Duration::from_secs) }
}

#[tokio::test]
async fn a_busy_server_is_asked_five_times_for_each_change_at_most() {
    for status in [500, 502, 504] {
        let directory = Scripted::new(busy(status, None), usize::MAX);
        let receipt = run(&directory, (0..50).map(invite).collect()).await;
        assert_eq!(directory.requests(), 250);
        assert!(receipt.records.iter().all(|r| r.attempts == 5 && matches!(r.outcome, OpOutcome::Failed(_))));
    }
    // "Later" (429, 503) fails nothing: after two changes that waited in vain, the others show only whether the server takes changes again.
    for status in [429, 503] {
        let directory = Scripted::new(busy(status, None), usize::MAX);
        let receipt = run(&directory, (0..50).map(invite).collect()).await;
        assert!((10..=50).contains(&directory.requests()), "{status}: {}", directory.requests());
        assert!(receipt.records.iter().all(|r| r.attempts <= 5 && !r.outcome.is_made()));
        assert!(receipt.records.iter().any(is_not_tried));
        assert_eq!(receipt.error, Some(WorkspaceError::Halted(Halt::PutOff)), "{status}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_called_dead_and_left_alone() {
    let directory = Scripted::new(lost(), usize::MAX);
    let receipt = run(&directory, (0..50).map(invite).collect()).await;
    assert!(directory.requests() <= 5 * 50, "{}", directory.requests());
    // Where two changes got no answer at any try, one try is enough for the others.
    assert!(directory.requests() <= 8 * 5 + 10, "the rest is not tried: {}", directory.requests());
    assert_eq!(receipt.error, Some(WorkspaceError::Halted(Halt::NoAnswer)));
    assert_eq!(receipt.records.len(), 50);
    assert!(receipt.records.iter().any(is_not_tried));
}

// A8: a change that is put off at every try and another one right after it are enough.
#[tokio::test]
async fn a_server_that_puts_off_every_change_is_left_alone() {
    for status in [429, 503] {
        let directory = Scripted::new(busy(status, Some(30)), usize::MAX);
        let (receipt, waits) = timed(&directory, (0..50).map(invite).collect()).await;
        let total: Duration = waits.iter().sum();
        assert!(total < Duration::from_mins(20), "{status}: {total:?}");
        assert_eq!(receipt.error, Some(WorkspaceError::Halted(Halt::PutOff)), "{status}");
        assert!(receipt.records.iter().any(is_not_tried), "{status}");
    }
    // All pauses in vain together are no longer than the longest single one.
    for seconds in [30, 60, 100, 120] {
        let directory = Scripted::new(busy(429, Some(seconds)), usize::MAX);
        let (receipt, waits) = timed(&directory, (0..50).map(invite).collect()).await;
        let total: Duration = waits.iter().sum();
        let second = Duration::from_secs(1);
        assert!(total <= second * 120 && total + second >= second * u32::try_from(seconds).unwrap(), "{seconds}: {total:?}");
        let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
        assert_eq!(why.given_up, Some(GivenUp::PauseAsked));
        assert_eq!(sentences::failure(why).matches(&format!("a pause of {seconds} s")).count(), 1, "{why:?}");
    }
    // One that takes a change in between goes on.
    let directory = Scripted::new(busy(503, Some(30)), 5);
    let receipt = run(&directory, (0..10).map(invite).collect()).await;
    assert_eq!(receipt.error, None);
    assert!(!receipt.records.iter().any(is_not_tried));
}

#[tokio::test]
async fn the_wait_the_server_asks_for_is_kept_within_a_tenth() {
    for seconds in [1, 7, 50] {
        let directory = Scripted::new(busy(429, Some(seconds)), 2);
        let (_, waits) = timed(&directory, vec![invite(1)]).await;
        assert_eq!((directory.requests(), waits.len()), (3, 2));
        for wait in waits {
            assert!(wait >= Duration::from_secs(seconds) && wait <= Duration::from_secs(seconds).mul_f64(1.1), "{wait:?}");
        }
    }
}

#[tokio::test]
async fn a_wait_of_an_hour_is_reported_instead_of_kept() {
    let directory = Scripted::new(busy(503, Some(3600)), usize::MAX);
    let receipt = run(&directory, vec![invite(1)]).await;
    assert_eq!(directory.requests(), 1);
    let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!() };
    assert_eq!(why.given_up, Some(GivenUp::PauseAsked));
    let said = "the server answered 503: busy; the server asks for a pause of 3600 s: run again after that";
    assert_eq!(sentences::failure(why), said);
}

#[tokio::test]
async fn a_change_that_the_server_refuses_is_not_tried_again() {
    let refused = |status| DirectoryError::Refused { status, scim_type: None, why: "no".to_owned(), note: None };
    let auth = |status| DirectoryError::Auth { status, scope: Scope::Unknown, why: "no".to_owned() };
    let stale = DirectoryError::Stale(Drift::Rewritten);
    let dropped = DirectoryError::Dropped { what: vec!["title".to_owned()], after: None };
    for error in [refused(400), refused(404), refused(409), refused(422), auth(401), auth(403), stale, dropped] {
        let directory = Scripted::new(error.clone(), usize::MAX);
        let receipt = run(&directory, vec![invite(1)]).await;
        assert_eq!((directory.requests(), receipt.records[0].attempts), (1, 1), "{error}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_or_may_not_write_ends_the_run_of_the_workspace() {
    for (status, halt) in [(401, Halt::TokenRejected), (403, Halt::TokenCannotWrite)] {
        let directory = Scripted::new(DirectoryError::Auth { status, scope: Scope::Token, why: "expired".to_owned() }, usize::MAX);
        let receipt = run(&directory, (0..50).map(invite).collect()).await;
        assert!(directory.requests() <= 8, "{}", directory.requests());
        assert_eq!(receipt.error, Some(WorkspaceError::Halted(halt)));
        assert!(receipt.not_authorized);
    }
}

#[tokio::test]
async fn a_token_is_blamed_only_if_every_change_is_forbidden() {
    for (scope, times, blamed) in [(Scope::Unknown, usize::MAX, true), (Scope::Unknown, 9, false), (Scope::Request, usize::MAX, false)] {
        let directory = Scripted::new(DirectoryError::Auth { status: 403, scope, why: "no".to_owned() }, times);
        let receipt = run(&directory, (0..10).map(invite).collect()).await;
        assert_eq!((directory.requests(), receipt.not_authorized), (10, blamed), "{scope:?} {times}");
        assert_eq!(receipt.error, None);
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_acts_once() {
    // A7, in memory: the key makes it one effect
    for times in 1..5 {
        let directory =
            Memory::new(named("generic").unwrap(), actual(50)).with_faults(move |_, tried| (tried < times).then(|| Fault::After(lost())));
        let changes: Vec<Step> = (0..10).map(|n| retitle(n, "RN")).chain((60..70).map(invite)).collect();
        let receipt = run(&directory, changes).await;
        assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
        assert_eq!(directory.effects().len(), 20, "20 changes, 20 effects");
        assert_eq!(directory.tried().len(), 20 * (times + 1));
    }
}
