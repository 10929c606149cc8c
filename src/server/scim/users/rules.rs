//! The rules for a write on a user, and the parts of the store they read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::{Email, Field, Fields, RemoteId};
use crate::platform::Candidate;
use crate::scim::map::{self, Context, Names};
use crate::scim::{ScimError, urn};
use crate::server::failure::Failure;
use crate::server::scim::records::supporting::Around;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::users;
use crate::server::workspace::Workspace;
use crate::store::{Conn, Kind, accounts, resources};
use crate::workspace::{EmployeeRecord, Login, Refusal, check_rules, missing_details};

/// The employee record a user names, where the platform has them (PBN-1).
pub(in crate::server) async fn employee(conn: &mut Conn, workspace: &Workspace, user: &Value) -> Result<Option<EmployeeRecord>, Failure> {
    if !workspace.catalog().employees {
        return Ok(None);
    }
    let id = user.get(urn::PRACTICE).and_then(|p| p.get("employee")).and_then(|e| e.get("value")).and_then(Value::as_str);
    let Some(id) = id else {
        return Err(Failure::value("`employee` is missing: name the employee record that the account belongs to (PBN-1)"));
    };
    let Some(row) = resources::find(conn, &workspace.name, Kind::Employee, id).await? else {
        return Err(Failure::value("`employee` does not match an employee record of this workspace: create the record first (PBN-2)"));
    };
    let active = users::view::parse(&row.body)?.get("active").and_then(Value::as_bool) != Some(false);
    Ok(Some(EmployeeRecord { id: row.id, key: row.key, active }))
}

/// Keys and ids as the wire's mapping asks for them.
pub(in crate::server) fn names(records: &SupportingRecords, employee: Option<&EmployeeRecord>) -> Names {
    let mut names = Names::new();
    for (key, id) in &records.clinics {
        names.add_clinic(key, &RemoteId(id.clone()));
    }
    if let Some(record) = employee {
        names.add_employee(&record.key, &RemoteId(record.id.clone()));
    }
    names
}

/// The stored body of a user with these fields.
pub(in crate::server) fn body(
    workspace: &Workspace,
    email: &Email,
    fields: &Fields,
    external_id: Option<&Value>,
    names: &Names,
    employee: Option<&EmployeeRecord>,
) -> Result<Map<String, Value>, Failure> {
    let context = Context { catalog: workspace.catalog(), names, practice_extension: true };
    let user = map::fields_to_user(email, fields, &context).map_err(|why| Failure::value(why.to_string()))?;
    let Value::Object(mut body) = user else { return Err(Failure::Damaged) };
    for name in ["schemas", "userName", "emails", "active"] {
        body.shift_remove(name);
    }
    if let Some(id) = external_id {
        body.insert("externalId".to_owned(), id.clone());
    }
    if let (Some(record), Some(Value::Object(part))) = (employee, body.get_mut(urn::PRACTICE)) {
        part.insert("employee".to_owned(), json!({ "value": record.id, "display": record.key }));
    }
    Ok(body)
}

/// Asks the platform's rules about an account as it would be, with the colleagues it names; see [`check_rules`].
pub(in crate::server) async fn judge(
    conn: &mut Conn,
    workspace: &Workspace,
    records: &SupportingRecords,
    candidate: &Candidate<'_>,
    before: Option<&Candidate<'_>>,
) -> Result<(), Failure> {
    let mut colleagues = BTreeMap::new();
    for one in std::iter::once(candidate).chain(before) {
        if let Some(address) = one.fields.text(Field::MdConsent)
            && let Some(row) = accounts::find_by_user_name(conn, &workspace.name, address).await?
        {
            let role = rights::role_of(&users::view::parse(&row.body)?).unwrap_or_default();
            colleagues.insert(row.user_name, (role, !row.state.inactive));
        }
    }
    let around = Around { workspace, records, colleagues };
    check_rules(&workspace.platform, candidate, before, &around).map_err(|why| refusal::failure(workspace, &why))
}

/// Refuses an invitation without the details that somebody new here needs (AR-2, AR-3); the sentence reveals nothing about other
/// workspaces.
pub(in crate::server) async fn may_invite(conn: &mut Conn, workspace: &Workspace, user_name: &str, fields: &Fields) -> Result<(), Failure> {
    let missing = missing_details(workspace.catalog(), fields);
    if missing.is_empty() {
        return Ok(());
    }
    let email = Email::parse(user_name).map_err(|why| Failure::value(why.to_string()))?;
    if accounts::is_known_elsewhere(conn, &workspace.name, &Login { email, platform: workspace.platform.id() }).await? {
        return Ok(());
    }
    Err(refusal::failure(workspace, &Refusal::DetailsMissing(missing)))
}

/// A platform's user has one role. A request could contain several, and the server must not drop one silently.
pub(in crate::server) fn one_role(user: &Value) -> Result<(), Failure> {
    let list = user.get("roles").and_then(Value::as_array);
    let roles: BTreeSet<&str> = list.into_iter().flatten().filter_map(|r| r.get("value")).filter_map(Value::as_str).collect();
    if roles.len() > 1 {
        return Err(Failure::value("`roles` can have only one role: use `replace` to change it"));
    }
    Ok(())
}

/// The e-mail addresses a client sends are the login's, or nothing.
pub(in crate::server) fn emails_are_the_login(user: &Value, email: &Email) -> Result<(), Failure> {
    let list = user.get("emails").and_then(Value::as_array);
    for address in list.into_iter().flatten().filter_map(|e| e.get("value")).filter_map(Value::as_str) {
        if Email::parse(address).ok().as_ref() != Some(email) {
            return Err(
                ScimError::with_type(crate::scim::ScimType::InvalidValue, "`emails` can contain only the login address (X-1)").into()
            );
        }
    }
    Ok(())
}
