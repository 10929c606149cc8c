//! What stands around an account in its workspace: clinics, roles, and the colleague it names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::failure::Failure;
use super::workspace::Workspace;
use crate::platform::Surroundings;
use crate::store::{Conn, Kind, ResourceRow, Writing, resources};

/// Clinics, roles and groups of a workspace.
pub(super) struct Ground {
    /// Clinic ids by key.
    pub(super) clinics: BTreeMap<String, String>,
    /// Clinic keys by id.
    pub(super) clinic_keys: BTreeMap<String, String>,
    /// What each role gives, by key.
    pub(super) roles: BTreeMap<String, BTreeSet<String>>,
    /// Groups (id, name) by member id; of plain SCIM only.
    pub(super) groups: BTreeMap<String, Vec<(String, String)>>,
}

#[derive(Deserialize)]
struct RoleBody {
    #[serde(default)]
    privileges: BTreeSet<String>,
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

/// Reads the ground of a workspace.
pub(super) async fn ground(conn: &mut Conn, workspace: &Workspace) -> Result<Ground, Failure> {
    let mut ground = Ground { clinics: BTreeMap::new(), clinic_keys: BTreeMap::new(), roles: BTreeMap::new(), groups: BTreeMap::new() };
    if workspace.catalog().clinics {
        for row in resources::all(conn, &workspace.name, Kind::Clinic).await? {
            ground.clinic_keys.insert(row.id.clone(), row.key.clone());
            ground.clinics.insert(row.key, row.id);
        }
    }
    for row in resources::all(conn, &workspace.name, Kind::Role).await? {
        ground.roles.insert(row.key.clone(), body::<RoleBody>(&row)?.privileges);
    }
    if workspace.is_plain() {
        for row in resources::all(conn, &workspace.name, Kind::Group).await? {
            let group: GroupBody = body(&row)?;
            for member in group.members {
                ground.groups.entry(member.value).or_default().push((row.id.clone(), group.display_name.clone()));
            }
        }
    }
    Ok(ground)
}

/// The ground, read once for all jobs of a batch.
pub(super) async fn shared_ground(writing: &mut Writing, workspace: &Workspace) -> Result<Arc<Ground>, Failure> {
    if let Some(known) = writing.kept::<Ground>() {
        return Ok(known);
    }
    let read = Arc::new(ground(&mut writing.conn, workspace).await?);
    writing.keep(Arc::clone(&read));
    Ok(read)
}

fn body<'r, T: Deserialize<'r>>(row: &'r ResourceRow) -> Result<T, Failure> {
    serde_json::from_str(&row.body).map_err(|_| Failure::Damaged)
}

/// The ground as the platform's rules ask about it, with the colleagues an account names.
pub(super) struct Around<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) ground: &'a Ground,
    /// Role, and whether active or pending, by address.
    pub(super) colleagues: BTreeMap<String, (String, bool)>,
}

impl Surroundings for Around<'_> {
    fn has_clinic(&self, key: &str) -> bool {
        self.ground.clinics.contains_key(key)
    }

    fn has_role(&self, key: &str) -> bool {
        self.ground.roles.contains_key(key) || self.workspace.catalog().open_roles
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        self.colleagues.get(email).cloned()
    }

    fn clinic_keys(&self) -> Vec<String> {
        self.ground.clinics.keys().cloned().collect()
    }

    fn role_keys(&self) -> Vec<String> {
        self.ground.roles.keys().cloned().collect()
    }
}
