//! The published JSON Schemas of plan, receipt, users, log and review, generated from the types that are printed.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::documents::document::PlanDocument;
use super::documents::receipt_document::ReceiptDocument;
use crate::report::log::document::LogDocument;
use crate::report::review::document::ReviewDocument;
use crate::report::users::document::UsersDocument;

/// The member of plans and receipts that has typed causes instead of sentences.
const EXACT: &str = "exact";
/// The member of a schema that has the schemas that others refer to.
const DEFINITIONS: &str = "$defs";

/// Returns the files of `schemas/` with their content.
#[must_use]
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("log.schema.json", text::<LogDocument>()),
        ("plan.schema.json", text::<PlanDocument<'static>>()),
        ("receipt.schema.json", text::<ReceiptDocument>()),
        ("review.schema.json", text::<ReviewDocument>()),
        ("users.schema.json", text::<UsersDocument>()),
    ]
}

fn text<T: schemars::JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    if let Some(root) = schema.as_object_mut() {
        without_inner_descriptions(root);
    }
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Takes the descriptions out of what only the typed part consists of: they are about the values of the program, for those who read its code.
fn without_inner_descriptions(root: &mut Map<String, Value>) {
    let Some(mut definitions) = root.remove(DEFINITIONS) else { return };
    let mut described = BTreeSet::new();
    if let Some(known) = definitions.as_object_mut() {
        root.values().for_each(|part| find(part, known, &mut described));
        let inner = known.iter_mut().filter(|(name, _)| !described.contains(*name));
        inner.for_each(|(_, schema)| strip(schema));
    }
    root.insert(DEFINITIONS.to_owned(), definitions);
}

/// Collects the names of the definitions that a schema refers to, also by others, except for those of the typed part.
fn find(schema: &Value, definitions: &Map<String, Value>, found: &mut BTreeSet<String>) {
    for part in schema.as_array().into_iter().flatten() {
        find(part, definitions, found);
    }
    for (key, part) in schema.as_object().into_iter().flatten().filter(|(key, _)| *key != EXACT) {
        let name = part.as_str().filter(|_| key == "$ref").and_then(|path| path.rsplit('/').next());
        if let Some((name, definition)) = name.and_then(|name| definitions.get_key_value(name))
            && found.insert(name.clone())
        {
            find(definition, definitions, found);
        }
        find(part, definitions, found);
    }
}

/// Takes all descriptions out of a schema.
fn strip(schema: &mut Value) {
    if let Some(members) = schema.as_object_mut() {
        // A property can have the name `description`; it is an object then.
        members.retain(|key, part| key != "description" || !part.is_string());
    }
    let (list, members) = match schema {
        Value::Array(list) => (Some(list), None),
        Value::Object(members) => (None, Some(members)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (None, None),
    };
    list.into_iter().flatten().chain(members.into_iter().flat_map(Map::values_mut)).for_each(strip);
}
