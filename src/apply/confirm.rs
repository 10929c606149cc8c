//! A block must be confirmed with the acting admin's own phone number (AR-19).

use std::collections::BTreeSet;

use crate::model::{Actual, Email, Plan, RemoteId, Secret};
use crate::platform::phone_form;
use crate::workspace::{WrongNumber, confirms};

/// Why a block is not confirmed; then nothing is written to the workspace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unconfirmed {
    /// No number was given.
    #[error("blocking {0} must be confirmed with the acting admin's own phone number: give it with --confirm-phone")]
    Missing(Email),
    /// The given value is not a phone number.
    #[error("the value given to confirm the block is not a phone number: write it with the country code, such as +1 602 555 0100")]
    Form,
    /// The server does not report the acting admin.
    #[error(
        "the server does not say whose token this is, so nobody can confirm the block of {0}: use a token that belongs to a named admin"
    )]
    NobodyActs(Email),
    /// The number is the target's.
    #[error("this phone number belongs to {0}, who will be blocked: confirm with a number of the acting admin")]
    Target(Email),
    /// The number is someone else's, or unknown.
    #[error("this is not one of {admin}'s registered phone numbers: confirm with one of those")]
    NotTheirs {
        /// The acting admin's account.
        admin: Email,
    },
}

impl Unconfirmed {
    /// Whether another number can be right.
    #[must_use]
    pub const fn can_be_corrected(&self) -> bool {
        match self {
            Self::Missing(_) | Self::Form | Self::Target(_) | Self::NotTheirs { .. } => true,
            Self::NobodyActs(_) => false,
        }
    }
}

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
