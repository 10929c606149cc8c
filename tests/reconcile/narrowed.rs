//! Plans for some users: which changes, refusals and notices are theirs, and how many of them are unchanged.

use std::collections::BTreeSet;

use crate::doubts::{names, plain_crowd};
use crate::guards::{add_account, add_user, crowd, email, fields, practice};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::reconcile::{diff, narrow};

fn narrowed_to(plan: &Plan, users: &[&str], desired: &Desired, actual: &Actual) -> Plan {
    let users: BTreeSet<Email> = users.iter().map(|user| email(user)).collect();
    narrow(plan.clone(), &users, desired, actual)
}

fn causes(plan: &Plan) -> Vec<RefusalCause> {
    plan.refusals.iter().map(|refusal| refusal.cause.clone()).collect()
}

#[test]
fn a_refusal_that_counts_users_counts_the_chosen_ones_who_need_an_account() {
    let (mut desired, mut actual) = plain_crowd(2);
    actual.capabilities.required = [Requirement::Attribute("costCenter".to_owned())].into();
    for address in ["ana@glow.example", "bo@glow.example", "pinned@glow.example", "renamed@glow.example", "gone@glow.example"] {
        add_user(&mut desired, address, names());
    }
    let pinned = add_account(&mut actual, "p@glow.example", names()).id.clone();
    add_account(&mut actual, "r@glow.example", names());
    let user =
        |desired: &mut Desired, address: &str, change: &dyn Fn(&mut DesiredUser)| change(desired.users.get_mut(&email(address)).unwrap());
    user(&mut desired, "pinned@glow.example", &|user| user.id = Some(pinned.clone()));
    user(&mut desired, "renamed@glow.example", &|user| user.formerly = vec![email("r@glow.example")]);
    user(&mut desired, "gone@glow.example", &|user| user.status = Status::Inactive);
    let plan = diff(&desired, &actual);
    let lacks = |users| RefusalCause::RequiredByServer { attribute: "costCenter".to_owned(), field: None, users };
    assert_eq!(causes(&plan), [lacks(2)]);
    for (users, refused, unchanged) in [
        (vec!["ana@glow.example"], vec![lacks(1)], 0),
        (vec!["ana@glow.example", "bo@glow.example", MAIN], vec![lacks(2)], 1),
        (vec![MAIN, "u00001@glow.example"], vec![], 2),
        (vec!["pinned@glow.example", "renamed@glow.example"], vec![], 0),
        (vec!["gone@glow.example", "nobody@glow.example"], vec![], 1),
    ] {
        let narrowed = narrowed_to(&plan, &users, &desired, &actual);
        assert_eq!((causes(&narrowed), narrowed.unchanged), (refused, unchanged), "{users:?}");
    }
    user(&mut desired, "gone@glow.example", &|user| {
        user.status = Status::Active;
        user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    });
    assert_eq!(causes(&narrowed_to(&plan, &["gone@glow.example"], &desired, &actual)), [], "nobody is invited to be blocked");
}

#[test]
fn a_refusal_of_states_names_the_chosen_ones() {
    let (desired, actual) = plain_crowd(4);
    let [one, two] = ["u00001@glow.example", "u00002@glow.example"].map(email);
    let state = |active: &[&Email], inactive: &[&Email]| {
        let set = |all: &[&Email]| all.iter().map(|email| (*email).clone()).collect();
        RefusalCause::StateNotOnServer { active: set(active), inactive: set(inactive) }
    };
    let mut plan = diff(&desired, &actual);
    plan.refusals = vec![Refusal { subject: Subject::Workspace, cause: state(&[&one], &[&two]) }];
    for (users, refused, unchanged) in [
        (vec!["u00001@glow.example"], vec![state(&[&one], &[])], 0),
        (vec!["u00002@glow.example"], vec![state(&[], &[&two])], 0),
        (vec!["u00001@glow.example", "u00002@glow.example"], vec![state(&[&one], &[&two])], 0),
        (vec!["u00003@glow.example"], vec![], 1),
    ] {
        let narrowed = narrowed_to(&plan, &users, &desired, &actual);
        assert_eq!((causes(&narrowed), narrowed.unchanged), (refused, unchanged), "{users:?}");
    }
}

#[test]
fn a_change_of_an_account_under_another_address_is_that_of_its_user() {
    for (is_pinned, also_there, kept) in [(true, false, 1), (false, false, 1), (false, true, 0), (true, true, 1)] {
        let (mut desired, mut actual) = plain_crowd(2);
        add_user(&mut desired, "new@glow.example", names()).formerly = vec![email("old@glow.example")];
        let account = add_account(&mut actual, "old@glow.example", names());
        account.fields.set(Field::LastName, Value::Text("Old".to_owned()));
        let id = account.id.clone();
        if is_pinned {
            desired.users.get_mut(&email("new@glow.example")).unwrap().id = Some(id.clone());
        }
        let plan = diff(&desired, &actual);
        if also_there {
            add_account(&mut actual, "new@glow.example", names());
        }
        let narrowed = narrowed_to(&plan, &["new@glow.example"], &desired, &actual);
        let targets = narrowed.changes.iter().filter(|step| step.change.target().is_some_and(|target| target.id == id)).count();
        assert_eq!((plan.changes.len(), targets), (1, kept), "pinned: {is_pinned}, there: {also_there}");
        assert_eq!(narrowed.unchanged, 1 - kept);
    }
}

#[test]
fn notices_of_the_workspace_and_of_the_chosen_stay() {
    let (desired, actual) = plain_crowd(3);
    let mut plan = diff(&desired, &actual);
    let about = |subject: Subject| Notice { subject, cause: NoticeCause::StatusNotShown };
    let users = ["u00001@glow.example", "u00002@glow.example"].map(|user| about(Subject::User(email(user))));
    plan.notices = vec![about(Subject::Workspace), users[0].clone(), users[1].clone()];
    assert_eq!(narrowed_to(&plan, &["u00002@glow.example"], &desired, &actual).notices, [about(Subject::Workspace), users[1].clone()]);
}

#[test]
fn changes_on_which_the_chosen_ones_depend_stay_and_keep_their_places() {
    let (mut desired, actual) = crowd(2, 0);
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text("x-director@glow.example".to_owned()));
    add_user(&mut desired, "a-first@glow.example", fields("front-desk"));
    add_user(&mut desired, "b-second@glow.example", fields("front-desk"));
    add_user(&mut desired, "provider@glow.example", provider);
    add_user(&mut desired, "x-director@glow.example", fields("medical-director"));
    let plan = diff(&desired, &actual);
    let place = |plan: &Plan, user: &str| plan.changes.iter().position(|step| step.change.subject().user() == Some(&email(user)));
    let director = place(&plan, "x-director@glow.example").unwrap();
    assert!(director >= 2, "{director}");
    let waits: Vec<Vec<usize>> =
        narrowed_to(&plan, &["provider@glow.example"], &desired, &actual).changes.into_iter().map(|step| step.after).collect();
    assert_eq!(waits, [vec![], vec![0]], "the director comes first");
    let alone: Vec<Option<Email>> = narrowed_to(&plan, &["b-second@glow.example"], &desired, &actual)
        .changes
        .iter()
        .map(|step| step.change.subject().user().cloned())
        .collect();
    assert_eq!(alone, [Some(email("b-second@glow.example"))]);
}

// CHR-3
#[test]
fn seats_without_a_price_that_do_not_change_leave_the_amount_known() {
    let (mut desired, mut actual) = plain_crowd(2);
    desired.platform = rosterctl::platform::named("telus-chr").unwrap().id();
    let role = |name: &str| Value::Text(name.to_owned());
    actual.accounts.iter_mut().for_each(|account| account.fields.set(Field::Role, role("practitioner")));
    desired.users.values_mut().for_each(|user| user.fields.set(Field::Role, role("practitioner")));
    add_user(&mut desired, "new@glow.example", names()).fields.set(Field::Role, role("staff"));
    desired.subscription.prices = [("staff".to_owned(), 1000)].into();
    let plan = diff(&desired, &actual);
    assert_eq!(plan.bill.monthly_change_cents, Some(1000), "{:?}", plan.bill);
    assert_eq!(plan.bill.lines.len(), 2);
}

#[test]
fn a_narrowed_plan_says_only_of_the_chosen_what_is_to_be_handed_over_and_who_is_kept_out() {
    let (mut desired, actual) = practice();
    for address in ["ana@glow.example", "bo@glow.example"] {
        add_user(&mut desired, address, names()).status = Status::Inactive;
    }
    let mut plan = diff(&desired, &actual);
    let task = |address: &str| Task { user: email(address), what: TaskKind::HandOverCodeWord };
    plan.tasks = ["ana@glow.example", "bo@glow.example"].map(task).into();
    let narrowed = narrowed_to(&plan, &["ana@glow.example"], &desired, &actual);
    assert_eq!(plan.kept_out.len(), 2);
    assert_eq!(narrowed.kept_out.iter().map(|one| one.user.as_str()).collect::<Vec<_>>(), ["ana@glow.example"]);
    assert_eq!(narrowed.tasks, [task("ana@glow.example")]);
    assert_eq!(narrowed.only, [email("ana@glow.example")].into());
}
