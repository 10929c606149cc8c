//! The account that a write makes, for each fact that alone decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::terms;
use crate::model::{Account, Field, Fields, Fingerprint, Invitation, InvitationState, RemoteId, State, Value};
use crate::platform::{Candidate, Declared, Platform, named};
use crate::workspace::{
    Acting, Changed, Employed, EmployeeRecord, Event, Facts, ListElement, MainAdmins, OwnList, OwnLists, Password, PlainUser, Refusal,
    TargetAccount, WantedUser, change, change_plain, changes, create, main_admins_own, may_come_in, may_sign_in, may_write_role,
};

const ADDRESS: &str = "pat@dental.example";

pub(super) fn dental() -> &'static Platform {
    named("practice-by-numbers").unwrap()
}

pub(super) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

pub(super) fn account(state: State) -> Account {
    let fields = [(Field::FirstName, "Pat"), (Field::LastName, "Lee"), (Field::Role, "front-desk"), (Field::Employee, "pat-lee")];
    Account {
        id: RemoteId("b".to_owned()),
        email: ADDRESS.parse().unwrap(),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        state,
        fields: fields.map(|(field, value)| (field, text(value))).into_iter().collect(),
        privileges: Arc::default(),
        role_privileges: None,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    }
}

/// The account as it is, wanted again.
pub(super) fn wanted(account: &Account) -> WantedUser {
    WantedUser {
        user_name: account.email.as_str().to_owned(),
        active: Some(!account.state.inactive),
        send_invitation: false,
        password: Password::Absent,
        is_patch: false,
        names_role: false,
        lists: OwnLists::default(),
        mailboxes: Vec::new(),
        role: account.fields.text(Field::Role).map(str::to_owned),
        roles: account.fields.text(Field::Role).map(str::to_owned).into_iter().collect(),
        fields: account.fields.clone(),
    }
}

pub(super) fn record(active: bool) -> Employed {
    Employed::Record(EmployeeRecord { id: "e1".to_owned(), key: "pat-lee".to_owned(), active })
}

pub(super) fn main_admin(nothing: &BTreeSet<String>) -> Acting<'_> {
    Acting { id: "a", privileges: nothing, role: None, main_admin: true }
}

fn changed(account: &Account, linked: Option<&str>, wanted: &WantedUser, employee: &Employed) -> Result<Changed, Refusal> {
    let (nothing, roles) = (BTreeSet::new(), BTreeMap::new());
    let facts = Facts { around: &Declared::Everything, roles: &roles, employee };
    change(dental(), &main_admin(&nothing), account, linked, wanted, &facts, &terms())
}

pub(super) fn accepted(inactive: bool) -> State {
    State { accepted: true, inactive, ..State::default() }
}

// PBN-8
#[test]
fn an_inactive_employee_gets_no_working_account_and_keeps_the_one_that_works() {
    for (was_inactive, active, linked, is_employed, refused) in [
        (false, true, Some("e1"), false, false),
        (false, true, Some("e0"), false, true),
        (false, true, None, false, true),
        (false, true, Some("e0"), true, false),
        (true, true, Some("e1"), false, true),
        (true, false, Some("e0"), false, false),
    ] {
        let account = account(accepted(was_inactive));
        let user = WantedUser { active: Some(active), ..wanted(&account) };
        let found = changed(&account, linked, &user, &record(is_employed));
        let case = format!("inactive {was_inactive}, then active {active}, record {linked:?}, employed {is_employed}: {found:?}");
        assert_eq!(found == Err(Refusal::InactiveEmployee), refused, "{case}");
        assert_eq!(found.is_err(), refused, "{case}");
    }
    let (account, roles) = (account(State { inactive: true, ..State::default() }), BTreeMap::new());
    let candidate = Candidate { email: &account.email, fields: &account.fields, active: true, main_admin: false };
    for (is_employed, allowed) in [(true, Ok(())), (false, Err(Refusal::InactiveEmployee))] {
        let employee = record(is_employed);
        let facts = Facts { around: &Declared::Everything, roles: &roles, employee: &employee };
        assert_eq!(may_come_in(dental(), &candidate, &facts), allowed);
    }
}

#[test]
fn a_write_that_does_not_say_active_leaves_it() {
    for inactive in [true, false] {
        let account = account(accepted(inactive));
        let user = WantedUser { active: None, ..wanted(&account) };
        assert_eq!(changed(&account, Some("e1"), &user, &record(true)).unwrap().state.inactive, inactive);
        assert_eq!(plain(&account, &user).unwrap().state.inactive, inactive);
    }
}

fn plain(account: &Account, wanted: &WantedUser) -> Result<Changed, Refusal> {
    let (nothing, lists) = (BTreeSet::new(), OwnLists::default());
    let target = TargetAccount { id: "b", main_admin: false, state: &account.state };
    let was =
        PlainUser { user_name: account.email.as_str(), role: account.fields.text(Field::Role), fields: &account.fields, lists: &lists };
    change_plain(named("generic").unwrap().catalog(), &main_admin(&nothing), &target, &was, wanted, &terms())
}

#[test]
fn nobody_else_changes_a_list_that_says_who_the_main_admin_is() {
    let account = account(accepted(false));
    let mut user = wanted(&account);
    let certificate = ListElement { value: "c".to_owned(), kind: String::new(), primary: false };
    user.lists.add(OwnList::Certificates, certificate.clone());
    let (nothing, mut lists) = (BTreeSet::new(), OwnLists::default());
    for (main_admin, is_same, refused) in [(true, false, true), (false, false, false), (true, true, false)] {
        if is_same {
            lists.add(OwnList::Certificates, certificate.clone());
        }
        let (target, role) = (TargetAccount { id: "b", main_admin, state: &account.state }, account.fields.text(Field::Role));
        let was = PlainUser { user_name: account.email.as_str(), role, fields: &account.fields, lists: &lists };
        let acting = Acting { id: "a", privileges: &nothing, role: None, main_admin: false };
        let changed = change_plain(named("generic").unwrap().catalog(), &acting, &target, &was, &user, &terms());
        let refusal = Refusal::MainAdmins(MainAdmins::List(OwnList::Certificates));
        assert_eq!(changed.err(), refused.then_some(refusal), "{main_admin} {is_same}");
    }
}

#[test]
fn a_role_is_applied_where_it_is_named_or_another_one() {
    let account = account(accepted(false));
    for (names_role, role, applies) in
        [(false, "front-desk", false), (true, "front-desk", true), (false, "billing", true), (true, "billing", true)]
    {
        let mut user = WantedUser { names_role, role: Some(role.to_owned()), roles: [role.to_owned()].into(), ..wanted(&account) };
        user.fields.set(Field::Role, text(role));
        let found = changed(&account, Some("e1"), &user, &record(true)).map(|changed| changed.applies_role);
        assert_eq!(found, Ok(applies), "named {names_role}, {role}");
        assert_eq!(plain(&account, &user).map(|changed| changed.applies_role), Ok(applies), "plain: named {names_role}, {role}");
    }
}

// PBN-4
#[test]
fn another_address_ends_the_invitation_to_the_former_one() {
    let invitation = Invitation { state: InvitationState::Open, sent_at: 0, expires_at: i64::MAX };
    let account = account(State { invitation: Some(invitation), ..State::default() });
    let user = wanted(&account);
    let invited = |user: &WantedUser| {
        changed(&account, Some("e1"), user, &record(true)).map(|changed| changed.state.invitation.map(|sent| sent.state))
    };
    assert_eq!(invited(&user), Ok(Some(InvitationState::Open)));
    let moved = WantedUser { user_name: "lee@dental.example".to_owned(), ..user.clone() };
    assert_eq!(invited(&moved), Ok(Some(InvitationState::Killed)));
    let twice = WantedUser { mailboxes: vec!["lee@dental.example".to_owned()], ..user };
    assert_eq!(invited(&twice), Err(Refusal::OtherAddress));
}

#[test]
fn a_rule_that_was_broken_before_is_asked_of_a_person_who_returns_and_of_nobody_else() {
    for (was_inactive, refused) in [(false, false), (true, true)] {
        let mut account = account(accepted(was_inactive));
        account.fields.set(Field::FirstName, Value::Unset);
        let user = WantedUser { active: Some(true), ..wanted(&account) };
        let found = changed(&account, Some("e1"), &user, &record(true));
        assert_eq!(found.is_err(), refused, "{found:?}");
    }
}

#[test]
fn an_invitation_is_refused_beside_an_inactive_account_or_a_first_password() {
    let account = account(State::default());
    let (nothing, roles, employee) = (BTreeSet::new(), BTreeMap::new(), record(true));
    let facts = Facts { around: &Declared::Everything, roles: &roles, employee: &employee };
    let invited = WantedUser { send_invitation: true, active: None, ..wanted(&account) };
    let create =
        |user: &WantedUser| create(dental(), &main_admin(&nothing), &account.email, user, &facts, &terms()).map(|decision| decision.event);
    assert_eq!(create(&invited), Ok(Event::Invited));
    assert_eq!(create(&WantedUser { active: Some(false), ..invited.clone() }), Err(Refusal::InvitationBesides));
    assert_eq!(create(&WantedUser { password: Password::Hashed, ..invited }), Err(Refusal::InvitationBesides));
}

#[test]
fn the_log_has_the_state_first_and_then_what_else_changed() {
    let (on, off) = (accepted(false), accepted(true));
    assert_eq!(changes(&on, &off, false), [Event::Inactivated]);
    assert_eq!(changes(&on, &off, true), [Event::Inactivated, Event::Updated]);
    assert_eq!(changes(&off, &on, false), [Event::Activated]);
    assert_eq!(changes(&on, &on, false), [Event::Updated]);
    assert_eq!(changes(&State::default(), &off, false), [Event::Withdrawn], "nobody has accepted the invitation");
}

#[test]
fn the_main_admin_writes_the_role_that_only_its_owners_give() {
    let none = BTreeSet::new();
    let write = |main_admin| may_write_role(dental().catalog(), &Acting { main_admin, ..office_admin(&none) }, "owner", &none, &none);
    assert_eq!(write(true), Ok(()));
    assert!(write(false).is_err());
}

fn office_admin(nothing: &BTreeSet<String>) -> Acting<'_> {
    Acting { role: Some("office-administrator"), ..main_admin(nothing) }
}

// CHR-5
#[test]
fn a_second_factor_of_the_main_admin_is_theirs_to_remove() {
    let catalog = named("telus-chr").unwrap().catalog();
    let set = |value: Option<bool>| value.map(|value| (Field::TwoFactor, Value::Flag(value))).into_iter().collect::<Fields>();
    for (before, after, own) in [
        (Some(true), Some(false), true),
        (Some(true), None, true),
        (Some(true), Some(true), false),
        (Some(false), Some(true), false),
        (None, Some(true), false),
        (Some(false), None, false),
    ] {
        let found = main_admins_own(catalog, &set(before), &set(after));
        assert_eq!(found, own.then_some(Field::TwoFactor), "{before:?}, then {after:?}");
    }
}

#[test]
fn only_a_person_who_accepted_and_is_active_and_not_blocked_signs_in() {
    let block = crate::model::Block { reason: crate::model::BlockReason::ActivityReview, note: None };
    assert!(may_sign_in(&accepted(false)));
    assert!(!may_sign_in(&State::default()), "pending");
    assert!(!may_sign_in(&accepted(true)), "inactive");
    assert!(!may_sign_in(&State { block: Some(block), ..accepted(false) }), "blocked");
}
