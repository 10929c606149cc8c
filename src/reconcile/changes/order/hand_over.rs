//! The last administrators, and roles that only their holders give, wait until others have them; and the acting account loses its own rights last.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, AccountKey, Actual, Change, Effective, Email, Field, RemoteId, RoleUpdate, Stage};
use crate::platform::Platform;

use super::circles::only_names_colleagues;
use super::follow::blocks;
use crate::reconcile::changes::draft::Proposed;
use crate::reconcile::list::may_be_administrator;
use crate::reconcile::project::{Overlay, is_administrator};

/// Something of which so many people are left at any time, if enough others get it.
struct Office<'a> {
    /// Says whether somebody has it.
    has: &'a dyn Fn(&Account) -> bool,
    /// Says whether somebody of whom the list does not say it may have it.
    may_have: &'a dyn Fn(&Account) -> bool,
    at_least: usize,
}

/// If all losses at once would leave too few administrators, the last ones wait until others have the rights. So does the last holder of a
/// role that nobody else gives.
pub(super) fn hand_over(
    proposed: &[Proposed],
    platform: &Platform,
    actual: &Actual,
    at_least: u32,
    edges: &mut [BTreeSet<usize>],
    stages: &mut [Stage],
) {
    let catalog = platform.catalog();
    let Some(privilege) = catalog.manages_users.as_deref() else { return };
    let moves = Successions::new(proposed, platform, privilege, actual);
    let administrators = Office {
        has: &|account| is_administrator(account, privilege),
        may_have: &|account| may_be_administrator(actual, account, privilege),
        // Nobody repairs a workspace without one, whatever the guard is set to.
        at_least: (at_least as usize).max(1),
    };
    moves.hand_over(&administrators, edges, stages);
    for (role, _) in catalog.roles.iter().filter(|(_, role)| !role.given_by.is_every_administrator()) {
        let has = |account: &Account| is_administrator(account, privilege) && account.fields.text(Field::Role) == Some(role);
        moves.hand_over(&Office { has: &has, may_have: &|_| false, at_least: 1 }, edges, stages);
    }
}

/// The changes of a plan by what they are about.
struct Successions<'a> {
    proposed: &'a [Proposed],
    actual: &'a Actual,
    /// The right to manage users.
    privilege: &'a str,
    /// The changes of each account, in the order in which they were collected.
    own: BTreeMap<AccountKey<'a>, Vec<usize>>,
    /// The changes of what roles give, where present holders get it, too.
    roles: Vec<(usize, &'a RoleUpdate)>,
    /// The accounts after all changes.
    after: Overlay<'a>,
    /// The accounts after the changes of roles alone.
    by_roles: Overlay<'a>,
}

impl<'a> Successions<'a> {
    fn new(proposed: &'a [Proposed], platform: &'a Platform, privilege: &'a str, actual: &'a Actual) -> Self {
        let catalog = platform.catalog();
        let mut own: BTreeMap<AccountKey<'a>, Vec<usize>> = BTreeMap::new();
        for (at, one) in proposed.iter().enumerate() {
            if let Some(account) = one.step.change.account() {
                own.entry(account).or_default().push(at);
            }
        }
        let reaches = catalog.roles_reach.is_all_holders();
        let roles: Vec<_> =
            (proposed.iter().enumerate()).filter_map(|(at, p)| Some((at, p.step.change.role_update()?))).filter(|_| reaches).collect();
        let of_roles: Vec<&Change> = roles.iter().filter_map(|(at, _)| Some(&proposed.get(*at)?.step.change)).collect();
        Self {
            proposed,
            actual,
            privilege,
            own,
            roles,
            after: Overlay::new(proposed.iter().map(|p| &p.step.change), actual, catalog),
            by_roles: Overlay::new(of_roles, actual, catalog),
        }
    }

    /// Makes the last holders wait until others are.
    fn hand_over(&self, office: &Office<'_>, edges: &mut [BTreeSet<usize>], stages: &mut [Stage]) {
        let Office { has, may_have, at_least } = office;
        let before = self.actual.accounts.iter().filter(|a| has(a)).count();
        let (mut losing, mut perhaps_losing, mut gaining) = (Vec::new(), Vec::new(), Vec::new());
        for (read, after) in self.after.touched() {
            match (read.is_some_and(has), has(&after)) {
                (true, false) => losing.extend(read),
                (false, true) => {
                    gaining.push((read, after.email.clone(), self.role_of(&after, |edit| edit.gained().contains(self.privilege))));
                }
                (false, false) => perhaps_losing.extend(read.filter(|read| may_have(read) && !may_have(&after))),
                (true, true) => {
                    // Somebody who would lose it with the role, and has it in another way from now on.
                    if let Some(read) = read.filter(|read| self.loses_with_role(read, has)) {
                        losing.push(read);
                        gaining.push((Some(read), after.email.clone(), None));
                    }
                }
            }
        }
        if gaining.is_empty() || before.saturating_sub(losing.len()) >= *at_least {
            return;
        }
        let gains = self.gains(&gaining);
        // Users who leave come first; users who only change their role can wait.
        losing.sort_by_key(|a| {
            let is_update = |at: &usize| self.proposed.get(*at).is_some_and(|p| p.step.change.action().updates());
            (self.loses_with_role(a, has), self.changes_of(&a.id).iter().all(is_update), a.email.clone())
        });
        let last = losing.into_iter().skip(before.saturating_sub(*at_least)).chain(perhaps_losing);
        let waiting: BTreeSet<usize> = last.flat_map(|account| self.losses(account, has)).collect();
        for at in waiting {
            if let (Some(edge), Some(stage)) = (edges.get_mut(at), stages.get_mut(at)) {
                edge.extend(gains.iter().filter(|gain| **gain != at));
                *stage = Stage::HandOver;
            }
        }
    }

    /// The changes with which others get it: the last of each, and that of their role.
    fn gains(&self, gaining: &[(Option<&Account>, Email, Option<usize>)]) -> BTreeSet<usize> {
        let is_whole = |at: &&usize| self.proposed.get(**at).is_some_and(|p| !only_names_colleagues(&p.step.change));
        let mut gains = BTreeSet::new();
        for (read, email, role) in gaining {
            let key = read.map_or(AccountKey::New(email), |account| AccountKey::Known(&account.id));
            gains.extend(self.own.get(&key).into_iter().flatten().rfind(is_whole));
            gains.extend(role);
        }
        gains
    }

    /// The changes with which somebody loses it.
    fn losses(&self, account: &Account, has: &dyn Fn(&Account) -> bool) -> Vec<usize> {
        let stays = self.after.at(AccountKey::Known(&account.id)).is_some_and(|after| has(&after));
        let own = self.changes_of(&account.id).into_iter().filter(|_| !stays);
        let role = self.role_of(account, |edit| edit.lost().contains(self.privilege));
        own.chain(role.filter(|_| self.loses_with_role(account, has))).collect()
    }

    /// Returns whether somebody would lose it with the changes of roles alone.
    fn loses_with_role(&self, account: &Account, has: &dyn Fn(&Account) -> bool) -> bool {
        let after = || self.by_roles.at(AccountKey::Known(&account.id));
        !self.roles.is_empty() && has(account) && after().is_some_and(|after| !has(&after))
    }

    /// The change of the role that somebody has, if it gives them the right to manage users, or takes it.
    fn role_of(&self, account: &Account, is_it: impl Fn(&Effective) -> bool) -> Option<usize> {
        let role = account.fields.text(Field::Role)?;
        let is_it = |update: &RoleUpdate| update.key == role && update.privileges.as_ref().is_some_and(&is_it);
        self.roles.iter().find(|(_, update)| is_it(update)).map(|(at, _)| *at)
    }

    fn changes_of(&self, id: &RemoteId) -> Vec<usize> {
        self.own.get(&AccountKey::Known(id)).cloned().unwrap_or_default()
    }
}

/// Keeps for last what takes from the acting account: the server allows each change only while that account has the right to make it, and a block
/// only with a phone number that the account has (AR-19).
pub(super) fn keep_own_rights(proposed: &[Proposed], platform: &Platform, actual: &Actual, stages: &mut [Stage]) {
    let owner = actual.token_owner.as_ref().and_then(|owner| actual.accounts.iter().find(|account| account.email == *owner));
    let Some(owner) = owner else { return };
    let confirms = proposed.iter().any(|p| blocks(&p.step.change));
    for (Proposed { step, .. }, stage) in proposed.iter().zip(stages) {
        if takes_from(owner, &step.change, platform, confirms) {
            *stage = Stage::OwnAccount;
        }
    }
}

/// Returns whether a change takes from the acting account what other changes may need. The main admin has every right, whatever is written.
fn takes_from(owner: &Account, change: &Change, platform: &Platform, confirms: bool) -> bool {
    if let Some(update) = change.role_update() {
        let reaches = platform.catalog().roles_reach.is_all_holders() && owner.fields.text(Field::Role) == Some(&update.key);
        let loses = update.privileges.as_ref().is_some_and(|edit| !edit.lost().is_empty());
        return reaches && loses && !owner.main_admin;
    }
    let Some((_, _, to_account)) = change.to_account().filter(|(_, target, _)| target.id == owner.id) else { return false };
    let sets = |field: Field| to_account.fields().iter().any(|change| change.field == field && change.before != change.after);
    let loses = to_account.effective().is_some_and(|effective| !effective.lost().is_empty()) || sets(Field::Role);
    to_account.action().ends_access() || (loses && !owner.main_admin) || (confirms && sets(Field::Phones))
}
