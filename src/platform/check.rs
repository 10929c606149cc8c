//! What the catalog alone can say about an account: required fields, unknown names, forms, limits.

use std::collections::BTreeSet;

use crate::model::{Email, Field, Texts, ValueRef};

use super::Platform;
use super::normal::{color_form, phone_form};
use super::rules::{Candidate, Surroundings, Violation};

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
            found.push(Violation {
                field,
                entry: None,
                code: "required",
                requirement: "X-2",
                message: format!("`{}` is missing", catalog.yaml_key(field)),
                hint: format!("{} needs it for every user", catalog.name),
            });
        }
        if let (Some(most), Some(ValueRef::List(entries))) = (rule.most, value)
            && entries.len() > most
        {
            found.push(Violation {
                field,
                entry: entries.into_iter().nth(most).map(str::to_owned),
                code: "too-many",
                requirement: "AR-1",
                message: format!("{} entries in `{}`, {most} are allowed", entries.len(), catalog.yaml_key(field)),
                hint: format!("keep the {most} that matter; the first is the cell phone"),
            });
        }
        if !rule.allowed.is_empty() {
            for entry in candidate.fields.items(field) {
                if !rule.allowed.iter().any(|a| a == entry) {
                    found.push(unknown(field, entry, "unknown-value", "CHR-2", catalog.yaml_key(field), &rule.allowed));
                }
            }
        }
    }
    for (field, value) in candidate.fields.iter() {
        if catalog.field(field).is_none() && field != Field::Email && !value.is_empty() {
            found.push(Violation {
                field,
                entry: None,
                code: "other-platform",
                requirement: "X-2",
                message: format!("{} has no `{}`", catalog.name, field.key()),
                hint: "take it out: it belongs to another platform".to_owned(),
            });
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
        found.push(unknown(Field::Role, role, "unknown-role", "AR-6", catalog.yaml_key(Field::Role), &around.role_keys()));
    }
    if catalog.clinics {
        for clinic in candidate.fields.items(Field::Clinics) {
            if !around.has_clinic(clinic) {
                found.push(unknown(Field::Clinics, clinic, "unknown-clinic", "AR-1", "clinics", &around.clinic_keys()));
            }
        }
        if let Some(default) = candidate.fields.text(Field::DefaultClinic) {
            let clinics = candidate.fields.items(Field::Clinics);
            if !clinics.contains(default) {
                found.push(Violation {
                    field: Field::DefaultClinic,
                    entry: Some(default.to_owned()),
                    code: "default-clinic",
                    requirement: "AR-1",
                    message: format!("default clinic `{default}` is not among the user's clinics"),
                    hint: default_clinic(default, clinics, around),
                });
            }
        } else if candidate.fields.items(Field::Clinics).len() > 1 {
            found.push(Violation {
                field: Field::DefaultClinic,
                entry: None,
                code: "default-clinic",
                requirement: "AR-1",
                message: "`default_clinic` is missing".to_owned(),
                hint: "with more than one clinic, say which is shown first at login".to_owned(),
            });
        }
    }
    if let Some(ValueRef::Changes { grant, revoke }) = candidate.fields.get(Field::PrivilegeChanges) {
        let known: Vec<String> = catalog.privileges.keys().cloned().collect();
        let named: BTreeSet<&str> = grant.into_iter().chain(revoke).collect();
        for name in named {
            if catalog.privilege(name).is_none() {
                found.push(unknown(
                    Field::PrivilegeChanges,
                    name,
                    "unknown-privilege",
                    "AR-6",
                    catalog.yaml_key(Field::PrivilegeChanges),
                    &known,
                ));
            }
        }
        for name in grant.into_iter().filter(|name| revoke.contains(name)) {
            found.push(Violation {
                field: Field::PrivilegeChanges,
                entry: Some(name.to_owned()),
                code: "granted-and-revoked",
                requirement: "CHR-6",
                message: format!("`{name}` is both granted and revoked"),
                hint: "keep one of the two".to_owned(),
            });
        }
    }
}

/// What to do about a default clinic that is not among the user's: names clinics that are declared only.
fn default_clinic(default: &str, clinics: Texts<'_>, around: &dyn Surroundings) -> String {
    let mut choices: Vec<String> = clinics.into_iter().filter(|c| around.has_clinic(c)).map(str::to_owned).collect();
    if choices.is_empty() {
        choices = around.clinic_keys();
        choices.retain(|c| c != default);
    }
    match (around.has_clinic(default), choices.is_empty()) {
        (true, true) => "add it to `clinics`".to_owned(),
        (true, false) => format!("add it to `clinics`, or choose one of: {}", choices.join(", ")),
        (false, true) => "take it out: no such clinic is declared".to_owned(),
        (false, false) => match crate::yaml::nearest(default, &choices) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("choose one of: {}", choices.join(", ")),
        },
    }
}

/// Phones, colours and addresses that are none.
fn forms(candidate: &Candidate<'_>, found: &mut Vec<Violation>) {
    for phone in candidate.fields.items(Field::Phones) {
        if phone_form(phone).is_none() {
            found.push(Violation {
                field: Field::Phones,
                entry: Some(phone.to_owned()),
                code: "phone",
                requirement: "AR-1",
                message: format!("`{phone}` is no phone number"),
                hint: "write it with country code, as in `+1 602 555 0100`: 8 to 15 digits".to_owned(),
            });
        }
    }
    if let Some(color) = candidate.fields.text(Field::AppointmentColor)
        && color_form(color).is_none()
    {
        found.push(Violation {
            field: Field::AppointmentColor,
            entry: Some(color.to_owned()),
            code: "color",
            requirement: "AR-8",
            message: format!("`{color}` is no colour"),
            hint: "write it as in `\"#3aa675\"`".to_owned(),
        });
    }
    if let Some(director) = candidate.fields.text(Field::MdConsent)
        && let Err(why) = Email::parse(director)
    {
        found.push(Violation {
            field: Field::MdConsent,
            entry: Some(director.to_owned()),
            code: "email",
            requirement: "AR-9",
            message: format!("`{director}` is no address"),
            hint: why.to_string(),
        });
    }
}

/// A name that is not in its list, with the nearest that is.
fn unknown(field: Field, entry: &str, code: &'static str, requirement: &'static str, key: &str, known: &[String]) -> Violation {
    let hint = match crate::yaml::nearest(entry, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "none is declared".to_owned(),
        None => format!("known are: {}", known.join(", ")),
    };
    Violation { field, entry: Some(entry.to_owned()), code, requirement, message: format!("unknown entry `{entry}` in `{key}`"), hint }
}
