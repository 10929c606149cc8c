//! Employee records that are to be inactive while accounts use them (PBN-8): what becomes of the accounts decides.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Change, Email, EmployeeUpdate, Field, Reason, RefusalCause, Stage, Step, Subject};

use super::records;
use super::register::Record;
use crate::reconcile::changes::draft::{PlanDraft, step};
use crate::reconcile::project::Overlay;

/// Inactivates the records that no account uses after the plan, and refuses to inactivate the others.
pub(in crate::reconcile::changes) fn settle(draft: &mut PlanDraft<'_>) {
    drop_unused(draft);
    let waiting = std::mem::take(&mut draft.in_use);
    let holders = holders(draft, &waiting);
    if holders.is_empty() && waiting.is_empty() {
        return;
    }
    let mut refused: BTreeSet<String> = BTreeSet::new();
    for update in waiting {
        if holders.contains_key(&update.key) {
            refused.insert(update.key);
        } else {
            inactivate(draft, update);
        }
    }
    for proposed in &mut draft.changes {
        if let Some(update) = proposed.step.change.record_update_mut()
            && holders.contains_key(&update.key)
            && update.active.take_if(|active| !active.after).is_some()
        {
            proposed.step.stage = Stage::Supporting;
            refused.insert(update.key.clone());
        }
    }
    draft.changes.retain(|proposed| proposed.step.change.record_update().is_none_or(|update| !records::is_nothing(update)));
    for key in refused {
        if let Some(holder) = holders.get(&key).cloned() {
            let is_main_admin = draft.on_record(&key).any(|account| account.main_admin);
            draft.refuse(Subject::Employee(key), RefusalCause::AccountInUse { holder, is_main_admin });
        }
    }
}

/// The first account that is active after the plan, by address, of each record that becomes inactive or is to.
fn holders(draft: &PlanDraft<'_>, waiting: &[EmployeeUpdate]) -> BTreeMap<String, Email> {
    let planned = draft.changes.iter().filter_map(|proposed| proposed.step.change.record_update());
    let ending = planned.filter(|update| update.active.as_ref().is_some_and(|active| !active.after)).chain(waiting);
    let keys: BTreeSet<String> = ending.map(|update| update.key.clone()).collect();
    if keys.is_empty() {
        return BTreeMap::new();
    }
    let after = Overlay::new(draft.changes.iter().map(|proposed| &proposed.step.change), draft.actual, draft.catalog());
    let mut holders: BTreeMap<String, Email> = BTreeMap::new();
    for (_, account) in after.iter().filter(|(_, account)| !account.state.inactive) {
        if let Some(key) = account.fields.text(Field::Employee).filter(|key| keys.contains(*key)) {
            let first = holders.entry(key.to_owned()).or_insert_with(|| account.email.clone());
            if account.email < *first {
                first.clone_from(&account.email);
            }
        }
    }
    holders
}

/// Inactivates a record, together with whatever else the plan changes of it.
fn inactivate(draft: &mut PlanDraft<'_>, update: EmployeeUpdate) {
    for proposed in &mut draft.changes {
        if let Some(other) = proposed.step.change.record_update_mut()
            && other.key == update.key
        {
            other.active = update.active;
            proposed.step.stage = Stage::Risk;
            return;
        }
    }
    draft.push(step(Change::UpdateEmployee(Box::new(update)), Stage::Risk, Reason::EmployeeDiffers), BTreeSet::new());
}

/// Takes records for people from outside out of the plan whom the plan leaves without one.
fn drop_unused(draft: &mut PlanDraft<'_>) {
    if draft.changes.iter().all(|proposed| made_for_somebody(&proposed.step).is_none()) {
        return;
    }
    let fields = draft.changes.iter().flat_map(|proposed| proposed.step.change.fields());
    let records = fields.filter(|change| change.field == Field::Employee).filter_map(|change| change.after.as_text());
    let used: BTreeSet<String> = records.map(str::to_owned).collect();
    draft.changes.retain(|proposed| made_for_somebody(&proposed.step).is_none_or(|key| used.contains(key)));
}

/// The records that the plan makes only since somebody is to have them, by key.
pub(in crate::reconcile::changes) fn made(draft: &PlanDraft<'_>) -> BTreeMap<String, Record> {
    let keys = draft.changes.iter().filter_map(|proposed| made_for_somebody(&proposed.step));
    keys.filter_map(|key| Some((key.to_owned(), draft.register.with_key(key)?.clone()))).collect()
}

/// The key of a record that is made only since somebody is to have it.
fn made_for_somebody(step: &Step) -> Option<&str> {
    step.change.subject().employee().filter(|_| step.change.action().adds_employee() && step.reason.is_for_external())
}
