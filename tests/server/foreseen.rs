//! The plan foresees what the server refuses the owner of the token.

use std::collections::BTreeSet;

use rosterctl::directory::{InProcess, Outcome, Provenance, Reader, ScimDirectory, Server, WriteContext, Writer};
use rosterctl::model::{Account, Desired, DesiredBlock, DesiredRole, Digest, Email, Field, Manage, Plan, Secret, ServerId, Subject, Value};
use rosterctl::model::{BlockReason, DesiredClinic, DesiredEmployee, RefusalCause, Ungranted};
use rosterctl::platform;
use rosterctl::reconcile::diff;
use rosterctl::report::sentences;

use crate::harness::{House, accepted, bright, desired, email, fields, glow, set, text};

async fn directory(house: &House, who: &str, platform: &str) -> ScimDirectory<InProcess> {
    let server = Server {
        name: ServerId::Embedded { workspace: house.name.clone(), store: None },
        base: format!("http://embedded/{}/scim/v2", house.name).parse().unwrap(),
        platform: platform::named(platform).unwrap().id(),
        country: None,
        code_word: None,
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    ScimDirectory::connect(InProcess::new(house.as_admin(who).router), server).await.unwrap()
}

/// The roster of a workspace as it is, which changes nothing but what a test adds.
fn roster(desired: &Desired) -> Desired {
    let mut roster = Desired { manage: Manage::Additive, ..desired.clone() };
    roster.users.clear();
    roster
}

fn refused(plan: &Plan) -> BTreeSet<(String, String, String)> {
    let catalog = platform::by_id(&plan.platform).catalog();
    let subject = |subject: &Subject| match subject {
        Subject::User(email) => email.as_str().to_owned(),
        Subject::Role(key) | Subject::Employee(key) => key.clone(),
        Subject::Workspace | Subject::Clinic(_) => "-".to_owned(),
    };
    let said = |r: &rosterctl::model::Refusal| {
        assert!(!sentences::refusal(&r.cause, catalog).0.is_empty());
        (subject(&r.subject), sentences::topic(r.cause.topic(), catalog).to_owned(), platform::refusal_code(&r.cause, catalog).to_owned())
    };
    plan.refusals.iter().map(said).collect()
}

/// Makes every change of a plan; none is refused.
async fn make(directory: &ScimDirectory<InProcess>, plan: &Plan, phone: &str) -> usize {
    let provenance = Provenance { plan: Digest("0".repeat(64)), approver: None, commit: None };
    let phone = Secret::new(phone.to_owned());
    for (n, step) in plan.changes.iter().enumerate() {
        let fingerprint = step.change.target().map(|target| target.fingerprint.clone());
        let context = WriteContext {
            id: None,
            fingerprint,
            idempotency_key: format!("{n:064x}"),
            tried: 0,
            is_put_off: false,
            provenance: &provenance,
            confirm_phone: Some(&phone),
            initial_password: None,
            code_word: None,
            attempts: rosterctl::directory::Attempts::at_most(5),
            failed: 0,
        };
        directory.write(&step.change, &context).await.unwrap_or_else(|why| panic!("{:?}: {why}", step.change));
    }
    plan.changes.len()
}

fn triple(subject: &str, wanted: &str, code: &str) -> (String, String, String) {
    (subject.to_owned(), wanted.to_owned(), code.to_owned())
}

fn named<'a>(accounts: &'a [Account], who: &str) -> &'a Account {
    let who: Email = email(who);
    accounts.iter().find(|account| account.email == who).unwrap()
}

// AR-18, AR-6, AR-12: what an administrator without *block user* cannot do is refused in the plan, and nothing else.
#[tokio::test]
async fn a_plan_refuses_what_the_owner_of_the_token_cannot_give() {
    let desired = glow();
    let house = House::of(&desired).await;
    let id = house.id("marcus@glow.example").await;
    let promote = serde_json::json!([{ "op": "replace", "path": "roles", "value": [{ "value": "administrator", "primary": true }] }]);
    house.patch(&format!("/scim/v2/Users/{id}"), promote).await.expect(200);
    let directory = directory(&house, "marcus@glow.example", "aesthetic-record").await;
    let actual = directory.read().await.unwrap();
    let mut roster = roster(&desired);
    roster.clinics = ["downtown", "uptown"].map(|key| (key.to_owned(), DesiredClinic { name: format!("Glow {key}") })).into();
    let role = |privileges: &[&str]| DesiredRole {
        name: "Role".to_owned(),
        based_on: None,
        privileges: privileges.iter().map(|name| (*name).to_owned()).collect(),
    };
    roster.roles = [("guard", &["block-user"][..]), ("clerk", &["view-reports"]), ("lead", &["view-reports", "block-user"])]
        .map(|(key, privileges)| (key.to_owned(), role(privileges)))
        .into();
    let changes: [(&str, &[(Field, Value)]); 5] = [
        (
            "olivia@glow.example",
            &[(Field::Phones, Value::List(vec!["+16025550199".to_owned()])), (Field::AppointmentColor, text("#3aa675"))],
        ),
        (
            "marcus@glow.example",
            &[
                (Field::DashboardAccess, Value::Flag(true)),
                (Field::Role, text("provider")),
                (Field::Phones, Value::List(vec!["+16025550188".to_owned()])),
            ],
        ),
        ("ana@glow.example", &[(Field::PrivilegeChanges, Value::changes(BTreeSet::from(["block-user".to_owned()]), BTreeSet::new()))]),
        ("petra@glow.example", &[(Field::Role, text("guard")), (Field::DashboardAccess, Value::Flag(true))]),
        ("ines@glow.example", &[]),
    ];
    for (who, fields) in changes {
        let mut user = desired.users[&email(who)].clone();
        user.fields = named(&actual.accounts, who).fields.iter().filter(|(_, v)| !v.is_empty()).map(|(f, v)| (f, v.to_value())).collect();
        for (field, value) in fields {
            user.fields.set(*field, value.clone());
        }
        roster.users.insert(user.email.clone(), user);
    }
    let user = |who: &str| email(who);
    roster.users.get_mut(&user("olivia@glow.example")).unwrap().passcode = Some(rosterctl::model::WantedPasscode::Set);
    roster.users.get_mut(&user("ana@glow.example")).unwrap().blocked =
        Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    let mut new = roster.users[&user("petra@glow.example")].clone();
    new.email = user("new@glow.example");
    new.fields.set(Field::Role, text("lead"));
    new.fields.set(Field::Clinics, set(&["downtown"]));
    new.fields.set(Field::PrivilegeChanges, Value::changes(BTreeSet::from(["block-user".to_owned()]), BTreeSet::new()));
    roster.users.insert(new.email.clone(), new);
    let plan = diff(&roster, &actual);
    let expected = [
        triple("guard", "privileges", "not-given"),
        triple("lead", "privileges", "not-given"),
        triple("olivia@glow.example", "phones", "main-admin"),
        triple("olivia@glow.example", "passcode", "main-admin"),
        triple("marcus@glow.example", "dashboard_access", "not-given"),
        triple("marcus@glow.example", "role", "not-given"),
        triple("ana@glow.example", "privileges", "not-given"),
        triple("ana@glow.example", "block", "cannot-block"),
        triple("petra@glow.example", "role", "not-given"),
        triple("new@glow.example", "role", "not-given"),
    ];
    assert_eq!(refused(&plan), expected.into());
    let added = |field: Field| {
        let found = plan.refusals.iter().find_map(|refusal| {
            let RefusalCause::NotGiven { field: Some(of), ungranted: Ungranted::ToOneself(added), .. } = &refusal.cause else {
                return None;
            };
            (*of == field).then(|| added.clone())
        });
        found.unwrap()
    };
    assert_eq!(added(Field::DashboardAccess), ["view-dashboard".to_owned()].into(), "what this field alone would add");
    assert!(!added(Field::Role).contains("view-dashboard"));
    assert!(make(&directory, &plan, "+16025550101").await >= 5);
}

// PBN-1, PBN-8: an office administrator's plan leaves the main admin's employee record alone, and the account on it.
#[tokio::test]
async fn a_plan_of_an_office_administrator_leaves_the_main_admins_record_alone() {
    let desired = bright();
    let house = House::of(&desired).await;
    let mut roster = roster(&desired);
    let mut dana = desired.users[&email("dana@bright.example")].clone();
    dana.fields.set(Field::FirstName, text("Rob"));
    dana.fields.set(Field::LastName, text("Hale"));
    roster.users.insert(dana.email.clone(), dana);
    let employee = |first: &str, last: &str, external| DesiredEmployee {
        id: None,
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        active: Some(true),
        external: Some(external),
    };
    roster.employees = vec![employee("Dana", "Fox", true), employee("Omar", "Bell", true), employee("Rob", "Hale", false)];
    let directory = directory(&house, "omar@bright.example", "practice-by-numbers").await;
    let plan = diff(&roster, &directory.read().await.unwrap());
    let expected = [triple("dana-fox", "employee", "main-admin"), triple("dana@bright.example", "employee", "main-admin")];
    assert_eq!(refused(&plan), expected.into());
    assert_eq!(make(&directory, &plan, "").await, 1, "the other record is changed");
    let own = self::directory(&house, "dana@bright.example", "practice-by-numbers").await;
    let plan = diff(&roster, &own.read().await.unwrap());
    assert_eq!((refused(&plan), plan.changes.len()), (BTreeSet::new(), 2), "the main admin can");
    roster.users.clear();
    roster.employees = vec![DesiredEmployee { active: Some(false), ..employee("Dana", "Fox", false) }];
    let plan = diff(&roster, &own.read().await.unwrap());
    let catalog = platform::by_id(&plan.platform).catalog();
    let remedies: Vec<String> = plan.refusals.iter().map(|refusal| sentences::refusal(&refusal.cause, catalog).1).collect();
    assert!(matches!(remedies.as_slice(), [one] if one.starts_with("leave the record active")), "{remedies:?}");
}

// PBN-6: an office administrator's plan makes no owner.
#[tokio::test]
async fn a_plan_of_an_office_administrator_makes_no_owner() {
    let desired = bright();
    let house = House::of(&desired).await;
    let directory = directory(&house, "omar@bright.example", "practice-by-numbers").await;
    let actual = directory.read().await.unwrap();
    let mut roster = roster(&desired);
    for (who, role) in [("omar@bright.example", "owner"), ("hugo@bright.example", "owner"), ("dana@bright.example", "dentist")] {
        let mut user = desired.users[&email(who)].clone();
        user.fields.set(Field::Role, text(role));
        roster.users.insert(user.email.clone(), user);
    }
    let plan = diff(&roster, &actual);
    let expected = [
        triple("omar@bright.example", "role", "not-given"),
        triple("hugo@bright.example", "role", "not-given"),
        triple("dana@bright.example", "role", "main-admin"),
    ];
    assert_eq!(refused(&plan), expected.into());
    assert!(plan.changes.is_empty());
    let own = self::directory(&house, "dana@bright.example", "practice-by-numbers").await;
    let plan = diff(&roster, &own.read().await.unwrap());
    assert_eq!((refused(&plan), plan.changes.len()), (BTreeSet::new(), 3), "the main admin can");
}

// users of plain SCIM have no attribute that says who the main admin is, and the plan of another token leaves their account alone.
#[tokio::test]
async fn a_plan_for_plain_scim_leaves_the_main_admin_alone() {
    let phone = |number: &str| Value::List(vec![number.to_owned()]);
    let people = ["root@plain.example", "omar@plain.example"];
    let accounts = people.map(|who| (who, fields(&[(Field::Phones, phone("+16025550100"))]), accepted()));
    let desired = desired("plain", "generic", Some(people[0]), &accounts);
    let house = House::of(&desired).await;
    let mut roster = roster(&desired);
    for who in people {
        let mut user = desired.users[&email(who)].clone();
        user.fields.set(Field::Phones, phone("+16025550199"));
        user.fields.set(Field::Title, text("RN"));
        roster.users.insert(user.email.clone(), user);
    }
    let directory = directory(&house, people[1], "generic").await;
    let actual = directory.read().await.unwrap();
    assert_eq!(actual.main_admin, Some(email(people[0])));
    let plan = diff(&roster, &actual);
    assert_eq!(refused(&plan), [triple(people[0], "phones", "main-admin")].into());
    assert_eq!(make(&directory, &plan, "").await, 2, "the title, and the other account");
    let own = self::directory(&house, people[0], "generic").await;
    let plan = diff(&roster, &own.read().await.unwrap());
    assert_eq!((refused(&plan), plan.changes.len()), (BTreeSet::new(), 1), "the main admin can");
}

// PBN-2: two people of one name, each with a record: what the plan makes of one record takes nobody off another at the next run.
#[tokio::test]
async fn namesakes_keep_their_employee_records() {
    let desired = bright();
    let house = House::of(&desired).await;
    let mut roster = roster(&desired);
    for who in ["hugo@bright.example", "omar@bright.example"] {
        let mut user = desired.users[&email(who)].clone();
        user.fields.set(Field::FirstName, text("Kim"));
        user.fields.set(Field::LastName, text("Park"));
        roster.users.insert(user.email.clone(), user);
    }
    let described = |first: &str, last: &str| DesiredEmployee {
        id: None,
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        active: None,
        external: None,
    };
    roster.employees = vec![described("Hugo", "Lamb")];
    let directory = directory(&house, "dana@bright.example", "practice-by-numbers").await;
    let plan = diff(&roster, &directory.read().await.unwrap());
    let named = RefusalCause::EmployeeNamedOtherwise { key: "hugo-lamb".to_owned(), first: "Hugo".to_owned(), last: "Lamb".to_owned() };
    let hugo = (Subject::User(email("hugo@bright.example")), named);
    let refused: Vec<_> = plan.refusals.iter().map(|refusal| (refusal.subject.clone(), refusal.cause.clone())).collect();
    assert_eq!((make(&directory, &plan, "").await, refused), (1, vec![hugo]), "his record keeps its name");
    assert_eq!(diff(&roster, &directory.read().await.unwrap()).changes, []);
}

// AR-11: of two runs of one plan at the same time, the second must not replace the passcode that the first one shows.
#[tokio::test]
async fn a_passcode_that_another_run_has_made_is_not_made_again() {
    let desired = glow();
    let house = House::of(&desired).await;
    let (first, second) = (
        directory(&house, "olivia@glow.example", "aesthetic-record").await,
        directory(&house, "olivia@glow.example", "aesthetic-record").await,
    );
    let actual = first.read().await.unwrap();
    let mut roster = roster(&desired);
    let mut user = desired.users[&email("ana@glow.example")].clone();
    user.fields =
        named(&actual.accounts, "ana@glow.example").fields.iter().filter(|(_, v)| !v.is_empty()).map(|(f, v)| (f, v.to_value())).collect();
    user.passcode = Some(rosterctl::model::WantedPasscode::Set);
    roster.users.insert(user.email.clone(), user);
    let plan = diff(&roster, &actual);
    let step = plan.changes.iter().find(|step| step.change.action().makes_passcode()).unwrap();
    let provenance = Provenance { plan: Digest("0".repeat(64)), approver: None, commit: None };
    let context = |tried| WriteContext {
        id: None,
        fingerprint: step.change.target().map(|target| target.fingerprint.clone()),
        idempotency_key: "1".repeat(64),
        tried,
        is_put_off: false,
        provenance: &provenance,
        confirm_phone: None,
        initial_password: None,
        code_word: None,
        attempts: rosterctl::directory::Attempts::at_most(5),
        failed: 0,
    };
    let is_new = |outcome: &Outcome| matches!(outcome, Outcome::Applied { passcode: Some(_), .. });
    assert!(is_new(&first.write(&step.change, &context(0)).await.unwrap()));
    assert!(matches!(second.write(&step.change, &context(0)).await.unwrap(), Outcome::AppliedBefore { .. }));
    assert!(is_new(&first.write(&step.change, &context(1)).await.unwrap()), "its own answer was lost");
}
