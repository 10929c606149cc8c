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
    match candidate.fields.get(Field::MdConsent).unwrap_or(ValueRef::Unset) {
        ValueRef::Unset => found.push(violation(Field::MdConsent, Rule::MdConsentMissing)),
        ValueRef::Text(director) => director_of(candidate, director, around, found),
        ValueRef::Flag(_) | ValueRef::Number(_) | ValueRef::List(_) | ValueRef::Set(_) | ValueRef::Changes { .. } => {}
    }
    let number = |field: Field| candidate.fields.get(field).and_then(ValueRef::as_number);
    let has_goal = GOALS.into_iter().any(|field| number(field).is_some());
    match candidate.fields.text(Field::GoalsPer) {
        Some("week" | "month") => {
            if !has_goal {
                found.push(violation(Field::GoalProcedures, Rule::GoalsWithoutNumber));
            }
        }
        Some(other) => found.push(violation(Field::GoalsPer, Rule::GoalsPerUnknown { per: other.to_owned() })),
        None => {
            if has_goal {
                found.push(violation(Field::GoalsPer, Rule::GoalsWithoutPer));
            }
        }
    }
    for field in GOALS {
        if let Some(number) = number(field).filter(|number| *number < 0) {
            found.push(violation(field, Rule::GoalNegative { number }));
        }
    }
    if candidate.fields.flag(Field::NotifySms) == Some(true) && candidate.fields.get(Field::Phones).is_some_and(|v| v.is_empty()) {
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
