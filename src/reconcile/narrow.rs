//! A plan for some of its users only.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Actual, Change, Desired, Email, Plan, Subject};

use super::bill;

/// Keeps what is about the given users, and the changes those come after; everything else is left for another run.
///
/// Guards judge the narrowed plan like any other: what is safe as a whole need not be in part.
#[must_use]
pub fn narrow(plan: Plan, users: &BTreeSet<Email>, desired: &Desired, actual: &Actual) -> Plan {
    let chosen = |subject: &Subject| matches!(subject, Subject::User(email) if users.contains(email));
    let kept = kept(&plan.changes, chosen);
    let place: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let changed: BTreeSet<&Email> =
        plan.changes.iter().filter_map(|c| if let Subject::User(email) = &c.subject { Some(email) } else { None }).collect();
    let unchanged = users.iter().filter(|email| desired.users.contains_key(*email) && !changed.contains(email)).count();
    let changes = (plan.changes.into_iter().enumerate())
        .filter(|(old, _)| kept.contains(old))
        .map(|(_, change)| Change { after: change.after.iter().filter_map(|old| place.get(old).copied()).collect(), ..change })
        .collect();
    let mut narrowed = Plan {
        changes,
        refusals: plan.refusals.into_iter().filter(|r| chosen(&r.subject)).collect(),
        notices: plan.notices.into_iter().filter(|n| chosen(&n.subject)).collect(),
        tasks: plan.tasks.into_iter().filter(|t| users.contains(&t.user)).collect(),
        unchanged,
        ..plan
    };
    narrowed.bill = bill::bill(&narrowed, desired, actual);
    narrowed
}

/// Positions of the chosen changes and, through every step, of those that must be done before them.
fn kept(changes: &[Change], chosen: impl Fn(&Subject) -> bool) -> BTreeSet<usize> {
    let mut kept = BTreeSet::new();
    let mut open: Vec<usize> = changes.iter().enumerate().filter(|(_, c)| chosen(&c.subject)).map(|(position, _)| position).collect();
    while let Some(position) = open.pop() {
        if kept.insert(position) {
            open.extend(changes.get(position).into_iter().flat_map(|c| c.after.iter().copied()));
        }
    }
    kept
}
