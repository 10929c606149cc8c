//! Rules of Aesthetic Record beyond its catalog: provider settings and the medical director behind them (AR-9).

use crate::model::{Field, Rule, ValueRef, Violation};

use crate::platform::rules::Rules;
use crate::platform::{Candidate, Catalog, Surroundings};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct AestheticRecord;

const MEDICAL_DIRECTOR: &str = "medical-director";
/// The fields that a goal can count.
const GOALS: [Field; 2] = [Field::GoalProcedures, Field::GoalSalesUsd];

impl Rules for AestheticRecord {
    fn violations(&self, _catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        let mut found = Vec::new();
        if candidate.fields.flag(Field::Provider) == Some(true) {
            provider(candidate, around, &mut found);
        } else {
            for (field, value) in candidate.fields.iter() {
                if field.is_provider_setting() && !value.is_empty() {
                    found.push(violation(field, Rule::ProviderSetting));
                }
            }
        }
        found
    }

    fn supervises(&self, role: &str) -> bool {
        role == MEDICAL_DIRECTOR
    }
}

/// Checks the rules for providers.
fn provider(candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    match candidate.fields.get(Field::MdConsent) {
        None | Some(ValueRef::Unset) => found.push(violation(Field::MdConsent, Rule::MdConsentMissing)),
        Some(ValueRef::Text(director)) => director_of(candidate, director, around, found),
        Some(_) => {}
    }
    match candidate.fields.text(Field::GoalsPer) {
        Some("week" | "month") => {
            let has_number = |field: &Field| matches!(candidate.fields.get(*field), Some(ValueRef::Number(_)));
            if !GOALS.iter().any(has_number) {
                found.push(violation(Field::GoalProcedures, Rule::GoalsWithoutNumber));
            }
        }
        Some(other) => found.push(violation(Field::GoalsPer, Rule::GoalsPerUnknown { per: other.to_owned() })),
        None => {
            for field in GOALS {
                if matches!(candidate.fields.get(field), Some(ValueRef::Number(_))) {
                    found.push(violation(Field::GoalsPer, Rule::GoalsWithoutPer));
                    break;
                }
            }
        }
    }
    for field in GOALS {
        if let Some(ValueRef::Number(number)) = candidate.fields.get(field)
            && number < 0
        {
            found.push(violation(field, Rule::GoalNegative { number }));
        }
    }
    if candidate.fields.flag(Field::NotifySms) == Some(true) && matches!(candidate.fields.get(Field::Phones), Some(v) if v.is_empty()) {
        found.push(violation(Field::NotifySms, Rule::NotificationPhone));
    }
}

/// Checks the medical director of a provider: another user, with that role, and active.
fn director_of(candidate: &Candidate<'_>, director: &str, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    let rule = if director == candidate.email.as_str() {
        Some(Rule::OwnDirector)
    } else {
        let director = director.to_owned();
        match around.colleague(&director) {
            None => Some(Rule::DirectorUnknown { director }),
            Some((role, _)) if role != MEDICAL_DIRECTOR => Some(Rule::DirectorOtherRole { director, role }),
            Some((_, false)) if candidate.active => Some(Rule::DirectorInactive { director }),
            Some(_) => None,
        }
    };
    found.extend(rule.map(|rule| violation(Field::MdConsent, rule)));
}

fn violation(field: Field, rule: Rule) -> Violation {
    Violation { field, entry: None, rule, requirement: "AR-9".into() }
}
