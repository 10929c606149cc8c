//! Builds the parts of the schemas that list names: editors complete them, and each has words of its own.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::Guard;
use crate::platform::Catalog;

/// A value that one of several names can have, each with its own words.
pub(in crate::manifest) fn one_of<'n>(names: impl IntoIterator<Item = (&'n str, String)>) -> Value {
    let names: Vec<Value> = names.into_iter().map(|(name, words)| json!({ "const": name, "description": words })).collect();
    json!({ "oneOf": names })
}

/// A map whose keys are some of these names; its values have the type of `value`.
pub(in crate::manifest) fn map_of<'n>(names: impl IntoIterator<Item = (&'n str, String)>, value: &Value) -> Value {
    let property = |words: String| {
        let mut property = value.as_object().cloned().unwrap_or_default();
        property.insert("description".to_owned(), json!(words));
        Value::Object(property)
    };
    let properties: Map<String, Value> = names.into_iter().map(|(name, words)| (name.to_owned(), property(words))).collect();
    json!({ "properties": properties, "additionalProperties": false })
}

/// Describes the choice of a platform.
pub(in crate::manifest) fn runs_on(catalog: &Catalog) -> String {
    format!("The workspace runs on {}.", catalog.name)
}

/// The roles of a platform; any other text names a role of the roster, if the platform allows those.
pub(in crate::manifest) fn roles(catalog: &Catalog) -> Value {
    let roles = catalog.roles.iter().map(|(key, role)| (key.as_str(), format!("This is the role {} of {}.", role.name, catalog.name)));
    let own = catalog.custom_roles.then(|| json!({ "type": "string", "minLength": 1 }));
    Value::Array([one_of(roles)].into_iter().chain(own).collect())
}

/// The privileges of a platform with their words.
fn privileges(catalog: &Catalog) -> impl Iterator<Item = (&str, String)> {
    catalog.privileges.iter().map(|(key, entry)| {
        let name = entry.name.as_deref().unwrap_or(key);
        (key.as_str(), format!("This is the privilege “{name}” of {}.", catalog.name))
    })
}

/// A list of privileges; like the platform, it accepts them in any case.
pub(in crate::manifest) fn privilege_list(catalog: &Catalog) -> Value {
    let in_any_case = json!({ "type": "string", "pattern": any_case(catalog) });
    json!({ "type": "array", "items": { "anyOf": [one_of(privileges(catalog)), in_any_case] } })
}

/// A map of privileges switched on or off; like the platform, it accepts them in any case.
pub(in crate::manifest) fn privilege_switches(catalog: &Catalog) -> Map<String, Value> {
    let switch = json!({ "type": "boolean" });
    let mut map = map_of(privileges(catalog), &switch);
    if let Some(map) = map.as_object_mut() {
        map.insert("patternProperties".to_owned(), json!({ any_case(catalog): switch }));
    }
    map.as_object().cloned().unwrap_or_default()
}

/// A pattern that every privilege of a platform fits in any case. JSON Schema has no flag for that.
fn any_case(catalog: &Catalog) -> String {
    let letter = |c: char| match c {
        c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        c if c.is_ascii_alphanumeric() || " -_/:,&'".contains(c) => c.to_string(),
        c => format!("\\{c}"),
    };
    let names: Vec<String> = catalog.privileges.keys().map(|key| key.chars().map(letter).collect()).collect();
    format!("^({})$", names.join("|"))
}

/// The guards that a waiver can lift, with their words.
pub(in crate::manifest) fn guards() -> Value {
    let all = schemars::schema_for!(Guard).to_value();
    let described = all.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let text = |one: &Value, key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let words: BTreeMap<String, String> = described.map(|one| (text(one, "const"), text(one, "description"))).collect();
    let waivable = Guard::ALL.into_iter().filter(|guard| guard.is_waivable());
    one_of(waivable.map(|guard| (guard.code(), words.get(guard.code()).cloned().unwrap_or_default())))
}
