//! Rules of Aesthetic Record beyond its catalog: provider settings (AR-9), the medical director behind them, and colors.

use crate::model::{Email, Field, OwnRule, ValueRef, Violation};

use crate::platform::rules::{BrokenRule, Rules};
use crate::platform::{Candidate, Catalog, Clash, Surroundings};

use super::broken::{Broken, violation};
use super::{colors, director};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct AestheticRecord;

/// The fields that a goal can count.
const GOALS: [Field; 2] = [Field::GoalProcedures, Field::GoalSalesUsd];

impl Rules for AestheticRecord {
    fn violations(&self, _catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        let mut found = Vec::new();
        if candidate.fields.flag(Field::Provider) == Some(true) {
            provider(candidate, around, &mut found);
        } else {
            for (field, value) in candidate.fields.iter() {
                if field.switch() == Some(Field::Provider) && !value.is_empty() {
                    found.push(violation(field, &Broken::ProviderSetting));
                }
            }
        }
        found
    }

    fn clashes(&self, accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
        colors::repeated(accounts)
    }

    fn relies_on<'v>(&self, value: &dyn Fn(Field) -> Option<ValueRef<'v>>) -> Option<&'v str> {
        director::named(value)
    }

    fn supervises(&self, role: &str) -> bool {
        director::is_one(role)
    }

    fn cannot_return(&self, email: &Email, waits_for: &dyn Fn(&Email) -> Option<Email>) -> Option<Violation> {
        director::circle(email, waits_for)
    }

    fn required_in_maps(&self) -> &'static [Field] {
        &[Field::MdConsent, Field::GoalsPer]
    }

    fn own_rule(&self, rule: &OwnRule) -> Option<Box<dyn BrokenRule>> {
        rule.read::<Broken>().map(|broken| Box::new(broken) as Box<dyn BrokenRule>)
    }
}

/// Checks the rules for providers.
fn provider(candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    match candidate.fields.get(Field::MdConsent).unwrap_or(ValueRef::Unset) {
        ValueRef::Unset => found.push(violation(Field::MdConsent, &Broken::MdConsentMissing)),
        ValueRef::Text(director) => found.extend(director::check(candidate, director, around)),
        ValueRef::Flag(_) | ValueRef::Number(_) | ValueRef::List(_) | ValueRef::Set(_) | ValueRef::Changes { .. } => {}
    }
    let number = |field: Field| candidate.fields.get(field).and_then(ValueRef::as_number);
    let has_goal = GOALS.into_iter().any(|field| number(field).is_some());
    match candidate.fields.text(Field::GoalsPer) {
        Some("week" | "month") => {
            if !has_goal {
                found.push(violation(Field::GoalProcedures, &Broken::GoalsWithoutNumber));
            }
        }
        Some(other) => found.push(violation(Field::GoalsPer, &Broken::GoalsPerUnknown { per: other.to_owned() })),
        None => {
            if has_goal {
                found.push(violation(Field::GoalsPer, &Broken::GoalsWithoutPer));
            }
        }
    }
    for field in GOALS {
        if let Some(number) = number(field).filter(|number| *number < 0) {
            found.push(violation(field, &Broken::GoalNegative { number }));
        }
    }
    if candidate.fields.flag(Field::NotifySms) == Some(true) && candidate.fields.get(Field::Phones).is_some_and(|v| v.is_empty()) {
        found.push(violation(Field::NotifySms, &Broken::NotificationPhone));
    }
}
