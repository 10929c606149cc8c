//! A workspace in memory, for tests: changes are applied to a value, and faults happen on request.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{DirectoryError, Outcome, Reader, WriteContext, Writer};
use crate::model::{
    Account, Action, Actual, AttributeChange, Block, BlockReason, Change, Clinic, Email, Employee, Field, Fields, Fingerprint, Invitation,
    InvitationState, RemoteId, Role, Secret, State, Subject, Value,
};
use crate::platform::{self, Platform};

/// What goes wrong with a write, and whether the server had acted by then.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It fails before it has an effect.
    Before(DirectoryError),
    /// It has its effect, and the answer says this instead.
    After(DirectoryError),
}

/// Decides whether a write goes wrong: the change, and how often it was tried before.
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
    /// Every write that was tried, in order.
    tried: Vec<(Action, Subject)>,
    /// The effects, in order.
    effects: Vec<(Action, Subject)>,
    /// Idempotency keys with what they did.
    keys: std::collections::BTreeMap<String, (RemoteId, Fingerprint)>,
}

impl Memory {
    /// Holds this workspace.
    #[must_use]
    pub fn new(platform: &Arc<Platform>, actual: Actual) -> Self {
        let inner = Inner { actual, version: 0, tried: Vec::new(), effects: Vec::new(), keys: std::collections::BTreeMap::new() };
        Self { platform: Arc::clone(platform), inner: Mutex::new(inner), faults: Box::new(|_, _| None) }
    }

    /// Lets writes go wrong.
    #[must_use]
    pub fn with_faults(mut self, faults: impl Fn(&Change, usize) -> Option<Fault> + Send + Sync + 'static) -> Self {
        self.faults = Box::new(faults);
        self
    }

    /// The workspace as it is.
    #[must_use]
    pub fn actual(&self) -> Actual {
        self.lock().actual.clone()
    }

    /// Every write that was tried, in order.
    #[must_use]
    pub fn tried(&self) -> Vec<(Action, Subject)> {
        self.lock().tried.clone()
    }

    /// Every write that had an effect, in order.
    #[must_use]
    pub fn effects(&self) -> Vec<(Action, Subject)> {
        self.lock().effects.clone()
    }

    /// Changes the workspace from outside, as a person in its own pages does.
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
        // Others get their turn, as they would while a request is under way.
        tokio::task::yield_now().await;
        let mut inner = self.lock();
        let before = inner.tried.iter().filter(|(a, s)| *a == change.action && *s == change.subject).count();
        inner.tried.push((change.action, change.subject.clone()));
        let fault = (self.faults)(change, before);
        if let Some(Fault::Before(error)) = fault {
            return Err(error);
        }
        let (id, fingerprint) = match inner.keys.get(&context.idempotency_key) {
            Some(known) => known.clone(),
            None => inner.apply(&self.platform, change, context)?,
        };
        if let Some(Fault::After(error)) = fault {
            return Err(error);
        }
        let passcode = (change.action == Action::GeneratePasscode).then(|| Secret::new("482913".to_owned()));
        Ok(Outcome::Applied { id, fingerprint: Some(fingerprint), passcode })
    }
}

impl Inner {
    fn apply(
        &mut self,
        platform: &Platform,
        change: &Change,
        context: &WriteContext<'_>,
    ) -> Result<(RemoteId, Fingerprint), DirectoryError> {
        let fingerprint = Fingerprint(format!("\"memory-{}\"", self.version + 1));
        let id = match &change.subject {
            Subject::Workspace => {
                self.actual.code_word_matches = Some(true);
                RemoteId(String::new())
            }
            Subject::Clinic(key) => {
                let name = attribute_text(&change.resource, "name").unwrap_or_else(|| key.clone());
                let id = RemoteId(format!("clinic-{key}"));
                let clinic = self.actual.clinics.entry(key.clone()).or_insert_with(|| Clinic {
                    id,
                    fingerprint: fingerprint.clone(),
                    name: name.clone(),
                });
                clinic.name = name;
                clinic.fingerprint = fingerprint.clone();
                clinic.id.clone()
            }
            Subject::Role(key) => self.role(key, change, &fingerprint),
            Subject::Employee(key) => self.employee(key, change, &fingerprint),
            Subject::User(email) => self.user(platform, email, change, context, &fingerprint)?,
        };
        self.version += 1;
        self.effects.push((change.action, change.subject.clone()));
        self.keys.insert(context.idempotency_key.clone(), (id.clone(), fingerprint.clone()));
        Ok((id, fingerprint))
    }

    fn role(&mut self, key: &str, change: &Change, fingerprint: &Fingerprint) -> RemoteId {
        let role = self.actual.roles.entry(key.to_owned()).or_insert_with(|| Role {
            id: RemoteId(format!("role-{key}")),
            fingerprint: fingerprint.clone(),
            name: key.to_owned(),
            privileges: BTreeSet::new(),
            built_in: false,
        });
        if let Some(name) = attribute_text(&change.resource, "name") {
            role.name = name;
        }
        if let Some(Value::Set(privileges)) = attribute(&change.resource, "privileges") {
            role.privileges.clone_from(privileges);
        }
        role.fingerprint = fingerprint.clone();
        role.id.clone()
    }

    fn employee(&mut self, key: &str, change: &Change, fingerprint: &Fingerprint) -> RemoteId {
        let employees = &mut self.actual.employees;
        let position = employees.iter().position(|e| e.key == key).unwrap_or_else(|| {
            let (first_name, last_name) = (String::new(), String::new());
            let id = RemoteId(format!("employee-{key}"));
            let fingerprint = fingerprint.clone();
            employees.push(Employee { id, fingerprint, key: key.to_owned(), first_name, last_name, active: true, external: false });
            employees.len() - 1
        });
        let Some(employee) = employees.get_mut(position) else { return RemoteId(String::new()) };
        for AttributeChange { name, after, .. } in &change.resource {
            match (name.as_str(), after) {
                ("first_name", Value::Text(text)) => employee.first_name.clone_from(text),
                ("last_name", Value::Text(text)) => employee.last_name.clone_from(text),
                ("active", Value::Flag(flag)) => employee.active = *flag,
                ("external", Value::Flag(flag)) => employee.external = *flag,
                _ => {}
            }
        }
        employee.fingerprint = fingerprint.clone();
        let id = employee.id.clone();
        employees.sort_by(|a, b| a.id.cmp(&b.id));
        id
    }

    fn user(
        &mut self,
        platform: &Platform,
        email: &Email,
        change: &Change,
        context: &WriteContext<'_>,
        fingerprint: &Fingerprint,
    ) -> Result<RemoteId, DirectoryError> {
        let as_of = self.actual.as_of;
        let roles = self.actual.roles.clone();
        let wanted = context.id.as_ref().or(change.id.as_ref());
        let position = match wanted {
            Some(id) => {
                let found = self.actual.accounts.iter().position(|a| a.id == *id);
                found.ok_or_else(|| DirectoryError::Stale { why: format!("{email} is gone") })?
            }
            None if self.actual.accounts.iter().any(|a| a.email == *email) => {
                return Err(DirectoryError::Stale { why: format!("{email} appeared meanwhile: plan again") });
            }
            None => {
                self.actual.accounts.push(newcomer(email, fingerprint));
                self.actual.accounts.len() - 1
            }
        };
        let Some(account) = self.actual.accounts.get_mut(position) else {
            return Err(DirectoryError::Protocol { why: "the account is not there".to_owned() });
        };
        if wanted.is_some() && context.fingerprint.as_ref().is_some_and(|f| *f != account.fingerprint) {
            return Err(DirectoryError::Stale { why: format!("{email} was written by somebody else") });
        }
        act(account, change, as_of);
        let mut role_written = false;
        for field in &change.fields {
            if field.field == Field::Email {
                if let Value::Text(text) = &field.after
                    && let Ok(email) = Email::parse(text)
                {
                    account.email = email;
                }
                continue;
            }
            role_written |= field.field == Field::Role;
            account.fields.set(field.field, field.after.clone());
        }
        let role = account.fields.text(Field::Role).and_then(|r| roles.get(r));
        if role_written || account.role_privileges.is_none() {
            account.role_privileges = role.map(|r| r.privileges.clone().into());
        }
        let held = account.role_privileges.clone().unwrap_or_default();
        account.privileges = platform::effective(platform.catalog(), &held, &account.fields, account.main_admin).into();
        account.fingerprint = fingerprint.clone();
        let id = account.id.clone();
        self.actual.accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(id)
    }
}

/// What an action does to an account's standing.
fn act(account: &mut Account, change: &Change, as_of: i64) {
    let state = &mut account.state;
    let kill = |state: &mut State| {
        if let Some(invitation) = &mut state.invitation {
            invitation.state = InvitationState::Killed;
        }
    };
    match change.action {
        Action::Invite | Action::ResendInvitation => {
            state.inactive = false;
            state.invitation = Some(Invitation { state: InvitationState::Open, sent_at: as_of, expires_at: as_of + 86_400_000 });
        }
        Action::WithdrawInvitation | Action::Inactivate => {
            state.inactive = true;
            if !state.accepted {
                kill(state);
            }
        }
        Action::Activate => state.inactive = false,
        Action::Block => {
            let word = attribute_text(&change.resource, "reason");
            let reason = word.and_then(|w| BlockReason::parse(&w)).unwrap_or(BlockReason::Other);
            state.block = Some(Block { reason, note: attribute_text(&change.resource, "note") });
            kill(state);
        }
        Action::Unblock => state.block = None,
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

fn newcomer(email: &Email, fingerprint: &Fingerprint) -> Account {
    Account {
        id: RemoteId(format!("user-{email}")),
        email: email.clone(),
        fingerprint: fingerprint.clone(),
        state: State::default(),
        fields: Fields::default(),
        privileges: std::sync::Arc::default(),
        role_privileges: None,
        has_passcode: false,
        main_admin: false,
        invited_name: None,
    }
}

fn attribute<'a>(attributes: &'a [AttributeChange], name: &str) -> Option<&'a Value> {
    attributes.iter().find(|a| a.name == name).map(|a| &a.after)
}

fn attribute_text(attributes: &[AttributeChange], name: &str) -> Option<String> {
    match attribute(attributes, name) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
