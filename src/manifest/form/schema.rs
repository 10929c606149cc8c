//! Builds the documents' JSON Schemas from the types and the catalogs, for completion and checks in an editor.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::model::{Action, BLOCKED, BlockReason, Email, Field, Fields, Standing, StepValue};
use crate::platform::seats::SeatsBy;
use crate::platform::{Candidate, Catalog, FieldRule, LONGEST_NOTE, Platform, built_in};

use super::choices;
use super::entries::{
    ClinicEntry, EmployeeEntry, RoleEntry, ScimEntry, StartEntry, UsersOfEntry, WaiverEntry, WaiversEntry, WorkspaceEntry,
};
use super::field_schema::{maps, with_fields};
use super::user_entry::{BlockEntry, Of, ServiceEntry, UserEntry, keys_of_all, user_keys};
use crate::manifest::check::Nearby;
use crate::manifest::definition::check::LONGEST_KEY;
use crate::manifest::definition::entries::DefinitionEntry;
use crate::manifest::said::{self, flat_words};
use crate::manifest::scalars::{VISIBLE, address_pattern, id_pattern, lines_pattern, slug, text_pattern};
use crate::manifest::secret_entry::PasscodeEntry;
use crate::manifest::snapshot::entries::{AttestedEntry, FromEntry, SnapshotEntry, TabEntry};
use crate::manifest::workspaces::supporting::OF_SOME;

/// Required keys by type. In the types themselves every key is optional, so that all missing keys are reported at once.
fn required() -> [(Cow<'static, str>, &'static [&'static str]); 7] {
    [
        (ClinicEntry::schema_name(), &["name"]),
        (ScimEntry::schema_name(), &["url", "token"]),
        (EmployeeEntry::schema_name(), &["first_name", "last_name"]),
        (WaiverEntry::schema_name(), &["guard", "plan", "reason", "until"]),
        (BlockEntry::schema_name(), &["reason"]),
        (ServiceEntry::schema_name(), &["owner"]),
        (PasscodeEntry::schema_name(), &["renew"]),
    ]
}

/// Builds the schema of a workspace file: each platform has its own fields, roles and privileges.
#[must_use]
pub fn workspace() -> Value {
    let mut schema = generate::<WorkspaceEntry>("A workspace in the roster");
    let user = with_fields(definition(&mut schema, &UserEntry::schema_name()));
    let platforms = built_in().iter().map(|p| (p.word(), choices::runs_on(p.catalog())));
    let own = json!({ "type": "string", "pattern": slug(), "description": "The roster defines this platform in a file of its own." });
    set(&mut schema, "/properties/platform", "anyOf", json!([choices::one_of(platforms), own]));
    set(&mut schema, "/properties/users", "additionalProperties", json!(true));
    set(&mut schema, "/properties/users", "propertyNames", addresses());
    keys(&mut schema);
    set(&mut schema, "", "required", json!(["workspace", "platform", "connection", "users"]));
    let mut cases = Vec::new();
    for platform in built_in() {
        let catalog = platform.catalog();
        let name = format!("user-of-{}", catalog.platform);
        set(&mut schema, "/$defs", &name, user_of(platform, &user, Of::Workspace));
        cases.push(json!({
            "if": { "properties": { "platform": { "const": catalog.platform } }, "required": ["platform"] },
            "then": case(catalog, &name),
        }));
    }
    set(&mut schema, "/$defs", OWN_USER, open(user));
    cases.push(json!({
        "if": { "properties": { "platform": { "enum": built_in().iter().map(|p| p.word()).collect::<Vec<_>>() } } },
        "else": {
            "properties": {
                "connection": { "required": ["snapshot"] },
                "users": { "additionalProperties": { "$ref": format!("#/$defs/{OWN_USER}") } },
            },
        },
    }));
    set(&mut schema, "", "allOf", Value::Array(cases));
    schema
}

/// The name of the schema of a user on a platform that the roster defines.
const OWN_USER: &str = "user-of-own-platform";

/// Allows keys that only the roster's definition of a platform knows. No definition can have the keys of a start file.
fn open(mut entry: Value) -> Value {
    set(&mut entry, "", "additionalProperties", json!(true));
    for key in keys_of_all(Of::Start) {
        set(&mut entry, "/properties", key, json!(false));
    }
    entry
}

/// Builds the schema of a file that defines a platform.
#[must_use]
pub fn define_platform() -> Value {
    let mut schema = generate::<DefinitionEntry>("A product that a roster defines");
    set(&mut schema, "", "required", json!(["define_platform", "name", "fields"]));
    let rule = json!({ "$ref": format!("#/$defs/{}", FieldRule::schema_name()) });
    let known = Field::ALL
        .into_iter()
        .filter(|field| *field != Field::Email)
        .map(|field| (field.key().to_owned(), json!({ "allOf": [rule], "not": { "required": ["kind"] } })));
    set(&mut schema, "/properties/fields", "properties", Value::Object(known.collect()));
    set(&mut schema, "/properties/fields", "additionalProperties", json!({ "allOf": [rule], "required": ["kind"] }));
    let reserved = format!("email|login|name|type|permissions|{}|{BLOCKED}|id|formerly", StepValue::STATUS);
    let own = format!("^(?!({reserved})$)[a-z][a-z0-9_]{{0,{}}}(\\.[a-z_.]+)?$", LONGEST_KEY - 1);
    set(&mut schema, "/properties/fields", "propertyNames", json!({ "pattern": own }));
    set(&mut schema, "/properties/roles", "propertyNames", json!({ "pattern": slug() }));
    let actions: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    set(&mut schema, "/properties/runbook", "propertyNames", json!({ "enum": actions }));
    let active = json!({ "const": Standing::Active.as_str(), "description": "Every product has active users." });
    set(&mut schema, "/properties/states", "contains", active);
    set(&mut schema, "/properties/name", "pattern", json!(text_pattern(false)));
    let ours: Vec<&str> = built_in().iter().map(|platform| platform.word()).collect();
    set(&mut schema, "/properties/define_platform", "not", json!({ "enum": ours }));
    schema
}

/// Builds the schema of a file of waivers.
#[must_use]
pub fn waivers() -> Value {
    let mut schema = generate::<WaiversEntry>("A file of waivers in the roster");
    set(&mut schema, "", "required", json!(["waivers"]));
    set(&mut schema, "/$defs/WaiverEntry", "required", json!(["workspace", "guard", "plan", "reason", "until"]));
    schema
}

/// Builds the schema of a start file; its accounts can have the fields of every platform.
#[must_use]
pub fn start() -> Value {
    let mut schema = generate::<StartEntry>("The start file of an embedded workspace");
    let mut user = with_fields(definition(&mut schema, &UserEntry::schema_name()));
    let known: Vec<&str> = built_in().iter().flat_map(|p| user_keys(p.catalog(), Of::Start)).collect();
    retain(&mut user, &known);
    // An account that is being made has no older passcode.
    set(&mut user, "/properties/passcode", "anyOf", json!([{ "type": "boolean" }]));
    set(&mut schema, "/$defs", &UserEntry::schema_name(), user);
    set(&mut schema, "/properties/accounts", "propertyNames", addresses());
    keys(&mut schema);
    set(&mut schema, "", "required", json!(["start"]));
    schema
}

/// Builds the schema of a file with more users of a workspace, which can have the fields of every platform.
#[must_use]
pub fn users_of() -> Value {
    let mut schema = generate::<UsersOfEntry>("More users of a workspace in the roster");
    let mut user = with_fields(definition(&mut schema, &UserEntry::schema_name()));
    let known: Vec<&str> = built_in().iter().flat_map(|p| user_keys(p.catalog(), Of::Workspace)).collect();
    retain(&mut user, &known);
    set(&mut schema, "/$defs", &UserEntry::schema_name(), open(user));
    set(&mut schema, "/properties/users", "propertyNames", addresses());
    set(&mut schema, "", "required", json!(["users_of", "users"]));
    schema
}

/// Builds the schema of a file with a workspace's own list of users, which can have the fields of every platform.
#[must_use]
pub fn snapshot() -> Value {
    let mut schema = generate::<SnapshotEntry>("A workspace's own list of users");
    set(&mut schema, "", "required", json!(["snapshot", "tabs", "shows", "accounts"]));
    set(&mut schema, "/properties/tabs", "minProperties", json!(1));
    for (name, keys) in [
        (FromEntry::schema_name(), json!(["file", "sha256"])),
        (TabEntry::schema_name(), json!(["taken"])),
        (AttestedEntry::schema_name(), json!(["id", "user", "change", "set", "by", "at", "plan"])),
    ] {
        set(&mut schema, &format!("/$defs/{name}"), "required", keys);
    }
    set(&mut schema, "/$defs/AttestedEntry/properties/id", "pattern", json!("^[0-9a-fA-F]{8}$"));
    set(&mut schema, "/$defs/AttestedEntry/properties/plan", "pattern", json!("^[0-9a-fA-F]{12,64}$"));
    let words: Vec<String> = flat_words().map(str::to_owned).chain([StepValue::STATUS, BLOCKED].map(str::to_owned)).collect();
    set(&mut schema, "/properties/shows/items", "anyOf", json!([{ "enum": words }, { "pattern": "^[a-z][a-z0-9_]*$" }]));
    schema
}

pub(in crate::manifest) fn generate<T: JsonSchema>(title: &str) -> Value {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    set(&mut schema, "", "title", json!(title));
    if schema.pointer(&format!("/$defs/{}", UserEntry::schema_name())).is_some() {
        for (name, map) in maps() {
            set(&mut schema, "/$defs", &name, map);
        }
    }
    for (name, keys) in required() {
        set(&mut schema, &format!("/$defs/{name}"), "required", json!(keys));
    }
    for (name, key) in [
        (ClinicEntry::schema_name(), "name"),
        (RoleEntry::schema_name(), "name"),
        (EmployeeEntry::schema_name(), "first_name"),
        (EmployeeEntry::schema_name(), "last_name"),
    ] {
        set(&mut schema, &format!("/$defs/{name}/properties/{key}"), "pattern", json!(text_pattern(false)));
    }
    let other = json!({ "properties": { "reason": { "const": BlockReason::Other.as_str() } }, "required": ["reason"] });
    let block = format!("/$defs/{}", BlockEntry::schema_name());
    merge(&mut schema, &block, &json!({ "if": other, "then": { "required": ["note"] } }));
    merge(&mut schema, &format!("{block}/properties/note"), &json!({ "maxLength": LONGEST_NOTE, "pattern": lines_pattern() }));
    merge(&mut schema, "/$defs/WaiverEntry/properties/guard", &choices::guards());
    set(&mut schema, "/$defs/WaiverEntry/properties/plan", "pattern", json!("^[0-9a-fA-F]{12,64}$"));
    set(&mut schema, "/$defs/WaiverEntry/properties/reason", "pattern", json!(text_pattern(false)));
    for path in ["path", "start"] {
        set(&mut schema, &format!("/$defs/EmbeddedEntry/properties/{path}"), "pattern", json!(VISIBLE));
    }
    for limit in ["RemovalsEntry/properties/count", "AdministratorsEntry/properties/at_least"] {
        set(&mut schema, &format!("/$defs/{limit}"), "maximum", json!(u32::MAX));
    }
    schema
}

/// Returns the pattern of a key that is an address.
fn addresses() -> Value {
    json!({ "pattern": address_pattern() })
}

/// Limits the keys of clinics, and those of roles to what can be one on some platform.
fn keys(schema: &mut Value) {
    set(schema, "/properties/clinics", "propertyNames", json!({ "pattern": slug() }));
    set(schema, "/properties/roles", "propertyNames", json!({ "pattern": id_pattern() }));
}

/// Limits a subscription's plan and prices to those of the platform.
fn subscription(catalog: &Catalog) -> Value {
    let kinds = |words: &'static str| catalog.seats.kinds.iter().map(move |kind| (kind.as_str(), format!("{words} `{kind}`.")));
    let prices = choices::map_of(kinds("This is the monthly price in US dollars of a seat of the kind"), &json!({}));
    let plan = match catalog.seats.by {
        SeatsBy::Plan => choices::one_of(kinds("Every seat is billed by the plan")),
        SeatsBy::Role | SeatsBy::Account => json!(false),
    };
    json!({ "properties": { "plan": plan, "prices": prices } })
}

/// Limits values that only some roles can have, by asking the platform's rules about every value.
fn by_role(platform: &Platform, of_role: &str) -> Vec<Value> {
    let catalog = platform.catalog();
    let (clinics, roles) = (BTreeMap::new(), BTreeMap::new());
    let around =
        Nearby { catalog, clinics: &clinics, roles: &roles, people: &|_| None, renamed: &|_| None, is_excused: &|_, _| false, root: None };
    let mut cases = Vec::new();
    let Ok(email) = Email::parse("somebody@practice.example") else { return cases };
    for (field, rule) in catalog.known_fields().filter(|(_, rule)| !rule.allowed.is_empty()) {
        for role in catalog.roles.keys() {
            let may_have = |entry: &&String| {
                let mut fields = Fields::default();
                fields.set(Field::Role, crate::model::Value::Text(role.clone()));
                fields.set(field, crate::model::Value::Set(std::iter::once((*entry).clone()).collect()));
                let candidate = Candidate { email: &email, fields: &fields, active: true, main_admin: false };
                !platform.violations(&candidate, &around).iter().any(|v| v.field == field)
            };
            let left: Vec<&String> = rule.allowed.iter().filter(may_have).collect();
            let limit = match left.len() {
                all if all == rule.allowed.len() => continue,
                0 => json!({ "maxItems": 0 }),
                _ => json!({ "items": { "enum": left } }),
            };
            cases.push(json!({
                "if": { "properties": { of_role: { "const": role } }, "required": [of_role] },
                "then": { "properties": { catalog.yaml_key(field): limit } },
            }));
        }
    }
    cases
}

/// Builds the part of the schema for the workspaces of one platform.
fn case(catalog: &Catalog, user: &str) -> Value {
    let mut properties = Map::new();
    properties.insert("users".to_owned(), json!({ "additionalProperties": { "$ref": format!("#/$defs/{user}") } }));
    properties.insert("subscription".to_owned(), subscription(catalog));
    let others = OF_SOME.into_iter().filter(|(_, has)| !has(catalog));
    properties.extend(others.map(|(key, _)| (key.to_owned(), json!(false))));
    if catalog.custom_roles && !catalog.open_privileges {
        let role = json!({ "based_on": { "anyOf": choices::roles(catalog) }, "privileges": choices::privilege_switches(catalog) });
        // A custom role cannot have the key of a built-in one.
        let built_in: Map<String, Value> = catalog.roles.keys().map(|key| (key.clone(), json!(false))).collect();
        let names = if catalog.open_roles { id_pattern() } else { slug() };
        let roles =
            json!({ "propertyNames": { "pattern": names }, "properties": built_in, "additionalProperties": { "properties": role } });
        properties.insert("roles".to_owned(), roles);
    }
    let mut case = json!({ "properties": properties });
    if catalog.main_admin_optional {
        // Only an embedded workspace needs one, which makes the changes.
        let embedded = json!({ "properties": { "connection": { "required": ["embedded"] } }, "required": ["connection"] });
        merge(&mut case, "", &json!({ "if": embedded, "then": { "required": ["main_admin"] } }));
    } else {
        set(&mut case, "", "required", json!(["main_admin"]));
    }
    let mut more = Vec::new();
    if catalog.initial_password {
        let nobody = json!({ "properties": { "users": { "additionalProperties": { "not": { "required": ["initial_password"] } } } } });
        more.push(json!({ "anyOf": [nobody, { "required": ["initial_password"] }] }));
    }
    if catalog.country.is_none() && catalog.field(Field::Phones).is_some() {
        let international = json!({ "items": { "pattern": r"^\s*\+" } });
        let phones = json!({ "properties": { catalog.yaml_key(Field::Phones): international } });
        more.push(json!({ "anyOf": [{ "required": ["country"] }, { "properties": { "users": { "additionalProperties": phones } } }] }));
    }
    if !more.is_empty() {
        set(&mut case, "", "allOf", Value::Array(more));
    }
    case
}

/// Builds the schema of a user of one platform, with that platform's fields, roles and privileges.
fn user_of(platform: &Platform, all: &Value, of: Of) -> Value {
    let catalog = platform.catalog();
    let mut user = all.clone();
    retain(&mut user, &user_keys(catalog, of));
    let required: Vec<&str> = catalog.known_fields().filter(|(_, rule)| rule.required).map(|(field, _)| catalog.yaml_key(field)).collect();
    set(&mut user, "", "required", json!(required));
    let at = |field| format!("/properties/{}", catalog.yaml_key(field));
    if !catalog.roles.is_empty() {
        set(&mut user, &at(Field::Role), "anyOf", choices::roles(catalog));
    }
    for (field, rule) in catalog.known_fields() {
        if let Some(most) = rule.most {
            set(&mut user, &at(field), "maxItems", json!(most));
        }
        if rule.required
            && let Some(Value::Array(types)) = user.pointer_mut(&format!("{}/type", at(field)))
        {
            types.retain(|kind| kind != "null");
            if types.iter().any(|kind| kind == "array") {
                set(&mut user, &at(field), "minItems", json!(1));
            }
        }
        if !rule.allowed.is_empty() {
            let words = |entry: &String| rule.because.get(entry).map_or_else(|| format!("The entry is `{entry}`."), |why| sentence(why));
            set(&mut user, &at(field), "items", choices::one_of(rule.allowed.iter().map(|entry| (entry.as_str(), words(entry)))));
        }
    }
    let mut cases = by_role(platform, catalog.yaml_key(Field::Role));
    if catalog.field(Field::DefaultClinic).is_some() {
        let (clinics, default) = (catalog.yaml_key(Field::Clinics), catalog.yaml_key(Field::DefaultClinic));
        let several = json!({ "type": "array", "minItems": 2, "uniqueItems": true });
        cases.push(json!({
            "if": { "properties": { clinics: several }, "required": [clinics] },
            "then": { "properties": { default: { "type": "string" } }, "required": [default] },
        }));
    }
    if !cases.is_empty() {
        set(&mut user, "", "allOf", Value::Array(cases));
    }
    match catalog.yaml_key(Field::PrivilegeChanges) {
        key if said::field(key).is_some_and(|(_, is_other)| is_other) && !catalog.open_privileges => {
            let names = choices::privilege_list(catalog);
            let description = user.pointer(&format!("/properties/{key}/description")).cloned();
            let changes = json!({
                "description": description,
                "type": ["object", "null"],
                "properties": { "grant": names, "revoke": names },
                "additionalProperties": false,
            });
            set(&mut user, "/properties", key, changes);
        }
        key if !catalog.open_privileges && catalog.field(Field::PrivilegeChanges).is_some() => {
            merge(&mut user, &format!("/properties/{key}"), &Value::Object(choices::privilege_switches(catalog)));
        }
        _ => {}
    }
    user
}

/// Removes a definition.
fn definition(schema: &mut Value, name: &str) -> Value {
    schema.pointer_mut("/$defs").and_then(Value::as_object_mut).and_then(|defs| defs.shift_remove(name)).unwrap_or_default()
}

/// Removes all properties but these.
fn retain(schema: &mut Value, keys: &[&str]) {
    if let Some(properties) = schema.pointer_mut("/properties").and_then(Value::as_object_mut) {
        properties.retain(|key, _| keys.contains(&key.as_str()));
    }
}

/// Sets a key of the object at a pointer, if there is one.
pub(in crate::manifest) fn set(schema: &mut Value, pointer: &str, key: &str, value: Value) {
    if let Some(object) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(key.to_owned(), value);
    }
}

/// Sets all keys of an object at a pointer.
fn merge(schema: &mut Value, pointer: &str, values: &Value) {
    for (key, value) in values.as_object().into_iter().flatten() {
        set(schema, pointer, key, value.clone());
    }
}

/// Writes a clause of a catalog as a sentence.
fn sentence(clause: &str) -> String {
    let mut rest = clause.chars();
    rest.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), rest.as_str()))
}
