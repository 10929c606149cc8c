//! Vendor facts are in `src/platform` and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

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

/// Role keys that are also codes of guards, each in the files that know these by name.
const GUARD_CODES: [(&str, &str); 1] = [("medical-director", "src/model/plans/guard.rs")];

/// Words in the names of fields or roles that one vendor alone has, and that mean something on every platform.
const WORDS_OF_ALL: [&str; 8] = ["Access", "Appointment", "Billing", "Color", "Email", "Need", "Owner", "Staff"];

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

/// The words of a name, in the singular; each begins with a capital.
fn words_of(name: &str) -> Vec<&str> {
    let begins: Vec<usize> = name.char_indices().filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at).collect();
    let ends = begins.iter().skip(1).copied().chain([name.len()]);
    let words = begins.iter().zip(ends).map(|(begin, end)| &name[*begin..end]);
    words.map(|word| if word.ends_with("ss") { word } else { word.strip_suffix('s').unwrap_or(word) }).collect()
}

/// The words of the fields and roles that one vendor alone has, as names of cases have them.
fn words_of_one_vendor() -> BTreeSet<String> {
    let mut vendors: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut note = |words: Vec<&str>, vendor: usize| {
        for word in words {
            vendors.entry(word.to_owned()).or_default().insert(vendor);
        }
    };
    for (at, platform) in built_in().iter().enumerate() {
        for (field, _) in platform.catalog().known_fields() {
            note(words_of(&format!("{field:?}")), at);
        }
        for role in platform.catalog().roles.keys() {
            let parts = role.split('-').filter_map(|part| Some(part.get(..1)?.to_uppercase() + part.get(1..)?));
            note(words_of(&parts.collect::<String>()), at);
        }
    }
    let capabilities: Vec<String> =
        BY_CAPABILITY.iter().flat_map(|field| words_of(&format!("{field:?}")).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    let of_one = vendors.into_iter().filter(|(_, vendors)| vendors.len() == 1).map(|(word, _)| word);
    of_one.filter(|word| !WORDS_OF_ALL.contains(&word.as_str()) && !capabilities.contains(word)).collect()
}

/// The names of enums' cases and of types in a file of `model` that have the word of a field or role which one vendor alone has.
fn named_after_a_vendor(source: &Source, words: &BTreeSet<String>) -> Vec<String> {
    let is_looked_at = source.module() == Some("model") && source.path != "src/model/table/field.rs" && !source.is_test();
    let lines = source.code().into_iter().filter(|_| is_looked_at);
    let names = lines.flat_map(|(at, line)| line.split(|c: char| !c.is_alphanumeric()).map(move |name| (at, name)).collect::<Vec<_>>());
    let found = names
        .filter(|(_, name)| name.starts_with(|c: char| c.is_ascii_uppercase()) && words_of(name).iter().any(|word| words.contains(*word)));
    found
        .map(|(at, name)| {
            format!(
                "{}:{at}: `{name}` has the word of a field or role that one vendor alone has; the rule belongs to its folder",
                source.path
            )
        })
        .collect()
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

#[test]
fn the_model_has_no_names_of_what_one_vendor_alone_has() {
    let words = words_of_one_vendor();
    let found: Vec<String> = src().iter().flat_map(|source| named_after_a_vendor(source, &words)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_case_named_after_a_field_or_role_of_one_vendor_is_reported() {
    let words = words_of_one_vendor();
    let found = |path: &str, text: &str| named_after_a_vendor(&Source::snippet(path, text), &words).len();
    for bad in
        ["    MdConsentMissing,", "    DirectorUnknown {", "    GoalsWithoutPer,", "    NoTwoFactor {", "Rule::ProviderSetting => 1,"]
    {
        assert_eq!(found("src/model/table/violation.rs", bad), 1, "{bad}");
    }
    for good in ["    DefaultClinicMissing,", "    UnknownRole(Suggestion),", "/// A user needs `MdConsent`.", "    OtherPlatform,"] {
        assert_eq!(found("src/model/table/violation.rs", good), 0, "{good}");
    }
    assert_eq!(found("src/platform/x.rs", "    MdConsentMissing,"), 0);
}
