//! Fields → wire attributes: whole users for POST, explicit paths for PATCH.

use serde_json::{Map, Value as Json, json};

use super::table::{DIRECTOR, Form, Slot, slot};
use super::{Context, MapError};
use crate::model::{Email, Field, FieldChange, Fields, Secret, Value};
use crate::scim::patch::{Operation, Patch};
use crate::scim::path::{AttrPath, Path};
use crate::scim::urn;
use crate::scim::value::is_unassigned;

/// A new user as POST sends it: active, its login also its work e-mail, unset fields left out.
///
/// # Errors
/// Where a clinic or employee record has no id yet, or a field holds a value of another type.
pub fn fields_to_user(email: &Email, fields: &Fields, context: &Context<'_>) -> Result<Json, MapError> {
    let mut core = Map::new();
    let mut practice = Map::new();
    core.insert("userName".to_owned(), json!(email.as_str()));
    core.insert("emails".to_owned(), json!([{ "value": email.as_str(), "type": "work", "primary": true }]));
    core.insert("active".to_owned(), json!(true));
    for (field, value) in fields.iter() {
        if field == Field::Email || value.is_empty() || context.catalog.field(field).is_none() {
            continue;
        }
        let slot = slot(field);
        let holder = if slot.practice { &mut practice } else { &mut core };
        for (part, written) in written(field, &slot, &value.to_value(), context)? {
            match part {
                None => {
                    holder.insert(slot.attribute.to_owned(), without_empty_parts(written));
                }
                Some(part) => {
                    let parts = holder.entry(slot.attribute).or_insert_with(|| Json::Object(Map::new()));
                    if let Json::Object(parts) = parts
                        && !written.is_null()
                    {
                        parts.insert(part.to_owned(), written);
                    }
                }
            }
        }
    }
    Ok(Json::Object(assembled(core, practice)))
}

/// Asks that an invitation be sent with the creation; without it, the account is made inactive.
pub fn ask_for_invitation(user: &mut Json) {
    if let Json::Object(members) = user {
        let mut practice = match members.shift_remove(urn::PRACTICE) {
            Some(Json::Object(practice)) => practice,
            _ => Map::new(),
        };
        practice.insert("sendInvitation".to_owned(), json!(true));
        *members = assembled(std::mem::take(members), practice);
    }
}

/// Sets a temporary first password (AR-10).
pub fn set_password(user: &mut Json, password: &Secret) {
    if let Json::Object(members) = user {
        members.insert("password".to_owned(), json!(password.expose()));
    }
}

/// The operation that switches an account on or off.
#[must_use]
pub fn replace_active(active: bool) -> Operation {
    Operation::replace(Path { attr: AttrPath::new("active", None), filter: None, sub: None }, json!(active))
}

/// A PATCH that sets fields: one operation for each attribute with an explicit path, `replace` for what is set, `remove` for what goes.
///
/// Sets are replaced whole, because some servers do not take filters in paths; `If-Match` guards against what came in between.
/// A new login changes `userName` alone: what stands in `emails` is the server's to follow up.
///
/// # Errors
/// As `fields_to_user`.
pub fn changes_to_patch(changes: &[FieldChange], context: &Context<'_>) -> Result<Patch, MapError> {
    let mut operations = Vec::new();
    for change in changes {
        let slot = slot(change.field);
        if change.after.is_empty() {
            operations.push(Operation::remove(slot.path()));
            if slot.form == Form::Director {
                operations.push(Operation::remove(slot.path_to(Some(DIRECTOR))));
            }
            continue;
        }
        for (part, written) in written(change.field, &slot, &change.after, context)? {
            let path = if part == slot.part { slot.path() } else { slot.path_to(part) };
            operations.push(if written.is_null() { Operation::remove(path) } else { Operation::replace(path, written) });
        }
    }
    Ok(Patch { operations })
}

/// The part of the attribute and its value on the wire; two of them for the medical director. `null` for a part that goes.
fn written(field: Field, slot: &Slot, value: &Value, context: &Context<'_>) -> Result<Vec<(Option<&'static str>, Json)>, MapError> {
    let unfit = || MapError::Unfit { field: field.key() };
    let clinic = |key: &str| context.names.clinic_id(key).map(str::to_owned).ok_or_else(|| MapError::UnknownClinic(key.to_owned()));
    let json = match (slot.form, value) {
        (Form::Text, Value::Text(text)) => json!(text),
        (Form::Flag, Value::Flag(flag)) => json!(flag),
        (Form::Number, Value::Number(number)) => json!(number),
        (Form::Texts, Value::Set(set)) => json!(set),
        (Form::Phones, Value::List(numbers)) => numbers
            .iter()
            .enumerate()
            .map(
                |(i, n)| {
                    if i == 0 { json!({ "value": n, "type": "mobile", "primary": true }) } else { json!({ "value": n, "type": "other" }) }
                },
            )
            .collect(),
        (Form::Role, Value::Text(role)) => json!([{ "value": role, "primary": true }]),
        (Form::Clinics, Value::Set(keys)) => {
            Json::Array(keys.iter().map(|key| Ok(json!({ "value": clinic(key)? }))).collect::<Result<_, MapError>>()?)
        }
        (Form::Clinic, Value::Text(key)) => json!(clinic(key)?),
        (Form::Changes, Value::Changes(changes)) => json!({ "grant": changes.grant, "revoke": changes.revoke }),
        (Form::Director, Value::Text(director)) => return Ok(vec![(slot.part, json!(true)), (Some(DIRECTOR), json!(director))]),
        (Form::Director, Value::Flag(false)) => return Ok(vec![(slot.part, json!(false)), (Some(DIRECTOR), Json::Null)]),
        (Form::Employee, Value::Text(key)) => {
            let id = context.names.employee_id(key).ok_or_else(|| MapError::UnknownEmployee(key.clone()))?;
            json!({ "value": id })
        }
        _ => return Err(unfit()),
    };
    Ok(vec![(slot.part, json)])
}

/// In a new user, an empty part need not be said; in a PATCH it clears what is there.
fn without_empty_parts(value: Json) -> Json {
    match value {
        Json::Object(parts) => Json::Object(parts.into_iter().filter(|(_, part)| !is_unassigned(part)).collect()),
        other => other,
    }
}

/// Core members and the extension together, `schemas` first.
pub(super) fn assembled(core: Map<String, Json>, practice: Map<String, Json>) -> Map<String, Json> {
    let mut out = Map::new();
    let schemas = if practice.is_empty() { json!([urn::USER]) } else { json!([urn::USER, urn::PRACTICE]) };
    out.insert("schemas".to_owned(), schemas);
    out.extend(core.into_iter().filter(|(key, _)| key != "schemas"));
    if !practice.is_empty() {
        out.insert(urn::PRACTICE.to_owned(), Json::Object(practice));
    }
    out
}
