//! The question whether an account gives access, and whether the roster says that it should not.

use std::collections::{BTreeMap, BTreeSet};

use super::Reviewed;
use crate::model::{Access, Account, Action, Actual, AttestedStep, DesiredUser, LoginName, Manage, Proof, Standing, WrongAccess};
use crate::reconcile::draft::PlanDraft;
use crate::reconcile::matching;

/// The users of a workspace in the roster, by everything that finds their accounts.
pub(super) struct RosterUsers<'a> {
    /// The holders of accounts, by the account's id, as a plan decides it.
    holders: BTreeMap<&'a str, &'a DesiredUser>,
    /// The ids of accounts that a plan gives to nobody.
    unlisted: BTreeSet<&'a str>,
    ids: BTreeMap<&'a str, &'a DesiredUser>,
    addresses: BTreeMap<&'a str, &'a DesiredUser>,
    former: BTreeMap<&'a str, &'a DesiredUser>,
}

impl<'a> RosterUsers<'a> {
    /// Lists the users of a workspace.
    pub(super) fn new(Reviewed { desired, actual, shown: _, by_hand: _ }: Reviewed<'a>) -> Self {
        let users = desired.users.values();
        let pairs = matching::pair(&mut PlanDraft::new(desired, actual));
        Self {
            holders: pairs.users.iter().filter_map(|(user, account)| Some((account.as_ref()?.id.0.as_str(), *user))).collect(),
            unlisted: pairs.unlisted.iter().map(|account| account.id.0.as_str()).collect(),
            ids: users.clone().filter_map(|user| Some((user.id.as_ref()?.0.as_str(), user))).collect(),
            addresses: users.clone().map(|user| (user.email.as_str(), user)).collect(),
            former: users.flat_map(|user| user.formerly.iter().map(move |old| (old.as_str(), user))).collect(),
        }
    }

    /// Returns the user to whom an account belongs; `None` if the roster does not list it.
    pub(super) fn user(&self, account: &Account) -> Option<&'a DesiredUser> {
        let id = account.id.0.as_str();
        if self.unlisted.contains(id) {
            return None;
        }
        if let Some(user) = self.holders.get(id) {
            return Some(user);
        }
        // A plan refuses to decide whose it is.
        let address = account.email.as_str();
        let found = self.ids.get(account.id.0.as_str()).or_else(|| self.addresses.get(address));
        found.or_else(|| self.former.get(address)).copied()
    }
}

/// Returns whether the workspace itself shows that an account gives no access, without what people attest.
pub(super) fn is_shown_to_have_none(account: &Account, reviewed: Reviewed<'_>) -> bool {
    let accounts = &reviewed.shown.accounts;
    let found = accounts.binary_search_by(|own| own.id.cmp(&account.id)).ok().and_then(|at| accounts.get(at));
    found.is_none_or(|own| !access(own, reviewed.shown).may_be_there())
}

/// Returns whether an account gives access.
pub(super) fn access(account: &Account, actual: &Actual) -> Access {
    let Some(list) = actual.list.as_deref() else {
        let standing = account.state.standing();
        let is_over = match (standing, &account.state.invitation) {
            (Standing::Inactive, _) => true,
            (Standing::Active, _) => false,
            // A withdrawn invitation leaves a pending user without one.
            (Standing::Pending, None) => actual.capabilities.practice_extension,
            (Standing::Pending, Some(sent)) => !sent.state.is_open() || sent.expires_at <= actual.as_of,
        };
        return match (account.state.block.is_some() || is_over, standing) {
            (true, _) => Access::No,
            (false, Standing::Pending) if account.state.invitation.is_none() => Access::Unknown,
            (false, Standing::Pending | Standing::Active | Standing::Inactive) => Access::Yes,
        };
    };
    let row = LoginName::parse(&account.id.0).ok().and_then(|name| list.snapshot.accounts.get(&name));
    if row.is_some_and(|row| row.is_expired) {
        return Access::No;
    }
    let (status, blocked) = row.map_or((None, None), |row| (row.status, row.blocked));
    match (status, blocked) {
        (Some(Standing::Inactive), _) | (_, Some(true)) => Access::No,
        // Nothing shows that it is blocked.
        (Some(Standing::Active), Some(false) | None) => Access::Yes,
        (Some(Standing::Pending) | None, _) => Access::Unknown,
    }
}

/// Returns why the roster says that an account should not give access.
pub(super) fn against_roster(account: &Account, reviewed: Reviewed<'_>, listed: &RosterUsers<'_>) -> Vec<WrongAccess> {
    let Some(user) = listed.user(account) else {
        return match reviewed.desired.manage {
            Manage::Exact => vec![WrongAccess::NotInRoster],
            Manage::Additive | Manage::Observe if is_said_to_be_gone(account, reviewed) => vec![WrongAccess::SaidToBeGone],
            Manage::Additive | Manage::Observe => Vec::new(),
        };
    };
    let inactive = (!user.status.is_active()).then_some(WrongAccess::WantedInactive);
    inactive.into_iter().chain(user.is_blocked().then_some(WrongAccess::WantedBlocked)).collect()
}

/// Returns whether somebody attests that the access has ended, and the list shows otherwise.
fn is_said_to_be_gone(account: &Account, reviewed: Reviewed<'_>) -> bool {
    let is_contradicted = |step: &AttestedStep| match step.proof {
        Proof::Contradicted | Proof::Disproved => true,
        Proof::Superseded | Proof::Proved | Proof::CannotShow | Proof::Waits => false,
    };
    let ends_access = |step: &AttestedStep| step.change.made().is_some_and(Action::ends_access);
    let is_own = |step: &AttestedStep| [account.id.0.as_str(), account.email.as_str()].contains(&step.user.as_str());
    let steps = reviewed.by_hand.into_iter().flat_map(|by_hand| &by_hand.attested);
    steps.filter(|step| is_own(step)).any(|step| ends_access(step) && is_contradicted(step))
}
