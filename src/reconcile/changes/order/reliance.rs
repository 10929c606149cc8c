//! Somebody on whom others rely leaves: safe only once these rely on somebody else.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, AccountKey, Actual, RemoteId};
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
