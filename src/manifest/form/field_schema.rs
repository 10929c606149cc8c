//! Builds the parts of the schemas that describe the field table.

use serde_json::{Map, Value, json};

use crate::model::{Field, GROUPS, Group, Kind, NormalForm};
use crate::platform;

use crate::manifest::scalars::{address_pattern, text_pattern};
use crate::manifest::{choices, said};

/// The definition of an entry, with the properties of the fields before the link to the employee record.
pub(in crate::manifest) fn with_fields(mut entry: Value) -> Value {
    if let Some(Value::Object(properties)) = entry.get_mut("properties") {
        let own = std::mem::take(properties);
        for (key, property) in own {
            if key == Field::Employee.key() {
                properties.extend(properties_of(""));
            }
            properties.insert(key, property);
        }
    }
    entry
}

/// The definitions of the maps that hold fields, by name.
pub(in crate::manifest) fn maps() -> impl Iterator<Item = (String, Value)> {
    GROUPS.iter().filter_map(|group| {
        let key = group.key?;
        let mut map = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties_of(key),
            "description": group.yaml,
        });
        let (required, is_switch) = (required(key), said::field(key).is_some());
        for word in required.iter().filter(|_| is_switch) {
            // A required key has a value, so `null` is not one.
            if let Some(map) = map.pointer_mut(&format!("/properties/{word}")).and_then(Value::as_object_mut) {
                not_null(map);
            }
        }
        if let (false, Some(map)) = (required.is_empty(), map.as_object_mut()) {
            if is_switch {
                map.insert("required".to_owned(), json!(required));
            } else {
                // An empty map, and one in which nothing has a value, clears what is in it.
                let valued = |word: &str| json!({ "required": [word], "properties": { word: { "not": { "type": "null" } } } });
                let others = said::words(key).iter().filter(|word| !required.contains(word));
                map.insert("if".to_owned(), json!({ "anyOf": others.map(|word| valued(word)).collect::<Vec<_>>() }));
                map.insert("then".to_owned(), json!({ "allOf": required.iter().map(|word| valued(word)).collect::<Vec<_>>() }));
            }
        }
        Some((name(key), map))
    })
}

/// The keys that a map requires, on every platform that has them.
fn required(map: &str) -> Vec<&'static str> {
    let word = |field: Field| field.key().strip_prefix(map)?.strip_prefix('.').filter(|word| !word.contains('.'));
    let is_required = |field: Field| {
        let mut having = platform::built_in().iter().filter(|platform| platform.catalog().field(field).is_some());
        having.all(|platform| platform.required_in_maps().contains(&field))
    };
    Field::ALL.into_iter().filter_map(|field| word(field).filter(|_| is_required(field))).collect()
}

/// The name of the definition of a map: `BookingProfileEntry`.
fn name(key: &str) -> String {
    let word = key.rsplit('.').next().unwrap_or(key);
    let upper = |part: &str| part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>();
    format!("{}Entry", word.split('_').map(upper).collect::<String>())
}

/// Takes `null` out of the values that a property can have.
fn not_null(property: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = property.get_mut("type") {
        types.retain(|kind| kind != "null");
    }
    if let Some(Value::Array(cases)) = property.get_mut("anyOf") {
        cases.retain(|case| case.get("type") != Some(&json!("null")));
    }
}

fn properties_of(map: &str) -> Map<String, Value> {
    said::words(map).iter().map(|word| ((*word).to_owned(), property(&said::key(map, word)))).collect()
}

/// The properties of all fields in a flat map, in which the keys of nested maps have dots.
pub(in crate::manifest) fn flat_properties() -> Map<String, Value> {
    said::flat_words().map(|key| (key.to_owned(), property_in(key, None))).collect()
}

fn property(key: &str) -> Value {
    property_in(key, GROUPS.iter().find(|group| group.key == Some(key)))
}

fn property_in(key: &str, group: Option<&Group>) -> Value {
    let reference = group.map(|_| json!({ "$ref": format!("#/$defs/{}", name(key)) }));
    let Some((field, is_other)) = said::field(key) else {
        return json!({ "anyOf": [reference, { "type": "null" }], "description": group.map(|group| group.yaml) });
    };
    let definition = field.definition();
    let described = match definition.also {
        Some((_, other)) if is_other => other,
        // Users have a link instead.
        Some(_) | None if field == Field::Employee => "This is the key of the employee record.",
        Some(_) | None => definition.yaml,
    };
    let mut property = match (definition.kind, reference) {
        (Kind::Flag, Some(settings)) => json!({ "anyOf": [{ "anyOf": [{ "const": false }, settings] }, { "type": "null" }] }),
        (Kind::Text, _) => json!({ "type": ["string", "null"] }),
        (Kind::TextOrNo, _) => {
            json!({ "anyOf": [{ "anyOf": [{ "const": false }, { "type": "string", "pattern": address_pattern() }] }, { "type": "null" }] })
        }
        (Kind::Flag, None) => json!({ "type": ["boolean", "null"] }),
        (Kind::Number, _) => json!({ "type": ["integer", "null"], "format": "int64", "minimum": 0 }),
        (Kind::List | Kind::Set, _) => {
            // A phone number is understood without quotes, too.
            let are_phones = definition.form == NormalForm::Phones;
            let item = if are_phones { json!(["string", "number"]) } else { json!("string") };
            json!({ "type": ["array", "null"], "items": { "type": item } })
        }
        (Kind::Changes, _) if is_other => {
            let names = |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
            json!({
                "type": ["object", "null"],
                "properties": {
                    "grant": names("These privileges are granted in addition to those of the type."),
                    "revoke": names("Privileges of the type that are revoked."),
                },
                "additionalProperties": false,
            })
        }
        (Kind::Changes, _) => json!({ "type": ["object", "null"], "additionalProperties": { "type": "boolean" } }),
    };
    if let Some(property) = property.as_object_mut() {
        property.insert("description".to_owned(), json!(described));
        if !definition.example.is_empty() {
            let examples = match definition.kind {
                Kind::List | Kind::Set => json!([definition.example]),
                Kind::Text | Kind::TextOrNo | Kind::Flag | Kind::Number | Kind::Changes => json!(definition.example),
            };
            property.insert("examples".to_owned(), examples);
        }
        if !definition.only.is_empty() {
            let words = definition.only.iter().map(|only| (*only, format!("The value is `{only}`.")));
            let mut choice = choices::one_of(words);
            if let Some(cases) = choice.get_mut("oneOf").and_then(Value::as_array_mut) {
                cases.push(json!({ "type": "null" }));
            }
            property.extend(choice.as_object().cloned().unwrap_or_default());
        }
        match definition.form {
            NormalForm::Color => {
                property.insert("pattern".to_owned(), json!(r"^\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*$"));
            }
            NormalForm::Plain | NormalForm::Lines if definition.kind == Kind::Text => {
                property.insert("pattern".to_owned(), json!(text_pattern(definition.form == NormalForm::Lines)));
            }
            NormalForm::Plain | NormalForm::Lines | NormalForm::Phones | NormalForm::Address => {}
        }
    }
    property
}
