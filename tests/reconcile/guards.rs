//! Each guard at its border, its waiver, and what it must let through.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::worlds::{MAIN, empty_actual, empty_desired};
use rosterctl::model::*;
use rosterctl::platform::{by_id, effective, named, refusal_code};
use rosterctl::reconcile::{approve, diff, digest};
use rosterctl::report::sentences;

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).expect("a valid address")
}

pub(crate) fn fields(role: &str) -> Fields {
    [
        (Field::FirstName, Value::Text("Ana".to_owned())),
        (Field::LastName, Value::Text("Ruiz".to_owned())),
        (Field::Role, Value::Text(role.to_owned())),
        (Field::Clinics, Value::Set(["downtown".to_owned()].into())),
        (Field::DefaultClinic, Value::Text("downtown".to_owned())),
    ]
    .into_iter()
    .collect()
}

pub(crate) fn add_account<'a>(actual: &'a mut Actual, address: &str, fields: Fields) -> &'a mut Account {
    let catalog = named("aesthetic-record").unwrap().catalog();
    let role = catalog.roles.get(fields.text(Field::Role).unwrap_or_default()).map(|r| r.privileges.clone()).unwrap_or_default();
    let main_admin = address == MAIN;
    let at = actual.accounts.len();
    actual.accounts.push(Account {
        id: RemoteId(format!("id-{at:06}")),
        email: email(address),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        state: State { accepted: true, ..State::default() },
        privileges: effective(catalog, &role, &fields, main_admin).into(),
        role_privileges: Some(role.into()),
        fields,
        has_passcode: false,
        passcode_made: None,
        main_admin,
        invited_name: None,
        former: Vec::new(),
    });
    &mut actual.accounts[at]
}

pub(crate) fn add_user<'a>(desired: &'a mut Desired, address: &str, fields: Fields) -> &'a mut DesiredUser {
    desired.users.entry(email(address)).or_insert(DesiredUser {
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
    })
}

/// The main admin on both sides, in an exact roster.
pub(crate) fn practice() -> (Desired, Actual) {
    let mut desired = empty_desired(Manage::Exact);
    let mut actual = empty_actual();
    add_account(&mut actual, MAIN, fields("administrator"));
    add_user(&mut desired, MAIN, fields("administrator"));
    (desired, actual)
}

/// So many people of the front desk on both sides besides the main admin; the last `gone` are not listed.
pub(crate) fn crowd(active: usize, gone: usize) -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    for i in 1..active {
        let address = format!("u{i:05}@glow.example");
        add_account(&mut actual, &address, fields("front-desk"));
        if i < active - gone {
            add_user(&mut desired, &address, fields("front-desk"));
        }
    }
    (desired, actual)
}

pub(crate) fn stops(desired: &Desired, actual: &Actual) -> Vec<&'static str> {
    match approve(diff(desired, actual), actual, desired) {
        Ok(_) => Vec::new(),
        Err(stopped) => stopped.stops.iter().map(|stop| stop.guard().code()).collect(),
    }
}

/// Returns what the first stop says: what was found, and what to do.
fn said(stopped: &Stopped) -> (String, Cow<'static, str>) {
    sentences::stop(&stopped.stops[0], named("aesthetic-record").expect("a platform of ours").catalog())
}

// B4: removals stop above the count, or above the share from two on.
#[test]
fn removals_stop_just_above_the_limit_and_not_at_it() {
    for (active, most) in [(3, 1), (10, 2), (100, 10), (10_000, 10)] {
        for (gone, stopped) in [(most - 1, false), (most, false), (most + 1, true)] {
            let (desired, actual) = crowd(active, gone);
            let expected: Vec<String> = if stopped { vec!["removals".to_owned()] } else { Vec::new() };
            assert_eq!(stops(&desired, &actual), expected, "{gone} of {active}");
        }
    }
}

#[test]
fn a_stop_names_people_in_the_order_of_their_addresses() {
    let (desired, mut actual) = practice();
    for address in ["tess@glow.example", "ana@glow.example", "rosa@glow.example"] {
        add_account(&mut actual, address, fields("front-desk"));
    }
    let Err(stopped) = approve(diff(&desired, &actual), &actual, &desired) else { panic!("three of four leave") };
    let (found, _) = said(&stopped);
    assert!(found.ends_with("ana@glow.example, rosa@glow.example, tess@glow.example"), "{found}");
}

#[test]
fn the_removals_stop_distinguishes_active_people_from_the_others() {
    let (desired, mut actual) = crowd(7, 6);
    for i in 0..5 {
        let invitation = Invitation { state: InvitationState::Open, sent_at: 0, expires_at: i64::MAX };
        let state = State { invitation: Some(invitation), ..State::default() };
        add_account(&mut actual, &format!("new{i}@glow.example"), fields("front-desk")).state = state;
    }
    let Err(stopped) = approve(diff(&desired, &actual), &actual, &desired) else { panic!("all but one leave") };
    let (reason, _) = said(&stopped);
    assert!(reason.contains("from 11 users (6 active, 5 invited, blocked or inactive); the limit is 10:"), "{reason}");
}

#[test]
fn a_stop_of_an_embedded_workspace_does_not_mention_tokens() {
    let (mut desired, mut actual) = practice();
    actual.token_owner = Some(email("second@glow.example"));
    add_account(&mut actual, "second@glow.example", fields("administrator"));
    add_user(&mut desired, "second@glow.example", fields("front-desk"));
    let embedded = ServerId::Embedded { workspace: "glow-medspa".to_owned(), store: None };
    let scim = ServerId::Scim { url: "https://roster.example/glow-medspa/scim/v2".to_owned() };
    for (server, tokens) in [(embedded, false), (scim, true)] {
        actual.server = server;
        let Err(stopped) = approve(diff(&desired, &actual), &actual, &desired) else { panic!("they demote themselves") };
        let (found, remedy) = said(&stopped);
        let said = format!("{found} {remedy}");
        assert_eq!(said.contains("token"), tokens, "{said}");
    }
}

#[test]
fn one_removal_alone_is_never_too_large_a_share() {
    let (desired, actual) = crowd(2, 1);
    assert!(stops(&desired, &actual).is_empty());
}

#[test]
fn a_share_is_exact_although_binary_fractions_are_not() {
    let (mut desired, actual) = crowd(100, 29);
    desired.guards.removals_count = 100;
    desired.guards.removals_share = Share::from_millionths(290_000);
    assert!(stops(&desired, &actual).is_empty(), "29 of 100 is not more than 0.29");
}

#[test]
fn losing_a_privilege_counts_as_a_removal_and_a_new_phone_does_not() {
    let (mut desired, mut actual) = practice();
    for i in 0..3 {
        let address = format!("provider{i}@glow.example");
        add_account(&mut actual, &address, fields("provider"));
        add_user(&mut desired, &address, fields("front-desk"));
    }
    assert_eq!(stops(&desired, &actual), ["removals"]);
    for user in desired.users.values_mut().filter(|u| u.email.as_str() != MAIN) {
        user.fields = fields("provider");
        user.fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
    }
    for account in &mut actual.accounts {
        account.fields.set(Field::Phones, Value::Unset);
    }
    assert!(stops(&desired, &actual).is_empty());
}

#[test]
fn a_first_apply_meets_no_guard() {
    let (mut desired, actual) = practice();
    for i in 0..200 {
        add_user(&mut desired, &format!("new{i}@glow.example"), fields("front-desk"));
    }
    assert!(stops(&desired, &actual).is_empty());
}

#[test]
fn an_exact_roster_without_users_stops() {
    let (mut desired, actual) = crowd(2, 1);
    desired.users.clear();
    assert!(stops(&desired, &actual).contains(&"empty-desired"));
}

#[test]
fn a_list_that_cannot_be_trusted_stops_removals_and_invitations_and_nothing_else() {
    let (desired, mut actual) = crowd(10, 1);
    actual.completeness = Completeness::Partial { why: PartialCause::Repeats { endpoint: "/Users".to_owned(), listed: 20 } };
    assert_eq!(stops(&desired, &actual), ["partial-read"]);
    let (mut desired, mut actual) = practice();
    actual.completeness = Completeness::Partial { why: PartialCause::Repeats { endpoint: "/Users".to_owned(), listed: 20 } };
    add_account(&mut actual, "known@glow.example", fields("front-desk")).fields.set(Field::Phones, Value::Unset);
    let phones = Value::List(vec!["+16025550100".to_owned()]);
    add_user(&mut desired, "known@glow.example", fields("front-desk")).fields.set(Field::Phones, phones);
    assert!(diff(&desired, &actual).changes.iter().any(|step| step.change.action() == Action::Update));
    assert!(stops(&desired, &actual).is_empty(), "who was seen is there");
    add_user(&mut desired, "new@glow.example", fields("front-desk"));
    assert_eq!(stops(&desired, &actual), ["partial-read"], "who was not seen may be there");
    desired.users.remove(&email("new@glow.example"));
    desired.users.get_mut(&email("known@glow.example")).unwrap().status = Status::Inactive;
    assert!(stops(&desired, &actual).is_empty(), "the roster names who leaves");
}

// AR-20
#[test]
fn nobody_switches_off_or_blocks_the_main_admin_not_even_with_a_waiver() {
    let (mut desired, mut actual) = practice();
    add_account(&mut actual, "second@glow.example", fields("administrator"));
    add_user(&mut desired, "second@glow.example", fields("administrator"));
    desired.users.remove(&email(MAIN));
    actual.token_owner = Some(email("second@glow.example"));
    assert_eq!(stops(&desired, &actual), ["main-admin"]);
    waive(&mut desired, &actual, Guard::MainAdmin);
    assert_eq!(stops(&desired, &actual), ["main-admin"]);
}

// B3
#[test]
fn the_tokens_own_account_keeps_its_rights() {
    for what in ["demoted", "blocked", "inactive"] {
        let (mut desired, mut actual) = practice();
        actual.token_owner = Some(email("second@glow.example"));
        let mut own = fields("administrator");
        own.set(Field::PrivilegeChanges, Value::changes(["block-user".to_owned()].into(), BTreeSet::new()));
        add_account(&mut actual, "second@glow.example", own);
        let user = add_user(&mut desired, "second@glow.example", fields("administrator"));
        match what {
            "demoted" => user.fields = fields("front-desk"),
            "blocked" => user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None }),
            _ => user.status = Status::Inactive,
        }
        assert_eq!(stops(&desired, &actual), ["self"], "{what}");
        for is_ours in [true, false] {
            actual.capabilities.practice_extension = true;
            let plan = diff(&desired, &actual);
            actual.capabilities.practice_extension = is_ours;
            let stopped = approve(plan, &actual, &desired).expect_err("the guard stops it");
            assert_eq!(stopped.stops[0].is_waivable(), !is_ours, "{what}: our own server refuses it, also with a waiver");
            assert_eq!(said(&stopped).1.contains("waiver"), !is_ours);
        }
        actual.capabilities.practice_extension = true;
        waive(&mut desired, &actual, Guard::OwnAccount);
        assert!(stops(&desired, &actual).is_empty(), "{what} with a waiver");
    }
}

// B3, AR-20: no administrator can take the main admin's access, so another token does not help.
#[test]
fn a_main_admin_who_takes_their_own_access_has_to_hand_over_the_role_first() {
    for blocked in [None, Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None })] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, "second@glow.example", fields("administrator"));
        add_user(&mut desired, "second@glow.example", fields("administrator"));
        actual.token_owner = Some(email(MAIN));
        let user = desired.users.get_mut(&email(MAIN)).expect("the main admin");
        user.status = if blocked.is_some() { Status::Active } else { Status::Inactive };
        user.blocked = blocked;
        for is_ours in [true, false] {
            let plan = diff(&desired, &actual);
            actual.capabilities.practice_extension = is_ours;
            let stopped = approve(plan, &actual, &desired).expect_err("the guards stop it");
            let own = stopped.stops.iter().find(|stop| stop.guard() == Guard::OwnAccount).expect("the guard `self`");
            let remedy = sentences::stop(own, named("aesthetic-record").expect("a platform of ours").catalog()).1;
            assert_eq!(remedy, "transfer the main admin role in the workspace first, and apply it with the token of the new main admin");
            assert!(!own.is_waivable());
        }
    }
}

// A platform that does not say what its roles give: a role that is lost, or exchanged, is lost access.
#[test]
fn lost_roles_count_as_removals_where_roles_are_all_that_is_known() {
    for after in [None, Some("viewer")] {
        let (mut desired, mut actual) = crowd(31, 0);
        desired.platform = named("generic").unwrap().id();
        desired.clinics.clear();
        for account in &mut actual.accounts {
            account.fields = Fields::from_iter([(Field::Role, Value::Text("billing-admin".to_owned()))]);
            account.privileges = std::sync::Arc::default();
        }
        for user in desired.users.values_mut().filter(|user| user.email != email(MAIN)) {
            user.fields = Fields::from_iter([(Field::Role, after.map_or(Value::Unset, |role| Value::Text(role.to_owned())))]);
        }
        desired.users.get_mut(&email(MAIN)).expect("listed").fields = Fields::from_iter([]);
        let plan = diff(&desired, &actual);
        assert_eq!(plan.changes.len(), 30, "{after:?}");
        assert!(plan.changes.iter().all(|step| step.risky), "{after:?}");
        assert_eq!(stops(&desired, &actual), ["removals"], "{after:?}");
    }
}

fn two_admins() -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    actual.token_owner = None;
    actual.accounts[0].main_admin = false;
    actual.main_admin = None;
    desired.main_admin = None;
    add_account(&mut actual, "second@glow.example", fields("front-desk"));
    add_user(&mut desired, "second@glow.example", fields("front-desk"));
    (desired, actual)
}

#[test]
fn the_last_administrator_stays() {
    let (mut desired, actual) = two_admins();
    desired.users.get_mut(&email(MAIN)).expect("listed").fields = fields("front-desk");
    assert_eq!(stops(&desired, &actual), ["last-administrator"]);
}

#[test]
fn the_last_administrators_rights_are_handed_over_grant_first() {
    let (mut desired, actual) = two_admins();
    desired.users.get_mut(&email(MAIN)).expect("listed").fields = fields("front-desk");
    desired.users.get_mut(&email("second@glow.example")).expect("listed").fields = fields("administrator");
    let plan = diff(&desired, &actual);
    let order: Vec<_> = plan.changes.iter().map(|c| (c.change.subject().to_subject(), c.stage, c.after.clone())).collect();
    let granted = (Subject::User(email("second@glow.example")), Stage::Access);
    let revoked = (Subject::User(email(MAIN)), Stage::HandOver);
    let at = |what: &(Subject, Stage)| order.iter().position(|(s, t, _)| (s, t) == (&what.0, &what.1)).expect("in the plan");
    assert!(at(&granted) < at(&revoked));
    assert!(order[at(&revoked)].2.contains(&at(&granted)), "revoked only once the other has the rights");
    assert!(approve(plan, &actual, &desired).is_ok());
}

#[test]
fn a_user_who_was_only_invited_is_not_an_administrator_yet() {
    let (mut desired, actual) = two_admins();
    desired.users.get_mut(&email(MAIN)).expect("listed").fields = fields("front-desk");
    add_user(&mut desired, "invited@glow.example", fields("administrator"));
    assert_eq!(stops(&desired, &actual), ["last-administrator"]);
}

#[test]
fn a_shortfall_that_was_there_before_stops_nothing_that_does_not_deepen_it() {
    let (mut desired, actual) = crowd(10, 1);
    desired.guards.administrators_at_least = 3;
    assert!(stops(&desired, &actual).is_empty());
}

pub(crate) fn clinic_with_provider() -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text("director@glow.example".to_owned()));
    for (address, fields) in [("director@glow.example", fields("medical-director")), ("provider@glow.example", provider)] {
        add_account(&mut actual, address, fields.clone());
        add_user(&mut desired, address, fields);
    }
    (desired, actual)
}

// AR-25
#[test]
fn a_medical_director_who_is_still_named_does_not_leave() {
    for leaves in ["inactive", "other role"] {
        let (mut desired, actual) = clinic_with_provider();
        let director = desired.users.get_mut(&email("director@glow.example")).expect("listed");
        if leaves == "inactive" {
            director.status = Status::Inactive;
        } else {
            director.fields = fields("front-desk");
        }
        assert_eq!(stops(&desired, &actual), ["medical-director"], "{leaves}");
    }
}

// AR-9, rule 6 of the core: nobody adds to their own rights, so this administrator does not become a medical director.
#[test]
fn a_change_that_depends_on_a_role_that_is_not_given_is_refused_too() {
    let (mut desired, mut actual) = practice();
    let bob = email("bob@glow.example");
    actual.capabilities.practice_extension = true;
    actual.token_owner = Some(bob.clone());
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(false));
    provider.set(Field::MdConsent, Value::Unset);
    add_account(&mut actual, bob.as_str(), fields("administrator"));
    add_account(&mut actual, "cid@glow.example", provider.clone());
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text(bob.as_str().to_owned()));
    add_user(&mut desired, bob.as_str(), fields("medical-director"));
    add_user(&mut desired, "cid@glow.example", provider);
    let plan = diff(&desired, &actual);
    let names_bob = |step: &Step| step.change.fields().iter().any(|edit| edit.field == Field::MdConsent);
    assert!(!plan.changes.iter().any(names_bob), "{:?}", plan.changes);
    let refused: BTreeSet<_> = plan.refusals.iter().map(|refusal| refusal.subject.clone()).collect();
    assert_eq!(refused, BTreeSet::from([bob, email("cid@glow.example")].map(Subject::User)));
    actual.token_owner = Some(email(MAIN));
    assert!(diff(&desired, &actual).changes.iter().any(names_bob), "the main admin gives it");
}

// AR-25
#[test]
fn a_medical_director_leaves_when_the_same_plan_names_another() {
    let (mut desired, actual) = clinic_with_provider();
    desired.users.get_mut(&email("director@glow.example")).expect("listed").status = Status::Inactive;
    add_user(&mut desired, "next@glow.example", fields("medical-director"));
    let provider = desired.users.get_mut(&email("provider@glow.example")).expect("listed");
    provider.fields.set(Field::MdConsent, Value::Text("next@glow.example".to_owned()));
    assert!(stops(&desired, &actual).is_empty());
    let plan = diff(&desired, &actual);
    let at = |address: &str, action| {
        plan.changes.iter().position(|c| c.change.action() == action && c.change.subject() == Subject::User(email(address)))
    };
    let invited = at("next@glow.example", Action::Invite).expect("invited");
    let renamed = at("provider@glow.example", Action::Update).expect("updated");
    assert!(plan.changes[renamed].after.contains(&invited), "the director before the provider who names them");
}

// AR-9
#[test]
fn two_directors_who_name_each_other_come_in_first_and_get_their_settings_after() {
    let (mut desired, actual) = practice();
    for (address, other) in [("a@glow.example", "b@glow.example"), ("b@glow.example", "a@glow.example")] {
        let mut director = fields("medical-director");
        director.set(Field::Provider, Value::Flag(true));
        director.set(Field::MdConsent, Value::Text(other.to_owned()));
        add_user(&mut desired, address, director);
    }
    let plan = diff(&desired, &actual);
    let people: Vec<_> = plan.changes.iter().filter(|c| c.change.subject().user().is_some()).collect();
    assert_eq!(
        people.iter().map(|c| c.change.action()).collect::<Vec<_>>(),
        [Action::Invite, Action::Invite, Action::Update, Action::Update]
    );
    assert!(people[..2].iter().all(|c| c.change.fields().iter().all(|f| f.field != Field::MdConsent)));
    for (i, change) in plan.changes.iter().enumerate() {
        assert!(change.after.iter().all(|j| *j < i));
    }
}

pub(crate) fn waive(desired: &mut Desired, actual: &Actual, guard: Guard) {
    let plan = diff(desired, actual);
    desired.waivers = vec![Waiver {
        workspace: "glow".to_owned(),
        guard,
        plan: digest(&plan).0[..12].to_owned(),
        reason: "closing Uptown".to_owned(),
        until: jiff::civil::date(2026, 11, 22),
    }];
}

#[test]
fn a_waiver_lifts_its_guard_for_its_plan_until_its_day_is_over() {
    let (mut desired, mut actual) = crowd(10, 5);
    waive(&mut desired, &actual, Guard::Removals);
    let approved = approve(diff(&desired, &actual), &actual, &desired).expect("waived");
    assert_eq!(approved.waived()[&Guard::Removals], "closing Uptown");
    desired.waivers[0].until = jiff::civil::date(2026, 11, 21);
    assert_eq!(stops(&desired, &actual), ["removals"], "over");
    waive(&mut desired, &actual, Guard::Removals);
    desired.users.remove(&email("u00001@glow.example"));
    assert_eq!(stops(&desired, &actual), ["removals"], "another plan");
    let (mut desired, _) = crowd(10, 5);
    waive(&mut desired, &actual, Guard::Removals);
    desired.waivers[0].workspace = "other".to_owned();
    assert_eq!(stops(&desired, &actual), ["removals"], "another workspace");
    waive(&mut desired, &actual, Guard::OwnAccount);
    assert_eq!(stops(&desired, &actual), ["removals"], "another guard");
    waive(&mut desired, &actual, Guard::Removals);
    desired.waivers[0].plan.truncate(11);
    assert_eq!(stops(&desired, &actual), ["removals"], "too few digits");
    waive(&mut desired, &actual, Guard::Removals);
    actual.as_of += 13 * 3_600_000;
    assert_eq!(stops(&desired, &actual), ["removals"], "the next day");
}

// B4
#[test]
fn a_waiver_does_not_change_the_digest_it_names() {
    let (mut desired, actual) = crowd(10, 5);
    let before = digest(&diff(&desired, &actual));
    waive(&mut desired, &actual, Guard::Removals);
    assert_eq!(before, digest(&diff(&desired, &actual)));
}

#[test]
fn a_saved_plan_is_held_to_the_stricter_of_its_limits_and_the_rosters() {
    let (mut desired, actual) = crowd(10, 5);
    desired.guards = Guards { removals_count: 5, removals_share: Share::from_millionths(1_000_000), ..desired.guards };
    let plan = diff(&desired, &actual);
    let stopped = |plan: &Plan, desired: &Desired| approve(plan.clone(), &actual, desired).is_err();
    assert!(!stopped(&plan, &desired));
    let strict = Desired { guards: Guards { removals_count: 4, ..desired.guards.clone() }, ..desired.clone() };
    assert!(stopped(&plan, &strict), "today's roster allows less");
    let of_strict = diff(&strict, &actual);
    assert!(stopped(&of_strict, &desired), "the plan allows less");
}

// AR-19
#[test]
fn a_block_that_nobody_can_confirm_is_refused_and_spoils_nothing_else() {
    for owner in [None, Some("integration@glow.example")] {
        let (mut desired, mut actual) = practice();
        actual.token_owner = owner.map(email);
        add_account(&mut actual, "kim@glow.example", fields("front-desk"));
        let user = add_user(&mut desired, "kim@glow.example", fields("front-desk"));
        user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
        let plan = diff(&desired, &actual);
        let actions: Vec<Action> = plan.changes.iter().map(|step| step.change.action()).collect();
        assert_eq!(actions, [Action::CreateClinic], "{owner:?}: {:?}", plan.refusals);
        let catalog = by_id(&plan.platform).catalog();
        let code = if owner.is_none() { "nobody-acts" } else { "nobody-confirms" };
        assert_eq!(plan.refusals.iter().map(|refusal| refusal_code(&refusal.cause, catalog)).collect::<Vec<_>>(), [code]);
    }
}
