//! The signs that make a list of users doubtful, what a second look adds to it, and what a plan warns of.

use crate::guards::{add_account, add_user, crowd, email, fields, practice};
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::{add_found, diff, doubtful, hidden};

const PHONE: &str = "+16025550142";
const OTHER_PHONE: &str = "+16025550143";

fn phones(all: &[&str]) -> Value {
    Value::List(all.iter().map(|phone| (*phone).to_owned()).collect())
}

pub(crate) fn names() -> Fields {
    [(Field::FirstName, Value::Text("Ana".to_owned())), (Field::LastName, Value::Text("Ruiz".to_owned()))].into_iter().collect()
}

/// So many people with names on both sides, where an admin changes every field.
pub(crate) fn plain_crowd(people: usize) -> (Desired, Actual) {
    let (mut desired, mut actual) = crowd(people, 0);
    desired.platform = named("generic").unwrap().id();
    desired.clinics.clear();
    for account in &mut actual.accounts {
        account.fields = names();
        // The server stores titles, and nobody has one.
        account.fields.set(Field::Title, Value::Unset);
    }
    desired.users.values_mut().for_each(|user| user.fields = names());
    (desired, actual)
}

fn title(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn asked(desired: &Desired, actual: &Actual) -> Vec<String> {
    doubtful(desired, &diff(desired, actual), actual).iter().map(ToString::to_string).collect()
}

fn unproven() -> Completeness {
    Completeness::Unproven { why: PartialCause::Repeats { endpoint: "/Users".to_owned(), listed: 4 } }
}

/// Four people on both sides, one to be invited, and three without access of whom one has an account under a former address.
fn doubted() -> (Desired, Actual) {
    let (mut desired, mut actual) = plain_crowd(4);
    actual.capabilities.practice_extension = false;
    add_user(&mut desired, "new@glow.example", names());
    add_user(&mut desired, "gone@glow.example", names()).status = Status::Inactive;
    let blocked = DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None };
    add_user(&mut desired, "blocked@glow.example", names()).blocked = Some(blocked);
    (desired, actual)
}

// Rule 7 of the core.
#[test]
fn a_list_is_doubted_about_the_invited_and_those_without_access_unless_it_is_proven_and_takes_nothing() {
    let all = ["new@glow.example", "blocked@glow.example", "gone@glow.example"];
    let (desired, mut actual) = doubted();
    assert_eq!(asked(&desired, &actual), all, "nobody inactive is shown");
    actual.capabilities.practice_extension = true;
    assert!(asked(&desired, &actual).is_empty(), "a server of ours shows inactive users");
    actual.completeness = Completeness::Partial { why: PartialCause::Lacks { email: email("x@glow.example") } };
    assert!(asked(&desired, &actual).is_empty(), "it is known what lacks");
    actual.completeness = unproven();
    assert_eq!(asked(&desired, &actual), all);

    let (mut desired, actual) = doubted();
    desired.users.get_mut(&email("new@glow.example")).unwrap().formerly.push(email("old@glow.example"));
    assert_eq!(
        asked(&desired, &actual),
        [&["new@glow.example", "old@glow.example"], &all[1..]].concat(),
        "the account may have the old one"
    );

    let (mut desired, mut actual) = doubted();
    actual.accounts[1].state.inactive = true;
    desired.users.get_mut(&email("u00001@glow.example")).unwrap().status = Status::Inactive;
    assert_eq!(asked(&desired, &actual), ["new@glow.example"], "the list shows somebody inactive");
    add_account(&mut actual, "leaver@glow.example", names());
    assert_eq!(asked(&desired, &actual), all, "somebody is removed");

    let (mut desired, mut actual) = doubted();
    desired.users.get_mut(&email("gone@glow.example")).unwrap().formerly = vec![email("old@glow.example")];
    add_account(&mut actual, "old@glow.example", names());
    add_account(&mut actual, "blocked@glow.example", names());
    assert_eq!(asked(&desired, &actual), ["new@glow.example"], "both have an account");

    let (mut desired, actual) = doubted();
    let mut plan = diff(&desired, &actual);
    plan.only = [email("gone@glow.example")].into();
    assert_eq!(doubtful(&desired, &plan, &actual), [email("new@glow.example"), email("gone@glow.example")]);
    for at in 0..60 {
        add_user(&mut desired, &format!("more{at}@glow.example"), names());
    }
    assert!(asked(&desired, &actual).len() > 50, "the directory looks up the first ones, and says how many are left");
}

#[test]
fn inactivations_withdrawals_and_blocks_remove_people_and_other_changes_do_not() {
    let (mut desired, mut actual) = doubted();
    actual.capabilities.practice_extension = true;
    let user = desired.users.get_mut(&email("u00001@glow.example")).unwrap();
    user.fields.set(Field::Title, title("nurse"));
    let plan = diff(&desired, &actual);
    let update = plan.changes.iter().position(|step| step.change.action() == Action::Update).unwrap();
    let block = || AccountChange::Block(Block { reason: BlockReason::ActivityReview, note: None });
    for (own, removes) in [
        (AccountChange::Inactivate, true),
        (AccountChange::WithdrawInvitation, true),
        (block(), true),
        (AccountChange::Activate, false),
        (AccountChange::Unblock, false),
        (AccountChange::Invite, false),
    ] {
        let mut plan = plan.clone();
        let Change::Account { change, .. } = &mut plan.changes[update].change else { panic!("it changes an account") };
        *change = own.clone();
        assert_eq!(!doubtful(&desired, &plan, &actual).is_empty(), removes, "{own:?}");
    }
}

// Rule 10 of the core.
#[test]
fn accounts_are_read_one_by_one_for_a_field_that_the_list_shows_of_nobody() {
    let (mut desired, mut actual) = plain_crowd(4);
    let ids = |desired: &Desired, actual: &Actual| hidden(&diff(desired, actual), actual).into_iter().map(|id| id.0).collect::<Vec<_>>();
    for address in ["u00001@glow.example", "u00003@glow.example"] {
        desired.users.get_mut(&email(address)).unwrap().fields.set(Field::Title, title("nurse"));
    }
    desired.users.get_mut(&email("u00002@glow.example")).unwrap().fields.set(Field::LastName, Value::Text("Park".to_owned()));
    assert_eq!(ids(&desired, &actual), [actual.accounts[1].id.0.clone(), actual.accounts[3].id.0.clone()]);
    actual.accounts[0].fields.set(Field::Title, title(""));
    assert_eq!(ids(&desired, &actual).len(), 2, "an empty text shows nothing");
    actual.accounts[0].fields.set(Field::Title, title("doctor"));
    assert!(ids(&desired, &actual).is_empty());
    let mut user = desired.users.remove(&email("u00001@glow.example")).unwrap();
    (user.email, user.id) = (email("new@glow.example"), Some(actual.accounts[1].id.clone()));
    desired.users.insert(user.email.clone(), user);
    let plan = diff(&desired, &actual);
    assert!(plan.changes.iter().flat_map(|step| step.change.fields()).any(|edit| edit.field == Field::Email));
    assert!(ids(&desired, &actual).is_empty(), "an address is not a field of the list");
}

#[test]
fn an_account_that_was_found_proves_that_the_list_lacks_it_unless_it_is_inactive_and_the_list_shows_nobody_inactive() {
    let lacks = |address: &str| Completeness::Partial { why: PartialCause::Lacks { email: email(address) } };
    let nobody = || LookUp { found: Vec::new(), other_addresses: OtherAddresses::new(), unanswered: None };
    let cause = || PartialCause::NotLookedUp { email: email("x@glow.example"), status: Some(500) };
    let (_, mut listed) = plain_crowd(3);
    listed.capabilities.practice_extension = false;
    let (_, mut more) = plain_crowd(3);
    let mut found = add_account(&mut more, "found@glow.example", names()).clone();
    found.id = RemoteId("a".to_owned());
    let inactive = Account { state: State { inactive: true, ..found.state.clone() }, ..found.clone() };
    let one = |account: &Account| LookUp { found: vec![account.clone()], other_addresses: OtherAddresses::new(), unanswered: None };

    let mut actual = listed.clone();
    assert!(!add_found(&mut actual, nobody()) && actual == listed);
    assert!(!add_found(&mut actual, one(&listed.accounts[1])) && actual == listed, "it is listed");
    assert!(add_found(&mut actual, one(&found)));
    assert_eq!((&actual.completeness, &actual.accounts[0]), (&lacks("found@glow.example"), &found), "accounts stay in the order of ids");
    let other = Account { id: RemoteId("b".to_owned()), email: email("other@glow.example"), ..found.clone() };
    assert!(add_found(&mut actual, one(&other)));
    assert_eq!(actual.completeness, lacks("found@glow.example"), "the first proof is kept");

    let mut actual = listed.clone();
    assert!(add_found(&mut actual, one(&inactive)));
    assert_eq!((&actual.completeness, actual.accounts.len()), (&Completeness::Complete, 4), "the list leaves inactive users out");
    let mut actual = listed.clone();
    actual.accounts[1].state.inactive = true;
    assert!(add_found(&mut actual, one(&inactive)));
    assert_eq!(actual.completeness, lacks("found@glow.example"), "the list shows inactive users");

    let mut actual = listed.clone();
    assert!(add_found(&mut actual, LookUp { found: Vec::new(), other_addresses: OtherAddresses::new(), unanswered: Some(cause()) }));
    assert_eq!(actual.completeness, Completeness::Unproven { why: cause() });
    assert!(
        !add_found(&mut actual, LookUp { found: Vec::new(), other_addresses: OtherAddresses::new(), unanswered: Some(cause()) }),
        "nothing is new"
    );
}

/// Returns what a plan says about one account, as refused and as noticed values.
fn repeated(desired: &Desired, actual: &Actual) -> (Vec<String>, Vec<String>) {
    let plan = diff(desired, actual);
    let refused = plan
        .refusals
        .iter()
        .filter_map(|refusal| if let RefusalCause::StillOutdated { value, .. } = &refusal.cause { Some(value.clone()) } else { None });
    let noticed = plan
        .notices
        .iter()
        .filter_map(|notice| if let NoticeCause::NotRepeated { value, .. } = &notice.cause { Some(value.clone()) } else { None });
    (refused.collect(), noticed.collect())
}

#[test]
fn an_old_login_is_refused_and_an_old_name_or_another_login_is_a_warning() {
    let said = |attribute: Repeating, values: &[&str], change: &dyn Fn(&mut Desired, &mut Actual)| {
        let (mut desired, mut actual) = plain_crowd(4);
        let user = desired.users.get_mut(&email("u00001@glow.example")).unwrap();
        user.formerly = vec![email("old@glow.example")];
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        actual.outdated = vec![Outdated { account: actual.accounts[1].id.clone(), attribute, values }];
        change(&mut desired, &mut actual);
        repeated(&desired, &actual)
    };
    let user =
        |desired: &mut Desired, change: &dyn Fn(&mut DesiredUser)| change(desired.users.get_mut(&email("u00001@glow.example")).unwrap());
    let as_is = |_: &mut Desired, _: &mut Actual| {};
    let one = |value: &str| vec![value.to_owned()];
    let nothing = (Vec::new(), Vec::new());
    let of_three = |_: &mut Desired, actual: &mut Actual| {
        let again: Vec<Outdated> =
            [2, 3].map(|at| Outdated { account: actual.accounts[at].id.clone(), ..actual.outdated[0].clone() }).into();
        actual.outdated.extend(again);
    };
    let of_two = |_: &mut Desired, actual: &mut Actual| {
        let again = Outdated { account: actual.accounts[2].id.clone(), ..actual.outdated[0].clone() };
        actual.outdated.push(again);
    };
    let renamed =
        |desired: &mut Desired, _: &mut Actual| user(desired, &|user| user.fields.set(Field::LastName, Value::Text("Park".to_owned())));
    let unmanaged = |desired: &mut Desired, _: &mut Actual| user(desired, &|user| user.fields = Fields::default());
    let inactive = |desired: &mut Desired, actual: &mut Actual| {
        user(desired, &|user| user.status = Status::Inactive);
        actual.accounts[1].state.inactive = true;
    };
    let moved = |desired: &mut Desired, actual: &mut Actual| {
        user(desired, &|user| user.id = Some(actual.accounts[1].id.clone()));
        actual.accounts[1].email = email("old@glow.example");
    };
    let new_title = |desired: &mut Desired, _: &mut Actual| user(desired, &|user| user.fields.set(Field::Title, title("nurse")));

    assert_eq!(said(Repeating::Emails, &["a@x.example", "OLD@glow.example"], &as_is), (one("OLD@glow.example"), Vec::new()));
    assert_eq!(said(Repeating::Emails, &["a@x.example", "b@x.example"], &as_is), (Vec::new(), one("a@x.example, b@x.example")));
    assert_eq!(said(Repeating::Emails, &["a@x.example"], &of_two).1.len(), 2, "half of four accounts");
    assert_eq!(said(Repeating::Emails, &["a@x.example"], &of_three), nothing, "most accounts have something else there");
    assert_eq!(said(Repeating::Emails, &["old@glow.example"], &moved), nothing, "the plan changes the address");
    assert_eq!(said(Repeating::DisplayName, &["old@glow.example"], &as_is), (Vec::new(), one("old@glow.example")));
    assert_eq!(said(Repeating::DisplayName, &["Ana Old"], &new_title), (Vec::new(), one("Ana Old")), "a title is not a name");
    assert_eq!(said(Repeating::FormattedName, &["Ana Old"], &of_three).1.len(), 3);
    assert_eq!(said(Repeating::FormattedName, &["Ana Old"], &renamed), nothing);
    assert_eq!(said(Repeating::FormattedName, &["Ana Old"], &unmanaged), nothing);
    assert_eq!(said(Repeating::FormattedName, &["Ana Old"], &inactive), nothing);
}

/// The phones of the account, those of the new user, a change of both sides, and what is said: whether a phone is the same.
type SamePerson<'a> = (&'a [&'a str], &'a [&'a str], &'a dyn Fn(&mut Desired, &mut Actual), Option<bool>);

#[test]
fn somebody_who_goes_and_somebody_who_comes_may_be_one_if_names_agree_and_phones_do_not_differ() {
    let as_is = |_: &mut Desired, _: &mut Actual| {};
    let last = |actual: &mut Actual, change: &dyn Fn(&mut Account)| change(actual.accounts.last_mut().unwrap());
    let no_phones = |_: &mut Desired, actual: &mut Actual| actual.capabilities.lacking.extend([Field::Phones]);
    let inactive = |_: &mut Desired, actual: &mut Actual| last(actual, &|account| account.state.inactive = true);
    let renamed =
        |_: &mut Desired, actual: &mut Actual| last(actual, &|account| account.fields.set(Field::LastName, Value::Text("Park".to_owned())));
    let no_name = |_: &mut Desired, actual: &mut Actual| last(actual, &|account| account.fields.set(Field::LastName, Value::Unset));
    let cases: [SamePerson<'_>; 10] = [
        (&[], &[], &as_is, Some(false)),
        (&[PHONE], &[PHONE], &as_is, Some(true)),
        (&[PHONE], &[OTHER_PHONE, PHONE], &as_is, Some(true)),
        (&[PHONE], &[OTHER_PHONE], &as_is, None),
        (&[PHONE], &[], &as_is, Some(false)),
        (&[], &[PHONE], &as_is, Some(false)),
        (&[PHONE], &[OTHER_PHONE], &no_phones, Some(false)),
        (&[], &[], &inactive, None),
        (&[], &[], &renamed, None),
        (&[], &[], &no_name, None),
    ];
    for (at, (old, new, change, expected)) in cases.into_iter().enumerate() {
        let (mut desired, mut actual) = practice();
        let user = add_user(&mut desired, "new@glow.example", fields("front-desk"));
        if !new.is_empty() {
            user.fields.set(Field::Phones, phones(new));
        }
        let account = add_account(&mut actual, "leaver@glow.example", fields("front-desk"));
        if !old.is_empty() {
            account.fields.set(Field::Phones, phones(old));
        }
        change(&mut desired, &mut actual);
        let plan = diff(&desired, &actual);
        let found: Vec<(&Subject, &NoticeCause)> = plan.notices.iter().map(|notice| (&notice.subject, &notice.cause)).collect();
        let perhaps = |phone| NoticeCause::PerhapsTheSame { other: email("leaver@glow.example"), phone, fate: NamesakeFate::LosesAccess };
        let subject = Subject::User(email("new@glow.example"));
        for phone in [false, true] {
            assert_eq!(found.contains(&(&subject, &perhaps(phone))), expected == Some(phone), "case {at}: {found:?}");
        }
    }
}

//
#[test]
fn somebody_who_stays_with_the_name_of_a_new_user_is_named_if_the_account_or_its_invitation_lets_them_in() {
    let now = crate::worlds::NOW;
    let sent = |state: InvitationState| Some(Invitation { state, sent_at: now - 1000, expires_at: now + 1000 });
    let pending = |state: InvitationState| State { invitation: sent(state), ..State::default() };
    let active = || State { accepted: true, ..State::default() };
    let blocked = Some(Block { reason: BlockReason::ActivityReview, note: None });
    let open = InvitationState::Open;
    let cases = [
        (Manage::Additive, State::default(), Some(NamesakeFate::KeepsInvitation)),
        (Manage::Additive, pending(InvitationState::Killed), None),
        (Manage::Additive, active(), Some(NamesakeFate::KeepsAccess)),
        (Manage::Observe, active(), Some(NamesakeFate::KeepsAccess)),
        (Manage::Exact, active(), Some(NamesakeFate::LosesAccess)),
        (Manage::Additive, pending(open), Some(NamesakeFate::KeepsInvitation)),
        (Manage::Additive, pending(InvitationState::Expired), None),
        (Manage::Exact, pending(open), None),
        (Manage::Additive, State { inactive: true, ..active() }, None),
        (Manage::Additive, State { block: blocked, ..active() }, None),
    ];
    for (manage, state, expected) in cases {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        add_user(&mut desired, "new@glow.example", fields("front-desk"));
        add_account(&mut actual, "stays@glow.example", fields("front-desk")).state = state.clone();
        let plan = diff(&desired, &actual);
        let fates = plan.notices.iter().filter_map(|notice| {
            if let NoticeCause::PerhapsTheSame { other, fate, .. } = &notice.cause { Some((other.to_string(), *fate)) } else { None }
        });
        let expected: Vec<_> = expected.into_iter().map(|fate| ("stays@glow.example".to_owned(), fate)).collect();
        assert_eq!(fates.collect::<Vec<_>>(), expected, "{manage:?} {state:?}");
    }
}

//
#[test]
fn somebody_without_access_who_may_have_it_under_another_address_is_named() {
    for (manage, status, blocked, name, expected) in [
        (Manage::Additive, Status::Inactive, false, "Ana", true),
        (Manage::Observe, Status::Inactive, false, "Ana", true),
        (Manage::Additive, Status::Active, true, "Ana", true),
        (Manage::Exact, Status::Inactive, false, "Ana", false),
        (Manage::Additive, Status::Inactive, false, "Eva", false),
    ] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        let user = add_user(&mut desired, "left@glow.example", fields("front-desk"));
        user.status = status;
        user.blocked = blocked.then_some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
        add_account(&mut actual, "stays@glow.example", fields("front-desk")).fields.set(Field::FirstName, Value::Text(name.to_owned()));
        let plan = diff(&desired, &actual);
        let other = email("stays@glow.example");
        let cause = NoticeCause::PerhapsTheSame { other, phone: false, fate: NamesakeFate::OutlastsAccess };
        let said = Notice { subject: Subject::User(email("left@glow.example")), cause };
        assert_eq!(plan.notices.contains(&said), expected, "{manage:?} {name}: {:?}", plan.notices);
    }
}

//
#[test]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks at some cases only")]
fn an_account_with_the_phone_of_somebody_new_and_a_part_of_the_name_may_be_theirs() {
    let same = ["+16025550142"];
    for (first, last, number, manage, expected) in [
        ("Ana", "Moss", same, Manage::Additive, Some(NamesakeFate::KeepsAccess)),
        ("Ana", "Moss", same, Manage::Exact, Some(NamesakeFate::LosesAccess)),
        ("A.", "Ruiz", same, Manage::Exact, Some(NamesakeFate::LosesAccess)),
        ("", "", same, Manage::Exact, Some(NamesakeFate::LosesAccess)),
        ("Eva", "Moss", same, Manage::Exact, None),
        ("Ana", "Moss", ["+16025550143"], Manage::Exact, None),
        ("Ana", "Ruiz", same, Manage::Exact, None),
    ] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        add_user(&mut desired, "new@glow.example", fields("front-desk")).fields.set(Field::Phones, phones(&same));
        let account = add_account(&mut actual, "old@glow.example", fields("front-desk"));
        for (field, value) in [(Field::FirstName, first), (Field::LastName, last)] {
            account.fields.set(field, if value.is_empty() { Value::Unset } else { Value::Text(value.to_owned()) });
        }
        account.fields.set(Field::Phones, phones(&number));
        let plan = diff(&desired, &actual);
        let fates = plan.notices.iter().filter_map(|notice| match &notice.cause {
            NoticeCause::SharesPhone { other, fate } => Some((other.as_str(), *fate)),
            _ => None,
        });
        let expected: Vec<_> = expected.into_iter().map(|fate| ("old@glow.example", fate)).collect();
        assert_eq!(fates.collect::<Vec<_>>(), expected, "{first} {last}: {:?}", plan.notices);
    }
}

#[test]
fn an_active_account_without_an_address_is_refused_where_the_roster_is_exact() {
    for (manage, refused) in [(Manage::Exact, 1), (Manage::Additive, 0), (Manage::Observe, 0)] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        actual.without_address.insert("id-7".to_owned(), "desk".to_owned());
        let plan = diff(&desired, &actual);
        let login = "desk".to_owned();
        let is_refused = |refusal: &&Refusal| refusal.cause == RefusalCause::NoAddress { login: login.clone() };
        let is_noticed = |notice: &&Notice| notice.cause == NoticeCause::NoAddress { login: login.clone() };
        let found = (plan.refusals.iter().filter(is_refused).count(), plan.notices.iter().filter(is_noticed).count());
        assert_eq!(found, (refused, 1 - refused), "{manage:?}");
    }
}

/// Lists the users who are warned of an unusual value, with its field.
fn unusual(desired: &Desired, actual: &Actual) -> Vec<(Subject, Field)> {
    let plan = diff(desired, actual);
    let found = plan.notices.iter().filter_map(|notice| {
        if let NoticeCause::Unusual(violation) = &notice.cause { Some((notice.subject.clone(), violation.field)) } else { None }
    });
    found.collect()
}

#[test]
fn an_unusual_value_is_a_warning_unless_the_account_has_a_better_one_that_the_roster_leaves() {
    let (mut desired, mut actual) = plain_crowd(2);
    let is_uncounted = |notice: &Notice| notice.cause == NoticeCause::NobodyCountsAdministrators;
    assert!(!diff(&desired, &actual).notices.iter().any(is_uncounted), "only a platform that a roster defines can lack the right");
    desired.platform = named("telus-chr").unwrap().id();
    let warned = |address: &str| (Subject::User(email(address)), Field::TwoFactor);
    let first = "u00001@glow.example";
    let main = actual.accounts[0].email.to_string();
    let all = [warned(&main), warned(first)];
    let sorted = |mut found: Vec<(Subject, Field)>| {
        found.sort();
        found
    };
    assert_eq!(sorted(unusual(&desired, &actual)), sorted(all.to_vec()));
    actual.accounts[1].fields.set(Field::TwoFactor, Value::Flag(true));
    assert_eq!(unusual(&desired, &actual), [warned(&main)]);
    desired.users.get_mut(&email(first)).unwrap().fields.set(Field::TwoFactor, Value::Flag(false));
    assert_eq!(sorted(unusual(&desired, &actual)), sorted(all.to_vec()), "the roster takes it away");
}

#[test]
fn two_active_providers_of_a_clinic_with_one_color_are_a_warning() {
    for (status, expected) in [(Status::Active, 1), (Status::Inactive, 0)] {
        let (mut desired, actual) = practice();
        for address in ["a@glow.example", "b@glow.example"] {
            let mut provider = fields("provider");
            provider.set(Field::Provider, Value::Flag(true));
            provider.set(Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
            add_user(&mut desired, address, provider);
        }
        desired.users.get_mut(&email("b@glow.example")).unwrap().status = status;
        let found = unusual(&desired, &actual).into_iter().filter(|(_, field)| *field == Field::AppointmentColor).count();
        assert_eq!(found, expected, "{status:?}");
    }
}

// AR-3
#[test]
fn an_invitation_without_details_may_need_a_login() {
    let needs = |desired: &Desired, actual: &Actual| -> Vec<Vec<Field>> {
        let plan = diff(desired, actual);
        let found = plan.notices.iter().filter_map(|notice| {
            if let NoticeCause::InvitationNeedsLogin { fields } = &notice.cause { Some(fields.to_vec()) } else { None }
        });
        found.collect()
    };
    let (mut desired, actual) = practice();
    let user = add_user(&mut desired, "new@glow.example", fields("front-desk"));
    user.fields.set(Field::FirstName, Value::Unset);
    assert_eq!(needs(&desired, &actual), [[Field::FirstName, Field::Phones]]);
    let user = desired.users.get_mut(&email("new@glow.example")).unwrap();
    user.fields.set(Field::FirstName, Value::Text("Ana".to_owned()));
    user.fields.set(Field::Phones, phones(&[PHONE]));
    assert_eq!(needs(&desired, &actual), Vec::<Vec<Field>>::new());
    desired.users.get_mut(&email("new@glow.example")).unwrap().fields.set(Field::Phones, phones(&[]));
    assert_eq!(needs(&desired, &actual), [[Field::Phones]]);
}

// Rule 7 of the core
#[test]
fn an_address_that_an_account_gets_is_looked_up_on_a_foreign_server() {
    let (mut desired, mut actual) = doubted();
    desired.platform = named("generic").unwrap().id();
    actual.capabilities.practice_extension = false;
    add_account(&mut actual, "was@glow.example", names());
    add_user(&mut desired, "is@glow.example", names()).formerly = vec![email("was@glow.example")];
    let asked = asked(&desired, &actual);
    assert!(asked.contains(&"is@glow.example".to_owned()), "{asked:?}");
}
