//! The sentences about broken rules and about fields that an admin cannot change. Roster, plan and server say the same.

use crate::model::{Email, Field, Immutable, Keep, Rule, Suggestion, Violation};

use super::Catalog;

/// What is wrong.
#[must_use]
pub fn message(violation: &Violation, catalog: &Catalog) -> String {
    let field = violation.field;
    let key = catalog.yaml_key(field);
    let entry = violation.entry.as_deref().unwrap_or_default();
    match &violation.rule {
        Rule::Required => format!("`{key}` is missing"),
        Rule::TooMany { count, most } => format!("{count} entries in `{key}`, {most} are allowed"),
        Rule::UnknownValue(_) | Rule::UnknownRole(_) | Rule::UnknownClinic(_) | Rule::UnknownPrivilege(_) => {
            format!("unknown entry `{entry}` in `{key}`")
        }
        Rule::OtherPlatform => has_no(field, catalog),
        Rule::DefaultClinicNotAmong { .. } => format!("default clinic `{entry}` is not among the user's clinics"),
        Rule::DefaultClinicMissing => "`default_clinic` is missing".to_owned(),
        Rule::GrantedAndRevoked => format!("`{entry}` is both granted and revoked"),
        Rule::Phone => format!("`{entry}` is no phone number"),
        Rule::Color => format!("`{entry}` is no colour"),
        Rule::Email => format!("`{entry}` is no address"),
        Rule::ProviderSetting => format!("`{}` is a provider setting, but the user does not work as provider", field.key()),
        Rule::MdConsentMissing => "`md_consent` must be said for who works as provider".to_owned(),
        Rule::GoalsWithoutNumber => "goals without a number".to_owned(),
        Rule::GoalsPerUnknown { per } => format!("goals per `{per}` are not known"),
        Rule::GoalsWithoutPer => "goals without `per`".to_owned(),
        Rule::GoalNegative { number } => format!("a goal of {number}"),
        Rule::NotificationPhone => "check-in notifications by SMS need a phone".to_owned(),
        Rule::OwnDirector => "nobody is their own medical director".to_owned(),
        Rule::DirectorUnknown { director } => format!("medical director `{director}` is no user of this workspace"),
        Rule::DirectorOtherRole { director, role } => format!("`{director}` has the role `{role}`, not `medical-director`"),
        Rule::DirectorInactive { director } => format!("medical director `{director}` is inactive"),
        Rule::DirectorCircle { first, others } => {
            let others: Vec<&str> = others.iter().map(Email::as_str).collect();
            format!("{first} and {} are inactive and name each other, so neither can come back first", others.join(", "))
        }
        Rule::NeedsOtherRole { because } => format!("staff can not have `{entry}`: {because}"),
        Rule::NoTwoFactor { declined: true } => "the YAML wants no two-factor authentication".to_owned(),
        Rule::NoTwoFactor { declined: false } => "the YAML does not ask for two-factor authentication".to_owned(),
    }
}

/// What to do about it.
#[must_use]
pub fn hint(violation: &Violation, catalog: &Catalog) -> String {
    let said = match &violation.rule {
        Rule::Required => return format!("{} needs it for every user", catalog.name),
        Rule::TooMany { most, .. } => return format!("keep the {most} that matter; the first is the cell phone"),
        Rule::UnknownValue(known) | Rule::UnknownRole(known) | Rule::UnknownClinic(known) | Rule::UnknownPrivilege(known) => {
            return match known {
                Suggestion::Near(near) => format!("did you mean `{near}`?"),
                Suggestion::OneOf(known) => format!("known are: {}", known.join(", ")),
                Suggestion::Nothing => "none is declared".to_owned(),
            };
        }
        Rule::DefaultClinicNotAmong { declared, instead } => return default_clinic(*declared, instead),
        Rule::Email => {
            let why = violation.entry.as_deref().and_then(|entry| Email::parse(entry).err());
            return why.map(|why| why.to_string()).unwrap_or_default();
        }
        Rule::OtherPlatform => "take it out: it belongs to another platform",
        Rule::DefaultClinicMissing => "with more than one clinic, say which is shown first at login",
        Rule::GrantedAndRevoked => "keep one of the two",
        Rule::Phone => "write it with country code, as in `+1 602 555 0100`: 8 to 15 digits",
        Rule::Color => "write it as in `\"#3aa675\"`",
        Rule::ProviderSetting => "put it under `provider:`, or take it out",
        Rule::MdConsentMissing => "write `md_consent: ADDRESS` of a medical director, or `md_consent: false`",
        Rule::GoalsWithoutNumber => "add `procedures: NUMBER`, `sales_usd: NUMBER` or both",
        Rule::GoalsPerUnknown { .. } => "write `per: week` or `per: month`",
        Rule::GoalsWithoutPer => "add `per: week` or `per: month`",
        Rule::GoalNegative { .. } => "write a number from 0",
        Rule::NotificationPhone => "add one under `phones`, or switch `sms` off",
        Rule::OwnDirector => "name another medical director",
        Rule::DirectorUnknown { .. } => "name one who is, with role `medical-director`",
        Rule::DirectorOtherRole { .. } => "name a user whose role is `medical-director` itself",
        Rule::DirectorInactive { .. } => "name one who is active",
        Rule::DirectorCircle { .. } => "write `md_consent: false` for one of them and apply; afterwards name the medical director again",
        Rule::NeedsOtherRole { .. } => "write `type: practitioner`, or take the need out",
        Rule::NoTwoFactor { declined: true } => {
            "write `two_factor: true`: it is asked for at the first login; who has signed in already sets it up on their own"
        }
        Rule::NoTwoFactor { declined: false } => {
            "write `two_factor: true`: it is asked for at the first login, and stays as it is where it is set up already"
        }
    };
    said.to_owned()
}

fn default_clinic(declared: bool, instead: &Suggestion) -> String {
    match (declared, instead) {
        (true, Suggestion::Nothing) => "add it to `clinics`".to_owned(),
        (true, Suggestion::OneOf(clinics)) => format!("add it to `clinics`, or choose one of: {}", clinics.join(", ")),
        (false, Suggestion::Nothing) => "take it out: no such clinic is declared".to_owned(),
        (false, Suggestion::OneOf(clinics)) => format!("choose one of: {}", clinics.join(", ")),
        (_, Suggestion::Near(near)) => format!("did you mean `{near}`?"),
    }
}

fn has_no(field: Field, catalog: &Catalog) -> String {
    format!("{} has no `{}`", catalog.name, field.key())
}

/// Why an admin cannot change a field, and what to do instead.
#[must_use]
pub fn immutable(why: &Immutable, field: Field, catalog: &Catalog) -> (String, &'static str) {
    match why {
        Immutable::NotOnPlatform => (has_no(field, catalog), "take it out of the YAML"),
        Immutable::MembersOwn { .. } => {
            let remedy = if field == Field::Email {
                "let the member change it (`formerly: [OLD ADDRESS]` then finds the same account); for another person, inactivate this one and invite the other"
            } else {
                "let the member change it, then write the new name here; for another person, inactivate this one and invite the other"
            };
            ("only the member can change it, in their own profile".to_owned(), remedy)
        }
    }
}

/// Why a difference is left as it is.
#[must_use]
pub const fn kept(why: Keep) -> &'static str {
    match why {
        Keep::MemberConfirmed => "the member confirmed it, and their word wins",
        Keep::BeforeFirstLogin => "it can be set before the first login only",
        Keep::LoginExisted => "the login existed before the invitation, and its own profile holds another",
    }
}
