//! Employee records that are in use and become free in the same plan: their holders leave them first (PBN-2).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Change, Desired, DesiredUser, Email, EmployeeLink, EmployeeUpdate, Field, FieldChange, NAME, PersonName, RemoteId,
};

use crate::reconcile::changes::draft::{Need, PlanDraft};

/// Finds the login in use that stays on a record, if that is somebody of another name (PBN-2). Logins that leave the record make room on it.
pub(super) fn anothers(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, key: &str) -> Option<Email> {
    let name = NAME.map(|field| wanted.fields.text(field).unwrap_or_default());
    let in_use = draft.on_record(key).filter(|account| !account.state.inactive);
    let others: Vec<&Account> = in_use.filter(|account| has_another_name(draft, account, name)).collect();
    let stays = others.iter().find(|account| !is_to_leave(draft, account, key)).map(|account| account.email.clone());
    if stays.is_none() && !others.is_empty() {
        draft.room.entry(key.to_owned()).or_default().extend(others.iter().map(|account| account.id.clone()));
    }
    stays
}

fn has_another_name(draft: &PlanDraft<'_>, account: &Account, [first, last]: [&str; 2]) -> bool {
    let listed = listed(draft.desired, account);
    let part = |field: Field| listed.and_then(|user| user.fields.text(field)).or_else(|| account.fields.text(field)).unwrap_or_default();
    let [own_first, own_last] = NAME.map(part);
    PersonName::new(own_first, own_last) != PersonName::new(first, last)
}

/// Returns whether the roster wants an account to leave its record, and no earlier look found that the plan leaves it there.
fn is_to_leave(draft: &PlanDraft<'_>, account: &Account, key: &str) -> bool {
    if draft.staying.contains(&account.id) {
        return false;
    }
    let Some(user) = listed(draft.desired, account) else { return draft.desired.manage.removes_unlisted() };
    let moves = || match &user.employee {
        EmployeeLink::Key(wanted) => wanted != key,
        EmployeeLink::ByName | EmployeeLink::External => is_anothers_name(draft, user, key),
    };
    !user.status.is_active() || moves()
}

/// Returns whether the wanted name is not that of the account's own record, but of another one (PBN-2).
pub(super) fn is_anothers_name(draft: &PlanDraft<'_>, wanted: &DesiredUser, held: &str) -> bool {
    let [first, last] = NAME.map(|field| wanted.fields.text(field).unwrap_or_default());
    let is_own = draft.register.named(first, last).iter().any(|record| record.key == held);
    !is_own && has_record(draft, wanted, [first, last])
}

/// Returns whether a record has this name and can be the user's: somebody from outside never gets one from inside (PBN-3).
pub(super) fn has_record(draft: &PlanDraft<'_>, wanted: &DesiredUser, [first, last]: [&str; 2]) -> bool {
    let is_outside = wanted.employee.is_external();
    draft.register.named(first, last).iter().any(|record| record.external || !is_outside)
}

/// Finds the user of the roster who has an account.
pub(super) fn listed<'a>(desired: &'a Desired, account: &Account) -> Option<&'a DesiredUser> {
    let by_address = desired.users.get(&account.email);
    by_address.or_else(|| desired.users.values().find(|u| u.id.as_ref() == Some(&account.id) || u.formerly.contains(&account.email)))
}

/// The accounts that others counted on to make room on a record, and that the plan leaves there.
pub(in crate::reconcile::changes) fn staying(draft: &PlanDraft<'_>) -> BTreeSet<RemoteId> {
    if draft.room.is_empty() {
        return BTreeSet::new();
    }
    let leaving: BTreeSet<&RemoteId> = draft.changes.iter().filter_map(|proposed| leaves_record(&proposed.step.change)).collect();
    draft.room.values().flatten().filter(|id| !leaving.contains(id)).cloned().collect()
}

/// The new names that the plan gives to employee records, by key: everybody is compared with them, in whatever order.
pub(in crate::reconcile::changes) fn renamed(draft: &PlanDraft<'_>) -> BTreeMap<String, EmployeeUpdate> {
    let updates = draft.changes.iter().filter_map(|proposed| proposed.step.change.record_update());
    let named = updates.filter(|update| update.first_name.is_some() || update.last_name.is_some());
    named.map(|update| (update.key.clone(), EmployeeUpdate { active: None, external: None, ..update.clone() })).collect()
}

/// The accounts that must leave a record before these changes put somebody else on it.
pub(in crate::reconcile::changes) fn awaited(draft: &PlanDraft<'_>, changes: &[FieldChange]) -> BTreeSet<Need> {
    let record = changes.iter().find(|change| change.field == Field::Employee).and_then(|change| change.after.as_text());
    let leaving = record.and_then(|key| draft.room.get(key));
    leaving.into_iter().flatten().cloned().map(Need::RoomOf).collect()
}

/// Returns the account that a change inactivates, or moves to another employee record.
pub(in crate::reconcile::changes) fn leaves_record(change: &Change) -> Option<&RemoteId> {
    let (_, target, to_account) = change.to_account()?;
    let ends = to_account.action().makes_inactive();
    let moves = to_account.fields().iter().any(|change| change.field == Field::Employee && change.before != change.after);
    (ends || moves).then_some(&target.id)
}
