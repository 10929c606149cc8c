//! What the catalog alone can say about an account: required fields, unknown names, forms, limits.

use std::collections::BTreeSet;

use crate::model::{Email, Field, Rule, Suggestion, Texts, ValueRef, Violation};

use super::Platform;
use super::normal::{color_form, phone_form};
use super::rules::{Candidate, Surroundings};

/// Everything that is wrong with an account on its platform: the catalog's rules, then the vendor's own.
///
/// Fields must be normalised. Manifest and server call this same function.
#[must_use]
pub fn check(platform: &Platform, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
    let catalog = platform.catalog();
    let mut found = Vec::new();
    let mut walk = candidate.fields.walk();
    for (field, rule) in catalog.known_fields() {
        let value = walk.get(field);
        if rule.required && value.is_none_or(|value| value.is_empty()) {
            found.push(broken(field, None, Rule::Required, "X-2"));
        }
        if let (Some(most), Some(ValueRef::List(entries))) = (rule.most, value)
            && entries.len() > most
        {
            found.push(broken(field, entries.into_iter().nth(most), Rule::TooMany { count: entries.len(), most }, "AR-1"));
        }
        if !rule.allowed.is_empty() {
            for entry in candidate.fields.items(field) {
                if !rule.allowed.iter().any(|a| a == entry) {
                    found.push(broken(field, Some(entry), Rule::UnknownValue(suggestion(entry, &rule.allowed)), "CHR-2"));
                }
            }
        }
    }
    for (field, value) in candidate.fields.iter() {
        if catalog.field(field).is_none() && field != Field::Email && !value.is_empty() {
            found.push(broken(field, None, Rule::OtherPlatform, "X-2"));
        }
    }
    names(platform, candidate, around, &mut found);
    forms(candidate, &mut found);
    found.extend(platform.violations(candidate, around));
    found
}

/// Clinics, roles and privileges that nobody declared.
fn names(platform: &Platform, candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    let catalog = platform.catalog();
    if let Some(role) = candidate.fields.text(Field::Role)
        && !around.has_role(role)
        && !catalog.open_roles
    {
        found.push(broken(Field::Role, Some(role), Rule::UnknownRole(suggestion(role, &around.role_keys())), "AR-6"));
    }
    if catalog.clinics {
        for clinic in candidate.fields.items(Field::Clinics) {
            if !around.has_clinic(clinic) {
                found.push(broken(Field::Clinics, Some(clinic), Rule::UnknownClinic(suggestion(clinic, &around.clinic_keys())), "AR-1"));
            }
        }
        if let Some(default) = candidate.fields.text(Field::DefaultClinic) {
            let clinics = candidate.fields.items(Field::Clinics);
            if !clinics.contains(default) {
                let rule = default_clinic(default, clinics, around);
                found.push(broken(Field::DefaultClinic, Some(default), rule, "AR-1"));
            }
        } else if candidate.fields.items(Field::Clinics).len() > 1 {
            found.push(broken(Field::DefaultClinic, None, Rule::DefaultClinicMissing, "AR-1"));
        }
    }
    if let Some(ValueRef::Changes { grant, revoke }) = candidate.fields.get(Field::PrivilegeChanges) {
        let known: Vec<String> = catalog.privileges.keys().cloned().collect();
        let named: BTreeSet<&str> = grant.into_iter().chain(revoke).collect();
        for name in named {
            if catalog.privilege(name).is_none() {
                found.push(broken(Field::PrivilegeChanges, Some(name), Rule::UnknownPrivilege(suggestion(name, &known)), "AR-6"));
            }
        }
        for name in grant.into_iter().filter(|name| revoke.contains(name)) {
            found.push(broken(Field::PrivilegeChanges, Some(name), Rule::GrantedAndRevoked, "CHR-6"));
        }
    }
}

/// A default clinic that is not among the user's, with what could be meant: clinics that are declared only.
fn default_clinic(default: &str, clinics: Texts<'_>, around: &dyn Surroundings) -> Rule {
    let mut choices: Vec<String> = clinics.into_iter().filter(|c| around.has_clinic(c)).map(str::to_owned).collect();
    if choices.is_empty() {
        choices = around.clinic_keys();
        choices.retain(|c| c != default);
    }
    let declared = around.has_clinic(default);
    let instead = match crate::yaml::nearest(default, &choices) {
        Some(near) if !declared => Suggestion::Near(near.to_owned()),
        _ if choices.is_empty() => Suggestion::Nothing,
        _ => Suggestion::OneOf(choices.into()),
    };
    Rule::DefaultClinicNotAmong { declared, instead }
}

/// Phones, colours and addresses that are none.
fn forms(candidate: &Candidate<'_>, found: &mut Vec<Violation>) {
    for phone in candidate.fields.items(Field::Phones) {
        if phone_form(phone).is_none() {
            found.push(broken(Field::Phones, Some(phone), Rule::Phone, "AR-1"));
        }
    }
    if let Some(color) = candidate.fields.text(Field::AppointmentColor)
        && color_form(color).is_none()
    {
        found.push(broken(Field::AppointmentColor, Some(color), Rule::Color, "AR-8"));
    }
    if let Some(director) = candidate.fields.text(Field::MdConsent)
        && Email::parse(director).is_err()
    {
        found.push(broken(Field::MdConsent, Some(director), Rule::Email, "AR-9"));
    }
}

/// What could be meant by a name that is not in its list.
fn suggestion(entry: &str, known: &[String]) -> Suggestion {
    match crate::yaml::nearest(entry, known) {
        Some(near) => Suggestion::Near(near.to_owned()),
        None if known.is_empty() => Suggestion::Nothing,
        None => Suggestion::OneOf(known.into()),
    }
}

fn broken(field: Field, entry: Option<&str>, rule: Rule, requirement: &'static str) -> Violation {
    Violation { field, entry: entry.map(str::to_owned), rule, requirement: requirement.into() }
}
