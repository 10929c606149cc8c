//! What Aesthetic Record allows beyond its catalog: provider settings and the medical director behind them (AR-9).

use crate::model::{Field, ValueRef};

use crate::platform::rules::Rules;
use crate::platform::{Candidate, Catalog, Surroundings, Violation};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct AestheticRecord;

const MEDICAL_DIRECTOR: &str = "medical-director";
/// What goals count.
const GOALS: [Field; 2] = [Field::GoalProcedures, Field::GoalSalesUsd];

impl Rules for AestheticRecord {
    fn violations(&self, _catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        let mut found = Vec::new();
        if candidate.fields.flag(Field::Provider) == Some(true) {
            provider(candidate, around, &mut found);
        } else {
            for (field, value) in candidate.fields.iter() {
                if field.is_provider_setting() && !value.is_empty() {
                    found.push(violation(
                        field,
                        "provider-setting",
                        format!("`{}` is a provider setting, but the user does not work as provider", field.key()),
                        "put it under `provider:`, or take it out",
                    ));
                }
            }
        }
        found
    }

    fn supervises(&self, role: &str) -> bool {
        role == MEDICAL_DIRECTOR
    }
}

/// The rules of who works as provider.
fn provider(candidate: &Candidate<'_>, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    match candidate.fields.get(Field::MdConsent) {
        None | Some(ValueRef::Unset) => found.push(violation(
            Field::MdConsent,
            "md-consent-missing",
            "`md_consent` must be said for who works as provider".to_owned(),
            "write `md_consent: ADDRESS` of a medical director, or `md_consent: false`",
        )),
        Some(ValueRef::Text(director)) => director_of(candidate, director, around, found),
        Some(_) => {}
    }
    match candidate.fields.text(Field::GoalsPer) {
        Some("week" | "month") => {
            let has_number = |field: &Field| matches!(candidate.fields.get(*field), Some(ValueRef::Number(_)));
            if !GOALS.iter().any(has_number) {
                found.push(violation(
                    Field::GoalProcedures,
                    "goals-without-number",
                    "goals without a number".to_owned(),
                    "add `procedures: NUMBER`, `sales_usd: NUMBER` or both",
                ));
            }
        }
        Some(other) => found.push(violation(
            Field::GoalsPer,
            "goals",
            format!("goals per `{other}` are not known"),
            "write `per: week` or `per: month`",
        )),
        None => {
            for field in GOALS {
                if matches!(candidate.fields.get(field), Some(ValueRef::Number(_))) {
                    found.push(violation(
                        Field::GoalsPer,
                        "goals-without-per",
                        "goals without `per`".to_owned(),
                        "add `per: week` or `per: month`",
                    ));
                    break;
                }
            }
        }
    }
    for field in GOALS {
        if let Some(ValueRef::Number(n)) = candidate.fields.get(field)
            && n < 0
        {
            found.push(violation(field, "goals", format!("a goal of {n}"), "write a number from 0"));
        }
    }
    if candidate.fields.flag(Field::NotifySms) == Some(true) && matches!(candidate.fields.get(Field::Phones), Some(v) if v.is_empty()) {
        found.push(violation(
            Field::NotifySms,
            "notification-phone",
            "check-in notifications by SMS need a phone".to_owned(),
            "add one under `phones`, or switch `sms` off",
        ));
    }
}

/// The rules of the medical director somebody names: not oneself, that role itself, active.
fn director_of(candidate: &Candidate<'_>, director: &str, around: &dyn Surroundings, found: &mut Vec<Violation>) {
    let problem = if director == candidate.email.as_str() {
        Some(("nobody is their own medical director".to_owned(), "name another medical director"))
    } else {
        match around.colleague(director) {
            None => Some((
                format!("medical director `{director}` is no user of this workspace"),
                "name one who is, with role `medical-director`",
            )),
            Some((role, _)) if role != MEDICAL_DIRECTOR => Some((
                format!("`{director}` has the role `{role}`, not `medical-director`"),
                "name a user whose role is `medical-director` itself",
            )),
            Some((_, false)) if candidate.active => Some((format!("medical director `{director}` is inactive"), "name one who is active")),
            Some(_) => None,
        }
    };
    if let Some((message, hint)) = problem {
        found.push(violation(Field::MdConsent, "medical-director", message, hint));
    }
}

fn violation(field: Field, code: &'static str, message: String, hint: &str) -> Violation {
    Violation { field, entry: None, code, requirement: "AR-9", message, hint: hint.to_owned() }
}
