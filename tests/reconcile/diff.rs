//! The plan in single cases: matching, refusals, records, the bill.

use std::collections::{BTreeMap, BTreeSet};

use crate::worlds::{MAIN, empty_actual, empty_desired};
use rosterctl::model::*;
use rosterctl::platform::{self, Platform, effective, named};
use rosterctl::reconcile::{diff, follow, followed};
use rosterctl::report::sentences;

fn email(text: &str) -> Email {
    Email::parse(text).expect("a valid address")
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn desired_user(address: &str, fields: Fields) -> DesiredUser {
    DesiredUser {
        email: email(address),
        id: None,
        formerly: Vec::new(),
        status: Status::Active,
        blocked: None,
        fields,
        employee: EmployeeLink::ByName,
        passcode: None,
        initial_password: None,
        service_owner: None,
        place: Place::default(),
    }
}

fn account_of(platform: &Platform, id: &str, address: &str, fields: Fields) -> Account {
    let role = fields.text(Field::Role).and_then(|r| platform.catalog().roles.get(r)).map(|r| r.privileges.clone()).unwrap_or_default();
    Account {
        id: RemoteId(id.to_owned()),
        email: email(address),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        state: State { accepted: true, ..State::default() },
        privileges: effective(platform.catalog(), &role, &fields, address == MAIN).into(),
        role_privileges: Some(role.into()),
        fields,
        has_passcode: false,
        passcode_made: None,
        main_admin: address == MAIN,
        invited_name: None,
        former: Vec::new(),
    }
}

fn front_desk() -> Fields {
    [
        (Field::FirstName, text("Kim")),
        (Field::LastName, text("Park")),
        (Field::Role, text("front-desk")),
        (Field::Clinics, Value::Set(["downtown".to_owned()].into())),
        (Field::DefaultClinic, text("downtown")),
    ]
    .into_iter()
    .collect()
}

/// One person of the front desk, in the roster and in the workspace; the clinics exist.
fn one(user: DesiredUser, account: Option<Account>) -> (Desired, Actual) {
    let mut desired = empty_desired(Manage::Exact);
    let mut actual = empty_actual();
    desired.clinics.retain(|key, _| actual.clinics.contains_key(key));
    desired.users.insert(user.email.clone(), user);
    actual.accounts.extend(account);
    (desired, actual)
}

fn actions(plan: &Plan) -> Vec<&'static str> {
    plan.changes.iter().map(|c| c.change.action().as_str()).collect()
}

fn code<'r>(plan: &Plan, refusal: &'r Refusal) -> &'r str {
    platform::refusal_code(&refusal.cause, platform::by_id(&plan.platform).catalog())
}

fn refused(plan: &Plan) -> Vec<(&str, &str)> {
    let catalog = platform::by_id(&plan.platform).catalog();
    plan.refusals.iter().map(|r| (sentences::topic(r.cause.topic(), catalog), code(plan, r))).collect()
}

// AR-13
#[test]
fn another_name_is_refused_with_its_remedy_and_the_rest_is_planned() {
    let mut user = desired_user("kim@glow.example", front_desk());
    user.fields.set(Field::LastName, text("Lee"));
    user.fields.set(Field::Role, text("provider"));
    let (desired, actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("last_name", "immutable")]);
    assert_eq!(plan.refusals[0].cause.requirement(), Some(Source::Number("AR-13")));
    let (_, remedy) = sentences::refusal(&plan.refusals[0].cause, named("aesthetic-record").unwrap().catalog());
    assert!(remedy.contains("ask the member to change it"));
    assert_eq!(actions(&plan), ["update"]);
}

// AR-13
#[test]
fn a_member_who_changed_the_address_is_found_under_the_one_in_the_roster() {
    let platform = named("aesthetic-record").unwrap();
    let mut account = account_of(platform, "a", "kim.park@home.example", front_desk());
    account.former = vec![email("kim@glow.example")];
    let (mut desired, mut actual) = one(desired_user("kim@glow.example", front_desk()), Some(account));
    let mut colleague = desired_user("ana@glow.example", front_desk());
    colleague.service_owner = Some(email("kim@glow.example"));
    desired.users.insert(colleague.email.clone(), colleague);
    actual.accounts.push(account_of(platform, "b", "ana@glow.example", front_desk()));
    let before = desired.clone();
    follow(&mut desired, &actual);
    let plan = diff(&desired, &actual);
    assert!(plan.changes.is_empty() && plan.refusals.is_empty(), "{plan:#?}");
    let said: Vec<String> = plan.notices.iter().map(|notice| sentences::notice(&notice.cause, platform.catalog())).collect();
    assert!(said.iter().any(|text| text.contains("write kim.park@home.example wherever the roster has kim@glow.example")), "{said:?}");
    assert!(!plan.notices.iter().any(|notice| notice.cause == NoticeCause::NotListed), "nobody is outside of the roster");
    assert_eq!(desired.users[&email("ana@glow.example")].service_owner, Some(email("kim.park@home.example")));
    assert_eq!(followed(&[email("kim@glow.example")].into(), &desired, &actual), [email("kim.park@home.example")].into());
    // As `formerly` in the roster would have it.
    let mut written = before.clone();
    let mut user = written.users.remove(&email("kim@glow.example")).unwrap();
    (user.email, user.formerly) = (email("kim.park@home.example"), vec![email("kim@glow.example")]);
    written.users.insert(user.email.clone(), user);
    let noticed = written.oddities.len();
    follow(&mut written, &actual);
    assert_eq!(written.oddities.len(), noticed, "nothing is left to be said");
}

// who has an address now counts more than who had it.
#[test]
fn an_address_that_somebody_else_has_now_is_theirs() {
    let platform = named("aesthetic-record").unwrap();
    let (mut one_account, mut two) =
        (account_of(platform, "a", "kim.park@home.example", front_desk()), account_of(platform, "b", "lee@home.example", front_desk()));
    one_account.former = vec![email("kim@glow.example")];
    let alone = one(desired_user("kim@glow.example", front_desk()), Some(one_account.clone()));
    let follows = |(mut desired, actual): (Desired, Actual)| {
        follow(&mut desired, &actual);
        desired.users.contains_key(&email("kim.park@home.example"))
    };
    assert!(follows(alone.clone()));
    let mut with_id = alone.clone();
    with_id.0.users.get_mut(&email("kim@glow.example")).unwrap().id = Some(RemoteId("b".to_owned()));
    assert!(!follows(with_id), "another account is pinned");
    let mut both = alone.clone();
    both.1.accounts.push(account_of(platform, "c", "kim@glow.example", front_desk()));
    assert!(!follows(both), "somebody has the address now");
    two.former.clone_from(&one_account.former);
    let mut twice = alone.clone();
    twice.1.accounts.push(two);
    assert!(!follows(twice), "two had the address");
    let mut listed = alone;
    listed.0.users.insert(email("kim.park@home.example"), desired_user("kim.park@home.example", front_desk()));
    let (mut desired, actual) = listed;
    follow(&mut desired, &actual);
    assert!(desired.users.contains_key(&email("kim@glow.example")), "the roster has the new address, too");
}

// AR-3, AR-13
#[test]
fn a_name_that_the_login_brought_along_is_a_warning() {
    let mut account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk());
    account.fields.set(Field::LastName, text("Park-Lee"));
    account.invited_name = Some(Box::new(("Kim".to_owned(), "Park".to_owned())));
    let (desired, actual) = one(desired_user("kim@glow.example", front_desk()), Some(account));
    let plan = diff(&desired, &actual);
    assert!(plan.refusals.is_empty() && plan.changes.is_empty());
    let kept = |n: &Notice| matches!(&n.cause, NoticeCause::Kept { workspace, .. } if *workspace == text("Park-Lee"));
    assert!(plan.notices.iter().any(kept));
}

// AR-13
#[test]
fn a_former_address_finds_the_account_and_the_new_one_is_the_members_to_set() {
    let mut user = desired_user("kim.new@glow.example", front_desk());
    user.formerly = vec![email("kim@glow.example")];
    let (desired, actual) = one(user.clone(), Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("email", "immutable")]);
    assert!(plan.changes.is_empty(), "nobody is inactivated, nobody invited");
    let (desired, actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim.new@glow.example", front_desk())));
    let plan = diff(&desired, &actual);
    assert!(plan.refusals.is_empty() && plan.changes.is_empty(), "once the member changed it, all is well");
}

//
#[test]
fn another_address_without_a_word_is_another_person() {
    let (desired, actual) = one(
        desired_user("kim.new@glow.example", front_desk()),
        Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())),
    );
    assert_eq!(actions(&diff(&desired, &actual)), ["inactivate", "invite"]);
}

#[test]
fn a_pinned_account_that_is_gone_is_refused_and_not_invited_anew() {
    let mut user = desired_user("kim@glow.example", front_desk());
    user.id = Some(RemoteId("gone".to_owned()));
    let (desired, actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("account", "id-gone")]);
    assert!(plan.changes.is_empty(), "and the account of that address is not removed as unlisted");
}

//
#[test]
fn two_accounts_of_one_address_are_refused_until_one_is_pinned() {
    let mut user = desired_user("kim@glow.example", front_desk());
    let (mut desired, mut actual) =
        one(user.clone(), Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    actual.accounts.push(account_of(named("aesthetic-record").unwrap(), "b", "kim@glow.example", front_desk()));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("account", "duplicate-account")]);
    assert!(plan.changes.is_empty());
    user.id = Some(RemoteId("b".to_owned()));
    desired.users.insert(user.email.clone(), user);
    let plan = diff(&desired, &actual);
    assert!(plan.refusals.iter().all(|r| code(&plan, r) != "duplicate-account"));
}

// whichever account is theirs, it should give no access.
#[test]
fn somebody_who_should_have_no_access_loses_every_account_of_their_address() {
    let mut user = desired_user("kim@glow.example", front_desk());
    user.status = Status::Inactive;
    let platform = named("aesthetic-record").unwrap();
    let (desired, mut actual) = one(user, None);
    let account = |id: &str, inactive: bool| {
        let account = account_of(platform, id, "kim@glow.example", front_desk());
        Account { state: State { inactive, ..account.state.clone() }, ..account }
    };
    for (states, ended) in [([true, false], 1), ([false, true], 1), ([false, false], 2), ([true, true], 0)] {
        actual.accounts = vec![account("a", states[0]), account("b", states[1])];
        let plan = diff(&desired, &actual);
        assert_eq!((plan.refusals.len(), actions(&plan)), (0, vec!["inactivate"; ended]), "{states:?}");
        assert!(plan.changes.iter().all(|step| step.after.is_empty()), "one does not wait for the other");
        assert_eq!(plan.unchanged, usize::from(ended == 0));
    }
}

// AR-9: nobody adds to their own, so bob does not become a medical director, and nobody can name him as one.
#[test]
fn a_change_that_needs_a_refused_one_is_refused_with_it() {
    let platform = named("aesthetic-record").unwrap();
    let with = |role: &str, more: &[(Field, Value)]| {
        let mut fields = front_desk();
        fields.set(Field::Role, text(role));
        for (field, value) in more {
            fields.set(*field, value.clone());
        }
        fields
    };
    let named_bob = [(Field::Provider, Value::Flag(true)), (Field::MdConsent, text("bob@glow.example"))];
    let not_provider = [(Field::Provider, Value::Flag(false)), (Field::MdConsent, Value::Unset)];
    let mut desired = empty_desired(Manage::Additive);
    let mut actual = empty_actual();
    desired.clinics.retain(|key, _| actual.clinics.contains_key(key));
    desired.main_admin = None;
    actual.main_admin = None;
    actual.token_owner = Some(email("bob@glow.example"));
    actual.accounts = vec![
        account_of(platform, "1", "bob@glow.example", with("administrator", &not_provider)),
        account_of(platform, "2", "cid@glow.example", with("provider", &not_provider)),
    ];
    let users = [
        desired_user("bob@glow.example", with("medical-director", &[])),
        desired_user("cid@glow.example", with("provider", &named_bob)),
        desired_user("dee@glow.example", with("provider", &named_bob)),
    ];
    desired.users = users.into_iter().map(|user| (user.email.clone(), user)).collect();
    let plan = diff(&desired, &actual);
    assert_eq!(actions(&plan), ["invite"], "{:?}", plan.changes);
    assert!(!plan.changes[0].change.fields().iter().any(|change| change.field == Field::MdConsent));
    let all: BTreeSet<_> = plan
        .refusals
        .iter()
        .map(|refusal| (refusal.subject.borrow().user().map_or("", Email::as_str).to_owned(), code(&plan, refusal)))
        .collect();
    let unnamed = ["cid", "dee"].map(|name| (format!("{name}@glow.example"), "medical-director"));
    assert!(unnamed.iter().all(|one| all.contains(one)) && all.contains(&("bob@glow.example".to_owned(), "not-given")), "{all:?}");
    // By the main admin's token he becomes one, and they can.
    actual.accounts[0].main_admin = true;
    let plan = diff(&desired, &actual);
    assert_eq!((actions(&plan), refused(&plan)), (vec!["update", "update", "invite"], Vec::new()));
}

// A field can need another one of the same account.
#[test]
fn a_field_that_needs_a_refused_one_is_refused_with_it() {
    let platform = named("aesthetic-record").unwrap();
    let mut desired = empty_desired(Manage::Additive);
    let mut actual = empty_actual();
    desired.clinics.retain(|key, _| actual.clinics.contains_key(key));
    (desired.main_admin, actual.main_admin) = (None, None);
    actual.token_owner = Some(email("bob@glow.example"));
    let mut fields = front_desk();
    fields.set(Field::Role, text("administrator"));
    actual.accounts = vec![account_of(platform, "1", "bob@glow.example", fields.clone())];
    fields.set(Field::Role, text("medical-director"));
    fields.set(Field::Provider, Value::Flag(true));
    fields.set(Field::MdConsent, Value::Flag(false));
    desired.users = BTreeMap::from([(email("bob@glow.example"), desired_user("bob@glow.example", fields))]);
    let plan = diff(&desired, &actual);
    let role = plan.refusals.iter().filter(|refusal| code(&plan, refusal) == "not-given").count();
    assert_eq!((role, actions(&plan)), (1, Vec::<&str>::new()), "{:?} {:?}", plan.changes, plan.refusals);
}

// AR-6, and the vendor's rule that present holders keep what they have
#[test]
fn a_holder_whose_role_has_changed_since_is_never_said_to_match() {
    let mut account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk());
    let old: BTreeSet<String> = ["take-payments".to_owned()].into();
    account.role_privileges = Some(old.clone().into());
    account.privileges = old.into();
    let (desired, actual) = one(desired_user("kim@glow.example", front_desk()), Some(account));
    let plan = diff(&desired, &actual);
    assert_eq!(actions(&plan), ["update"]);
    assert_eq!(plan.changes[0].reason, Reason::FieldsDiffer { fields: [].into(), role_again: true });
    let effective = plan.changes[0].change.effective().expect("shown");
    assert!(effective.lost().contains("take-payments") && effective.gained().contains("check-in-patients"));
}

// AR-9
#[test]
fn switching_provider_off_takes_its_settings_along() {
    let mut fields = front_desk();
    fields.set(Field::Provider, Value::Flag(true));
    fields.set(Field::BookingBio, text("Twelve years of laser and skin care."));
    let account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", fields);
    let mut user = desired_user("kim@glow.example", front_desk());
    user.fields.set(Field::Provider, Value::Flag(false));
    let (desired, actual) = one(user, Some(account));
    let plan = diff(&desired, &actual);
    let touched: Vec<_> = plan.changes[0].change.fields().iter().map(|c| c.field).collect();
    assert_eq!(touched, [Field::Provider, Field::BookingBio]);
    assert!(plan.changes[0].change.effective().is_some_and(|e| e.lost().contains("edit-patient-records")));
    assert!(
        !plan.notices.iter().any(|n| matches!(n.cause, NoticeCause::NotManaged { .. })),
        "what goes along is not left: {:?}",
        plan.notices
    );
}

// AR-9, AR-16
#[test]
fn a_provider_whose_director_has_left_is_refused_the_way_back_until_yaml_names_another() {
    let mut fields = front_desk();
    fields.set(Field::Provider, Value::Flag(true));
    fields.set(Field::MdConsent, text("marcus@glow.example"));
    let mut account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", fields);
    account.state.inactive = true;
    let (mut desired, actual) = one(desired_user("kim@glow.example", front_desk()), Some(account));
    let plan = diff(&desired, &actual);
    assert!(plan.changes.is_empty(), "{:?}", actions(&plan));
    assert_eq!(refused(&plan), [("activate", "medical-director")]);
    desired.users.get_mut(&email("kim@glow.example")).expect("listed").fields.set(Field::MdConsent, Value::Flag(false));
    assert_eq!(actions(&diff(&desired, &actual)), ["update", "activate"]);
}

#[test]
fn a_field_that_yaml_does_not_mention_is_shown_and_left_alone() {
    let mut fields = front_desk();
    fields.set(Field::AppointmentColor, text("#3aa675"));
    let (desired, actual) = one(
        desired_user("kim@glow.example", front_desk()),
        Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", fields)),
    );
    let plan = diff(&desired, &actual);
    assert!(plan.changes.is_empty());
    let fields: Box<[_]> = [(Field::AppointmentColor, text("#3aa675"))].into();
    assert!(plan.notices.iter().any(|n| n.cause == NoticeCause::NotManaged { fields: fields.clone() }));
}

#[test]
fn an_empty_value_clears_the_field() {
    let mut fields = front_desk();
    fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
    let mut user = desired_user("kim@glow.example", front_desk());
    user.fields.set(Field::Phones, Value::Unset);
    let (desired, actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", fields)));
    let plan = diff(&desired, &actual);
    assert_eq!(plan.changes[0].change.fields()[0].after, Value::Unset);
}

// AR-12
#[test]
fn the_order_of_clinics_and_of_further_phones_means_nothing() {
    let mut fields = front_desk();
    fields.set(Field::Phones, Value::List(["+16025550100", "+16025550101", "+16025550102"].map(str::to_owned).to_vec()));
    let mut user = desired_user("kim@glow.example", fields.clone());
    user.fields.set(Field::Phones, Value::List(["+1 602 555 0100", "+1 602 555 0102", "+1 (602) 555-0101"].map(str::to_owned).to_vec()));
    let (desired, actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", fields)));
    assert!(diff(&desired, &actual).changes.is_empty());
}

// AR-26
#[test]
fn another_reason_for_a_standing_block_is_a_warning() {
    let mut account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk());
    account.state.block = Some(Block { reason: BlockReason::ClearSchedule, note: None });
    let mut user = desired_user("kim@glow.example", front_desk());
    user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    let (desired, actual) = one(user, Some(account));
    let plan = diff(&desired, &actual);
    assert!(plan.changes.is_empty());
    assert!(plan.notices.iter().any(|n| n.cause == NoticeCause::BlockReasonKept { reason: BlockReason::ClearSchedule }));
}

#[test]
fn a_server_without_an_action_gets_a_refusal_and_no_guess() {
    let mut user = desired_user("kim@glow.example", front_desk());
    user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    let (desired, mut actual) = one(user, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    actual.capabilities.actions.clear();
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("block", "not-offered")]);
    assert!(plan.changes.is_empty());
}

#[test]
fn an_invited_person_whom_the_server_cannot_unblock_gets_no_invitation() {
    let mut user = desired_user("kim@glow.example", front_desk());
    user.blocked = Some(DesiredBlock::Unblocked);
    let mut account = account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk());
    let ended = Invitation { state: InvitationState::Killed, sent_at: 0, expires_at: 1 };
    account.state =
        State { block: Some(Block { reason: BlockReason::ClearSchedule, note: None }), invitation: Some(ended), ..State::default() };
    let (desired, mut actual) = one(user, Some(account));
    actual.capabilities.actions.remove(&Action::Unblock);
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("unblock", "not-offered")]);
    assert!(plan.changes.is_empty(), "{:?}", actions(&plan));
}

// CHR-2
#[test]
fn an_inactive_person_who_does_not_fit_is_not_even_updated() {
    let platform = named("telus-chr").unwrap();
    let fields = |role: &str| -> Fields {
        [(Field::FirstName, text("Kim")), (Field::LastName, text("Park")), (Field::Role, text(role))].into_iter().collect()
    };
    let mut account = account_of(platform, "a", "kim@glow.example", fields("practitioner"));
    account.fields.set(Field::Needs, Value::Set(["lab-results".to_owned()].into()));
    account.state.inactive = true;
    let (mut desired, actual) = one(desired_user("kim@glow.example", fields("staff")), Some(account));
    desired.platform = platform.id();
    (desired.clinics, desired.roles) = Default::default();
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("activate", "staff-with-practitioner-needs")]);
    assert!(plan.changes.is_empty(), "{:?}", actions(&plan));
}

fn dental(users: Vec<DesiredUser>, employees: Vec<Employee>) -> (Desired, Actual) {
    let mut desired = empty_desired(Manage::Additive);
    desired.platform = named("practice-by-numbers").unwrap().id();
    desired.clinics.clear();
    desired.roles.clear();
    desired.users = users.into_iter().map(|u| (u.email.clone(), u)).collect();
    let mut actual = empty_actual();
    actual.clinics.clear();
    actual.roles.clear();
    actual.employees = employees;
    (desired, actual)
}

fn pat() -> DesiredUser {
    let fields = [(Field::FirstName, text("Pat")), (Field::LastName, text("Wood")), (Field::Role, text("office-administrator"))];
    desired_user("pat@ledger.example", fields.into_iter().collect())
}

fn employee(key: &str, active: bool) -> Employee {
    Employee {
        id: RemoteId(format!("employee-{key}")),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        key: key.to_owned(),
        first_name: "Pat".to_owned(),
        last_name: "Wood".to_owned(),
        active,
        external: false,
    }
}

// RFC 7643 section 7: the server's schema says what no change reaches, so no run tries it.
#[test]
fn a_field_that_the_schema_lets_nobody_change_is_refused_in_the_plan() {
    let platform = named("generic").unwrap();
    let mut moved = desired_user("new@glow.example", Fields::from_iter([(Field::Title, text("RN"))]));
    moved.formerly = vec![email("old@glow.example")];
    let mut leaves = desired_user("gone@glow.example", Fields::default());
    leaves.status = Status::Inactive;
    let (mut desired, mut actual) = dental(vec![moved, leaves], Vec::new());
    desired.platform = platform.id();
    actual.accounts = vec![
        account_of(platform, "1", "old@glow.example", Fields::from_iter([(Field::Title, text("MA"))])),
        account_of(platform, "2", "gone@glow.example", Fields::default()),
    ];
    let plan = diff(&desired, &actual);
    assert_eq!((actions(&plan), refused(&plan)), (vec!["inactivate", "update"], Vec::new()));
    actual.capabilities.fixed = BTreeSet::from([Field::Email]);
    actual.capabilities.is_state_fixed = true;
    let plan = diff(&desired, &actual);
    assert_eq!(actions(&plan), ["update"], "the title alone");
    assert_eq!(plan.changes[0].change.fields().len(), 1);
    assert_eq!(refused(&plan), [("status", "not-held"), ("email", "immutable")]);
}

// PBN-6: only somebody who is an owner makes another one, so the owner of the token stays one until then.
#[test]
fn the_acting_account_loses_its_rights_last() {
    let platform = named("practice-by-numbers").unwrap();
    let of = |role: &str| -> Fields {
        [(Field::FirstName, text("Pat")), (Field::LastName, text("Wood")), (Field::Role, text(role))].into_iter().collect()
    };
    for new_owner in ["aaron@bright.example", "zoe@bright.example"] {
        let users = vec![desired_user("bob@bright.example", of("office-administrator")), desired_user(new_owner, of("owner"))];
        let (mut desired, mut actual) = dental(users, Vec::new());
        desired.main_admin = None;
        actual.main_admin = None;
        actual.accounts =
            vec![account_of(platform, "bob", "bob@bright.example", of("owner")), account_of(platform, "new", new_owner, of("dentist"))];
        actual.token_owner = Some(email("bob@bright.example"));
        let plan = diff(&desired, &actual);
        let order: Vec<_> = plan.changes.iter().map(|step| step.change.subject().user().unwrap().as_str()).collect();
        assert_eq!(order, [new_owner, "bob@bright.example"]);
        assert!(plan.changes[0].stage < plan.changes[1].stage, "stages do not overlap");
    }
}

// PBN-2
#[test]
fn an_account_goes_to_the_one_employee_record_of_that_name() {
    let (desired, actual) = dental(vec![pat()], vec![employee("pat-wood", true)]);
    let plan = diff(&desired, &actual);
    assert_eq!(actions(&plan), ["invite"]);
    assert!(plan.changes[0].change.fields().iter().any(|c| c.field == Field::Employee && c.after == text("pat-wood")));
    let (desired, actual) = dental(vec![pat()], Vec::new());
    assert_eq!(refused(&diff(&desired, &actual)), [("employee", "no-employee-record")]);
    let (desired, actual) = dental(vec![pat()], vec![employee("pat-1", true), employee("pat-2", true)]);
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("employee", "name-repeats")]);
    let (_, remedy) = sentences::refusal(&plan.refusals[0].cause, named("practice-by-numbers").unwrap().catalog());
    assert_eq!(remedy, "say which one this person has: `employee: pat-1`, `employee: pat-2`");
}

// PBN-3, PBN-5
#[test]
fn somebody_from_outside_gets_an_employee_record_first_and_the_code_word_by_hand() {
    let mut user = pat();
    user.employee = EmployeeLink::External;
    let (desired, actual) = dental(vec![user], Vec::new());
    let plan = diff(&desired, &actual);
    assert_eq!(actions(&plan), ["create-employee", "invite"]);
    assert_eq!(plan.changes[1].after, [0]);
    assert_eq!(plan.tasks.len(), 1);
    assert_eq!(plan.tasks[0].what, TaskKind::HandOverCodeWord);
    let mut watched = desired;
    watched.manage = Manage::Observe;
    assert!(diff(&watched, &actual).tasks.is_empty(), "nobody is invited, so nothing is handed over");
}

// PBN-8
#[test]
fn an_inactive_employee_has_no_working_account() {
    let (desired, actual) = dental(vec![pat()], vec![employee("pat-wood", false)]);
    assert_eq!(refused(&diff(&desired, &actual)), [("employee", "inactive-employee")]);
    let (mut desired, mut actual) = dental(vec![pat()], vec![employee("pat-wood", true)]);
    let mut fields = pat().fields;
    fields.set(Field::Employee, text("pat-wood"));
    actual.accounts.push(account_of(named("practice-by-numbers").unwrap(), "a", "pat@ledger.example", fields));
    desired.employees.push(DesiredEmployee {
        id: Some("pat-wood".to_owned()),
        first_name: "Pat".to_owned(),
        last_name: "Wood".to_owned(),
        active: Some(false),
        external: None,
    });
    assert_eq!(refused(&diff(&desired, &actual)), [("active", "account-in-use")]);
    // An account that moves to another record leaves this one first.
    actual.employees.push(employee("pat-two", true));
    desired.users.get_mut(&email("pat@ledger.example")).unwrap().employee = EmployeeLink::Key("pat-two".to_owned());
    let plan = diff(&desired, &actual);
    assert_eq!((actions(&plan), refused(&plan)), (vec!["update", "update-employee"], Vec::new()));
    assert_eq!(plan.changes[1].after, [0], "the record ends after that");
    // Somebody new who is on it keeps it in use.
    let mut other = desired_user("new@ledger.example", pat().fields);
    other.employee = EmployeeLink::Key("pat-wood".to_owned());
    desired.users.insert(other.email.clone(), other);
    let plan = diff(&desired, &actual);
    assert_eq!((actions(&plan), refused(&plan)), (vec!["invite", "update"], vec![("active", "account-in-use")]));
}

// PBN-3, PBN-6: a record is made for somebody from outside who gets an account, and for nobody else.
#[test]
fn no_employee_record_is_made_for_somebody_who_is_refused() {
    let mut user = pat();
    user.employee = EmployeeLink::External;
    user.fields.set(Field::Role, text("owner"));
    let (mut desired, mut actual) = dental(vec![user], Vec::new());
    (desired.main_admin, actual.main_admin) = (None, None);
    let platform = named("practice-by-numbers").unwrap();
    let fields = [(Field::FirstName, text("Bob")), (Field::LastName, text("Hill")), (Field::Role, text("office-administrator"))];
    actual.accounts = vec![account_of(platform, "1", "bob@bright.example", fields.into_iter().collect())];
    actual.token_owner = Some(email("bob@bright.example"));
    let plan = diff(&desired, &actual);
    assert_eq!((actions(&plan), refused(&plan)), (Vec::new(), vec![("role", "not-given")]));
}

// CHR-4, CHR-5
#[test]
fn a_name_that_the_member_confirmed_wins_over_yaml() {
    let fields: Fields =
        [(Field::FirstName, text("Asha")), (Field::Role, text("staff")), (Field::TwoFactor, Value::Flag(false))].into_iter().collect();
    let mut user = desired_user("asha@lakeside.example", fields.clone());
    user.fields.set(Field::FirstName, text("Aisha"));
    user.fields.set(Field::TwoFactor, Value::Flag(true));
    let mut account = account_of(named("telus-chr").unwrap(), "a", "asha@lakeside.example", fields);
    let plan_of = |account: Account| {
        let (mut desired, mut actual) = one(user.clone(), Some(account));
        desired.platform = named("telus-chr").unwrap().id();
        desired.clinics.clear();
        desired.roles.clear();
        actual.clinics.clear();
        diff(&desired, &actual)
    };
    let confirmed = plan_of(account.clone());
    assert!(confirmed.changes.is_empty() && confirmed.refusals.is_empty());
    let about_asha = |n: &&Notice| n.cause.kind() == NoticeKind::Warning && matches!(n.subject, Subject::User(_));
    assert_eq!(confirmed.notices.iter().filter(about_asha).count(), 2);
    account.state.accepted = false;
    account.state.invitation = Some(Invitation { state: InvitationState::Open, sent_at: 0, expires_at: i64::MAX });
    assert_eq!(actions(&plan_of(account)), ["update"], "until then YAML's word counts");
}

// AR-16, AR-17, X-8
#[test]
fn two_seats_six_months_before_the_yearly_date_cost_38_a_month_and_228_at_once() {
    let (mut desired, actual) = one(desired_user("kim@glow.example", front_desk()), None);
    let second = desired_user("lee@glow.example", front_desk());
    desired.users.insert(second.email.clone(), second);
    desired.subscription = Subscription {
        plan: Some("accelerator".to_owned()),
        billing: Some(Billing::Yearly),
        next_billing: Some(jiff::civil::date(2027, 5, 22)),
        ..Subscription::default()
    };
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.monthly_change_cents, bill.at_once_cents, bill.estimate), (Some(3800), Some(22_800), true));
    assert_eq!(bill.when, Some(TakesEffect::AtOnce), "no seat ends");
    desired.subscription.next_billing = Some(jiff::civil::date(2027, 5, 21));
    assert_eq!(diff(&desired, &actual).bill.at_once_cents, Some(19_000), "only full months count");
    desired.subscription.next_billing = None;
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.at_once_cents, bill.when), (None, Some(TakesEffect::NextBilling(NextBilling::NotGiven))));
    let (today, yesterday) = (jiff::civil::date(2026, 11, 22), jiff::civil::date(2026, 11, 21));
    for (next, expected) in [(today, NextBilling::On(today)), (yesterday, NextBilling::Past(yesterday))] {
        desired.subscription.next_billing = Some(next);
        let bill = diff(&desired, &actual).bill;
        assert_eq!((bill.at_once_cents, bill.when), (None, Some(TakesEffect::NextBilling(expected))));
    }
}

// AR-15, AR-17
#[test]
fn a_seat_that_goes_saves_from_the_next_billing_date() {
    let (mut desired, actual) = one(
        desired_user("kim@glow.example", front_desk()),
        Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())),
    );
    desired.users.clear();
    desired.subscription.plan = Some("essentials".to_owned());
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.monthly_change_cents, bill.at_once_cents), (Some(-1500), None));
    assert_eq!((bill.lines[0].before, bill.lines[0].after), (1, 0));
    // Also on a yearly plan: nothing is paid back, so nothing is due at once.
    let next = jiff::civil::date(2027, 5, 22);
    let yearly = Subscription { billing: Some(Billing::Yearly), next_billing: Some(next), ..desired.subscription.clone() };
    desired.subscription = yearly;
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.monthly_change_cents, bill.at_once_cents, bill.estimate), (Some(-1500), None, false));
    assert_eq!((bill.lines.len(), bill.when), (1, Some(TakesEffect::NextBilling(NextBilling::On(next)))));
}

/// A yearly Accelerator workspace where one leaves and one comes.
fn one_out_one_in() -> (Desired, Actual) {
    let (mut desired, actual) = one(
        desired_user("lee@glow.example", front_desk()),
        Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())),
    );
    desired.manage = Manage::Exact;
    desired.subscription = Subscription {
        plan: Some("accelerator".to_owned()),
        billing: Some(Billing::Yearly),
        next_billing: Some(jiff::civil::date(2027, 5, 22)),
        ..Subscription::default()
    };
    (desired, actual)
}

// AR-15, AR-16
#[test]
fn on_a_yearly_plan_what_begins_counts_at_once_and_what_ends_from_the_next_billing_date() {
    let (desired, actual) = one_out_one_in();
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.monthly_change_cents, bill.at_once_cents), (Some(0), Some(11_400)));
    let next = NextBilling::On("2027-05-22".parse().unwrap());
    assert_eq!(bill.when, Some(TakesEffect::NewSeatsAtOnce(next)));
    assert_eq!((bill.lines[0].before, bill.lines[0].after, bill.lines[0].added), (1, 1, 1));
}

// AR-15, AR-16
#[test]
fn a_next_billing_date_in_the_past_is_not_named() {
    let (mut desired, actual) = one_out_one_in();
    desired.subscription.next_billing = Some(jiff::civil::date(2020, 1, 1));
    for billing in [Billing::Yearly, Billing::Monthly] {
        desired.subscription.billing = Some(billing);
        let bill = diff(&desired, &actual).bill;
        assert_eq!(bill.at_once_cents, None);
        let past = NextBilling::Past("2020-01-01".parse().unwrap());
        assert_eq!(bill.when, Some(TakesEffect::NextBilling(past)));
    }
}

// CHR-3
#[test]
fn without_a_price_the_bill_is_in_seats() {
    let fields: Fields = [(Field::Role, text("practitioner"))].into_iter().collect();
    let (mut desired, actual) = one(desired_user("asha@lakeside.example", fields), None);
    desired.platform = named("telus-chr").unwrap().id();
    desired.clinics.clear();
    desired.roles.clear();
    let bill = diff(&desired, &actual).bill;
    assert_eq!((bill.lines[0].kind.as_str(), bill.lines[0].after, bill.monthly_change_cents), ("practitioner", 1, None));
    desired.subscription.prices.insert("practitioner".to_owned(), 9900);
    assert_eq!(diff(&desired, &actual).bill.monthly_change_cents, Some(9900));
}

// CHR-2
#[test]
fn an_update_that_breaks_a_rule_with_what_yaml_leaves_alone_is_refused_in_the_plan() {
    let fields: Fields =
        [(Field::Role, text("practitioner")), (Field::Needs, Value::Set(["schedule".to_owned()].into()))].into_iter().collect();
    let account = account_of(named("telus-chr").unwrap(), "a", "asha@lakeside.example", fields);
    let (mut desired, actual) =
        one(desired_user("asha@lakeside.example", [(Field::Role, text("staff"))].into_iter().collect()), Some(account));
    desired.platform = named("telus-chr").unwrap().id();
    desired.clinics.clear();
    desired.roles.clear();
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("update", "staff-with-practitioner-needs")]);
    assert!(plan.changes.is_empty());
}

// nobody guesses whose an account is, and nobody loses it for that.
#[test]
fn an_account_that_two_entries_mean_belongs_to_the_stronger_claim() {
    let kim = desired_user("kim@glow.example", front_desk());
    let (mut desired, actual) = one(kim, Some(account_of(named("aesthetic-record").unwrap(), "a", "kim@glow.example", front_desk())));
    let mut other = desired_user("ada@glow.example", front_desk());
    other.formerly = vec![email("kim@glow.example")];
    desired.users.insert(other.email.clone(), other);
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("account", "claimed-twice")]);
    assert!(matches!(&plan.refusals[0].subject, Subject::User(user) if user.as_str() == "ada@glow.example"));
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
}

//
#[test]
fn an_id_of_another_account_than_the_address_is_refused_and_inactivates_nobody() {
    let mut kim = desired_user("kim@glow.example", front_desk());
    kim.id = Some(RemoteId("a".to_owned()));
    let (desired, mut actual) = one(kim, Some(account_of(named("aesthetic-record").unwrap(), "a", "old@glow.example", front_desk())));
    actual.accounts.push(account_of(named("aesthetic-record").unwrap(), "b", "kim@glow.example", front_desk()));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan), [("email", "address-taken")]);
    assert!(plan.changes.is_empty(), "neither of the two is unlisted: {:?}", plan.changes);
}

// the order of the alphabet decides nothing.
#[test]
fn an_entry_whose_id_is_gone_takes_no_account_from_one_whose_id_is_there() {
    for (gone, there) in [("ada@glow.example", "zoe@glow.example"), ("zoe@glow.example", "ada@glow.example")] {
        let mut lost = desired_user(gone, front_desk());
        lost.id = Some(RemoteId("gone".to_owned()));
        let (mut desired, actual) = one(lost, Some(account_of(named("aesthetic-record").unwrap(), "a", gone, front_desk())));
        let mut pinned = desired_user(there, front_desk());
        pinned.id = Some(RemoteId("a".to_owned()));
        desired.users.insert(pinned.email.clone(), pinned);
        let plan = diff(&desired, &actual);
        let codes: Vec<&str> = plan.refusals.iter().map(|r| code(&plan, r)).collect();
        assert!(codes.contains(&"id-gone") && !codes.contains(&"claimed-twice"), "{gone}: {codes:?}");
    }
}

//
#[test]
fn somebody_without_access_whose_id_is_gone_takes_no_account_from_one_whose_id_is_there() {
    for (gone, there) in [("ada@glow.example", "zoe@glow.example"), ("zoe@glow.example", "ada@glow.example")] {
        let mut lost = desired_user(gone, front_desk());
        (lost.id, lost.status) = (Some(RemoteId("gone".to_owned())), Status::Inactive);
        let (mut desired, actual) = one(lost, Some(account_of(named("aesthetic-record").unwrap(), "a", gone, front_desk())));
        let mut pinned = desired_user(there, front_desk());
        pinned.id = Some(RemoteId("a".to_owned()));
        desired.users.insert(pinned.email.clone(), pinned);
        let plan = diff(&desired, &actual);
        assert!(!plan.changes.iter().any(|step| step.change.action().ends_access()), "{gone}: {:?}", plan.changes);
        assert!(plan.notices.iter().any(|notice| notice.cause == NoticeCause::InactiveWithoutAccount), "{gone}: {:?}", plan.notices);
    }
}

//
#[test]
fn former_addresses_of_two_accounts_are_named_with_their_ids() {
    let mut kim = desired_user("new@glow.example", front_desk());
    kim.formerly = vec![email("kim@glow.example"), email("lee@glow.example")];
    let platform = named("aesthetic-record").unwrap();
    let (desired, mut actual) = one(kim, Some(account_of(platform, "a", "kim@glow.example", front_desk())));
    actual.accounts.push(account_of(platform, "b", "lee@glow.example", front_desk()));
    let refusals = diff(&desired, &actual).refusals;
    let (why, remedy) = sentences::refusal(&refusals[0].cause, platform.catalog());
    assert_eq!(why, "2 accounts have the addresses under `formerly`: kim@glow.example (a), lee@glow.example (b)");
    assert!(remedy.contains("give the other its own entry"), "{remedy}");
}

// what validation says of two addresses is also in the plan, which a reviewer reads.
#[test]
fn addresses_that_look_alike_are_a_warning_of_the_plan() {
    let mut desired = empty_desired(Manage::Additive);
    for address in ["ana@glow.example", "\u{430}na@glow.example", "una@glow.example"] {
        desired.users.insert(email(address), desired_user(address, front_desk()));
    }
    let plan = diff(&desired, &empty_actual());
    let cause = NoticeCause::LooksLike { other: email("ana@glow.example") };
    let found: Vec<&Notice> = plan.notices.iter().filter(|notice| notice.cause == cause).collect();
    assert_eq!(found, [&Notice { subject: Subject::User(email("\u{430}na@glow.example")), cause: cause.clone() }]);
}

// An account that gets the whole name of somebody else hands over everything that it can do.
#[test]
fn an_account_that_gets_somebody_elses_whole_name_is_a_risk() {
    let platform = named("generic").unwrap();
    let name = |first: &str, last: &str| Fields::from_iter([(Field::FirstName, text(first)), (Field::LastName, text(last))]);
    for (first, last, risky) in [("Cid", "Cole", true), ("Bea", "Cole", false), ("Birch", "Bea", false), ("Bea-Ann", "Birch Cole", false)] {
        let (mut desired, mut actual) = dental(vec![desired_user("desk@bright.example", name(first, last))], Vec::new());
        desired.platform = platform.id();
        actual.accounts = vec![account_of(platform, "1", "desk@bright.example", name("Bea", "Birch"))];
        assert_eq!(diff(&desired, &actual).changes[0].risky, risky, "{first} {last}");
    }
}
