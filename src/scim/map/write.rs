//! Turns fields into wire attributes: whole users for POST, explicit paths for PATCH.

use serde_json::{Map, Value as Json, json};

use super::paths::path_to;
use super::{Context, Links, MapError};
use crate::model::{Definition, Email, Field, FieldChange, Fields, Kind, Names, NormalForm, Secret, Texts, ValueRef, Wire};
use crate::platform::Catalog;
use crate::scim::attr_path::AttrPath;
use crate::scim::patch::{Operation, Patch};
use crate::scim::path::Path;
use crate::scim::schema::record_names::user;
use crate::scim::urn;
use crate::scim::value::is_unassigned;

/// Writes a new user for POST: active, with the login as work e-mail too, and without unset fields.
///
/// # Errors
/// If a clinic or employee record has no id yet, or a field has a value of another type.
pub fn fields_to_user(email: &Email, fields: &Fields, context: &Context<'_>) -> Result<Json, MapError> {
    let mut core = Map::new();
    let mut practice = Map::new();
    core.insert("userName".to_owned(), json!(email.as_str()));
    core.insert("emails".to_owned(), json!([{ "value": email.as_str(), "type": "work", "primary": true }]));
    core.insert(user::ACTIVE.to_owned(), json!(true));
    for UserAttribute { practice: is_practice, name, value } in attributes(fields, context.catalog, context.names)? {
        let holder = if is_practice { &mut practice } else { &mut core };
        holder.insert(name.to_owned(), value);
    }
    Ok(Json::Object(assembled(core, practice)))
}

/// An attribute of a user that a field is, or several fields are parts of.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAttribute {
    /// Says whether it is one of the practice extension.
    pub practice: bool,
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Json,
}

/// Writes the fields that have a value and that the platform has, as attributes in the order of the field table.
///
/// # Errors
/// A link cannot be written, or a field has a value of another type.
pub fn attributes(fields: &Fields, catalog: &Catalog, links: &impl Links) -> Result<Vec<UserAttribute>, MapError> {
    let mut all: Vec<UserAttribute> = Vec::new();
    for (field, value) in fields.iter() {
        if field == Field::Email || value.is_empty() || catalog.field(field).is_none() {
            continue;
        }
        let definition = field.definition();
        let Wire { practice, attribute: name, .. } = definition.wire;
        let WrittenValue { value, beside } = written(definition, value, links)?;
        let Some(part) = definition.wire.part else {
            all.push(UserAttribute { practice, name, value: without_empty_parts(value) });
            continue;
        };
        let is_it = |one: &UserAttribute| one.practice == practice && one.name == name;
        let at = all.iter().rposition(is_it).unwrap_or(all.len());
        if at == all.len() {
            all.push(UserAttribute { practice, name, value: Json::Object(Map::new()) });
        }
        if let Some(UserAttribute { value: Json::Object(parts), .. }) = all.get_mut(at) {
            for (part, value) in std::iter::once((part, value)).chain(beside).filter(|(_, value)| !value.is_null()) {
                parts.insert(part.to_owned(), value);
            }
        }
    }
    Ok(all)
}

/// Asks the server to send an invitation on creation; without that, the account is created inactive.
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

/// Returns the operation that activates or inactivates an account.
#[must_use]
pub fn replace_active(active: bool) -> Operation {
    replace(user::ACTIVE, None, json!(active))
}

/// The operation that replaces a core attribute, or a part of one.
#[must_use]
pub fn replace(attribute: &str, part: Option<&str>, value: Json) -> Operation {
    Operation::replace(Path { attr: AttrPath::new(attribute, part), filter: None, sub: None }, value)
}

/// Writes a PATCH that sets fields: one operation with an explicit path for each attribute, `replace` to set, `remove` to clear.
///
/// Sets are replaced as a whole, because some servers accept no filters in paths; `If-Match` protects changes made in between.
/// A new login changes `userName` alone; the server updates `emails` itself.
///
/// # Errors
/// As for `fields_to_user`.
pub fn changes_to_patch(changes: &[FieldChange], context: &Context<'_>) -> Result<Patch, MapError> {
    let mut operations = Vec::new();
    for change in changes {
        let definition = change.field.definition();
        let wire = &definition.wire;
        if change.after.is_empty() {
            operations.push(Operation::remove(path_to(wire, wire.part)));
            if let Some((beside, _)) = wire.beside {
                operations.push(Operation::remove(path_to(wire, Some(beside))));
            }
            continue;
        }
        let after: Fields = std::iter::once((change.field, change.after.clone())).collect();
        let WrittenValue { value, beside } = written(definition, after.get(change.field).unwrap_or(ValueRef::Unset), context.names)?;
        let beside = beside.into_iter().map(|(part, value)| (Some(part), value));
        for (part, value) in std::iter::once((wire.part, value)).chain(beside) {
            let path = path_to(wire, part);
            operations.push(if value.is_null() { Operation::remove(path) } else { Operation::replace(path, value) });
        }
    }
    Ok(Patch { operations })
}

/// A value on the wire, and the part beside it for a text beside its switch. `null` clears a part.
struct WrittenValue {
    value: Json,
    beside: Option<(&'static str, Json)>,
}

fn written(definition: &Definition, value: ValueRef<'_>, links: &impl Links) -> Result<WrittenValue, MapError> {
    let no_form = || MapError::NoWireForm { field: definition.key };
    let beside = || definition.wire.beside.map(|(part, _)| part).ok_or_else(no_form);
    let json = match value.of_kind(definition.kind).ok_or_else(no_form)? {
        ValueRef::Unset => return Err(no_form()),
        ValueRef::Text(text) => match definition.kind {
            Kind::TextOrNo => return Ok(WrittenValue { value: json!(true), beside: Some((beside()?, json!(text))) }),
            Kind::Text | Kind::Flag | Kind::Number | Kind::Set | Kind::List | Kind::Changes => written_text(definition.names, text, links)?,
        },
        ValueRef::Flag(flag) => match definition.kind {
            Kind::TextOrNo => return Ok(WrittenValue { value: json!(flag), beside: Some((beside()?, Json::Null)) }),
            Kind::Text | Kind::Flag | Kind::Number | Kind::Set | Kind::List | Kind::Changes => json!(flag),
        },
        ValueRef::Number(number) => json!(number),
        ValueRef::Set(set) => match definition.names {
            Names::Clinic => Json::Array(set.into_iter().map(|key| links.link_to_clinic(key)).collect::<Result<_, MapError>>()?),
            Names::Nothing | Names::Role | Names::Employee | Names::Colleague => set.into_iter().collect(),
        },
        ValueRef::List(texts) => match definition.form {
            NormalForm::Phones => phones(texts),
            NormalForm::Plain | NormalForm::Lines | NormalForm::Color | NormalForm::Address => texts.into_iter().collect(),
        },
        ValueRef::Changes { grant, revoke } => {
            let [grant, revoke]: [Json; 2] = [grant, revoke].map(|names| names.into_iter().collect());
            json!({ "grant": grant, "revoke": revoke })
        }
    };
    Ok(WrittenValue { value: json, beside: None })
}

fn written_text(names: Names, text: &str, links: &impl Links) -> Result<Json, MapError> {
    Ok(match names {
        Names::Nothing | Names::Colleague => json!(text),
        Names::Role => json!([{ "value": text, "primary": true }]),
        Names::Clinic => json!(links.id_of_clinic(text)?),
        Names::Employee => links.link_to_employee(text)?,
    })
}

/// The first number is the cell phone. The others have no type: nobody said what they are, and some servers refuse two of one type.
fn phones(numbers: Texts<'_>) -> Json {
    let first = |n: &str| json!({ "value": n, "type": "mobile", "primary": true });
    let other = |n: &str| json!({ "value": n });
    numbers.into_iter().enumerate().map(|(i, n)| if i == 0 { first(n) } else { other(n) }).collect()
}

/// A new user does not need empty parts; in a PATCH, an empty part clears what is stored.
fn without_empty_parts(value: Json) -> Json {
    let Json::Object(parts) = value else { return value };
    Json::Object(parts.into_iter().filter(|(_, part)| !is_unassigned(part)).collect())
}

/// Puts core attributes and the extension together, `schemas` first.
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
