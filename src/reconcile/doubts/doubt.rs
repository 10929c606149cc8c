//! The second opinion on a list of users, before a plan that rests on it is shown (rule 7 of the core).

use std::collections::BTreeSet;

use crate::model::{Actual, Change, Completeness, Desired, DesiredUser, Email, Field, LookUp, PartialCause, Plan, RemoteId};

/// The accounts that should be read one by one: those of which the plan sets a field that the list shows of nobody, since a list may hide
/// what each user shows (rule 10 of the core).
#[must_use]
pub fn hidden(plan: &Plan, actual: &Actual) -> Vec<RemoteId> {
    let is_shown = |field: Field| actual.accounts.iter().any(|account| account.fields.get(field).is_some_and(|value| !value.is_empty()));
    let set: BTreeSet<Field> = plan.changes.iter().flat_map(|step| step.change.fields()).map(|edit| edit.field).collect();
    let hidden: BTreeSet<Field> = set.into_iter().filter(|field| *field != Field::Email && !is_shown(*field)).collect();
    let sets_hidden = |change: &Change| change.fields().iter().any(|edit| hidden.contains(&edit.field));
    let ids = plan.changes.iter().filter(|step| sets_hidden(&step.change)).filter_map(|step| step.change.target());
    ids.map(|target| target.id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The addresses that should be looked up: those that the plan gives to an account, old or new, former ones of people to be invited, and
/// those whom the roster gives no access and who have no account. If one of them has an account, the list was not complete, or it leaves
/// inactive users out.
///
/// A complete list that also shows inactive users is doubted only where the plan removes or invites people, our own server's only where it
/// removes people.
#[must_use]
pub fn doubtful(desired: &Desired, plan: &Plan, actual: &Actual) -> Vec<Email> {
    let is_proven = match &actual.completeness {
        Completeness::Unproven { .. } => false,
        Completeness::Complete | Completeness::Partial { .. } => true,
    };
    let is_trusted = is_proven && shows_inactive(actual) && !plan.changes.iter().any(|step| step.change.action().ends_access());
    if is_trusted && actual.capabilities.practice_extension {
        return Vec::new();
    }
    let given = plan.changes.iter().filter_map(|step| address_given(&step.change));
    let invited = plan.changes.iter().filter_map(|step| desired.users.get(&step.change.new_account()?.email));
    let given = given.chain(invited.flat_map(|user| user.formerly.iter().cloned()));
    let listed: BTreeSet<&Email> = actual.accounts.iter().map(|account| &account.email).collect();
    let has_account = |user: &DesiredUser| listed.contains(&user.email) || user.formerly.iter().any(|former| listed.contains(former));
    let leaving = desired.users.values().filter(|user| gives_no_access(user) && !has_account(user)).map(|user| &user.email);
    let leaving = leaving.filter(|email| plan.only.is_empty() || plan.only.contains(*email));
    given.chain(leaving.filter(|_| !is_trusted).cloned()).collect()
}

/// The address that a change gives to an account.
fn address_given(change: &Change) -> Option<Email> {
    if let Some(account) = change.new_account() {
        return Some(account.email.clone());
    }
    let edit = change.fields().iter().find(|edit| edit.field == Field::Email)?;
    Email::parse(edit.after.as_text()?).ok()
}

fn gives_no_access(user: &DesiredUser) -> bool {
    !user.status.is_active() || user.is_blocked()
}

/// Returns whether the list shows inactive users: that of our own server always does.
fn shows_inactive(actual: &Actual) -> bool {
    actual.capabilities.practice_extension || actual.accounts.iter().any(|account| account.state.inactive)
}

/// Adds accounts that were found and not listed. Inactive ones say nothing about a list that has nobody inactive; any other one proves that
/// the list was not complete. A question without an answer leaves it unproven. Returns whether there is anything new.
pub fn add_found(actual: &mut Actual, looked_up: LookUp) -> bool {
    let shows_inactive = shows_inactive(actual);
    let before = actual.accounts.len();
    let mut is_doubted = false;
    if let (Some(why), true) = (looked_up.unanswered, actual.completeness.is_complete()) {
        actual.completeness = Completeness::Unproven { why };
        is_doubted = true;
    }
    for (address, ids) in looked_up.other_addresses {
        let known = actual.other_addresses.entry(address).or_default();
        is_doubted |= !ids.is_subset(known);
        known.extend(ids);
    }
    for account in looked_up.found {
        if actual.accounts.iter().any(|listed| listed.id == account.id) {
            continue;
        }
        let is_hidden = account.state.inactive && !shows_inactive;
        if !is_hidden && !is_partial(&actual.completeness) {
            actual.completeness = Completeness::Partial { why: PartialCause::Lacks { email: account.email.clone() } };
        }
        actual.accounts.push(account);
    }
    actual.accounts.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    is_doubted || actual.accounts.len() > before
}

const fn is_partial(completeness: &Completeness) -> bool {
    match completeness {
        Completeness::Partial { .. } => true,
        Completeness::Complete | Completeness::Unproven { .. } => false,
    }
}
