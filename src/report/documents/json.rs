//! Plans and receipts as JSON documents.

use std::collections::BTreeSet;

use crate::model::{
    Action, Bill, OpOutcome, Plan, PlatformId, Receipt, Refusal, Step, Stop, SubjectRef, Task, Unread, WorkspacePlan, WorkspaceReceipt,
};
use crate::platform::{self, Catalog};

use super::document::{
    BillDocument, ChangeDocument, EffectiveDocument, FieldDocument, LeftOutDocument, NoticeDocument, PlanDocument, RefusalDocument,
    SeatDocument, StopDocument, SubjectDocument, SubjectKind, SummaryDocument, TaskDocument, WorkspaceDocument,
};
use super::receipt_document::{OutcomeCounts, OutcomeDocument, OutcomeWord, ReceiptDocument, ReceiptKind, WorkspaceReceiptDocument};
use crate::report::difference::{OtherDifference, attributes};
use crate::report::{People, PlanView, by_hand, one_person, receipt, sentences};

/// Makes the document of a plan.
pub(in crate::report) fn plan<'a>(page: &PlanView<'a>, checksum: String) -> PlanDocument<'a> {
    PlanDocument {
        format: page.plan.format,
        checksum,
        digest: page.plan.digest.0.clone(),
        workspaces: page.plan.workspaces.iter().map(workspace).collect(),
        unread: LeftOutDocument::list(page.unread),
        summary: counts(page.plan.workspaces.iter().map(|w| &w.plan)),
        people: page.people,
        definitions: definitions(page.plan.workspaces.iter().map(|workspace| &workspace.plan), page.unread),
    }
}

fn workspace(workspace: &WorkspacePlan) -> WorkspaceDocument<'_> {
    let plan = &workspace.plan;
    let catalog = platform::by_id(&plan.platform).catalog();
    WorkspaceDocument {
        workspace: plan.workspace.clone(),
        platform: plan.platform.word().to_owned(),
        digest: workspace.digest.0.clone(),
        manage: plan.manage,
        list: plan.by_hand.as_deref().map(|list| by_hand::list(list, plan, catalog)),
        changes: (plan.changes.iter().enumerate())
            .map(|(position, step)| ChangeDocument { step: by_hand::step(plan, position, catalog), ..change(step, catalog) })
            .collect(),
        refusals: plan.refusals.iter().map(|r| refusal(r, catalog)).collect(),
        notices: (plan.notices.iter())
            .map(|notice| NoticeDocument {
                user: user(notice.subject.borrow()),
                subject: subject(notice.subject.borrow()),
                kind: notice.cause.kind(),
                text: sentences::notice(&notice.cause, catalog),
            })
            .collect(),
        perhaps_one_person: one_person::documents(plan),
        tasks: plan.tasks.iter().map(|one| task(one, catalog)).collect(),
        bill: bill(&plan.bill),
        stops: workspace.stops.iter().map(|one| stop(one, catalog)).collect(),
        waived: workspace.waived.iter().map(|(guard, reason)| (guard.code().to_owned(), reason.clone())).collect(),
        counts: counts(std::iter::once(plan)),
        exact: workspace,
    }
}

fn change(step: &Step, catalog: &Catalog) -> ChangeDocument {
    let Step { change, reason, stage: _, risky, after } = step;
    let attributes = attributes(change).into_iter().map(|OtherDifference { key, before, after }| FieldDocument {
        field: key.to_owned(),
        before: (&before).into(),
        after: (&after).into(),
    });
    let fields = change.fields().iter().map(|f| FieldDocument {
        field: catalog.yaml_key(f.field).to_owned(),
        before: (&f.before).into(),
        after: (&f.after).into(),
    });
    ChangeDocument {
        user: user(change.subject()),
        subject: subject(change.subject()),
        action: change.action(),
        reason: sentences::reason(reason, catalog),
        fields: attributes.chain(fields).collect(),
        effective: change.effective().map(|e| EffectiveDocument {
            before: e.before.clone(),
            after: e.after.clone(),
            lost: e.lost().into_iter().map(str::to_owned).collect(),
            gained: e.gained().into_iter().map(str::to_owned).collect(),
        }),
        risky: *risky,
        after: after.clone(),
        step: None,
    }
}

fn user(subject: SubjectRef<'_>) -> Option<String> {
    subject.user().map(ToString::to_string)
}

fn subject(subject: SubjectRef<'_>) -> SubjectDocument {
    let (kind, key) = match subject {
        SubjectRef::Workspace => (SubjectKind::Workspace, None),
        SubjectRef::Clinic(key) => (SubjectKind::Clinic, Some(key.to_owned())),
        SubjectRef::Role(key) => (SubjectKind::Role, Some(key.to_owned())),
        SubjectRef::Employee(key) => (SubjectKind::Employee, Some(key.to_owned())),
        SubjectRef::User(email) => (SubjectKind::User, Some(email.to_string())),
    };
    SubjectDocument { kind, key }
}

fn refusal(refusal: &Refusal, catalog: &Catalog) -> RefusalDocument {
    let Refusal { subject: about, cause } = refusal;
    let (reason, remedy) = sentences::refusal(cause, catalog);
    RefusalDocument {
        user: user(about.borrow()),
        subject: subject(about.borrow()),
        wanted: sentences::topic(cause.topic(), catalog).to_owned(),
        code: platform::refusal_code(cause, catalog).to_owned(),
        reason,
        remedy,
        requirement: cause.requirement().and_then(|source| catalog.requirement(source)).map(str::to_owned),
    }
}

fn task(task: &Task, catalog: &Catalog) -> TaskDocument {
    TaskDocument { user: task.user.to_string(), text: sentences::task(task.what, catalog).to_owned() }
}

fn stop(stop: &Stop, catalog: &Catalog) -> StopDocument {
    let (reason, remedy) = sentences::stop(stop, catalog);
    StopDocument { guard: stop.guard().code().to_owned(), reason, remedy: remedy.into_owned(), waivable: stop.is_waivable() }
}

fn bill(bill: &Bill) -> BillDocument {
    BillDocument {
        seats: (bill.lines.iter())
            .map(|line| SeatDocument {
                kind: line.kind.clone(),
                before: line.before,
                after: line.after,
                added: line.added,
                price_cents: line.price_cents,
                assumed: line.assumed,
            })
            .collect(),
        monthly_change_cents: bill.monthly_change_cents,
        at_once_cents: bill.at_once_cents,
        estimate: bill.estimate,
        when: bill.when.as_ref().map(sentences::takes_effect).unwrap_or_default(),
    }
}

fn counts<'a>(plans: impl Iterator<Item = &'a Plan>) -> SummaryDocument {
    let mut counts =
        SummaryDocument { actions: Action::ALL.into_iter().map(|a| (a.as_str().to_owned(), 0)).collect(), ..SummaryDocument::default() };
    for plan in plans {
        for step in &plan.changes {
            *counts.actions.entry(step.change.action().as_str().to_owned()).or_default() += 1;
        }
        counts.refused += plan.refusals.len();
        counts.unchanged += plan.unchanged;
    }
    let of = |action: Action| counts.actions.get(action.as_str()).copied().unwrap_or_default();
    SummaryDocument {
        create: of(Action::Invite),
        update: of(Action::Update),
        inactivate: of(Action::Inactivate),
        activate: of(Action::Activate),
        block: of(Action::Block),
        unblock: of(Action::Unblock),
        ..counts
    }
}

/// Makes the document of a receipt.
pub(in crate::report) fn receipt<'a>(receipt: &'a Receipt, people: &'a People, checksum: String) -> ReceiptDocument<'a> {
    let workspaces: Vec<WorkspaceReceiptDocument<'_>> = receipt.workspaces.iter().map(workspace_receipt).collect();
    let mut summary = OutcomeCounts::default();
    for workspace in &workspaces {
        summary.refused += workspace.refusals.len();
        summary.converged += usize::from(workspace.converged);
        for change in &workspace.changes {
            *match change.outcome {
                OutcomeWord::Done | OutcomeWord::Partly => &mut summary.done,
                OutcomeWord::AlreadyDone => &mut summary.already_done,
                OutcomeWord::Handoff => &mut summary.handoff,
                OutcomeWord::Failed => &mut summary.failed,
                OutcomeWord::Drifted => &mut summary.drifted,
                OutcomeWord::NotTried => &mut summary.not_tried,
            } += 1;
        }
    }
    ReceiptDocument {
        format: receipt.format,
        checksum,
        kind: ReceiptKind::Receipt,
        digest: receipt.digest.0.clone(),
        workspaces,
        unread: LeftOutDocument::list(&receipt.unread),
        summary,
        people,
        definitions: definitions(receipt.workspaces.iter().map(|workspace| &workspace.plan), &receipt.unread),
    }
}

fn workspace_receipt(workspace: &WorkspaceReceipt) -> WorkspaceReceiptDocument<'_> {
    let plan = &workspace.plan;
    let catalog = platform::by_id(&plan.platform).catalog();
    let changes = workspace.records.iter().filter_map(|record| {
        let Step { change, .. } = plan.changes.get(record.change)?;
        let (outcome, detail, id) = match &record.outcome {
            OpOutcome::Done { id } => (OutcomeWord::Done, None, Some(id.to_string())),
            OpOutcome::Partly { id, rest } => (OutcomeWord::Partly, Some(sentences::rest(rest, change.action())), Some(id.to_string())),
            OpOutcome::AlreadyDone => (OutcomeWord::AlreadyDone, None, None),
            OpOutcome::Handoff(state) => (OutcomeWord::Handoff, Some(sentences::hand_state(state)), None),
            OpOutcome::Failed(why) => (OutcomeWord::Failed, Some(sentences::failure(why)), None),
            OpOutcome::Drifted(drift) => (OutcomeWord::Drifted, Some(sentences::drift(drift)), None),
            OpOutcome::NotTried(why) => (OutcomeWord::NotTried, Some(sentences::not_tried(why)), None),
        };
        Some(OutcomeDocument {
            user: user(change.subject()),
            subject: subject(change.subject()),
            action: change.action(),
            outcome,
            detail,
            id: id.or_else(|| change.target().map(|target| target.id.to_string())),
            attempts: record.attempts,
        })
    });
    WorkspaceReceiptDocument {
        workspace: plan.workspace.clone(),
        platform: plan.platform.word().to_owned(),
        digest: workspace.digest.0.clone(),
        converged: workspace.converged,
        result: receipt::result(workspace),
        error: workspace.error.as_ref().map(sentences::workspace_error),
        list: plan.by_hand.as_deref().map(|list| by_hand::list(list, plan, catalog)),
        changes: changes.collect(),
        refusals: plan.refusals.iter().map(|r| refusal(r, catalog)).collect(),
        tasks: plan.tasks.iter().map(|one| task(one, catalog)).collect(),
        stops: workspace.stops.iter().map(|one| stop(one, catalog)).collect(),
        left: workspace.left.iter().map(|left| sentences::left(left, catalog)).collect(),
        exact: workspace,
    }
}

/// Lists the roster's own definitions of the platforms of plans, and of those that sentences about left-out workspaces need, each once.
fn definitions<'p>(plans: impl Iterator<Item = &'p Plan>, unread: &'p [Unread]) -> Vec<&'static Catalog> {
    let left_out = unread.iter().filter_map(|unread| unread.why.platform());
    let platforms: BTreeSet<&PlatformId> = plans.map(|plan| &plan.platform).chain(left_out).collect();
    platforms.into_iter().map(|id| platform::by_id(id).catalog()).filter(|catalog| catalog.is_own).collect()
}
