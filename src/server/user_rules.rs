//! What a write on a user must meet: the platform's rules, who may change what, and the employee record behind the account.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::surroundings::{Around, Ground};
use super::workspace::Workspace;
use super::{rights, view};
use crate::model::{Account, Email, Field, Fields, Fingerprint, RemoteId, State, Value as FieldValue, ValueRef, Violation};
use crate::platform::{self, Answer, Candidate, sentences};
use crate::scim::map::{self, Context, Names};
use crate::scim::{ScimError, urn};
use crate::store::{AccountRow, Conn, Kind, accounts, resources};

/// An employee record as far as an account needs it.
pub(super) struct Employee {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) active: bool,
}

/// The employee record a user names, where the platform has them (PBN-1).
pub(super) async fn employee(conn: &mut Conn, workspace: &Workspace, user: &Value) -> Result<Option<Employee>, Failure> {
    if !workspace.catalog().employees {
        return Ok(None);
    }
    let id = user.get(urn::PRACTICE).and_then(|p| p.get("employee")).and_then(|e| e.get("value")).and_then(Value::as_str);
    let Some(id) = id else {
        return Err(Failure::value("`employee` is missing: an account belongs to an employee record (PBN-1)"));
    };
    let Some(row) = resources::find(conn, &workspace.name, Kind::Employee, id).await? else {
        return Err(Failure::value("`employee` names no employee record of this workspace (PBN-2)"));
    };
    let active = view::parse(&row.body)?.get("active").and_then(Value::as_bool) != Some(false);
    Ok(Some(Employee { id: row.id, key: row.key, active }))
}

/// Refuses a working account for an inactive employee (PBN-8).
pub(super) fn employee_works(employee: Option<&Employee>) -> Result<(), Failure> {
    match employee {
        Some(record) if !record.active => {
            Err(Failure::value("an inactive employee has no working account (PBN-8): activate the employee record first"))
        }
        _ => Ok(()),
    }
}

/// Keys and ids as the wire's mapping asks for them.
pub(super) fn names(ground: &Ground, employee: Option<&Employee>) -> Names {
    let mut names = Names::new();
    for (key, id) in &ground.clinics {
        names.add_clinic(key, &RemoteId(id.clone()));
    }
    if let Some(record) = employee {
        names.add_employee(&record.key, &RemoteId(record.id.clone()));
    }
    names
}

/// The fields of a user of the wire, normalised.
pub(super) fn fields(workspace: &Workspace, user: &Value, names: &Names) -> Fields {
    map::user_fields(user, &Context { catalog: workspace.catalog(), names, practice_extension: true })
}

/// What is stored of a user whose fields these are.
pub(super) fn body(
    workspace: &Workspace,
    email: &Email,
    fields: &Fields,
    external_id: Option<&Value>,
    names: &Names,
    employee: Option<&Employee>,
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

/// Asks the platform's rules about an account as it would be; the first rule that it newly breaks is the answer.
///
/// What an account broke before the write is not held against the write: somebody whose medical director has left can still be
/// switched off, or get another phone. Only who comes in, or comes back, must meet every rule (`before` is `None`).
pub(super) async fn judge(
    conn: &mut Conn,
    workspace: &Workspace,
    ground: &Ground,
    candidate: &Candidate<'_>,
    before: Option<&Candidate<'_>>,
) -> Result<(), Failure> {
    let mut broken = violations(conn, workspace, ground, candidate).await?;
    if let (Some(before), false) = (before, broken.is_empty()) {
        let old = violations(conn, workspace, ground, before).await?;
        broken.retain(|new| !old.iter().any(|old| old.is_same(new)));
    }
    match broken.first() {
        Some(broken) => {
            let catalog = workspace.catalog();
            let (message, hint) = (sentences::message(broken, catalog), sentences::hint(broken, catalog));
            Err(Failure::value(format!("{message}; {hint} ({})", broken.requirement)))
        }
        None => Ok(()),
    }
}

async fn violations(conn: &mut Conn, workspace: &Workspace, ground: &Ground, candidate: &Candidate<'_>) -> Result<Vec<Violation>, Failure> {
    let colleague = match candidate.fields.text(Field::MdConsent) {
        Some(address) => accounts::find_by_user_name(conn, &workspace.name, address).await?,
        None => None,
    };
    let colleague = match colleague {
        Some(row) => Some((row.user_name.clone(), rights::role_of(&view::parse(&row.body)?).unwrap_or_default(), !row.inactive)),
        None => None,
    };
    Ok(platform::check(&workspace.platform, candidate, &Around { workspace, ground, colleague }))
}

/// Refuses a change that is not the admin's to make (AR-13, CHR-4, CHR-5).
pub(super) fn may_change(
    workspace: &Workspace,
    row: &AccountRow,
    email: (&str, &str),
    before: &Fields,
    after: &Fields,
) -> Result<(), Failure> {
    let Ok(address) = Email::parse(email.0) else { return Ok(()) };
    let account = Account {
        id: RemoteId(row.id.clone()),
        email: address,
        fingerprint: Fingerprint(view::etag(row.version)),
        state: State { accepted: row.accepted, inactive: row.inactive, block: None, invitation: None },
        fields: before.clone(),
        privileges: std::sync::Arc::default(),
        role_privileges: None,
        has_passcode: row.has_passcode,
        main_admin: row.main_admin,
        invited_name: row.invited.clone().map(Box::new),
    };
    let mut changed: Vec<(Field, FieldValue)> = after
        .iter()
        .filter(|(field, value)| before.get(*field).unwrap_or(ValueRef::Unset) != *value)
        .map(|(f, v)| (f, v.to_value()))
        .collect();
    if email.0 != email.1 {
        changed.push((Field::Email, FieldValue::Text(email.1.to_owned())));
    }
    for (field, wanted) in changed {
        let (reason, more) = match workspace.platform.answer(&account, field, &wanted) {
            Answer::Write => continue,
            Answer::Refuse(why) => {
                let (reason, remedy) = sentences::immutable(&why, field, workspace.catalog());
                (reason, format!(": {remedy} ({})", why.requirement().unwrap_or_default()))
            }
            Answer::Keep(why) => (sentences::kept(why).to_owned(), String::new()),
        };
        return Err(Failure::mutability(format!("`{}` can not be changed: {reason}{more}", workspace.catalog().yaml_key(field))));
    }
    Ok(())
}

/// What an invitation needs that was left out, for somebody who is new here (AR-2, AR-3); the words tell nothing about other workspaces.
pub(super) async fn may_invite(conn: &mut Conn, workspace: &Workspace, user_name: &str, fields: &Fields) -> Result<(), Failure> {
    if !workspace.catalog().invitation_details {
        return Ok(());
    }
    let missing: Vec<&str> = workspace
        .catalog()
        .known_fields()
        .filter(|(field, rule)| rule.expected_for_invitation && fields.get(*field).is_none_or(|value| value.is_empty()))
        .map(|(field, _)| workspace.catalog().yaml_key(field))
        .collect();
    if missing.is_empty() || accounts::is_known_elsewhere(conn, &workspace.name, user_name).await? {
        return Ok(());
    }
    Err(Failure::value(format!("this invitation needs more: {} (AR-3)", missing.join(", "))))
}

/// A platform's user has one role. The wire could hold several, and no role that was sent may be dropped in silence.
pub(super) fn one_role(user: &Value) -> Result<(), Failure> {
    let list = user.get("roles").and_then(Value::as_array);
    let roles: BTreeSet<&str> = list.into_iter().flatten().filter_map(|r| r.get("value")).filter_map(Value::as_str).collect();
    if roles.len() > 1 {
        return Err(Failure::value("`roles` holds one role: put another in its place with `replace`"));
    }
    Ok(())
}

/// The e-mail addresses a client sends are the login's, or nothing.
pub(super) fn emails_are_the_login(user: &Value, email: &Email) -> Result<(), Failure> {
    let list = user.get("emails").and_then(Value::as_array);
    for address in list.into_iter().flatten().filter_map(|e| e.get("value")).filter_map(Value::as_str) {
        if Email::parse(address).ok().as_ref() != Some(email) {
            return Err(ScimError::of(crate::scim::ScimType::InvalidValue, "`emails` holds the login address and no other (X-1)").into());
        }
    }
    Ok(())
}
