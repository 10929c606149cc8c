//! One run: all workspaces beside each other, each written, read again, and put on the receipt.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use futures::StreamExt as _;

use crate::apply::{self, Journal, Options, Secrets, Stop, stale};
use crate::directory::Reader as _;
use crate::model::{Digest, Email, Manage, OpOutcome, OpRecord, Receipt, WorkspaceReceipt};
use crate::reconcile::Approved;

use super::confirm::{self, Phone};
use super::interrupt;
use super::planned::Drift;
use super::progress::Bar;
use super::provenance::Origin;
use crate::cli::exit::Exit;
use crate::cli::files::receipts;
use crate::cli::files::state_dir;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::connect;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Survey, Surveyed, Verdict};

/// How many workspaces are written at one time.
const BESIDE: usize = 8;

/// What a run is given.
pub(in crate::cli) struct Work<'a> {
    /// The roster's directory.
    pub(in crate::cli) roster: &'a Path,
    /// The users it is about; empty for all.
    pub users: BTreeSet<Email>,
    /// Whether the plans are saved ones, made from an earlier reading.
    pub is_saved: bool,
    /// How many changes of a workspace are under way at one time.
    pub parallelism: NonZeroUsize,
    /// The phone number of the command line.
    pub confirm_phone: Option<&'a str>,
    /// Who approved it, and at which commit.
    pub origin: &'a Origin,
    /// The digest over all workspaces.
    pub digest: Digest,
    /// What opens stores.
    pub stores: Stores,
    /// How many changes there are in all.
    pub changes: usize,
    /// Whom to talk to.
    pub terminal: Terminal,
}

/// What came of a run.
pub(in crate::cli) struct Done {
    /// What came of each workspace.
    pub receipt: Receipt,
    /// What that means for the exit code.
    pub exits: Vec<Exit>,
    /// The file of passcodes nobody was there to read.
    pub passcodes: Option<PathBuf>,
}

/// A workspace, ready to be written or not.
struct Ready {
    surveyed: Surveyed,
    drift: Drift,
    /// What its changes need; or why nothing is written, and what that means for the exit code.
    secrets: Result<Secrets, (String, Exit)>,
}

/// Confirms everything, then writes.
pub(in crate::cli) async fn run(survey: Survey, drift: Vec<Drift>, work: &Work<'_>) -> anyhow::Result<Done> {
    let mut drift = drift.into_iter();
    let ready: Vec<Ready> = (survey.read.into_iter())
        .map(|surveyed| {
            let secrets = prepare(&surveyed, work);
            Ready { secrets, drift: drift.next().unwrap_or_default(), surveyed }
        })
        .collect();
    let name = receipts::run_name(&work.digest);
    let bar = Bar::new(work.changes, work.roster, &name, work.terminal);
    let stop = interrupt::listen(work.terminal);
    let commit = if work.changes > 0 { work.origin.commit(work.roster) } else { None };
    let runs = ready.into_iter().map(|ready| one(ready, work, commit.clone(), &name, &bar, &stop));
    let outcomes: Vec<(WorkspaceReceipt, Exit)> = futures::stream::iter(runs).buffered(BESIDE).collect().await;
    bar.finish();
    let (workspaces, exits): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
    Ok(Done { receipt: Receipt { format: 1, digest: work.digest.clone(), workspaces }, exits, passcodes: bar.passcodes() })
}

/// Everything that must be known before the first write of a workspace.
fn prepare(surveyed: &Surveyed, work: &Work<'_>) -> Result<Secrets, (String, Exit)> {
    let Verdict::Approved(approved) = &surveyed.verdict else { return Ok(Secrets::default()) };
    let plan = approved.plan();
    let confirm_phone = (Phone { given: work.confirm_phone })
        .confirm(plan, &surveyed.actual, work.terminal)
        .map_err(|why| (format!("{why:#}"), Exit::Unconfirmed))?;
    let secrets = confirm::fetch(plan, &surveyed.desired, work.roster).map_err(|why| (format!("{why:#}"), Exit::Error))?;
    Ok(Secrets { confirm_phone, ..secrets })
}

async fn one(ready: Ready, work: &Work<'_>, commit: Option<String>, run: &str, bar: &Bar, stop: &Stop) -> (WorkspaceReceipt, Exit) {
    let Ready { surveyed, drift, secrets } = ready;
    let approved = match &surveyed.verdict {
        Verdict::Approved(approved) => approved,
        Verdict::Stopped(stopped) => {
            let mut receipt = unwritten(&stopped.plan, &stopped.digest, "a guard stopped the workspace");
            receipt.stops.clone_from(&stopped.stops);
            return (receipt, Exit::Stopped);
        }
    };
    if approved.plan().changes.is_empty() {
        // An embedded workspace is made by its first apply, also where it begins as wanted.
        if surveyed.looking.in_memory
            && let Err(why) = connect::to_write(&surveyed.desired, work.roster, &work.stores).await
        {
            return (failed(approved, why.to_string()), Exit::Error);
        }
        let mut receipt = unwritten(approved.plan(), approved.digest(), "");
        // A saved plan without changes says how it was, not how it is.
        let now = work.is_saved.then(|| survey::plan(&surveyed.desired, &surveyed.actual, &work.users));
        apply::judge(&mut receipt, &surveyed.actual, now.as_ref().unwrap_or_else(|| approved.plan()));
        let exit = exit(&receipt);
        return (receipt, exit);
    }
    let secrets = match secrets {
        Ok(secrets) => secrets,
        Err((why, exit)) => return (failed(approved, why), exit),
    };
    match write(approved, &surveyed, drift, secrets, work, commit, run, bar, stop).await {
        Ok(done) => done,
        Err(why) => (failed(approved, format!("{why:#}")), Exit::Error),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one run, put together in one place")]
async fn write(
    approved: &Approved,
    surveyed: &Surveyed,
    drift: Drift,
    secrets: Secrets,
    work: &Work<'_>,
    commit: Option<String>,
    run: &str,
    bar: &Bar,
    stop: &Stop,
) -> anyhow::Result<(WorkspaceReceipt, Exit)> {
    let desired = &surveyed.desired;
    let made = if surveyed.looking.in_memory { Some(connect::to_write(desired, work.roster, &work.stores).await?) } else { None };
    let directory = made.as_ref().unwrap_or_else(|| surveyed.looking.to_apply(approved));
    let mut drift = drift;
    if made.is_some() {
        // What was planned on stood in memory; the store that was made now must hold the same.
        drift.drifted.extend(stale::compare(approved.plan(), &directory.read().await?).drifted);
    }
    let journal = state_dir::make(work.roster, Some("journals"))?.join(format!("{run}-{}.jsonl", desired.workspace));
    let mut journal = Journal::open(&journal).with_context(|| format!("can not write the journal `{}`", journal.display()))?;
    let options = Options {
        parallelism: work.parallelism,
        drifted: drift.drifted,
        done: drift.done,
        secrets,
        ..Options::new(work.origin.of(approved.digest().clone(), commit))
    };
    let mut receipt = apply::apply(approved, directory, &options, &mut journal, bar, stop).await;
    let again = |actual: &_| survey::plan(desired, actual, &work.users);
    let mut exits = Vec::new();
    if let Err(why) = apply::converge(&mut receipt, directory, again).await {
        exits.push(survey::exit_of(&why));
    }
    exits.push(exit(&receipt));
    Ok((receipt, Exit::first(exits)))
}

/// The receipt of a workspace to which nothing was written.
fn unwritten(plan: &crate::model::Plan, digest: &Digest, why: &str) -> WorkspaceReceipt {
    let records = (0..plan.changes.len())
        .map(|change| OpRecord { change, outcome: OpOutcome::NotTried { why: why.to_owned() }, attempts: 0 })
        .collect();
    WorkspaceReceipt {
        plan: plan.clone(),
        digest: digest.clone(),
        stops: Vec::new(),
        records,
        converged: false,
        left: Vec::new(),
        error: None,
        not_authorised: false,
    }
}

fn failed(approved: &Approved, why: String) -> WorkspaceReceipt {
    let receipt = unwritten(approved.plan(), approved.digest(), "nothing was written to this workspace");
    WorkspaceReceipt { error: Some(why), ..receipt }
}

/// What a receipt means for the exit code.
fn exit(receipt: &WorkspaceReceipt) -> Exit {
    let any = |wanted: fn(&OpOutcome) -> bool| receipt.records.iter().any(|r| wanted(&r.outcome));
    let error = (receipt.error.is_some() && !receipt.not_authorised).then_some(Exit::Error);
    let unauthorised = receipt.not_authorised.then_some(Exit::Unconfirmed);
    let stale = any(|o| matches!(o, OpOutcome::Drifted { .. })).then_some(Exit::Stale);
    // Whoever only observes is done when it was looked at, whatever differs.
    let is_seen = receipt.plan.manage == Manage::Observe && receipt.left.is_empty();
    let partial = (!(receipt.converged || is_seen) || !receipt.plan.refusals.is_empty()).then_some(Exit::Partial);
    Exit::first([error, unauthorised, stale, partial].into_iter().flatten())
}
