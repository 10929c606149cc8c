//! The contents of a new embedded workspace: the platform's roles, the start file's accounts, the main admin (design.md).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::{
    Connection, Desired, DesiredEmployee, Email, EmbeddedStart, Employee, EmployeeLink, Field, Fields, Invitation, InvitationState,
    LogDoer, LogSubject, SeedFault, StartAccount, Value as FieldValue, transition,
};
use crate::platform;
use crate::report::sentences;
use crate::scim::map::{self, Context, KeysAndIds};
use crate::scim::schema::record_names::user;
use crate::server::failure::Failure;
use crate::server::ids::random_code_word;
use crate::server::ids::seeded_id;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users;
use crate::server::scim::users::change::snapshot;
use crate::server::workspace::Workspace;
use crate::store::{
    BlockRow, NewAccountRow, NewBlock, NewInvitation, NewResource, NewWorkspace, Particulars, RecordKind, Seed, SeedAccount, WorkspaceRow,
};
use crate::workspace::{EmployeeRecord, RecordContent, SupportingRecord};

/// The reason why a workspace cannot be made from a roster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", sentences::seed_fault(.0))]
pub struct SeedError(pub SeedFault);

/// The seed of a roster's workspace. Ids are derived, so the same roster makes the same workspace anywhere.
///
/// # Errors
/// The platform is unknown, the main admin is missing, or a start account is invalid.
pub fn from_desired(desired: &Desired) -> Result<Seed, SeedError> {
    let row = WorkspaceRow {
        name: desired.workspace.clone(),
        platform: desired.platform.0.clone(),
        time_zone: desired.time_zone.clone(),
        initial_password_allowed: desired.initial_password_allowed,
    };
    let workspace = Workspace::from_row(&row).ok_or_else(|| SeedError(SeedFault::Platform { platform: row.platform.clone() }))?;
    let mut making = Making::new(&desired.workspace, &workspace);
    let start = desired.connection.start().cloned().unwrap_or_default();
    making.roles();
    let mut accounts = start.accounts.clone();
    if let Some(admin) = &desired.main_admin
        && !accounts.contains_key(admin)
    {
        accounts.insert(admin.clone(), main_admin(desired, admin)?);
    }
    if desired.main_admin.is_none() && !workspace.catalog().main_admin_optional {
        return Err(SeedError(SeedFault::NoMainAdmin));
    }
    for (key, role) in &start.roles {
        making.role(key, &role.name, &role.privileges, false);
    }
    for (key, clinic) in &start.clinics {
        making.clinic(key, &clinic.name);
    }
    making.records_of_accounts(desired, accounts.values());
    for record in &start.employees {
        making.employee_of(record);
    }
    // People from outside come last: their record gets another key if somebody of the practice has the same name.
    let (outsiders, staff): (Vec<_>, Vec<_>) =
        accounts.iter().partition(|(_, a)| a.fields.text(Field::Employee) == Some(EmployeeLink::EXTERNAL));
    for (email, account) in staff.into_iter().chain(outsiders) {
        making.account(email, account, desired)?;
    }
    let code_word = workspace.catalog().code_word.as_ref().map(|_| random_code_word());
    Ok(Seed { workspace: NewWorkspace { row, code_word }, resources: making.resources, accounts: making.accounts })
}

/// The next main admin as their own entry has them, active, with the records that the entry names; `None` if no entry wants
/// them active.
///
/// # Errors
/// The platform is unknown, or the entry is invalid.
pub fn next_main_admin(desired: &Desired, email: &Email) -> Result<Option<Seed>, SeedError> {
    let first = desired.connection.start().and_then(|start| start.accounts.get(email));
    let account = match (desired.users.get(email), first) {
        (Some(user), _) if !user.should_have_access() => return Ok(None),
        (Some(_), _) => main_admin(desired, email)?,
        (None, Some(first)) if first.state.inactive || first.state.block.is_some() => return Ok(None),
        (None, Some(first)) => StartAccount { state: transition::active(), ..first.clone() },
        (None, None) => return Ok(None),
    };
    let start =
        EmbeddedStart { accounts: BTreeMap::from([(email.clone(), account)]), ..desired.connection.start().cloned().unwrap_or_default() };
    let connection = Connection::Embedded { path: None, start: Some(start) };
    from_desired(&Desired { connection, main_admin: Some(email.clone()), ..desired.clone() }).map(Some)
}

/// The main admin as their own entry has them: active.
fn main_admin(desired: &Desired, email: &Email) -> Result<StartAccount, SeedError> {
    let user = desired.users.get(email).ok_or(SeedError(SeedFault::NoMainAdmin))?;
    let mut fields: Fields = user.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(f, v)| (f, v.to_value())).collect();
    if let Some(key) = user.employee.key() {
        fields.set(Field::Employee, FieldValue::Text(key.to_owned()));
    }
    Ok(StartAccount { fields, state: transition::active(), has_passcode: false })
}

struct Making<'a> {
    name: &'a str,
    workspace: &'a Workspace,
    records: SupportingRecords,
    employees: BTreeMap<String, EmployeeRecord>,
    resources: Vec<NewResource>,
    accounts: Vec<SeedAccount>,
}

impl<'a> Making<'a> {
    fn new(name: &'a str, workspace: &'a Workspace) -> Self {
        let records =
            SupportingRecords { clinics: BTreeMap::new(), clinic_keys: BTreeMap::new(), roles: BTreeMap::new(), groups: BTreeMap::new() };
        Self { name, workspace, records, employees: BTreeMap::new(), resources: Vec::new(), accounts: Vec::new() }
    }

    fn add(&mut self, key: &str, content: RecordContent, built_in: bool) -> String {
        let id = seeded_id(self.name, RecordKind::of_content(&content).as_str(), key);
        let record = SupportingRecord { key: key.to_owned(), external_id: None, content };
        self.resources.push(NewResource { id: id.clone(), record, built_in });
        id
    }

    fn roles(&mut self) {
        let workspace = self.workspace;
        for (key, role) in &workspace.catalog().roles {
            self.role(key, &role.name, &role.privileges, true);
        }
    }

    fn role(&mut self, key: &str, name: &str, privileges: &BTreeSet<String>, built_in: bool) {
        let content = RecordContent::Role { name: Some(name.to_owned()), privileges: privileges.clone() };
        let is_same = |new: &&mut NewResource| new.record.key == key && new.record.privileges().is_some();
        match self.resources.iter_mut().find(is_same) {
            Some(known) => known.record.content = content,
            None => drop(self.add(key, content, built_in)),
        }
        self.records.roles.insert(key.to_owned(), privileges.clone());
    }

    fn clinic(&mut self, key: &str, name: &str) {
        if self.records.clinics.contains_key(key) {
            return;
        }
        let id = self.add(key, RecordContent::Clinic { name: Some(name.to_owned()) }, false);
        self.records.clinic_keys.insert(id.clone(), key.to_owned());
        self.records.clinics.insert(key.to_owned(), id);
    }

    /// Clinics and custom roles that the first accounts have, where the start file says nothing of them.
    fn records_of_accounts<'s>(&mut self, desired: &Desired, accounts: impl Iterator<Item = &'s StartAccount>) {
        for account in accounts {
            for key in account.fields.items(Field::Clinics) {
                let name = desired.clinics.get(key).map_or(key, |clinic| clinic.name.as_str());
                self.clinic(key, name);
            }
            if let Some(key) = account.fields.text(Field::Role)
                && !self.records.roles.contains_key(key)
                && let Some(role) = desired.roles.get(key)
            {
                self.role(key, &role.name, &role.privileges, false);
            }
        }
    }

    fn employee_of(&mut self, record: &DesiredEmployee) {
        let key = record.id.clone().unwrap_or_else(|| platform::employee_key(&record.first_name, &record.last_name));
        let (active, external) = (Employee::active_as_said(record.active), Employee::external_as_said(record.external));
        self.employee(&key, &record.first_name, &record.last_name, active, external);
    }

    fn employee(&mut self, key: &str, first: &str, last: &str, active: bool, external: bool) {
        if self.employees.contains_key(key) {
            return;
        }
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        let content = RecordContent::Employee { first_name, last_name, active: Some(active), external: Some(external) };
        let id = self.add(key, content, false);
        self.employees.insert(key.to_owned(), EmployeeRecord { id, key: key.to_owned(), active });
    }

    /// The key of the employee record an account belongs to, made where it is missing (PBN-1).
    fn record_for(&mut self, email: &Email, fields: &Fields, desired: &Desired) -> String {
        let external = desired.users.get(email).is_some_and(|user| user.employee.is_external());
        let (first, last) = (fields.text(Field::FirstName).unwrap_or_default(), fields.text(Field::LastName).unwrap_or_default());
        if fields.text(Field::Employee) == Some(EmployeeLink::EXTERNAL) {
            return self.outsider(first, last, desired);
        }
        if let Some(key) = fields.text(Field::Employee) {
            if !self.employees.contains_key(key) {
                let known = desired.employees.iter().find(|e| e.id.as_deref() == Some(key)).cloned();
                match known {
                    Some(record) => self.employee_of(&record),
                    None => self.employee(key, first, last, true, external),
                }
            }
            return key.to_owned();
        }
        let key = platform::employee_key(first, last);
        self.employee(&key, first, last, true, external);
        key
    }

    /// The key of an external record of that name: the one the start lists, or a new one (PBN-3).
    fn outsider(&mut self, first: &str, last: &str, desired: &Desired) -> String {
        let name = platform::employee_key(first, last);
        let listed = desired.connection.start().map_or(&[][..], |start| start.employees.as_slice());
        let known =
            listed.iter().find(|r| Employee::external_as_said(r.external) && platform::employee_key(&r.first_name, &r.last_name) == name);
        if let Some(record) = known {
            return record.id.clone().unwrap_or(name);
        }
        let key = platform::free_employee_key(first, last, |key| self.employees.contains_key(key));
        self.employee(&key, first, last, true, true);
        key
    }

    fn account(&mut self, email: &Email, start: &StartAccount, desired: &Desired) -> Result<(), SeedError> {
        let id = seeded_id(self.name, LogSubject::User.as_str(), email.as_str());
        let mut fields = start.fields.clone();
        self.workspace.platform.catalog().normalize(&mut fields);
        let key = self.workspace.catalog().employees.then(|| self.record_for(email, &fields, desired));
        if let Some(key) = &key {
            fields.set(Field::Employee, FieldValue::Text(key.to_owned()));
        }
        let employee = key.as_ref().and_then(|key| self.employees.get(key));
        let names = users::stored::names(&self.records, employee);
        let mut written = attributes(self.workspace, email, &fields, &names)
            .map_err(|why| SeedError(SeedFault::Account { email: email.clone(), source_text: why.to_error().detail.into() }))?;
        let particulars = if self.workspace.is_plain() {
            complete_plain(&mut written, email);
            Particulars::plain(&fields, Value::Object(written).to_string())
        } else {
            Particulars::practice(&fields, employee.map(|record| record.id.clone()), None)
        };
        let main_admin = desired.main_admin.as_ref() == Some(email);
        let state = &start.state;
        let account = NewAccountRow {
            id: id.clone(),
            user_name: email.as_str().to_owned(),
            particulars,
            role_privileges: snapshot(&self.records, fields.text(Field::Role)),
            state: state.clone(),
            main_admin,
            invited: fields.text(Field::FirstName).zip(fields.text(Field::LastName)).map(|(f, l)| (f.to_owned(), l.to_owned())),
            // No passcode fits this hash: the person has one, but nobody knows it here.
            passcode_hash: start.has_passcode.then(|| "unknown".to_owned()),
            password_hash: None,
        };
        let invitation = state.invitation.as_ref().map(|sent| NewInvitation {
            id: seeded_id(self.name, "Invitation", email.as_str()),
            token_hash: format!("seeded-{id}"),
            // Whether it has expired follows from its times.
            sent: Invitation { state: if sent.state.is_expired() { InvitationState::Open } else { sent.state }, ..sent.clone() },
        });
        let block = state.block.as_ref().map(|block| NewBlock {
            id: seeded_id(self.name, "Block", email.as_str()),
            block: block.clone(),
            set: BlockRow {
                since: 0,
                by: desired.main_admin.as_ref().map_or_else(|| LogDoer::Operator.as_str().to_owned(), |admin| admin.as_str().to_owned()),
            },
        });
        self.accounts.push(SeedAccount { account, invitation, block });
        Ok(())
    }
}

/// The attributes of a user with these fields, as a client would write them.
fn attributes(workspace: &Workspace, email: &Email, fields: &Fields, names: &KeysAndIds) -> Result<Map<String, Value>, Failure> {
    let context = Context { catalog: workspace.catalog(), names, practice_extension: true, every_role_counts: false, country: None };
    let user = map::fields_to_user(email, fields, &context).map_err(|why| Failure::value(sentences::protocol_error(&why.into())))?;
    let Value::Object(mut body) = user else { return Err(Failure::Damaged) };
    for name in ["schemas", "userName", "emails", user::ACTIVE] {
        body.shift_remove(name);
    }
    Ok(body)
}

fn complete_plain(body: &mut Map<String, Value>, email: &Email) {
    body.insert("userName".to_owned(), json!(email.as_str()));
    body.insert("emails".to_owned(), json!([{ "value": email.as_str(), "type": "work", "primary": true }]));
}
