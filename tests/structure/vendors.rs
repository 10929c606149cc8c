//! Vendor facts are in `src/platform` and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rosterctl::model::Field;
use rosterctl::platform::built_in;

use crate::source::{Source, below, src};

/// A part of a vendor's name that nobody uses for anything else, in lower case.
const SHORT_NAMES: [&str; 1] = ["telus"];

/// Names of vendors and of their products in all spellings, in lower case, as the catalogs have them. Plain SCIM has no vendor.
static VENDORS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let vendors = built_in().iter().map(|platform| platform.catalog()).filter(|catalog| catalog.practice_extension);
    let spelled = vendors.flat_map(|catalog| {
        let (word, name) = (&catalog.platform, catalog.name.to_lowercase());
        [name.clone(), word.clone(), word.replace('-', "_"), word.replace('-', "")]
    });
    spelled.chain(SHORT_NAMES.map(str::to_owned)).collect()
});

/// The beginnings of the numbers of the vendors' requirements, as the catalogs name them.
static VENDORS_NUMBERS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let catalogs = built_in().iter().map(|platform| platform.catalog()).filter(|catalog| catalog.practice_extension);
    let sources = catalogs.flat_map(|catalog| catalog.known_fields().filter_map(|(_, rule)| rule.source.as_deref()));
    sources.filter_map(|source| source.split_once('-')).map(|(letters, _)| letters.to_owned()).filter(|letters| letters != "X").collect()
});

/// Role keys and kinds of seats that are also words of the field, and so may stand elsewhere as such.
const PLAIN_WORDS: [&str; 5] = ["account", "billing", "owner", "provider", "staff"];

/// Role keys that are also codes of guards, each in the files that know these by name.
const GUARD_CODES: [(&str, &str); 1] = [("medical-director", "src/model/plans/guard.rs")];

/// Words in the names of fields or roles that one vendor alone has, and that mean something on every platform.
const WORDS_OF_ALL: [&str; 9] = ["Access", "Appointment", "Billing", "Color", "Email", "Factor", "Need", "Owner", "Staff"];

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

/// Returns whether a text of this line has the number of a vendor's requirement, such as `AR-18`.
fn has_number(line: &str) -> bool {
    let after_quote = line.split_once('"').map_or("", |(_, text)| text);
    VENDORS_NUMBERS
        .iter()
        .any(|letters| after_quote.split(&format!("{letters}-")).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// Keys of roles and of privileges, and kinds of seats, of all platforms. A privilege of one word is a word of the field.
fn vendors_keys() -> BTreeSet<String> {
    let catalogs = || built_in().iter().map(|platform| platform.catalog());
    let privileges = catalogs().flat_map(|catalog| catalog.privileges.keys()).filter(|key| key.contains(['-', '/']));
    let keys = catalogs().flat_map(|catalog| catalog.roles.keys().chain(&catalog.seats.kinds)).chain(privileges);
    keys.filter(|key| !PLAIN_WORDS.contains(&key.as_str())).cloned().collect()
}

/// The number of words in a row that make a phrase; fewer are anybody's.
const PHRASE: usize = 6;

/// The words of a line, in small letters.
fn words_in(line: &str) -> impl Iterator<Item = String> {
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The phrases of words with the places that they have.
fn phrases_of<P: Copy>(words: &[(P, String)]) -> impl Iterator<Item = (P, String)> {
    let joined = |part: &[(P, String)]| part.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ");
    words.windows(PHRASE).filter_map(move |part| Some((part.first()?.0, joined(part))))
}

/// The phrases of the texts in the vendors' catalogs.
fn vendors_phrases() -> BTreeSet<String> {
    let catalogs = below("src/platform").into_iter().filter(|file| file.path.ends_with("/catalog.yaml"));
    let texts =
        catalogs.flat_map(|file| file.text.lines().map(|line| line.split('#').next().unwrap_or_default().to_owned()).collect::<Vec<_>>());
    texts
        .flat_map(|line| {
            phrases_of(&words_in(&line).map(|word| ((), word)).collect::<Vec<_>>()).map(|((), phrase)| phrase).collect::<Vec<_>>()
        })
        .collect()
}

/// Returns whether the comments of a file become help or descriptions in a schema.
fn has_texts_in_comments(source: &Source) -> bool {
    ["src/cli/", "src/manifest/form/"].iter().any(|folder| source.path.starts_with(folder))
}

/// Lists where a file says in words what a catalog says.
fn repeated_phrases(source: &Source, phrases: &BTreeSet<String>) -> Vec<String> {
    if source.module() == Some("platform") || source.is_test() {
        return Vec::new();
    }
    let comments =
        source.text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| line.trim_start().starts_with("///"));
    let mut lines = source.code();
    if has_texts_in_comments(source) {
        lines.extend(comments);
    }
    lines.extend(source.documented());
    lines.sort_by_key(|(at, _)| *at);
    let words: Vec<(usize, String)> =
        lines.into_iter().flat_map(|(at, line)| words_in(line).map(move |word| (at, word)).collect::<Vec<_>>()).collect();
    let found = phrases_of(&words).filter(|(_, phrase)| phrases.contains(phrase));
    found.map(|(at, phrase)| format!("{}:{at}: `{phrase}` is in a catalog, too; let the catalog say it", source.path)).collect()
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

/// Lists where a comment that becomes text of a document names a vendor's role or the number of a vendor's requirement.
fn named_in_documents(source: &Source) -> Vec<String> {
    let roles = || built_in().iter().flat_map(|platform| platform.catalog().roles.keys());
    let is_vendors = |line: &str| {
        let words = line.to_lowercase().replace(' ', "-");
        has_number(&format!("\"{line}")) || roles().any(|role| role.contains('-') && words.contains(role.as_str()))
    };
    let found = source.documented().into_iter().filter(|(_, line)| is_vendors(line));
    found.map(|(at, line)| format!("{}:{at}: {line}; let the catalog say it", source.path)).collect()
}

/// Lists where a file names a vendor, or one of its roles, privileges or plans, in words.
fn violations(source: &Source, keys: &BTreeSet<String>) -> Vec<String> {
    if source.module() == Some("platform") || source.is_test() {
        return Vec::new();
    }
    let mut found = named_in_documents(source);
    for (at, line) in source.code() {
        let lower = line.to_lowercase();
        if let Some(vendor) = VENDORS.iter().find(|vendor| lower.contains(*vendor)) {
            found.push(format!("{}:{at}: names `{vendor}`; ask the catalog or the rules", source.path));
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
        for key in keys {
            let allowed = GUARD_CODES.iter().any(|(code, folder)| code == key && source.path.starts_with(folder));
            if line.contains(&format!("\"{key}\"")) && !allowed {
                found.push(format!("{}:{at}: names `{key}`; ask the catalog or the rules", source.path));
            }
        }
    }
    found
}

#[test]
fn vendors_are_named_in_platform_only() {
    let keys = vendors_keys();
    let found: Vec<String> = src().iter().flat_map(|s| violations(s, &keys)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_phrase_of_a_catalog_is_nowhere_else() {
    let phrases = vendors_phrases();
    let found: Vec<String> = src().iter().flat_map(|source| repeated_phrases(source, &phrases)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn vendors_are_known_by_their_catalogs() {
    let names =
        ["aesthetic record", "aesthetic_record", "aestheticrecord", "practice by numbers", "practicebynumbers", "telus-chr", "telus"];
    for name in names {
        assert!(VENDORS.contains(name), "{name}");
    }
    assert_eq!(VENDORS_NUMBERS.iter().collect::<Vec<_>>(), ["AR", "CHR", "PBN"]);
    assert!(!VENDORS.contains("generic") && !VENDORS.contains("scim"), "plain SCIM has no vendor");
}

/// The lines of code of a platform that have the number of a requirement as a text: its catalog names it.
fn numbers_beside_a_catalog(source: &Source) -> Vec<String> {
    let is_number = |text: &str| text.split_once('-').is_some_and(|(own, _)| VENDORS_NUMBERS.contains(own));
    let texts = |line: &str| line.split('"').skip(1).step_by(2).any(is_number);
    let is_code = source.module() == Some("platform")
        && !source.is_test()
        && std::path::Path::new(&source.path).extension().is_some_and(|end| end == "rs");
    let lines = source.code().into_iter().filter(|(_, line)| is_code && texts(line));
    lines.map(|(at, _)| format!("{}:{at}: ask the catalog for the source of the field", source.path)).collect()
}

#[test]
fn the_numbers_of_requirements_come_from_the_catalogs() {
    let found: Vec<String> = src().iter().flat_map(numbers_beside_a_catalog).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let bad = Source::snippet("src/platform/x/rules.rs", "    broken.violation(field, \"AR-9\")");
    assert_eq!(numbers_beside_a_catalog(&bad).len(), 1);
    let good = Source::snippet("src/platform/x/rules.rs", "    broken.violation(field, catalog) // AR-9\n    foreign(\"X-2\")");
    assert!(numbers_beside_a_catalog(&good).is_empty());
}

#[test]
fn a_phrase_of_a_catalog_is_reported_elsewhere() {
    let phrases = vendors_phrases();
    let found = |path: &str, text: &str| repeated_phrases(&Source::snippet(path, text), &phrases).len();
    let bad = "    \"Tell it to people in person, by \\\n     phone or by mail.\"";
    assert!(found("src/server/x.rs", bad) > 0);
    assert!(found("src/cli/x.rs", "/// Tell it in person, by\n/// phone or by mail.") > 0);
    assert_eq!(found("src/platform/x.rs", bad), 0);
    assert_eq!(found("src/server/x.rs", "/// Tell it in person, by phone or by mail."), 0);
    assert_eq!(found("src/server/x.rs", "\"in person, by mail\""), 0);
}

#[test]
fn a_vendor_or_a_role_of_one_is_reported_elsewhere() {
    let keys = vendors_keys();
    assert!(keys.len() >= 40, "the catalogs have roles and privileges: {keys:?}");
    for bad in ["if p == \"telus-chr\" {", "Platform::AestheticRecord => 1,", "role == \"front-desk\"", "\"office-administrator\""] {
        assert_eq!(violations(&Source::snippet("src/server/x.rs", bad), &keys).len(), 1, "{bad}");
        assert!(violations(&Source::snippet("src/platform/x.rs", bad), &keys).is_empty(), "{bad}");
    }
    assert_eq!(violations(&Source::snippet("src/scim/x.rs", "\"medical-director\""), &keys).len(), 1);
    assert!(violations(&Source::snippet("src/model/plans/guard.rs", "\"medical-director\""), &keys).is_empty());
    assert_eq!(violations(&Source::snippet("src/reconcile/x.rs", "fields.items(Field::Needs)"), &keys).len(), 1);
    assert!(violations(&Source::snippet("src/reconcile/x.rs", "fields.text(Field::Role)"), &keys).is_empty());
    for bad in [
        "\"accelerator\"",
        "\"General/Inbox\"",
        "\"write `md_consent: false`\"",
        "\"name another one in `provider: { md_consent: … }`\"",
        "cite(\"AR-18\")",
        "\"x (PBN-3)\"",
    ] {
        assert_eq!(violations(&Source::snippet("src/report/x.rs", bad), &keys).len(), 1, "{bad}");
        assert!(violations(&Source::snippet("src/platform/x.rs", bad), &keys).is_empty(), "{bad}");
    }
    for good in ["\"write `phones: [NUMBER]` (X-1)\"", "role(); // AR-18", "\"clinics\""] {
        assert!(violations(&Source::snippet("src/report/x.rs", good), &keys).is_empty(), "{good}");
    }
}

#[test]
fn a_role_or_number_of_one_vendor_in_a_comment_of_a_guard_is_reported() {
    let keys = vendors_keys();
    let found = |path: &str, text: &str| violations(&Source::snippet(path, text), &keys).len();
    for bad in ["//! - Why: their medical director left", "//! - Stops a plan when: the main admin would be blocked (AR-20)"] {
        assert_eq!((found("src/reconcile/guards/x.rs", bad), found("src/reconcile/x.rs", bad)), (1, 0), "{bad}");
    }
    assert_eq!(found("src/reconcile/guards/x.rs", "//! - Why: nobody can undo that"), 0);
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
