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

/// Role keys that are also words of the field, and so may stand elsewhere as such.
const PLAIN_WORDS: [&str; 3] = ["billing", "owner", "provider"];

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
    assert!(roles.len() > 8, "the catalogs have roles: {roles:?}");
    for bad in ["if p == \"telus-chr\" {", "Platform::AestheticRecord => 1,", "role == \"front-desk\"", "\"office-administrator\""] {
        assert_eq!(violations(&Source::snippet("src/server/x.rs", bad), &roles).len(), 1, "{bad}");
        assert!(violations(&Source::snippet("src/platform/x.rs", bad), &roles).is_empty(), "{bad}");
    }
    assert_eq!(violations(&Source::snippet("src/scim/x.rs", "\"medical-director\""), &roles).len(), 1);
    assert!(violations(&Source::snippet("src/model/plans/guard.rs", "\"medical-director\""), &roles).is_empty());
    assert_eq!(violations(&Source::snippet("src/reconcile/x.rs", "fields.items(Field::Needs)"), &roles).len(), 1);
    assert!(violations(&Source::snippet("src/reconcile/x.rs", "fields.text(Field::Role)"), &roles).is_empty());
}
