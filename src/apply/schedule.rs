//! The order of a run: one stage after the other, several accounts at the same time, the changes of one account in order.

use std::collections::BTreeMap;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::gate::Gate;
use super::graph::Graph;
use super::lane::LaneKey;
use super::operation::{self, Finished};
use super::{Interrupt, Journal, JournalLine, Options, Progress, key, needed};
use crate::directory::failpoint::{self, Point};
use crate::directory::{Attempts, WriteContext, Writer};
use crate::model::{
    ActionSecret, Change, Drift, Field, Fingerprint, Halt, NotTried, OpOutcome, OpRecord, Plan, RemoteId, Stage, Step, Target,
    WorkspaceError, WorkspaceReceipt,
};
use crate::reconcile::Approved;
use crate::report::of_system;

/// After this number of changes in a row without any answer, or with no other answer than "later", no other one is started.
const SILENCES: u32 = 10;

/// The facts that a run knows about one account.
#[derive(Default)]
struct Lane {
    id: Option<RemoteId>,
    /// The version after the latest write of this run; `None` before the first.
    #[expect(clippy::option_option, reason = "outside: whether there was a write; inside: whether the server has versions")]
    fingerprint: Option<Option<Fingerprint>>,
    drifted: Option<Drift>,
}

struct Run<'a, P> {
    plan: &'a Plan,
    options: &'a Options,
    progress: &'a P,
    stop: &'a Interrupt,
    gate: &'a Gate,
    records: Vec<Option<OpRecord>>,
    lanes: BTreeMap<LaneKey<'a>, Lane>,
    /// The reason why no other change is started.
    halt: Option<Halt>,
    silences: u32,
    /// Says whether the server said that the token cannot write.
    unauthorized: bool,
    /// Changes that were sent, and how many of them the server did not authorize.
    sent: usize,
    forbidden: usize,
    /// The only fields of those that were not authorized and have one field only.
    forbidden_alone: BTreeMap<Field, usize>,
    /// Says whether somebody was there whom the list of users lacked: then nobody is removed for not being listed.
    is_list_doubtful: bool,
}

/// Applies an approved plan and returns the outcome of each change.
///
/// Stages follow each other; within one, several accounts are written at the same time, and the changes of one account in order. A
/// failure stops only its own account and what depends on it. The receipt has not converged yet: `converge` decides that.
pub async fn apply<W: Writer, P: Progress>(
    approved: &Approved,
    directory: &W,
    options: &Options,
    journal: &mut Journal<'_>,
    progress: &P,
    stop: &Interrupt,
) -> WorkspaceReceipt {
    let (plan, digest) = (approved.plan(), approved.digest());
    let records = plan.changes.iter().map(|_| None).collect();
    let gate = Gate::default();
    let mut run = Run {
        plan,
        options,
        progress,
        stop,
        gate: &gate,
        records,
        lanes: BTreeMap::new(),
        halt: None,
        silences: 0,
        unauthorized: false,
        sent: 0,
        forbidden: 0,
        forbidden_alone: BTreeMap::new(),
        is_list_doubtful: false,
    };
    failpoint::hit(Point::FirstOp);
    run.journal(journal, &JournalLine::Begin { workspace: &plan.workspace, plan: digest, changes: plan.changes.len() });
    for stage in Stage::ALL {
        run.stage(stage, directory, journal).await;
    }
    run.journal(journal, &JournalLine::End { workspace: &plan.workspace });
    let Run { records, halt, unauthorized, sent, forbidden, forbidden_alone, .. } = run;
    // Where every one of them is about the same field, it is the field that the server forbids.
    let is_one_field = forbidden_alone.len() == 1 && forbidden_alone.values().sum::<usize>() == forbidden;
    let not_tried = || OpOutcome::NotTried(NotTried::NotReached);
    let records = records
        .into_iter()
        .enumerate()
        .map(|(change, record)| record.unwrap_or_else(|| OpRecord { change, outcome: not_tried(), attempts: 0 }))
        .collect();
    WorkspaceReceipt {
        plan: plan.clone(),
        digest: digest.clone(),
        stops: Vec::new(),
        records,
        converged: false,
        left: Vec::new(),
        error: halt.map(WorkspaceError::Halted),
        not_authorized: unauthorized || (sent > 0 && sent == forbidden && !is_one_field),
    }
}

impl<'a, P: Progress> Run<'a, P> {
    async fn stage<W: Writer>(&mut self, stage: Stage, directory: &W, journal: &mut Journal<'_>) {
        let mut graph = Graph::for_stage(self.plan, stage);
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < self.options.parallelism.get() {
                let Some(position) = graph.ready.pop_front() else { break };
                let Some(step) = self.plan.changes.get(position) else { break };
                let change = &step.change;
                match self.prepare(position, step, journal) {
                    Ok(context) => {
                        let (options, progress, turns) = (self.options, self.progress, (self.stop, self.gate));
                        under_way.push(operation::run(position, change, context, directory, options, progress, turns));
                    }
                    Err(outcome) => {
                        self.settle(position, change, outcome, 0, journal);
                        graph.finished(position);
                    }
                }
            }
            let Some(finished) = under_way.next().await else { break };
            failpoint::hit(Point::AnsweredNotJournaled);
            let position = finished.position;
            self.take(finished, journal);
            graph.finished(position);
        }
        for position in graph.stuck() {
            if let Some(Step { change, .. }) = self.plan.changes.get(position) {
                self.settle(position, change, OpOutcome::NotTried(NotTried::Circular), 0, journal);
            }
        }
    }

    /// Returns what a change needs to be written, after journaling it; or its outcome, if it is not started.
    fn prepare(&mut self, position: usize, step: &'a Step, journal: &mut Journal<'_>) -> Result<WriteContext<'a>, OpOutcome> {
        let not_tried = |why: NotTried| Err(OpOutcome::NotTried(why));
        let change = &step.change;
        let lane = self.lanes.entry(LaneKey::from_change(change)).or_default();
        if self.options.done.contains(&position) {
            return Err(OpOutcome::AlreadyDone);
        }
        if let Some(drift) = self.options.drifted.get(&position).or(lane.drifted.as_ref()) {
            let drift = drift.clone();
            lane.drifted = Some(drift.clone());
            return Err(OpOutcome::Drifted(drift));
        }
        if let Some(why) = self.options.withheld.get(&position) {
            return not_tried(why.clone());
        }
        if let Some(missing) = step.after.iter().find(|p| !self.is_in_place(**p)) {
            return not_tried(self.depends_on(*missing));
        }
        if let Some(why) = &self.halt {
            return not_tried(NotTried::Halted(why.clone()));
        }
        if self.is_list_doubtful && step.reason.is_absence() {
            return not_tried(NotTried::ListInDoubt);
        }
        if self.stop.is_requested() {
            return not_tried(NotTried::Interrupted);
        }
        let lane = self.lanes.entry(LaneKey::from_change(change)).or_default();
        let (planned_id, planned_version) = change.target().map(|Target { id, fingerprint }| (id.clone(), fingerprint.clone())).unzip();
        let id = lane.id.clone().or(planned_id);
        let fingerprint = lane.fingerprint.clone().unwrap_or(planned_version);
        let key = key::key(self.plan, change, id.as_ref(), fingerprint.as_ref(), self.options.run);
        failpoint::hit(Point::BeforeIntent);
        let (subject, action) = (change.subject(), change.action());
        let entry = JournalLine::Intent { workspace: &self.plan.workspace, change: position, subject, action, key: &key };
        self.journal(journal, &entry);
        if let Some(why) = &self.halt {
            return not_tried(NotTried::Halted(why.clone()));
        }
        failpoint::hit(Point::AfterIntent);
        let secrets = &self.options.secrets;
        let needs = |secret| action.secret() == Some(secret);
        let first = subject.user().filter(|_| needs(ActionSecret::FirstPassword));
        let initial_password = first.and_then(|email| secrets.initial_passwords.get(email));
        Ok(WriteContext {
            id,
            fingerprint,
            idempotency_key: key,
            tried: 0,
            failed: 0,
            is_put_off: false,
            provenance: &self.options.provenance,
            confirm_phone: secrets.confirm_phone.as_ref().filter(|_| needs(ActionSecret::AdminsPhone)),
            initial_password,
            code_word: secrets.code_word.as_ref().filter(|_| needs(ActionSecret::CodeWord)),
            attempts: Attempts::at_most(self.options.backoff.attempts),
        })
    }

    /// Records the outcome of a change that was sent.
    fn take(&mut self, finished: Finished, journal: &mut Journal<'_>) {
        let Finished { position, outcome, attempts, written, passcode, taken, silent, forbidden, hopeless } = finished;
        self.sent += 1;
        self.forbidden += usize::from(forbidden);
        self.unauthorized |= forbidden && hopeless.is_some();
        let Some(Step { change, .. }) = self.plan.changes.get(position) else { return };
        if let (true, [edit]) = (forbidden, change.fields()) {
            *self.forbidden_alone.entry(edit.field).or_default() += 1;
        }
        self.is_list_doubtful |= taken && change.action().invites();
        let lane = self.lanes.entry(LaneKey::from_change(change)).or_default();
        if let Some((id, fingerprint)) = written {
            lane.id = Some(id).filter(|id| !id.0.is_empty());
            lane.fingerprint = Some(fingerprint);
        }
        if let Some(drift) = outcome.drift() {
            lane.drifted = Some(drift.clone());
        }
        if let (Some(passcode), Some(email)) = (&passcode, change.subject().user()) {
            self.journal(journal, &JournalLine::PasscodeMade { workspace: &self.plan.workspace, change: position });
            self.progress.passcode(email, passcode);
        }
        self.silences = if silent { self.silences + 1 } else { 0 };
        if self.halt.is_none() {
            let is_silent = (self.silences >= SILENCES).then_some(Halt::NoAnswer);
            let is_put_off = (self.gate.given_up() >= SILENCES).then_some(Halt::PutOff);
            self.halt = hopeless.or(is_silent).or(is_put_off);
        }
        self.settle(position, change, outcome, attempts, journal);
    }

    fn settle(&mut self, position: usize, change: &Change, outcome: OpOutcome, attempts: u32, journal: &mut Journal<'_>) {
        let entry = JournalLine::Outcome { workspace: &self.plan.workspace, change: position, outcome: &outcome, attempts };
        self.journal(journal, &entry);
        self.progress.finished(position, change, &outcome);
        if let Some(record) = self.records.get_mut(position) {
            *record = Some(OpRecord { change: position, outcome, attempts });
        }
    }

    /// Appends to the journal. If that fails, no other change is started: a run that cannot be explained does not continue.
    fn journal(&mut self, journal: &mut Journal<'_>, entry: &JournalLine<'_>) {
        if let Err(why) = journal.append(entry) {
            let place = journal.place();
            self.halt.get_or_insert_with(|| Halt::Journal { place: place.to_string(), source_text: of_system(&why) });
        }
    }

    fn is_in_place(&self, position: usize) -> bool {
        let record = self.records.get(position).and_then(Option::as_ref);
        self.plan.changes.get(position).zip(record).is_some_and(|(step, record)| needed::is_in_place(&step.change, &record.outcome))
    }

    fn depends_on(&self, position: usize) -> NotTried {
        self.plan.changes.get(position).map_or(NotTried::Circular, |Step { change, .. }| NotTried::DependsOn {
            subject: change.subject().to_subject(),
            action: change.action(),
        })
    }
}
