//! Rules of Aesthetic Record beyond its catalog: provider settings (AR-9), the medical director behind them, and colors.

use crate::model::{Email, Field, OwnRule, ValueRef, Violation};

use crate::platform::rules::{BrokenRule, Rules};
use crate::platform::{Candidate, Catalog, Clash, Surroundings};

use super::broken::Broken;
use super::{colors, director};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct AestheticRecord;

/// The fields that a goal can count.
const GOALS: [Field; 2] = [Field::GoalProcedures, Field::GoalSalesUsd];

impl Rules for AestheticRecord {
    fn violations(&self, catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        let mut found = Vec::new();
        if candidate.fields.flag(Field::Provider) == Some(true) {
            provider(catalog, candidate, around, &mut found);
        } else {
            for (field, value) in candidate.fields.iter() {
                if field.switch() == Some(Field::Provider) && !value.is_off(field) {
                    found.push(Broken::ProviderSetting.violation(field, catalog));
                }
            }
        }
        found
    }

    fn clashes(&self, catalog: &Catalog, accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
        colors::repeated(catalog, accounts)
    }

    fn relies_on<'v>(&self, value: &dyn Fn(Field) -> Option<ValueRef<'v>>) -> Option<&'v str> {
        director::named(value)
    }

    fn supervises(&self, role: &str) -> bool {
        director::is_one(role)
    }

    fn cannot_return(&self, catalog: &Catalog, email: &Email, waits_for: &dyn Fn(&Email) -> Option<Email>) -> Option<Violation> {
        director::circle(catalog, email, waits_for)
    }

    fn required_in_maps(&self) -> &'static [Field] {
        &[Field::MdConsent, Field::GoalsPer]
    }

    fn own_rule(&self, rule: &OwnRule) -> Option<Box<dyn BrokenRule>> {
        rule.read::<Broken>().map(|broken| Box::new(broken) as Box<dyn BrokenRule>)
    }
}

/// Checks the rules for providers.
fn provider(catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    match candidate.fields.get(Field::MdConsent).unwrap_or(ValueRef::Unset) {
        ValueRef::Unset => found.push(Broken::MdConsentMissing.violation(Field::MdConsent, catalog)),
        ValueRef::Text(director) => found.extend(director::check(catalog, candidate, director, around)),
        ValueRef::Flag(_) | ValueRef::Number(_) | ValueRef::List(_) | ValueRef::Set(_) | ValueRef::Changes { .. } => {}
    }
    let number = |field: Field| candidate.fields.get(field).and_then(ValueRef::as_number);
    let has_goal = GOALS.into_iter().any(|field| number(field).is_some());
    match candidate.fields.text(Field::GoalsPer) {
        Some(per) if Field::GoalsPer.definition().only.contains(&per) => {
            if !has_goal {
                found.push(Broken::GoalsWithoutNumber.violation(Field::GoalProcedures, catalog));
            }
        }
        Some(other) => found.push(Broken::GoalsPerUnknown { per: other.to_owned() }.violation(Field::GoalsPer, catalog)),
        None => {
            if has_goal {
                found.push(Broken::GoalsWithoutPer.violation(Field::GoalsPer, catalog));
            }
        }
    }
    for field in GOALS {
        if let Some(number) = number(field).filter(|number| *number < 0) {
            found.push(Broken::GoalNegative { number }.violation(field, catalog));
        }
    }
    if candidate.fields.flag(Field::NotifySms) == Some(true) && candidate.fields.get(Field::Phones).is_some_and(|v| v.is_empty()) {
        found.push(Broken::NotificationPhone.violation(Field::NotifySms, catalog));
    }
}
