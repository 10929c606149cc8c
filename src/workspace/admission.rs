//! The rules for a new account, for a returning one, and for a change.

use crate::model::{Account, Field, Fields, State, Value, ValueRef};
use crate::platform::{self, Answer, Candidate, Platform, Surroundings};

use super::{Acting, EmployeeRecord, Facts, MainAdmins, Refusal, SupportingRecord, is_foreign_to};

/// Refuses a working account for an inactive employee (PBN-8).
///
/// # Errors
/// The record is inactive.
pub const fn check_employee(record: Option<&EmployeeRecord>) -> Result<(), Refusal> {
    match record {
        Some(EmployeeRecord { active: false, .. }) => Err(Refusal::InactiveEmployee),
        Some(_) | None => Ok(()),
    }
}

/// Refuses to inactivate an employee record while an account on it works (PBN-8), where the account must not be switched off with it.
///
/// # Errors
/// The record is inactive, and one of the accounts on it is not.
pub fn keeps_working<'a>(record: &SupportingRecord, mut accounts: impl Iterator<Item = &'a State>) -> Result<(), Refusal> {
    if !record.is_active() && accounts.any(|state| !state.inactive) { Err(Refusal::WorkingAccount) } else { Ok(()) }
}

/// Refuses to change the employee record of the main admin, by anybody else. `accounts` are the ids of those on it, and whether each is
/// the main admin's.
///
/// # Errors
/// One of the accounts is the main admin's, and somebody else acts.
pub fn may_change_record<'a>(acting: &Acting<'_>, mut accounts: impl Iterator<Item = (&'a str, bool)>) -> Result<(), Refusal> {
    let is_theirs = accounts.any(|(id, main_admin)| is_foreign_to(acting, id, main_admin));
    if is_theirs { Err(Refusal::MainAdmins(MainAdmins::Record)) } else { Ok(()) }
}

/// Asks the platform's rules about an account as it would be.
///
/// A rule that the account already broke before does not refuse the write: somebody whose medical director has left can still be made
/// inactive, or get another phone. Only a new or returning account must meet every rule (`before` is `None`).
///
/// # Errors
/// The first rule that it newly breaks.
pub fn check_rules(
    platform: &Platform,
    candidate: &Candidate<'_>,
    before: Option<&Candidate<'_>>,
    surroundings: &dyn Surroundings,
) -> Result<(), Refusal> {
    let mut broken = platform::check(platform, candidate, surroundings);
    if let (Some(before), false) = (before, broken.is_empty()) {
        let old = platform::check(platform, before, surroundings);
        broken.retain(|new| !old.iter().any(|old| platform::is_same(old, new, platform.catalog())));
    }
    match broken.into_iter().next() {
        Some(broken) => Err(Refusal::Broken(Box::new(broken))),
        None => Ok(()),
    }
}

/// Refuses a change that an admin is not allowed to make (AR-13, CHR-4, CHR-5).
///
/// # Errors
/// The first field that the admin may not change.
pub fn check_changes(platform: &Platform, account: &Account, email: &str, after: &Fields) -> Result<(), Refusal> {
    let differs = |(field, value): &(Field, ValueRef<'_>)| account.fields.get(*field).unwrap_or(ValueRef::Unset) != *value;
    let fields = after.iter().filter(differs).map(|(field, value)| (field, value.to_value()));
    let login = (account.email.as_str() != email).then(|| (Field::Email, Value::Text(email.to_owned())));
    for (field, wanted) in fields.chain(login) {
        match platform.answer(account, field, &wanted) {
            Answer::Write => {}
            answer @ (Answer::Refuse(_) | Answer::Keep(_)) => return Err(Refusal::NotTheAdmins { field, answer }),
        }
    }
    Ok(())
}

/// Refuses to invite an existing account that does not meet the rules.
///
/// # Errors
/// The first rule that it breaks.
pub fn may_come_in(platform: &Platform, candidate: &Candidate<'_>, facts: &Facts<'_>) -> Result<(), Refusal> {
    check_employee(facts.employee.found()?)?;
    check_rules(platform, candidate, None, facts.around)
}
