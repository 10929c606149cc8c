//! Platforms that a roster defines: what is read of them, and that the compiled-in catalogs are files of the same form.

use std::fs;

use rosterctl::manifest::{Roster, read};
use rosterctl::model::{Field, Kind, PlatformId};
use rosterctl::platform::{Catalog, built_in, by_id};
use serde_json::{Value, json};

use crate::samples::{root, sources};

fn roster(texts: &[(&str, &str)]) -> Roster {
    read(&sources(texts)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The catalog that a definition becomes.
fn defined(text: &str) -> &'static Catalog {
    let word = text.split_once("define_platform: ").and_then(|(_, rest)| rest.split_whitespace().next()).expect("its key");
    // Without users, a list can be taken before anybody is in the roster.
    let workspace = format!("workspace: w\nplatform: {word}\nconnection: {{ snapshot: l.yaml }}\n");
    by_id(&roster(&[("d.yaml", text), ("w.yaml", &workspace)]).workspaces[0].platform).catalog()
}

//
#[test]
fn the_sample_of_the_design_is_a_platform_with_a_field_of_its_own() {
    let text = fs::read_to_string(root("tests/manifest/design/jane-app.yaml")).expect("the sample");
    let workspace = "workspace: spa\nplatform: jane-app\nconnection: { snapshot: l.yaml }\nusers:\n  a@x.example: { first_name: A, last_name: B, role: front-desk, license: AZ-1 }\n";
    let read = roster(&[("jane.yaml", &text), ("w.yaml", workspace)]);
    let spa = &read.workspaces[0];
    let catalog = by_id(&spa.platform).catalog();
    assert_eq!((spa.platform.word(), catalog.name.as_str(), catalog.is_own), ("jane-app", "Jane App", true));
    let license = Field::own("license", Kind::Text).expect("a field");
    assert_eq!(catalog.own_fields().collect::<Vec<_>>(), [license]);
    assert_eq!(catalog.label(license), Some("License number"));
    assert_eq!(spa.users.values().next().expect("a user").fields.text(license), Some("AZ-1"));
    assert_eq!((catalog.states.pending, catalog.states.inactive, catalog.states.blocked), (false, true, false));
    assert_eq!(catalog.manages_users, None);
}

#[test]
fn the_compiled_in_catalogs_are_files_of_the_same_form() {
    for platform in built_in() {
        let vendor = platform.word().replace('-', "_");
        let text = fs::read_to_string(root(&format!("src/platform/{vendor}/catalog.yaml"))).expect("a catalog");
        // A roster cannot define a platform anew, and needs no main admin.
        let text = text.replacen(&format!("platform: {}", platform.word()), &format!("define_platform: {}-2", platform.word()), 1);
        // Nobody signs in to a platform that a roster defines: the program knows lists of its users only.
        let text: String =
            text.split_inclusive('\n').filter(|line| !line.starts_with("members:") && !line.starts_with("  spoken:")).collect();
        let optional = if platform.catalog().main_admin_optional { "" } else { "\nmain_admin_optional: false\n" };
        let (_, text) = text.split_once('\n').expect("a comment first");
        let mut ours = serde_json::to_value(defined(&format!("{text}{optional}"))).expect("it can be written");
        let mut theirs: Value = serde_json::to_value(platform.catalog()).expect("it can be written");
        for catalog in [&mut ours, &mut theirs] {
            catalog["platform"] = json!("");
            catalog["is_own"] = json!(false);
            catalog.as_object_mut().expect("a map").remove("members");
            if let Some(word) = catalog["code_word"].as_object_mut() {
                word.remove("spoken");
            }
        }
        assert_eq!(ours, theirs, "{vendor}");
    }
}

#[test]
fn roles_that_make_an_administrator_have_a_privilege_that_guards_count() {
    let catalog = defined(
        "define_platform: p\nname: P\nfields: { role: {} }\nroles: { boss: { name: Boss }, staff: { name: Staff } }\nadministrators: { roles: [boss] }\n",
    );
    let privilege = catalog.manages_users.as_deref().expect("it has one");
    assert!(catalog.roles["boss"].privileges.contains(privilege));
    assert!(!catalog.roles["staff"].privileges.contains(privilege));
}

#[test]
fn two_rosters_can_call_different_products_by_one_name() {
    let one = "define_platform: same\nname: One\nfields: { first_name: {} }\n";
    let other = "define_platform: same\nname: Other\nfields: { first_name: {} }\n";
    assert_eq!((defined(one).name.as_str(), defined(other).name.as_str(), defined(one).name.as_str()), ("One", "Other", "One"));
    assert_eq!(by_id(&PlatformId("same".to_owned())).word(), "generic", "nobody defined it without its content");
}

#[test]
fn unused_definitions_say_nothing() {
    let unused = "define_platform: unused\nname: Unused\nfields: { first_name: {} }\n";
    let read = roster(&[("d.yaml", unused), ("e.yaml", "waivers: []\n")]);
    assert!(read.workspaces.is_empty() && read.warnings.is_empty());
}
