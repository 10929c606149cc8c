//! The order of changes: who waits for whom, what is handed over, and what the acting account loses last.

use std::collections::BTreeSet;

use crate::guards::{add_account, add_user, email, fields, practice};
use crate::office::{listed, login, office};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::reconcile::diff;

const SECOND: &str = "second@glow.example";

fn provider(director: &str) -> Fields {
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text(director.to_owned()));
    provider
}

fn phones(number: &str) -> Value {
    Value::List(vec![number.to_owned()])
}

fn user<'a>(desired: &'a mut Desired, address: &str) -> &'a mut DesiredUser {
    desired.users.get_mut(&email(address)).expect("listed")
}

/// The steps about somebody.
fn of<'p>(plan: &'p Plan, address: &str) -> Vec<&'p Step> {
    let address = email(address);
    plan.changes.iter().filter(|step| step.change.subject().user() == Some(&address)).collect()
}

fn stage(plan: &Plan, address: &str) -> Stage {
    let [step] = of(plan, address)[..] else { panic!("one change: {:?}", of(plan, address)) };
    step.stage
}

// AR-9
#[test]
fn two_new_directors_who_name_each_other_are_named_later_and_others_at_once() {
    let (mut desired, actual) = practice();
    let director = |other: &str| {
        let mut director = provider(other);
        director.set(Field::Role, Value::Text("medical-director".to_owned()));
        director
    };
    add_user(&mut desired, "ada@glow.example", director("bea@glow.example"));
    add_user(&mut desired, "bea@glow.example", director("ada@glow.example"));
    add_user(&mut desired, "cy@glow.example", provider("ada@glow.example"));
    add_user(&mut desired, "di@glow.example", fields("front-desk"));
    let plan = diff(&desired, &actual);
    let steps = |address: &str| of(&plan, address).len();
    assert_eq!(["ada@glow.example", "bea@glow.example", "cy@glow.example", "di@glow.example"].map(steps), [2, 2, 1, 1]);
    assert!(of(&plan, "cy@glow.example")[0].change.fields().iter().any(|edit| edit.field == Field::MdConsent));
}

// AR-9
#[test]
fn a_new_director_who_names_one_who_is_there_is_invited_at_once() {
    let (mut desired, mut actual) = practice();
    let director = |other: Value| {
        let mut director = provider("");
        director.set(Field::Role, Value::Text("medical-director".to_owned()));
        director.set(Field::MdConsent, other);
        director
    };
    let named = |other: &str| director(Value::Text(other.to_owned()));
    add_account(&mut actual, "ada@glow.example", director(Value::Flag(false)));
    add_user(&mut desired, "ada@glow.example", named("bea@glow.example"));
    add_user(&mut desired, "bea@glow.example", named("ada@glow.example"));
    let plan = diff(&desired, &actual);
    assert_eq!(["ada@glow.example", "bea@glow.example"].map(|address| of(&plan, address).len()), [1, 1], "{:?}", plan.refusals);
}

// AR-9
#[test]
fn a_director_and_an_administrator_who_take_each_others_place_are_named_later() {
    let (mut desired, mut actual) = practice();
    desired.guards.administrators_at_least = 2;
    let [jo, kim] = ["jo@glow.example", "kim@glow.example"];
    add_account(&mut actual, jo, fields("administrator"));
    let mut director = fields("medical-director");
    director.set(Field::Provider, Value::Flag(false));
    director.set(Field::MdConsent, Value::Unset);
    add_account(&mut actual, kim, director);
    add_user(&mut desired, jo, fields("medical-director"));
    let mut to_administrator = provider(jo);
    to_administrator.set(Field::Role, Value::Text("administrator".to_owned()));
    add_user(&mut desired, kim, to_administrator);
    let plan = diff(&desired, &actual);
    let names = |step: &Step| step.change.fields().iter().any(|edit| edit.field == Field::MdConsent);
    let steps: Vec<(&str, bool)> =
        plan.changes.iter().filter_map(|step| Some((step.change.subject().user()?.as_str(), names(step)))).collect();
    assert_eq!(steps, [(kim, false), (jo, false), (kim, true)], "{:?}", plan.refusals);
    let of_users: Vec<usize> = (0..plan.changes.len()).filter(|at| plan.changes[*at].change.subject().user().is_some()).collect();
    assert_eq!(plan.changes[of_users[2]].after, of_users[..2]);

    // People who name somebody of the circle, or whom nobody in it waits for, are invited in one step.
    add_account(&mut actual, "zoe@glow.example", fields("medical-director"));
    add_user(&mut desired, "zoe@glow.example", fields("medical-director"));
    add_user(&mut desired, "lou@glow.example", provider(jo));
    add_user(&mut desired, "pia@glow.example", provider("zoe@glow.example"));
    let plan = diff(&desired, &actual);
    let count = |address: &str| of(&plan, address).len();
    assert_eq!([jo, kim, "lou@glow.example", "pia@glow.example"].map(count), [1, 2, 1, 1], "{:?}", plan.refusals);
}

// AR-9
#[test]
fn a_provider_waits_for_no_other_change_of_a_director_who_is_there() {
    let (mut desired, mut actual) = practice();
    add_account(&mut actual, "zoe@glow.example", fields("medical-director"));
    add_user(&mut desired, "zoe@glow.example", fields("medical-director")).fields.set(Field::Phones, phones("+16025550142"));
    actual.accounts[1].fields.set(Field::Phones, Value::Unset);
    add_user(&mut desired, "pia@glow.example", provider("zoe@glow.example"));
    let plan = diff(&desired, &actual);
    assert!(of(&plan, "pia@glow.example")[0].after.is_empty(), "{:?}", plan.changes);
    assert_eq!(of(&plan, "zoe@glow.example").len(), 1);
}

/// The main admin acts with a phone number, and so does a second administrator who is in the roster; somebody can be blocked.
fn acting_second(edit: impl Fn(&mut Desired, &mut Actual)) -> Plan {
    let (mut desired, mut actual) = practice();
    let own = |number: &str| {
        let mut fields = fields("administrator");
        fields.set(Field::Phones, phones(number));
        fields.set(Field::AppointmentColor, Value::Unset);
        fields.set(Field::DashboardAccess, Value::Flag(true));
        fields.set(
            Field::PrivilegeChanges,
            Value::Changes(Box::new(PrivilegeChanges { grant: ["block-user".to_owned()].into(), revoke: BTreeSet::new() })),
        );
        fields
    };
    add_account(&mut actual, SECOND, own("+16025550100"));
    add_user(&mut desired, SECOND, own("+16025550100"));
    actual.token_owner = Some(email(SECOND));
    let mut kim = fields("front-desk");
    kim.set(Field::Phones, phones("+16025550177"));
    add_account(&mut actual, "kim@glow.example", kim.clone());
    add_user(&mut desired, "kim@glow.example", kim);
    edit(&mut desired, &mut actual);
    diff(&desired, &actual)
}

fn blocks(desired: &mut Desired) {
    user(desired, "kim@glow.example").blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
}

// AR-19
#[test]
fn the_acting_account_keeps_until_last_what_the_other_changes_need() {
    let with = |block: bool, field: Field, value: &Value| {
        let plan = acting_second(|desired, _| {
            if block {
                blocks(desired);
            }
            user(desired, SECOND).fields.set(field, value.clone());
        });
        stage(&plan, SECOND)
    };
    let (number, color) = (phones("+16025550199"), Value::Text("#3aa675".to_owned()));
    assert_eq!(with(true, Field::Phones, &number), Stage::OwnAccount, "its number confirms the block");
    assert_eq!(with(false, Field::Phones, &number), Stage::Access);
    assert_eq!(with(true, Field::AppointmentColor, &color), Stage::Access);
    assert_eq!(with(false, Field::DashboardAccess, &Value::Flag(false)), Stage::OwnAccount, "a privilege goes");
}

#[test]
fn the_acting_account_leaves_last() {
    let plan = acting_second(|desired, _| {
        user(desired, SECOND).status = Status::Inactive;
        user(desired, "kim@glow.example").status = Status::Inactive;
    });
    assert_eq!((stage(&plan, SECOND), stage(&plan, "kim@glow.example")), (Stage::OwnAccount, Stage::Risk), "{:?}", plan.refusals);
}

#[test]
fn an_update_waits_for_the_block_of_the_same_account() {
    let plan = acting_second(|desired, _| {
        blocks(desired);
        user(desired, "kim@glow.example").fields.set(Field::Phones, phones("+16025550178"));
    });
    let [block, update] = of(&plan, "kim@glow.example")[..] else { panic!("{:?}", plan.changes) };
    assert_eq!((block.change.action(), update.change.action(), update.after.len()), (Action::Block, Action::Update, 1));
}

// PBN-6
#[test]
fn a_role_loses_last_what_the_acting_account_has_from_it() {
    let lead = |acting_role: &str, is_main: bool| {
        let (mut desired, mut actual) = office();
        let privileges = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        let (before, after) = (privileges(&["manage-logins", "general", "forms"]), privileges(&["manage-logins", "general"]));
        let version = Fingerprint("W/\"1\"".to_owned());
        let role =
            Role { id: RemoteId("r1".to_owned()), fingerprint: version, name: "Lead".to_owned(), privileges: before, built_in: false };
        actual.roles.insert("lead".to_owned(), role);
        desired.roles.insert("lead".to_owned(), DesiredRole { name: "Lead".to_owned(), based_on: None, privileges: after });
        login(&mut actual, "act@dental.example", ["Ann", "Day"], acting_role, "").main_admin = is_main;
        listed(&mut desired, "act@dental.example", ["Ann", "Day"], acting_role);
        actual.token_owner = Some(email("act@dental.example"));
        let plan = diff(&desired, &actual);
        let step = plan.changes.iter().find(|step| step.change.action() == Action::UpdateRole);
        step.map_or_else(|| panic!("{:?}", plan.refusals), |step| step.stage)
    };
    assert_eq!(lead("lead", false), Stage::OwnAccount);
    assert_eq!(lead("office-administrator", false), Stage::Risk);
    assert_eq!(lead("lead", true), Stage::Risk, "the main admin has every right");
}

// AR-6: holders keep what they have.
#[test]
fn a_role_that_reaches_future_holders_alone_takes_nothing_from_the_acting_account() {
    let plan = acting_second(|desired, actual| {
        let mut role = fields("lead");
        role.set(Field::PrivilegeChanges, Value::Unset);
        let mut privileges = actual.roles["lead"].privileges.clone();
        let account = actual.accounts.iter_mut().find(|account| account.email == email(SECOND)).unwrap();
        account.fields.set(Field::Role, Value::Text("lead".to_owned()));
        account.role_privileges = Some(privileges.clone().into());
        user(desired, SECOND).fields.set(Field::Role, Value::Text("lead".to_owned()));
        privileges.pop_last();
        desired.roles.get_mut("lead").unwrap().privileges = privileges;
    });
    let step = plan.changes.iter().find(|step| step.change.action() == Action::UpdateRole).unwrap_or_else(|| panic!("{:?}", plan.refusals));
    assert_eq!(step.stage, Stage::Risk);
}

/// The main admin and so many administrators, of whom two must be left.
fn administrators(names: &[&str]) -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    desired.guards.administrators_at_least = 2;
    for name in names {
        add_account(&mut actual, name, fields("administrator"));
        add_user(&mut desired, name, fields("administrator"));
    }
    (desired, actual)
}

#[test]
fn nothing_is_handed_over_where_nobody_takes_over() {
    let (mut desired, actual) = administrators(&["ann@glow.example"]);
    user(&mut desired, "ann@glow.example").fields = fields("front-desk");
    assert_eq!(stage(&diff(&desired, &actual), "ann@glow.example"), Stage::Risk);
}

#[test]
fn a_change_of_role_waits_for_the_new_administrator_rather_than_somebody_who_leaves() {
    let (mut desired, actual) = administrators(&["ann@glow.example", "bo@glow.example"]);
    add_user(&mut desired, "cy@glow.example", fields("front-desk"));
    let (mut desired, mut actual) = (desired, actual);
    add_account(&mut actual, "cy@glow.example", fields("front-desk"));
    user(&mut desired, "cy@glow.example").fields = fields("administrator");
    user(&mut desired, "ann@glow.example").fields = fields("front-desk");
    user(&mut desired, "bo@glow.example").status = Status::Inactive;
    let plan = diff(&desired, &actual);
    assert_eq!((stage(&plan, "ann@glow.example"), stage(&plan, "bo@glow.example")), (Stage::HandOver, Stage::Risk));
}

// PBN-6
#[test]
fn the_last_administrator_but_one_waits_for_a_role_that_makes_others_administrators() {
    let (mut desired, mut actual) = office();
    desired.guards.administrators_at_least = 2;
    let version = Fingerprint("W/\"1\"".to_owned());
    let privileges: BTreeSet<String> = ["general".to_owned()].into();
    let role = Role {
        id: RemoteId("r1".to_owned()),
        fingerprint: version,
        name: "Lead".to_owned(),
        privileges: privileges.clone(),
        built_in: false,
    };
    actual.roles.insert("lead".to_owned(), role);
    let more = privileges.into_iter().chain(["manage-logins".to_owned()]).collect();
    desired.roles.insert("lead".to_owned(), DesiredRole { name: "Lead".to_owned(), based_on: None, privileges: more });
    login(&mut actual, "ann@dental.example", ["Ann", "Day"], "office-administrator", "");
    login(&mut actual, "bo@dental.example", ["Bo", "Fox"], "lead", "");
    listed(&mut desired, "ann@dental.example", ["Ann", "Day"], "office-administrator").status = Status::Inactive;
    listed(&mut desired, "bo@dental.example", ["Bo", "Fox"], "lead");
    actual.token_owner = Some(email(MAIN));
    let plan = diff(&desired, &actual);
    let at = plan.changes.iter().position(|step| step.change.action() == Action::UpdateRole).expect("the role");
    let [ann] = of(&plan, "ann@dental.example")[..] else { panic!("{:?}", plan.changes) };
    assert_eq!((ann.stage, ann.after.as_slice()), (Stage::HandOver, &[at][..]), "{:?}", plan.refusals);
}

// AR-6
#[test]
fn a_new_user_waits_for_what_their_role_gives_and_not_for_another_name_of_clinic_or_role() {
    let waits = |renames: bool| {
        let (mut desired, mut actual) = practice();
        let clinic = actual.clinics.get_mut("downtown").unwrap();
        clinic.name = if renames { "Old Town".to_owned() } else { desired.clinics["downtown"].name.clone() };
        let held = actual.roles.get_mut("lead").unwrap();
        if renames {
            held.name = "Old Lead".to_owned();
        } else {
            held.privileges.pop_last();
        }
        let new = add_user(&mut desired, "cy@glow.example", fields("lead"));
        new.fields.set(Field::Clinics, Value::Set(["downtown".to_owned()].into()));
        let plan = diff(&desired, &actual);
        let count = |action: Action| plan.changes.iter().filter(|step| step.change.action() == action).count();
        assert_eq!(count(Action::UpdateRole), 1, "{:?}", plan.refusals);
        let [new] = of(&plan, "cy@glow.example")[..] else { panic!("{:?}", plan.refusals) };
        let actions = |at: &usize| plan.changes[*at].change.action();
        new.after.iter().map(actions).collect::<Vec<Action>>()
    };
    assert_eq!(waits(true), []);
    assert_eq!(waits(false), [Action::UpdateRole]);
}
