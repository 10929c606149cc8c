//! Plans in which one fact decides: what a server lacks, what is a loss, and what waits for what.

use crate::guards::{add_account, add_user, crowd, email, fields, practice};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::diff;

/// The cause of each refusal with its subject, without what was refused for other reasons.
fn refusals(plan: &Plan) -> Vec<(Subject, RefusalCause)> {
    plan.refusals.iter().map(|refusal| (refusal.subject.clone(), refusal.cause.clone())).collect()
}

fn invited(plan: &Plan) -> usize {
    plan.changes.iter().filter(|step| step.change.action() == Action::Invite).count()
}

// A refusal is never dropped.
#[test]
fn a_field_that_the_server_does_not_store_is_refused_once_for_all_users() {
    let (mut desired, mut actual) = practice();
    actual.capabilities.lacking.insert(Field::Phones);
    for address in ["ana@glow.example", "bo@glow.example"] {
        let user = add_user(&mut desired, address, fields("front-desk"));
        user.fields.set(Field::Phones, Value::List(vec!["+16025550142".to_owned()]));
    }
    let plan = diff(&desired, &actual);
    assert_eq!(refusals(&plan), [(Subject::Workspace, RefusalCause::NotOnServer { field: Field::Phones, users: 2 })]);
    assert_eq!(invited(&plan), 2);
    assert!(plan.changes.iter().all(|step| step.change.fields().iter().all(|edit| edit.field != Field::Phones)));
}

#[test]
fn a_new_user_without_what_the_server_requires_is_refused_and_the_others_are_invited() {
    let (mut desired, mut actual) = practice();
    actual.capabilities.required.insert(Requirement::Field(Field::Phones));
    add_user(&mut desired, "ana@glow.example", fields("front-desk"));
    let user = add_user(&mut desired, "bo@glow.example", fields("front-desk"));
    user.fields.set(Field::Phones, Value::List(vec!["+16025550142".to_owned()]));
    let plan = diff(&desired, &actual);
    let attribute = "phoneNumbers".to_owned();
    let ana = RefusalCause::RequiredByServer { attribute, field: Some(Field::Phones), users: 1 };
    assert_eq!(refusals(&plan), [(Subject::User(email("ana@glow.example")), ana)]);
    assert_eq!(invited(&plan), 1);
    actual.capabilities.required = [Requirement::Attribute("costCenter".to_owned())].into();
    let plan = diff(&desired, &actual);
    let both = RefusalCause::RequiredByServer { attribute: "costCenter".to_owned(), field: None, users: 2 };
    assert_eq!((refusals(&plan), invited(&plan)), (vec![(Subject::Workspace, both)], 0));
}

#[test]
fn another_title_is_no_loss_where_roles_are_all_that_is_known() {
    let (mut desired, mut actual) = crowd(3, 0);
    desired.platform = named("generic").unwrap().id();
    desired.clinics.clear();
    for account in &mut actual.accounts {
        account.fields = [(Field::Title, Value::Text("nurse".to_owned()))].into_iter().collect();
    }
    for user in desired.users.values_mut().filter(|user| user.email != email(MAIN)) {
        user.fields = [(Field::Title, Value::Text("doctor".to_owned()))].into_iter().collect();
    }
    desired.users.get_mut(&email(MAIN)).expect("listed").fields = Fields::default();
    let found: Vec<(Stage, bool)> = diff(&desired, &actual).changes.iter().map(|step| (step.stage, step.risky)).collect();
    assert_eq!(found, [(Stage::Access, false), (Stage::Access, false)]);
}

#[test]
fn a_director_and_those_who_name_them_return_in_this_order() {
    let (mut desired, mut actual) = practice();
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text("zoe@glow.example".to_owned()));
    for (address, fields) in [("ana@glow.example", provider), ("zoe@glow.example", fields("medical-director"))] {
        add_account(&mut actual, address, fields.clone()).state.inactive = true;
        add_user(&mut desired, address, fields);
    }
    let plan = diff(&desired, &actual);
    let people: Vec<&str> = plan.changes.iter().filter_map(|step| step.change.subject().user()).map(Email::as_str).collect();
    assert_eq!(people, ["zoe@glow.example", "ana@glow.example"], "{:?}", plan.refusals);
    assert_eq!(plan.changes.last().expect("two changes").after.len(), 1, "and only once the director is back");
}

#[test]
fn the_changes_of_one_person_follow_each_other_and_an_inactivation_waits_for_no_block() {
    let (mut desired, mut actual) = practice();
    actual.token_owner = Some(email(MAIN));
    let phones = |number: &str| Value::List(vec![number.to_owned()]);
    actual.accounts[0].fields.set(Field::Phones, phones("+16025550100"));
    desired.users.get_mut(&email(MAIN)).expect("listed").fields.set(Field::Phones, phones("+16025550100"));
    let account = add_account(&mut actual, "kim@glow.example", fields("front-desk"));
    account.fields.set(Field::Phones, phones("+16025550177"));
    account.state.inactive = true;
    let kim = add_user(&mut desired, "kim@glow.example", fields("front-desk"));
    kim.fields.set(Field::Phones, phones("+16025550142"));
    kim.passcode = Some(true);
    add_account(&mut actual, "lee@glow.example", fields("front-desk"));
    let lee = add_user(&mut desired, "lee@glow.example", fields("front-desk"));
    lee.status = Status::Inactive;
    lee.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    let plan = diff(&desired, &actual);
    let of = |address: &str| -> Vec<(Action, &[usize])> {
        let is_theirs = |step: &&Step| step.change.subject() == SubjectRef::User(&email(address));
        plan.changes.iter().filter(is_theirs).map(|step| (step.change.action(), step.after.as_slice())).collect()
    };
    let at = |action: Action| plan.changes.iter().position(|step| step.change.action() == action).expect("in the plan");
    let (updated, activated) = ([at(Action::Update)], [at(Action::Activate)]);
    assert_eq!(
        of("kim@glow.example"),
        [(Action::Update, &[][..]), (Action::Activate, &updated[..]), (Action::GeneratePasscode, &activated[..])]
    );
    assert_eq!(of("lee@glow.example"), [(Action::Block, &[][..]), (Action::Inactivate, &[][..])], "{:?}", plan.refusals);
}

#[test]
fn another_account_at_a_former_address_is_named() {
    let (mut desired, mut actual) = practice();
    for address in ["kim@glow.example", "k.park@glow.example"] {
        add_account(&mut actual, address, fields("front-desk"));
    }
    let former = email("k.park@glow.example");
    add_user(&mut desired, "kim@glow.example", fields("front-desk")).formerly = vec![former.clone()];
    let twins = |plan: &Plan| -> Vec<NoticeCause> {
        let causes = plan.notices.iter().map(|notice| notice.cause.clone());
        causes.filter(|cause| matches!(cause, NoticeCause::FormerlyAnother { .. })).collect()
    };
    let id = actual.accounts[2].id.clone();
    assert_eq!(twins(&diff(&desired, &actual)), [NoticeCause::FormerlyAnother { former, id }]);
    actual.accounts.remove(1);
    assert_eq!(twins(&diff(&desired, &actual)), [], "only the former address has an account, which is theirs");
}
