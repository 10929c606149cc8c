//! Privileges of an account: those its role gives, with its own changes on top.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::value::{RawValue, to_raw_value};

use crate::model::{Field, Fields, Value as FieldValue};
use crate::platform::catalog::RolesReach;
use crate::platform::{self, Catalog};
use crate::server::failure::Failure;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::workspace::Workspace;
use crate::store::AccountRow;
use crate::workspace::{Giving, Holding};

/// The effective privileges of an account.
pub(in crate::server) fn effective(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
) -> Result<BTreeSet<String>, Failure> {
    Ok(holding(workspace, row)?.effective(workspace.catalog(), &records.roles))
}

/// Effective privileges and the key of the role.
pub(in crate::server) fn of_caller(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
) -> Result<(BTreeSet<String>, Option<String>), Failure> {
    Ok((effective(workspace, row, records)?, row.particulars.fields.text(Field::Role).map(str::to_owned)))
}

/// What decides the privileges of an account.
fn holding(workspace: &Workspace, row: &AccountRow) -> Result<Holding, Failure> {
    let own = own_rights(workspace.catalog(), &row.particulars.fields);
    let source = source(workspace, row);
    let role = match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => Giving::Then(serde_json::from_str(source)?),
        RolesReach::AllHolders => Giving::Now(source.to_owned()),
    };
    Ok(Holding { role, own, main_admin: row.main_admin })
}

/// What decides what the role gives: the list that was stored when it was applied, or the role's key, as the platform has it.
pub(in crate::server) fn source<'a>(workspace: &Workspace, row: &'a AccountRow) -> &'a str {
    match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => &row.role_privileges,
        RolesReach::AllHolders => row.particulars.fields.text(Field::Role).unwrap_or_default(),
    }
}

/// The fields of an account that bear on its effective privileges: its own changes, and the switches that are on.
pub(in crate::server) fn own_rights(catalog: &Catalog, fields: &Fields) -> Fields {
    let is_on = |field: &Field| fields.flag(*field) == Some(true);
    let mut own = Fields::default();
    for field in catalog.switch_privileges.iter().map(|(field, _)| field).filter(is_on) {
        own.set(field, FieldValue::Flag(true));
    }
    if let Some(changes) = fields.get(Field::PrivilegeChanges) {
        own.set(Field::PrivilegeChanges, changes.to_value());
    }
    own
}

fn given(workspace: &Workspace, records: &SupportingRecords, source: &str) -> Result<BTreeSet<String>, Failure> {
    match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => Ok(serde_json::from_str(source)?),
        RolesReach::AllHolders => Ok(records.roles.get(source).cloned().unwrap_or_default()),
    }
}

/// The privileges that one role gives, with what follows from it for the users who have it.
pub(in crate::server) struct Rights {
    set: BTreeSet<String>,
    /// The privileges it gives, as JSON.
    pub(in crate::server) given: Arc<RawValue>,
    /// In effect, as JSON, by the holder's own rights and whether they are the main admin.
    effective: HashMap<(Fields, bool), Arc<RawValue>>,
}

impl Rights {
    /// Of the role with that [`source`].
    pub(in crate::server) fn of_role(workspace: &Workspace, records: &SupportingRecords, source: &str) -> Result<Self, Failure> {
        let set = given(workspace, records, source)?;
        Ok(Self { given: listed(&set)?, set, effective: HashMap::new() })
    }

    /// The effective privileges of a user who has it, as JSON.
    pub(in crate::server) fn effective(&mut self, catalog: &Catalog, own: Fields, main_admin: bool) -> Result<Arc<RawValue>, Failure> {
        let key = (own, main_admin);
        if let Some(known) = self.effective.get(&key) {
            return Ok(Arc::clone(known));
        }
        let json = listed(&platform::effective(catalog, &self.set, &key.0, main_admin))?;
        self.effective.insert(key, Arc::clone(&json));
        Ok(json)
    }
}

fn listed(privileges: &BTreeSet<String>) -> Result<Arc<RawValue>, Failure> {
    Ok(to_raw_value(privileges)?.into())
}
