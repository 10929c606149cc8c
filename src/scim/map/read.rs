//! Wire attributes → fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::Context;
use super::table::{DIRECTOR, Form, Slot, slot};
use crate::model::{Field, Fields, Value};
use crate::platform;
use crate::scim::filter::flag;
use crate::scim::urn;
use crate::scim::value::member;

/// The fields of a wire user that the platform has, in the platform's stored form. What the server has and is not there is `Unset`;
/// what the server does not have (no practice extension) is absent.
#[must_use]
pub fn user_fields(user: &Json, context: &Context<'_>) -> Fields {
    let empty = Map::new();
    let core = user.as_object().unwrap_or(&empty);
    let practice = extension(core);
    let mut fields = Fields::default();
    for (field, _) in context.catalog.known_fields().filter(|(field, _)| *field != Field::Email) {
        let slot = slot(field);
        if slot.practice && !context.practice_extension && practice.is_none() {
            continue;
        }
        let holder = if slot.practice { practice.unwrap_or(&empty) } else { core };
        fields.set(field, value(&slot, holder, context));
    }
    platform::rules(&crate::model::PlatformId(context.catalog.platform.clone())).normalize(&mut fields);
    fields
}

/// The practice extension of a user.
pub(super) fn extension(user: &Map<String, Json>) -> Option<&Map<String, Json>> {
    member(user, urn::PRACTICE).and_then(Json::as_object)
}

fn value(slot: &Slot, holder: &Map<String, Json>, context: &Context<'_>) -> Value {
    let attribute = member(holder, slot.attribute);
    let found = match slot.part {
        None => attribute,
        Some(part) => attribute.and_then(Json::as_object).and_then(|parts| member(parts, part)),
    };
    let Some(found) = found else { return Value::Unset };
    let read = match slot.form {
        Form::Text => text(found).map(Value::Text),
        Form::Flag => switch(found).map(Value::Flag),
        Form::Number => whole(found).map(Value::Number),
        Form::Texts => Some(Value::Set(texts(found))),
        Form::Phones => Some(Value::List(phones(found))),
        Form::Role => first(found).and_then(value_of).map(Value::Text),
        Form::Clinics => Some(Value::Set(texts(found).iter().map(|id| context.names.clinic_key(id).to_owned()).collect())),
        Form::Clinic => text(found).map(|id| Value::Text(context.names.clinic_key(&id).to_owned())),
        Form::Changes => found.as_object().map(|parts| {
            let set = |name: &str| member(parts, name).map(texts).unwrap_or_default();
            Value::changes(set("grant"), set("revoke"))
        }),
        Form::Director => director(found, attribute.and_then(Json::as_object)),
        Form::Employee => value_of(found).map(|id| Value::Text(context.names.employee_key(&id).to_owned())),
    };
    read.filter(|v| !v.is_empty()).unwrap_or(Value::Unset)
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

/// A boolean; some servers send it as text.
pub(super) fn switch(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(flag) => Some(*flag),
        Json::String(word) => flag(word),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only whole numbers within 2^53 are taken")]
fn whole(json: &Json) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    json.as_i64().or_else(|| json.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= EXACT).map(|n| n as i64))
}

/// The value of an element: itself, or its `value`.
fn value_of(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Object(parts) => member(parts, "value").and_then(text),
        _ => None,
    }
}

/// The values of an array, or of one that stands alone.
pub(super) fn texts(json: &Json) -> BTreeSet<String> {
    match json {
        Json::Array(items) => items.iter().filter_map(value_of).collect(),
        one => value_of(one).into_iter().collect(),
    }
}

fn is_primary(json: &Json) -> bool {
    json.as_object().and_then(|parts| member(parts, "primary")).and_then(switch) == Some(true)
}

/// The primary element, else the first.
fn first(json: &Json) -> Option<&Json> {
    match json {
        Json::Array(items) => items.iter().find(|item| is_primary(item)).or_else(|| items.first()),
        one => Some(one),
    }
}

/// Numbers with the cell phone first: the primary one, else the first mobile one, else as they come.
fn phones(json: &Json) -> Vec<String> {
    let items: Vec<&Json> = match json {
        Json::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    let is_mobile = |item: &Json| {
        let kind = item.as_object().and_then(|parts| member(parts, "type")).and_then(Json::as_str);
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("mobile"))
    };
    let cell = items.iter().position(|item| is_primary(item)).or_else(|| items.iter().position(|item| is_mobile(item)));
    let ordered =
        cell.and_then(|at| items.get(at)).into_iter().chain(items.iter().enumerate().filter(|(i, _)| Some(*i) != cell).map(|(_, v)| v));
    ordered.filter_map(|item| value_of(item)).map(|number| number.strip_prefix("tel:").map(str::to_owned).unwrap_or(number)).collect()
}

fn director(consent: &Json, provider: Option<&Map<String, Json>>) -> Option<Value> {
    if switch(consent)? {
        provider.and_then(|parts| member(parts, DIRECTOR)).and_then(text).map(Value::Text)
    } else {
        Some(Value::Flag(false))
    }
}
