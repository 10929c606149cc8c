//! What a write makes of an account: somebody new, or somebody changed.

use crate::model::transition::Terms;
use crate::model::{Account, Email, Field, Fields, State};
use crate::platform::{Candidate, Platform};

use super::{
    Acting, Decision, EmployeeRecord, Event, Facts, Password, Refusal, Target, WantedUser, check_changes, check_employee, check_rules,
    invite, set_active,
};

/// A changed account, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its state from now on.
    pub state: State,
    /// Whether the privileges that its role gives now are stored with it.
    pub applies_role: bool,
}

/// Decides about somebody new on a practice's platform: invited, active with a first password, or inactive.
///
/// # Errors
/// The first rule that the account would break.
pub fn create(platform: &Platform, login: &Email, wanted: &WantedUser, facts: &Facts<'_>, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    wanted.has_one_address(login)?;
    wanted.has_one_role()?;
    let (accepted, off) = (wanted.password == Password::Hashed, wanted.active == Some(false));
    let inactive = if accepted { off } else { !wanted.send_invitation };
    if wanted.send_invitation && (off || accepted) {
        return Err(Refusal::InvitationBesides);
    }
    let employee = facts.employee.found()?;
    if !inactive {
        check_employee(employee)?;
    }
    let candidate = Candidate { email: login, fields: &wanted.fields, active: !inactive, main_admin: false };
    check_rules(platform, &candidate, None, facts.around)?;
    if wanted.send_invitation {
        facts.may_invite(platform.catalog(), &wanted.fields)?;
        return invite(&State { inactive: true, ..State::default() }, terms);
    }
    Ok(Decision { state: State { accepted, inactive, block: None, invitation: None }, event: Event::Created })
}

/// Decides about somebody new on plain SCIM, where accounts need no invitation.
#[must_use]
pub fn create_plain(wanted: &WantedUser) -> Decision {
    let state = State { accepted: true, inactive: wanted.active == Some(false), block: None, invitation: None };
    Decision { state, event: Event::Created }
}

/// Decides about a change of an account on a practice's platform. `linked` is the id of the employee record it belongs to so far.
///
/// # Errors
/// The first rule that the change would break.
pub fn change(
    platform: &Platform,
    acting: &Acting<'_>,
    account: &Account,
    linked: Option<&str>,
    wanted: &WantedUser,
    facts: &Facts<'_>,
    terms: &Terms<'_>,
) -> Result<Changed, Refusal> {
    takes(wanted)?;
    if wanted.is_patch && wanted.active.is_none() {
        return Err(Refusal::ActiveRemoved);
    }
    let target = Target { id: &account.id.0, main_admin: account.main_admin, state: &account.state };
    let before = &account.state;
    let active = wanted.active.unwrap_or(!before.inactive);
    let state = set_active(acting, &target, active, terms)?;
    let login = if wanted.user_name == account.email.as_str() {
        wanted.has_one_address(&account.email)?;
        account.email.clone()
    } else {
        Email::parse(&wanted.user_name).map_err(|_| Refusal::OtherAddress)?
    };
    wanted.has_one_role()?;
    let employee = facts.employee.found()?;
    if active && (before.inactive || moves(employee, linked)) {
        check_employee(employee)?;
    }
    check_changes(platform, account, &wanted.user_name, &wanted.fields)?;
    let candidate = |fields| Candidate { email: &login, fields, active, main_admin: account.main_admin };
    let returns = active && before.inactive;
    let was = candidate(&account.fields);
    check_rules(platform, &candidate(&wanted.fields), (!returns).then_some(&was), facts.around)?;
    if active && !before.accepted && !before.inactive {
        keeps_details(platform, &account.fields, wanted, facts)?;
    }
    let role_changed = wanted.role.as_deref() != account.fields.text(Field::Role);
    Ok(Changed { state, applies_role: wanted.names_role || role_changed })
}

/// Decides about a change of an account on plain SCIM; `role` is the key of its role so far.
///
/// # Errors
/// The acting account would end its own access, or the main admin's.
pub fn change_plain(
    acting: &Acting<'_>,
    target: &Target<'_>,
    role: Option<&str>,
    wanted: &WantedUser,
    terms: &Terms<'_>,
) -> Result<Changed, Refusal> {
    takes(wanted)?;
    let state = set_active(acting, target, wanted.active.unwrap_or(!target.state.inactive), terms)?;
    Ok(Changed { state, applies_role: wanted.names_role || wanted.role.as_deref() != role })
}

/// Refuses parts of a request that an account that is there already does not take.
const fn takes(wanted: &WantedUser) -> Result<(), Refusal> {
    match (wanted.send_invitation, wanted.password) {
        (true, Password::Absent | Password::Unwanted | Password::Hashed) => Err(Refusal::NotNew),
        (false, Password::Unwanted) => Err(Refusal::MembersPassword),
        (false, Password::Absent | Password::Hashed) => Ok(()),
    }
}

fn moves(employee: Option<&EmployeeRecord>, linked: Option<&str>) -> bool {
    employee.is_some_and(|record| linked != Some(record.id.as_str()))
}

/// The details that a pending person's invitation needs cannot be removed while it is open (AR-2).
fn keeps_details(platform: &Platform, was: &Fields, wanted: &WantedUser, facts: &Facts<'_>) -> Result<(), Refusal> {
    let catalog = platform.catalog();
    if facts.may_invite(catalog, was).is_ok() { facts.may_invite(catalog, &wanted.fields) } else { Ok(()) }
}
