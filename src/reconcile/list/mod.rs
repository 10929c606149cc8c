//! Plans on a list of users: what people attest since, which steps are left, and what the list cannot say.

mod attested;
mod earlier;
mod logins;
mod plan_questions;
mod questions;
mod states;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, AccountChange, AccountKey, Action, Actual, Attestation, BlockSet, Change, Desired, Email, Field, FieldChange, HandState,
    LoginName, RefusalCause, Row, Standing, StepValue, StopCause, SubjectRef, Tick,
};

pub(super) use attested::AttestedFacts;
pub use earlier::with_earlier;
pub(super) use earlier::{look_for_unlisted, was_inactive};
pub(super) use plan_questions::Questions;
pub(super) use questions::questions;
pub(super) use states::by_hand;
pub(super) use verdict::{Judge, Verdict};

use super::draft::{PlanDraft, Proposed, user};

/// Returns the workspace as it is if everything is true that people attest since the list was taken; `None` if they attest nothing.
#[must_use]
pub fn attested(desired: &Desired, actual: &Actual) -> Option<Actual> {
    let list = actual.list.as_deref().filter(|list| !list.snapshot.attested.is_empty())?;
    Some(attested::overlay(&Judge::new(desired, list), actual, false))
}

/// Returns the same for people to look at: users who were removed stay in it as inactive ones, since only somebody's word says that they
/// are gone.
#[must_use]
pub fn attested_to_show(desired: &Desired, actual: &Actual) -> Option<Actual> {
    let list = actual.list.as_deref().filter(|list| !list.snapshot.attested.is_empty())?;
    Some(attested::overlay(&Judge::new(desired, list), actual, true))
}

/// The people of whom somebody attests last that they have no access: nobody looks for them again, unless the list that must show it is
/// overdue.
pub(super) fn looked_for(actual: &Actual) -> BTreeMap<&LoginName, HandState> {
    let Some(list) = actual.list.as_deref() else { return BTreeMap::new() };
    let mut latest: BTreeMap<&LoginName, (&Attestation, bool)> = BTreeMap::new();
    for one in list.snapshot.attested.iter().filter(|one| !is_access_contradicted(one)) {
        let says = one.set.status.map(Standing::is_inactive).or(one.set.blocked.map(BlockSet::blocks));
        let Some(has_none) = says else { continue };
        let known = latest.entry(&one.user).or_insert((one, has_none));
        if one.at >= known.0.at {
            *known = (one, has_none);
        }
    }
    let state = |one: &Attestation| {
        let tick = Tick::from_attestation(one);
        let is_overdue = list.is_overdue(one.at) && !list.snapshot.is_newer_than(one.at);
        // A list that does not show blocks proves none.
        if !list.snapshot.shows.blocked && one.set.status.is_none() {
            HandState::Attested(tick)
        } else {
            HandState::Waits { tick, is_overdue }
        }
    };
    latest.into_iter().filter(|(_, (_, has_none))| *has_none).map(|(user, (one, _))| (user, state(one))).collect()
}

/// Returns whether somebody attests a new state of a person between the times of two tabs: then neither tab needs to show them.
pub(super) fn moved_between_tabs(actual: &Actual, names: &[LoginName]) -> bool {
    let Some(list) = actual.list.as_deref() else { return false };
    let taken = || list.snapshot.tabs.values().map(|tab| tab.taken);
    let (Some(first), Some(last)) = (taken().min(), taken().max()) else { return false };
    let moved = |one: &Attestation| one.set.status.is_some() && first <= one.at && one.at < last && names.contains(&one.user);
    list.snapshot.attested.iter().any(moved)
}

/// Returns whether a list has shown that somebody still had access although it was attested that they had none.
fn is_access_contradicted(one: &Attestation) -> bool {
    one.contradicted.contains(&StepValue::Status) || one.contradicted.contains(&StepValue::Blocked)
}

/// The row of an account, if the workspace is known by a list.
pub(super) fn row<'a>(actual: &'a Actual, account: &Account) -> Option<&'a Row> {
    let list = actual.list.as_deref()?;
    list.snapshot.accounts.get(&LoginName::parse(&account.id.0).ok()?)
}

/// The address that the workspace shows of an account: its login, or the one beside a user name, which is only compared.
pub(super) fn shown_address<'a>(actual: &'a Actual, account: &'a Account) -> &'a str {
    row(actual, account).and_then(Row::address).unwrap_or(account.email.as_str())
}

/// Adds the steps that exist only because of attestations; a step that the list alone asks for stays as it is.
pub(super) fn merge(draft: &mut PlanDraft<'_>, later: Vec<Proposed>) {
    let mut planned: BTreeMap<(Action, SubjectRef<'_>, Option<AccountKey<'_>>), BTreeSet<Field>> = BTreeMap::new();
    for Proposed { step, .. } in &draft.changes {
        let fields = step.change.fields().iter().map(|change| change.field);
        planned.entry(kind(&step.change)).or_default().extend(fields);
    }
    let users =
        draft.changes.iter().map(|proposed| proposed.step.change.subject()).chain(draft.refusals.iter().map(|one| one.subject.borrow()));
    let counted: BTreeSet<Email> = users.filter_map(|subject| subject.user().cloned()).collect();
    let mut added: Vec<Proposed> = Vec::new();
    for mut proposed in later.into_iter().filter(|proposed| !draft.questions.is_about(&proposed.step.change)) {
        let same = planned.get(&kind(&proposed.step.change)).cloned();
        match (fields_of(&mut proposed.step.change), same) {
            (Some(fields), Some(same)) => {
                fields.retain(|change| !same.contains(&change.field));
                if fields.is_empty() {
                    continue;
                }
            }
            (None, Some(_)) => continue,
            (_, None) => {}
        }
        added.push(proposed);
    }
    // Somebody who has a step only because of an attestation does not match.
    let stirred: BTreeSet<&Email> =
        added.iter().filter_map(|one| one.step.change.subject().user()).filter(|user| !counted.contains(user)).collect();
    draft.unchanged = draft.unchanged.saturating_sub(stirred.iter().filter(|user| draft.desired.users.contains_key(**user)).count());
    draft.kept_out.retain(|one| !stirred.contains(&one.user));
    draft.changes.extend(added);
}

/// Returns what a change does, and to whom.
fn kind(change: &Change) -> (Action, SubjectRef<'_>, Option<AccountKey<'_>>) {
    (change.action(), change.subject(), change.account())
}

/// The fields of an update.
fn fields_of(change: &mut Change) -> Option<&mut Vec<FieldChange>> {
    match change {
        Change::Account { change, .. } => match change {
            AccountChange::Update { fields, effective: _ } => Some(fields),
            AccountChange::Invite
            | AccountChange::ResendInvitation
            | AccountChange::WithdrawInvitation
            | AccountChange::Inactivate
            | AccountChange::Activate
            | AccountChange::Block(_)
            | AccountChange::Unblock
            | AccountChange::GeneratePasscode
            | AccountChange::RenewPasscode { .. } => None,
        },
        Change::CreateAccount(_)
        | Change::Complete { .. }
        | Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => None,
    }
}

/// Takes out steps that take an administrator away while the tab that shows them is stale, and refuses those.
pub(super) fn wait_for_a_new_list(draft: &mut PlanDraft<'_>, attested: Option<&Actual>) {
    let (Some(list), Some(privilege)) = (draft.actual.list.as_deref(), draft.catalog().manages_users.as_deref()) else { return };
    let mut waiting: Vec<(Email, Action)> = Vec::new();
    let actual = draft.actual;
    draft.changes.retain(|proposed| {
        let change = &proposed.step.change;
        let Some(id) = change.account().and_then(AccountKey::id) else { return true };
        let found = actual.accounts.binary_search_by(|account| account.id.cmp(id));
        let Some(account) = found.ok().and_then(|at| actual.accounts.get(at)) else { return true };
        let is_stale = row(actual, account).is_some_and(|row| list.is_stale_for(row));
        let is_attested =
            attested.into_iter().flat_map(|actual| &actual.accounts).any(|one| one.id == *id && one.privileges.contains(privilege));
        let waits = is_stale && (is_attested || account.privileges.contains(privilege)) && takes_away(change, privilege);
        if waits {
            waiting.push((account.email.clone(), change.action()));
        }
        !waits
    });
    for (email, action) in waiting {
        draft.refuse(user(&email), RefusalCause::ListIsStale { action });
    }
}

/// Returns whether somebody who has a privilege has it no longer after a change, or can no longer use it.
fn takes_away(change: &Change, privilege: &str) -> bool {
    change.action().ends_access() || change.effective().is_some_and(|effective| effective.lost().contains(&privilege))
}

/// Joins what the guards find for the list alone with what they find for list and attestations: the stricter answer stops.
pub(super) fn stricter(mut list: Vec<StopCause>, attested: Vec<StopCause>) -> Vec<StopCause> {
    let guards: BTreeSet<_> = list.iter().map(StopCause::guard).collect();
    list.extend(attested.into_iter().filter(|cause| !guards.contains(&cause.guard())));
    list
}

/// Returns whether nobody knows if somebody is an administrator: a list does not show the role, or, of somebody with the role of one, whether
/// the account is active. Accounts that are known to be administrators, and those that do not give access, are not among them.
pub(super) fn may_be_administrator(actual: &Actual, account: &Account, privilege: &str) -> bool {
    let gets_in = account.state.accepted && !account.state.inactive && account.state.block.is_none();
    if actual.list.is_none() || !gets_in || account.privileges.contains(privilege) {
        return false;
    }
    let is_role_shown = account.fields.get(Field::Role).is_some();
    let is_state_shown = || row(actual, account).is_none_or(|row| row.status.is_some());
    !is_role_shown || (account.role_privileges.as_ref().is_some_and(|gives| gives.contains(privilege)) && !is_state_shown())
}

/// Returns whether a list knows a field of somebody: it shows it, or the change gives it.
pub(super) fn knows(account: &Account, changes: &[FieldChange], field: Field) -> bool {
    account.fields.get(field).is_some() || changes.iter().any(|change| change.field == field)
}
