//! Changes that wait for each other, which are parted in two.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AccountChange, Change, Field, FieldChange, Followup, Names, NewAccount, Reason, Stage, Step, circle};

use crate::reconcile::changes::draft::{Need, Proposed};
use crate::reconcile::changes::fields::needs;

/// The changes that wait for each other: what is left when those are taken away for which nothing waits, or which wait for nothing.
pub(super) fn in_circles(edges: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut left: BTreeSet<usize> = (0..edges.len()).collect();
    loop {
        let waits = |i: &usize| edges.get(*i).is_some_and(|edge| edge.iter().any(|j| left.contains(j)));
        let awaited: BTreeSet<usize> = left.iter().filter_map(|i| edges.get(*i)).flatten().copied().collect();
        let remain: BTreeSet<usize> = left.iter().filter(|i| waits(i) && awaited.contains(i)).copied().collect();
        if remain.len() == left.len() {
            return left;
        }
        left = remain;
    }
}

/// Returns whether a change would wait for itself if it waited for another one.
pub(super) fn closes(edges: &[BTreeSet<usize>], waits: usize, first: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = if waits == first { edges.get(first).into_iter().flatten().copied().collect() } else { vec![first] };
    while let Some(at) = open.pop() {
        if at == waits {
            return true;
        }
        if seen.insert(at) {
            open.extend(edges.get(at).into_iter().flatten());
        }
    }
    false
}

/// Returns whether a change puts somebody in place and also names a colleague, which can wait.
pub(super) fn can_be_split(proposed: &Proposed) -> bool {
    let change = &proposed.step.change;
    puts_in_place(change) && needs(change.fields()).iter().any(|need| colleague(need).is_some())
}

/// Two new users can depend on each other: then both are created first, and get the settings that name the other afterward.
pub(super) fn untangle(proposed: Vec<Proposed>) -> Vec<Proposed> {
    let next: BTreeMap<String, String> = proposed
        .iter()
        .filter_map(|p| match (p.step.change.subject().user(), p.needs.iter().find_map(colleague)) {
            (Some(email), Some(other)) if puts_in_place(&p.step.change) => Some((email.as_str().to_owned(), other.to_owned())),
            (Some(_) | None, Some(_) | None) => None,
        })
        .collect();
    let is_in_circle = |start: &&String| circle(&start.as_str(), |at| next.get(*at).map(String::as_str)).is_some();
    let circle: BTreeSet<String> = next.keys().filter(is_in_circle).cloned().collect();
    if circle.is_empty() {
        return proposed;
    }
    let mut out = Vec::with_capacity(proposed.len() + circle.len());
    for one in proposed {
        let is_in_it = one.step.change.subject().user().is_some_and(|email| circle.contains(email.as_str()));
        let names_colleague = needs(one.step.change.fields()).iter().any(|need| colleague(need).is_some());
        if is_in_it && names_colleague { out.extend(split(one)) } else { out.push(one) }
    }
    out
}

/// Moves the settings of an account that name a colleague to a separate, later step.
pub(super) fn split(proposed: Proposed) -> Vec<Proposed> {
    let Proposed { step, needs: all } = proposed;
    let parts = |fields: Vec<FieldChange>| fields.into_iter().partition::<Vec<_>, _>(|change| waits_for_colleague(change.field));
    let (change, followup) = match step.change {
        Change::CreateAccount(NewAccount { email, fields, with_password }) => {
            let (fields_later, fields) = parts(fields);
            let followup = Change::Complete { email: email.clone(), followup: Followup::Update { fields: fields_later } };
            (Change::CreateAccount(NewAccount { email, fields, with_password }), followup)
        }
        Change::Account { email, target, change: AccountChange::Update { fields, effective } } => {
            let (fields_later, fields) = parts(fields);
            let update = |fields, effective| Change::Account {
                email: email.clone(),
                target: target.clone(),
                change: AccountChange::Update { fields, effective },
            };
            (update(fields, effective), update(fields_later, None))
        }
        change @ (Change::Account { .. }
        | Change::Complete { .. }
        | Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord) => return vec![Proposed { step: Step { change, ..step }, needs: all }],
    };
    let followup = Step { change: followup, reason: Reason::ColleagueComesIn, stage: Stage::Access, risky: step.risky, after: Vec::new() };
    [Step { change, ..step }, followup].map(|step| Proposed { needs: needs(step.change.fields()), step }).into()
}

/// Returns whether a field names a colleague, or belongs to the same switch as one that does.
fn waits_for_colleague(field: Field) -> bool {
    let group = |field: Field| field.switch().unwrap_or(field);
    Field::ALL.into_iter().any(|other| other.definition().names == Names::Colleague && group(other) == group(field))
}

/// Returns whether a change sets nothing but what names a colleague.
pub(super) fn only_names_colleagues(change: &Change) -> bool {
    let fields = change.fields();
    !fields.is_empty() && fields.iter().all(|change| waits_for_colleague(change.field))
}

fn colleague(need: &Need) -> Option<&str> {
    match need {
        Need::Colleague(email) => Some(email),
        Need::Clinic(_) | Need::Role(_) | Need::Employee(_) | Need::RoomOf(_) => None,
    }
}

/// Returns whether a change adds a user, or gives them the role that others depend on.
pub(super) fn puts_in_place(change: &Change) -> bool {
    let action = change.action();
    action.invites() || action.sets_active() == Some(true) || change.fields().iter().any(|edit| edit.field == Field::Role)
}
