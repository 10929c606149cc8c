//! The guards that can stop a plan: one file for each.

mod empty_desired;
mod last_administrator;
mod main_admin;
mod needed_colleague;
mod own_account;
mod partial_read;
mod removals;

use crate::model::{Account, Actual, Desired, Email, Field, Guard, Guards, Plan, StopCause};
use crate::platform::{Catalog, Platform};
use crate::workspace::gives_up_role;

use super::project::Overlay;

pub(super) use last_administrator::unseen;

/// Asks every guard.
pub(super) fn check(plan: &Plan, actual: &Actual, desired: &Desired) -> Vec<StopCause> {
    let platform = crate::platform::by_id(&plan.platform);
    let case = Case {
        plan,
        actual,
        desired,
        limits: plan.guards.stricter(&desired.guards),
        platform,
        after: Overlay::new(plan.changes.iter().map(|step| &step.change), actual, platform.catalog()),
    };
    let ask = |guard| match guard {
        Guard::PartialRead => partial_read::check(&case),
        Guard::EmptyDesired => empty_desired::check(&case),
        Guard::Removals => removals::check(&case),
        Guard::LastAdministrator => last_administrator::check(&case),
        Guard::MainAdmin => main_admin::check(&case),
        Guard::OwnAccount => own_account::check(&case),
        Guard::NeededColleague => needed_colleague::check(&case),
    };
    Guard::ALL.into_iter().filter_map(ask).collect()
}

/// The input of every guard.
struct Case<'a> {
    plan: &'a Plan,
    actual: &'a Actual,
    desired: &'a Desired,
    /// The limits of the plan and of the roster, which for a saved plan may differ: the stricter of each.
    limits: Guards,
    platform: &'static Platform,
    after: Overlay<'a>,
}

impl Case<'_> {
    fn catalog(&self) -> &'static Catalog {
        self.platform.catalog()
    }

    /// Lists the addresses of the accounts that can do less, or nothing, afterward; sorted.
    fn removed(&self) -> Vec<Email> {
        let removed =
            self.after.touched().filter_map(|(before, after)| before.filter(|b| self.is_removed(b, &after)).map(|b| b.email.clone()));
        let mut removed: Vec<Email> = removed.collect();
        removed.sort_unstable();
        removed
    }

    /// Returns whether somebody is inactivated, blocked, no longer invited, or loses a privilege, a clinic, or a role.
    fn is_removed(&self, before: &Account, after: &Account) -> bool {
        let stays = !before.state.inactive && !after.state.inactive;
        let [had, has] = [before, after].map(|account| account.fields.text(Field::Role));
        let loses_role = !before.main_admin && gives_up_role(self.catalog(), had, has);
        is_shut_out(before, after)
            || (stays && (!before.privileges.is_subset(&after.privileges) || loses_clinic(before, after) || loses_role))
    }
}

/// Returns whether somebody no longer belongs to a clinic.
fn loses_clinic(before: &Account, after: &Account) -> bool {
    let left = after.fields.items(Field::Clinics);
    before.fields.items(Field::Clinics).into_iter().any(|clinic| !left.contains(clinic))
}

/// Returns whether somebody is inactivated or blocked.
fn is_shut_out(before: &Account, after: &Account) -> bool {
    let inactivated = !before.state.inactive && after.state.inactive;
    let blocked = before.state.block.is_none() && after.state.block.is_some();
    inactivated || blocked
}
