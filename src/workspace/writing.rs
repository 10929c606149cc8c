//! The account that a write makes: somebody new, or somebody changed.

use std::collections::BTreeSet;

use crate::model::transition::{Terms, active, next_state, not_invited, readdressed};
use crate::model::{Account, AccountChange, Action, Email, Field, Fields, State};
use crate::platform::catalog::RolesReach;
use crate::platform::{Candidate, Catalog, Platform, effective};

use super::invitation::account_at;
use super::{
    Acting, Decision, EmployeeRecord, Event, Facts, Grant, MainAdmins, OwnLists, Password, Refusal, TargetAccount, WantedUser,
    check_changes, check_employee, check_rules, invite, main_admins_own, may_grant, set_active,
};

/// A changed account, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its state from now on.
    pub state: State,
    /// Says whether the privileges that its role gives now are stored with it.
    pub applies_role: bool,
}

/// Decides about somebody new on a practice's platform: invited, active with a first password, or inactive.
///
/// # Errors
/// The first rule that the account would break.
pub fn create(
    platform: &Platform,
    acting: &Acting<'_>,
    login: &Email,
    wanted: &WantedUser,
    facts: &Facts<'_>,
    terms: &Terms<'_>,
) -> Result<Decision, Refusal> {
    wanted.has_one_address(login)?;
    wanted.has_one_role()?;
    let (accepted, off) = (wanted.password.is_set(), wanted.active == Some(false));
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
    let after = rights_after(platform, wanted, facts, None, false);
    grants(platform, acting, &Grant { to: None, before: &BTreeSet::new(), after: &after, role: wanted.role.as_deref() })?;
    if wanted.send_invitation {
        return invite(&not_invited(), terms);
    }
    if accepted { created(wanted, terms) } else { Ok(Decision { state: not_invited(), event: Event::Created }) }
}

/// Decides about somebody new on plain SCIM, where accounts need no invitation.
///
/// # Errors
/// Never: it returns what [`create`] returns.
pub fn create_plain(wanted: &WantedUser, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    created(wanted, terms)
}

/// Somebody new who needs no invitation, active or inactive.
fn created(wanted: &WantedUser, terms: &Terms<'_>) -> Result<Decision, Refusal> {
    let state = match wanted.active {
        Some(false) => {
            next_state(&active(), &AccountChange::Inactivate, terms).map_err(|why| Refusal::State { action: Action::Inactivate, why })?
        }
        Some(true) | None => active(),
    };
    Ok(Decision { state, event: Event::Created })
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
    let target = TargetAccount { id: &account.id.0, main_admin: account.main_admin, state: &account.state };
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
    check_changes(platform, &account_at(account, terms.now), &wanted.user_name, &wanted.fields)?;
    let candidate = |fields| Candidate { email: &login, fields, active, main_admin: account.main_admin };
    let returns = active && before.inactive;
    let was = candidate(&account.fields);
    check_rules(platform, &candidate(&wanted.fields), (!returns).then_some(&was), facts.around)?;
    let (role, role_before) = (wanted.role.as_deref(), account.fields.text(Field::Role));
    let applies_role = wanted.names_role || role != role_before;
    stays_main_admins(platform.catalog(), acting, &target, &account.fields, account.email.as_str(), wanted)?;
    // Somebody who controls the address of a login can take it over, so a new address gives away all that the account has.
    if wanted.user_name != account.email.as_str() && target.id != acting.id {
        grants(platform, acting, &Grant { to: None, before: &BTreeSet::new(), after: &account.privileges, role: role_before })?;
    }
    // The link went to the former address, and the person who reads its mail is not invited.
    let state = if login == account.email { state } else { readdressed(state) };
    let kept = account.role_privileges.as_deref().filter(|_| !applies_role);
    let after = rights_after(platform, wanted, facts, kept, account.main_admin);
    let given = role.filter(|_| role != role_before);
    grants(platform, acting, &Grant { to: Some(target.id), before: &account.privileges, after: &after, role: given })?;
    Ok(Changed { state, applies_role })
}

/// Decides about a change of an account on plain SCIM; `was` is the user so far.
///
/// # Errors
/// The acting account would end its own access, or change what is the main admin's.
pub fn change_plain(
    catalog: &Catalog,
    acting: &Acting<'_>,
    target: &TargetAccount<'_>,
    was: &PlainUser<'_>,
    wanted: &WantedUser,
    terms: &Terms<'_>,
) -> Result<Changed, Refusal> {
    takes(wanted)?;
    stays_main_admins(catalog, acting, target, was.fields, was.user_name, wanted)?;
    if let Some(list) = was.lists.first_difference(&wanted.lists) {
        target.is_not_anothers(acting, MainAdmins::List(list))?;
    }
    match wanted.password {
        Password::Absent => {}
        Password::Unwanted | Password::Hashed => target.is_not_anothers(acting, MainAdmins::Password)?,
    }
    let state = set_active(acting, target, wanted.active.unwrap_or(!target.state.inactive), terms)?;
    Ok(Changed { state, applies_role: wanted.names_role || wanted.role.as_deref() != was.role })
}

/// A user of plain SCIM so far.
#[derive(Clone, Copy, Debug)]
pub struct PlainUser<'a> {
    /// The login, normalized.
    pub user_name: &'a str,
    /// The key of the role.
    pub role: Option<&'a str>,
    /// The fields.
    pub fields: &'a Fields,
    /// The lists that say who somebody is, or give rights.
    pub lists: &'a OwnLists,
}

/// Refuses a change of what is the main admin's, by anybody else.
fn stays_main_admins(
    catalog: &Catalog,
    acting: &Acting<'_>,
    target: &TargetAccount<'_>,
    fields: &Fields,
    user_name: &str,
    wanted: &WantedUser,
) -> Result<(), Refusal> {
    let login = (user_name != wanted.user_name).then_some(Field::Email);
    match login.or_else(|| main_admins_own(catalog, fields, &wanted.fields)) {
        Some(field) => target.is_not_anothers(acting, MainAdmins::Field(field)),
        None => Ok(()),
    }
}

/// The privileges in effect after the write. `kept` is what the role gave when it was last applied, where that counts still.
fn rights_after(
    platform: &Platform,
    wanted: &WantedUser,
    facts: &Facts<'_>,
    kept: Option<&BTreeSet<String>>,
    main_admin: bool,
) -> BTreeSet<String> {
    let catalog = platform.catalog();
    let now = || wanted.role.as_ref().and_then(|role| facts.roles.get(role));
    let given = match catalog.roles_reach {
        RolesReach::FutureHolders => kept.or_else(now),
        RolesReach::AllHolders => now(),
    };
    effective(catalog, given.unwrap_or(&BTreeSet::new()), &wanted.fields, main_admin)
}

fn grants(platform: &Platform, acting: &Acting<'_>, grant: &Grant<'_>) -> Result<(), Refusal> {
    may_grant(platform.catalog(), acting, grant).map_err(Refusal::Ungranted)
}

/// Refuses parts of a request that an existing account does not accept.
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
