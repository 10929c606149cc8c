//! The facts that a decision about a user rests on, read from the store; and accounts whose holders change them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::model::{Email, Field, Fields, Value as FieldValue};
use crate::scim::map::{self, Context, Names};
use crate::scim::urn;
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::scim::records::supporting;
use crate::server::scim::records::supporting::Around;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::users::stored::names;
use crate::server::workspace::Workspace;
use crate::store::{AccountRow, AccountWrite, Conn, Particulars, RecordKind, accounts, resources};
use crate::workspace::{Employed, EmployeeRecord};

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
) -> Result<Around<'a>, Failure> {
    let mut colleagues = BTreeMap::new();
    for address in naming.iter().filter_map(|fields| workspace.platform.relies_on(&|field| fields.get(field))) {
        if let Some(row) = accounts::find_by_user_name(conn, &workspace.name, address).await? {
            let role = row.particulars.fields.text(Field::Role).unwrap_or_default().to_owned();
            colleagues.insert(row.user_name, (role, !row.state.inactive));
        }
    }
    Ok(Around { workspace, records, colleagues })
}

/// The attributes of a user with these fields, as clients write them.
pub(in crate::server) fn attributes(
    workspace: &Workspace,
    email: &Email,
    fields: &Fields,
    external_id: Option<&str>,
    names: &Names,
    employee: Option<&EmployeeRecord>,
) -> Result<Map<String, Value>, Failure> {
    let context = Context { catalog: workspace.catalog(), names, practice_extension: true, every_role_counts: false, country: None };
    let user = map::fields_to_user(email, fields, &context).map_err(|why| Failure::value(why.to_string()))?;
    let Value::Object(mut body) = user else { return Err(Failure::Damaged) };
    for name in ["schemas", "userName", "emails", "active"] {
        body.shift_remove(name);
    }
    if let Some(id) = external_id {
        body.insert("externalId".to_owned(), json!(id));
    }
    if let (Some(record), Some(Value::Object(part))) = (employee, body.get_mut(urn::PRACTICE)) {
        part.insert("employee".to_owned(), json!({ "value": record.id, "display": record.key }));
    }
    Ok(body)
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
/// A value has no form on the wire, the row is damaged, or the database refuses.
pub(in crate::server) async fn rewritten(
    conn: &mut Conn,
    workspace: &Workspace,
    account: &AccountRow,
    changed: &[(Field, FieldValue)],
) -> Result<Rewritten, Failure> {
    let records = supporting::records(conn, workspace).await?;
    let before = &account.particulars;
    let employed = employed(conn, workspace, before.employee.as_deref()).await?;
    let mut fields = before.fields.clone();
    for (field, value) in changed {
        let is_nothing = *value == FieldValue::Text(String::new()) && fields.text(*field).unwrap_or_default().is_empty();
        if !is_nothing {
            fields.set(*field, value.clone());
        }
    }
    workspace.catalog().normalize(&mut fields);
    let particulars = Particulars { fields: Particulars::of(&fields).fields, ..before.clone() };
    let login = Email::parse(&account.user_name).map_err(|_| Failure::Damaged)?;
    let names = names(&records, employed.record());
    let shown = |fields: &Fields| attributes(workspace, &login, fields, before.external_id.as_deref(), &names, employed.record());
    let changes = AttributeChanges::between(Some(&shown(&before.fields)?), Some(&shown(&particulars.fields)?));
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
