//! The outcome of a tick, compared with the list and with what is attested already.

use std::collections::{BTreeMap, BTreeSet};

use rosterctl::model::{
    Action, AttestRefusal, Attestation, BlockReason, BlockSet, Field, Fields, JudgedList, LoginName, Moment, OtherTabs, PendingTab, Row,
    Shows, Snapshot, Standing, StepId, StepKind, StepValues, Tab, TabRead, Value,
};
use rosterctl::reconcile::attest::{Judgment, judge, not_shown};

use crate::lists::{Case, LIST, SPA};

fn at(text: &str) -> Moment {
    format!("2026-11-27T{text}:00+00:00").parse().unwrap()
}

fn kim() -> LoginName {
    LoginName::parse("kim@glow.example").unwrap()
}

fn inactivated(time: &str) -> Attestation {
    let set = StepValues { status: Some(Standing::Inactive), ..StepValues::default() };
    attestation(time, Action::Inactivate, set)
}

fn attestation(time: &str, action: Action, set: StepValues) -> Attestation {
    let change = StepKind::Done(action);
    let id = StepId::new("glow", &kim(), change, &set);
    Attestation {
        user: kim(),
        at: at(time),
        id,
        change,
        set,
        by: "olivia".to_owned(),
        plan: "7".repeat(12),
        note: None,
        proved: BTreeSet::new(),
        contradicted: BTreeSet::new(),
        settled: BTreeSet::new(),
    }
}

fn role(role: &str) -> Fields {
    Fields::from_iter([(Field::Role, Value::Text(role.to_owned()))])
}

/// A list of 12:00 on which Kim has a status and is at the front desk.
fn list(status: Standing, attested: &[Attestation]) -> JudgedList {
    let tab = TabRead { total: Some(1), taken: at("12:00"), filtered: false };
    let row = Row { fields: role("front-desk"), status: Some(status), blocked: None, is_expired: false };
    let snapshot = Snapshot {
        earlier: BTreeMap::new(),
        workspace: "glow".to_owned(),
        from: BTreeMap::new(),
        tabs: BTreeMap::from([(Tab::All, tab)]),
        shows: Shows { fields: BTreeSet::from([Field::Role]), status: true, blocked: false },
        accounts: BTreeMap::from([(kim(), row)]),
        attested: attested.iter().cloned().collect(),
    };
    JudgedList::new(snapshot, at("18:00").millis(), i64::MAX, OtherTabs { inactive: true, pending: PendingTab::Own })
}

fn judged(list: &JudgedList, one: &Attestation) -> Judgment {
    judge(&Case::new(SPA, LIST).desired, list, one, at("08:00").millis() + 400, at("18:00").millis())
}

#[test]
fn a_tick_before_the_plan_or_in_the_future_is_refused() {
    let list = list(Standing::Active, &[]);
    let early = Attestation { at: "2026-11-27T07:59:59+00:00".parse().unwrap(), ..inactivated("13:00") };
    assert_eq!(judged(&list, &early), Judgment::Refused(AttestRefusal::BeforePlan));
    assert_eq!(judged(&list, &inactivated("18:01")), Judgment::Refused(AttestRefusal::InFuture));
    assert_eq!(judged(&list, &inactivated("18:00")), Judgment::New);
}

#[test]
fn two_ticks_of_one_second_that_contradict_each_other_are_not_both_recorded() {
    let set = |name: &str| StepValues { fields: role(name), ..StepValues::default() };
    let of_plan = |plan: &str, name: &str| Attestation { plan: plan.repeat(12), ..attestation("13:00", Action::Update, set(name)) };
    let (first, second) = (of_plan("1", "provider"), of_plan("2", "administrator"));
    let list = list(Standing::Active, std::slice::from_ref(&first));
    assert_eq!(judged(&list, &second), Judgment::Refused(AttestRefusal::SameMoment { other: first.id.clone() }));
    assert_eq!(judged(&list, &of_plan("1", "administrator")), Judgment::New, "the steps of one plan have their order");
    assert_eq!(judged(&list, &Attestation { at: at("13:01"), ..second }), Judgment::New);
    let unrelated = StepValues { status: Some(Standing::Inactive), ..StepValues::default() };
    let unrelated = Attestation { plan: "2".repeat(12), ..attestation("13:00", Action::Inactivate, unrelated) };
    assert_eq!(judged(&list, &unrelated), Judgment::New);
}

#[test]
fn a_tick_older_than_the_list_is_recorded_only_if_the_list_does_not_show_otherwise() {
    let taken = at("12:00");
    assert_eq!(judged(&list(Standing::Active, &[]), &inactivated("09:00")), Judgment::Refused(AttestRefusal::Contradicted { taken }));
    assert_eq!(judged(&list(Standing::Inactive, &[]), &inactivated("09:00")), Judgment::New, "it is proved");
    let set = |fields| StepValues { fields, ..StepValues::default() };
    let updated = attestation("09:00", Action::Update, set(role("provider")));
    assert_eq!(judged(&list(Standing::Active, &[]), &updated), Judgment::Refused(AttestRefusal::Contradicted { taken }));
    let unseen = Fields::from_iter([(Field::DefaultClinic, Value::Text("uptown".to_owned()))]);
    assert_eq!(judged(&list(Standing::Active, &[]), &attestation("09:00", Action::Update, set(unseen))), Judgment::New);
    let invited = attestation("09:00", Action::Invite, StepValues { status: Some(Standing::Pending), ..StepValues::default() });
    assert_eq!(judged(&list(Standing::Active, &[]), &invited), Judgment::New, "it was accepted since");
}

#[test]
fn the_same_step_is_recorded_once_unless_something_in_between_says_otherwise() {
    let known = list(Standing::Active, &[inactivated("13:00")]);
    assert_eq!(judged(&known, &inactivated("13:00")), Judgment::Known);
    assert_eq!(judged(&known, &inactivated("14:00")), Judgment::Known);
    let back = attestation("13:30", Action::Activate, StepValues { status: Some(Standing::Active), ..StepValues::default() });
    assert_eq!(judged(&list(Standing::Active, &[inactivated("13:00"), back]), &inactivated("14:00")), Judgment::New);
    assert_eq!(judged(&list(Standing::Active, &[inactivated("09:00")]), &inactivated("14:00")), Judgment::New, "the list shows otherwise");
    assert_eq!(judged(&list(Standing::Inactive, &[inactivated("09:00")]), &inactivated("14:00")), Judgment::Known, "the list shows it");
}

#[test]
fn a_field_that_the_list_shows_is_not_attested_by_looking() {
    let list = list(Standing::Active, &[]);
    let row = &list.snapshot.accounts[&kim()];
    assert_eq!(not_shown(&list.snapshot, row, &[Field::DefaultClinic]), Ok(()));
    assert_eq!(not_shown(&list.snapshot, row, &[Field::DefaultClinic, Field::Role]), Err(Field::Role));
    assert_eq!(not_shown(&list.snapshot, &Row::default(), &[Field::Role]), Ok(()), "a cell that is not known");
}

#[test]
fn no_list_contradicts_a_record_of_an_employee_pbn_3() {
    let list = list(Standing::Active, &[]);
    let name =
        Fields::from_iter([(Field::FirstName, Value::Text("Pat".to_owned())), (Field::Employee, Value::Text("pat-wood".to_owned()))]);
    let set = StepValues { fields: name, ..StepValues::default() };
    let record = Attestation { user: LoginName::UserName("pat-wood".to_owned()), ..attestation("09:00", Action::CreateEmployee, set) };
    assert!(list.is_complete);
    assert_eq!(judged(&list, &record), Judgment::New);
}

#[test]
fn a_list_of_the_same_second_is_not_newer_than_a_tick() {
    let list = list(Standing::Active, &[inactivated("12:00")]);
    assert_eq!(judged(&list, &inactivated("12:00")), Judgment::Known);
    assert_eq!(judged(&list, &inactivated("13:00")), Judgment::Known, "nothing says otherwise since");
    let list = self::list(Standing::Active, &[inactivated("11:59")]);
    assert_eq!(judged(&list, &inactivated("12:00")), Judgment::New, "the list has shown otherwise since");
}

#[test]
fn the_same_ticks_can_be_taken_in_twice() {
    let known = list(Standing::Active, &[inactivated("09:00")]);
    assert_eq!(judged(&known, &inactivated("09:00")), Judgment::Known, "it is recorded, although a newer list shows otherwise");
}

#[test]
fn a_tick_is_known_by_person_step_and_values_and_undone_only_by_the_same_person_in_between() {
    let lee = |one: Attestation| Attestation { user: LoginName::parse("lee@glow.example").unwrap(), ..one };
    let activated =
        |time: &str| attestation(time, Action::Activate, StepValues { status: Some(Standing::Active), ..StepValues::default() });
    let judged = |known: &[Attestation], one: &Attestation| judged(&list(Standing::Active, known), one);
    let again = inactivated("14:00");
    assert_eq!(judged(&[activated("13:00")], &again), Judgment::New, "another step");
    assert_eq!(judged(&[lee(inactivated("13:00"))], &again), Judgment::New, "another person");
    for other in [activated("12:30"), activated("13:00"), activated("15:00"), lee(activated("13:30"))] {
        assert_eq!(judged(&[inactivated("13:00"), other.clone()], &again), Judgment::Known, "{other:?}");
    }
    let set = |fields| StepValues { fields, ..StepValues::default() };
    let updated = |time: &str, to: &str| attestation(time, Action::Update, set(role(to)));
    assert_eq!(judged(&[inactivated("13:00"), updated("13:30", "provider")], &again), Judgment::Known, "that is about something else");
    let provider = updated("14:00", "provider");
    assert_eq!(judged(&[updated("13:00", "provider"), updated("13:30", "front-desk")], &provider), Judgment::New);
    assert_eq!(judged(&[updated("13:00", "front-desk")], &provider), Judgment::New, "other values");
    let seen = Attestation { change: StepKind::Seen, ..updated("13:30", "provider") };
    assert_eq!(judged(&[updated("13:00", "provider"), seen], &provider), Judgment::Known, "it says the same");
    let block =
        |time: &str, blocked: BlockSet| attestation(time, Action::Block, StepValues { blocked: Some(blocked), ..StepValues::default() });
    let (on, off) = (BlockSet::For(BlockReason::ActivityReview), BlockSet::Lifted);
    assert_eq!(judged(&[block("13:00", on), block("13:30", off)], &block("14:00", on)), Judgment::New);
    let seen = Attestation { change: StepKind::Seen, ..block("13:30", on) };
    assert_eq!(judged(&[block("13:00", on), seen], &block("14:00", on)), Judgment::Known);
}
