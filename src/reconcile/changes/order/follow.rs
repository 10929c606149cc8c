//! The things that a change waits for: what it needs, the earlier changes of its account, and accounts that leave an employee record.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AccountKey, Actual, Change, EmployeeUpdate, Field, RemoteId, RoleUpdate, SubjectRef};
use crate::platform::Platform;

use super::circles::puts_in_place;
use crate::reconcile::changes::draft::{Need, Proposed};
use crate::reconcile::changes::room::leaves_record;

/// A change waits for those that make what it names, and for what its role gives where holders keep what it gave them at first. Elsewhere they
/// get later what the role gains, and `role_waits` keeps from them what it loses.
pub(super) fn follow_needs(proposed: &[Proposed], platform: &Platform, edges: &mut [BTreeSet<usize>]) {
    let gives_at_once = |update: &RoleUpdate| update.privileges.is_some() && !platform.catalog().roles_reach.is_all_holders();
    let mut makers: BTreeMap<Need, Vec<usize>> = BTreeMap::new();
    for (i, Proposed { step, .. }) in proposed.iter().enumerate() {
        let is_made = step.change.target().is_none();
        let product = match step.change.subject() {
            SubjectRef::Clinic(key) if is_made => Need::Clinic(key.to_owned()),
            SubjectRef::Role(key) if is_made || step.change.role_update().is_some_and(gives_at_once) => Need::Role(key.to_owned()),
            SubjectRef::Employee(key) => Need::Employee(key.to_owned()),
            SubjectRef::User(email) if puts_in_place(&step.change) => Need::Colleague(email.as_str().to_owned()),
            SubjectRef::User(_) | SubjectRef::Clinic(_) | SubjectRef::Role(_) | SubjectRef::Workspace => continue,
        };
        makers.entry(product).or_default().push(i);
    }
    for (i, p) in proposed.iter().enumerate() {
        for need in &p.needs {
            let before = makers.get(need).into_iter().flatten().copied().filter(|j| *j != i);
            if let Some(edge) = edges.get_mut(i) {
                edge.extend(before);
            }
        }
    }
}

/// The changes of one account keep the order in which they were collected. A failed block must not prevent that something else is taken away,
/// unless only a block allows it.
pub(super) fn follow_account(proposed: &[Proposed], platform: &Platform, actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    let needs_block = |change: &Change| {
        let target = change.target().filter(|_| change.action().updates());
        let account = target.and_then(|target| actual.accounts.iter().find(|account| account.id == target.id));
        account.is_some_and(|account| change.fields().iter().any(|edit| platform.answer(account, edit.field, &edit.after).is_refusal()))
    };
    let mut last: BTreeMap<AccountKey<'_>, usize> = BTreeMap::new();
    for (i, p) in proposed.iter().enumerate() {
        let Some(account) = p.step.change.account() else { continue };
        if let Some(before) = last.insert(account, i) {
            let after_block = proposed.get(before).is_some_and(|b| blocks(&b.step.change));
            if !(after_block && p.step.stage.is_first() && !needs_block(&p.step.change))
                && let Some(edge) = edges.get_mut(i)
            {
                edge.insert(before);
            }
        }
    }
}

pub(super) fn blocks(change: &Change) -> bool {
    change.action().blocks()
}

/// An inactive employee cannot have a working account (PBN-8): the record is inactivated after its accounts, or after they have left it, and
/// activated before they come back.
pub(super) fn follow_records(proposed: &[Proposed], actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    let records: Vec<(usize, &EmployeeUpdate)> =
        proposed.iter().enumerate().filter_map(|(i, p)| Some((i, p.step.change.record_update()?))).collect();
    if records.is_empty() {
        return;
    }
    let leaving = on_records(proposed, actual, leaves_record);
    let entering = on_records(proposed, actual, enters);
    for (i, update) in records {
        if let Some(edge) = edges.get_mut(i) {
            edge.extend(leaving.get(update.key.as_str()).into_iter().flatten());
        }
        let is_activated = update.active.as_ref().is_some_and(|edit| edit.after);
        for at in entering.get(update.key.as_str()).into_iter().flatten().filter(|_| is_activated) {
            if let Some(edge) = edges.get_mut(*at) {
                edge.insert(i);
            }
        }
    }
}

/// A login gets an employee record once those of another name have left it (PBN-2). Each wait is a change with the one that it waits for.
pub(super) fn room_waits(proposed: &[Proposed]) -> Vec<(usize, usize)> {
    let waiting = |p: &&Proposed| p.needs.iter().any(|need| room_of(need).is_some());
    if !proposed.iter().any(|p| waiting(&p)) {
        return Vec::new();
    }
    let mut leaving: BTreeMap<&RemoteId, Vec<usize>> = BTreeMap::new();
    for (i, p) in proposed.iter().enumerate() {
        if let Some(id) = leaves_record(&p.step.change) {
            leaving.entry(id).or_default().push(i);
        }
    }
    let awaited = |p: &Proposed| p.needs.iter().filter_map(room_of).filter_map(|id| leaving.get(id)).flatten().copied().collect::<Vec<_>>();
    proposed.iter().enumerate().flat_map(|(i, p)| awaited(p).into_iter().map(move |j| (i, j))).collect()
}

fn room_of(need: &Need) -> Option<&RemoteId> {
    match need {
        Need::RoomOf(id) => Some(id),
        Need::Clinic(_) | Need::Role(_) | Need::Employee(_) | Need::Colleague(_) => None,
    }
}

/// Some changes of accounts, by the employee record on which the account is.
fn on_records<'a>(
    proposed: &'a [Proposed],
    actual: &'a Actual,
    of: impl Fn(&'a Change) -> Option<&'a RemoteId>,
) -> BTreeMap<&'a str, Vec<usize>> {
    let mut by_account: BTreeMap<&RemoteId, Vec<usize>> = BTreeMap::new();
    for (i, p) in proposed.iter().enumerate() {
        if let Some(id) = of(&p.step.change) {
            by_account.entry(id).or_default().push(i);
        }
    }
    let mut on_record: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for account in &actual.accounts {
        if let (Some(key), Some(changes)) = (account.fields.text(Field::Employee), by_account.get(&account.id)) {
            on_record.entry(key).or_default().extend(changes);
        }
    }
    on_record
}

/// Returns the account to which a change gives access.
fn enters(change: &Change) -> Option<&RemoteId> {
    let (_, target, to_account) = change.to_account()?;
    (to_account.action().access() == Some(true)).then_some(&target.id)
}
