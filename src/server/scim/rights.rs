//! Privileges of an account: those its role gives, with its own changes on top.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::model::{Field, Fields, Value as FieldValue};
use crate::platform::catalog::RolesReach;
use crate::platform::{self, Catalog, PrivilegeOrigin};
use crate::server::failure::Failure;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::workspace::Workspace;
use crate::store::AccountRow;
use crate::workspace::{Giving, Holding};

/// The effective privileges of an account.
pub(in crate::server) fn effective(workspace: &Workspace, row: &AccountRow, records: &SupportingRecords) -> BTreeSet<String> {
    holding(workspace, row).effective(workspace.catalog(), &records.roles)
}

/// The effective privileges of an account, with all origins of each.
pub(in crate::server) fn origins(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
) -> BTreeMap<String, BTreeSet<PrivilegeOrigin>> {
    holding(workspace, row).origins(workspace.catalog(), &records.roles)
}

fn holding(workspace: &Workspace, row: &AccountRow) -> Holding {
    let own = own_rights(workspace.catalog(), row.particulars.fields());
    Holding { role: giving(workspace, row), own, main_admin: row.main_admin }
}

/// The origins of the effective privileges of an account, as SCIM shows them.
pub(in crate::server) fn sources(workspace: &Workspace, row: &AccountRow, records: &SupportingRecords) -> Value {
    let fields = row.particulars.fields();
    let source = |privilege: &str, origin: PrivilegeOrigin| match origin.through(fields) {
        Some(by) => json!({ "value": privilege, "from": origin.as_str(), "by": by }),
        None => json!({ "value": privilege, "from": origin.as_str() }),
    };
    let found = origins(workspace, row, records);
    found.iter().flat_map(|(privilege, origins)| origins.iter().map(|origin| source(privilege, *origin))).collect()
}

/// Effective privileges and the key of the role.
pub(in crate::server) fn of_caller(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
) -> (BTreeSet<String>, Option<String>) {
    (effective(workspace, row, records), row.particulars.fields().text(Field::Role).map(str::to_owned))
}

/// Returns what decides what the role gives: the privileges that were stored when it was applied, or the role's key, as the platform has it.
pub(in crate::server) fn giving(workspace: &Workspace, row: &AccountRow) -> Giving {
    match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => Giving::Then(Arc::clone(&row.role_privileges)),
        RolesReach::AllHolders => Giving::Now(row.particulars.fields().text(Field::Role).unwrap_or_default().to_owned()),
    }
}

/// The fields of an account that bear on its effective privileges: its own changes, and the switches that are on.
pub(in crate::server) fn own_rights(catalog: &Catalog, fields: &Fields) -> Fields {
    let is_on = |field: &Field| fields.flag(*field) == Some(true);
    let switches = catalog.switch_privileges.iter().map(|(field, _)| field).filter(is_on).map(|field| (field, FieldValue::Flag(true)));
    let changes = fields.get(Field::PrivilegeChanges).map(|changes| (Field::PrivilegeChanges, changes.to_value()));
    switches.chain(changes).collect()
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
    /// Of a role that gives this.
    pub(in crate::server) fn of_role(records: &SupportingRecords, giving: &Giving) -> Result<Self, Failure> {
        let set = giving.privileges(&records.roles);
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
