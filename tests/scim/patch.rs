//! PATCH: the awkward cases in which engines disagree, the forms that identity providers really send, and the laws.

use proptest::prelude::*;
use rosterctl::platform::{Platform, named};
use rosterctl::scim::patch::{Patched, apply};
use rosterctl::scim::{ResourceType, ResourceTypes, ScimError, ScimType, urn};
use serde_json::{Value, json};

fn users(platform: &Platform) -> ResourceType {
    ResourceTypes::for_platform(platform.catalog()).users().clone()
}

fn ana() -> Value {
    json!({
        "schemas": [urn::USER, urn::PRACTICE],
        "id": "u1",
        "userName": "ana@glow.example",
        "name": { "givenName": "Ana", "familyName": "Ruiz" },
        "displayName": "Ana Ruiz",
        "active": true,
        "emails": [
            { "value": "ana@glow.example", "type": "work", "primary": true },
            { "value": "ana@home.example", "type": "home" },
        ],
        urn::PRACTICE: {
            "clinics": [{ "value": "c1", "display": "downtown" }, { "value": "c2", "display": "uptown" }],
            "privilegeChanges": { "grant": ["take-payments"] },
            "goals": { "per": "week", "procedures": 3 },
            "privileges": ["sign-charts"],
            "accepted": true,
        },
        "meta": { "resourceType": "User", "version": "W/\"1\"" },
    })
}

#[expect(clippy::needless_pass_by_value, reason = "cases read better without `&`")]
fn patch(operations: Value) -> Result<Patched, ScimError> {
    apply(&json!({ "schemas": [urn::PATCH_OP], "Operations": operations }), &ana(), &users(named("aesthetic-record").unwrap()))
}

fn after(operations: Value) -> Value {
    patch(operations).unwrap().resource
}

fn refused(operations: Value) -> ScimType {
    patch(operations).unwrap_err().scim_type.unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "cases read better without `&`")]
fn unchanged(operations: Value) {
    let patched = patch(operations.clone()).unwrap();
    assert!(!patched.changed, "{operations}");
    assert_eq!(patched.resource, ana(), "{operations}");
}

#[test]
fn adding_what_is_there_changes_nothing() {
    unchanged(json!([{ "op": "add", "path": "emails", "value": [{ "value": "ANA@home.example", "type": "home" }] }]));
    unchanged(json!([{ "op": "add", "path": "active", "value": true }]));
    unchanged(json!([{ "op": "add", "path": format!("{}:clinics", urn::PRACTICE), "value": [{ "value": "c1", "$ref": null }] }]));
}

#[test]
fn removing_an_absent_value_changes_nothing() {
    unchanged(json!([{ "op": "remove", "path": "emails[type eq \"other\"]" }]));
    unchanged(json!([{ "op": "remove", "path": "phoneNumbers" }]));
    unchanged(json!([{ "op": "remove", "path": "emails[type eq \"other\"].value" }]));
}

#[test]
fn a_part_without_filter_is_changed_in_every_value() {
    let emails = &after(json!([{ "op": "replace", "path": "emails.type", "value": "other" }]))["emails"];
    assert_eq!((&emails[0]["type"], &emails[1]["type"]), (&json!("other"), &json!("other")));
}

#[test]
fn replacing_a_complex_attribute_merges_with_and_without_a_path() {
    let merged = json!({ "givenName": "Anna", "familyName": "Ruiz" });
    assert_eq!(after(json!([{ "op": "replace", "path": "name", "value": { "givenName": "Anna" } }]))["name"], merged);
    assert_eq!(after(json!([{ "op": "replace", "value": { "name": { "givenName": "Anna" } } }]))["name"], merged);
}

#[test]
fn replacing_by_filter_merges_into_the_value() {
    let emails =
        &after(json!([{ "op": "replace", "path": "emails[type eq \"work\"]", "value": { "value": "new@glow.example" } }]))["emails"];
    assert_eq!(emails[0], json!({ "value": "new@glow.example", "type": "work", "primary": true }));
}

#[test]
fn the_last_value_gone_means_unassigned() {
    let gone = after(json!([{ "op": "remove", "path": "emails[value ew \"example\"]" }]));
    assert!(gone.get("emails").is_none());
    for empty in [json!(null), json!([])] {
        assert!(after(json!([{ "op": "replace", "path": "emails", "value": empty }])).get("emails").is_none());
    }
}

#[test]
fn adding_to_a_filter_that_meets_nothing_creates_the_value_it_describes() {
    let added = after(json!([{ "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+16025550142" }]));
    assert_eq!(added["phoneNumbers"], json!([{ "value": "+16025550142", "type": "mobile" }]));
    assert_eq!(refused(json!([{ "op": "add", "path": "phoneNumbers[type ne \"fax\"].value", "value": "1" }])), ScimType::NoTarget);
    assert_eq!(
        refused(json!([{ "op": "add", "path": "phoneNumbers[type eq \"fax\"]", "value": { "type": "home", "value": "1" } }])),
        ScimType::InvalidValue
    );
}

#[test]
fn replacing_by_a_filter_that_meets_nothing_has_no_target() {
    assert_eq!(
        refused(json!([{ "op": "replace", "path": "emails[type eq \"other\"].value", "value": "x@y.example" }])),
        ScimType::NoTarget
    );
}

#[test]
fn replacing_an_absent_value_adds_it() {
    let added = after(json!([{ "op": "replace", "path": "phoneNumbers", "value": [{ "value": "+16025550142" }] }]));
    assert_eq!(added["phoneNumbers"], json!([{ "value": "+16025550142" }]));
}

#[test]
fn a_new_primary_value_takes_over() {
    let emails = &after(json!([{ "op": "add", "path": "emails", "value": [{ "value": "n@glow.example", "primary": true }] }]))["emails"];
    assert_eq!(emails.as_array().unwrap().iter().map(|e| e["primary"] == true).collect::<Vec<_>>(), [false, false, true]);
    let emails = &after(json!([{ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True" }]))["emails"];
    assert_eq!((&emails[0]["primary"], &emails[1]["primary"]), (&json!(false), &json!(true)));
    let two = json!([{ "value": "a@b.example", "primary": true }, { "value": "c@b.example", "primary": true }]);
    assert_eq!(refused(json!([{ "op": "replace", "path": "emails", "value": two }])), ScimType::InvalidValue);
}

#[test]
fn null_unassigns() {
    assert!(after(json!([{ "op": "replace", "path": "name.givenName", "value": null }]))["name"].get("givenName").is_none());
    assert!(after(json!([{ "op": "replace", "value": { "name": { "givenName": null } } }]))["name"].get("givenName").is_none());
    unchanged(json!([{ "op": "add", "path": "name.givenName", "value": null }]));
}

#[test]
fn a_required_attribute_cannot_be_removed() {
    for operation in [
        json!({ "op": "remove", "path": "userName" }),
        json!({ "op": "replace", "path": "userName", "value": null }),
        json!({ "op": "replace", "value": { "userName": null } }),
        json!({ "op": "remove", "path": format!("{}:clinics.value", urn::PRACTICE) }),
    ] {
        assert_eq!(refused(json!([operation])), ScimType::Mutability, "{operation}");
    }
    assert_eq!(refused(json!([{ "op": "replace", "path": "userName", "value": " " }])), ScimType::InvalidValue);
}

#[test]
fn true_and_false_may_be_texts_and_nothing_else_may() {
    assert_eq!(after(json!([{ "op": "Replace", "path": "active", "value": "False" }]))["active"], json!(false));
    for value in [json!("no"), json!(0), json!([]), json!({}), json!("")] {
        assert_eq!(refused(json!([{ "op": "replace", "path": "active", "value": value }])), ScimType::InvalidValue, "{value}");
    }
}

#[test]
fn names_compare_in_any_case() {
    let changed = after(json!([{ "op": "REPLACE", "path": "NAME.GIVENNAME", "value": "Anna" }]));
    assert_eq!(changed["name"]["givenName"], json!("Anna"));
    let path = format!("{}:Goals.PER", urn::PRACTICE.to_uppercase());
    assert_eq!(after(json!([{ "op": "replace", "path": path, "value": "Month" }]))[urn::PRACTICE]["goals"]["per"], json!("month"));
}

#[test]
fn read_only_attributes_cannot_be_written_by_any_route() {
    let practice = urn::PRACTICE;
    for (path, value) in [
        ("id".to_owned(), json!("u2")),
        ("meta.version".to_owned(), json!("x")),
        ("displayName".to_owned(), json!("x")),
        (format!("{practice}:privileges"), json!(["block-user"])),
        (format!("{practice}:accepted"), json!(false)),
        (format!("{practice}:mainAdmin"), json!(true)),
        (format!("{practice}:clinics.display"), json!("x")),
        (format!("{practice}:clinics[value eq \"c1\"].$ref"), json!("x")),
        (format!("{practice}:passcode.set"), json!(true)),
        (format!("{practice}:block.blocked"), json!(false)),
    ] {
        for op in ["add", "replace", "remove"] {
            assert_eq!(refused(json!([{ "op": op, "path": path, "value": value }])), ScimType::Mutability, "{op} {path}");
        }
        if !path.contains('[') && path != "meta.version" {
            assert_eq!(refused(json!([{ "op": "replace", "value": { path.clone(): value } }])), ScimType::Mutability, "path-less {path}");
        }
    }
    let nested = json!({ practice: { "accepted": false } });
    assert_eq!(refused(json!([{ "op": "replace", "value": nested }])), ScimType::Mutability);
    let element = after(json!([{ "op": "add", "path": format!("{practice}:clinics"), "value": [{ "value": "c3", "display": "mine" }] }]));
    assert_eq!(element[practice]["clinics"][2], json!({ "value": "c3" }));
}

#[test]
fn a_whole_resource_sent_back_without_a_path_is_accepted() {
    unchanged(
        json!([{ "op": "replace", "value": { "schemas": [urn::USER], "id": "u1", "meta": { "version": "x" }, "displayName": "Ana Ruiz" } }]),
    );
}

#[test]
fn names_without_path_may_be_dotted_or_carry_a_urn() {
    let value = json!({
        "name.familyName": "Ruiz Gomez",
        format!("{}:goals.procedures", urn::PRACTICE): 40,
        format!("{}:userName", urn::USER): "ana.ruiz@glow.example",
    });
    let changed = after(json!([{ "op": "replace", "value": value }]));
    assert_eq!(changed["name"], json!({ "givenName": "Ana", "familyName": "Ruiz Gomez" }));
    assert_eq!(changed[urn::PRACTICE]["goals"], json!({ "per": "week", "procedures": 40 }));
    assert_eq!(changed["userName"], json!("ana.ruiz@glow.example"));
}

#[test]
fn a_remove_may_name_the_values_beside_the_path() {
    let path = format!("{}:clinics", urn::PRACTICE);
    for value in
        [json!([{ "value": "c1" }]), json!([{ "$ref": null, "value": "c1" }]), json!("c1"), json!([{ "value": "c1" }, { "value": "c9" }])]
    {
        let left = after(json!([{ "op": "Remove", "path": path, "value": value }]));
        assert_eq!(left[urn::PRACTICE]["clinics"], json!([{ "value": "c2", "display": "uptown" }]), "{value}");
    }
    let left = after(json!([{ "op": "remove", "path": format!("{}:privilegeChanges.grant", urn::PRACTICE), "value": ["take-payments"] }]));
    assert!(left[urn::PRACTICE].get("privilegeChanges").is_none());
}

#[test]
fn a_path_that_names_nothing_is_invalid_and_remove_needs_one() {
    for path in ["nope", "emails.nope", "name[type eq \"x\"]", "emails[", "emails[type eq \"work\"]x", "urn:x:y", "", " . "] {
        let refused = patch(json!([{ "op": "remove", "path": path }])).unwrap_err();
        let wanted = if path.is_empty() { ScimType::NoTarget } else { ScimType::InvalidPath };
        assert_eq!(refused.scim_type, Some(wanted), "{path}");
    }
    assert_eq!(refused(json!([{ "op": "remove" }])), ScimType::NoTarget);
    assert_eq!(refused(json!([{ "op": "replace", "path": "emails[nope eq 1]", "value": {} }])), ScimType::InvalidFilter);
    assert_eq!(refused(json!([{ "op": "replace", "value": { "nope": 1 } }])), ScimType::InvalidSyntax);
    assert_eq!(refused(json!([{ "op": "move", "path": "title" }])), ScimType::InvalidSyntax);
    assert_eq!(refused(json!([{ "op": "add", "path": "active" }])), ScimType::InvalidValue);
    assert_eq!(refused(json!([])), ScimType::InvalidSyntax);
}

#[test]
fn one_refusal_undoes_the_whole_request() {
    let operations = json!([{ "op": "replace", "path": "name.givenName", "value": "Anna" }, { "op": "remove", "path": "userName" }]);
    assert_eq!(refused(operations), ScimType::Mutability);
}

#[test]
fn written_attributes_are_reported_even_if_nothing_changed() {
    let patched = patch(json!([{ "op": "replace", "path": format!("{}:GOALS.per", urn::PRACTICE), "value": "week" }])).unwrap();
    assert!(!patched.changed);
    assert_eq!(patched.written.into_iter().collect::<Vec<_>>(), [format!("{}:goals", urn::PRACTICE)]);
}

#[test]
fn an_extension_emptied_leaves_the_list_of_schemas() {
    let mut plain = ana();
    plain[urn::PRACTICE] = json!({ "dashboardAccess": true });
    let operation = json!({ "schemas": [urn::PATCH_OP], "Operations": [{ "op": "remove", "path": urn::PRACTICE }] });
    let patched = apply(&operation, &plain, &users(named("aesthetic-record").unwrap())).unwrap();
    assert_eq!(patched.resource["schemas"], json!([urn::USER]));
    assert!(patched.resource.get(urn::PRACTICE).is_none());
}

#[test]
fn members_are_replaced_but_never_edited() {
    let groups = ResourceTypes::for_platform(named("generic").unwrap().catalog()).by_name("Group").unwrap().clone();
    let group = json!({ "schemas": [urn::GROUP], "id": "g", "displayName": "Desk", "members": [{ "value": "u1", "$ref": "/Users/u1", "type": "User" }] });
    let patch = |operation: Value| apply(&json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] }), &group, &groups);
    let edited = patch(json!({ "op": "replace", "path": "members[value eq \"u1\"].value", "value": "u2" }));
    assert_eq!(edited.unwrap_err().scim_type, Some(ScimType::Mutability));
    assert!(!patch(json!({ "op": "add", "path": "members", "value": [{ "value": "u1", "$ref": "elsewhere" }] })).unwrap().changed);
    let removed = patch(json!({ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": "u1" }] })).unwrap();
    assert!(removed.resource.get("members").is_none());
}

#[test]
fn long_lists_cost_no_more_than_their_length() {
    let groups = ResourceTypes::for_platform(named("generic").unwrap().catalog()).by_name("Group").unwrap().clone();
    let members = |from: usize| (from..from + 10_000).map(|i| json!({ "value": i.to_string() })).collect::<Value>();
    let group = json!({ "schemas": [urn::GROUP], "id": "g", "displayName": "Desk", "members": members(0) });
    let patch = |op: &str, from| {
        let operations = json!([{ "op": op, "path": "members", "value": members(from) }]);
        let patched = apply(&json!({ "schemas": [urn::PATCH_OP], "Operations": operations }), &group, &groups).unwrap();
        patched.resource["members"].as_array().map_or(0, Vec::len)
    };
    // Compared one by one, this would be 200 million comparisons.
    assert_eq!((patch("add", 5_000), patch("remove", 5_000)), (15_000, 5_000));
}

#[test]
fn a_key_is_set_once() {
    let clinics = ResourceTypes::for_platform(named("aesthetic-record").unwrap().catalog()).by_name("Clinic").unwrap().clone();
    let clinic = json!({ "schemas": [urn::CLINIC], "id": "c", "key": "downtown", "displayName": "Downtown" });
    let patch = |operation: Value| apply(&json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] }), &clinic, &clinics);
    assert!(!patch(json!({ "op": "replace", "path": "key", "value": "downtown" })).unwrap().changed);
    assert_eq!(patch(json!({ "op": "replace", "path": "key", "value": "x" })).unwrap_err().scim_type, Some(ScimType::Mutability));
    assert_eq!(patch(json!({ "op": "remove", "path": "key" })).unwrap_err().scim_type, Some(ScimType::Mutability));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![Just("work"), Just("c1"), Just("True"), Just("take-payments"), Just("")].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop_oneof![
            Just("value"),
            Just("type"),
            Just("primary"),
            Just("name"),
            Just("givenName"),
            Just("accepted"),
            Just("id"),
            Just("privileges"),
            Just("clinics"),
            Just("display"),
            Just(urn::PRACTICE),
            Just("meta"),
            Just("emails"),
            Just("__proto__"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|m| m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

fn any_path() -> impl Strategy<Value = Option<String>> {
    let attribute = prop_oneof![
        Just("emails"),
        Just("name"),
        Just("active"),
        Just("phoneNumbers"),
        Just("userName"),
        Just("id"),
        Just("meta"),
        Just("displayName"),
        Just(""),
        Just("roles"),
        Just("clinics"),
        Just("privileges"),
        Just("privilegeChanges"),
        Just("goals"),
        Just("block"),
        Just("accepted"),
        Just("provider"),
    ];
    let filter =
        prop_oneof![Just(""), Just("[type eq \"work\"]"), Just("[value pr]"), Just("[primary eq true and value co \"a\"]"), Just("[")];
    let part =
        prop_oneof![Just(""), Just(".value"), Just(".type"), Just(".grant"), Just(".per"), Just(".display"), Just(".primary"), Just(".")];
    prop::option::of((any::<bool>(), attribute, filter, part).prop_map(|(practice, a, f, p)| {
        let schema = if practice { format!("{}:", urn::PRACTICE) } else { String::new() };
        format!("{schema}{a}{f}{p}")
    }))
}

fn any_operations() -> impl Strategy<Value = Value> {
    let op = prop_oneof![Just("add"), Just("replace"), Just("remove")];
    let operation = (op, any_path(), any_json()).prop_map(|(op, path, value)| json!({ "op": op, "path": path, "value": value }));
    prop::collection::vec(operation, 1..4).prop_map(Value::from)
}

/// Returns what only the server may write, of a user.
fn servers_own(user: &Value) -> Value {
    let practice = &user[urn::PRACTICE];
    json!([
        user["id"],
        user["meta"],
        user["displayName"],
        practice["privileges"],
        practice["rolePrivileges"],
        practice["accepted"],
        practice["mainAdmin"],
        practice["block"],
        practice["passcode"],
        practice["invitation"],
        practice["invitedName"],
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn no_patch_touches_what_is_the_servers(operations in any_operations()) {
        if let Ok(patched) = patch(operations) {
            prop_assert_eq!(servers_own(&patched.resource), servers_own(&ana()));
        }
    }

    #[test]
    fn a_patched_resource_is_whole_and_a_second_time_changes_nothing_unless_it_adds(operations in any_operations()) {
        let of = users(named("aesthetic-record").unwrap());
        if let Ok(patched) = patch(operations.clone()) {
            let again = rosterctl::scim::validate::stored(&patched.resource, &of);
            prop_assert_eq!(again.as_ref(), Ok(&patched.resource));
            let changed = patched.resource != ana();
            prop_assert_eq!(patched.changed, changed);
            let single = operations.as_array().is_some_and(|o| o.len() == 1 && o[0]["path"].is_string());
            let message = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
            if single && let Ok(second) = apply(&message, &patched.resource, &of) {
                let by_filter = operations[0]["path"].as_str().is_some_and(|p| p.contains('['));
                prop_assert!(by_filter || !second.changed, "{}", operations);
            }
        }
    }

    #[test]
    fn any_text_as_path_is_answered(path in "\\PC{0,40}") {
        let _ = patch(json!([{ "op": "replace", "path": path, "value": "x" }]));
    }
}
