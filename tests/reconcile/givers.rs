//! The rights that the owner of the token cannot give: each is refused alone, and the rest of the plan stays.

use std::collections::BTreeSet;

use crate::guards::{add_account, add_user, email, fields, practice};
use crate::office::{listed, login, office, record};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::reconcile::diff;

const ACTING: &str = "act@dental.example";
const SECOND: &str = "second@glow.example";
const KIM: &str = "kim@glow.example";

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The field of each right that is not given, with the right.
fn not_given(plan: &Plan) -> Vec<(Option<Field>, &Ungranted)> {
    fn cause(refusal: &Refusal) -> Option<(Option<Field>, &Ungranted)> {
        if let RefusalCause::NotGiven { field, ungranted, .. } = &refusal.cause { Some((*field, ungranted)) } else { None }
    }
    plan.refusals.iter().filter_map(cause).collect()
}

/// The fields that the plan changes of somebody.
fn changed(plan: &Plan, address: &str) -> Vec<Field> {
    let address = email(address);
    let theirs = plan.changes.iter().filter(|step| step.change.subject().user() == Some(&address));
    theirs.flat_map(|step| step.change.fields()).map(|edit| edit.field).collect()
}

fn add_role(desired: &mut Desired, actual: &mut Actual, key: &str, before: &[&str], after: &[&str]) {
    let version = Fingerprint("W/\"1\"".to_owned());
    let (id, name) = (RemoteId(format!("role-{key}")), key.to_owned());
    actual.roles.insert(key.to_owned(), Role { id, fingerprint: version, name: name.clone(), privileges: names(before), built_in: false });
    desired.roles.insert(key.to_owned(), DesiredRole { name, based_on: None, privileges: names(after) });
}

/// An office where somebody acts who is not the main admin.
fn acting_as(role: &str, edit: impl Fn(&mut Desired, &mut Actual)) -> Plan {
    let (mut desired, mut actual) = office();
    actual.token_owner = Some(email(ACTING));
    add_role(&mut desired, &mut actual, "lead", &["manage-logins", "general"], &["manage-logins", "general"]);
    login(&mut actual, ACTING, ["Ann", "Day"], role, "");
    listed(&mut desired, ACTING, ["Ann", "Day"], role);
    edit(&mut desired, &mut actual);
    diff(&desired, &actual)
}

// PBN-6
#[test]
fn nobody_adds_to_the_role_that_they_have_themselves() {
    let more =
        |role: &str| acting_as(role, |desired, _| _ = desired.roles.get_mut("lead").unwrap().privileges.insert("payments".to_owned()));
    let own = more("lead");
    assert_eq!(not_given(&own), [(None, &Ungranted::ToOneself(names(&["payments"])))]);
    let others = more("office-administrator");
    assert_eq!((not_given(&others).len(), others.changes.len()), (0, 1), "{:?}", others.refusals);
}

/// A medspa where a second administrator acts, who has no privilege to block, and Kim is at the front desk.
fn second(edit: impl Fn(&mut Desired, &mut Actual)) -> Plan {
    let (mut desired, mut actual) = practice();
    actual.token_owner = Some(email(SECOND));
    for (address, role) in [(SECOND, "administrator"), (KIM, "front-desk")] {
        let mut fields = fields(role);
        fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
        fields.set(Field::PrivilegeChanges, Value::Unset);
        fields.set(Field::Provider, Value::Flag(false));
        fields.set(Field::MdConsent, Value::Unset);
        add_account(&mut actual, address, fields.clone());
        add_user(&mut desired, address, fields);
    }
    edit(&mut desired, &mut actual);
    diff(&desired, &actual)
}

// AR-6: who has the role keeps what it gave, so nobody gets anything at once.
#[test]
fn a_role_that_reaches_future_holders_alone_can_be_the_acting_accounts() {
    let plan = second(|desired, actual| {
        add_role(desired, actual, "lead", &["manage-users"], &["manage-users", "view-reports"]);
        let account = &mut actual.accounts[1];
        account.fields.set(Field::Role, text("lead"));
        (account.role_privileges, account.privileges) = (Some(names(&["manage-users"]).into()), names(&["manage-users"]).into());
        desired.users.get_mut(&email(SECOND)).unwrap().fields.set(Field::Role, text("lead"));
    });
    let actions: Vec<_> = plan.changes.iter().map(|step| step.change.action()).collect();
    assert!(actions.contains(&Action::UpdateRole), "{:?}", plan.refusals);
}

// AR-6
#[test]
fn two_changes_that_give_something_only_together_cost_no_third_one() {
    let plan = second(|desired, actual| {
        add_role(desired, actual, "lead", &["block-user"], &["block-user"]);
        let revoked = Value::Changes(Box::new(PrivilegeChanges { grant: BTreeSet::new(), revoke: names(&["block-user"]) }));
        actual.accounts[2].fields.set(Field::PrivilegeChanges, revoked);
        let kim = &mut desired.users.get_mut(&email(KIM)).unwrap().fields;
        kim.set(Field::Role, text("lead"));
        kim.set(Field::Phones, Value::List(vec!["+16025550199".to_owned()]));
    });
    assert_eq!(not_given(&plan).len(), 1, "{:?}", plan.refusals);
    let fields = changed(&plan, KIM);
    assert!(fields.contains(&Field::Phones) && fields.len() == 2, "{fields:?}");
}

// AR-9
#[test]
fn a_switch_that_is_not_given_goes_with_its_settings_and_nothing_else_goes() {
    let plan = second(|desired, _| {
        let own = &mut desired.users.get_mut(&email(SECOND)).unwrap().fields;
        own.set(Field::Provider, Value::Flag(true));
        own.set(Field::MdConsent, Value::Flag(false));
        own.set(Field::Phones, Value::List(vec!["+16025550199".to_owned()]));
    });
    assert_eq!(not_given(&plan), [(Some(Field::Provider), &Ungranted::ToOneself(names(&["edit-patient-records"])))]);
    assert_eq!(changed(&plan, SECOND), [Field::Phones]);
}

#[test]
fn a_role_that_is_not_made_is_given_to_nobody_who_is_there() {
    let plan = second(|desired, _| {
        desired
            .roles
            .insert("boss".to_owned(), DesiredRole { name: "Boss".to_owned(), based_on: None, privileges: names(&["block-user"]) });
        let kim = &mut desired.users.get_mut(&email(KIM)).unwrap().fields;
        kim.set(Field::Role, text("boss"));
        kim.set(Field::Phones, Value::List(vec!["+16025550199".to_owned()]));
    });
    let cause = RefusalCause::RoleNotMade { role: "boss".to_owned() };
    assert!(plan.refusals.contains(&Refusal { subject: Subject::User(email(KIM)), cause }), "{:?}", plan.refusals);
    assert_eq!(changed(&plan, KIM), [Field::Phones]);
}

const OWNER: &str = "owner2@dental.example";

/// Someone at an office administrator's hands: an owner, or the main admin.
fn owner(address: &'static str, role: &'static str, edit: impl Fn(&mut DesiredUser)) -> Plan {
    acting_as("office-administrator", |desired, actual| {
        if address != MAIN {
            login(actual, address, ["Bo", "Fox"], role, "bo");
            record(actual, "bo", ["Bo", "Wood"]);
            listed(desired, address, ["Bo", "Fox"], role);
        }
        let account = actual.accounts.iter().find(|account| account.email == email(address)).unwrap();
        let mut user = desired.users.remove(&account.email).unwrap();
        user.id = Some(account.id.clone());
        edit(&mut user);
        desired.users.insert(user.email.clone(), user);
    })
}

// PBN-6
#[test]
fn an_owners_address_is_the_owners_to_give_and_the_rest_is_planned() {
    let renamed = |user: &mut DesiredUser| user.fields.set(Field::LastName, text("Wood"));
    let plan = owner(OWNER, "owner", |user| {
        renamed(user);
        user.email = email("fox@dental.example");
    });
    assert_eq!(not_given(&plan), [(Some(Field::Email), &Ungranted::Role("owner".to_owned()))], "{:?}", plan.refusals);
    assert_eq!(changed(&plan, OWNER), [Field::LastName]);
    let plan = owner(OWNER, "owner", renamed);
    assert_eq!((not_given(&plan).len(), changed(&plan, OWNER)), (0, vec![Field::LastName]));
    let plan = owner(OWNER, "front-desk", |user| {
        renamed(user);
        user.fields.set(Field::Role, text("owner"));
    });
    assert_eq!(not_given(&plan), [(Some(Field::Role), &Ungranted::Role("owner".to_owned()))]);
}

// PBN-8
#[test]
fn of_the_main_admin_others_change_neither_address_nor_record_nor_the_name_of_both() {
    let theirs = |plan: &Plan| -> Vec<Field> {
        let field = |refusal: &Refusal| if let RefusalCause::MainAdminsField { field } = refusal.cause { Some(field) } else { None };
        plan.refusals.iter().filter_map(field).collect()
    };
    let plan = owner(MAIN, "owner", |user| user.fields.set(Field::LastName, text("Sand")));
    assert_eq!((theirs(&plan), changed(&plan, MAIN)), (vec![Field::Employee], Vec::new()), "the login alone gets no other name");
    let plan = owner(MAIN, "owner", |user| {
        user.fields.set(Field::LastName, text("Sand"));
        user.email = email("sand@dental.example");
    });
    assert_eq!((theirs(&plan), changed(&plan, MAIN)), (vec![Field::Email, Field::Employee], Vec::new()));
    assert!(plan.refusals.iter().all(|refusal| refusal.cause != RefusalCause::MainAdminsRecord), "one refusal is enough");
    let plan = acting_as("office-administrator", |desired, actual| {
        record(actual, "olivia-sand", ["Olivia", "Sand"]);
        let user = desired.users.get_mut(&email(MAIN)).unwrap();
        user.fields.set(Field::LastName, text("Sand"));
        user.employee = EmployeeLink::Key("olivia-sand".to_owned());
    });
    assert_eq!((theirs(&plan), changed(&plan, MAIN)), (vec![Field::Employee], Vec::new()), "the name stays with the record");
    let plan = acting_as("office-administrator", |desired, actual| {
        actual.employees.clear();
        desired.users.get_mut(&email(MAIN)).unwrap().fields.set(Field::LastName, text("Sand"));
    });
    assert_eq!((theirs(&plan), changed(&plan, MAIN)), (Vec::new(), vec![Field::LastName]), "without a record of that name");
}

// AR-19
#[test]
fn a_block_is_refused_where_the_acting_account_has_no_number_of_its_own() {
    let block = |own: &[&str]| {
        let (mut desired, mut actual) = practice();
        actual.accounts[0].fields.set(Field::Phones, Value::List(own.iter().map(|number| (*number).to_owned()).collect()));
        let mut kim = fields("front-desk");
        kim.set(Field::Phones, Value::List(vec!["+16025550177".to_owned()]));
        add_account(&mut actual, KIM, kim.clone());
        let kim = add_user(&mut desired, KIM, kim);
        kim.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
        let plan = diff(&desired, &actual);
        let causes: Vec<_> = plan.refusals.iter().map(|refusal| refusal.cause.clone()).collect();
        (plan.changes.iter().filter(|step| step.change.action() == Action::Block).count(), causes)
    };
    let refused = |shares: bool| vec![RefusalCause::NobodyConfirms { giver: email(MAIN), shares }];
    assert_eq!(block(&[]), (0, refused(false)));
    assert_eq!(block(&["+16025550177"]), (0, refused(true)));
    assert_eq!(block(&["+16025550100"]), (1, Vec::new()));
}

// AR-19
#[test]
fn an_admin_who_loses_the_last_number_can_no_longer_confirm_a_block() {
    let warned = |acting: &str, whose: &str, field: Field, value: Value| {
        let plan = second(|desired, actual| {
            actual.token_owner = Some(email(acting));
            for account in &mut actual.accounts {
                account.fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
                account.fields.set(Field::AppointmentColor, text("#3aa675"));
            }
            desired.users.get_mut(&email(whose)).unwrap().fields.set(field, value.clone());
        });
        assert!(!changed(&plan, whose).is_empty(), "{:?}", plan.refusals);
        plan.notices.iter().any(|notice| notice.cause == NoticeCause::CannotConfirmBlocks)
    };
    assert!(warned(MAIN, MAIN, Field::Phones, Value::Unset));
    assert!(warned(SECOND, SECOND, Field::Phones, Value::Unset));
    assert!(!warned(MAIN, SECOND, Field::Phones, Value::Unset), "they do not act");
    assert!(!warned(MAIN, KIM, Field::Phones, Value::Unset));
    assert!(!warned(SECOND, SECOND, Field::Phones, Value::List(vec!["+16025550199".to_owned()])));
    assert!(!warned(SECOND, SECOND, Field::AppointmentColor, Value::Unset));
}
