//! How often the laws have something to say: a law whose precondition is never true proves nothing.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rosterctl::model::{Action, Actual, Desired, Manage, Stage};
use rosterctl::reconcile::{approve, diff};

use crate::worlds::world;

/// Worlds that are looked at.
const WORLDS: usize = 500;

/// The preconditions of the laws, and in how many of the worlds each must be true at least.
const FLOORS: [(&str, usize); 9] = [
    ("the plan has changes", 450),
    ("the plan is approved", 100),
    ("the plan is stopped", 50),
    ("somebody comes back", 50),
    ("somebody is invited, or invited again", 200),
    ("somebody loses access", 100),
    ("a blocked person is in the roster", 100),
    ("the roster is exact, and somebody is not listed", 50),
    ("administration is handed over", 2),
];

/// The preconditions that are true in a world.
fn true_in(desired: &Desired, actual: &Actual) -> Vec<&'static str> {
    let plan = diff(desired, actual);
    let any = |actions: &[Action]| plan.changes.iter().any(|step| actions.contains(&step.change.action()));
    let is_approved = approve(plan.clone(), actual, desired).is_ok();
    let is_unlisted = actual.accounts.iter().any(|account| !desired.users.contains_key(&account.email));
    let is_blocked = actual.accounts.iter().any(|a| a.state.block.is_some() && desired.users.contains_key(&a.email));
    let cases = [
        ("the plan has changes", !plan.changes.is_empty()),
        ("the plan is approved", is_approved),
        ("the plan is stopped", !is_approved),
        ("somebody comes back", any(&[Action::Activate, Action::Unblock])),
        ("somebody is invited, or invited again", any(&[Action::Invite, Action::ResendInvitation])),
        ("somebody loses access", any(&[Action::Inactivate, Action::Block, Action::WithdrawInvitation])),
        ("a blocked person is in the roster", is_blocked),
        ("the roster is exact, and somebody is not listed", desired.manage == Manage::Exact && is_unlisted),
        ("administration is handed over", plan.changes.iter().any(|step| step.stage == Stage::HandOver)),
    ];
    cases.into_iter().filter(|(_, is_true)| *is_true).map(|(name, _)| name).collect()
}

#[test]
fn the_preconditions_of_the_laws_are_true_often_enough() {
    let mut runner = TestRunner::deterministic();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..WORLDS {
        let (desired, actual) = world().new_tree(&mut runner).expect("a world").current();
        for name in true_in(&desired, &actual) {
            *counted.entry(name).or_default() += 1;
        }
    }
    let found = FLOORS.map(|(name, floor)| (name, counted.get(name).copied().unwrap_or_default(), floor));
    for (name, count, floor) in found {
        println!("{count:4} of {WORLDS} worlds: {name} (at least {floor})");
    }
    assert!(found.iter().all(|(_, count, floor)| count >= floor), "{found:?}");
}
