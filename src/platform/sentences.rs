//! Sentences about broken rules, which vendors have of their own. Roster, plan and server use the same ones.

use crate::model::characters::breaks_line;
use crate::model::{Email, Field, Kind, Rule, Suggestion, Violation};
use crate::yaml::did_you_mean;

use super::Catalog;
use super::checks::broken::own_rule;
use super::checks::normal::{LONGEST_KEY, PHONE_DIGITS};
use super::naming::Naming;

/// The command that hands over the main admin role in a workspace of rosterctl's own, to a person named by address.
#[must_use]
pub fn hand_over(to: &str) -> String {
    format!("rosterctl set-up-link WORKSPACE --main-admin {to}")
}

/// Says what the key of a workspace, clinic, role or employee record consists of.
#[must_use]
pub fn key_form() -> String {
    format!("at most {LONGEST_KEY} lower-case letters, digits and hyphens")
}

/// Says what is wrong, with the keys of a roster.
#[must_use]
pub fn message(violation: &Violation, catalog: &Catalog) -> String {
    message_for(Naming::Roster, violation, catalog)
}

/// Says what is wrong.
#[must_use]
pub fn message_for(naming: Naming, violation: &Violation, catalog: &Catalog) -> String {
    let field = violation.field;
    let key = naming.of_field(field, catalog);
    let key = key.as_str();
    let entry = violation.entry.as_deref().unwrap_or_default();
    match &violation.rule {
        Rule::Required | Rule::DefaultClinicMissing => format!("`{key}` is missing"),
        Rule::TooMany { count, most } => format!("`{key}` has {count} entries; at most {most} are allowed"),
        Rule::Unwritable { character } => unwritable(key, *character).0,
        Rule::TooLong { bytes, most } => format!("`{key}` has {bytes} bytes; at most {most} are allowed"),
        Rule::UnknownValue(_) | Rule::UnknownRole(_) | Rule::UnknownClinic(_) | Rule::UnknownPrivilege(_) => {
            match field.definition().kind {
                // Such a field has one value, and no entries.
                Kind::Text | Kind::TextOrNo | Kind::Flag | Kind::Number => naming.unknown_value(key, entry),
                Kind::List | Kind::Set | Kind::Changes => format!("unknown entry `{entry}` in `{key}`"),
            }
        }
        Rule::OtherPlatform => match naming {
            Naming::Roster => has_no(field, catalog),
            Naming::Wire => format!("{} has no `{key}`", catalog.name),
        },
        Rule::DefaultClinicNotAmong { .. } => format!("default clinic `{entry}` is not among the user's clinics"),
        Rule::GrantedAndRevoked => format!("`{entry}` is both granted and revoked"),
        Rule::Phone => format!("`{entry}` is not a phone number"),
        Rule::Color => format!("`{entry}` is not a color"),
        Rule::Email => format!("`{entry}` is not an e-mail address"),
        Rule::Own(own) => own_rule(own, catalog).message(violation, naming, catalog),
    }
}

/// Says that a text contains a character that no workspace stores, and what to do.
#[must_use]
pub fn unwritable(key: &str, character: char) -> (String, &'static str) {
    if breaks_line(character) {
        (format!("`{key}` contains a line break"), "write it on one line")
    } else {
        (format!("`{key}` contains {}", named(character)), "remove it")
    }
}

/// Names a character that a text cannot contain.
#[must_use]
pub fn named(character: char) -> String {
    let kind = if character.is_control() { "control" } else { "invisible" };
    format!("the {kind} character U+{:04X}", u32::from(character))
}

/// Says what to do about it in a roster.
#[must_use]
pub fn hint(violation: &Violation, catalog: &Catalog) -> String {
    hint_for(Naming::Roster, violation, catalog)
}

/// Says what to do about it.
#[must_use]
pub fn hint_for(naming: Naming, violation: &Violation, catalog: &Catalog) -> String {
    let said = match &violation.rule {
        Rule::Required => return format!("{} requires it for every user", catalog.name),
        Rule::TooMany { most, .. } => return format!("keep at most {most}; the first must be the cell phone"),
        Rule::UnknownValue(known) | Rule::UnknownRole(known) | Rule::UnknownClinic(known) | Rule::UnknownPrivilege(known) => {
            return match known {
                Suggestion::Near(near) => did_you_mean(near),
                Suggestion::OneOf(known) => format!("choose one of: {}", known.join(", ")),
                Suggestion::Nothing => "none are defined".to_owned(),
            };
        }
        Rule::DefaultClinicNotAmong { declared, instead } => return default_clinic(*declared, instead),
        Rule::Email => {
            let why = violation.entry.as_deref().and_then(|entry| Email::parse(entry).err());
            return why.map(|why| why.remedy()).unwrap_or_default();
        }
        Rule::TooLong { .. } => "shorten it",
        Rule::Unwritable { character } => unwritable("", *character).1,
        Rule::OtherPlatform => "remove it: only other platforms have it",
        Rule::DefaultClinicMissing => naming.pick(
            "add `default_clinic: CLINIC`; a user with more than one clinic needs it",
            "add `defaultClinic`, the id of one of `clinics`; a user with more than one clinic needs it",
        ),
        Rule::GrantedAndRevoked => "keep only one of them",
        Rule::Phone => {
            let (least, most) = (PHONE_DIGITS.start(), PHONE_DIGITS.end());
            return format!("write {least} to {most} digits with the country code, such as `+1 602 555 0100`");
        }
        Rule::Color => "write six hex digits in quotes, such as `\"#3aa675\"`",
        Rule::Own(own) => return own_rule(own, catalog).hint(violation, naming, catalog),
    };
    said.to_owned()
}

fn default_clinic(declared: bool, instead: &Suggestion) -> String {
    match (declared, instead) {
        (true, Suggestion::Nothing) => "add it to `clinics`".to_owned(),
        (true, Suggestion::OneOf(clinics)) => format!("add it to `clinics`, or choose one of: {}", clinics.join(", ")),
        (false, Suggestion::Nothing) => "remove it: no such clinic is defined".to_owned(),
        (false, Suggestion::OneOf(clinics)) => format!("choose one of: {}", clinics.join(", ")),
        (_, Suggestion::Near(near)) => did_you_mean(near),
    }
}

/// Says that users of the platform do not have a field.
#[must_use]
pub fn has_no(field: Field, catalog: &Catalog) -> String {
    format!("{} has no `{}`", catalog.name, field.key())
}

/// Says what to write about a rule that an account breaks because of a value that only the workspace has.
#[must_use]
pub fn hint_in_workspace(violation: &Violation, catalog: &Catalog) -> String {
    match &violation.rule {
        Rule::Own(own) => own_rule(own, catalog).hint_in_workspace(violation, catalog),
        Rule::Required
        | Rule::TooMany { .. }
        | Rule::TooLong { .. }
        | Rule::Unwritable { .. }
        | Rule::UnknownValue(_)
        | Rule::UnknownRole(_)
        | Rule::UnknownClinic(_)
        | Rule::UnknownPrivilege(_)
        | Rule::OtherPlatform
        | Rule::DefaultClinicNotAmong { .. }
        | Rule::DefaultClinicMissing
        | Rule::GrantedAndRevoked
        | Rule::Phone
        | Rule::Color
        | Rule::Email => hint(violation, catalog),
    }
}
