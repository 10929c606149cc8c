//! Plans in which one fact decides: what a server lacks, what is a loss, and what waits for what.

use crate::guards::{add_account, add_user, crowd, email, fields, practice};
use crate::office::{listed, login, office};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::{add_found, diff, follow, followed};

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
fn another_title_is_not_a_loss_where_roles_are_all_that_is_known() {
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
    kim.passcode = Some(WantedPasscode::Set);
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

#[test]
fn a_first_password_is_what_a_server_means_by_a_required_password() {
    for (attribute, has_password, expected) in [("Password", true, 1), ("password", false, 0), ("costCenter", true, 0)] {
        let (mut desired, mut actual) = practice();
        actual.capabilities.required = [Requirement::Attribute(attribute.to_owned())].into();
        let user = add_user(&mut desired, "ana@glow.example", fields("front-desk"));
        user.initial_password = has_password.then(|| Box::new(SecretRef::Env("FIRST_PASSWORD".to_owned())));
        let plan = diff(&desired, &actual);
        let given = plan.changes.iter().filter(|step| step.change.action() == Action::Invite).count();
        assert_eq!((given, plan.refusals.len()), (expected, 1 - expected), "{attribute}, password {has_password}: {:?}", plan.refusals);
    }
}

// AR-18
#[test]
fn another_main_admin_is_refused_unless_it_is_the_same_person_under_a_new_address() {
    type Edit = fn(&mut DesiredUser, &mut Actual);
    let cases: [(&str, bool, Edit); 4] = [
        ("somebody else", true, |_, _| ()),
        ("formerly", false, |user, _| user.formerly = vec![email(MAIN)]),
        ("by id", false, |user, actual| user.id = Some(actual.accounts[0].id.clone())),
        ("an account of their own", true, |user, actual| {
            add_account(actual, "kim@glow.example", fields("administrator"));
            user.formerly = vec![email(MAIN)];
        }),
    ];
    for (case, expected, edit) in cases {
        let (mut desired, mut actual) = practice();
        desired.users.clear();
        desired.main_admin = Some(email("kim@glow.example"));
        edit(add_user(&mut desired, "kim@glow.example", fields("administrator")), &mut actual);
        let cause = RefusalCause::OtherMainAdmin { workspace: email(MAIN), roster: email("kim@glow.example") };
        assert_eq!(refusals(&diff(&desired, &actual)).contains(&(Subject::Workspace, cause)), expected, "{case}");
    }
}

// PBN-5
#[test]
fn a_code_word_is_set_where_another_one_is() {
    let checks = [CodeWordCheck::Matches, CodeWordCheck::Differs, CodeWordCheck::NotCompared, CodeWordCheck::NotFetched];
    for (found, expected) in checks.into_iter().zip([0, 1, 1, 1]) {
        let (mut desired, mut actual) = office();
        desired.code_word = Some(SecretRef::Env("CODE_WORD".to_owned()));
        actual.code_word_matches = Some(found);
        let plan = diff(&desired, &actual);
        let set = plan.changes.iter().filter(|step| step.change.action() == Action::SetCodeWord).count();
        assert_eq!((set, plan.changes.len()), (expected, expected));
        let said = plan.changes.iter().any(|step| step.reason == Reason::CodeWordNotCompared);
        assert_eq!(said, found == CodeWordCheck::NotCompared);
    }
}

#[test]
fn the_parts_of_a_name_are_compared_where_the_server_has_parts() {
    for (one_name, expected) in [(false, 1), (true, 0)] {
        let (mut desired, mut actual) = office();
        (actual.capabilities.one_name, actual.capabilities.employees) = (one_name, false);
        login(&mut actual, "ana@dental.example", ["Ana Maria", "Ruiz"], "front-desk", "");
        listed(&mut desired, "ana@dental.example", ["Ana", "Maria Ruiz"], "front-desk");
        assert_eq!(diff(&desired, &actual).changes.len(), expected, "one name: {one_name}");
    }
}

#[test]
fn clinics_that_are_cleared_are_a_loss() {
    let (mut desired, actual) = crowd(2, 0);
    let user = desired.users.get_mut(&email("u00001@glow.example")).expect("listed");
    user.fields.set(Field::Clinics, Value::Unset);
    let plan = diff(&desired, &actual);
    let updates = plan.changes.iter().filter(|step| step.change.action() == Action::Update);
    assert_eq!(updates.map(|step| step.stage).collect::<Vec<_>>(), [Stage::Risk]);
}

//
#[test]
fn somebody_who_matches_and_cannot_sign_in_is_named_with_the_reason() {
    let (mut desired, mut actual) = crowd(4, 0);
    actual.accounts[1].state.block = Some(Block { reason: BlockReason::ClearSchedule, note: None });
    let sent = Invitation { state: InvitationState::Open, sent_at: crate::worlds::NOW, expires_at: crate::worlds::NOW + 1000 };
    actual.accounts[2].state = State { invitation: Some(sent), ..State::default() };
    add_user(&mut desired, "gone@glow.example", fields("front-desk")).status = Status::Inactive;
    let found: Vec<_> = diff(&desired, &actual).kept_out.into_iter().map(|one| (one.user.to_string(), one.by)).collect();
    let day = Some("2026-11-22".parse().unwrap());
    let expected = [
        ("gone@glow.example", KeptOutBy::NoAccount),
        ("u00001@glow.example", KeptOutBy::Block),
        ("u00002@glow.example", KeptOutBy::Invitation { since: day, until: day }),
    ];
    assert_eq!(found, expected.map(|(user, by)| (user.to_owned(), by)));
}

// AR-13
#[test]
fn a_user_is_followed_to_the_new_address_once_and_only_if_the_roster_has_nobody_there() {
    let (old, new) = (email("kim@glow.example"), email("kim.park@home.example"));
    for formerly in [Vec::new(), vec![old.clone()]] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, "kim.park@home.example", fields("front-desk")).former = vec![old.clone()];
        add_user(&mut desired, "kim@glow.example", fields("front-desk")).formerly = formerly;
        follow(&mut desired, &actual);
        assert_eq!(desired.users[&new].formerly, std::slice::from_ref(&old));
        assert_eq!(followed(&[old.clone()].into(), &desired, &actual), [new.clone()].into());
    }
    let (mut desired, mut actual) = practice();
    add_account(&mut actual, "kim.park@home.example", fields("front-desk")).former = vec![old.clone()];
    for address in ["kim@glow.example", "kim.park@home.example"] {
        add_user(&mut desired, address, fields("front-desk"));
    }
    follow(&mut desired, &actual);
    assert_eq!(followed(&[old.clone()].into(), &desired, &actual), [old].into(), "two people of the roster");
}

//
#[test]
fn another_address_of_an_account_is_something_new() {
    let (_, mut actual) = practice();
    let ids: std::collections::BTreeSet<RemoteId> = [actual.accounts[0].id.clone()].into();
    let found = || LookUp { other_addresses: [(email("kim@glow.example"), ids.clone())].into(), ..LookUp::default() };
    assert!(add_found(&mut actual, found()));
    assert!(!add_found(&mut actual, found()), "it is known by now");
}

// Such an id would lead to another resource.
#[test]
fn an_account_with_an_id_that_no_address_can_have_is_refused_in_the_plan() {
    let (mut desired, mut actual) = practice();
    desired.manage = Manage::Exact;
    for (address, id) in [("ana@glow.example", ".."), ("bo@glow.example", "u1/../u2"), ("kim@glow.example", "u..1")] {
        add_account(&mut actual, address, fields("front-desk")).id = RemoteId(id.to_owned());
    }
    let user = add_user(&mut desired, "ana@glow.example", fields("provider"));
    user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    actual.token_owner = Some(email(MAIN));
    actual.accounts[0].fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
    let plan = diff(&desired, &actual);
    let refused = |address: &str, id: &str| (Subject::User(email(address)), RefusalCause::IdWithoutAddress { id: RemoteId(id.to_owned()) });
    assert_eq!(refusals(&plan), [refused("ana@glow.example", ".."), refused("bo@glow.example", "u1/../u2")]);
    let changed: Vec<&Email> = plan.changes.iter().filter_map(|step| step.change.subject().user()).collect();
    assert_eq!(changed, [&email("kim@glow.example")]);
}

#[test]
fn a_field_that_the_server_does_not_store_is_refused_only_where_the_roster_sets_it() {
    for (wanted, refused) in [(false, 0), (true, 1)] {
        let (mut desired, actual) = crowd(2, 0);
        let user = desired.users.get_mut(&email("u00001@glow.example")).expect("listed");
        user.fields.set(Field::DashboardAccess, Value::Flag(wanted));
        assert_eq!(refusals(&diff(&desired, &actual)).len(), refused, "dashboard access {wanted}");
    }
}

/// An account that never accepted an invitation, was inactivated, and is blocked, of somebody whom the roster wants.
fn blocked_before_accepting(desired: &mut Desired, actual: &mut Actual) {
    let state = &mut add_account(actual, "kim@glow.example", fields("front-desk")).state;
    let block = Some(Block { reason: BlockReason::ActivityReview, note: None });
    *state = State { accepted: false, inactive: true, block, ..State::default() };
    add_user(desired, "kim@glow.example", fields("front-desk"));
}

/// The kinds of the changes of accounts.
fn to_accounts(plan: &Plan) -> Vec<Action> {
    plan.changes.iter().filter(|step| step.change.account().is_some()).map(|step| step.change.action()).collect()
}

fn noticed(plan: &Plan, cause: &NoticeCause) -> bool {
    plan.notices.iter().any(|notice| notice.cause == *cause)
}

// AR-20
#[test]
fn somebody_who_never_accepted_is_invited_only_once_the_block_is_gone() {
    let (mut desired, mut actual) = practice();
    blocked_before_accepting(&mut desired, &mut actual);
    let plan = diff(&desired, &actual);
    assert_eq!(to_accounts(&plan), []);
    assert!(noticed(&plan, &NoticeCause::NotInvitedWhileBlocked), "{:?}", plan.notices);
    actual.accounts[1].state.block = None;
    let plan = diff(&desired, &actual);
    assert_eq!((to_accounts(&plan), noticed(&plan, &NoticeCause::NotInvitedWhileBlocked)), (vec![Action::Invite], false));
}

#[test]
fn an_invitation_ends_with_the_account_where_the_server_withdraws_none() {
    for (is_offered, expected) in [(true, Action::WithdrawInvitation), (false, Action::Inactivate)] {
        let (desired, mut actual) = practice();
        let sent = Invitation { state: InvitationState::Open, sent_at: crate::worlds::NOW, expires_at: crate::worlds::NOW + 1000 };
        add_account(&mut actual, "kim@glow.example", fields("front-desk")).state = State { invitation: Some(sent), ..State::default() };
        if !is_offered {
            actual.capabilities.actions.remove(&Action::WithdrawInvitation);
        }
        let plan = diff(&desired, &actual);
        assert_eq!((to_accounts(&plan), refusals(&plan)), (vec![expected], Vec::new()), "is offered: {is_offered}");
    }
}

// AR-11
#[test]
fn a_passcode_that_nobody_wants_stays_only_where_there_is_one() {
    for has_passcode in [true, false] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, "kim@glow.example", fields("front-desk")).has_passcode = has_passcode;
        add_user(&mut desired, "kim@glow.example", fields("front-desk")).passcode = Some(WantedPasscode::Unset);
        let stays = (Subject::User(email("kim@glow.example")), RefusalCause::PasscodeStays);
        assert_eq!(refusals(&diff(&desired, &actual)), Vec::from_iter(has_passcode.then_some(stays)), "has one: {has_passcode}");
    }
}

// AR-11
#[test]
fn a_passcode_is_made_anew_where_it_is_older_than_the_roster_says() {
    const NOW: i64 = crate::worlds::NOW;
    let second = Moment::of_millis(NOW - 60_000);
    let renewed = |since, made| (AccountChange::RenewPasscode { since }, Reason::PasscodeOlder(Box::new(OlderPasscode { since, made })));
    let older = Some(renewed(second, Some(Moment::of_millis(NOW - 120_000))));
    let missing = Some((AccountChange::GeneratePasscode, Reason::PasscodeMissing));
    let unknown = Some(RefusalCause::PasscodeAgeUnknown);
    let later = Moment::of_millis(NOW + 60_000);
    for (has, made, since, change, refusal) in [
        (true, Some(NOW - 120_000), second, older.clone(), None),
        (true, Some(second.millis() - 1), second, Some(renewed(second, Some(Moment::of_millis(second.millis() - 1)))), None),
        (true, Some(second.millis()), second, None, None),
        (true, Some(NOW), second, None, None),
        (true, None, second, None, unknown),
        (true, Some(NOW - 120_000), later, None, None),
        (false, None, second, missing.clone(), None),
        (false, None, later, missing, None),
    ] {
        for blocked in [false, true] {
            let (mut desired, mut actual) = practice();
            let account = add_account(&mut actual, "kim@glow.example", fields("front-desk"));
            (account.has_passcode, account.passcode_made) = (has, made);
            account.state.block = blocked.then_some(Block { reason: BlockReason::ActivityReview, note: None });
            add_user(&mut desired, "kim@glow.example", fields("front-desk")).passcode = Some(WantedPasscode::MadeSince(since));
            let plan = diff(&desired, &actual);
            let planned = plan.changes.iter().find_map(|step| Some((step.change.to_account()?.2.clone(), step.reason.clone())));
            let case = format!("{has} {made:?} {since} {blocked}");
            assert_eq!(planned, change.clone().filter(|_| !blocked), "{case}");
            assert_eq!(plan.refusals.iter().map(|refusal| refusal.cause.clone()).next(), refusal.clone(), "{case}");
        }
    }
}

// AR-7
#[test]
fn a_change_that_leaves_the_role_alone_leaves_what_it_gave() {
    let (mut desired, mut actual) = practice();
    let role = actual.roles.get_mut("front-desk").expect("a role of the platform");
    role.privileges.insert("view-reports".to_owned());
    let off = (Field::DashboardAccess, Value::Flag(false));
    let held: Fields = fields("front-desk").iter().map(|(field, value)| (field, value.to_value())).chain([off]).collect();
    add_account(&mut actual, "kim@glow.example", held);
    add_user(&mut desired, "kim@glow.example", Fields::from_iter([(Field::DashboardAccess, Value::Flag(true))]));
    let gained = |desired: &Desired| -> Vec<String> {
        let plan = diff(desired, &actual);
        let effective = plan.changes.iter().find_map(|step| step.change.effective()).expect("more privileges");
        effective.after.difference(&effective.before).cloned().collect()
    };
    assert_eq!(gained(&desired), ["view-dashboard"]);
    let kim = desired.users.get_mut(&email("kim@glow.example")).expect("listed");
    kim.fields.set(Field::Role, Value::Text("front-desk".to_owned()));
    assert_eq!(gained(&desired), ["view-dashboard", "view-reports"], "the role is given again");
}

#[test]
fn no_clinic_is_added_to_a_server_without_clinics() {
    for has_clinics in [true, false] {
        let (desired, mut actual) = practice();
        actual.capabilities.clinics = has_clinics;
        let plan = diff(&desired, &actual);
        let added: Vec<Action> = plan.changes.iter().map(|step| step.change.action()).collect();
        let refused = (Subject::Clinic("riverside".to_owned()), RefusalCause::NoClinicResources);
        assert_eq!(added, Vec::from_iter(has_clinics.then_some(Action::CreateClinic)), "has clinics: {has_clinics}");
        assert_eq!(refusals(&plan), Vec::from_iter((!has_clinics).then_some(refused)), "has clinics: {has_clinics}");
    }
}

// PBN-3
#[test]
fn no_record_is_added_beside_several_of_the_same_name() {
    for (count, added) in [(0, 1), (1, 0), (2, 0)] {
        let (mut desired, mut actual) = office();
        for n in 0..count {
            crate::office::record(&mut actual, &format!("pat-{n}"), ["Pat", "Lee"]);
        }
        let (first_name, last_name) = ("Pat".to_owned(), "Lee".to_owned());
        desired.employees.push(DesiredEmployee { id: None, first_name, last_name, active: None, external: None });
        let plan = diff(&desired, &actual);
        let repeats = RefusalCause::EmployeeNameRepeats { first: "Pat".to_owned(), last: "Lee".to_owned() };
        let refused = refusals(&plan).into_iter().filter(|(_, cause)| *cause == repeats).count();
        assert_eq!((plan.changes.len(), refused), (added, usize::from(count > 1)), "{count} records of that name");
    }
}
