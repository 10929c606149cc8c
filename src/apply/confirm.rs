//! A block must be confirmed with the acting admin's own phone number (AR-19).

use std::collections::BTreeSet;

use crate::model::{Actual, Email, Plan, RemoteId, Secret, Unconfirmed};
use crate::platform::phone_form;
use crate::workspace::{WrongNumber, confirms};

/// Returns the accounts that a run of a plan blocks: their ids and addresses. `settled` are the positions of changes that are not made.
pub fn blocks<'p>(plan: &'p Plan, settled: &BTreeSet<usize>) -> impl Iterator<Item = (&'p RemoteId, &'p Email)> {
    let left = plan.changes.iter().enumerate().filter(|(position, _)| !settled.contains(position));
    let to_accounts = left.filter_map(|(_, step)| step.change.to_account());
    let confirmed = to_accounts.filter(|(.., change)| change.action().is_confirmed_by_phone());
    confirmed.map(|(email, target, _)| (&target.id, email))
}

/// Checks all confirmations of a workspace, before its first write. Numbers are compared as E.164.
///
/// # Errors
/// If a block is left to make and the number is not one of the acting admin's own.
pub fn check(plan: &Plan, settled: &BTreeSet<usize>, actual: &Actual, given: Option<&Secret>) -> Result<(), Unconfirmed> {
    for (id, target) in blocks(plan, settled) {
        let given = given.ok_or_else(|| Unconfirmed::Missing(target.clone()))?;
        let number = phone_form(given.expose()).ok_or(Unconfirmed::Form)?;
        let admin = actual.token_owner.as_ref().ok_or_else(|| Unconfirmed::NobodyActs(target.clone()))?;
        let blocked = actual.accounts.iter().find(|a| a.id == *id);
        let acting = actual.accounts.iter().find(|a| a.email == *admin);
        confirms(acting.map(|a| &a.fields), blocked.map(|a| &a.fields), &number).map_err(|wrong| match wrong {
            WrongNumber::OfTarget => Unconfirmed::Target(target.clone()),
            WrongNumber::OfAnother => Unconfirmed::NotTheirs { admin: admin.clone() },
        })?;
    }
    Ok(())
}
