//! The medical director behind a provider: who that is, who may be one, and who can return when all are inactive (AR-9, AR-25).

use crate::model::{self, Email, Field, ValueRef, Violation};

use crate::platform::{Candidate, Catalog, Surroundings};

use super::broken::Broken;

const MEDICAL_DIRECTOR: &str = "medical-director";

/// Returns whether a user with this role may be somebody's medical director.
pub(super) fn is_one(role: &str) -> bool {
    role == MEDICAL_DIRECTOR
}

/// The address of the medical director of somebody who works as provider.
pub(super) fn named<'v>(value: &dyn Fn(Field) -> Option<ValueRef<'v>>) -> Option<&'v str> {
    let is_provider = value(Field::Provider).and_then(ValueRef::as_flag) == Some(true);
    let director = value(Field::MdConsent).filter(|_| is_provider).and_then(ValueRef::as_text);
    director.filter(|director| !director.is_empty())
}

/// Checks the medical director of a provider: another user, with that role, and active.
pub(super) fn check(catalog: &Catalog, candidate: &Candidate<'_>, director: &str, around: &dyn Surroundings) -> Option<Violation> {
    let rule = if director == candidate.email.as_str() {
        Some(Broken::OwnDirector)
    } else {
        let director = director.to_owned();
        match around.colleague(&director) {
            // That is a mistake of its own.
            None if Email::parse(&director).is_err() => None,
            None => Some(Broken::DirectorUnknown { director }),
            Some((role, _)) if !is_one(&role) => Some(Broken::DirectorOtherRole { director, role }),
            Some((_, false)) if candidate.active => Some(Broken::DirectorInactive { director }),
            Some(_) => None,
        }
    };
    rule.map(|rule| rule.violation(Field::MdConsent, catalog))
}

/// Finds medical directors who are all inactive and name each other: none of them can return first.
pub(super) fn circle(catalog: &Catalog, email: &Email, waits_for: &dyn Fn(&Email) -> Option<Email>) -> Option<Violation> {
    let mut members = model::circle(email, waits_for)?.into_iter();
    let rule = Broken::DirectorCircle { first: members.next()?, others: members.collect() };
    Some(rule.violation(Field::MdConsent, catalog))
}
