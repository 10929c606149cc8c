//! Running an approved plan: order, failure domains, stopping, the journal.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::*;
use rosterctl::apply::{Interrupt, Journal, Options, Progress, Quiet, apply, converge};
use rosterctl::directory::{DirectoryError, Fault, Memory, Outcome, Reader, WriteContext, Writer};
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::Approved;
use rosterctl::report::sentences;

fn refused() -> DirectoryError {
    let scim_type = Some("invalidValue".to_owned());
    DirectoryError::Refused { status: 400, scim_type, why: "no such role".to_owned(), note: None }
}

async fn run(approved: &Approved, directory: &impl Writer, options: &Options) -> WorkspaceReceipt {
    let mut journal = Journal::to(io::sink(), "nowhere");
    apply(approved, directory, options, &mut journal, &Quiet, &going_on()).await
}

#[tokio::test]
async fn whichever_change_fails_the_receipt_names_every_outcome_and_a_second_run_does_the_rest() {
    // A9
    let start = actual(50);
    let changes: Vec<Step> = (0..50).map(|n| retitle(n, "RN")).collect();
    for k in 0..50 {
        let approved = approved(changes.clone(), &start);
        let target = Subject::User(email(k));
        let directory = Memory::new(named("generic").unwrap(), start.clone())
            .with_faults(move |change, _| (change.subject() == target).then(|| Fault::Before(refused())));
        let receipt = run(&approved, &directory, &options(&approved)).await;
        assert_eq!(receipt.records.len(), 50);
        for (n, record) in receipt.records.iter().enumerate() {
            assert_eq!(record.change, n);
            assert_eq!(record.attempts, 1);
            assert_eq!(is_done(record), n != k, "{record:?}");
        }
        let OpOutcome::Failed(why) = &receipt.records[k].outcome else { panic!("{:?}", receipt.records[k]) };
        assert_eq!(sentences::failure(why), "the server refused (400 invalidValue): no such role");

        let left = directory.actual();
        let rest: Vec<Step> = changes
            .iter()
            .filter(|c| {
                left.accounts
                    .iter()
                    .any(|a| c.change.account() == Some(AccountKey::Known(&a.id)) && a.fields.text(Field::Title) != Some("RN"))
            })
            .cloned()
            .collect();
        let again = Memory::new(named("generic").unwrap(), left.clone());
        let approved = crate::support::approved(rest, &left);
        let receipt = run(&approved, &again, &options(&approved)).await;
        assert!(receipt.records.iter().all(is_done));
        assert_eq!(again.effects(), [(Action::Update, Subject::User(email(k)))]);
    }
}

#[tokio::test]
async fn a_change_that_depends_on_a_failed_one_is_not_tried_and_the_rest_is() {
    let changes = vec![clinic("downtown"), after(invite(1), &[0]), invite(2), after(invite(3), &[1])];
    let start = actual(0);
    let approved = approved(changes, &start);
    let directory = Memory::new(named("generic").unwrap(), start)
        .with_faults(|change, _| (change.action() == Action::CreateClinic).then(|| Fault::Before(refused())));
    let receipt = run(&approved, &directory, &options(&approved)).await;
    let why = |n: usize| {
        let OpOutcome::NotTried(why) = &receipt.records[n].outcome else { panic!("{:?}", receipt.records[n]) };
        why.clone()
    };
    let clinic = Subject::Clinic("downtown".to_owned());
    assert_eq!(why(1), NotTried::DependsOn { subject: clinic, action: Action::CreateClinic });
    assert_eq!(why(3), NotTried::DependsOn { subject: Subject::User(email(1)), action: Action::Invite });
    assert!(is_done(&receipt.records[2]));
    assert_eq!(receipt.error, None);
}

#[tokio::test]
async fn access_is_taken_away_before_any_is_given_and_nothing_begins_before_what_it_needs() {
    // rule 4 of the core
    let start = actual(20);
    let mut changes: Vec<Step> = (0..10).map(|n| to_account(n, AccountChange::Inactivate, Stage::Risk)).collect();
    changes.push(clinic("downtown"));
    changes.extend((30..40).map(|n| after(invite(n), &[10])));
    changes.push(after(to_account(12, update(), Stage::HandOver), &[11]));
    let stages: BTreeMap<Subject, Stage> = changes.iter().map(|c| (c.change.subject().to_subject(), c.stage)).collect();
    let approved = approved(changes, &start);
    for parallelism in [1, 3, 50] {
        let directory = Memory::new(named("generic").unwrap(), start.clone());
        let options = Options { parallelism: NonZeroUsize::new(parallelism).unwrap(), ..options(&approved) };
        let receipt = run(&approved, &directory, &options).await;
        assert!(receipt.records.iter().all(is_done));
        let order: Vec<Stage> = directory.effects().iter().map(|(_, subject)| stages[subject]).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(order.len(), 22);
    }
}

#[tokio::test]
async fn a_failed_removal_does_not_keep_others_from_getting_access() {
    let start = actual(1);
    let approved = approved(vec![to_account(0, AccountChange::Inactivate, Stage::Risk), invite(5)], &start);
    let directory = Memory::new(named("generic").unwrap(), start)
        .with_faults(|c, _| (c.action() == Action::Inactivate).then(|| Fault::Before(refused())));
    let receipt = run(&approved, &directory, &options(&approved)).await;
    assert!(!is_done(&receipt.records[0]) && is_done(&receipt.records[1]));
}

#[tokio::test]
async fn the_changes_of_one_account_follow_each_other_each_from_the_version_before() {
    let start = actual(1);
    let text = |t: &str| Value::Text(t.to_owned());
    let update = set(to_account(0, update(), Stage::Access), Field::Title, text("MD"), text("RN"));
    let changes = vec![
        to_account(0, AccountChange::Inactivate, Stage::Risk),
        update,
        to_account(0, AccountChange::Activate, Stage::Access),
        to_account(0, AccountChange::GeneratePasscode, Stage::Access),
        invite(7),
        passcode_for_new(7),
    ];
    let approved = approved(changes, &start);
    let directory = Memory::new(named("generic").unwrap(), start);
    let receipt = run(&approved, &directory, &options(&approved)).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    let end = directory.actual();
    assert!(end.accounts.iter().all(|a| a.has_passcode && !a.state.inactive));
}

#[tokio::test]
async fn an_account_that_somebody_else_wrote_to_gets_no_further_write() {
    let start = actual(2);
    let changes = vec![retitle(0, "RN"), to_account(0, AccountChange::GeneratePasscode, Stage::Access), retitle(1, "RN")];
    let approved = approved(changes, &start);
    let directory = Memory::new(named("generic").unwrap(), start);
    directory.edit(|a| a.accounts[0].fingerprint = Fingerprint("\"elsewhere\"".to_owned()));
    let receipt = run(&approved, &directory, &options(&approved)).await;
    assert!(matches!(receipt.records[0].outcome, OpOutcome::Drifted(_)));
    assert!(matches!(receipt.records[1].outcome, OpOutcome::Drifted(_)) && receipt.records[1].attempts == 0);
    assert!(is_done(&receipt.records[2]));
    assert_eq!(directory.tried().len(), 2);
}

/// Counts how many writes are in progress at the same time.
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Writer for Crowd {
    async fn write(&self, _: &Change, _: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(Outcome::Unchanged)
    }
}

#[tokio::test]
async fn as_many_accounts_are_written_in_parallel_as_was_asked_for_and_no_more() {
    let approved = approved((0..40).map(invite).collect(), &actual(0));
    for parallelism in [1, 8, 100] {
        let crowd = Crowd { now: AtomicUsize::new(0), most: AtomicUsize::new(0) };
        run(&approved, &crowd, &Options { parallelism: NonZeroUsize::new(parallelism).unwrap(), ..options(&approved) }).await;
        assert_eq!(crowd.most.load(Ordering::SeqCst), parallelism.min(40));
    }
}

/// Asks for a stop when so many changes have their outcome.
struct StopAfter {
    switch: rosterctl::apply::InterruptSwitch,
    left: AtomicUsize,
}

impl Progress for StopAfter {
    fn finished(&self, _: usize, _: &Change, _: &OpOutcome) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.switch.stop();
        }
    }
}

#[tokio::test]
async fn a_stop_finishes_changes_that_have_begun_and_begins_no_others() {
    // A4
    let start = actual(0);
    let approved = approved((0..40).map(invite).collect(), &start);
    let directory = Memory::new(named("generic").unwrap(), start);
    let (switch, stop) = Interrupt::pair();
    let progress = StopAfter { switch, left: AtomicUsize::new(5) };
    let mut journal = Journal::to(io::sink(), "nowhere");
    let options = Options { parallelism: NonZeroUsize::new(4).unwrap(), ..options(&approved) };
    let receipt = apply(&approved, &directory, &options, &mut journal, &progress, &stop).await;
    let done = receipt.records.iter().filter(|r| is_done(r)).count();
    assert!((5..=9).contains(&done), "{done}");
    assert_eq!(directory.effects().len(), done);
    assert_eq!(receipt.records.iter().filter(|r| is_not_tried(r)).count(), 40 - done);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_another_try() {
    let approved = approved(vec![invite(1)], &actual(0));
    let busy = || DirectoryError::Busy { status: 503, why: "closed".to_owned(), retry_after: Some(std::time::Duration::from_mins(1)) };
    let directory = Memory::new(named("generic").unwrap(), actual(0)).with_faults(move |_, _| Some(Fault::Before(busy())));
    let (switch, stop) = Interrupt::pair();
    let options = Options { sleep: Box::new(|_| Box::pin(std::future::pending())), ..options(&approved) };
    tokio::spawn(async move {
        tokio::task::yield_now().await;
        switch.stop();
    });
    let mut journal = Journal::to(io::sink(), "nowhere");
    let receipt = apply(&approved, &directory, &options, &mut journal, &Quiet, &stop).await;
    let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!() };
    assert_eq!(why.given_up, Some(GivenUp::Interrupted));
}

/// Takes so many lines, then fails as a full disk does.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| io::Error::from(io::ErrorKind::StorageFull))?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_ends_the_run_before_the_next_write() {
    // A5, in memory: begin, then two lines for each change
    let start = actual(0);
    let approved = approved((0..6).map(invite).collect(), &start);
    for lines in 0..13 {
        let directory = Memory::new(named("generic").unwrap(), start.clone());
        let mut journal = Journal::to(Full(lines), "/var/run.jsonl");
        let options = Options { parallelism: NonZeroUsize::MIN, ..options(&approved) };
        let receipt = apply(&approved, &directory, &options, &mut journal, &Quiet, &going_on()).await;
        assert_eq!(directory.effects().len(), lines / 2, "after {lines} lines");
        assert_eq!(receipt.records.iter().filter(|r| is_done(r)).count(), lines / 2, "the receipt knows what the journal does not");
        let Some(WorkspaceError::Halted(Halt::Journal { place, .. })) = receipt.error else { panic!("{:?}", receipt.error) };
        assert_eq!(place, "/var/run.jsonl");
    }
}

#[tokio::test]
async fn the_journal_tells_intent_and_outcome_and_no_secret() {
    // X-7
    let start = actual(1);
    let block = to_account(0, block(BlockReason::ClearSchedule), Stage::Risk);
    let approved = approved(vec![block, to_account(0, AccountChange::GeneratePasscode, Stage::Access)], &start);
    let mut options = options(&approved);
    options.secrets.confirm_phone = Some(Secret::new("+16025550199".to_owned()));
    let mut lines = Vec::new();
    let mut journal = Journal::to(&mut lines, "memory");
    let directory = Memory::new(named("generic").unwrap(), start);
    let shown = Shown(Mutex::new(Vec::new()));
    let receipt = apply(&approved, &directory, &options, &mut journal, &shown, &going_on()).await;
    drop(journal);
    let text = String::from_utf8(lines).unwrap();
    let events: Vec<String> = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["event"].to_string()).collect();
    let made = r#""passcode-made""#;
    assert_eq!(events, [r#""begin""#, r#""intent""#, r#""outcome""#, r#""intent""#, made, r#""outcome""#, r#""end""#]);
    let all = text + &serde_json::to_string(&receipt).unwrap();
    assert!(!all.contains("6025550199") && !all.contains("482913"), "{all}");
    assert_eq!(*shown.0.lock().unwrap(), ["user000@glow.example 482913"], "shown once");
}

struct Shown(Mutex<Vec<String>>);

impl Progress for Shown {
    fn passcode(&self, user: &Email, passcode: &Secret) {
        self.0.lock().unwrap().push(format!("{user} {}", passcode.expose()));
    }
}

#[cfg(unix)]
#[test]
fn the_journal_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.jsonl");
    drop(Journal::open(&path).unwrap());
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// A workspace that no longer compares code words today.
struct Closed;

impl Reader for Closed {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        Ok(Actual { code_word_matches: Some(CodeWordCheck::NotCompared), ..actual(0) })
    }
}

// PBN-5
#[tokio::test]
async fn a_code_word_that_this_run_has_set_is_not_left_where_the_server_compares_none() {
    let set = || Step { change: Change::SetCodeWord, reason: Reason::CodeWordNotCompared, ..clinic("downtown") };
    let again = |fresh: &Actual| plan(if fresh.code_word_matches.is_some_and(CodeWordCheck::is_set) { Vec::new() } else { vec![set()] });
    let approved = approved(vec![set()], &actual(0));
    for (refuses, converged) in [(false, true), (true, false)] {
        let directory =
            Memory::new(named("generic").unwrap(), actual(0)).with_faults(move |_, _| refuses.then(|| Fault::Before(refused())));
        let mut receipt = run(&approved, &directory, &options(&approved)).await;
        converge(&mut receipt, &Closed, &options(&approved), again).await.unwrap();
        assert_eq!((receipt.converged, receipt.left.is_empty()), (converged, converged), "{:?}", receipt.left);
    }
}
