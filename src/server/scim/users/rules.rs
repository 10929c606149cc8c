//! The facts that a decision about a user rests on, read from the store; and accounts whose holders change them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Field, Fields, Value as FieldValue};
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::scim::supporting;
use crate::server::scim::supporting::RuleRecords;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users::view;
use crate::server::workspace::Workspace;
use crate::store::{AccountRow, AccountWrite, Conn, Particulars, RecordKind, accounts, resources};
use crate::workspace::Employed;

/// The employee record that a user names, where the platform has them (PBN-1).
pub(in crate::server) async fn employed(conn: &mut Conn, workspace: &Workspace, id: Option<&str>) -> Result<Employed, Failure> {
    if !workspace.catalog().employees {
        return Ok(Employed::NotKept);
    }
    let Some(id) = id else { return Ok(Employed::Unnamed) };
    match resources::find(conn, &workspace.name, RecordKind::Employee, id).await? {
        Some(row) => Ok(Employed::Record(supporting::employee(row))),
        None => Ok(Employed::Unknown),
    }
}

/// The workspace as its rules see it, with the colleagues that these fields name.
pub(in crate::server) async fn around<'a>(
    conn: &mut Conn,
    workspace: &'a Workspace,
    records: &'a SupportingRecords,
    naming: &[&Fields],
) -> Result<RuleRecords<'a>, Failure> {
    let mut colleagues = BTreeMap::new();
    for address in naming.iter().filter_map(|fields| workspace.platform.relies_on(&|field| fields.get(field))) {
        if let Some(row) = accounts::find_by_user_name(conn, &workspace.name, address).await? {
            let role = row.particulars.fields().text(Field::Role).unwrap_or_default().to_owned();
            colleagues.insert(row.user_name, (role, !row.state.inactive));
        }
    }
    Ok(RuleRecords { workspace, records, colleagues })
}

/// An account whose holder changed fields.
pub(in crate::server) struct Rewritten {
    /// The particulars to be stored.
    pub(in crate::server) particulars: Particulars,
    /// The attributes that differ from before.
    pub(in crate::server) changes: AttributeChanges,
}

/// An account whose holder changed these fields. An empty text where there is none changes nothing.
///
/// # Errors
/// The row is damaged or one of plain SCIM, which has no holders here, or the database refuses.
pub(in crate::server) async fn rewritten(
    conn: &mut Conn,
    workspace: &Workspace,
    account: &AccountRow,
    changed: &[(Field, FieldValue)],
) -> Result<Rewritten, Failure> {
    let records = supporting::records(conn, workspace).await?;
    let before = &account.particulars;
    let mut fields = before.fields().clone();
    for (field, value) in changed {
        let is_nothing = *value == FieldValue::Text(String::new()) && fields.text(*field).unwrap_or_default().is_empty();
        if !is_nothing {
            fields.set(*field, value.clone());
        }
    }
    workspace.catalog().normalize(&mut fields);
    let particulars = before.with_fields(&fields).ok_or(Failure::Damaged)?;
    let changed = AccountRow { particulars, ..account.clone() };
    // Neither links nor times differ.
    let shown = |row: &AccountRow| view::user(workspace, row, &records, "", account.modified);
    let changes = AttributeChanges::between(Some(&shown(account)?), Some(&shown(&changed)?));
    let particulars = changed.particulars;
    Ok(Rewritten { particulars, changes })
}

/// Stores an account whose holder changed these fields; returns what changed.
///
/// # Errors
/// As for [`rewritten`].
pub(in crate::server) async fn rewrite(
    conn: &mut Conn,
    workspace: &Workspace,
    account: &AccountRow,
    changed: &[(Field, FieldValue)],
    now: i64,
) -> Result<AttributeChanges, Failure> {
    let Rewritten { particulars, changes } = rewritten(conn, workspace, account, changed).await?;
    if !changes.is_empty() {
        let new = AccountWrite {
            user_name: account.user_name.clone(),
            particulars,
            role_privileges: Arc::clone(&account.role_privileges),
            state: account.state.clone(),
        };
        accounts::update(conn, &workspace.name, &account.id, &new, now).await?;
    }
    Ok(changes)
}
