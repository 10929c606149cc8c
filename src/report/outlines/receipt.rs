//! Describes a receipt as an outline: first what was not done, then what was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::{
    Action, ChangeFailure, Field, Left, NotTried, OpOutcome, OpRecord, Plan, Receipt, Refusal, Subject, SubjectRef, WorkspaceReceipt,
};
use crate::platform::{self, Catalog};

use super::entries;
use super::outline::{Entry, EntrySign, Line, Outline, Part, Tone};
use crate::report::clean::clean;
use crate::report::words::{self, count};
use crate::report::{People, by_hand, guard, plan, sentences};

/// Describes the result of a plan completely.
pub(in crate::report) fn outline(receipt: &Receipt, people: &People) -> Outline {
    let columns = ["done", "already done", "for a person", "failed", "changed meanwhile", "not tried", "refused"];
    let mut outline = Outline { columns: columns.map(str::to_owned).to_vec(), ..Outline::default() };
    for workspace in &receipt.workspaces {
        outline.parts.push(part(workspace, people));
        outline.counts.push((clean(&workspace.plan.workspace), ReceiptCounts::count(workspace).columns()));
    }
    outline.summary = receipt.workspaces.iter().map(|w| format!("{}: {}", clean(&w.plan.workspace), result(w))).collect();
    let unread = receipt.unread.iter().map(|unread| {
        let what = if unread.why.is_withheld() { "nothing was written" } else { "not read, so nothing was written" };
        format!("{}: {what}: {}", clean(&unread.workspace), clean(&sentences::unread(&unread.why)))
    });
    outline.summary.extend(unread);
    if receipt.workspaces.iter().any(|workspace| ReceiptCounts::count(workspace).comes_back()) {
        outline.summary.push(sentences::COMES_BACK.to_owned());
    }
    outline.summary.push(format!("Digest: {}", clean(&receipt.digest.0)));
    outline
}

/// Describes a workspace after the run in one phrase. It says that it matches only if the list that was read after the run does.
#[must_use]
pub fn result(workspace: &WorkspaceReceipt) -> String {
    let counts = ReceiptCounts::count(workspace);
    if let Some(error) = &workspace.error {
        return format!("not finished: {}", clean(&sentences::workspace_error(error)));
    }
    if !workspace.stops.is_empty() {
        return "stopped by a guard, nothing was written".to_owned();
    }
    if let Some(by_hand) = workspace.plan.by_hand.as_deref() {
        return sentences::left_by_hand(by_hand, &workspace.plan);
    }
    if workspace.plan.manage.only_observes() && workspace.left.is_empty() {
        return format!("observed, {} from the roster", count(workspace.plan.differing(), "difference", "differences"));
    }
    let only = &workspace.plan.only;
    if workspace.converged && counts.refused == 0 && !only.is_empty() {
        return format!("only {} included in this run, and now matches the roster, {}", plan::few(only), counts.made());
    }
    match (workspace.converged, counts.refused) {
        (true, 0) if workspace.plan.changes.is_empty() => "matches the roster, no changes made".to_owned(),
        (true, 0) => format!("matches the roster, {}", counts.made()),
        (true, refused) => format!("matches the roster, except for {}", count(refused, "refusal", "refusals")),
        (false, _) => {
            let open = counts.failed + counts.refused_now + counts.drifted + counts.not_tried;
            let made = counts.made();
            let is_only_changed_since = workspace.left.iter().all(Left::was_read);
            if open == 0 && counts.handoff == 0 && counts.partly == 0 && !workspace.left.is_empty() && is_only_changed_since {
                let since = if is_about_refusals(workspace) {
                    "A refusal of the plan is no longer the same"
                } else if is_about_what_was_made(workspace) {
                    "The workspace does not show all of what it confirmed"
                } else {
                    "The roster or the workspace has changed since"
                };
                return format!("{made}, all that was approved. {since}: plan again");
            }
            if open == 0 && counts.handoff == 0 && counts.partly > 0 {
                return format!("does not match the roster yet, {made}, {} of them in part", counts.partly);
            }
            let mut said = format!("does not match the roster yet, {made}, {open} not made");
            if counts.refused_now > 0 {
                let _ = write!(said, ", {} of them refused by the workspace", counts.refused_now);
            }
            if counts.handoff > 0 {
                let _ = write!(said, ", {} for a person", counts.handoff);
            }
            said
        }
    }
}

/// Returns whether everything that is left is about what the plan refused: its own changes can be the reason why that is different now.
fn is_about_refusals(workspace: &WorkspaceReceipt) -> bool {
    // A refused address is that of the roster, and what is left names the one that the account has.
    let is_address = |refusal: &Refusal| refusal.cause.topic().field() == Some(Field::Email);
    let was_refused = |subject: &Subject| {
        let mut refusals = workspace.plan.refusals.iter();
        refusals.any(|refusal| refusal.subject == *subject || (subject.borrow().user().is_some() && is_address(refusal)))
    };
    workspace.left.iter().all(|left| match left {
        Left::Change { subject, .. } | Left::Refused(Refusal { subject, .. }) => was_refused(subject),
        Left::NotRead(_) | Left::PartialRead { .. } => false,
    })
}

/// Returns whether everything that is left is about people and things that this run has changed.
fn is_about_what_was_made(workspace: &WorkspaceReceipt) -> bool {
    let made = workspace.records.iter().filter(|record| record.outcome.is_made());
    let made = made.filter_map(|record| workspace.plan.changes.get(record.change));
    let made: BTreeSet<(SubjectRef<'_>, Action)> = made.map(|step| (step.change.subject(), step.change.action())).collect();
    workspace.left.iter().all(|left| match left {
        // The opposite of what was made is another wish.
        Left::Change { subject, action, .. } => made.contains(&(subject.borrow(), *action)),
        Left::Refused(_) | Left::NotRead(_) | Left::PartialRead { .. } => false,
    })
}

#[derive(Default)]
struct ReceiptCounts {
    done: usize,
    already: usize,
    /// Those of the done that the server stored in part.
    partly: usize,
    handoff: usize,
    failed: usize,
    drifted: usize,
    not_tried: usize,
    /// The number of refusals of the plan.
    refused: usize,
    /// The number of refusals of the workspace in the run.
    refused_now: usize,
}

impl ReceiptCounts {
    fn count(workspace: &WorkspaceReceipt) -> Self {
        let mut counts = Self { refused: workspace.plan.refusals.len(), ..Self::default() };
        for record in &workspace.records {
            counts.partly += usize::from(!record.outcome.is_stored_in_full() || record.outcome.keeps_form());
            match record.outcome {
                OpOutcome::Done { .. } | OpOutcome::Partly { .. } => counts.done += 1,
                OpOutcome::AlreadyDone => counts.already += 1,
                OpOutcome::Handoff(_) => counts.handoff += 1,
                OpOutcome::Failed(ChangeFailure { refused: true, .. }) if !workspace.not_authorized => counts.refused_now += 1,
                OpOutcome::Failed(_) => counts.failed += 1,
                OpOutcome::Drifted(_) => counts.drifted += 1,
                OpOutcome::NotTried(_) => counts.not_tried += 1,
            }
        }
        counts
    }

    /// Says how many changes this run made, and how many an earlier one had made.
    fn made(&self) -> String {
        let made = format!("{} made", count(self.done, "change", "changes"));
        match (self.done, self.already) {
            (_, 0) => made,
            (0, already) => format!("nothing was written: {} already done", count(already, "change was", "changes were")),
            (_, already) => format!("{made}, {already} already done"),
        }
    }

    fn columns(&self) -> Vec<usize> {
        vec![self.done, self.already, self.handoff, self.failed, self.drifted, self.not_tried, self.refused + self.refused_now]
    }

    /// Returns whether something is in the next plan again, since nobody remembers that the workspace refused it.
    const fn comes_back(&self) -> bool {
        self.refused_now > 0 || self.partly > 0
    }
}

fn part(workspace: &WorkspaceReceipt, people: &People) -> Part {
    let plan = &workspace.plan;
    let mut lead = result(workspace);
    if let Some(first) = lead.get(..1).map(str::to_uppercase) {
        lead.replace_range(..1, &first);
    }
    let mut part = Part {
        title: format!("{} ({})", clean(&plan.workspace), clean(&platform::by_id(&plan.platform).catalog().name)),
        lead: format!("{lead}."),
        sections: Vec::new(),
    };
    let stops = guard::entries(&workspace.stops, plan, &workspace.digest);
    part.section("Stopped: nothing was written to this workspace", Tone::Alarm, false, stops);
    let records: &[OpRecord] = if let Some(why) = untouched(workspace) {
        let lines = vec![Line::Text(clean(&sentences::not_tried(why)))];
        let title = count(workspace.records.len(), "change", "changes");
        part.section("Not tried", Tone::Caution, false, vec![Entry { mark: EntrySign::NotDone, title, lines }]);
        &[]
    } else if plan.by_hand.is_some() {
        by_hand::done(&mut part, plan, people);
        &[]
    } else {
        &workspace.records
    };
    let mut kinds: BTreeMap<OutcomeKind, BTreeMap<SubjectRef<'_>, (EntrySign, Vec<Line>)>> = BTreeMap::new();
    for record in records {
        if let Some(step) = plan.changes.get(record.change) {
            let (kind, why) = kind(record, step.change.action(), workspace.not_authorized);
            let mark = kind.mark().unwrap_or_else(|| entries::plain_mark(step.change.action()));
            let (_, lines) = kinds.entry(kind).or_default().entry(step.change.subject()).or_insert_with(|| (mark, Vec::new()));
            if step.reason.is_shown_by_fields() {
                lines.extend(entries::lines_of(step, plan));
            } else {
                lines.push(Line::Head(entries::headline(step, plan)));
            }
            lines.extend(why.map(|(label, text)| Line::Pair(label.to_owned(), clean(&text))));
            if record.attempts > 1 {
                lines.push(Line::Pair("attempts".to_owned(), record.attempts.to_string()));
            }
        }
    }
    for (kind, subjects) in kinds {
        let (heading, tone) = kind.shown();
        let entries: Vec<Entry> = (subjects.into_iter())
            .map(|(subject, (mark, lines))| Entry { mark, title: words::subject(subject, &plan.workspace, people), lines })
            .collect();
        let changes = entries.iter().flat_map(|entry| &entry.lines).filter(|line| line.is_head()).count();
        part.section(format!("{heading} ({changes})"), tone, kind >= OutcomeKind::Done, entries);
    }
    let catalog = platform::by_id(&plan.platform).catalog();
    let left: Vec<Entry> = workspace.left.iter().map(|left| still_to_do(left, plan, people, catalog)).collect();
    part.section(format!("Still to do ({})", left.len()), Tone::Caution, false, left);
    entries::add_refused(&mut part, plan, people);
    entries::add_tasks(&mut part, plan, people);
    part
}

/// Says what the last look at the workspace found left, or could not find out.
fn still_to_do(left: &Left, plan: &Plan, people: &People, catalog: &Catalog) -> Entry {
    let said = clean(&sentences::left(left, catalog));
    let about = match left {
        Left::Change { subject, .. } => Some(subject),
        Left::Refused(refused) => Some(&refused.subject),
        Left::NotRead(_) | Left::PartialRead { .. } => None,
    };
    match about {
        Some(subject) => Entry {
            mark: EntrySign::Changes,
            title: words::subject(subject.borrow(), &plan.workspace, people),
            lines: vec![Line::Head(said)],
        },
        None => Entry { mark: EntrySign::Changes, title: said, lines: Vec::new() },
    }
}

/// Returns why nothing at all was tried, if every change has the same reason.
fn untouched(workspace: &WorkspaceReceipt) -> Option<&NotTried> {
    let mut reasons = workspace.records.iter().map(|record| match &record.outcome {
        OpOutcome::NotTried(why) => Some(why),
        OpOutcome::Done { .. }
        | OpOutcome::Partly { .. }
        | OpOutcome::AlreadyDone
        | OpOutcome::Handoff(_)
        | OpOutcome::Failed(_)
        | OpOutcome::Drifted(_) => None,
    });
    let first = reasons.next()??;
    reasons.all(|why| why == Some(first)).then_some(first)
}

/// The outcomes of a change, those that need most attention first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum OutcomeKind {
    Failed,
    Drifted,
    Refused,
    NotTried,
    Handoff,
    Partly,
    Done,
    AlreadyDone,
}

impl OutcomeKind {
    const fn shown(self) -> (&'static str, Tone) {
        match self {
            Self::Failed => ("Failed", Tone::Alarm),
            Self::Drifted => ("Changed by someone else since the plan was made, left alone", Tone::Alarm),
            Self::Refused => ("Refused by the workspace", Tone::Caution),
            Self::NotTried => ("Not tried", Tone::Caution),
            Self::Handoff => ("Handed to a person", Tone::Caution),
            Self::Partly => ("Done in part", Tone::Caution),
            Self::Done => ("Done", Tone::Plain),
            Self::AlreadyDone => ("Already done, nothing was written", Tone::Plain),
        }
    }

    /// Returns the sign, if it is not that of the change.
    const fn mark(self) -> Option<EntrySign> {
        match self {
            Self::Failed | Self::Drifted | Self::Refused | Self::NotTried => Some(EntrySign::NotDone),
            Self::Handoff => Some(EntrySign::Note),
            Self::Partly | Self::Done | Self::AlreadyDone => None,
        }
    }
}

fn kind(record: &OpRecord, action: Action, not_authorized: bool) -> (OutcomeKind, Option<(&'static str, String)>) {
    let said = |label, text: String| Some((label, text));
    match &record.outcome {
        OpOutcome::Done { .. } => (OutcomeKind::Done, None),
        OpOutcome::Partly { rest, .. } => (OutcomeKind::Partly, said("result", sentences::rest(rest, action))),
        OpOutcome::AlreadyDone => (OutcomeKind::AlreadyDone, None),
        OpOutcome::Handoff(state) => (OutcomeKind::Handoff, said("what to do", sentences::hand_state(state))),
        OpOutcome::Failed(why) if why.refused && !not_authorized => (OutcomeKind::Refused, said("why", sentences::failure(why))),
        OpOutcome::Failed(why) => (OutcomeKind::Failed, said("why", sentences::failure(why))),
        OpOutcome::Drifted(drift) => (OutcomeKind::Drifted, said("why", sentences::drift(drift))),
        OpOutcome::NotTried(why) => (OutcomeKind::NotTried, said("why", sentences::not_tried(why))),
    }
}
