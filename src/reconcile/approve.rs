//! The gate between a plan and its execution.

use std::collections::BTreeMap;

use crate::model::{Actual, Desired, Digest, Plan, Stop, Stopped, Waiver};

use super::digest::digest;
use super::guards::{Guard, check, day};

/// A plan that the guards let through. Only [`approve`] makes one, and `apply` takes nothing else.
#[derive(Clone, Debug)]
pub struct Approved {
    plan: Plan,
    digest: Digest,
    waived: BTreeMap<String, String>,
}

impl Approved {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its digest.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Guards a waiver lifted, with its reason.
    #[must_use]
    pub fn waived(&self) -> &BTreeMap<String, String> {
        &self.waived
    }
}

/// Asks every guard; waivers of the roster lift those they name, for this plan alone.
///
/// # Errors
/// The plan comes back with the guards that stopped it. Guards stop their workspace only.
#[allow(clippy::result_large_err, reason = "the plan goes back to be shown; there is one a workspace")]
pub fn approve(plan: Plan, actual: &Actual, desired: &Desired) -> Result<Approved, Stopped> {
    let digest = digest(&plan);
    let mut waived = BTreeMap::new();
    let mut stops: Vec<Stop> = Vec::new();
    for (guard, stop) in check(&plan, actual, desired) {
        match lifting(guard, &plan, &digest, desired, actual.as_of) {
            Some(lifts) => {
                waived.insert(guard.code().to_owned(), lifts.reason.clone());
            }
            None => stops.push(told(stop, &plan, &digest, desired, actual.as_of)),
        }
    }
    if stops.is_empty() { Ok(Approved { plan, digest, waived }) } else { Err(Stopped { plan, digest, stops }) }
}

/// The stop of a guard that a waiver of the roster names without lifting it: says why it does not fit.
fn told(stop: Stop, plan: &Plan, digest: &Digest, desired: &Desired, now: i64) -> Stop {
    let fits = |w: &Waiver| digest.0.starts_with(&w.plan.to_ascii_lowercase());
    let named = desired.waivers.iter().filter(|w| stop.waivable && w.guard == stop.guard && w.workspace == plan.workspace);
    // Of several, the one that is nearest to lifting it.
    let Some(waiver) = named.max_by_key(|w| (fits(w), w.until)) else { return stop };
    let is_over = day(now, &desired.time_zone).is_some_and(|today| waiver.until < today);
    let other = format!("is for another plan, {}…", waiver.plan.get(..12).unwrap_or(&waiver.plan));
    let why = match (fits(waiver), is_over) {
        (true, true) => format!("ended on {}", waiver.until),
        (true, false) => return stop,
        (false, true) => format!("{other}, and ended on {}", waiver.until),
        (false, false) => other,
    };
    Stop { reason: format!("{}; the waiver for it (“{}”) {why}", stop.reason, waiver.reason), ..stop }
}

/// The waiver that lifts a guard for this plan: the right workspace, guard and digest, and not over at the time of the last reading,
/// which for a saved plan is later than the plan.
fn lifting<'a>(guard: Guard, plan: &Plan, digest: &Digest, desired: &'a Desired, now: i64) -> Option<&'a Waiver> {
    let today = day(now, &desired.time_zone)?;
    desired.waivers.iter().find(|w| {
        guard.is_waivable()
            && w.guard == guard.code()
            && w.workspace == plan.workspace
            && w.plan.len() >= 12
            && digest.0.starts_with(&w.plan.to_ascii_lowercase())
            && w.until >= today
    })
}
