//! What was approved is what is applied: a saved plan against the workspace as it is now (rule 2 of the core).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::directory::failpoint::{self, Point};
use crate::model::{Account, Actual, Change, Digest, Email, Field, Plan, RemoteId, Subject, ValueRef, WorkspacePlan};

/// How old a saved plan may be, unless said otherwise.
pub const OLDEST: Duration = Duration::from_hours(24);

/// Why a saved plan is not applied at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// It was made for another server or workspace.
    #[error("the plan was made for {planned}, this is {found}: plan again")]
    Elsewhere {
        /// What it was made for.
        planned: String,
        /// What was found.
        found: String,
    },
    /// It was changed after it was made.
    #[error("the plan file is not what was approved: its content gives the digest {computed}, it says {stated}")]
    Tampered {
        /// What the content gives.
        computed: String,
        /// What the file says.
        stated: String,
    },
    /// It is too old.
    #[error("the plan is {age} old, {limit} is the limit: plan again")]
    TooOld {
        /// Its age.
        age: String,
        /// The limit.
        limit: String,
    },
    /// It was made in the server's future, so its age can not be told.
    #[error("the plan is from {0} after the server's present time: plan again")]
    FromTheFuture(String),
}

/// The server's own clock may be set back a little between plan and apply (milliseconds).
const CLOCK_STEP: i64 = 5 * 60 * 1000;

/// Compares a saved plan with a fresh reading: drifted changes by position, each with what changed since.
///
/// `computed` is the digest of the plan's content.
///
/// # Errors
/// When nothing of the plan may be applied.
pub fn check(saved: &WorkspacePlan, computed: &Digest, fresh: &Actual, oldest: Duration) -> Result<BTreeMap<usize, String>, Stale> {
    failpoint::hit(Point::PlanCheck);
    let plan = &saved.plan;
    if *computed != saved.digest {
        return Err(Stale::Tampered { computed: computed.to_string(), stated: saved.digest.to_string() });
    }
    if plan.server != fresh.server {
        return Err(Stale::Elsewhere { planned: plan.server.clone(), found: fresh.server.clone() });
    }
    let age = fresh.as_of.saturating_sub(plan.as_of);
    if age < -CLOCK_STEP {
        return Err(Stale::FromTheFuture(words(age.unsigned_abs())));
    }
    let limit = u64::try_from(oldest.as_millis()).unwrap_or(u64::MAX);
    if age.unsigned_abs() > limit && age > 0 {
        return Err(Stale::TooOld { age: words(age.unsigned_abs()), limit: words(limit) });
    }
    Ok(drift(plan, fresh))
}

/// The changes whose resource is not the one they were computed from, by position, each with what changed since.
#[must_use]
pub fn drift(plan: &Plan, fresh: &Actual) -> BTreeMap<usize, String> {
    let by_id: BTreeMap<&RemoteId, &Account> = fresh.accounts.iter().map(|a| (&a.id, a)).collect();
    let by_email: BTreeMap<&Email, &Account> = fresh.accounts.iter().map(|a| (&a.email, a)).collect();
    plan.changes.iter().enumerate().filter_map(|(position, change)| Some((position, drifted(change, fresh, &by_id, &by_email)?))).collect()
}

fn drifted(
    change: &Change,
    fresh: &Actual,
    by_id: &BTreeMap<&RemoteId, &Account>,
    by_email: &BTreeMap<&Email, &Account>,
) -> Option<String> {
    let found = match &change.subject {
        Subject::Workspace => return None,
        Subject::Clinic(key) => fresh.clinics.get(key).map(|c| (&c.id, &c.fingerprint)),
        Subject::Role(key) => fresh.roles.get(key).map(|r| (&r.id, &r.fingerprint)),
        Subject::Employee(key) => fresh.employees.iter().find(|e| e.key == *key).map(|e| (&e.id, &e.fingerprint)),
        Subject::User(email) => match &change.id {
            Some(id) => by_id.get(id).map(|a| (&a.id, &a.fingerprint)),
            None => by_email.get(email).map(|a| (&a.id, &a.fingerprint)),
        },
    };
    match (&change.id, found) {
        (None, Some(_)) => Some("it appeared in the workspace meanwhile".to_owned()),
        (Some(_), None) => Some("it is gone from the workspace".to_owned()),
        (Some(id), Some((found, _))) if id != found => Some("another one stands in its place".to_owned()),
        (Some(_), Some((_, now))) if change.fingerprint.as_ref().is_some_and(|then| then != now) => {
            let account = change.id.as_ref().and_then(|id| by_id.get(id));
            Some(account.map_or_else(|| "somebody changed it".to_owned(), |account| what_differs(change, account)))
        }
        (None, None) | (Some(_), Some(_)) => None,
    }
}

/// Names the fields of the change that no longer are what the plan says was before.
fn what_differs(change: &Change, account: &Account) -> String {
    let differing: Vec<&str> = change
        .fields
        .iter()
        .filter(|f| {
            let now = account.fields.get(f.field).unwrap_or(ValueRef::Unset);
            f.field != Field::Email && now != f.before && !(now.is_empty() && f.before.is_empty())
        })
        .map(|f| f.field.key())
        .collect();
    match &change.subject {
        Subject::User(email) if *email != account.email => format!("the address is {} now", account.email),
        _ if differing.is_empty() => "somebody changed the account".to_owned(),
        _ => format!("somebody changed {}", differing.join(", ")),
    }
}

/// A span of milliseconds in words, to the minute.
fn words(milliseconds: u64) -> String {
    let minutes = milliseconds / 60_000;
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}
