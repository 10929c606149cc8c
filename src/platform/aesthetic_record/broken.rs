//! The rules of Aesthetic Record that an account can break, and what is said of them.

use serde::{Deserialize, Serialize};

use crate::model::{Email, Field, OwnRule, Rule, Violation};
use crate::platform::Catalog;
use crate::platform::naming::Naming;
use crate::platform::rules::{BrokenRule, Lack};
use crate::yaml::one_of;

/// A rule beyond the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Broken {
    /// A provider setting of a user who does not work as provider.
    ProviderSetting,
    /// A user who works as provider needs `md_consent`.
    MdConsentMissing,
    /// The goals have no number.
    GoalsWithoutNumber,
    /// The period of the goals is unknown.
    GoalsPerUnknown { per: String },
    /// The goals have no period.
    GoalsWithoutPer,
    /// A goal below zero.
    GoalNegative { number: i64 },
    /// The user gets notifications by SMS and has no phone.
    NotificationPhone,
    /// Users who name themselves as medical director.
    OwnDirector,
    /// The medical director is not a user of the workspace.
    DirectorUnknown { director: String },
    /// The medical director has another role.
    DirectorOtherRole { director: String, role: String },
    /// The medical director is inactive.
    DirectorInactive { director: String },
    /// Medical directors who are all inactive and name each other; `first` is the one who should become active.
    DirectorCircle { first: Email, others: Box<[Email]> },
    /// Two providers of one clinic have the same color; `first` had it first.
    SameColor { first: Email, second: Email, clinic: String },
}

impl Broken {
    /// Makes the violation of a field, with the requirement that the catalog names for the field.
    pub(super) fn violation(&self, field: Field, catalog: &Catalog) -> Violation {
        Violation { field, entry: None, rule: Rule::Own(OwnRule::new(self)), requirement: catalog.source(field) }
    }
}

/// Lists the possible periods of goals as they are written, such as `per: week`.
fn periods() -> String {
    let written: Vec<String> = Field::GoalsPer.definition().only.iter().map(|period| format!("per: {period}")).collect();
    one_of(&written)
}

impl BrokenRule for Broken {
    fn code(&self) -> &'static str {
        match self {
            Self::ProviderSetting => "provider-setting",
            Self::MdConsentMissing => "md-consent-missing",
            Self::GoalsWithoutNumber => "goals-without-number",
            Self::GoalsPerUnknown { .. } | Self::GoalNegative { .. } => "goals",
            Self::GoalsWithoutPer => "goals-without-per",
            Self::NotificationPhone => "notification-phone",
            Self::OwnDirector | Self::DirectorUnknown { .. } | Self::DirectorOtherRole { .. } | Self::DirectorInactive { .. } => {
                "medical-director"
            }
            Self::DirectorCircle { .. } => "md-circle",
            Self::SameColor { .. } => "same-color",
        }
    }

    fn lack(&self) -> Lack {
        match self {
            Self::MdConsentMissing => Lack::Value,
            Self::GoalsWithoutNumber | Self::GoalsWithoutPer => Lack::Part,
            Self::ProviderSetting
            | Self::GoalsPerUnknown { .. }
            | Self::GoalNegative { .. }
            | Self::NotificationPhone
            | Self::OwnDirector
            | Self::DirectorUnknown { .. }
            | Self::DirectorOtherRole { .. }
            | Self::DirectorInactive { .. }
            | Self::DirectorCircle { .. }
            | Self::SameColor { .. } => Lack::Nothing,
        }
    }

    fn message(&self, violation: &Violation, naming: Naming, catalog: &Catalog) -> String {
        match self {
            Self::ProviderSetting => {
                let key = naming.of_field(violation.field, catalog);
                format!("`{key}` is a provider setting, but the user is not a provider")
            }
            Self::MdConsentMissing => {
                format!("`{}` is missing; every provider must have it", naming.pick("md_consent", "provider.mdConsent"))
            }
            Self::GoalsWithoutNumber => "the goals have no number".to_owned(),
            Self::GoalsPerUnknown { per } => format!("goals cannot be set per `{per}`"),
            Self::GoalsWithoutPer => "`per` is missing from the goals".to_owned(),
            Self::GoalNegative { number } => format!("the goal {number} is negative"),
            Self::NotificationPhone => "check-in notifications by SMS require a phone number".to_owned(),
            Self::OwnDirector => "a provider cannot be their own medical director".to_owned(),
            Self::DirectorUnknown { director } => format!("medical director `{director}` is not a user of this workspace"),
            Self::DirectorOtherRole { director, role } => format!("`{director}` has the role `{role}`, not `medical-director`"),
            Self::DirectorInactive { director } => format!("medical director `{director}` is inactive"),
            Self::DirectorCircle { first, others } => {
                let others: Vec<&str> = others.iter().map(Email::as_str).collect();
                format!(
                    "{first} and {} are inactive and name each other as medical director, so neither can be reactivated first",
                    others.join(", ")
                )
            }
            Self::SameColor { first, second, clinic } => {
                format!("`{second}` and `{first}` have the same appointment color in `{clinic}`")
            }
        }
    }

    fn hint(&self, _: &Violation, naming: Naming, _: &Catalog) -> String {
        let said = match self {
            Self::ProviderSetting => naming.pick("remove it, or move it under `provider:`", "remove it, or set `provider.active` to true"),
            Self::MdConsentMissing => naming.pick(
                "write `md_consent: ADDRESS` with the address of a medical director, or `md_consent: false`",
                "set it to false, or to true with the userName of a medical director in `provider.medicalDirector`",
            ),
            Self::GoalsWithoutNumber => {
                naming.pick("add `procedures: NUMBER`, `sales_usd: NUMBER`, or both", "add `goals.procedures`, `goals.salesUsd`, or both")
            }
            Self::GoalsPerUnknown { .. } => return format!("write {}", periods()),
            Self::GoalsWithoutPer => return format!("add {}", periods()),
            Self::GoalNegative { .. } => "write 0 or a larger number",
            Self::NotificationPhone => naming.pick(
                "add one under `phones`, or write `sms: false`",
                "add one to `phoneNumbers`, or set `checkInNotifications.sms` to false",
            ),
            Self::OwnDirector => "choose another medical director",
            Self::DirectorUnknown { .. } => "choose a user of this workspace whose role is `medical-director`",
            Self::DirectorOtherRole { .. } => "choose a user whose role is `medical-director`",
            Self::DirectorInactive { .. } => "choose a medical director who is active",
            Self::DirectorCircle { .. } => naming.pick(
                "write `md_consent: false` for one of them and apply; then restore the medical director's address",
                "set `provider.mdConsent` to false for one of them, activate both, and name the medical director again",
            ),
            Self::SameColor { .. } => "choose another color for one of them, so that the calendar shows the difference",
        };
        said.to_owned()
    }
}
