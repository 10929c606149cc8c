//! One run: applies the plans of all workspaces concurrently, reads each again, and makes the receipt.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;

use futures::StreamExt as _;

use crate::apply::{self, Interrupt, Journal, Options, Secrets, stale};
use crate::directory::Reader as _;
use crate::model::{Digest, Email, MissingSecret, NotReady, NotTried, OpOutcome, OpRecord, Receipt, WorkspaceError, WorkspaceReceipt};
use crate::reconcile::Approved;
use crate::report::of_system;

use super::confirm::{self, Fetched, Phone};
use super::interrupt;
use super::passcodes::{Passcodes, makes_passcode};
use super::progress::Bar;
use crate::apply::stale::PlanDrift;
use crate::cli::attesting::provenance::GivenProvenance;
use crate::cli::exit::Exit;
use crate::cli::files::path_text::shown;
use crate::cli::files::receipts;
use crate::cli::files::state_dir;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::connect::{self, WriteConnection};
use crate::cli::workspaces::reading;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Approval, Survey, Surveyed};

/// The number of workspaces that are written at the same time.
const AT_ONCE: usize = 8;

/// The input of a run.
pub(in crate::cli) struct Work<'a> {
    /// The roster's directory.
    pub(in crate::cli) roster: &'a Path,
    /// The users it is narrowed to; empty for all.
    pub users: BTreeSet<Email>,
    /// Says whether the plans were saved earlier.
    pub is_saved: bool,
    /// The number of changes of a workspace that are made at the same time.
    pub parallelism: NonZeroUsize,
    /// The phone number given on the command line.
    pub confirm_phone: Option<&'a str>,
    /// The approver and the commit.
    pub origin: &'a GivenProvenance,
    /// The digest over all workspaces.
    pub digest: Digest,
    /// The stores this command opens.
    pub stores: Stores,
    /// The place where new passcodes go.
    pub passcodes: Passcodes,
    /// The file that was named for them.
    pub passcodes_file: Option<&'a Path>,
    /// The number of changes in total.
    pub changes: usize,
    /// The terminal for messages.
    pub terminal: Terminal,
}

/// The result of a run.
pub(in crate::cli) struct RunResult {
    /// The result for each workspace.
    pub receipt: Receipt,
    /// The exit codes that follow from it.
    pub exits: Vec<Exit>,
}

/// A workspace before its plan is applied.
struct ReadyWorkspace {
    surveyed: Surveyed,
    drift: PlanDrift,
    /// The secrets its changes need; or why nothing can be written.
    secrets: Result<Fetched, NotReady>,
}

/// Collects all confirmations, then writes.
pub(in crate::cli) async fn run(survey: Survey, drift: Vec<PlanDrift>, work: &Work<'_>) -> anyhow::Result<RunResult> {
    let mut drift = drift.into_iter();
    let unread = survey.unread;
    let ready: Vec<ReadyWorkspace> = (survey.read.into_iter())
        .map(|surveyed| {
            let drift = drift.next().unwrap_or_default();
            ReadyWorkspace { secrets: prepare(&surveyed, &drift, work), drift, surveyed }
        })
        .collect();
    // Unconfirmed changes are not written, so they make no passcode and no file for one.
    let confirmed = ready.iter().filter(|ready| ready.secrets.is_ok()).filter_map(|ready| ready.surveyed.approved());
    let new_passcodes: usize = confirmed.map(|approved| makes_passcode(approved.plan()).count()).sum();
    if new_passcodes > 0 {
        work.passcodes.open(work.passcodes_file, new_passcodes, work.terminal)?;
    }
    let name = receipts::run_name(&work.digest);
    let bar = Bar::new(work.changes, work.passcodes.clone());
    let stop = interrupt::listen(work.passcodes.clone(), work.terminal);
    let commit = if work.changes > 0 { work.origin.commit(work.roster) } else { None };
    let runs = ready.into_iter().map(|ready| one(ready, work, commit.clone(), &name, &bar, &stop));
    let outcomes: Vec<(WorkspaceReceipt, Exit)> = futures::stream::iter(runs).buffered(AT_ONCE).collect().await;
    bar.finish();
    let (workspaces, exits): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
    Ok(RunResult { receipt: Receipt { format: Receipt::FORMAT, digest: work.digest.clone(), workspaces, unread }, exits })
}

/// Collects what the first write to a workspace needs.
fn prepare(surveyed: &Surveyed, drift: &PlanDrift, work: &Work<'_>) -> Result<Fetched, NotReady> {
    let Some(approved) = surveyed.approved() else { return Ok(Fetched::default()) };
    let plan = approved.plan();
    let settled = drift.drifted.keys().chain(&drift.done).copied().collect();
    let confirm_phone =
        (Phone { given: work.confirm_phone }).confirm(plan, &settled, &surveyed.actual, surveyed.desired.country, work.terminal)?;
    let Fetched { secrets, missing } = confirm::fetch(plan, &surveyed.desired, work.roster, &work.stores.code_words());
    Ok(Fetched { secrets: Secrets { confirm_phone, ..secrets }, missing })
}

/// Lists the changes that are left undone, since nobody would see their passcode or they lack a secret.
fn withheld(approved: &Approved, missing: &BTreeMap<usize, MissingSecret>, passcodes: &Passcodes) -> BTreeMap<usize, NotTried> {
    let unseen = passcodes.withheld(approved.plan()).into_iter().map(|position| (position, NotTried::PasscodeUnseen));
    unseen.chain(missing.iter().map(|(position, why)| (*position, NotTried::NoSecret(why.clone())))).collect()
}

async fn one(
    ready: ReadyWorkspace,
    work: &Work<'_>,
    commit: Option<String>,
    run: &str,
    bar: &Bar,
    stop: &Interrupt,
) -> (WorkspaceReceipt, Exit) {
    let ReadyWorkspace { surveyed, drift, secrets } = ready;
    let approved = match &surveyed.verdict {
        Approval::Approved(approved) => approved,
        Approval::Stopped(stopped) => {
            let mut receipt = unwritten(&stopped.plan, &stopped.digest, &NotTried::GuardStopped);
            receipt.stops.clone_from(&stopped.stops);
            return (receipt, Exit::Stopped);
        }
    };
    if approved.plan().changes.is_empty() {
        // The first apply creates an embedded workspace even if it already matches the roster.
        if !surveyed.connection.is_created() {
            match connect::to_write(&surveyed.desired, work.roster, &work.stores).await {
                Ok(created) => created.close().await,
                Err(why) => return failed(approved, why),
            }
        }
        let mut receipt = unwritten(approved.plan(), approved.digest(), &NotTried::NotReached);
        // A saved plan without changes describes the past, so the present is planned again.
        let now = work.is_saved.then(|| survey::plan(&surveyed.desired, &surveyed.actual, &work.users));
        apply::judge(&mut receipt, &surveyed.actual, now.as_ref().unwrap_or_else(|| approved.plan()));
        let exit = exit(&receipt);
        return (receipt, exit);
    }
    let secrets = match secrets {
        Ok(secrets) => secrets,
        Err(why) => return failed(approved, why),
    };
    match write(approved, &surveyed, drift, secrets, work, commit, run, bar, stop).await {
        Ok(done) => done,
        Err(why) => failed(approved, why),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one run come together here")]
async fn write(
    approved: &Approved,
    surveyed: &Surveyed,
    drift: PlanDrift,
    Fetched { secrets, missing }: Fetched,
    work: &Work<'_>,
    commit: Option<String>,
    run: &str,
    bar: &Bar,
    stop: &Interrupt,
) -> Result<(WorkspaceReceipt, Exit), NotReady> {
    let desired = &surveyed.desired;
    let existing = surveyed.connection.for_writing(approved);
    let opened = match existing {
        Some(_) => None,
        None => Some(connect::to_write(desired, work.roster, &work.stores).await?),
    };
    let Some(directory) = existing.or(opened.as_ref().map(WriteConnection::directory)) else {
        return Err(NotReady::NotConnected { workspace: desired.workspace.clone() });
    };
    let mut drift = drift;
    if existing.is_none() {
        // The plan was made on a workspace in memory, or on a file that was closed since: it must have the same content.
        drift.drifted.extend(stale::compare(approved.plan(), &directory.read().await?).drifted);
    }
    let journal =
        state_dir::make(work.roster, Some("journals")).map_err(connect::not_made)?.join(format!("{run}-{}.jsonl", desired.workspace));
    let path = journal;
    let not_made = |why: std::io::Error| NotReady::Journal { file: shown(&path), source_text: of_system(&why) };
    let mut journal = Journal::open(&path).map_err(not_made)?;
    work.passcodes.recorded_in(&path);
    let options = Options {
        parallelism: work.parallelism,
        drifted: drift.drifted,
        done: drift.done,
        withheld: withheld(approved, &missing, &work.passcodes),
        secrets,
        ..Options::new(work.origin.provenance(approved.digest().clone(), commit))
    };
    let mut receipt = apply::apply(approved, directory, &options, &mut journal, bar, stop).await;
    let plan_again = |actual: &_| survey::plan(desired, actual, &work.users);
    let mut exits = Vec::new();
    if let Err(why) = apply::converge(&mut receipt, directory, &options, plan_again).await {
        exits.push(reading::exit_of(&why.into()));
    }
    exits.push(exit(&receipt));
    if let Some(opened) = opened {
        opened.close().await;
    }
    Ok((receipt, Exit::first(exits)))
}

/// Makes the receipt of a workspace to which nothing was written.
fn unwritten(plan: &crate::model::Plan, digest: &Digest, why: &NotTried) -> WorkspaceReceipt {
    let records =
        (0..plan.changes.len()).map(|change| OpRecord { change, outcome: OpOutcome::NotTried(why.clone()), attempts: 0 }).collect();
    WorkspaceReceipt {
        plan: plan.clone(),
        digest: digest.clone(),
        stops: Vec::new(),
        records,
        converged: false,
        left: Vec::new(),
        error: None,
        not_authorized: false,
    }
}

fn failed(approved: &Approved, why: NotReady) -> (WorkspaceReceipt, Exit) {
    let receipt = unwritten(approved.plan(), approved.digest(), &NotTried::WorkspaceFailed);
    let exit = reading::exit_of(&why);
    (WorkspaceReceipt { error: Some(WorkspaceError::NotStarted(why)), ..receipt }, exit)
}

/// Returns the exit code that follows from a receipt.
fn exit(receipt: &WorkspaceReceipt) -> Exit {
    let error = (receipt.error.is_some() && !receipt.not_authorized).then_some(Exit::Error);
    let unauthorized = receipt.not_authorized.then_some(Exit::Unconfirmed);
    let stale = receipt.records.iter().any(|r| r.outcome.has_drifted()).then_some(Exit::Stale);
    // An observed workspace is done once it was read, whatever differs.
    let is_seen = receipt.plan.manage.only_observes() && receipt.left.is_empty();
    let partial = (!(receipt.converged || is_seen) || !receipt.plan.refusals.is_empty()).then_some(Exit::Partial);
    Exit::first([error, unauthorized, stale, partial].into_iter().flatten())
}
