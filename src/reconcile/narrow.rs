//! Narrows a plan to some of its users.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Actual, Counted, Desired, Email, Plan, Refusal, RefusalCause, RemoteId, Step, Subject, SubjectRef};

use super::list::Questions;
use super::{bill, list};

/// Keeps the changes of the given users, and the changes those depend on; all others are left for another run.
///
/// Guards judge the narrowed plan like any other: a part of a safe plan can be unsafe.
#[must_use]
pub fn narrow(plan: Plan, users: &BTreeSet<Email>, desired: &Desired, actual: &Actual) -> Plan {
    let stand_under: BTreeMap<&Email, &Email> =
        users.iter().filter_map(|email| Some((email, present_address(email, desired, actual)?))).collect();
    let ended = ended(&plan, users, desired);
    let under: BTreeSet<&Email> = users.iter().chain(stand_under.values().copied()).chain(&ended).collect();
    let chosen = |subject: SubjectRef<'_>| subject.user().is_some_and(|email| under.contains(email));
    let kept = kept(&plan.changes, chosen);
    let place: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let changed: BTreeSet<&Email> = plan.changes.iter().filter_map(|step| step.change.subject().user()).collect();
    let refused: BTreeSet<&Email> = plan.refusals.iter().filter_map(|r| r.subject.borrow().user()).collect();
    let is_touched = |email: &Email| {
        changed.contains(email)
            || refused.contains(email)
            || plan.refusals.iter().filter_map(|r| r.cause.counts()).any(|counted| is_counted(counted, email, desired, actual))
    };
    let is_unchanged = |email: &Email| !is_touched(email) && stand_under.get(email).is_none_or(|under| !is_touched(under));
    let unchanged = users.iter().filter(|email| desired.users.contains_key(*email) && is_unchanged(email)).count();
    let changes = (plan.changes.into_iter().enumerate())
        .filter(|(old, _)| kept.contains(old))
        .map(|(_, step)| Step { after: step.after.iter().filter_map(|old| place.get(old).copied()).collect(), ..step })
        .collect();
    let mut narrowed = Plan {
        changes,
        refusals: plan.refusals.into_iter().filter_map(|refusal| narrowed_refusal(refusal, chosen, &under, desired, actual)).collect(),
        notices: plan.notices.into_iter().filter(|n| n.subject == Subject::Workspace || chosen(n.subject.borrow())).collect(),
        tasks: plan.tasks.into_iter().filter(|t| users.contains(&t.user)).collect(),
        unchanged,
        kept_out: plan.kept_out.into_iter().filter(|kept_out| users.contains(&kept_out.user)).collect(),
        only: users.clone(),
        ..plan
    };
    if let Some(by_hand) = narrowed.by_hand.take() {
        let asked =
            by_hand.questions.into_iter().filter(|question| users.contains(&question.user) || users.contains(&question.other)).collect();
        narrowed.by_hand = list::by_hand(&narrowed.changes, Questions(asked), desired, actual).map(Box::new);
    }
    narrowed.bill = bill::bill(&narrowed, desired, actual);
    narrowed
}

/// Returns the former addresses at which the plan ends access of the given users, too.
fn ended(plan: &Plan, users: &BTreeSet<Email>, desired: &Desired) -> BTreeSet<Email> {
    let former: BTreeSet<&Email> = users.iter().filter_map(|email| desired.users.get(email)).flat_map(|user| &user.formerly).collect();
    let is_ended = |step: &&Step| !step.reason.is_absence() && step.change.action().ends_access();
    let ended = plan.changes.iter().filter(is_ended).filter_map(|step| step.change.subject().user());
    ended.filter(|email| former.contains(email)).cloned().collect()
}

/// Returns a saved plan with its bill as of now and what people attest by now: its changes stay as they were approved.
#[must_use]
pub fn brought_up_to_date(mut plan: Plan, desired: &Desired, actual: &Actual) -> Plan {
    plan.bill = bill::bill(&plan, desired, actual);
    if let Some(by_hand) = plan.by_hand.take() {
        plan.by_hand = list::by_hand(&plan.changes, Questions(by_hand.questions), desired, actual).map(Box::new);
    }
    plan
}

/// Returns the positions of some changes, and of those that depend on them. Nothing depends on them through a change that is made already.
#[must_use]
pub fn with_dependents(plan: &Plan, some: &BTreeSet<usize>, done: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut out = some.clone();
    loop {
        let depends = |step: &Step| step.after.iter().any(|first| out.contains(first) && (some.contains(first) || !done.contains(first)));
        let more: Vec<usize> =
            plan.changes.iter().enumerate().filter(|(at, step)| !out.contains(at) && depends(step)).map(|(at, _)| at).collect();
        if more.is_empty() {
            return out;
        }
        out.extend(more);
    }
}

/// Returns a plan without the changes at some positions: those of `done` are made, and those of `drifted` must not be made, nor those
/// that depend on them.
#[must_use]
pub fn without(mut plan: Plan, done: &BTreeSet<usize>, drifted: &BTreeSet<usize>, desired: &Desired, actual: &Actual) -> Plan {
    let mut out = with_dependents(&plan, drifted, done);
    out.extend(done);
    let kept = (0..plan.changes.len()).filter(|at| !out.contains(at));
    let place: BTreeMap<usize, usize> = kept.enumerate().map(|(new, old)| (old, new)).collect();
    plan.changes = (plan.changes.into_iter().enumerate())
        .filter(|(old, _)| place.contains_key(old))
        .map(|(_, step)| Step { after: step.after.iter().filter_map(|old| place.get(old).copied()).collect(), ..step })
        .collect();
    brought_up_to_date(plan, desired, actual)
}

/// A refusal that is about the chosen users; one that counts users of the workspace counts the chosen ones.
fn narrowed_refusal(
    refusal: Refusal,
    chosen: impl Fn(SubjectRef<'_>) -> bool,
    users: &BTreeSet<&Email>,
    desired: &Desired,
    actual: &Actual,
) -> Option<Refusal> {
    let count = |counted| users.iter().filter(|email| is_counted(counted, email, desired, actual)).count();
    let (cause, number) = match refusal.cause.counts() {
        None => return chosen(refusal.subject.borrow()).then_some(refusal),
        Some(Counted::WithState { active, inactive }) => {
            let [active, inactive] =
                [active, inactive].map(|all| all.iter().filter(|email| users.contains(email)).cloned().collect::<BTreeSet<_>>());
            let number = active.len() + inactive.len();
            (RefusalCause::StateNotOnServer { active, inactive }, number)
        }
        Some(counted @ Counted::WithField(field)) => {
            let number = count(counted);
            (RefusalCause::NotOnServer { field, users: number }, number)
        }
        Some(counted @ Counted::New { attribute }) => {
            let number = count(counted);
            (RefusalCause::RequiredByServer { attribute: attribute.to_owned(), field: None, users: number }, number)
        }
    };
    (number > 0).then_some(Refusal { cause, ..refusal })
}

/// Returns whether a user is one of those whom a refusal counts.
fn is_counted(counted: Counted<'_>, email: &Email, desired: &Desired, actual: &Actual) -> bool {
    let listed = || desired.users.get(email);
    match counted {
        Counted::WithState { active, inactive } => active.contains(email) || inactive.contains(email),
        Counted::WithField(field) => listed().and_then(|user| user.fields.get(field)).is_some_and(|value| !value.is_empty()),
        Counted::New { attribute: _ } => listed().is_some_and(|user| {
            let is_theirs = |a: &Account| a.email == *email || user.id.as_ref() == Some(&a.id) || user.formerly.contains(&a.email);
            user.status.is_active() && !user.is_blocked() && !actual.accounts.iter().any(is_theirs)
        }),
    }
}

/// Returns the present address of a user's account, if it differs from the roster's: changes name that one.
fn present_address<'a>(email: &Email, desired: &Desired, actual: &'a Actual) -> Option<&'a Email> {
    let user = desired.users.get(email)?;
    let is_there = actual.accounts.iter().any(|a| a.email == *email);
    let is_theirs = |email: &Email, id: &RemoteId| match &user.id {
        Some(pinned) => pinned == id,
        None => !is_there && user.formerly.contains(email),
    };
    actual.accounts.iter().find(|a| is_theirs(&a.email, &a.id)).map(|a| &a.email)
}

/// Returns the positions of the chosen changes and of all changes they depend on.
fn kept(steps: &[Step], chosen: impl Fn(SubjectRef<'_>) -> bool) -> BTreeSet<usize> {
    let mut kept = BTreeSet::new();
    let mut open: Vec<usize> =
        steps.iter().enumerate().filter(|(_, step)| chosen(step.change.subject())).map(|(position, _)| position).collect();
    while let Some(position) = open.pop() {
        if kept.insert(position) {
            open.extend(steps.get(position).into_iter().flat_map(|step| step.after.iter().copied()));
        }
    }
    kept
}
