//! The supporting records of an account: clinics, roles, and the colleague it names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::platform::Surroundings;
use crate::server::failure::Failure;
use crate::server::workspace::Workspace;
use crate::store::{Conn, RecordKind, ResourceRow, Writing, resources};
use crate::workspace::{EmployeeRecord, GroupMember, RecordContent};

/// Clinics, roles and groups of a workspace.
pub(in crate::server) struct SupportingRecords {
    /// Clinic ids by key.
    pub(in crate::server) clinics: BTreeMap<String, String>,
    /// Clinic keys by id.
    pub(in crate::server) clinic_keys: BTreeMap<String, String>,
    /// The privileges that each role gives, by key.
    pub(in crate::server) roles: BTreeMap<String, BTreeSet<String>>,
    /// Groups (id, name) by member id; of plain SCIM only.
    pub(in crate::server) groups: BTreeMap<String, Vec<(String, String)>>,
}

impl SupportingRecords {
    fn add_group(&mut self, row: ResourceRow) {
        match row.record.content {
            RecordContent::Group { name, members } => {
                for GroupMember::User(id) | GroupMember::Group(id) in members {
                    self.groups.entry(id).or_default().push((row.id.clone(), name.clone()));
                }
            }
            RecordContent::Clinic { .. } | RecordContent::Role { .. } | RecordContent::Employee { .. } => {}
        }
    }
}

/// Reads the records of a workspace.
pub(in crate::server) async fn records(conn: &mut Conn, workspace: &Workspace) -> Result<SupportingRecords, Failure> {
    let mut records =
        SupportingRecords { clinics: BTreeMap::new(), clinic_keys: BTreeMap::new(), roles: BTreeMap::new(), groups: BTreeMap::new() };
    if workspace.catalog().clinics {
        for row in resources::all(conn, &workspace.name, RecordKind::Clinic).await? {
            records.clinic_keys.insert(row.id.clone(), row.record.key.clone());
            records.clinics.insert(row.record.key, row.id);
        }
    }
    for row in resources::all(conn, &workspace.name, RecordKind::Role).await? {
        if let Some(privileges) = row.record.privileges() {
            records.roles.insert(row.record.key.clone(), privileges.clone());
        }
    }
    if workspace.is_plain() {
        for row in resources::all(conn, &workspace.name, RecordKind::Group).await? {
            records.add_group(row);
        }
    }
    Ok(records)
}

/// The name of a role or clinic as people know it.
pub(in crate::server) async fn name_of(
    conn: &mut Conn,
    workspace: &Workspace,
    kind: RecordKind,
    key: &str,
) -> Result<Option<String>, Failure> {
    let rows = resources::all(conn, &workspace.name, kind).await?;
    let named = rows.iter().find(|row| row.record.key == key).and_then(|row| row.record.name());
    Ok(named.filter(|name| !name.is_empty()).map(str::to_owned))
}

/// The records, read once for all jobs of a batch.
pub(in crate::server) async fn shared_records(writing: &mut Writing, workspace: &Workspace) -> Result<Arc<SupportingRecords>, Failure> {
    if let Some(known) = writing.kept::<SupportingRecords>() {
        return Ok(known);
    }
    let read = Arc::new(records(&mut writing.conn, workspace).await?);
    writing.keep(Arc::clone(&read));
    Ok(read)
}

/// An employee record as far as an account needs it.
pub(in crate::server) fn employee(row: ResourceRow) -> EmployeeRecord {
    let active = row.record.is_active();
    EmployeeRecord { id: row.id, key: row.record.key, active }
}

/// The records as the platform's rules ask about it, with the colleagues an account names.
pub(in crate::server) struct RuleRecords<'a> {
    pub(in crate::server) workspace: &'a Workspace,
    pub(in crate::server) records: &'a SupportingRecords,
    /// Role, and whether active or pending, by address.
    pub(in crate::server) colleagues: BTreeMap<String, (String, bool)>,
}

impl Surroundings for RuleRecords<'_> {
    fn has_clinic(&self, key: &str) -> bool {
        self.records.clinics.contains_key(key)
    }

    fn has_role(&self, key: &str) -> bool {
        self.records.roles.contains_key(key) || self.workspace.catalog().open_roles
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        self.colleagues.get(email).cloned()
    }

    fn clinic_keys(&self) -> Vec<String> {
        self.records.clinics.keys().cloned().collect()
    }

    fn role_keys(&self) -> Vec<String> {
        self.records.roles.keys().cloned().collect()
    }
}
