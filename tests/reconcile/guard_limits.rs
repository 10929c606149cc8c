//! The plans that each guard must let through, and the least that stops it.

use std::collections::BTreeSet;

use crate::guards::{add_account, add_user, clinic_with_provider, crowd, email, fields, practice, stops, waive};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::reconcile::{approve, approve_saved, diff, digest};

/// Three people with two clinics, of whom the roster lists one.
fn three_lose_a_clinic() -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    for i in 0..3 {
        let address = format!("u{i}@glow.example");
        let mut both = fields("front-desk");
        both.set(Field::Clinics, Value::Set(["downtown".to_owned(), "uptown".to_owned()].into()));
        add_account(&mut actual, &address, both);
        add_user(&mut desired, &address, fields("front-desk"));
    }
    (desired, actual)
}

#[test]
fn losing_a_clinic_counts_as_a_removal() {
    let (desired, actual) = three_lose_a_clinic();
    assert_eq!(stops(&desired, &actual), ["removals"]);
}

#[test]
fn a_person_who_comes_back_with_less_is_not_removed() {
    let (desired, mut actual) = three_lose_a_clinic();
    for account in actual.accounts.iter_mut().filter(|account| account.email.as_str() != MAIN) {
        account.state.inactive = true;
    }
    assert!(diff(&desired, &actual).changes.iter().any(|step| step.change.action() == Action::Activate));
    assert!(stops(&desired, &actual).is_empty());
}

#[test]
fn an_exact_roster_without_users_passes_where_nobody_has_an_account() {
    let (mut desired, mut actual) = practice();
    desired.users.clear();
    actual.accounts.clear();
    assert!(stops(&desired, &actual).is_empty());
}

// AR-20
#[test]
fn the_main_admin_is_known_by_the_account_or_by_the_address() {
    for by_address in [true, false] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, "second@glow.example", fields("administrator"));
        add_user(&mut desired, "second@glow.example", fields("administrator"));
        desired.users.remove(&email(MAIN));
        actual.token_owner = Some(email("second@glow.example"));
        actual.accounts[0].main_admin = !by_address;
        actual.main_admin = by_address.then(|| email(MAIN));
        assert_eq!(stops(&desired, &actual), ["main-admin"], "by the address: {by_address}");
    }
}

/// Gives somebody another phone number, and returns whether the plan updates them and what stops it.
fn with_a_phone(desired: &mut Desired, actual: &mut Actual, address: &str) -> (bool, Vec<&'static str>) {
    for account in &mut actual.accounts {
        account.fields.set(Field::Phones, Value::Unset);
    }
    let user = desired.users.get_mut(&email(address)).expect("listed");
    user.fields.set(Field::Phones, Value::List(vec!["+16025550142".to_owned()]));
    let updates = |step: &Step| step.change.action() == Action::Update && step.change.subject() == SubjectRef::User(&email(address));
    (diff(desired, actual).changes.iter().any(updates), stops(desired, actual))
}

// AR-25
#[test]
fn a_director_whom_others_name_can_get_another_phone() {
    let (mut desired, mut actual) = clinic_with_provider();
    assert_eq!(with_a_phone(&mut desired, &mut actual, "director@glow.example"), (true, vec![]));
}

// B3
#[test]
fn the_tokens_own_account_can_get_another_phone() {
    let (mut desired, mut actual) = practice();
    actual.token_owner = Some(email("second@glow.example"));
    add_account(&mut actual, "second@glow.example", fields("administrator"));
    add_user(&mut desired, "second@glow.example", fields("administrator"));
    assert_eq!(with_a_phone(&mut desired, &mut actual, "second@glow.example"), (true, vec![]));
}

#[test]
fn a_stop_says_why_a_waiver_does_not_lift_it() {
    let (mut desired, mut actual) = crowd(10, 5);
    let unfit = |desired: &Desired, actual: &Actual| {
        approve(diff(desired, actual), actual, desired).expect_err("five of ten leave").stops[0].waiver.clone()
    };
    assert_eq!(unfit(&desired, &actual), None, "there is no waiver");
    waive(&mut desired, &actual, Guard::Removals);
    let last_day = desired.waivers[0].until;
    let plan = desired.waivers[0].plan.clone();
    let why = |other_plan: Option<&str>, ended| {
        Some(UnfitWaiver { reason: "closing Uptown".to_owned(), other_plan: other_plan.map(str::to_owned), ended })
    };
    desired.waivers[0].plan = "0123456789ab".to_owned();
    assert_eq!(unfit(&desired, &actual), why(Some("0123456789ab"), None), "on its last day");
    actual.as_of += 24 * 3_600_000;
    assert_eq!(unfit(&desired, &actual), why(Some("0123456789ab"), Some(last_day)), "the next day");
    desired.waivers[0].plan = plan;
    let of_plan = unfit(&desired, &actual).expect("the waiver is over");
    assert_eq!(of_plan.ended, Some(last_day));
    desired.waivers[0].until = jiff::civil::date(2026, 12, 31);
    desired.waivers[0].plan.truncate(11);
    assert_eq!(unfit(&desired, &actual), None, "nothing but its length is wrong");
}

#[test]
fn a_saved_plan_that_a_guard_stops_stays_stopped_however_little_is_left_of_it() {
    let (desired, actual) = crowd(10, 5);
    let plan = diff(&desired, &actual);
    let drifted = (1..plan.changes.len()).collect();
    let stopped = approve_saved(plan, &BTreeSet::new(), &drifted, &actual, &desired).expect_err("five of ten leave");
    assert_eq!(stopped.stops.iter().map(|stop| stop.guard().code()).collect::<Vec<_>>(), ["removals"]);
}

// Ana names another director, and Zoe leaves: without the first, Ana names somebody who is gone.
#[test]
fn the_rest_of_a_saved_plan_is_judged_for_itself_and_its_waiver_is_the_one_of_the_plan() {
    let (mut desired, mut actual) = practice();
    desired.guards.removals_share = Share::from_millionths(1_000_000);
    let provider = |director: &str| {
        let mut provider = fields("provider");
        provider.set(Field::Provider, Value::Flag(true));
        provider.set(Field::MdConsent, Value::Text(director.to_owned()));
        provider
    };
    for director in ["zoe@glow.example", "pia@glow.example"] {
        add_account(&mut actual, director, fields("medical-director"));
        add_user(&mut desired, director, fields("medical-director"));
    }
    add_account(&mut actual, "ana@glow.example", provider("zoe@glow.example"));
    add_user(&mut desired, "ana@glow.example", provider("pia@glow.example"));
    desired.users.get_mut(&email("zoe@glow.example")).unwrap().status = Status::Inactive;
    let whole = diff(&desired, &actual);
    let no_dependencies = |step: &Step| Step { after: Vec::new(), ..step.clone() };
    // As a plan of an earlier version, in which Zoe's change does not wait for Ana's.
    let plan = Plan { changes: whole.changes.iter().map(no_dependencies).collect(), ..whole.clone() };
    let of = |address: &str| plan.changes.iter().position(|step| step.change.subject().user() == Some(&email(address))).unwrap();
    let (ana, zoe) = (of("ana@glow.example"), of("zoe@glow.example"));
    let asked = |done: &[usize], drifted: &[usize], desired: &Desired| {
        let [done, drifted] = [done, drifted].map(|all| all.iter().copied().collect());
        match approve_saved(plan.clone(), &done, &drifted, &actual, desired) {
            Ok(approved) => (approved.plan().clone(), Vec::new()),
            Err(stopped) => (stopped.plan, stopped.stops.iter().map(|stop| stop.guard().code()).collect()),
        }
    };
    assert_eq!(asked(&[], &[], &desired), (plan.clone(), vec![]));
    assert_eq!(asked(&[], &[zoe], &desired), (plan.clone(), vec![]));
    assert_eq!(asked(&[zoe], &[ana], &desired), (plan.clone(), vec![]), "nothing is left");
    assert_eq!(asked(&[], &[ana], &desired), (plan.clone(), vec!["medical-director"]));
    let stops = |desired: &Desired| approve_saved(whole.clone(), &BTreeSet::new(), &[ana].into(), &actual, desired).is_err();
    assert!(!stops(&desired), "Zoe's change is left undone, too");
    waive(&mut desired, &actual, Guard::NeededColleague);
    desired.waivers[0].plan = digest(&plan).0;
    assert_eq!(asked(&[], &[ana], &desired), (plan.clone(), vec![]));
}
