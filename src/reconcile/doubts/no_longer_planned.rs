//! The changes that a saved plan would still make although a plan made now would not.

use std::collections::BTreeMap;

use crate::model::{Account, AccountChange, AccountKey, Actual, Change, Email, Field, Followup, NoLongerPlanned, Plan, RemoteId, Step};

use crate::model::transition::is_in_force;
use crate::reconcile::project::Overlay;

/// Returns the first change of a saved plan, of those that are still to be made, that a new plan of the same roster leaves otherwise, and
/// how. `actual` is the workspace that the saved plan would change, and `wanted` the one that the new plan was made of: they differ where
/// people attest what no list has shown yet.
pub fn no_longer_planned<'p>(
    saved: &'p Plan,
    is_open: &dyn Fn(usize) -> bool,
    fresh: &Plan,
    (actual, wanted): (&Actual, &Actual),
) -> Option<(&'p Change, NoLongerPlanned)> {
    let catalog = crate::platform::by_id(&saved.platform).catalog();
    let is_meant = |(at, step): (usize, &'p Step)| is_open(at).then_some(&step.change);
    let open: Vec<&Change> = saved.changes.iter().enumerate().filter_map(is_meant).collect();
    let planned = Overlay::new(open.iter().copied(), actual, catalog);
    let after = Overlay::new(fresh.changes.iter().map(|step| &step.change), wanted, catalog);
    let is_record = |change: &&Change| change.account().is_none();
    let records: Vec<&Change> = fresh.changes.iter().map(|step| &step.change).filter(is_record).collect();
    let is_asked_for = |change: &Change| {
        records
            .iter()
            .any(|other| other.subject() == change.subject() && (other.record_values() == change.record_values() || is_part(change, other)))
    };
    let by_email: BTreeMap<&Email, &RemoteId> = wanted.accounts.iter().map(|account| (&account.email, &account.id)).collect();
    let there: BTreeMap<&Email, &Account> = actual.accounts.iter().map(|account| (&account.email, account)).collect();
    let found = open.iter().copied().find_map(|change| {
        let Some(key) = change.account() else { return (!is_asked_for(change)).then_some((change, NoLongerPlanned::Record)) };
        // Of somebody whom an earlier run of the plan has invited, the rest may be left.
        let rest = followup(change);
        let created = rest.and_then(|_| there.get(change.subject().user()?).copied());
        let completed = rest.zip(created).and_then(|(rest, account)| planned.after(account, &rest.to_account_change()));
        // Without an account to change, nothing is written.
        let with_plan = planned.at(key).or(completed)?;
        let before = key.id().and_then(|id| planned.read(id)).or(created);
        // Somebody whom the saved plan invites may be there already.
        let is_there = |email: &Email| by_email.get(email).map(|id| AccountKey::Known(id));
        let with_roster = after.at(key).or_else(|| after.at(is_there(change.subject().user()?)?));
        Some((change, differs(change, before, &with_plan, with_roster.as_ref())?))
    });
    // Somebody who leaves a role by the saved plan, but has drifted, keeps back what the role gains.
    let whole = || Overlay::new(saved.changes.iter().map(|step| &step.change), actual, catalog);
    let mut roles = open.into_iter().filter(|change| change.role_update().is_some()).peekable();
    found.or_else(|| {
        let whole = roles.peek().map(|_| whole())?;
        roles.find(|change| gives_too_much(change, &whole, &after)).map(|change| (change, NoLongerPlanned::Record))
    })
}

/// Returns whether a change of a role is a part of another one: it gives and takes nothing besides.
fn is_part(change: &Change, whole: &Change) -> bool {
    let Some((part, whole)) = change.role_update().zip(whole.role_update()) else { return false };
    let Some((edit, all)) = part.privileges.as_ref().zip(whole.privileges.as_ref()) else { return false };
    let is_named = part.name.is_none() || part.name == whole.name;
    is_named && edit.gained().is_subset(&all.gained()) && edit.lost().is_subset(&all.lost())
}

/// Returns whether a change of a role gives somebody who has it what they neither have nor get by a new plan: they should leave it by now.
fn gives_too_much(change: &Change, whole: &Overlay<'_>, after: &Overlay<'_>) -> bool {
    let Some(update) = change.role_update().filter(|_| whole.holders_changed) else { return false };
    let is_holder = |account: &Account| lets_in(account) && account.fields.text(Field::Role) == Some(update.key.as_str());
    whole.iter().filter(|(_, now)| is_holder(now)).any(|(before, now)| {
        let wanted = before.and_then(|before| after.at(AccountKey::Known(&before.id)));
        let has = |account: &Account, privilege: &String| lets_in(account) && account.privileges.contains(privilege);
        let is_strange = |privilege: &&String| {
            !before.is_some_and(|before| has(before, privilege)) && !wanted.as_ref().is_some_and(|wanted| has(wanted, privilege))
        };
        before.is_some() && now.privileges.iter().any(|privilege| is_strange(&privilege))
    })
}

/// Returns whether somebody can use an account, or accept its invitation.
fn lets_in(account: &Account) -> bool {
    !account.state.inactive && account.state.block.is_none()
}

/// Returns what a change completes of an account that an earlier step of its plan creates.
const fn followup(change: &Change) -> Option<&Followup> {
    match change {
        Change::Complete { followup, .. } => Some(followup),
        Change::CreateAccount(_)
        | Change::Account { .. }
        | Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => None,
    }
}

/// Says how a change leaves an account otherwise than the roster wants it.
fn differs(change: &Change, before: Option<&Account>, planned: &Account, wanted: Option<&Account>) -> Option<NoLongerPlanned> {
    let access = || if lets_in(planned) { NoLongerPlanned::AccessBegins } else { NoLongerPlanned::AccessEnds };
    let Some(wanted) = wanted else { return Some(access()) };
    let is_same_access =
        || planned.state.standing() == wanted.state.standing() && planned.state.block.is_some() == wanted.state.block.is_some();
    let fields = || {
        let mut edited = change.fields().iter().map(|edit| edit.field);
        let other = edited.find(|field| planned.value(*field) != wanted.value(*field)).map(NoLongerPlanned::Field);
        let had = |privilege: &String| before.is_some_and(|before| lets_in(before) && before.privileges.contains(privilege));
        let gains = lets_in(planned) && planned.privileges.difference(&wanted.privileges).any(|privilege| !had(privilege));
        other.or(gains.then_some(NoLongerPlanned::Privileges))
    };
    match change {
        Change::CreateAccount(_)
        | Change::Account { change: AccountChange::Invite | AccountChange::Activate | AccountChange::Unblock, .. } => {
            if is_same_access() {
                fields()
            } else {
                Some(access())
            }
        }
        Change::Account {
            change: AccountChange::ResendInvitation | AccountChange::WithdrawInvitation | AccountChange::Inactivate, ..
        } => (!is_same_access()).then(access),
        // The first reason of a block stays (AR-26).
        Change::Account { change: AccountChange::Block(_), .. } if is_same_access() => {
            (planned.state.block != wanted.state.block).then_some(NoLongerPlanned::BlockReason)
        }
        Change::Account { change: AccountChange::Block(_), .. } => Some(access()),
        Change::Account { change: AccountChange::Update { .. }, .. } | Change::Complete { followup: Followup::Update { .. }, .. } => {
            fields()
        }
        Change::Account { change: change @ (AccountChange::GeneratePasscode | AccountChange::RenewPasscode { .. }), .. } => {
            (!is_in_force(change, wanted)).then_some(NoLongerPlanned::Passcode)
        }
        Change::Complete { followup: Followup::GeneratePasscode, .. } => (!wanted.has_passcode).then_some(NoLongerPlanned::Passcode),
        Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => None,
    }
}
