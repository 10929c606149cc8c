//! The JSON Schemas in `schemas/`: up to date, true of every example, and sharp enough to catch a slip.
//!
//! `BLESS=1` writes them anew.

use std::fs;
use std::sync::LazyLock;

use jsonschema::Validator;
use rosterctl::manifest::schema;
use rosterctl::yaml::{SecretWords, to_json};
use serde_json::Value;

use crate::bless;
use crate::samples::{EXAMPLES, directory, root};

fn schemas() -> [(&'static str, Value); 7] {
    [
        ("workspace", schema::workspace()),
        ("waivers", schema::waivers()),
        ("start", schema::start()),
        ("users_of", schema::users_of()),
        ("server", rosterctl::manifest::server::schema()),
        ("snapshot", schema::snapshot()),
        ("define_platform", schema::define_platform()),
    ]
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|why| panic!("{why}"))
}

/// Lists what the schema of a document's kind says against it.
fn objections(bytes: &[u8]) -> Vec<String> {
    let document = to_json(bytes, SecretWords::NONE).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    objections_to(&document).expect("a schema of that kind")
}

static VALIDATORS: LazyLock<Vec<(&str, Validator)>> =
    LazyLock::new(|| schemas().iter().map(|(name, schema)| (*name, validator(schema))).collect());

/// Lists what the schema of its kind says against a document; `None` if there is no such kind.
pub(crate) fn objections_to(document: &Value) -> Option<Vec<String>> {
    let kind = document.as_object()?.keys().next()?;
    let (_, validator) = VALIDATORS.iter().find(|(name, _)| name == kind)?;
    Some(validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect())
}

/// Folders of `tests/mistakes` whose mistake no schema can see, since it is about a name that is defined elsewhere.
const DEFINED_ELSEWHERE: [&str; 26] = [
    "a-colleague-and-the-main-admin-named-by-a-former-address",
    "a-blocked-main-admin-is-a-mistake",
    "a-default-clinic-elsewhere-is-a-mistake",
    "a-main-admin-who-is-not-listed-is-a-mistake",
    "a-medical-director-leaves-while-a-listed-provider-names-them",
    "a-misspelled-own-platform-is-a-mistake",
    "a-pending-account-on-a-platform-without-invitations-is-a-mistake",
    "a-platform-defined-twice-is-a-mistake",
    "an-inactive-main-admin-is-a-mistake",
    "an-own-platform-without-blocked-has-no-blocks",
    "an-unknown-clinic-is-a-mistake-with-the-nearest-name",
    "an-unknown-role-is-a-mistake",
    "default-clinic-beside-a-misspelled-one",
    "default-clinic-not-among-clinics-ar-1",
    "main-admin-inactive",
    "main-admin-missing",
    "main-admin-without-a-close-match",
    "medical-director-without-that-role-ar-9",
    "naming-a-medical-director-without-that-role-is-a-mistake",
    "nobody-is-their-own-medical-director",
    "two-workspaces-of-one-name",
    "two-workspaces-with-one-address-are-a-mistake",
    "unknown-clinic",
    "unknown-role",
    "values-of-own-fields-are-checked",
    "waiver-of-an-unknown-workspace",
];

/// The same, since two values are compared.
const TWO_VALUES: [&str; 9] = [
    "a-definition-that-lists-cannot-follow",
    "a-definition-that-says-something-twice",
    "a-permission-both-granted-and-revoked-is-a-mistake",
    "duplicate-id",
    "duplicate-user-by-case-x-1",
    "mistakes-of-a-definition-hide-none-of-its-workspaces",
    "one-login-listed-twice-is-a-mistake",
    "same-address-as-formerly",
    "words-and-paths-that-a-definition-cannot-mean",
];

/// The same, since a list decides that would be wrong tomorrow: the time zones of the world, or the numbers of a country.
const LISTS_OF_OTHERS: [&str; 2] = ["invalid-phone", "invalid-time-zone"];

/// The same, since the program does not read hidden folders, and the schema does not say which names a database or a list cannot have.
const NAMES_OF_FILES: [&str; 4] = [
    "a-database-in-the-home-folder",
    "a-database-is-neither-a-roster-file-nor-a-key",
    "a-list-in-a-hidden-folder-is-not-read",
    "the-address-of-a-list-is-not-a-path",
];

/// The same, since a schema does not see how a number is written: with a leading zero, other readers of YAML take it for another one.
const NOTATIONS: [&str; 1] = ["wrong-type-number"];

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
    for directory_name in EXAMPLES.into_iter().chain(["examples/server", "tests/manifest/design"]) {
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
        ("tests/manifest/design/uptown.yaml", "users:", "user:"),
        ("tests/manifest/design/jane-app.yaml", "kind: text", "kind: txt"),
        ("tests/manifest/design/jane-app.yaml", "first_name: {}", "frist_name: {}"),
        ("tests/manifest/design/jane-app.yaml", "inactivate:", "remove:"),
        ("examples/server/server.yaml", "proxies:", "proxy:"),
        ("examples/server/server.yaml", "public_url: https:", "public_url: http:"),
    ];
    for (path, right, wrong) in slips {
        let text = fs::read_to_string(root(path)).expect("it can be read");
        assert!(text.contains(right), "{path} has no `{right}`");
        assert!(!objections(text.replacen(right, wrong, 1).as_bytes()).is_empty(), "{path}: `{wrong}` passes");
    }
}

#[test]
fn keys_of_a_start_file_alone_are_offered_nowhere_else() {
    let own = "workspace: hill\nplatform: jane-app\nconnection: { snapshot: l.yaml }\nusers: { bo@hill.example: { first_name: Bo, license: x } }\n";
    let more = "users_of: hill\nusers: { bo@hill.example: { first_name: Bo, license: x } }\n";
    for document in [own, more] {
        assert_eq!(objections(document.as_bytes()), Vec::<String>::new());
        for key in ["state: inactive", "invitation: open"] {
            assert!(!objections(document.replace("license: x", key).as_bytes()).is_empty(), "{key} in {document}");
        }
    }
}

#[test]
fn schema_and_program_agree_on_every_mistake() {
    let (mut unseen, mut seen) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(root("tests/mistakes")).expect("the folder is there") {
        let name = entry.expect("it can be listed").file_name().into_string().expect("a plain name");
        let roster = directory(&format!("tests/mistakes/{name}"));
        let documents: Vec<_> = roster.files.iter().map(|file| to_json(&file.bytes, SecretWords::NONE).ok()).collect();
        let objections: Vec<String> = documents
            .iter()
            .flat_map(|document| document.as_ref().and_then(objections_to).unwrap_or_else(|| vec!["no document".to_owned()]))
            .collect();
        let is_valid = rosterctl::manifest::read(&roster).is_ok();
        assert!(!is_valid || objections.is_empty(), "{name}: only the schema objects: {objections:?}");
        if objections.is_empty() && !is_valid { &mut unseen } else { &mut seen }.push(name);
    }
    unseen.sort();
    let mut only_the_program_sees = [&DEFINED_ELSEWHERE[..], &TWO_VALUES, &LISTS_OF_OTHERS, &NAMES_OF_FILES, &NOTATIONS].concat();
    only_the_program_sees.sort_unstable();
    assert_eq!(unseen, only_the_program_sees, "the schema sees {} of the mistakes", seen.len());
}

#[test]
fn null_and_the_case_of_names_mean_the_same_to_schema_and_program() {
    let cases = [
        ("examples/glow/glow.yaml", "dashboard_access: true", "dashboard_access: null", true),
        ("examples/glow/glow.yaml", "export-reports: true", "Export-Reports: true", true),
        ("examples/glow/glow.yaml", "role: administrator", "role: null", false),
        ("examples/lakeside/lakeside.yaml", "[Settings/Setup Lab", "[settings/SETUP lab", true),
    ];
    for (path, right, other, is_right) in cases {
        agree(path, right, other, is_right);
    }
}

/// Checks that schema and program both accept, or both refuse, an example in which a text is replaced.
fn agree(path: &str, right: &str, other: &str, is_right: bool) {
    let text = fs::read_to_string(root(path)).expect("it can be read");
    assert!(text.contains(right), "{path} has no `{right}`");
    let text = text.replacen(right, other, 1);
    assert_eq!(objections(text.as_bytes()).is_empty(), is_right, "{path}: `{other}`: {:?}", objections(text.as_bytes()));
    let mut roster = directory(path.rsplit_once('/').expect("a folder").0);
    for file in &mut roster.files {
        if path.ends_with(&file.name) {
            file.bytes = text.clone().into_bytes();
        }
    }
    assert_eq!(rosterctl::manifest::read(&roster).is_ok(), is_right, "{path}: `{other}`");
}

#[test]
fn every_hover_is_a_sentence_and_every_name_has_words() {
    fn look(at: &str, value: &Value, wrong: &mut Vec<String>) {
        let said = value.get("description").and_then(Value::as_str);
        if let Some(said) = said
            && !(said.ends_with('.') && said.split(' ').count() >= 4 && said.starts_with(char::is_uppercase))
        {
            wrong.push(format!("{at}: {said}"));
        }
        if value.get("const").is_some_and(Value::is_string) && said.is_none() && !at.contains("/if/") {
            wrong.push(format!("{at}: no words for {}", value["const"]));
        }
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    look(&format!("{at}/{key}"), inner, wrong);
                }
            }
            Value::Array(list) => {
                for (n, inner) in list.iter().enumerate() {
                    look(&format!("{at}/{n}"), inner, wrong);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut wrong = Vec::new();
    for (name, schema) in schemas() {
        look(name, &schema, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_empty_value_means_the_same_to_schema_and_program() {
    let cases = [
        ("examples/glow/glow.yaml", "clinics: [downtown, uptown]", "clinics: []", false),
        ("examples/glow/glow.yaml", "goals: { per: month, procedures: 40, sales_usd: 25000 }", "goals: {}", true),
        ("examples/glow/glow.yaml", "md_consent: marcus.lee@glow.example", "md_consent: marcus", false),
        ("examples/glow/glow.yaml", "based_on: provider", "based_on: \"\"", false),
    ];
    for (path, right, other, is_right) in cases {
        agree(path, right, other, is_right);
    }
}
