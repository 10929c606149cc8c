//! A description in a published schema is a sentence, not a fragment: an editor or a client shows it without the words around it.

use std::collections::BTreeSet;

use rosterctl::platform::built_in;
use rosterctl::scim::schema::{PageLimits, common, service_provider_config};
use rosterctl::scim::{Attribute, ResourceTypes};

use crate::source::root;

/// The verbs of the descriptions.
const VERBS: &str = "\
    adds allows answers applies apply approved are asks assigns attested attests authenticate begins belong belongs blocked blocks call \
    calls can cannot changes come comes concern concerns configures consists contains costs counts decides defines describes did do does \
    ends exist exists expires explains failed generates gets gives had happened happens has have is leaves lifts listens lists look loses \
    make makes marks match matches may must names need needed needs noted opts prints refer refused renames runs say says see sends serves \
    sets should shows starts stopped stops stores takes uses was were withdraws works writes";

/// Words that make a clause of the text, which then says nothing by itself.
const OPENINGS: [&str; 9] = ["who", "whose", "whom", "what", "how", "when", "where", "whether", "why"];

/// Returns whether a text has a verb, and does not begin as a part of a sentence.
fn is_sentence(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    !OPENINGS.contains(&first.as_str())
        && text.split(|c: char| !c.is_alphanumeric()).any(|word| VERBS.split_whitespace().any(|verb| verb == word.to_lowercase()))
}

/// Collects the descriptions of a schema.
fn descriptions(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    // A property can have the name `description`; it is an object then.
    found.extend(schema.get("description").and_then(serde_json::Value::as_str).map(str::to_owned));
    let entries = schema.as_object().into_iter().flat_map(serde_json::Map::values);
    for inner in entries.chain(schema.as_array().into_iter().flatten()) {
        descriptions(inner, found);
    }
}

#[test]
fn every_description_in_a_schema_is_a_sentence() {
    let mut fragments = Vec::new();
    for file in std::fs::read_dir(root().join("schemas")).expect("the schemas are in the repository") {
        let path = file.expect("it can be read").path();
        let schema = serde_json::from_str(&std::fs::read_to_string(&path).expect("it can be read")).expect("a schema is JSON");
        let mut found = BTreeSet::new();
        descriptions(&schema, &mut found);
        fragments.extend(found.into_iter().filter(|text| !is_sentence(text)).map(|text| format!("{}: {text}", path.display())));
    }
    assert_eq!(fragments, Vec::<String>::new());
}

#[test]
fn every_description_that_the_server_answers_is_a_sentence() {
    let mut found = BTreeSet::new();
    for platform in built_in() {
        let types = ResourceTypes::for_platform(platform.catalog());
        let schemas = types.schemas().into_iter().map(|schema| schema.to_json(""));
        for document in types.types().iter().map(|resource_type| resource_type.to_json("")).chain(schemas) {
            descriptions(&document, &mut found);
        }
    }
    common().iter().map(Attribute::to_json).for_each(|attribute| descriptions(&attribute, &mut found));
    descriptions(&service_provider_config("", PageLimits::default()), &mut found);
    assert!(found.len() > 150, "{} descriptions are too few", found.len());
    let is_whole = |text: &&String| is_sentence(text) && text.ends_with('.');
    let fragments: Vec<&String> = found.iter().filter(|text| !is_whole(text)).collect();
    assert!(fragments.is_empty(), "{fragments:#?}");
}

#[test]
fn a_fragment_is_reported() {
    assert!(!is_sentence("Its code."));
    assert!(!is_sentence("The accounts, by address."));
    assert!(!is_sentence("What nothing shows."));
    assert!(!is_sentence("Whether it applies."));
    assert!(is_sentence("This is its code."));
    assert!(is_sentence("Adds a clinic."));
}
