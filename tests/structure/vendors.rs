//! Vendor facts are in `src/platform` and nowhere else.

use rosterctl::model::Field;
use rosterctl::platform::built_in;

use crate::source::{Source, src};

/// Names of vendors and of their products, in lower case.
const VENDORS: [&str; 8] = [
    "aesthetic record",
    "aesthetic-record",
    "aesthetic_record",
    "aestheticrecord",
    "practice by numbers",
    "practice-by-numbers",
    "practicebynumbers",
    "telus",
];

/// What the numbers of the vendors' requirements begin with.
const VENDORS_NUMBERS: [&str; 3] = ["AR", "PBN", "CHR"];

/// Role keys that are also words of the field, and so may stand elsewhere as such.
const PLAIN_WORDS: [&str; 4] = ["billing", "owner", "provider", "staff"];

/// Role keys that are also codes of guards or rules, each in the files that know these by name.
const GUARD_CODES: [(&str, &str); 2] =
    [("medical-director", "src/model/table/violation.rs"), ("medical-director", "src/model/plans/guard.rs")];

/// Fields that belong to what a catalog switches on as a whole (`clinics`, `employees`): code asks for the switch.
const BY_CAPABILITY: [Field; 3] = [Field::Clinics, Field::DefaultClinic, Field::Employee];

/// The field that a line names and that one vendor alone has.
fn field_of_one_vendor(line: &str) -> Option<Field> {
    let vendors = |field: Field| built_in().iter().filter(|platform| platform.catalog().field(field).is_some()).count();
    Field::ALL.into_iter().filter(|field| vendors(*field) == 1 && !BY_CAPABILITY.contains(field)).find(|field| {
        let name = format!("Field::{field:?}");
        line.split(&name).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// The last part of a field's key, other than the login, that a sentence of this line names in backquotes, if one vendor alone has such fields.
fn key_of_one_vendor(line: &str) -> Option<&'static str> {
    let name = |field: Field| field.key().rsplit('.').next().unwrap_or_default();
    let vendors = |key: &str| built_in().iter().filter(|p| p.catalog().known_fields().any(|(field, _)| name(field) == key)).count();
    let keys = Field::ALL.into_iter().filter(|field| !BY_CAPABILITY.contains(field)).map(name);
    // The front end names keys of documents in the form `key:`.
    let is_named = |key: &str| [format!("`{key}`"), format!("`{key}:"), format!(" {key}: ")].iter().any(|form| line.contains(form));
    keys.filter(|key| *key != "email" && key.len() > 3 && line.contains('"') && is_named(key)).find(|key| vendors(key) == 1)
}

/// Whether a text of this line has the number of a vendor's requirement, such as `AR-18`.
fn has_number(line: &str) -> bool {
    let after_quote = line.split_once('"').map_or("", |(_, text)| text);
    VENDORS_NUMBERS
        .iter()
        .any(|letters| after_quote.split(&format!("{letters}-")).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// Role keys of all platforms, as quoted text.
fn role_keys() -> Vec<String> {
    let mut keys: Vec<String> =
        built_in().iter().flat_map(|p| p.catalog().roles.keys().cloned()).filter(|key| !PLAIN_WORDS.contains(&key.as_str())).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Where a file names a vendor, or one of its roles, in words.
fn violations(source: &Source, roles: &[String]) -> Vec<String> {
    if source.module() == Some("platform") || source.is_test() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, line) in source.code() {
        let lower = line.to_lowercase();
        for vendor in VENDORS {
            if lower.contains(vendor) {
                found.push(format!("{}:{at}: names `{vendor}`; ask the catalog or the rules", source.path));
            }
        }
        if let Some(field) = field_of_one_vendor(line) {
            found.push(format!("{}:{at}: names the field `{}`, which one vendor alone has; ask the rules", source.path, field.key()));
        }
        if let Some(key) = key_of_one_vendor(line) {
            found.push(format!("{}:{at}: a text names the key `{key}`, which one vendor alone has; let the catalog say it", source.path));
        }
        if has_number(line) {
            found.push(format!("{}:{at}: a text has the number of a vendor's requirement; ask the catalog by `Topic`", source.path));
        }
        for role in roles {
            let allowed = GUARD_CODES.iter().any(|(code, folder)| code == role && source.path.starts_with(folder));
            if line.contains(&format!("\"{role}\"")) && !allowed {
                found.push(format!("{}:{at}: names the role `{role}`; ask the catalog or the rules", source.path));
            }
        }
    }
    found
}

#[test]
fn vendors_are_named_in_platform_only() {
    let roles = role_keys();
    let found: Vec<String> = src().iter().flat_map(|s| violations(s, &roles)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_vendor_or_a_role_of_one_is_reported_elsewhere() {
    let roles = role_keys();
    assert!(roles.len() >= 8, "the catalogs have roles: {roles:?}");
    for bad in ["if p == \"telus-chr\" {", "Platform::AestheticRecord => 1,", "role == \"front-desk\"", "\"office-administrator\""] {
        assert_eq!(violations(&Source::snippet("src/server/x.rs", bad), &roles).len(), 1, "{bad}");
        assert!(violations(&Source::snippet("src/platform/x.rs", bad), &roles).is_empty(), "{bad}");
    }
    assert_eq!(violations(&Source::snippet("src/scim/x.rs", "\"medical-director\""), &roles).len(), 1);
    assert!(violations(&Source::snippet("src/model/plans/guard.rs", "\"medical-director\""), &roles).is_empty());
    assert_eq!(violations(&Source::snippet("src/reconcile/x.rs", "fields.items(Field::Needs)"), &roles).len(), 1);
    assert!(violations(&Source::snippet("src/reconcile/x.rs", "fields.text(Field::Role)"), &roles).is_empty());
    for bad in
        ["\"write `md_consent: false`\"", "\"name another one in `provider: { md_consent: … }`\"", "cite(\"AR-18\")", "\"x (PBN-3)\""]
    {
        assert_eq!(violations(&Source::snippet("src/report/x.rs", bad), &roles).len(), 1, "{bad}");
        assert!(violations(&Source::snippet("src/platform/x.rs", bad), &roles).is_empty(), "{bad}");
    }
    for good in ["\"write `phones: [NUMBER]` (X-1)\"", "role(); // AR-18", "\"clinics\""] {
        assert!(violations(&Source::snippet("src/report/x.rs", good), &roles).is_empty(), "{good}");
    }
}
