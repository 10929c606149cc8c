//! The supporting records of an account: clinics, roles, and the colleague it names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use crate::platform::Surroundings;
use crate::server::failure::Failure;
use crate::server::workspace::Workspace;
use crate::store::{Conn, RecordKind, ResourceRow, Writing, resources};
use crate::workspace::EmployeeRecord;

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

#[derive(Deserialize)]
struct RoleBody {
    #[serde(default)]
    privileges: BTreeSet<String>,
}

#[derive(Deserialize)]
struct NamedBody {
    #[serde(default, alias = "displayName", alias = "display")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupBody {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct EmployeeBody {
    active: Option<bool>,
}

/// Reads the records of a workspace.
pub(in crate::server) async fn records(conn: &mut Conn, workspace: &Workspace) -> Result<SupportingRecords, Failure> {
    let mut records =
        SupportingRecords { clinics: BTreeMap::new(), clinic_keys: BTreeMap::new(), roles: BTreeMap::new(), groups: BTreeMap::new() };
    if workspace.catalog().clinics {
        for row in resources::all(conn, &workspace.name, RecordKind::Clinic).await? {
            records.clinic_keys.insert(row.id.clone(), row.key.clone());
            records.clinics.insert(row.key, row.id);
        }
    }
    for row in resources::all(conn, &workspace.name, RecordKind::Role).await? {
        records.roles.insert(row.key.clone(), body::<RoleBody>(&row)?.privileges);
    }
    if workspace.is_plain() {
        for row in resources::all(conn, &workspace.name, RecordKind::Group).await? {
            let group: GroupBody = body(&row)?;
            for member in group.members {
                records.groups.entry(member.value).or_default().push((row.id.clone(), group.display_name.clone()));
            }
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
    let Some(row) = rows.iter().find(|row| row.key == key) else { return Ok(None) };
    Ok(body::<NamedBody>(row)?.name.filter(|name| !name.is_empty()))
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

/// An employee record as far as an account needs it; without a word on it, it is active.
pub(in crate::server) fn employee(row: &ResourceRow) -> Result<EmployeeRecord, Failure> {
    let active = body::<EmployeeBody>(row)?.active != Some(false);
    Ok(EmployeeRecord { id: row.id.clone(), key: row.key.clone(), active })
}

fn body<'r, T: Deserialize<'r>>(row: &'r ResourceRow) -> Result<T, Failure> {
    serde_json::from_str(&row.body).map_err(|_| Failure::Damaged)
}

/// The records as the platform's rules ask about it, with the colleagues an account names.
pub(in crate::server) struct Around<'a> {
    pub(in crate::server) workspace: &'a Workspace,
    pub(in crate::server) records: &'a SupportingRecords,
    /// Role, and whether active or pending, by address.
    pub(in crate::server) colleagues: BTreeMap<String, (String, bool)>,
}

impl Surroundings for Around<'_> {
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
