//! The question whether the people are there who answer for service accounts.

use std::collections::BTreeMap;

use crate::model::{OnPayroll, OwnerState, ReviewedPerson};

use super::Reviewed;

/// Finds the owner of each service account: on the payroll, or without one, in the roster.
pub(super) fn find(people: &mut [ReviewedPerson], workspaces: &[Reviewed<'_>]) {
    if people.iter().all(|person| person.service.is_none()) {
        return;
    }
    let by_payroll = of_payroll(people);
    let by_roster = of_roster(workspaces);
    for service in people.iter_mut().filter_map(|person| person.service.as_mut()) {
        let known = by_payroll.as_ref().unwrap_or(&by_roster);
        service.state = known.get(service.owner.as_str()).copied().unwrap_or(OwnerState::Missing);
    }
}

/// Lists everybody by login, as the payroll has them; `None` without a payroll.
fn of_payroll(people: &[ReviewedPerson]) -> Option<BTreeMap<String, OwnerState>> {
    let mut known = BTreeMap::new();
    for person in people.iter().filter(|person| person.service.is_none()) {
        let state = match person.on_payroll? {
            OnPayroll::Yes | OnPayroll::Shared | OnPayroll::ByName => OwnerState::Present,
            OnPayroll::Left => OwnerState::Left,
            OnPayroll::No => OwnerState::Missing,
        };
        known.extend(person.logins.iter().map(|login| (login.clone(), state)));
    }
    Some(known)
}

/// Lists everybody in the roster: present if active in one workspace at least.
fn of_roster(workspaces: &[Reviewed<'_>]) -> BTreeMap<String, OwnerState> {
    let mut known: BTreeMap<String, OwnerState> = BTreeMap::new();
    for user in workspaces.iter().flat_map(|workspace| workspace.desired.users.values()).filter(|user| user.service_owner.is_none()) {
        let state = known.entry(user.email.to_string()).or_insert(OwnerState::Left);
        if user.status.is_active() {
            *state = OwnerState::Present;
        }
    }
    known
}
