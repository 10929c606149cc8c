//! The click paths of the catalogs: each has its source, and each change that a platform knows has one.

use std::collections::BTreeSet;
use std::path::Path;

use rosterctl::model::{Action, Field};
use rosterctl::platform::runbook::{ClickPath, EMAIL, NAME};
use rosterctl::platform::{Catalog, built_in};

/// The changes that can occur on a platform.
fn possible(catalog: &Catalog) -> BTreeSet<Action> {
    let is_possible = |action: &Action| match action {
        Action::CreateClinic | Action::UpdateClinic => catalog.clinics,
        Action::CreateRole | Action::UpdateRole => catalog.custom_roles,
        Action::CreateEmployee | Action::UpdateEmployee => catalog.employees,
        Action::ResendInvitation | Action::WithdrawInvitation => catalog.states.pending,
        Action::Block | Action::Unblock => catalog.states.blocked,
        Action::GeneratePasscode => catalog.passcode,
        Action::SetCodeWord => catalog.code_word.is_some(),
        Action::Invite | Action::Update | Action::Inactivate | Action::Activate => true,
    };
    Action::ALL.into_iter().filter(is_possible).collect()
}

/// Every click path of a catalog with its parts, each under a name.
fn all(catalog: &Catalog) -> Vec<(String, &ClickPath)> {
    let whole = catalog.runbook.iter().map(|(action, path)| (format!("{}: {}", catalog.platform, action.as_str()), path));
    whole
        .flat_map(|(name, path)| {
            let parts = path.parts.iter().map({
                let name = name.clone();
                move |part| (format!("{name}, {}", part.fields.join(", ")), part)
            });
            std::iter::once((name, path)).chain(parts)
        })
        .collect()
}

#[test]
fn every_change_that_a_platform_knows_has_a_click_path() {
    for platform in built_in() {
        let catalog = platform.catalog();
        let found: BTreeSet<Action> = catalog.runbook.keys().copied().collect();
        // Plain SCIM has the general words for everything.
        let wanted = if catalog.practice_extension { possible(catalog) } else { Action::ALL.into_iter().collect() };
        assert_eq!(found, wanted, "{}", catalog.platform);
    }
}

#[test]
fn every_click_path_says_where_it_comes_from() {
    let requirements =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.md")).expect("the requirements");
    for platform in built_in() {
        for (name, path) in all(platform.catalog()) {
            assert!(path.source.is_some() != path.assumed, "{name}: a source, or `assumed: true`");
            for number in path.source.iter().flat_map(|source| source.split(", ")) {
                assert!(requirements.contains(&format!("| {number} |")), "{name}: {number} is not a requirement");
            }
        }
    }
}

#[test]
fn every_field_has_its_label_and_every_key_is_a_field() {
    for platform in built_in() {
        let catalog = platform.catalog();
        for (field, _) in catalog.known_fields() {
            assert!(catalog.label(field).is_some(), "{}: {}", catalog.platform, field.key());
        }
        for (name, path) in all(catalog) {
            for key in path.order.iter().chain(&path.fields).filter(|key| *key != "email") {
                let field = Field::from_key(key).unwrap_or_else(|| panic!("{name}: {key} is not a field"));
                assert!(catalog.field(field).is_some(), "{name}: {key} is not a field of this platform");
            }
            assert!(path.parts.iter().all(|part| !part.fields.is_empty()), "{name}: a part has fields");
        }
    }
}

#[test]
fn every_text_is_a_sentence_whose_marks_end_and_whose_placeholders_are_known() {
    for platform in built_in() {
        for (name, path) in all(platform.catalog()) {
            let asks = path.asks.iter().flat_map(|question| [&question.says, &question.answer]);
            let others = [&path.check, &path.uncertain, &path.uncertain_if_revoked, &path.bill].into_iter().flatten();
            let sentences = path.first.iter().chain(&path.instructions).chain(&path.first_password).chain(asks).chain(others);
            for text in sentences.clone().chain(&path.path) {
                assert_eq!(text.matches("**").count() % 2, 0, "{name}: {text}");
                let rest = text.replace(NAME, "Ana").replace(EMAIL, "a@b.example");
                assert!(!rest.contains(['{', '}']), "{name}: {text}");
            }
            for text in sentences {
                let start = text.trim_start_matches('*').chars().next().expect("a text");
                assert!(text.ends_with(['.', '?', ':']) && (start.is_uppercase() || start == '{'), "{name}: {text}");
            }
        }
    }
}
