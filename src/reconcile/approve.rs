//! The gate between a plan and its application.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{Actual, Desired, Digest, Guard, Plan, Stop, StopCause, Stopped, UnfitWaiver, Waiver};

use super::day::day;
use super::digest::digest;
use super::guards::check;
use super::list;
use super::narrow::without;

/// A plan that the guards allow. Only [`approve`] makes one, and `apply` accepts nothing else.
#[derive(Clone, Debug)]
pub struct Approved {
    plan: Plan,
    digest: Digest,
    waived: BTreeMap<Guard, String>,
}

impl Approved {
    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns its digest.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Returns the guards that a waiver lifted, with its reason.
    #[must_use]
    pub fn waived(&self) -> &BTreeMap<Guard, String> {
        &self.waived
    }
}

/// Asks every guard; waivers of the roster lift the guards they name, for this plan alone.
///
/// # Errors
/// The plan with the guards that stopped it. Guards stop only their own workspace.
#[expect(clippy::result_large_err, reason = "the plan goes back to be shown; there is one a workspace")]
pub fn approve(plan: Plan, actual: &Actual, desired: &Desired) -> Result<Approved, Stopped> {
    let found = causes(&plan, actual, desired);
    lift(plan, found, actual, desired)
}

/// Asks every guard about a saved plan, and about what is left of it without the changes that are made and those that must not be made: a
/// part of a safe plan can be unsafe. A waiver for the plan is one for what is left of it.
///
/// # Errors
/// The whole plan with the guards that stopped it or what is left of it.
#[expect(clippy::result_large_err, reason = "the plan goes back to be shown; there is one a workspace")]
pub fn approve_saved(
    plan: Plan,
    done: &BTreeSet<usize>,
    drifted: &BTreeSet<usize>,
    actual: &Actual,
    desired: &Desired,
) -> Result<Approved, Stopped> {
    let mut found = causes(&plan, actual, desired);
    if !drifted.is_empty() {
        let left = without(plan.clone(), done, drifted, desired, actual);
        found = list::stricter(found, causes(&left, actual, desired));
    }
    lift(plan, found, actual, desired)
}

/// Finds what the guards say against a plan.
fn causes(plan: &Plan, actual: &Actual, desired: &Desired) -> Vec<StopCause> {
    let mut found = check(plan, actual, desired);
    if let Some(attested) = list::attested(desired, actual) {
        // Somebody whose role a list does not show is an administrator where people attest it.
        found.retain(|cause| !cause.is_of_roles_not_shown());
        found = list::stricter(found, check(plan, &attested, desired));
    }
    found
}

/// Lifts the guards that a waiver names for this plan.
#[expect(clippy::result_large_err, reason = "the plan goes back to be shown; there is one a workspace")]
fn lift(plan: Plan, found: Vec<StopCause>, actual: &Actual, desired: &Desired) -> Result<Approved, Stopped> {
    let digest = digest(&plan);
    let mut waived = BTreeMap::new();
    let mut stops: Vec<Stop> = Vec::new();
    for cause in found {
        let mut stop = Stop { cause, waiver: None };
        let case = Waiving { guard: stop.guard(), plan: &plan, digest: &digest, desired, today: day(actual.as_of, &desired.time_zone) };
        if let Some(lifts) = case.lifting() {
            waived.insert(case.guard, lifts.reason.clone());
        } else {
            stop.waiver = case.unfit();
            stops.push(stop);
        }
    }
    if stops.is_empty() { Ok(Approved { plan, digest, waived }) } else { Err(Stopped { plan, digest, stops }) }
}

/// Lists the waivers of the roster for one guard that stops the plan.
struct Waiving<'a> {
    guard: Guard,
    plan: &'a Plan,
    digest: &'a Digest,
    desired: &'a Desired,
    /// The day of the last read, which for a saved plan is later than the plan.
    today: Option<Date>,
}

impl<'a> Waiving<'a> {
    /// Returns the waivers that name the guard and the workspace.
    fn named(&self) -> impl Iterator<Item = &'a Waiver> {
        let (guard, workspace) = (self.guard, &self.plan.workspace);
        self.desired.waivers.iter().filter(move |w| guard.is_waivable() && w.guard == guard && w.workspace == *workspace)
    }

    fn fits(&self, waiver: &Waiver) -> bool {
        self.digest.0.starts_with(&waiver.plan.to_ascii_lowercase())
    }

    /// Returns the waiver that lifts the guard for this plan: it names the plan and is still valid.
    fn lifting(&self) -> Option<&'a Waiver> {
        let today = self.today?;
        self.named().find(|w| Digest::is_named_by(&w.plan) && self.fits(w) && w.until >= today)
    }

    /// Returns why the waiver that is nearest to lifting the guard does not; `None` if there is none, or no reason.
    fn unfit(&self) -> Option<UnfitWaiver> {
        let waiver = self.named().max_by_key(|w| (self.fits(w), w.until))?;
        let ended = self.today.is_some_and(|today| waiver.until < today).then_some(waiver.until);
        let other_plan = (!self.fits(waiver)).then(|| waiver.plan.clone());
        (ended.is_some() || other_plan.is_some()).then(|| UnfitWaiver { reason: waiver.reason.clone(), other_plan, ended })
    }
}
