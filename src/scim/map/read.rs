//! Turns wire attributes into fields.

use std::collections::BTreeSet;

use super::Context;
use crate::model::{Country, Definition, Field, Fields, Kind, Names, NormalForm, Value};
use crate::platform::phone_in;
use crate::scim::filter::flag;
use crate::scim::{Node, urn};

/// Reads the fields that the platform has, in the form in which they are stored. A field that the server has and the user lacks is
/// `Unset`; a field that the server lacks (no practice extension) is absent.
#[must_use]
pub fn user_fields(user: &impl Node, context: &Context<'_>) -> Fields {
    let practice = extension(user);
    let held = context.catalog.known_fields().filter(|(field, _)| *field != Field::Email).filter_map(|(field, _)| {
        let definition = field.definition();
        let wire = &definition.wire;
        if wire.practice && !context.practice_extension && practice.is_none() {
            return None;
        }
        let holder = if wire.practice { practice } else { Some(user) };
        let attribute = holder.and_then(|holder| holder.member(wire.attribute));
        let value = attribute.and_then(|attribute| value(definition, attribute, context)).filter(|value| !value.is_empty());
        Some((field, value.unwrap_or(Value::Unset)))
    });
    let mut fields: Fields = held.collect();
    context.catalog.normalize(&mut fields);
    fields
}

/// Returns the practice extension of a user.
pub(super) fn extension<J: Node>(user: &J) -> Option<&J> {
    user.member(urn::PRACTICE).filter(|practice| practice.is_object())
}

fn value<'a, J: Node>(definition: &Definition, attribute: &'a J, context: &Context<'a>) -> Option<Value> {
    let found = match definition.wire.part {
        None => attribute,
        Some(part) => attribute.member(part)?,
    };
    let value = match definition.kind {
        Kind::Text if definition.names == Names::Role => return roles(found, context.every_role_counts).map(Value::Text),
        Kind::Text => return text(definition.names, found, context).map(text_value),
        Kind::TextOrNo if switch(found)? => {
            let (part, _) = definition.wire.beside?;
            return attribute.member(part).and_then(Node::text).map(text_value);
        }
        Kind::TextOrNo => Value::Flag(false),
        Kind::Flag => Value::Flag(switch(found)?),
        Kind::Number => Value::Number(found.whole()?),
        Kind::Set => match definition.names {
            Names::Clinic => Value::Set(values(found).map(|id| context.names.clinic_key(id).to_owned()).collect()),
            Names::Nothing | Names::Role | Names::Employee | Names::Colleague => Value::Set(texts(found)),
        },
        Kind::List => match definition.form {
            NormalForm::Phones => Value::List(phones(found, context.country)),
            NormalForm::Plain | NormalForm::Lines | NormalForm::Color | NormalForm::Address => {
                Value::List(values(found).map(str::to_owned).collect())
            }
        },
        Kind::Changes => {
            let set = |name: &str| found.member(name).map(texts).unwrap_or_default();
            if !found.is_object() {
                return None;
            }
            Value::changes(set("grant"), set("revoke"))
        }
    };
    Some(value)
}

fn text_value(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Reads the role of a user. A server may have given several, and all of them give access, so all are named, in one text that no roster says.
fn roles(found: &impl Node, every_role_counts: bool) -> Option<String> {
    let all: BTreeSet<String> = texts(found).into_iter().filter(|role| !role.trim().is_empty()).collect();
    if all.is_empty() || !every_role_counts {
        return first(found).and_then(value_of).map(str::to_owned);
    }
    Some(all.into_iter().collect::<Vec<_>>().join(", "))
}

/// Reads the text of a field; a clinic or record is named by its key.
fn text<'a, J: Node>(names: Names, found: &'a J, context: &Context<'a>) -> Option<&'a str> {
    match names {
        Names::Nothing | Names::Colleague | Names::Role => found.text(),
        Names::Clinic => found.text().map(|id| context.names.clinic_key(id)),
        Names::Employee => value_of(found).map(|id| context.names.employee_key(id)),
    }
}

/// Reads a boolean; some servers send it as text.
pub(super) fn switch(json: &impl Node) -> Option<bool> {
    json.flag().or_else(|| flag(json.text()?))
}

/// Returns the value of an element: itself, or its `value`.
pub(super) fn value_of<J: Node>(json: &J) -> Option<&str> {
    json.text().or_else(|| json.member("value")?.text())
}

/// Lists the elements of an array, or the single one without an array.
pub fn elements<J: Node>(json: &J) -> &[J] {
    json.items().unwrap_or(std::slice::from_ref(json))
}

/// Lists the values of an array, or the single one without an array.
pub(super) fn values<J: Node>(json: &J) -> impl Iterator<Item = &str> {
    elements(json).iter().filter_map(value_of)
}

/// Lists values as [`values`] does, each once and sorted.
pub(super) fn texts(json: &impl Node) -> BTreeSet<String> {
    values(json).map(str::to_owned).collect()
}

pub(super) fn is_primary(json: &impl Node) -> bool {
    json.member("primary").and_then(switch) == Some(true)
}

/// Returns the primary element, or else the first.
fn first<J: Node>(json: &J) -> Option<&J> {
    let elements = elements(json);
    elements.iter().find(|item| is_primary(*item)).or_else(|| elements.first())
}

/// Lists phone numbers, the cell phone first: the primary one, or else the first mobile one, or else in the given order.
fn phones(json: &impl Node, country: Option<Country>) -> Vec<String> {
    let items = elements(json);
    let is_mobile = |item| Node::member(item, "type").and_then(Node::text).is_some_and(|kind| kind.eq_ignore_ascii_case("mobile"));
    let cell = items.iter().position(is_primary).or_else(|| items.iter().position(is_mobile));
    let ordered =
        cell.and_then(|at| items.get(at)).into_iter().chain(items.iter().enumerate().filter(|(i, _)| Some(*i) != cell).map(|(_, v)| v));
    ordered.filter_map(value_of).map(|number| phone(number, country)).collect()
}

/// Returns a phone number as it is compared: in international form if the server has it in that of the country, or as it is.
#[must_use]
pub fn phone(number: &str, country: Option<Country>) -> String {
    let number = number.strip_prefix("tel:").unwrap_or(number);
    phone_in(country, number).unwrap_or_else(|| number.to_owned())
}
