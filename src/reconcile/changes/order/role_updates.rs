//! Changes of what a role gives to everybody who has it: who must leave it first, and who must not come in yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Account, AccountKey, Actual, Change, Effective, Field, RoleUpdate, Stage, Step};
use crate::platform::Platform;

use crate::reconcile::changes::draft::Proposed;
use crate::reconcile::project::Overlay;

/// Nobody gets by a change of a role what neither they have nor the plan shows: what a role gains waits for those who leave it, and those who
/// come in wait for what it loses. Nobody else waits: a role that somebody leaves is there for all others.
///
/// Each wait is a change with the one that it waits for; those of accounts come first.
pub(super) fn role_waits(proposed: &[Proposed], platform: &Platform, actual: &Actual) -> Vec<(usize, usize)> {
    let catalog = platform.catalog();
    let updates: Vec<_> = (proposed.iter().enumerate())
        .filter_map(|(at, p)| Some((at, p.step.change.role_update()?)))
        .filter_map(|(at, update)| Some((at, update.key.as_str(), update.privileges.as_ref()?)))
        .filter(|_| catalog.roles_reach.is_all_holders())
        .collect();
    if updates.is_empty() {
        return Vec::new();
    }
    let mut own: BTreeMap<AccountKey<'_>, Vec<usize>> = BTreeMap::new();
    for (at, p) in proposed.iter().enumerate() {
        if let Some(account) = p.step.change.account() {
            own.entry(account).or_default().push(at);
        }
    }
    let before = Overlay::new([], actual, catalog);
    let after = Overlay::new(proposed.iter().map(|p| &p.step.change), actual, catalog);
    let (mut waits, mut roles_wait) = (Vec::new(), Vec::new());
    for (account, own) in &own {
        let (held, Some(left)) = (before.at(*account), after.at(*account)) else { continue };
        let rights = |account: &Account| if is_usable(account) { Arc::clone(&account.privileges) } else { Arc::default() };
        let (had, has) = (held.as_ref().map(rights).unwrap_or_default(), rights(&left));
        let is_strange = |privilege: &&str| !had.contains(*privilege) && !has.contains(*privilege);
        let holds = |account: &Account, role: &str| is_usable(account) && account.fields.text(Field::Role) == Some(role);
        for (update, role, edit) in &updates {
            let gets = held.as_ref().is_some_and(|held| holds(held, role)) && edit.gained().iter().any(&is_strange);
            let keeps = holds(&left, role) && edit.lost().iter().any(&is_strange);
            for at in own {
                let Some(change) = proposed.get(*at).map(|p| &p.step.change) else { continue };
                if gets && takes_rights(change) {
                    roles_wait.push((*update, *at));
                } else if keeps && gives_rights(change) {
                    waits.push((*at, *update));
                }
            }
        }
    }
    waits.append(&mut roles_wait);
    waits
}

/// Parts a change of a role for which somebody must leave it first from what the role loses at once. Where the acting account has the role, it
/// stays one change: what that account loses may be what it needs for the rest.
pub(super) fn lose_first(proposed: Vec<Proposed>, platform: &Platform, actual: &Actual) -> Vec<Proposed> {
    let own_role = actual.token_owner.as_ref().and_then(|owner| {
        let account = actual.accounts.iter().find(|account| account.email == *owner)?;
        account.fields.text(Field::Role).filter(|_| !account.main_admin)
    });
    let is_due = |at: usize, role: &RoleUpdate| {
        let does_both = role.privileges.as_ref().is_some_and(|edit| !edit.gained().is_empty() && !edit.lost().is_empty());
        (does_both && own_role != Some(role.key.as_str())).then_some(at)
    };
    let both: BTreeSet<usize> = proposed.iter().enumerate().filter_map(|(at, p)| is_due(at, p.step.change.role_update()?)).collect();
    if both.is_empty() {
        return proposed;
    }
    let waiting: BTreeSet<usize> = role_waits(&proposed, platform, actual).into_iter().map(|(waits, _)| waits).collect();
    let parted = |(at, one): (usize, Proposed)| if both.contains(&at) && waiting.contains(&at) { part(one) } else { vec![one] };
    proposed.into_iter().enumerate().flat_map(parted).collect()
}

/// Makes gains of a role wait for what it loses.
pub(super) fn follow_losses(proposed: &[Proposed], edges: &mut [BTreeSet<usize>]) {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, update) in proposed.iter().enumerate().filter_map(|(at, p)| Some((at, p.step.change.role_update()?))) {
        if let (Some(first), Some(edge)) = (last.insert(&update.key, at), edges.get_mut(at)) {
            edge.insert(first);
        }
    }
}

/// Makes two changes of one: the loss of a role, and then the gain.
fn part(proposed: Proposed) -> Vec<Proposed> {
    let Some((update, edit)) = proposed.step.change.role_update().and_then(|update| Some((update, update.privileges.as_ref()?))) else {
        return vec![proposed];
    };
    let kept: BTreeSet<String> = edit.before.intersection(&edit.after).cloned().collect();
    let with = |name, before: &BTreeSet<String>, after: &BTreeSet<String>| {
        let privileges = Some(Effective { before: before.clone(), after: after.clone() });
        Change::UpdateRole(Box::new(RoleUpdate { key: update.key.clone(), target: update.target.clone(), name, privileges }))
    };
    let (losing, gaining) = (with(update.name.clone(), &edit.before, &kept), with(None, &kept, &edit.after));
    let Step { reason, stage: _, risky, after, .. } = &proposed.step;
    let step = |change, stage, risky| Proposed {
        step: Step { change, reason: reason.clone(), stage, risky, after: after.clone() },
        needs: BTreeSet::new(),
    };
    vec![step(losing, Stage::Risk, *risky), step(gaining, Stage::Supporting, false)]
}

/// Returns whether somebody can sign in, or be let in by an invitation.
fn is_usable(account: &Account) -> bool {
    !account.state.inactive && account.state.block.is_none()
}

fn sets_rights(change: &Change) -> bool {
    change.fields().iter().any(|edit| edit.field == Field::Role || edit.field == Field::PrivilegeChanges)
}

fn takes_rights(change: &Change) -> bool {
    sets_rights(change) || change.action().ends_access()
}

fn gives_rights(change: &Change) -> bool {
    sets_rights(change) || change.action().access() == Some(true)
}
