//! Changes that are safe only once another one is made: somebody on whom others rely leaves, or what a role gives changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, AccountKey, Actual, Change, Field, RemoteId};
use crate::platform::Platform;

use crate::reconcile::changes::draft::Proposed;
use crate::reconcile::project::{Overlay, supports};

/// Somebody on whom others rely leaves, or gives up the role, once these rely on somebody else, or are gone themselves.
pub(super) fn follow_colleagues(proposed: &[Proposed], platform: &Platform, actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    let moves = Moves::new(proposed, platform, actual);
    let leaves = |account: &Account| supports(platform, account);
    let leaving: BTreeMap<&str, usize> = (moves.own.keys())
        .filter_map(|id| moves.before.read(id).filter(|account| leaves(account)))
        .filter_map(|account| Some((account.email.as_str(), moves.first(account, |after| !supports(platform, after))?)))
        .collect();
    if leaving.is_empty() {
        return;
    }
    let relies = |account: &Account| {
        let named = (!account.state.inactive).then(|| platform.relies_on(&|field| account.fields.get(field))).flatten();
        named.map(ToOwned::to_owned)
    };
    for account in &actual.accounts {
        let Some(named) = relies(account) else { continue };
        let Some(leaves) = leaving.get(named.as_str()) else { continue };
        let moved = moves.first(account, |after| relies(after).as_deref() != Some(named.as_str()));
        if let (Some(moved), Some(edge)) = (moved.filter(|moved| moved != leaves), edges.get_mut(*leaves)) {
            edge.insert(moved);
        }
    }
}

/// Makes changes of a role wait where it reaches everybody who has it: nobody gets by one what neither they have nor the plan shows, so it waits for
/// those who leave the role first, and those who come in wait for what the role loses.
pub(super) fn follow_roles(proposed: &[Proposed], platform: &Platform, actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    let catalog = platform.catalog();
    let updates = proposed.iter().enumerate().filter_map(|(at, p)| {
        let update = p.step.change.role_update()?;
        Some((at, update.key.as_str(), update.privileges.as_ref()?))
    });
    let updates: Vec<_> = updates.filter(|_| catalog.roles_reach.is_all_holders()).collect();
    if updates.is_empty() {
        return;
    }
    let moves = Moves::new(proposed, platform, actual);
    let after = Overlay::new(proposed.iter().map(|p| &p.step.change), actual, catalog);
    let rights = |account: &Account| if is_usable(account) { account.privileges.clone() } else { std::sync::Arc::default() };
    for (id, own) in &moves.own {
        let (Some(before), Some(after)) = (moves.before.read(id), after.at(AccountKey::Known(id))) else { continue };
        let (had, has) = (rights(before), rights(&after));
        let is_strange = |privilege: &&str| !had.contains(*privilege) && !has.contains(*privilege);
        let holds = |account: &Account, role: &str| is_usable(account) && account.fields.text(Field::Role) == Some(role);
        for (update, role, edit) in &updates {
            let gets = holds(before, role) && edit.gained().iter().any(&is_strange);
            let keeps = holds(&after, role) && edit.lost().iter().any(&is_strange);
            for at in own {
                let Some(change) = proposed.get(*at).map(|p| &p.step.change) else { continue };
                let (first, then) = if gets && takes_rights(change) { (*at, *update) } else { (*update, *at) };
                if (gets && takes_rights(change) || keeps && gives_rights(change))
                    && let Some(edge) = edges.get_mut(then)
                {
                    edge.insert(first);
                }
            }
        }
    }
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

/// The changes of accounts that are there.
struct Moves<'a> {
    proposed: &'a [Proposed],
    /// The changes of each, in the order in which they were collected.
    own: BTreeMap<&'a RemoteId, Vec<usize>>,
    before: Overlay<'a>,
}

impl<'a> Moves<'a> {
    fn new(proposed: &'a [Proposed], platform: &'a Platform, actual: &'a Actual) -> Self {
        let mut own: BTreeMap<&'a RemoteId, Vec<usize>> = BTreeMap::new();
        for (at, one) in proposed.iter().enumerate() {
            if let Some(id) = one.step.change.account().and_then(AccountKey::id) {
                own.entry(id).or_default().push(at);
            }
        }
        Self { proposed, own, before: Overlay::new([], actual, platform.catalog()) }
    }

    /// Finds the first change of an account after which something is true of it.
    fn first(&self, account: &Account, is_true: impl Fn(&Account) -> bool) -> Option<usize> {
        let mut now = account.clone();
        self.own.get(&account.id)?.iter().copied().find(|at| {
            let to_account = self.proposed.get(*at).and_then(|p| p.step.change.to_account());
            if let Some(after) = to_account.and_then(|(_, _, change)| self.before.after(&now, change)) {
                now = after;
            }
            is_true(&now)
        })
    }
}
