//! Checks an account by the catalog alone: required fields, unknown names, formats, limits.

use std::collections::BTreeSet;

use crate::model::{Email, Field, LONGEST_TEXT, NormalForm, Rule, Suggestion, ValueRef, Violation};

use super::normal::{color_form, is_phone_form, phone_form};
use crate::platform::rules::{Candidate, Surroundings};
use crate::platform::{Catalog, Platform, unwritable_in_line, unwritable_in_lines};

/// Lists everything that is wrong with an account on its platform: first by the catalog's rules, then by the vendor's own.
///
/// Fields must be normalized. Manifest and server call this same function.
#[must_use]
pub fn check(platform: &Platform, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
    let catalog = platform.catalog();
    let mut found = Vec::new();
    // Both are ordered by field, so that the values are read only once.
    let mut values = candidate.fields.iter().peekable();
    for (field, rule) in catalog.known_fields() {
        while values.next_if(|(other, _)| *other < field).is_some() {}
        let value = values.next_if(|(other, _)| *other == field).map(|(_, value)| value);
        if rule.required && value.is_none_or(|value| value.is_empty()) {
            found.push(broken(catalog, field, None, Rule::Required));
        }
        if let (Some(most), Some(ValueRef::List(entries))) = (rule.most, value)
            && entries.len() > most
        {
            found.push(broken(catalog, field, entries.into_iter().nth(most), Rule::TooMany { count: entries.len(), most }));
        }
        if let Some(value) = value.filter(|_| !rule.allowed.is_empty()) {
            for entry in value.as_items().unwrap_or_default().into_iter().chain(value.as_text()) {
                if !rule.allowed.iter().any(|a| a == entry) {
                    found.push(broken(catalog, field, Some(entry), Rule::UnknownValue(suggestion(entry, &rule.allowed))));
                }
            }
        }
    }
    for (field, value) in candidate.fields.iter() {
        if let Some(bytes) = longest(value).filter(|bytes| *bytes > LONGEST_TEXT) {
            found.push(broken(catalog, field, None, Rule::TooLong { bytes, most: LONGEST_TEXT }));
        }
        if let Some(character) = unwritable(field.definition().form, value) {
            found.push(broken(catalog, field, None, Rule::Unwritable { character }));
        }
        if catalog.field(field).is_none() && field != Field::Email && !value.is_empty() {
            found.push(foreign(field));
        }
    }
    names(platform, candidate, around, &mut found);
    forms(catalog, candidate, &mut found);
    found.extend(platform.violations(candidate, around));
    found
}

/// Returns how many bytes the longest text of a value has.
fn longest(value: ValueRef<'_>) -> Option<usize> {
    match value {
        ValueRef::Unset | ValueRef::Flag(_) | ValueRef::Number(_) => None,
        ValueRef::Text(text) => Some(text.len()),
        ValueRef::List(texts) | ValueRef::Set(texts) => texts.into_iter().map(str::len).max(),
        ValueRef::Changes { grant, revoke } => grant.into_iter().chain(revoke).map(str::len).max(),
    }
}

/// The first character of a text that no workspace stores. Phone numbers, colors and addresses have stricter forms of their own.
fn unwritable(form: NormalForm, value: ValueRef<'_>) -> Option<char> {
    let find = match form {
        NormalForm::Plain => unwritable_in_line,
        NormalForm::Lines => unwritable_in_lines,
        NormalForm::Phones | NormalForm::Color | NormalForm::Address => return None,
    };
    match value {
        ValueRef::Unset | ValueRef::Flag(_) | ValueRef::Number(_) => None,
        ValueRef::Text(text) => find(text),
        ValueRef::List(texts) | ValueRef::Set(texts) => texts.into_iter().find_map(find),
        ValueRef::Changes { grant, revoke } => grant.into_iter().chain(revoke).find_map(find),
    }
}

/// Lists clinics, roles and privileges that are not defined.
fn names(platform: &Platform, candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    let catalog = platform.catalog();
    if let Some(role) = candidate.fields.text(Field::Role)
        && !around.has_role(role)
        && !catalog.open_roles
    {
        found.push(broken(catalog, Field::Role, Some(role), Rule::UnknownRole(suggestion(role, &around.role_keys()))));
    }
    if catalog.clinics {
        for clinic in candidate.fields.items(Field::Clinics) {
            if !around.has_clinic(clinic) {
                found.push(broken(catalog, Field::Clinics, Some(clinic), Rule::UnknownClinic(suggestion(clinic, &around.clinic_keys()))));
            }
        }
        if let Some(default) = candidate.fields.text(Field::DefaultClinic) {
            let clinics = candidate.fields.items(Field::Clinics);
            if !clinics.contains(default) {
                let rule = default_clinic(default, clinics, around);
                found.push(broken(catalog, Field::DefaultClinic, Some(default), rule));
            }
        } else if candidate.fields.items(Field::Clinics).len() > 1 && catalog.field(Field::DefaultClinic).is_some() {
            found.push(broken(catalog, Field::DefaultClinic, None, Rule::DefaultClinicMissing));
        }
    }
    if let Some((grant, revoke)) = candidate.fields.get(Field::PrivilegeChanges).and_then(ValueRef::as_changes) {
        let named: BTreeSet<&str> = grant.into_iter().chain(revoke).collect();
        for name in named {
            if catalog.privilege(name).is_none() {
                let known: Vec<String> = catalog.privileges.keys().cloned().collect();
                found.push(broken(catalog, Field::PrivilegeChanges, Some(name), Rule::UnknownPrivilege(suggestion(name, &known))));
            }
        }
        for name in grant.into_iter().filter(|name| revoke.contains(name)) {
            found.push(broken(catalog, Field::PrivilegeChanges, Some(name), Rule::GrantedAndRevoked));
        }
    }
}

/// Describes a default clinic that is not among the user's clinics, and suggests only clinics that are defined.
fn default_clinic<'c>(default: &str, clinics: impl IntoIterator<Item = &'c str>, around: &dyn Surroundings) -> Rule {
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

/// Lists phone numbers, colors and addresses that do not have their format.
fn forms(catalog: &Catalog, candidate: &Candidate<'_>, found: &mut Vec<Violation>) {
    for (field, value) in candidate.fields.iter() {
        match field.definition().form {
            NormalForm::Plain | NormalForm::Lines => {}
            NormalForm::Phones => {
                for phone in value.as_items().into_iter().flatten() {
                    if !is_phone_form(phone) && phone_form(phone).is_none() {
                        found.push(broken(catalog, field, Some(phone), Rule::Phone));
                    }
                }
            }
            NormalForm::Color => {
                if let Some(color) = value.as_text()
                    && color_form(color).is_none()
                {
                    found.push(broken(catalog, field, Some(color), Rule::Color));
                }
            }
            NormalForm::Address => {
                if let Some(address) = value.as_text()
                    && Email::parse(address).is_err()
                {
                    found.push(broken(catalog, field, Some(address), Rule::Email));
                }
            }
        }
    }
}

/// Suggests names for one that is not in its list.
fn suggestion(entry: &str, known: &[String]) -> Suggestion {
    match crate::yaml::nearest(entry, known) {
        Some(near) => Suggestion::Near(near.to_owned()),
        None if known.is_empty() => Suggestion::Nothing,
        None => Suggestion::OneOf(known.into()),
    }
}

/// A rule of the field, whose requirement the platform's catalog names.
fn broken(catalog: &Catalog, field: Field, entry: Option<&str>, rule: Rule) -> Violation {
    Violation { field, entry: entry.map(str::to_owned), rule, requirement: catalog.source(field) }
}

/// A field that the platform does not have.
fn foreign(field: Field) -> Violation {
    Violation { field, entry: None, rule: Rule::OtherPlatform, requirement: "X-2".into() }
}
