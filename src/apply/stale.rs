//! Compares a saved plan with the present workspace, so that only what was approved is applied (rule 2 of the core).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::lane::LaneKey;
use crate::directory::failpoint::{self, Point};
use crate::directory::is_done;
use crate::model::{
    Account, AccountKey, Actual, Change, CodeWordCheck, Digest, Drift, Email, Field, MINUTE, Plan, PlatformId, RecordValues, RemoteId,
    Stale, Step, SubjectRef, Target, WorkspacePlan,
};
use crate::platform::{self, Platform};

/// The age that a saved plan may have by default.
pub const OLDEST: Duration = Duration::from_hours(24);

/// The server's clock may be set back a little between plan and apply (milliseconds).
const CLOCK_STEP: i64 = 5 * MINUTE;

/// The state of a saved plan's changes in the present workspace, by position in the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanDrift {
    /// Changes that must not be made, each with what changed since.
    pub drifted: BTreeMap<usize, Drift>,
    /// Changes that are already made, and must not be repeated.
    pub done: BTreeSet<usize>,
    /// Changes whose result is there, no matter who made them; some of them are tried again, so that the server can say who did.
    pub in_force: BTreeSet<usize>,
}

impl PlanDrift {
    /// Returns whether a change is still to be made and would change something.
    #[must_use]
    pub fn is_open(&self, position: usize) -> bool {
        !self.done.contains(&position) && !self.drifted.contains_key(&position) && !self.in_force.contains(&position)
    }
}

/// Compares a saved plan with the workspace that was just read.
///
/// `computed` is the digest of the plan's content, `platform` that of the roster.
///
/// # Errors
/// Fails if nothing of the plan may be applied.
pub fn check(
    saved: &WorkspacePlan,
    computed: &Digest,
    platform: &PlatformId,
    fresh: &Actual,
    oldest: Duration,
) -> Result<PlanDrift, Stale> {
    failpoint::hit(Point::PlanCheck);
    let plan = &saved.plan;
    if *computed != saved.digest {
        return Err(Stale::Tampered { computed: computed.clone(), stated: saved.digest.clone() });
    }
    if plan.platform != *platform {
        return Err(Stale::OtherPlatform { planned: plan.platform.clone(), found: platform.clone() });
    }
    if !plan.server.is_met_by(&fresh.server) {
        return Err(Stale::Elsewhere { planned: plan.server.clone(), found: fresh.server.clone() });
    }
    let age = fresh.as_of.saturating_sub(plan.as_of);
    if age < -CLOCK_STEP {
        return Err(Stale::FromTheFuture { ahead: age.unsigned_abs() });
    }
    let limit = u64::try_from(oldest.as_millis()).unwrap_or(u64::MAX);
    if age.unsigned_abs() > limit && age > 0 {
        return Err(Stale::TooOld { age: age.unsigned_abs(), limit });
    }
    Ok(compare(plan, fresh))
}

/// Finds the changes of resources that are not in the state they were computed from, and those that are already made.
#[must_use]
pub fn compare(plan: &Plan, fresh: &Actual) -> PlanDrift {
    let accounts = AccountLookup::index(fresh);
    let mut found = PlanDrift::default();
    for (position, step) in plan.changes.iter().enumerate() {
        // The word has no version. A second run may have another one, which the server would take for another request.
        if step.change.action().sets_code_word() && fresh.code_word_matches.is_some_and(CodeWordCheck::is_set) {
            found.done.insert(position);
        }
        if let Some(why) = drifted(&step.change, fresh, &accounts) {
            found.drifted.insert(position, why);
        }
    }
    let platform = platform::by_id(&plan.platform);
    let is_there = |change: &Change| is_there(change, fresh, &accounts, platform);
    let mut in_force: BTreeSet<usize> =
        plan.changes.iter().enumerate().filter(|(_, step)| is_there(&step.change)).map(|(at, _)| at).collect();
    for (lane, changes) in by_subject(plan) {
        // A role that has gained has lost before.
        let last = changes.iter().rposition(|(at, _)| in_force.contains(at)).filter(|_| lane.is_record());
        in_force.extend(changes.iter().take(last.unwrap_or_default()).map(|(at, _)| *at));
    }
    let is_there = |at: usize| in_force.contains(&at);
    // A list of users keeps no keys of writes: a person would do again what it shows as done.
    if fresh.capabilities.practice_extension && fresh.list.is_none() {
        resume(plan, &mut found, is_there);
    } else {
        settle(plan, &mut found, is_there);
    }
    found.in_force = in_force;
    found
}

/// The accounts of a workspace, to be looked up.
struct AccountLookup<'a> {
    by_id: BTreeMap<&'a RemoteId, &'a Account>,
    by_email: BTreeMap<&'a Email, &'a Account>,
}

impl<'a> AccountLookup<'a> {
    fn index(fresh: &'a Actual) -> Self {
        Self {
            by_id: fresh.accounts.iter().map(|a| (&a.id, a)).collect(),
            by_email: fresh.accounts.iter().map(|a| (&a.email, a)).collect(),
        }
    }

    /// Finds the account of a change; for one that the plan creates, the one with its address.
    fn find(&self, change: &Change) -> Option<&'a Account> {
        match change.account()? {
            AccountKey::Known(id) => self.by_id.get(id).copied(),
            AccountKey::New(email) => self.by_email.get(email).copied(),
        }
    }
}

/// The changes of a plan by what they are about, with their positions.
fn by_subject(plan: &Plan) -> BTreeMap<LaneKey<'_>, Vec<(usize, &Change)>> {
    let mut of_subject: BTreeMap<LaneKey<'_>, Vec<(usize, &Change)>> = BTreeMap::new();
    for (position, Step { change, .. }) in plan.changes.iter().enumerate() {
        of_subject.entry(LaneKey::from_change(change)).or_default().push((position, change));
    }
    of_subject
}

/// Takes the changes of an account or resource as done if all of them are in force. Neither a plain SCIM server nor a list of users tells
/// whose they are.
fn settle(plan: &Plan, found: &mut PlanDrift, is_there: impl Fn(usize) -> bool) {
    for changes in by_subject(plan).values() {
        let drifted = changes.iter().any(|(at, _)| found.drifted.contains_key(at));
        if drifted && changes.iter().all(|(at, _)| is_there(*at)) {
            for (at, _) in changes {
                found.drifted.remove(at);
                found.done.insert(*at);
            }
        }
    }
}

/// Returns whether a change is sent with something that no plan has: then an earlier run may have sent it with something else, and the server would
/// take the same key for a mistake.
fn has_secret(change: &Change) -> bool {
    change.new_account().is_some_and(|new| new.with_password) || change.action().is_confirmed_by_phone()
}

/// Resumes what an earlier run of the same plan may have begun before it was interrupted, if the first change of an account or
/// resource is already in force.
///
/// A server that keeps the keys of writes knows whether it was this plan: it repeats its answer to a known write, and refuses one whose
/// version somebody else has replaced. So these changes are tried again in order, and nothing is done twice. An existing passcode is
/// kept: a second one would replace the first. A block that was confirmed with a phone number, or an account that was made with a first
/// password, is done if nothing of the account is left to do: this run may be given another number.
fn resume(plan: &Plan, found: &mut PlanDrift, is_there: impl Fn(usize) -> bool) {
    for changes in by_subject(plan).values() {
        let drifted = changes.iter().any(|(at, _)| found.drifted.contains_key(at));
        if drifted && changes.iter().any(|(_, change)| has_secret(change)) && changes.iter().all(|(at, _)| is_there(*at)) {
            for (at, _) in changes {
                found.drifted.remove(at);
                found.done.insert(*at);
            }
        } else if drifted && changes.first().is_some_and(|(at, _)| is_there(*at)) {
            for (at, change) in changes {
                found.drifted.remove(at);
                if change.action().makes_passcode() && is_there(*at) {
                    found.done.insert(*at);
                }
            }
        }
    }
}

/// Returns whether what a change creates or changes is already as the change would leave it.
fn is_there(change: &Change, fresh: &Actual, accounts: &AccountLookup<'_>, platform: &Platform) -> bool {
    let is_as_set = |held: RecordValues<'_>| change.record_values().differing(&held).is_empty();
    match change.subject() {
        SubjectRef::Workspace => false,
        SubjectRef::Clinic(key) => fresh.clinics.get(key).is_some_and(|clinic| is_as_set(clinic.into())),
        SubjectRef::Role(key) => fresh.roles.get(key).is_some_and(|role| is_as_set(role.into())),
        SubjectRef::Employee(key) => fresh.employees.iter().find(|e| e.key == *key).is_some_and(|employee| is_as_set(employee.into())),
        SubjectRef::User(_) => accounts.find(change).is_some_and(|account| is_done(change, account, platform)),
    }
}

fn drifted(change: &Change, fresh: &Actual, accounts: &AccountLookup<'_>) -> Option<Drift> {
    let account = accounts.find(change);
    let found = match change.subject() {
        SubjectRef::Workspace => return None,
        SubjectRef::Clinic(key) => fresh.clinics.get(key).map(|c| (&c.id, &c.fingerprint)),
        SubjectRef::Role(key) => fresh.roles.get(key).map(|r| (&r.id, &r.fingerprint)),
        SubjectRef::Employee(key) => fresh.employees.iter().find(|e| e.key == *key).map(|e| (&e.id, &e.fingerprint)),
        SubjectRef::User(_) => account.map(|a| (&a.id, &a.fingerprint)),
    };
    match (change.target(), found) {
        (None, Some(_)) => Some(Drift::Appeared),
        (Some(_), None) => Some(Drift::Gone),
        (Some(Target { id, .. }), Some((found, _))) if id != found => Some(Drift::Replaced),
        (Some(Target { fingerprint, .. }), Some((_, now))) if fingerprint != now => {
            Some(account.map_or(Drift::Rewritten, |account| differing_fields(change, account)))
        }
        (None, None) | (Some(_), Some(_)) => {
            let (planned, ..) = change.to_account()?;
            account.filter(|account| account.email != *planned).map(|account| differing_fields(change, account))
        }
    }
}

/// Names the fields of the change whose present value is not the plan's former value.
fn differing_fields(change: &Change, account: &Account) -> Drift {
    let differing: Box<[Field]> = change
        .fields()
        .iter()
        .filter(|f| {
            let now = account.shown(f.field);
            // Another address is a drift of its own.
            f.field != Field::Email && now != f.before && !(now.is_empty() && f.before.is_empty())
        })
        .map(|f| f.field)
        .collect();
    if change.subject().user().is_some_and(|email| *email != account.email) {
        Drift::OtherAddress { now: account.email.clone() }
    } else if differing.is_empty() {
        Drift::Account
    } else {
        Drift::Fields(differing)
    }
}
