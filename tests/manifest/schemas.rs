//! The JSON Schemas in `schemas/`: up to date, true of every example, and sharp enough to catch a slip.
//!
//! `BLESS=1` writes them anew.

use std::fs;

use jsonschema::Validator;
use rosterctl::manifest::schema;
use rosterctl::yaml::{SecretWords, to_json};
use serde_json::Value;

use crate::bless;
use crate::samples::{EXAMPLES, directory, root};

fn schemas() -> [(&'static str, Value); 3] {
    [("workspace", schema::workspace()), ("waivers", schema::waivers()), ("start", schema::start())]
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|why| panic!("{why}"))
}

/// What the schema of a document's kind says against it.
fn objections(bytes: &[u8]) -> Vec<String> {
    let document = to_json(bytes, SecretWords(&[])).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let kind = document.as_object().and_then(|o| o.keys().next()).cloned().expect("a first key");
    let (_, schema) = schemas().into_iter().find(|(name, _)| *name == kind).expect("a schema of that kind");
    validator(&schema).iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn the_schemas_in_the_repository_are_those_of_the_types() {
    for (name, schema) in schemas() {
        let path = root(&format!("schemas/{name}.schema.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("it can be written"));
        assert!(bless::agrees(&path, &text), "{} is stale: BLESS=1 cargo test --test manifest schemas", path.display());
    }
}

#[test]
fn every_example_meets_its_schema() {
    for directory_name in EXAMPLES.into_iter().chain(["tests/manifest/design"]) {
        for file in directory(directory_name).files {
            assert_eq!(objections(&file.bytes), Vec::<String>::new(), "{directory_name}/{}", file.name);
        }
    }
}

#[test]
fn a_slip_is_caught_by_the_schema_too() {
    let slips = [
        ("examples/glow/glow.yaml", "default_clinic:", "defualt_clinic:"),
        ("examples/glow/glow.yaml", "platform: aesthetic-record", "platform: telus-chr"),
        ("examples/glow/glow.yaml", "export-reports: true", "export-report: true"),
        ("examples/glow/glow.yaml", "dashboard_access: true", "dashboard_access: yes"),
        ("examples/glow/glow.yaml", "main_admin:", "admin:"),
        ("examples/glow/start.yaml", "accounts:", "users:"),
        ("examples/glow/start.yaml", "state: pending", "state: waiting"),
        ("examples/lakeside/lakeside.yaml", "type: practitioner", "type: doctor"),
        ("examples/lakeside/lakeside.yaml", "type: practitioner", "role: practitioner"),
        ("examples/bright-dental/bright-dental.yaml", "role: owner", "role: owner, passcode: true"),
        ("examples/glow/glow.yaml", "plan: accelerator", "plan: acelerator"),
        ("examples/glow/glow.yaml", "\"#3aa675\"", "\"3aa675\""),
        ("examples/glow/glow.yaml", "olivia.stone@glow.example:", "olivia.stone:"),
        ("examples/glow/start.yaml", "olivia.stone@glow.example:", "olivia.stone:"),
        ("tests/mistakes/staff-with-practitioner-needs-chr-2/input.yaml", ", lab-result]", "]"),
        ("tests/manifest/design/waivers.yaml", "guard: removals", "guard: partial-read"),
    ];
    for (path, right, wrong) in slips {
        let text = fs::read_to_string(root(path)).expect("it can be read");
        assert!(text.contains(right), "{path} has no `{right}`");
        assert!(!objections(text.replacen(right, wrong, 1).as_bytes()).is_empty(), "{path}: `{wrong}` passes");
    }
}
