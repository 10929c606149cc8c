//! Builds the JSON Schema of a server's configuration.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::entries::{HostedEntry, MetricsEntry, ServerEntry, TlsEntry};
use super::post::{MailEntry, SmsEntry};
use crate::manifest::form::choices;
use crate::manifest::form::schema::{generate, set};
use crate::manifest::scalars::slug;
use crate::platform::built_in;

/// Builds the schema of the configuration of a server.
#[must_use]
pub fn schema() -> Value {
    let mut schema = generate::<ServerEntry>("The configuration of a workspace server");
    set(&mut schema, "", "required", json!(["server", "workspaces"]));
    set(&mut schema, "", "if", json!({ "properties": { "proxies": { "minItems": 1 } }, "required": ["proxies"] }));
    set(&mut schema, "", "then", json!({ "required": ["public_url"] }));
    set(&mut schema, "/properties/workspaces", "propertyNames", json!({ "pattern": slug() }));
    set(&mut schema, "/properties/workspaces", "minProperties", json!(1));
    set(&mut schema, "/properties/database", "pattern", json!(PATH));
    set(&mut schema, &format!("/$defs/{}", MetricsEntry::schema_name()), "required", json!(["listen"]));
    let tls = format!("/$defs/{}", TlsEntry::schema_name());
    set(&mut schema, &tls, "required", json!(["certificate", "key"]));
    for key in ["certificate", "key"] {
        set(&mut schema, &format!("{tls}/properties/{key}"), "pattern", json!(PATH));
    }
    let mail = format!("/$defs/{}", MailEntry::schema_name());
    set(&mut schema, &mail, "required", json!(["server", "from"]));
    set(&mut schema, &format!("{mail}/properties/authority"), "pattern", json!(PATH));
    let sms = format!("/$defs/{}", SmsEntry::schema_name());
    set(&mut schema, &sms, "required", json!(["url"]));
    for entry in [mail, sms] {
        set(&mut schema, &entry, "dependentRequired", json!({ "user": ["password"], "password": ["user"] }));
    }
    let hosted = format!("/$defs/{}", HostedEntry::schema_name());
    for key in ["roster", "start"] {
        set(&mut schema, &format!("{hosted}/properties/{key}"), "pattern", json!(PATH));
    }
    let platforms = built_in().iter().map(|p| (p.word(), choices::runs_on(p.catalog())));
    set(&mut schema, &format!("{hosted}/properties/platform"), "anyOf", json!([choices::one_of(platforms)]));
    let without: Vec<&str> = built_in().iter().filter(|p| p.catalog().main_admin_optional).map(|p| p.word()).collect();
    let by_roster = json!({ "start": false, "main_admin": false, "time_zone": false, "country": false });
    set(&mut schema, &hosted, "if", json!({ "required": ["roster"] }));
    set(&mut schema, &hosted, "then", json!({ "properties": by_roster }));
    let has_no_main_admin = json!({ "properties": { "platform": { "enum": without } } });
    let start = json!({ "required": ["platform", "start"], "anyOf": [{ "required": ["main_admin"] }, has_no_main_admin] });
    set(&mut schema, &hosted, "else", start);
    schema
}

/// The pattern of a path.
const PATH: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
