//! A saved plan gives, takes and writes only what today's roster still asks for.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::{diff, no_longer_planned, project};

use crate::guards::{add_account, add_user, email, fields, practice};
use crate::laws::law;
use crate::office::{listed, login, office, record};
use crate::worlds::{MAIN, NOW};

const BOB: &str = "bob@glow.example";

/// Lists what today's roster no longer asks for, of a plan that was made of another one and of which nothing is done.
fn found(saved: &Desired, today: &Desired, actual: &Actual) -> Option<NoLongerPlanned> {
    no_longer_planned(&diff(saved, actual), &|_| true, &diff(today, actual), (actual, actual)).map(|(_, what)| what)
}

type Edit = fn(&mut Desired, &mut Account);

fn bob(desired: &mut Desired) -> &mut DesiredUser {
    desired.users.get_mut(&email(BOB)).expect("listed")
}

fn sets(desired: &mut Desired, field: Field, value: Value) {
    bob(desired).fields.set(field, value);
}

/// Takes a right away that the role gives.
fn loses_a_right(desired: &mut Desired) {
    let revoke = ["check-in-patients".to_owned()].into();
    sets(desired, Field::PrivilegeChanges, Value::Changes(Box::new(PrivilegeChanges { revoke, ..PrivilegeChanges::default() })));
}

const fn blocked() -> DesiredBlock {
    DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None }
}

#[test]
fn a_saved_plans_changes_must_still_be_asked_for() {
    let (nothing, leaves): (Edit, Edit) = (|_, _| (), |desired, _| bob(desired).status = Status::Inactive);
    let is_gone: Edit = |desired, _| _ = desired.users.remove(&email(BOB));
    let admin: Edit = |desired, _| sets(desired, Field::Role, Value::Text("administrator".to_owned()));
    let provider: Edit = |desired, _| sets(desired, Field::Role, Value::Text("provider".to_owned()));
    let is_blocked: Edit = |desired, _| bob(desired).blocked = Some(blocked());
    let was_inactive: Edit = |_, account| account.state.inactive = true;
    let was_blocked: Edit = |desired, account| {
        account.state.block = Some(Block { reason: BlockReason::ActivityReview, note: None });
        bob(desired).blocked = Some(DesiredBlock::Unblocked);
    };
    let passcode: Edit = |desired, _| bob(desired).passcode = Some(WantedPasscode::Set);
    let blocked_otherwise: Edit = |desired, _| {
        bob(desired).blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ClearSchedule, note: None });
    };
    let renewed: Edit = |desired, account| {
        (account.has_passcode, account.passcode_made) = (true, Some(NOW - 90 * DAY));
        bob(desired).passcode = Some(WantedPasscode::MadeSince(Moment::of_millis(NOW - DAY)));
    };
    let colored: Edit = |desired, _| sets(desired, Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
    let blocked_and_colored: Edit = |desired, account| {
        account.state.block = Some(Block { reason: BlockReason::ActivityReview, note: None });
        bob(desired).blocked = Some(blocked());
        sets(desired, Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
    };
    let cases: [(&str, Edit, Edit, Option<NoLongerPlanned>); 19] = [
        (
            "a color, and a right that was there is not wanted",
            colored,
            |desired, _| {
                sets(desired, Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
                loses_a_right(desired);
            },
            None,
        ),
        ("access with a right that is not wanted", was_inactive, |desired, _| loses_a_right(desired), Some(NoLongerPlanned::Privileges)),
        (
            "a color of somebody who stays blocked, with a right that is not wanted",
            blocked_and_colored,
            |desired, _| {
                bob(desired).blocked = Some(blocked());
                sets(desired, Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
                loses_a_right(desired);
            },
            None,
        ),
        ("a block, and nothing changed", is_blocked, is_blocked, None),
        ("a block for another reason", is_blocked, blocked_otherwise, Some(NoLongerPlanned::BlockReason)),
        ("another passcode, and nothing changed", renewed, renewed, None),
        ("another passcode, and the one there is enough", renewed, passcode, Some(NoLongerPlanned::Passcode)),
        ("a role, and nothing changed", admin, admin, None),
        (
            "a role, and another field changed",
            admin,
            |desired, account| {
                sets(desired, Field::Role, Value::Text("administrator".to_owned()));
                sets(desired, Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
                account.state.accepted = true;
            },
            None,
        ),
        ("a role that is not wanted", admin, nothing, Some(NoLongerPlanned::Field(Field::Role))),
        ("another role", admin, provider, Some(NoLongerPlanned::Field(Field::Role))),
        ("a role for somebody who leaves", admin, leaves, Some(NoLongerPlanned::Field(Field::Role))),
        ("a role for somebody who is gone", admin, is_gone, Some(NoLongerPlanned::Field(Field::Role))),
        ("the end of access", leaves, nothing, Some(NoLongerPlanned::AccessEnds)),
        ("a block", is_blocked, nothing, Some(NoLongerPlanned::AccessEnds)),
        ("access for somebody who leaves", was_inactive, leaves, Some(NoLongerPlanned::AccessBegins)),
        (
            "access for somebody who was blocked",
            was_blocked,
            |desired, account| {
                account.state.block = Some(Block { reason: BlockReason::ActivityReview, note: None });
                bob(desired).blocked = Some(blocked());
            },
            Some(NoLongerPlanned::AccessBegins),
        ),
        ("a passcode", passcode, nothing, Some(NoLongerPlanned::Passcode)),
        ("a passcode, and nothing changed", passcode, passcode, None),
    ];
    for (case, saved, today, expected) in cases {
        let (mut desired, mut actual) = practice();
        // A number that confirms a block.
        let phone = Value::List(vec!["+16025550100".to_owned()]);
        actual.accounts[0].fields.set(Field::Phones, phone.clone());
        desired.users.get_mut(&email(MAIN)).expect("listed").fields.set(Field::Phones, phone);
        actual.token_owner = Some(email(MAIN));
        add_account(&mut actual, BOB, fields("front-desk"));
        add_user(&mut desired, BOB, fields("front-desk"));
        let (mut then, mut now) = (desired.clone(), desired);
        let account = actual.accounts.last_mut().expect("Bob's");
        account.fields.set(Field::AppointmentColor, Value::Text("#222222".to_owned()));
        account.fields.set(Field::PrivilegeChanges, Value::Changes(Box::default()));
        saved(&mut then, account);
        let mut as_saved = account.clone();
        today(&mut now, &mut as_saved);
        let plans = [diff(&then, &actual), diff(&now, &actual)].map(|plan| (plan.changes, plan.refusals));
        assert_eq!(found(&then, &now, &actual), expected, "{case}: {plans:?}");
    }
}

#[test]
fn nobody_is_invited_whom_the_roster_no_longer_invites() {
    type Change = fn(&mut Desired);
    let edits: [(Change, Option<NoLongerPlanned>); 5] = [
        (|_| (), None),
        (|desired| _ = desired.users.remove(&email(BOB)), Some(NoLongerPlanned::AccessBegins)),
        (|desired| bob(desired).status = Status::Inactive, Some(NoLongerPlanned::AccessBegins)),
        (|desired| sets(desired, Field::Role, Value::Text("front-desk".to_owned())), Some(NoLongerPlanned::Field(Field::Role))),
        (|desired| sets(desired, Field::Phones, Value::List(vec!["+16025550199".to_owned()])), Some(NoLongerPlanned::Field(Field::Phones))),
    ];
    for (at, (edit, expected)) in edits.into_iter().enumerate() {
        let (mut desired, actual) = practice();
        let user = add_user(&mut desired, BOB, fields("administrator"));
        user.fields.set(Field::Phones, Value::List(vec!["+16025550142".to_owned()]));
        let mut today = desired.clone();
        edit(&mut today);
        assert_eq!(found(&desired, &today, &actual), expected, "edit {at}");
    }
}

// PBN-4
#[test]
fn an_address_goes_only_to_whom_the_roster_still_gives_it() {
    let (mut desired, mut actual) = practice();
    desired.platform = named("generic").unwrap().id();
    add_account(&mut actual, BOB, fields("front-desk"));
    let rename = |address: &str| {
        let mut desired = desired.clone();
        add_user(&mut desired, address, fields("front-desk")).formerly = vec![email(BOB)];
        desired
    };
    let saved = rename("mallory@evil.example");
    assert_eq!(found(&saved, &saved, &actual), None);
    let mut as_before = desired.clone();
    add_user(&mut as_before, BOB, fields("front-desk"));
    for today in [as_before, rename("robert@glow.example")] {
        assert_eq!(found(&saved, &today, &actual), Some(NoLongerPlanned::Field(Field::Email)));
    }
}

// AR-11
#[test]
fn after_an_interrupted_run_only_what_the_roster_still_asks_for_is_done() {
    for (wants, status, expected) in [
        (Some(WantedPasscode::Set), Status::Active, None),
        (None, Status::Active, Some(NoLongerPlanned::Passcode)),
        (Some(WantedPasscode::Set), Status::Inactive, Some(NoLongerPlanned::Passcode)),
    ] {
        let (mut desired, mut actual) = practice();
        let user = add_user(&mut desired, BOB, fields("front-desk"));
        user.passcode = Some(WantedPasscode::Set);
        let saved = diff(&desired, &actual);
        let creation = saved.changes.iter().position(|step| step.change.action().invites()).unwrap();
        add_account(&mut actual, BOB, fields("front-desk")).state.accepted = false;
        let user = bob(&mut desired);
        (user.passcode, user.status) = (wants, status);
        let found = no_longer_planned(&saved, &|at| at != creation, &diff(&desired, &actual), (&actual, &actual));
        assert_eq!(found.map(|(_, what)| what), expected, "{wants:?} {status:?}");
    }
}

// PBN-6
#[test]
fn a_role_gives_only_what_the_roster_still_gives_it() {
    let (mut desired, mut actual) = practice();
    desired.platform = named("practice-by-numbers").unwrap().id();
    let role = |privileges: &[&str]| DesiredRole {
        name: "Lead".to_owned(),
        based_on: None,
        privileges: privileges.iter().map(|name| (*name).to_owned()).collect(),
    };
    actual.accounts[0].privileges = std::iter::once("manage-logins".to_owned()).collect::<BTreeSet<_>>().into();
    desired.roles.insert("lead".to_owned(), role(&["general", "forms"]));
    let mut today = desired.clone();
    assert_eq!(found(&desired, &today, &actual), None);
    today.roles.insert("lead".to_owned(), role(&["general"]));
    assert_eq!(found(&desired, &today, &actual), Some(NoLongerPlanned::Record));
}

/// A plan that gives a role more and takes something from it, and in which Bo leaves it if `leaves`.
fn lead(leaves: bool) -> (Desired, Actual) {
    let (mut desired, mut actual) = office();
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let (id, fingerprint) = (RemoteId("role-lead".to_owned()), Fingerprint("W/\"1\"".to_owned()));
    let held = Role { id, fingerprint, name: "Lead".to_owned(), privileges: set(&["general", "forms"]), built_in: false };
    actual.roles.insert("lead".to_owned(), held);
    desired
        .roles
        .insert("lead".to_owned(), DesiredRole { name: "Lead".to_owned(), based_on: None, privileges: set(&["general", "payments"]) });
    record(&mut actual, "bo", ["Bo", "Fox"]);
    login(&mut actual, "bo@dental.example", ["Bo", "Fox"], "lead", "bo");
    listed(&mut desired, "bo@dental.example", ["Bo", "Fox"], "lead").status = if leaves { Status::Inactive } else { Status::Active };
    (desired, actual)
}

// PBN-6
#[test]
fn a_saved_plan_gives_nothing_with_a_role_to_somebody_who_should_have_left_it() {
    let ((stays, actual), (leaves, _)) = (lead(false), lead(true));
    assert_eq!(found(&stays, &leaves, &actual), Some(NoLongerPlanned::Record));
    // It parts what the role loses from what it gains, and asks for no more than a plan that does not.
    assert_eq!(found(&leaves, &leaves, &actual), None);
    let parted = diff(&leaves, &actual).changes.iter().filter(|step| step.change.role_update().is_some()).count();
    assert_eq!(parted, 2);
    let mut gone = actual.clone();
    gone.accounts.iter_mut().filter(|account| account.email.as_str() == "bo@dental.example").for_each(|bo| bo.state.inactive = true);
    let saved = diff(&leaves, &actual);
    let is_open = |at: usize| saved.changes[at].change.account().is_none();
    assert_eq!(no_longer_planned(&saved, &is_open, &diff(&leaves, &gone), (&gone, &gone)).map(|(_, what)| what), None);
}

#[test]
fn a_plan_asks_for_all_that_it_does() {
    law("a plan changes something", 500, Just(()), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let found = no_longer_planned(&plan, &|_| true, &plan, (&actual, &actual));
        prop_assert!(found.is_none(), "{found:?} of {:?}", plan.changes);
        Ok(!plan.changes.is_empty())
    });
}

/// Returns whether somebody can use an account, or accept its invitation.
fn lets_in(account: &Account) -> bool {
    !account.state.inactive && account.state.block.is_none()
}

#[test]
fn no_saved_plan_gives_what_neither_the_workspace_nor_todays_roster_gives() {
    let edits = prop::collection::vec(0..4_u8, 8);
    law("a saved plan is taken back in part", 100, edits, |desired, actual, edits| {
        let mut today = desired.clone();
        today.manage = Manage::Exact;
        for (email, edit) in desired.users.keys().zip(edits) {
            let Some(user) = today.users.get_mut(email) else { continue };
            match edit {
                0 => user.status = Status::Inactive,
                1 => user.fields = Fields::default(),
                2 => _ = today.users.remove(email),
                _ => {}
            }
        }
        let (saved, fresh) = (diff(&desired, &actual), diff(&today, &actual));
        if no_longer_planned(&saved, &|_| true, &fresh, (&actual, &actual)).is_some() {
            return Ok(true);
        }
        let wanted = project(&fresh, &actual);
        for after in project(&saved, &actual).iter().filter(|account| lets_in(account)) {
            let before = actual.accounts.iter().find(|account| account.id == after.id).filter(|account| lets_in(account));
            let asked = wanted.iter().find(|account| account.email == after.email).filter(|account| lets_in(account));
            prop_assert!(before.is_some() || asked.is_some(), "{} gets access", after.email);
            let has = |privilege: &&String| before.into_iter().chain(asked).any(|account| account.privileges.contains(privilege.as_str()));
            let more: Vec<&String> = after.privileges.iter().filter(|privilege| !has(privilege)).collect();
            prop_assert!(more.is_empty(), "{} gets {more:?}", after.email);
        }
        Ok(false)
    });
}
