//! The second opinion on a list of users, before a plan that rests on it is shown (rule 7 of the core).

use std::collections::BTreeSet;

use crate::model::{Account, AccountChange, Actual, Change, Completeness, Email, PartialCause, Plan, RemoteId};

/// The most addresses that are looked up.
const MOST: usize = 50;

/// The addresses to be invited that should be looked up, since the plan also removes people, or nothing proves that the list has everybody:
/// if one of them has an account, the list was not complete, and it is not known who else is missing from it.
#[must_use]
pub fn doubtful(plan: &Plan, actual: &Actual) -> Vec<Email> {
    let is_proven = match &actual.completeness {
        Completeness::Unproven { .. } => false,
        Completeness::Complete | Completeness::Partial { .. } => true,
    };
    if is_proven && !plan.changes.iter().any(|step| removes(&step.change)) {
        return Vec::new();
    }
    let invited =
        plan.changes.iter().filter_map(|step| if let Change::CreateAccount(new) = &step.change { Some(&new.email) } else { None });
    invited.take(MOST).cloned().collect()
}

/// What the list is worth if it lacks one of the accounts that were found; `None` if it has them all.
#[must_use]
pub fn contradicted(actual: &Actual, found: &[Account]) -> Option<Completeness> {
    if found.is_empty() {
        return None;
    }
    let listed: BTreeSet<&RemoteId> = actual.accounts.iter().map(|account| &account.id).collect();
    let missing = found.iter().find(|account| !listed.contains(&account.id))?;
    Some(Completeness::Partial { why: PartialCause::Lacks { email: missing.email.clone() } })
}

fn removes(change: &Change) -> bool {
    match change {
        Change::Account { change, .. } => match change {
            AccountChange::Inactivate | AccountChange::WithdrawInvitation | AccountChange::Block(_) => true,
            AccountChange::Invite
            | AccountChange::ResendInvitation
            | AccountChange::Update { .. }
            | AccountChange::Activate
            | AccountChange::Unblock
            | AccountChange::GeneratePasscode => false,
        },
        Change::CreateAccount(_)
        | Change::Complete { .. }
        | Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => false,
    }
}
