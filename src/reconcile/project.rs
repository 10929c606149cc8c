//! Computes the state after a plan, or after a part of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::transition::{Terms, new_account, transition};
use crate::model::{Account, AccountChange, AccountKey, Actual, Change, Email, Field, Fingerprint, Plan, RemoteId};
use crate::platform::{Catalog, Platform, with_rights};

/// The accounts after changes: existing ones by id, then those that the plan creates by address. The latter have no id and no version
/// yet: both are empty.
pub type Accounts = Vec<Account>;

/// Returns the accounts after the whole plan.
#[must_use]
pub fn project(plan: &Plan, actual: &Actual) -> Accounts {
    project_prefix(plan, plan.changes.len(), actual)
}

/// Returns the accounts after the first `length` changes of the plan.
#[must_use]
pub fn project_prefix(plan: &Plan, length: usize, actual: &Actual) -> Accounts {
    let catalog = crate::platform::by_id(&plan.platform).catalog();
    let changes = plan.changes.iter().take(length).map(|step| &step.change);
    Overlay::new(changes, actual, catalog).iter().map(|(_, after)| after.into_owned()).collect()
}

/// Counts the administrators: accounts that are accepted, active and not blocked, with the catalog's privilege; `None` if the catalog
/// names none.
#[must_use]
pub fn administrators<'a>(accounts: impl IntoIterator<Item = &'a Account>, catalog: &Catalog) -> Option<usize> {
    let privilege = catalog.manages_users.as_deref()?;
    Some(accounts.into_iter().filter(|a| is_administrator(a, privilege)).count())
}

/// Returns whether an account is an administrator now.
pub(super) fn is_administrator(account: &Account, privilege: &str) -> bool {
    account.state.accepted && !account.state.inactive && account.state.block.is_none() && account.privileges.contains(privilege)
}

/// Returns whether others can rely on an account.
pub(super) fn supports(platform: &Platform, account: &Account) -> bool {
    !account.state.inactive && account.fields.text(Field::Role).is_some_and(|role| platform.supervises(role))
}

/// The accounts that were read, with changes made to them; only changed accounts are copied.
pub(super) struct Overlay<'a> {
    actual: &'a Actual,
    catalog: &'a Catalog,
    /// Existing accounts that a change affects, by id.
    changed: BTreeMap<&'a RemoteId, Account>,
    /// New accounts.
    new: BTreeMap<Email, Account>,
    /// The privileges of each role.
    roles: BTreeMap<String, Arc<BTreeSet<String>>>,
    /// Says whether a role's privileges have changed for present holders.
    pub(super) holders_changed: bool,
}

impl<'a> Overlay<'a> {
    pub(super) fn new<'c>(changes: impl IntoIterator<Item = &'c Change>, actual: &'a Actual, catalog: &'a Catalog) -> Self {
        let roles = catalog
            .roles
            .iter()
            .map(|(key, role)| (key, &role.privileges))
            .chain(actual.roles.iter().map(|(key, role)| (key, &role.privileges)))
            .map(|(key, privileges)| (key.clone(), Arc::new(privileges.clone())))
            .collect();
        let mut overlay = Self { actual, catalog, changed: BTreeMap::new(), new: BTreeMap::new(), roles, holders_changed: false };
        for change in changes {
            overlay.make(change);
        }
        overlay
    }

    /// Lists every account before and after; new accounts have no before.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        let there =
            self.actual.accounts.iter().map(|before| (Some(before), self.with_roles(self.changed.get(&before.id).unwrap_or(before))));
        there.chain(self.newcomers())
    }

    /// Lists only accounts that a change affects, or all of them if a role's privileges reach present holders.
    pub(super) fn touched(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        let changed = self.changed.iter().filter_map(|(id, after)| Some((Some(self.read(id)?), self.with_roles(after))));
        let all = self.holders_changed.then(|| self.iter());
        let some = (!self.holders_changed).then(|| changed.chain(self.newcomers()));
        all.into_iter().flatten().chain(some.into_iter().flatten())
    }

    fn newcomers(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        self.new.values().map(|after| (None, self.with_roles(after)))
    }

    /// Returns an account with the rights that its role gives now; they change by themselves only if a role reaches present holders.
    fn with_roles<'s>(&self, account: &'s Account) -> Cow<'s, Account> {
        if self.holders_changed { Cow::Owned(self.with_rights(account.clone())) } else { Cow::Borrowed(account) }
    }

    /// Returns the present account that a change affects; `None` if it does not exist, or the change is about something else.
    pub(super) fn account(&self, change: &Change) -> Option<Account> {
        self.at(change.account()?)
    }

    /// Returns an account after the changes; `None` if it does not exist.
    pub(super) fn at(&self, key: AccountKey<'_>) -> Option<Account> {
        let changed = match key {
            AccountKey::New(email) => self.new.get(email),
            AccountKey::Known(id) => self.changed.get(id),
        };
        match (changed, key) {
            (Some(account), _) => Some(self.with_roles(account).into_owned()),
            (None, AccountKey::Known(id)) => self.read(id).map(|account| self.with_roles(account).into_owned()),
            (None, AccountKey::New(_)) => None,
        }
    }

    /// Makes one more change. A change that is impossible in the account's state has no effect: the server refuses it.
    pub(super) fn make(&mut self, change: &Change) {
        match change {
            Change::CreateRole { key, privileges, .. } => {
                self.roles.insert(key.clone(), Arc::new(privileges.clone()));
            }
            Change::UpdateRole(update) => {
                if let Some(privileges) = &update.privileges {
                    self.roles.insert(update.key.clone(), Arc::new(privileges.after.clone()));
                    self.holders_changed |= self.catalog.roles_reach.is_all_holders();
                }
            }
            Change::CreateAccount(new) => {
                let (id, fingerprint) = (RemoteId(String::new()), Fingerprint(String::new()));
                let account = new_account(new, id, fingerprint, &self.terms(&|role| self.role_gives(role)));
                let account = self.with_rights(account);
                self.new.insert(new.email.clone(), account);
            }
            Change::Complete { email, followup } => {
                if let Some(account) = self.new.get(email).and_then(|account| self.after(account, &followup.to_account_change())) {
                    self.new.insert(email.clone(), account);
                }
            }
            Change::Account { target, change, .. } => {
                let Some(before) = self.read(&target.id) else { return };
                if let Some(account) = self.after(self.changed.get(&before.id).unwrap_or(before), change) {
                    self.changed.insert(&before.id, account);
                }
            }
            Change::CreateClinic { .. }
            | Change::UpdateClinic(_)
            | Change::CreateEmployee { .. }
            | Change::UpdateEmployee(_)
            | Change::SetCodeWord => {}
        }
    }

    /// Returns an account after one more change of it; `None` if the change is impossible in its state.
    pub(super) fn after(&self, account: &Account, change: &AccountChange) -> Option<Account> {
        let after = transition(account, change, &self.terms(&|role| self.role_gives(role))).ok()?;
        Some(if change.fields().is_empty() { after } else { self.with_rights(after) })
    }

    /// The validity of the server's invitations is unknown here, and nothing depends on it.
    fn terms<'t>(&self, role_gives: &'t dyn Fn(&str) -> Option<Arc<BTreeSet<String>>>) -> Terms<'t> {
        Terms { invitations: self.catalog.states.pending, now: self.actual.as_of, invitation_lives: 0, role_gives }
    }

    fn role_gives(&self, role: &str) -> Option<Arc<BTreeSet<String>>> {
        self.roles.get(role).cloned()
    }

    fn with_rights(&self, account: Account) -> Account {
        with_rights(account, self.catalog, &|role| self.role_gives(role))
    }

    /// Finds the account with an id, as it was read. Accounts are sorted by id; if they are not, the search is only slower.
    pub(super) fn read(&self, id: &RemoteId) -> Option<&'a Account> {
        let accounts: &'a [Account] = &self.actual.accounts;
        let found = accounts.binary_search_by(|a| a.id.cmp(id)).ok().and_then(|i| accounts.get(i));
        found.or_else(|| accounts.iter().find(|a| a.id == *id))
    }
}
