//! Rules of TELUS CHR beyond its catalog: which users must be practitioners (CHR-2), and its recommendations (CHR-5).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Field, OwnRule, Rule, Violation};

use crate::platform::naming::Naming;
use crate::platform::rules::{BrokenRule, Rules};
use crate::platform::{Candidate, Catalog, Surroundings};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct TelusChr;

const STAFF: &str = "staff";

impl Rules for TelusChr {
    fn violations(&self, catalog: &Catalog, candidate: &Candidate<'_>, _around: &dyn Surroundings) -> Vec<Violation> {
        if candidate.fields.text(Field::Role) != Some(STAFF) {
            return Vec::new();
        }
        let Some(rule) = catalog.field(Field::Needs) else { return Vec::new() };
        let violation = |need: &str| {
            let because = rule.because.get(need)?.clone();
            let requirement = rule.source.clone().unwrap_or_default().into();
            let broken = ChrBroken::NeedsOtherRole { because: because.into() };
            Some(broken.violation(Field::Needs, Some(need.to_owned()), requirement))
        };
        candidate.fields.items(Field::Needs).into_iter().filter_map(violation).collect()
    }

    fn warnings(&self, catalog: &Catalog, candidate: &Candidate<'_>) -> Vec<Violation> {
        // Only the roster is known here: the account itself may have it already, and its first login may be long ago.
        let declined = match candidate.fields.flag(Field::TwoFactor) {
            Some(true) => return Vec::new(),
            Some(false) => true,
            None => false,
        };
        vec![ChrBroken::NoTwoFactor { declined }.violation(Field::TwoFactor, None, catalog.source(Field::TwoFactor))]
    }

    fn own_rule(&self, rule: &OwnRule) -> Option<Box<dyn BrokenRule>> {
        rule.read::<ChrBroken>().map(|broken| Box::new(broken) as Box<dyn BrokenRule>)
    }
}

/// A rule beyond the catalog that an account can break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ChrBroken {
    /// The role does not allow a declared need, for a reason that the catalog has.
    NeedsOtherRole { because: Cow<'static, str> },
    /// The user has no second factor; `declined` if the roster says so explicitly.
    NoTwoFactor { declined: bool },
}

impl ChrBroken {
    /// Makes the violation of a field.
    fn violation(&self, field: Field, entry: Option<String>, requirement: Cow<'static, str>) -> Violation {
        Violation { field, entry, rule: Rule::Own(OwnRule::new(self)), requirement }
    }
}

impl BrokenRule for ChrBroken {
    fn code(&self) -> &'static str {
        match self {
            Self::NeedsOtherRole { .. } => "staff-with-practitioner-needs",
            Self::NoTwoFactor { .. } => "no-two-factor",
        }
    }

    fn message(&self, violation: &Violation, _: Naming, _: &Catalog) -> String {
        match self {
            Self::NeedsOtherRole { because } => {
                format!("staff cannot have `{}`: {because}", violation.entry.as_deref().unwrap_or_default())
            }
            Self::NoTwoFactor { declined: true } => "the roster turns two-factor authentication off".to_owned(),
            Self::NoTwoFactor { declined: false } => "the roster does not require two-factor authentication".to_owned(),
        }
    }

    fn hint(&self, _: &Violation, naming: Naming, _: &Catalog) -> String {
        let said = match self {
            Self::NeedsOtherRole { .. } => {
                naming.pick("remove the need, or write `type: practitioner`", "remove the need, or give the role `practitioner`")
            }
            Self::NoTwoFactor { declined: true } => {
                "write `two_factor: true`: users set it up at their first login; those who have already signed in set it up themselves"
            }
            Self::NoTwoFactor { declined: false } => {
                "write `two_factor: true`: users set it up at their first login; where it is already set up, nothing changes"
            }
        };
        said.to_owned()
    }

    fn hint_in_workspace(&self, violation: &Violation, catalog: &Catalog) -> String {
        match self {
            Self::NeedsOtherRole { .. } => format!("write `{}: []`, or keep the role", catalog.yaml_key(violation.field)),
            Self::NoTwoFactor { .. } => self.hint(violation, Naming::Roster, catalog),
        }
    }
}
