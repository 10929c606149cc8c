//! Privileges of an account: those its role gives, with its own changes on top.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::model::{Field, Fields, Value as FieldValue, Wire};
use crate::platform::catalog::RolesReach;
use crate::platform::{self, Catalog};
use crate::scim::urn;
use crate::server::failure::Failure;
use crate::server::scim::json_members::Members;
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
    Ok((effective(workspace, row, records)?, role_key(&Members::read(&row.body)?)?.map(Cow::into_owned)))
}

/// What decides the privileges of an account, read off its row.
fn holding(workspace: &Workspace, row: &AccountRow) -> Result<Holding, Failure> {
    let body = Members::read(&row.body)?;
    let own = Switches::read(workspace.catalog(), &body.object(urn::PRACTICE)?)?.fields()?;
    let source = source(workspace, row, &body)?;
    let role = match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => Giving::Then(serde_json::from_str(&source)?),
        RolesReach::AllHolders => Giving::Now(source.into_owned()),
    };
    Ok(Holding { role, own, main_admin: row.main_admin })
}

/// What decides what the role gives: the list that was stored when it was applied, or the role's key, as the platform has it.
pub(in crate::server) fn source<'a>(workspace: &Workspace, row: &'a AccountRow, body: &Members<'a>) -> Result<Cow<'a, str>, Failure> {
    match workspace.catalog().roles_reach {
        RolesReach::FutureHolders => Ok(Cow::Borrowed(&row.role_privileges)),
        RolesReach::AllHolders => Ok(role_key(body)?.unwrap_or_default()),
    }
}

/// The key of the role that a body names first.
fn role_key<'a>(body: &Members<'a>) -> Result<Option<Cow<'a, str>>, Failure> {
    #[derive(Deserialize)]
    struct Role<'a> {
        #[serde(borrow)]
        value: Option<Cow<'a, str>>,
    }
    let roles: Vec<Role<'a>> = body.parsed("roles")?.unwrap_or_default();
    Ok(roles.into_iter().next().and_then(|role| role.value))
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
    /// In effect, as JSON, by the holder's own switches and whether they are the main admin.
    effective: HashMap<(Switches, bool), Arc<RawValue>>,
}

impl Rights {
    /// Of the role with that [`source`].
    pub(in crate::server) fn of_role(workspace: &Workspace, records: &SupportingRecords, source: &str) -> Result<Self, Failure> {
        let set = given(workspace, records, source)?;
        Ok(Self { given: listed(&set)?, set, effective: HashMap::new() })
    }

    /// The effective privileges of a user who has it, as JSON.
    pub(in crate::server) fn effective(&mut self, catalog: &Catalog, own: Switches, main_admin: bool) -> Result<Arc<RawValue>, Failure> {
        let key = (own, main_admin);
        if let Some(known) = self.effective.get(&key) {
            return Ok(Arc::clone(known));
        }
        let json = listed(&platform::effective(catalog, &self.set, &key.0.fields()?, main_admin))?;
        self.effective.insert(key, Arc::clone(&json));
        Ok(json)
    }
}

fn listed(privileges: &BTreeSet<String>) -> Result<Arc<RawValue>, Failure> {
    Ok(to_raw_value(privileges)?.into())
}

/// The fields of an account that bear on its effective privileges, as they are stored.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::server) struct Switches {
    changes: Option<String>,
    /// The switches that are on, of those that grant a privilege.
    on: Vec<Field>,
}

impl Switches {
    /// Reads them off a stored practice extension; the field table says where each is.
    pub(in crate::server) fn read(catalog: &Catalog, practice: &Members<'_>) -> Result<Self, Failure> {
        let mut on = Vec::new();
        for (field, _) in catalog.switch_privileges.iter() {
            let Wire { attribute, part, .. } = field.definition().wire;
            let is_on: Option<bool> = match part {
                None => practice.parsed(attribute)?,
                Some(part) => match practice.parsed::<Option<Members<'_>>>(attribute)?.flatten() {
                    Some(group) => group.parsed(part)?,
                    None => None,
                },
            };
            if is_on == Some(true) {
                on.push(field);
            }
        }
        Ok(Self { changes: practice.get("privilegeChanges").map(|changes| changes.get().to_owned()), on })
    }

    fn fields(&self) -> Result<Fields, Failure> {
        #[derive(Deserialize)]
        struct Changes {
            #[serde(default)]
            grant: BTreeSet<String>,
            #[serde(default)]
            revoke: BTreeSet<String>,
        }
        let mut fields = Fields::default();
        if let Some(changes) = &self.changes {
            let Changes { grant, revoke } = serde_json::from_str(changes)?;
            fields.set(Field::PrivilegeChanges, FieldValue::changes(grant, revoke));
        }
        for field in &self.on {
            fields.set(*field, FieldValue::Flag(true));
        }
        Ok(fields)
    }
}
