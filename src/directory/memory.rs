//! A workspace in memory, for tests: changes are applied to a value, and faults happen on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{DirectoryError, Outcome, Reader, WriteContext, Writer};
use crate::model::transition::{Impossible, Terms, new_account, transition};
use crate::model::{
    Account, AccountChange, Action, Actual, Change, Clinic, CodeWordCheck, DAY, Drift, Employee, EmployeeUpdate, Fingerprint, RemoteId,
    Role, Secret, Subject,
};
use crate::platform::{Catalog, Platform, with_rights};

/// The time for which an invitation is valid (milliseconds).
const INVITATION_LIVES: i64 = DAY;

/// The fault of a write, and whether the server had acted by then.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The write fails before it has an effect.
    Before(DirectoryError),
    /// The write has its effect, and the answer is this error.
    After(DirectoryError),
}

/// Decides whether a write goes wrong, from the change and the number of earlier tries.
type Faults = Box<dyn Fn(&Change, usize) -> Option<Fault> + Send + Sync>;

/// A workspace in memory.
pub struct Memory {
    platform: Arc<Platform>,
    inner: Mutex<Inner>,
    faults: Faults,
}

struct Inner {
    actual: Actual,
    version: u64,
    /// All writes that were tried, in order.
    tried: Vec<(Action, Subject)>,
    /// The effects, in order.
    effects: Vec<(Action, Subject)>,
    /// The effects by idempotency key.
    keys: BTreeMap<String, (RemoteId, Fingerprint)>,
}

impl Memory {
    /// Starts with this workspace.
    #[must_use]
    pub fn new(platform: &Arc<Platform>, actual: Actual) -> Self {
        let inner = Inner { actual, version: 0, tried: Vec::new(), effects: Vec::new(), keys: BTreeMap::new() };
        Self { platform: Arc::clone(platform), inner: Mutex::new(inner), faults: Box::new(|_, _| None) }
    }

    /// Makes some writes go wrong.
    #[must_use]
    pub fn with_faults(mut self, faults: impl Fn(&Change, usize) -> Option<Fault> + Send + Sync + 'static) -> Self {
        self.faults = Box::new(faults);
        self
    }

    /// Returns the workspace in its present state.
    #[must_use]
    pub fn actual(&self) -> Actual {
        self.lock().actual.clone()
    }

    /// Returns all writes that were tried, in order.
    #[must_use]
    pub fn tried(&self) -> Vec<(Action, Subject)> {
        self.lock().tried.clone()
    }

    /// Returns all writes that had an effect, in order.
    #[must_use]
    pub fn effects(&self) -> Vec<(Action, Subject)> {
        self.lock().effects.clone()
    }

    /// Changes the workspace from outside, as a person does on its own pages.
    pub fn edit(&self, edit: impl FnOnce(&mut Actual)) {
        edit(&mut self.lock().actual);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader for Memory {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        Ok(self.actual())
    }
}

impl Writer for Memory {
    async fn write(&self, change: &Change, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        // Lets other tasks run, as they would during a request.
        tokio::task::yield_now().await;
        let mut inner = self.lock();
        let this = (change.action(), change.subject().to_subject());
        let before = inner.tried.iter().filter(|tried| **tried == this).count();
        inner.tried.push(this);
        let fault = (self.faults)(change, before);
        if let Some(Fault::Before(error)) = fault {
            return Err(error);
        }
        let (id, fingerprint) = match inner.keys.get(&context.idempotency_key) {
            Some(known) => known.clone(),
            None => inner.apply(self.platform.catalog(), change, context)?,
        };
        if let Some(Fault::After(error)) = fault {
            return Err(error);
        }
        let passcode = (change.action().makes_passcode()).then(|| Secret::new("482913".to_owned()));
        Ok(Outcome::Applied { id, fingerprint: Some(fingerprint), passcode })
    }
}

impl Inner {
    fn apply(&mut self, catalog: &Catalog, change: &Change, context: &WriteContext<'_>) -> Result<(RemoteId, Fingerprint), DirectoryError> {
        let fingerprint = Fingerprint(format!("\"memory-{}\"", self.version + 1));
        let id = match change {
            Change::SetCodeWord => {
                self.actual.code_word_matches = Some(CodeWordCheck::Matches);
                RemoteId(String::new())
            }
            Change::CreateClinic { key, name } => self.clinic(key, name, &fingerprint),
            Change::UpdateClinic(update) => self.clinic(&update.key, &update.name.after, &fingerprint),
            Change::CreateRole { key, name, privileges } => self.role(catalog, key, Some(name), Some(privileges), &fingerprint),
            Change::UpdateRole(update) => {
                let (name, privileges) = (update.name.as_ref().map(|e| &e.after), update.privileges.as_ref().map(|e| &e.after));
                self.role(catalog, &update.key, name, privileges, &fingerprint)
            }
            Change::CreateEmployee { key, first_name, last_name, active, external } => {
                let id = RemoteId(format!("employee-{key}"));
                self.actual.employees.push(Employee {
                    id: id.clone(),
                    fingerprint: fingerprint.clone(),
                    key: key.clone(),
                    first_name: first_name.clone(),
                    last_name: last_name.clone(),
                    active: *active,
                    external: *external,
                });
                self.actual.employees.sort_by(|a, b| a.id.cmp(&b.id));
                id
            }
            Change::UpdateEmployee(update) => self.employee(update, &fingerprint)?,
            Change::CreateAccount(new) => {
                if self.actual.accounts.iter().any(|a| a.email == new.email) {
                    return Err(DirectoryError::Taken);
                }
                let id = RemoteId(format!("user-{}", new.email));
                let roles = self.roles();
                let account = new_account(new, id.clone(), fingerprint.clone(), &self.terms(catalog, &|role| roles.get(role).cloned()));
                self.actual.accounts.push(with_rights(account, catalog, &|role| roles.get(role).cloned()));
                self.actual.accounts.sort_by(|a, b| a.id.cmp(&b.id));
                id
            }
            Change::Complete { followup, .. } => {
                let id = context.id.as_ref();
                self.account(catalog, id, &followup.to_account_change(), context, &fingerprint)?
            }
            Change::Account { target, change, .. } => {
                let id = context.id.as_ref().or(Some(&target.id));
                self.account(catalog, id, change, context, &fingerprint)?
            }
        };
        self.version += 1;
        self.effects.push((change.action(), change.subject().to_subject()));
        self.keys.insert(context.idempotency_key.clone(), (id.clone(), fingerprint.clone()));
        Ok((id, fingerprint))
    }

    fn clinic(&mut self, key: &str, name: &str, fingerprint: &Fingerprint) -> RemoteId {
        let id = self.actual.clinics.get(key).map_or_else(|| RemoteId(format!("clinic-{key}")), |clinic| clinic.id.clone());
        let clinic = Clinic { id: id.clone(), fingerprint: fingerprint.clone(), name: name.to_owned() };
        self.actual.clinics.insert(key.to_owned(), clinic);
        id
    }

    /// Sets a role. If roles reach all holders, the holders get what is new in it.
    fn role(
        &mut self,
        catalog: &Catalog,
        key: &str,
        name: Option<&String>,
        privileges: Option<&BTreeSet<String>>,
        fingerprint: &Fingerprint,
    ) -> RemoteId {
        let role = self.actual.roles.entry(key.to_owned()).or_insert_with(|| Role {
            id: RemoteId(format!("role-{key}")),
            fingerprint: fingerprint.clone(),
            name: key.to_owned(),
            privileges: BTreeSet::new(),
            built_in: false,
        });
        if let Some(name) = name {
            role.name.clone_from(name);
        }
        if let Some(privileges) = privileges {
            role.privileges.clone_from(privileges);
        }
        role.fingerprint = fingerprint.clone();
        let id = role.id.clone();
        if catalog.roles_reach.is_all_holders() {
            let roles = self.roles();
            for account in &mut self.actual.accounts {
                *account = with_rights(account.clone(), catalog, &|role| roles.get(role).cloned());
            }
        }
        id
    }

    fn employee(&mut self, update: &EmployeeUpdate, fingerprint: &Fingerprint) -> Result<RemoteId, DirectoryError> {
        let EmployeeUpdate { key, target: _, first_name, last_name, active, external } = update;
        let Some(employee) = self.actual.employees.iter_mut().find(|e| e.key == *key) else {
            return Err(DirectoryError::Stale(Drift::Gone));
        };
        if let Some(edit) = first_name {
            employee.first_name.clone_from(&edit.after);
        }
        if let Some(edit) = last_name {
            employee.last_name.clone_from(&edit.after);
        }
        employee.active = active.as_ref().map_or(employee.active, |edit| edit.after);
        employee.external = external.as_ref().map_or(employee.external, |edit| edit.after);
        employee.fingerprint = fingerprint.clone();
        Ok(employee.id.clone())
    }

    fn account(
        &mut self,
        catalog: &Catalog,
        id: Option<&RemoteId>,
        change: &AccountChange,
        context: &WriteContext<'_>,
        fingerprint: &Fingerprint,
    ) -> Result<RemoteId, DirectoryError> {
        let gone = || DirectoryError::Stale(Drift::Gone);
        let position = self.actual.accounts.iter().position(|a| Some(&a.id) == id).ok_or_else(gone)?;
        let account = self.actual.accounts.get(position).ok_or_else(gone)?;
        if context.fingerprint.as_ref().is_some_and(|f| *f != account.fingerprint) {
            return Err(DirectoryError::Stale(Drift::Rewritten));
        }
        let roles = self.roles();
        let role_gives = |role: &str| roles.get(role).cloned();
        let after = transition(account, change, &self.terms(catalog, &role_gives)).map_err(refused)?;
        let after = if change.fields().is_empty() { after } else { with_rights(after, catalog, &role_gives) };
        let id = after.id.clone();
        if let Some(place) = self.actual.accounts.get_mut(position) {
            *place = Account { fingerprint: fingerprint.clone(), ..after };
        }
        Ok(id)
    }

    fn roles(&self) -> BTreeMap<String, Arc<BTreeSet<String>>> {
        self.actual.roles.iter().map(|(key, role)| (key.clone(), Arc::new(role.privileges.clone()))).collect()
    }

    fn terms<'t>(&self, catalog: &Catalog, role_gives: &'t dyn Fn(&str) -> Option<Arc<BTreeSet<String>>>) -> Terms<'t> {
        Terms { invitations: catalog.states.pending, now: self.actual.as_of, invitation_lives: INVITATION_LIVES, role_gives }
    }
}

/// Returns the answer of a server to a change that the account's state rules out.
fn refused(why: Impossible) -> DirectoryError {
    DirectoryError::Refused { status: 409, scim_type: None, why: format!("{why:?}"), note: None }
}
