//! The resources that clients may create and replace, what the schemas say, and how accounts go over the wire and come back.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rosterctl::model::{
    Account, Block, BlockReason, Email, Field, FieldChange, Fields, Fingerprint, Invitation, InvitationState, Kind, RecordValues, RemoteId,
    Standing, State, SubjectRef, Value as Held,
};
use rosterctl::platform::{Catalog, Platform, built_in, named};
use rosterctl::scim::map::{self, Context, KeysAndIds, MapError};
use rosterctl::scim::schema::{Attribute, Mutability, Returned, actions};
use rosterctl::scim::validate::{UnknownAttributes, create, replace};
use rosterctl::scim::{ResourceType, ResourceTypes, ScimError, ScimType, message, patch, urn};
use serde_json::{Value, json};

fn catalog() -> &'static Catalog {
    named("aesthetic-record").unwrap().catalog()
}

fn users() -> ResourceType {
    ResourceTypes::for_platform(catalog()).users().clone()
}

#[expect(clippy::needless_pass_by_value, reason = "cases read better without `&`")]
fn made(body: Value) -> Result<Value, ScimError> {
    create(&body, &users(), UnknownAttributes::Refuse)
}

fn why(body: Value) -> ScimType {
    made(body).unwrap_err().scim_type.unwrap()
}

#[test]
fn a_body_comes_out_in_canonical_names_and_without_what_is_the_servers() {
    let body = json!({
        "SCHEMAS": [urn::USER.to_uppercase()],
        "USERNAME": "ana@glow.example",
        "id": "mine",
        "meta": { "version": "9" },
        "displayName": "me",
        "Active": "TRUE",
        "title": null,
        "emails": [],
        "name": { "GIVENNAME": "Ana", "familyName": null },
        urn::PRACTICE.to_lowercase(): { "CLINICS": [{ "VALUE": "c1", "display": "mine" }], "accepted": true, "mainAdmin": true, "block": { "blocked": false } },
    });
    // This platform does not have `title`.
    assert_eq!(why(body.clone()), ScimType::InvalidSyntax);
    let mut body = body;
    body.as_object_mut().unwrap().remove("title");
    let wanted = json!({
        "schemas": [urn::USER, urn::PRACTICE],
        "userName": "ana@glow.example",
        "name": { "givenName": "Ana" },
        "active": true,
        urn::PRACTICE: { "clinics": [{ "value": "c1" }] },
    });
    assert_eq!(made(body).unwrap(), wanted);
}

#[test]
fn a_resource_that_does_not_fit_is_refused_with_the_reason() {
    let with = |key: &str, value: Value| json!({ "schemas": [urn::USER], "userName": "a@b.example", key: value });
    let practice = |value: Value| with(urn::PRACTICE, value);
    assert_eq!(why(json!([])), ScimType::InvalidSyntax);
    assert_eq!(why(json!({ "userName": "a@b.example" })), ScimType::InvalidSyntax);
    assert_eq!(why(json!({ "schemas": [urn::PRACTICE], "userName": "a@b.example" })), ScimType::InvalidSyntax);
    assert_eq!(why(json!({ "schemas": [urn::USER, "urn:nope"], "userName": "a@b.example" })), ScimType::InvalidSyntax);
    assert_eq!(why(json!({ "schemas": [urn::USER] })), ScimType::InvalidValue);
    assert_eq!(why(json!({ "schemas": [urn::USER], "userName": "" })), ScimType::InvalidValue);
    assert_eq!(why(json!({ "schemas": [urn::USER], "userName": "a@b.example", "USERNAME": "c@b.example" })), ScimType::InvalidSyntax);
    for (key, value) in [("nope", json!(1)), ("urn:nope:User", json!({})), ("__proto__", json!({})), ("name", json!({ "nope": 1 }))] {
        assert_eq!(why(with(key, value)), ScimType::InvalidSyntax, "{key}");
    }
    for (key, value) in [
        ("active", json!("yes")),
        ("active", json!(1)),
        ("userName", json!(7)),
        ("emails", json!({ "value": "a@b.example" })),
        ("emails", json!(["a@b.example"])),
        ("emails", json!([{ "value": "a@b.example", "primary": true }, { "value": "c@b.example", "primary": true }])),
        ("emails", json!([{ "value": "a@b.example", "type": "work" }, { "value": "A@b.example", "type": "work", "display": "x" }])),
        ("name", json!({ "givenName": "a\u{0}b" })),
        ("name", json!({ "givenName": "x".repeat(9000) })),
        ("roles", json!([{ "display": "no value" }])),
    ] {
        assert_eq!(why(with(key, value.clone())), ScimType::InvalidValue, "{key}: {value}");
    }
    for value in [
        json!({ "goals": { "procedures": 9_223_372_036_854_775_808_u64 } }),
        json!({ "goals": { "procedures": 1.5 } }),
        json!({ "goals": { "per": "year" } }),
        json!({ "privilegeChanges": { "grant": ["fly"] } }),
        json!({ "clinics": [{ "display": "downtown" }] }),
    ] {
        assert_eq!(why(practice(value.clone())), ScimType::InvalidValue, "{value}");
    }
    assert_eq!(why(practice(json!("text"))), ScimType::InvalidSyntax);
    let tolerated = create(&with("nope", json!(1)), &users(), UnknownAttributes::Ignore).unwrap();
    assert!(tolerated.get("nope").is_none());
}

#[test]
fn one_identity_providers_legacy_group_schema_is_tolerated() {
    let groups = ResourceTypes::for_platform(named("generic").unwrap().catalog()).by_name("Group").unwrap().clone();
    let legacy = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
    let group = create(&json!({ "schemas": [urn::GROUP, legacy], "displayName": "Desk" }), &groups, UnknownAttributes::Refuse).unwrap();
    assert_eq!(group, json!({ "schemas": [urn::GROUP], "displayName": "Desk" }));
}

#[test]
fn the_same_value_twice_is_one() {
    let twice = json!([{ "value": "a@b.example", "type": "work" }, { "type": "work", "value": "a@b.example" }]);
    let user = made(json!({ "schemas": [urn::USER], "userName": "a@b.example", "emails": twice })).unwrap();
    assert_eq!(user["emails"], json!([{ "value": "a@b.example", "type": "work" }]));
}

#[test]
fn a_put_keeps_what_is_the_servers_and_clears_what_is_left_out() {
    let existing = json!({
        "schemas": [urn::USER, urn::PRACTICE], "id": "u1", "userName": "a@b.example", "displayName": "A B", "externalId": "e", "active": true,
        "meta": { "version": "W/\"1\"" }, urn::PRACTICE: { "accepted": true, "dashboardAccess": true },
    });
    let body = json!({ "schemas": [urn::USER], "id": "u2", "userName": "c@b.example", "meta": { "version": "x" }, "displayName": "me" });
    let wanted = json!({
        "schemas": [urn::USER, urn::PRACTICE], "id": "u1", "userName": "c@b.example", "displayName": "A B",
        "meta": { "version": "W/\"1\"" }, urn::PRACTICE: { "accepted": true },
    });
    assert_eq!(replace(&body, &existing, &users(), UnknownAttributes::Refuse).unwrap(), wanted);
    let clinics = ResourceTypes::for_platform(catalog()).by_name("Clinic").unwrap().clone();
    let clinic = |key: &str| json!({ "schemas": [urn::CLINIC], "id": "c", "key": key, "displayName": "D" });
    assert!(replace(&clinic("downtown"), &clinic("downtown"), &clinics, UnknownAttributes::Refuse).is_ok());
    assert_eq!(
        replace(&clinic("x"), &clinic("downtown"), &clinics, UnknownAttributes::Refuse).unwrap_err().scim_type,
        Some(ScimType::Mutability)
    );
}

#[test]
fn numbers_and_times_are_what_they_say() {
    let generic = ResourceTypes::for_platform(named("generic").unwrap().catalog()).users().clone();
    let user = |key: &str, value: Value| {
        create(&json!({ "schemas": [urn::USER], "userName": "u", key: value }), &generic, UnknownAttributes::Refuse)
    };
    assert!(user("x509Certificates", json!([{ "value": "TUlJ" }])).is_ok());
    assert!(user("x509Certificates", json!([{ "value": "%%%" }])).is_err());
    let stored = |at: &str| rosterctl::scim::validate::stored(&json!({ "userName": "u", "meta": { "created": at } }), &generic);
    for good in ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00.123456+01:00", "2026-11-22T08:00:00"] {
        assert!(stored(good).is_ok(), "{good}");
    }
    for bad in ["2026-11-22", "2026-11-22T08:00:00+01:00[Europe/Paris]", "08:00:00Z", "2026-13-22T08:00:00Z", "", "now"] {
        assert!(stored(bad).is_err(), "{bad}");
    }
}

/// Every attribute below a schema, parts included.
fn attributes(list: &[Attribute]) -> Vec<&Attribute> {
    list.iter().flat_map(|a| std::iter::once(a).chain(attributes(&a.sub_attributes))).collect()
}

#[test]
fn schemas_are_well_formed_on_every_platform() {
    for platform in built_in() {
        let catalog = ResourceTypes::for_platform(platform.catalog());
        let schemas = catalog.schemas();
        let ids: BTreeSet<&str> = schemas.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids.len(), schemas.len());
        let types: BTreeSet<&str> = catalog.types().iter().map(|t| t.name.as_str()).collect();
        for schema in &schemas {
            for attribute in attributes(&schema.attributes) {
                let place = format!("{} {} {}", platform.word(), schema.id, attribute.name);
                assert!(!attribute.description.is_empty(), "{place}");
                assert!(!attribute.closed || !attribute.canonical_values.is_empty(), "{place}");
                assert_eq!(attribute.mutability == Mutability::WriteOnly, attribute.returned == Returned::Never, "{place}");
                for target in &attribute.reference_types {
                    assert!(matches!(target.as_str(), "external" | "uri") || types.contains(target.as_str()), "{place} points to {target}");
                }
            }
        }
        for kind in catalog.types() {
            assert!(ids.contains(kind.schema.id.as_str()) && kind.to_json("https://x.example").get("schema").is_some());
        }
    }
}

#[test]
fn each_platform_lists_only_what_it_has() {
    let part = |platform: &Platform, name: &str| {
        let catalog = ResourceTypes::for_platform(platform.catalog());
        catalog.users().extensions.first().is_some_and(|e| e.attribute(name).is_some())
    };
    assert!(
        part(named("aesthetic-record").unwrap(), "clinics")
            && !part(named("telus-chr").unwrap(), "clinics")
            && !part(named("practice-by-numbers").unwrap(), "clinics")
    );
    assert!(part(named("telus-chr").unwrap(), "needs") && !part(named("aesthetic-record").unwrap(), "needs"));
    assert!(part(named("practice-by-numbers").unwrap(), "employee") && !part(named("telus-chr").unwrap(), "block"));
    assert!(ResourceTypes::for_platform(named("generic").unwrap().catalog()).users().extensions.is_empty());
    assert!(ResourceTypes::for_platform(catalog()).by_name("Group").is_none());
    let listed = |platform: &Platform| ResourceTypes::for_platform(platform.catalog()).schemas().into_iter().find(|s| s.id == urn::ACTIONS);
    assert_eq!(listed(named("generic").unwrap()), None);
    let canonical =
        listed(named("aesthetic-record").unwrap()).unwrap().attributes[0].canonical_values.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(canonical, actions(catalog()).into_iter().map(|action| action.as_str().to_owned()).collect());
    assert!(canonical.contains("block"));
    assert!(actions(named("generic").unwrap().catalog()).is_empty());
}

#[test]
fn errors_are_written_strictly_and_read_leniently() {
    let error = ScimError::with_type(ScimType::Uniqueness, "taken");
    assert_eq!(error.to_json(), json!({ "schemas": [urn::ERROR], "status": "409", "scimType": "uniqueness", "detail": "taken" }));
    let read = |status: u16, body: &str| ScimError::from_response(status, body.as_bytes());
    assert_eq!(read(409, &error.to_json().to_string()), error);
    assert_eq!(read(0, r#"{"STATUS":404,"Detail":"gone"}"#), ScimError::new(404, "gone"));
    assert_eq!(read(400, r#"{"scimType":"INVALIDVALUE"}"#).scim_type, Some(ScimType::InvalidValue));
    assert_eq!(read(502, "<html>\n<h1>Bad  Gateway</h1>").detail, "<html> <h1>Bad Gateway</h1>");
    assert_eq!(read(500, "").detail, "the server gave no reason");
    assert!(read(500, &"x".repeat(1_000_000)).detail.len() <= 500);
}

#[test]
fn lists_are_read_as_servers_send_them() {
    let list = message::read_list(&json!({ "totalresults": "2", "resources": [{ "id": "1" }], "nextCursor": "" })).unwrap();
    assert_eq!((list.total, list.resources.len(), list.next_cursor), (Some(2), 1, None));
    assert_eq!(message::read_list(&json!({ "totalResults": 0 })).unwrap().resources.len(), 0);
    assert!(message::read_list(&json!({ "error": "x" })).is_err());
    let request = message::SearchRequest { filter: Some("userName pr".to_owned()), count: Some("5".to_owned()), ..Default::default() };
    assert_eq!(message::SearchRequest::read(&request.to_json()), Ok(request));
}

fn names() -> KeysAndIds {
    let mut names = KeysAndIds::new();
    names.add_clinic("downtown", &RemoteId("c1".to_owned()));
    names.add_clinic("uptown", &RemoteId("c2".to_owned()));
    names.add_employee("rob-hale", &RemoteId("e1".to_owned()));
    names
}

fn context(names: &KeysAndIds) -> Context<'_> {
    Context { catalog: catalog(), names, practice_extension: true, every_role_counts: false, country: None }
}

#[test]
fn a_foreign_user_without_extension_is_an_accepted_account() {
    let names = names();
    let foreign = Context { catalog: catalog(), names: &names, practice_extension: false, every_role_counts: true, country: None };
    let user = json!({
        "ID": 17, "UserName": "ana", "active": "False", "Name": { "givenname": "Ana" }, "roles": ["front-desk", { "value": "provider", "primary": true }],
        "emails": [{ "value": "old@glow.example" }, { "value": "Ana@Glow.example", "primary": "true" }],
        "phoneNumbers": [{ "value": "tel:+1-602-555-0143" }, { "value": "+1 602 555 0142", "type": "Mobile" }],
    });
    let account = map::user_to_account(&user, &foreign).unwrap();
    assert_eq!((account.id.0.as_str(), account.email.as_str()), ("17", "ana@glow.example"));
    assert_eq!((account.state.standing(), account.state.accepted, account.role_privileges), (Standing::Inactive, true, None));
    assert_eq!(account.fields.value(Field::LastName), Held::Unset);
    assert_eq!(account.fields.get(Field::Clinics), None);
    // Each of them gives access, whichever the server calls the primary one.
    assert_eq!(account.fields.text(Field::Role), Some("front-desk, provider"));
    assert_eq!(account.fields.items(Field::Phones).into_iter().collect::<Vec<_>>(), ["+16025550142", "+16025550143"]);
    assert!(!map::is_entity_tag(&account.fingerprint));
    let renamed = json!({ "id": 17, "userName": "ana@glow.example", "name": { "givenName": "Anna" } });
    assert_ne!(map::user_to_account(&renamed, &foreign).unwrap().fingerprint, account.fingerprint);
    let nobody = map::user_to_account(&json!({ "id": "1", "userName": "svc" }), &foreign);
    assert_eq!(nobody.unwrap_err(), MapError::NoAddress { id: "1".to_owned() });
}

#[test]
fn a_patch_has_one_explicit_path_for_each_attribute() {
    let names = names();
    let change = |field, after| FieldChange { field, before: Held::Unset, after, unknown: false };
    let changes = [
        change(Field::LastName, Held::Text("Ruiz".to_owned())),
        change(Field::Phones, Held::Unset),
        change(Field::Clinics, Held::Set(BTreeSet::from(["uptown".to_owned()]))),
        change(Field::PrivilegeChanges, Held::changes(BTreeSet::new(), BTreeSet::from(["sign-charts".to_owned()]))),
        change(Field::MdConsent, Held::Flag(false)),
    ];
    let patch = map::changes_to_patch(&changes, &context(&names)).unwrap();
    let ext = |rest: &str| format!("{}:{rest}", urn::PRACTICE);
    let wanted = json!([
        { "op": "replace", "path": "name.familyName", "value": "Ruiz" },
        { "op": "remove", "path": "phoneNumbers" },
        { "op": "replace", "path": ext("clinics"), "value": [{ "value": "c2" }] },
        { "op": "replace", "path": ext("privilegeChanges"), "value": { "grant": [], "revoke": ["sign-charts"] } },
        { "op": "replace", "path": ext("provider.mdConsent"), "value": false },
        { "op": "remove", "path": ext("provider.medicalDirector") },
    ]);
    assert_eq!(patch.to_json()["Operations"], wanted);
    let pathless = patch.to_pathless().unwrap();
    assert_eq!(pathless["Operations"][0]["value"]["name"], json!({ "familyName": "Ruiz" }));
    assert_eq!(pathless["Operations"][0]["value"]["phoneNumbers"], Value::Null);
    let unknown = map::changes_to_patch(&[change(Field::DefaultClinic, Held::Text("nowhere".to_owned()))], &context(&names));
    assert_eq!(unknown.unwrap_err(), MapError::UnknownClinic("nowhere".to_owned()));
}

#[test]
fn clinics_roles_and_records_have_bodies_and_patches() {
    let values = RecordValues { name: Some("Downtown"), ..RecordValues::default() };
    let body = map::record_body(SubjectRef::Clinic("downtown"), &values).unwrap();
    assert_eq!(body, json!({ "schemas": [urn::CLINIC], "key": "downtown", "displayName": "Downtown" }));
    let mut stored = create(&body, ResourceTypes::for_platform(catalog()).by_name("Clinic").unwrap(), UnknownAttributes::Refuse).unwrap();
    stored["id"] = json!("c1");
    let (key, read) = map::clinic(&stored).unwrap();
    assert_eq!((key.as_str(), read.name.as_str()), ("downtown", "Downtown"));
    let values = RecordValues { privileges: Some(&BTreeSet::new()), ..RecordValues::default() };
    let patch = map::record_patch(SubjectRef::Role("lead"), &values).unwrap();
    assert_eq!(patch.to_json()["Operations"], json!([{ "op": "remove", "path": "privileges" }]));
    let record = map::employee(&json!({ "id": "e1", "givenName": "Rob", "external": true })).unwrap();
    assert_eq!((record.key.as_str(), record.active, record.external), ("e1", true, true));
    let block = map::block_body(&Block { reason: BlockReason::Other, note: Some("n".to_owned()) }, "+16025550100");
    assert_eq!(block, json!({ "reason": "other", "note": "n", "confirmPhone": "+16025550100" }));
    assert_eq!(map::role(&json!({ "value": "x" })).unwrap_err(), MapError::Lacks { what: "role", missing: "id" });
}

fn any_fields() -> impl Strategy<Value = Fields> {
    let text = prop_oneof![Just("Ana"), Just("Zoë"), Just("a b")].prop_map(|t| Held::Text(t.to_owned()));
    let set = |of: &'static [&'static str]| {
        prop::sample::subsequence(of.to_vec(), 0..=of.len()).prop_map(|l| l.into_iter().map(str::to_owned).collect::<BTreeSet<_>>())
    };
    let value = move |field: Field| match field.definition().kind {
        Kind::List => prop::sample::subsequence(vec!["+16025550142", "+16025550143", "+16025550144"], 0..=3)
            .prop_map(|l| Held::List(l.into_iter().map(str::to_owned).collect()))
            .boxed(),
        Kind::Set => set(&["downtown", "uptown"]).prop_map(Held::Set).boxed(),
        Kind::Changes => (set(&["take-payments"]), set(&["sign-charts", "view-reports"]))
            .prop_map(|(grant, revoke)| Held::changes(grant, revoke))
            .boxed(),
        Kind::TextOrNo => prop_oneof![Just(Held::Flag(false)), Just(Held::Text("marcus@glow.example".to_owned()))].boxed(),
        Kind::Number => any::<i64>().prop_map(Held::Number).boxed(),
        Kind::Flag => any::<bool>().prop_map(Held::Flag).boxed(),
        Kind::Text if field == Field::DefaultClinic => Just(Held::Text("uptown".to_owned())).boxed(),
        Kind::Text if field == Field::GoalsPer => Just(Held::Text("week".to_owned())).boxed(),
        Kind::Text if field == Field::AppointmentColor => Just(Held::Text("#3aa675".to_owned())).boxed(),
        Kind::Text => text.clone().boxed(),
    };
    let all: Vec<_> = catalog()
        .known_fields()
        .map(|(field, _)| {
            prop_oneof![1 => Just(Held::Unset), 3 => value(field)].prop_map(move |v| (field, if v.is_empty() { Held::Unset } else { v }))
        })
        .collect();
    all.prop_map(|list| list.into_iter().collect())
}

fn any_account() -> impl Strategy<Value = Account> {
    let invitation = (
        prop::sample::select(vec![InvitationState::Open, InvitationState::Expired, InvitationState::Killed, InvitationState::Accepted]),
        0_i64..4_000_000_000_000,
    )
        .prop_map(|(state, at)| Invitation { state, sent_at: at, expires_at: at + 1 });
    let block = (prop::sample::select(BlockReason::ALL.to_vec()), prop::option::of(Just("why".to_owned())))
        .prop_map(|(reason, note)| Block { reason, note });
    let state = (any::<bool>(), any::<bool>(), prop::option::of(block), prop::option::of(invitation))
        .prop_map(|(accepted, inactive, block, invitation)| State { accepted, inactive, block, invitation });
    let passcode = prop::option::of(prop::option::of(0_i64..4_000_000_000_000));
    (any_fields(), state, passcode, any::<bool>()).prop_map(|(fields, state, passcode, main_admin)| Account {
        id: RemoteId("u1".to_owned()),
        email: Email::parse("ana@glow.example").unwrap(),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        state,
        fields,
        privileges: BTreeSet::from(["sign-charts".to_owned()]).into(),
        role_privileges: Some(std::sync::Arc::default()),
        has_passcode: passcode.is_some(),
        passcode_made: passcode.flatten(),
        main_admin,
        invited_name: Some(Box::new(("Ana".to_owned(), "Ruiz".to_owned()))),
        former: vec![Email::parse("ana@home.example").unwrap()],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn an_account_returns_unchanged_from_the_wire(account in any_account()) {
        let names = names();
        let user = map::account_to_user(&account, &context(&names)).unwrap();
        let stored = rosterctl::scim::validate::stored(&user, &users());
        prop_assert_eq!(stored.as_ref(), Ok(&user));
        prop_assert_eq!(map::user_to_account(&user, &context(&names)).unwrap(), account);
    }

    // What a listing borrows from an answer is read as the same value would be by itself.
    #[test]
    fn a_borrowed_user_is_read_as_an_owned_one(account in any_account(), quirk in 0_usize..6) {
        let names = names();
        let user = map::account_to_user(&account, &context(&names)).unwrap();
        let text = match quirk {
            0 => user.to_string(),
            1 => user.to_string().replace("\"userName\"", "\"USERNAME\"").replace("\"clinics\"", "\"Clinics\""),
            2 => user.to_string().replace("\"active\":true", "\"active\":\"True\",\"active\":\"FALSE\""),
            3 => user.to_string().replace("\"id\":\"u1\"", "\"id\":17,\"name\":null,\"NAME\":{},\"name\":{\"givenName\":\"A\\u00e9\"}"),
            4 => user.to_string().replace("\"procedures\":", "\"procedures\":2.0,\"other\":"),
            _ => user.to_string().replace('[', "[null,").replace("\"version\"", "\"vers\""),
        };
        let owned: Value = serde_json::from_str(&text).unwrap();
        let borrowed: serde_json_borrow::Value<'_> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(map::user_to_account(&borrowed, &context(&names)), map::user_to_account(&owned, &context(&names)));
    }

    #[test]
    fn a_new_user_passes_and_a_patch_makes_any_fields_of_any_others(before in any_fields(), after in any_fields()) {
        let names = names();
        let email = Email::parse("ana@glow.example").unwrap();
        let mut user = made(map::fields_to_user(&email, &before, &context(&names)).unwrap()).unwrap();
        prop_assert_eq!(map::user_fields(&user, &context(&names)), before.clone());
        user["id"] = json!("u1");
        let by_field: BTreeMap<Field, Held> = before.iter().map(|(f, v)| (f, v.to_value())).collect();
        let changes: Vec<FieldChange> = after
            .iter()
            .filter(|(f, v)| by_field.get(f).is_none_or(|held| *v != *held))
            .map(|(field, v)| FieldChange { field, before: by_field[&field].clone(), after: v.to_value(), unknown: false })
            .collect();
        if !changes.is_empty() {
            let message = map::changes_to_patch(&changes, &context(&names)).unwrap();
            for body in [message.to_json(), message.to_pathless().unwrap()] {
                let patched = patch::apply(&body, &user, &users()).unwrap();
                prop_assert_eq!(map::user_fields(&patched.resource, &context(&names)), after.clone());
            }
        }
    }
}
