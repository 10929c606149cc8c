//! The rows of earlier lists about people of whom the newest one does not say whether they have access.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Actual, Attestation, Earlier, Field, HandState, JudgedList, LoginName, NAME, NoticeCause, Row, RowsByPerson, Snapshot,
    Standing, StepValue, Tab,
};
use crate::reconcile::draft::{PlanDraft, user};

/// Returns a list with what the ones before it showed of people of whom it does not say whether they have access: somebody who can sign in
/// must not drop out of sight because a list shows less.
#[must_use]
pub fn with_earlier(mut list: JudgedList, last: &Snapshot) -> JudgedList {
    list.snapshot.earlier = still_known(&list, last);
    list
}

fn still_known(list: &JudgedList, last: &Snapshot) -> BTreeMap<LoginName, Earlier> {
    let shown = |(login, row): (&LoginName, &Row)| {
        let taken = last.tab_of(row).map(|(_, tab)| tab.taken).or_else(|| last.taken())?;
        Some((login.clone(), Earlier { row: without_details(row), taken }))
    };
    let mut known: BTreeMap<LoginName, Earlier> = last.accounts.iter().filter_map(shown).collect();
    for (login, one) in &last.earlier {
        if last.accounts.get(login).is_none_or(|row| row.status.is_none()) {
            known.insert(login.clone(), one.clone());
        }
    }
    let renamed = Renamed::new(list, last);
    known.retain(|login, one| match list.snapshot.accounts.get(login) {
        // Somebody who was inactive and is meant to be active still needs to be activated.
        Some(row) => row.status.is_none() && !list.shows_not_inactive(row) && one.row.status.is_some_and(Standing::is_inactive),
        None => !one.row.status.is_some_and(Standing::is_inactive) && (!is_gone(list, one) || renamed.may_have(login, one)),
    });
    known
}

/// The people who may have another login by now: somebody attests that their access has ended, and a list that lacks them has somebody new, with
/// access, who may be them.
struct Renamed<'a> {
    ended: BTreeSet<&'a LoginName>,
    /// Those whom lists have lacked since before the last one.
    lacking: &'a BTreeMap<LoginName, Earlier>,
    new: RowsByPerson<'a>,
    all: RowsByPerson<'a>,
}

impl<'a> Renamed<'a> {
    fn new(list: &'a JudgedList, last: &'a Snapshot) -> Self {
        let ends = |tick: &&Attestation| tick.set.status.is_some_and(Standing::is_inactive) && !tick.proved.contains(&StepValue::Status);
        let ended: BTreeSet<&LoginName> = last.attested.iter().filter(ends).map(|tick| &tick.user).collect();
        let rows = list.snapshot.accounts.iter().filter(|(_, row)| !ended.is_empty() && !row.status.is_some_and(Standing::is_inactive));
        let new = rows.clone().filter(|(login, _)| !last.accounts.contains_key(*login));
        Self { new: RowsByPerson::new(new), all: RowsByPerson::new(rows), lacking: &last.earlier, ended }
    }

    fn may_have(&self, login: &LoginName, one: &Earlier) -> bool {
        let rows = if self.lacking.contains_key(login) { &self.all } else { &self.new };
        self.ended.contains(login) && rows.perhaps(login, &one.row).is_some()
    }
}

/// Names, phones, role and state: what a person needs to find somebody.
fn without_details(row: &Row) -> Row {
    let is_kept = |field: &Field| NAME.contains(field) || [Field::Email, Field::Phones, Field::Role].contains(field);
    let fields = row.fields.iter().filter(|(field, _)| is_kept(field)).map(|(field, value)| (field, value.to_value())).collect();
    Row { fields, status: row.status, blocked: row.blocked, is_expired: row.is_expired }
}

/// Returns whether somebody whom a list lacks is known to have lost access.
fn is_gone(list: &JudgedList, one: &Earlier) -> bool {
    let is_after = |tab: Tab| list.tabs.iter().any(|state| state.tab == tab && state.is_complete() && state.taken >= one.taken);
    let are_all_after = list.tabs.iter().all(|state| state.taken >= one.taken);
    // Nobody who was active becomes pending.
    (list.shows_all_access && are_all_after) || (one.row.status.is_some_and(Standing::is_active) && is_after(Tab::Active))
}

/// Returns whether the last list that said so showed an account as inactive, and the present one does not show its state.
pub(in crate::reconcile) fn was_inactive(actual: &Actual, account: &Account) -> bool {
    let Some(list) = actual.list.as_deref() else { return false };
    let Ok(login) = LoginName::parse(&account.id.0) else { return false };
    let is_unknown = list.snapshot.accounts.get(&login).is_some_and(|row| row.status.is_none());
    is_unknown && list.snapshot.earlier.get(&login).is_some_and(|one| one.row.status.is_some_and(Standing::is_inactive))
}

/// Notes the accounts that nobody listed and that an incomplete list lacks, where an earlier list showed them with access: a person must
/// look for them, unless somebody did.
pub(in crate::reconcile) fn look_for_unlisted(draft: &mut PlanDraft<'_>, looked_for: &BTreeMap<&LoginName, HandState>) {
    let (desired, actual) = (draft.desired, draft.actual);
    let unseen = actual.list.iter().flat_map(|list| list.unseen(desired));
    for (login, one) in unseen.filter(|(login, _)| !looked_for.contains_key(login)) {
        draft.notice(user(&login.to_email()), NoticeCause::UnlistedNotInIncompleteList { login: login.clone(), taken: one.taken });
    }
}
