//! The state after a plan, or after a part of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Account, Action, Actual, Block, BlockReason, Change, Field, Fields, Fingerprint, Invitation, InvitationState, Plan, RemoteId, State,
    Subject, Value,
};
use crate::platform::catalog::RolesReach;
use crate::platform::{Catalog, effective};

/// Accounts as they will be, sorted by id; accounts that are not there yet have the id `new:ADDRESS`.
pub type Accounts = Vec<Account>;

/// The accounts after the whole plan.
#[must_use]
pub fn project(plan: &Plan, actual: &Actual) -> Accounts {
    project_prefix(plan, plan.changes.len(), actual)
}

/// The accounts after the first `length` changes of the plan.
#[must_use]
pub fn project_prefix(plan: &Plan, length: usize, actual: &Actual) -> Accounts {
    let catalog = crate::platform::of(&plan.platform).catalog();
    let changes = plan.changes.iter().take(length);
    Overlay::new(changes, actual, catalog).iter().map(|(_, after)| after.into_owned()).collect()
}

/// How many accounts can manage users: accepted, active, not blocked, with the catalog's privilege. `None` where the platform has none.
#[must_use]
pub fn administrators<'a>(accounts: impl IntoIterator<Item = &'a Account>, catalog: &Catalog) -> Option<usize> {
    let privilege = catalog.manages_users.as_deref()?;
    Some(accounts.into_iter().filter(|a| is_administrator(a, privilege)).count())
}

/// Whether an account can manage users now.
pub(super) fn is_administrator(account: &Account, privilege: &str) -> bool {
    account.state.accepted && !account.state.inactive && account.state.block.is_none() && account.privileges.contains(privilege)
}

/// The accounts of a reading with changes laid over them; only what a change touches is copied.
pub(super) struct Overlay<'a> {
    actual: &'a Actual,
    catalog: &'a Catalog,
    touched: BTreeMap<RemoteId, Account>,
    roles: BTreeMap<String, BTreeSet<String>>,
    /// Whether a role's privileges have changed for present holders.
    pub(super) roles_moved: bool,
}

impl<'a> Overlay<'a> {
    pub(super) fn new<'c>(changes: impl IntoIterator<Item = &'c Change>, actual: &'a Actual, catalog: &'a Catalog) -> Self {
        let roles: BTreeMap<_, _> = catalog
            .roles
            .iter()
            .map(|(key, role)| (key.clone(), role.privileges.clone()))
            .chain(actual.roles.iter().map(|(key, role)| (key.clone(), role.privileges.clone())))
            .collect();
        let mut overlay = Self { actual, catalog, touched: BTreeMap::new(), roles, roles_moved: false };
        for change in changes {
            overlay.lay(change);
        }
        overlay
    }

    /// Every account with what it becomes; new ones have no before.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        let held = self.actual.accounts.iter().map(|before| (Some(before), self.present(self.touched.get(&before.id).unwrap_or(before))));
        held.chain(self.fresh())
    }

    /// Only accounts that a change touches, or all of them where a role's privileges reach present holders.
    pub(super) fn moved(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        let touched = self.touched.iter().filter_map(|(id, after)| Some((Some(self.held(id)?), self.present(after))));
        let all = self.roles_moved.then(|| self.iter());
        let some = (!self.roles_moved).then(|| touched.chain(self.fresh()));
        all.into_iter().flatten().chain(some.into_iter().flatten())
    }

    fn fresh(&self) -> impl Iterator<Item = (Option<&'a Account>, Cow<'_, Account>)> {
        self.touched.iter().filter(|(id, _)| id.0.starts_with("new:")).map(|(_, after)| (None, self.present(after)))
    }

    /// An account with the rights its role gives now; they move by themselves only where a role reaches present holders.
    fn present<'s>(&self, account: &'s Account) -> Cow<'s, Account> {
        if self.roles_moved { Cow::Owned(self.with_rights(account.clone())) } else { Cow::Borrowed(account) }
    }

    /// The account a change is about, as it is now; `None` where it is not there, or the change is about something else.
    pub(super) fn account(&self, change: &Change) -> Option<Account> {
        let Subject::User(email) = &change.subject else { return None };
        let id = change.id.clone().unwrap_or_else(|| RemoteId(format!("new:{email}")));
        match self.touched.get(&id) {
            Some(account) => Some(self.present(account).into_owned()),
            None => self.held(&id).cloned(),
        }
    }

    /// Lays one more change over.
    pub(super) fn lay(&mut self, change: &Change) {
        match &change.subject {
            Subject::Role(key) => {
                if let Some(Value::Set(privileges)) = change.resource.iter().find(|a| a.name == "privileges").map(|a| &a.after) {
                    self.roles.insert(key.clone(), privileges.clone());
                    self.roles_moved |= change.action == Action::UpdateRole && self.catalog.roles_reach == RolesReach::AllHolders;
                }
            }
            Subject::User(email) => {
                let id = change.id.clone().unwrap_or_else(|| RemoteId(format!("new:{email}")));
                let mut account = self.touched.remove(&id).or_else(|| self.held(&id).cloned()).unwrap_or_else(|| Account {
                    id: id.clone(),
                    email: email.clone(),
                    fingerprint: Fingerprint(String::new()),
                    state: State::default(),
                    fields: Fields::default(),
                    privileges: Arc::default(),
                    role_privileges: None,
                    has_passcode: false,
                    main_admin: false,
                    invited_name: None,
                });
                self.change_account(&mut account, change);
                let account = if change.fields.is_empty() { account } else { self.with_rights(account) };
                self.touched.insert(id, account);
            }
            Subject::Workspace | Subject::Clinic(_) | Subject::Employee(_) => {}
        }
    }

    fn held(&self, id: &RemoteId) -> Option<&'a Account> {
        let accounts: &'a [Account] = &self.actual.accounts;
        accounts.binary_search_by(|a| a.id.cmp(id)).ok().and_then(|i| accounts.get(i))
    }

    fn change_account(&self, account: &mut Account, change: &Change) {
        for field in &change.fields {
            if let (Field::Email, Value::Text(email)) = (field.field, &field.after) {
                if let Ok(email) = crate::model::Email::parse(email) {
                    account.email = email;
                }
            } else {
                account.fields.set(field.field, field.after.clone());
            }
            if let (Field::Role, Value::Text(role)) = (field.field, &field.after) {
                account.role_privileges = self.roles.get(role).cloned().map(Arc::new);
            }
        }
        match change.action {
            Action::Invite => {
                let without = !self.catalog.invitations || change.resource.iter().any(|a| a.name == "initial_password");
                account.state.inactive = false;
                account.state.accepted = without;
                account.state.invitation = (!without).then(|| self.invitation(InvitationState::Open));
            }
            Action::ResendInvitation => account.state.invitation = Some(self.invitation(InvitationState::Open)),
            Action::WithdrawInvitation | Action::Inactivate => {
                account.state.inactive = true;
                end_invitation(&mut account.state);
            }
            Action::Activate => account.state.inactive = false,
            Action::Block => {
                account.state.block = Some(block(change));
                end_invitation(&mut account.state);
            }
            Action::Unblock => account.state.block = None,
            Action::GeneratePasscode => account.has_passcode = true,
            Action::Update
            | Action::CreateClinic
            | Action::UpdateClinic
            | Action::CreateRole
            | Action::UpdateRole
            | Action::CreateEmployee
            | Action::UpdateEmployee
            | Action::SetCodeWord => {}
        }
    }

    /// What the account may do in effect, once its fields and its role's privileges are what they will be.
    fn with_rights(&self, mut account: Account) -> Account {
        let role = account.fields.text(Field::Role);
        let from_role = match self.catalog.roles_reach {
            RolesReach::FutureHolders => account.role_privileges.as_deref().cloned(),
            RolesReach::AllHolders => role.and_then(|r| self.roles.get(r)).cloned(),
        };
        account.privileges = effective(self.catalog, &from_role.unwrap_or_default(), &account.fields, account.main_admin).into();
        account
    }

    fn invitation(&self, state: InvitationState) -> Invitation {
        Invitation { state, sent_at: self.actual.as_of, expires_at: self.actual.as_of }
    }
}

fn end_invitation(state: &mut State) {
    if let Some(invitation) = &mut state.invitation
        && invitation.state == InvitationState::Open
    {
        invitation.state = InvitationState::Killed;
    }
}

fn block(change: &Change) -> Block {
    let text = |name: &str| match change.resource.iter().find(|a| a.name == name).map(|a| &a.after) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    Block { reason: text("reason").and_then(|r| BlockReason::parse(&r)).unwrap_or(BlockReason::Other), note: text("note") }
}
