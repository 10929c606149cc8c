//! A workspace without an interface, as its own list of users shows it. It can be read, and never written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::model::{
    Account, Action, Actual, Block, BlockReason, Capabilities, Clinic, Completeness, Desired, Email, Employee, Field, Fields, Fingerprint,
    Invitation, InvitationState, LoginName, Moment, RemoteId, Role, Row, ServerId, Snapshot, Standing, State, owners,
};
use crate::platform::{self, Catalog};

use super::{DirectoryError, Reader};

/// The list of users of one workspace.
pub struct SnapshotDirectory {
    actual: Actual,
}

impl SnapshotDirectory {
    /// Reads a list as of a moment of this machine's clock, epoch milliseconds. Clinics, roles and employee records of the roster are names
    /// for what the list says.
    #[must_use]
    pub fn new(desired: &Desired, snapshot: &Snapshot, now: i64) -> Self {
        Self { actual: actual(desired, snapshot, now) }
    }

    /// Returns what was read.
    #[must_use]
    pub const fn actual(&self) -> &Actual {
        &self.actual
    }
}

impl Reader for SnapshotDirectory {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        Ok(self.actual.clone())
    }
}

fn actual(desired: &Desired, snapshot: &Snapshot, now: i64) -> Actual {
    let catalog = platform::by_id(&desired.platform).catalog();
    let built_in = catalog.roles.iter().map(|(key, role)| (key.clone(), Arc::new(role.privileges.clone())));
    let own = desired.roles.iter().map(|(key, role)| (key.clone(), Arc::new(role.privileges.clone())));
    let gives: BTreeMap<String, Arc<BTreeSet<String>>> = built_in.chain(own).collect();
    let invited = invited(snapshot);
    let owners = owners::by_user_name(desired, snapshot);
    let list = platform::user_list(desired, snapshot.clone(), now);
    let of_row = |(login, row): (&LoginName, &Row)| {
        let owner = login.user_name().and_then(|name| owners.get(name));
        let email = owner.map_or_else(|| login.to_email(), |user| user.email.clone());
        account(login, row, email, desired, catalog, &gives)
    };
    let mut accounts: Vec<Account> = list.snapshot.accounts.iter().map(of_row).collect();
    for account in &mut accounts {
        account.invited_name = invited.get(account.id.0.as_str()).cloned().map(Box::new);
    }
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    Actual {
        outdated: Vec::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        server: ServerId::Snapshot { workspace: desired.workspace.clone() },
        as_of: snapshot.taken().map_or(now, Moment::millis),
        accounts,
        clinics: desired.clinics.iter().map(|(key, clinic)| (key.clone(), named(key, &clinic.name))).collect(),
        roles: roles(desired),
        employees: employees(desired),
        main_admin: None,
        token_owner: None,
        code_word_matches: None,
        capabilities: Capabilities {
            actions: Action::ALL.into(),
            practice_extension: true,
            clinics: true,
            roles: true,
            employees: true,
            ..Capabilities::default()
        },
        completeness: Completeness::Complete,
        list: Some(Box::new(list)),
        blocked: BTreeMap::new(),
        deliveries: BTreeMap::new(),
    }
}

/// The names of invitations that people attest, by login: another name in the list is that of a login which existed before (AR-3, AR-13).
fn invited(snapshot: &Snapshot) -> BTreeMap<&str, (String, String)> {
    let mut invitations: Vec<_> = snapshot.attested.iter().filter(|one| one.change.made().is_some_and(Action::invites)).collect();
    invitations.sort_by_key(|one| one.at);
    let names = invitations.into_iter().filter_map(|one| {
        let name = |field| one.set.fields.text(field).map(str::to_owned);
        Some((one.user.as_str(), (name(Field::FirstName)?, name(Field::LastName)?)))
    });
    names.collect()
}

fn named(key: &str, name: &str) -> Clinic {
    Clinic { id: RemoteId(key.to_owned()), fingerprint: Fingerprint(String::new()), name: name.to_owned() }
}

fn roles(desired: &Desired) -> BTreeMap<String, Role> {
    let role = |(key, role): (&String, &crate::model::DesiredRole)| {
        let id = RemoteId(key.clone());
        let (name, privileges) = (role.name.clone(), role.privileges.clone());
        (key.clone(), Role { id, fingerprint: Fingerprint(String::new()), name, privileges, built_in: false })
    };
    desired.roles.iter().map(role).collect()
}

fn employees(desired: &Desired) -> Vec<Employee> {
    let mut taken: BTreeSet<String> = desired.employees.iter().filter_map(|record| record.id.clone()).collect();
    let mut employees: Vec<Employee> = Vec::new();
    for record in &desired.employees {
        let (first, last) = (&record.first_name, &record.last_name);
        let key = record.id.clone().unwrap_or_else(|| platform::free_employee_key(first, last, |key| taken.contains(key)));
        taken.insert(key.clone());
        employees.push(Employee {
            id: RemoteId(key.clone()),
            fingerprint: Fingerprint(String::new()),
            key,
            first_name: first.clone(),
            last_name: last.clone(),
            active: Employee::active_as_said(record.active),
            external: Employee::external_as_said(record.external),
        });
    }
    employees.sort_by(|a, b| a.id.cmp(&b.id));
    employees
}

fn account(
    login: &LoginName,
    row: &Row,
    email: Email,
    desired: &Desired,
    catalog: &Catalog,
    gives: &BTreeMap<String, Arc<BTreeSet<String>>>,
) -> Account {
    let fields: Fields =
        row.fields.iter().filter(|(field, _)| *field != Field::Email).map(|(field, value)| (field, value.to_value())).collect();
    let role_privileges = fields.text(Field::Role).and_then(|role| gives.get(role)).cloned();
    let account = Account {
        id: RemoteId(login.as_str().to_owned()),
        main_admin: desired.main_admin.as_ref() == Some(&email),
        email,
        fingerprint: fingerprint(row),
        state: state(row),
        fields,
        privileges: Arc::default(),
        role_privileges,
        has_passcode: false,
        passcode_made: None,
        invited_name: None,
        former: Vec::new(),
    };
    let account = platform::with_rights(account, catalog, &|role| gives.get(role).cloned());
    // Nobody knows whether somebody of an unknown state gets in: no guard may rely on them.
    if row.status.is_none() && !account.main_admin {
        return Account { privileges: Arc::default(), ..account };
    }
    account
}

/// The state that a row shows. Nobody knows whether an inactive account was ever accepted; the workspace's own page offers to activate it.
fn state(row: &Row) -> State {
    let standing = row.status.unwrap_or(Standing::Active);
    let block = (row.blocked == Some(true)).then_some(Block { reason: BlockReason::Other, note: None });
    let state = match (block.is_some(), row.is_expired) {
        // A block ends an open invitation.
        (true, _) => InvitationState::Killed,
        (false, true) => InvitationState::Expired,
        (false, false) => InvitationState::Open,
    };
    State {
        accepted: !standing.is_pending(),
        inactive: standing.is_inactive(),
        block,
        // The list does not say when it was sent, or until when it is valid.
        invitation: (standing.is_pending()).then_some(Invitation { state, sent_at: 0, expires_at: 0 }),
    }
}

/// The version of an account is a hash of its row.
fn fingerprint(row: &Row) -> Fingerprint {
    let Row { fields, status, blocked, is_expired } = row;
    let text = if *is_expired {
        serde_json::to_string(&(fields, status, blocked, is_expired))
    } else {
        serde_json::to_string(&(fields, status, blocked))
    };
    let text = text.unwrap_or_default();
    Fingerprint(data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())))
}
