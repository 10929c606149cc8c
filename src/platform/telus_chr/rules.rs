//! What TELUS CHR allows beyond its catalog: who must be a practitioner (CHR-2), and what it recommends (CHR-5).

use crate::model::Field;

use crate::platform::rules::Rules;
use crate::platform::{Candidate, Catalog, Surroundings, Violation};

/// See the module.
#[derive(Debug)]
pub(in crate::platform) struct TelusChr;

const STAFF: &str = "staff";

impl Rules for TelusChr {
    fn violations(&self, catalog: &Catalog, candidate: &Candidate<'_>, _around: &dyn Surroundings) -> Vec<Violation> {
        if candidate.fields.text(Field::Role) != Some(STAFF) {
            return Vec::new();
        }
        let known = catalog.field(Field::Needs).map_or(&[][..], |rule| &rule.allowed);
        candidate
            .fields
            .items(Field::Needs)
            .into_iter()
            .filter(|need| known.iter().any(|k| k == need))
            .map(|need| Violation {
                field: Field::Needs,
                entry: Some(need.to_owned()),
                code: "staff-with-practitioner-needs",
                requirement: "CHR-2",
                message: format!("staff can not have `{need}`: {}", why(need)),
                hint: "write `type: practitioner`, or take the need out".to_owned(),
            })
            .collect()
    }

    fn warnings(&self, candidate: &Candidate<'_>) -> Vec<Violation> {
        // Only what the YAML says is known here: the account itself may have it already, and its first login may be long ago.
        let (message, hint) = match candidate.fields.flag(Field::TwoFactor) {
            Some(true) => return Vec::new(),
            Some(false) => (
                "the YAML wants no two-factor authentication",
                "write `two_factor: true`: it is asked for at the first login; who has signed in already sets it up on their own",
            ),
            None => (
                "the YAML does not ask for two-factor authentication",
                "write `two_factor: true`: it is asked for at the first login, and stays as it is where it is set up already",
            ),
        };
        vec![Violation {
            field: Field::TwoFactor,
            entry: None,
            code: "no-two-factor",
            requirement: "CHR-5",
            message: message.to_owned(),
            hint: hint.to_owned(),
        }]
    }
}

fn why(need: &str) -> &'static str {
    match need {
        "schedule" => "who has a schedule must be a practitioner",
        "billing" => "who bills must be a practitioner",
        "billed-for" => "who is billed for by others must be a practitioner",
        "lab-results" => "who receives electronic lab results must be a practitioner",
        _ => "who gives clinical care must be a practitioner",
    }
}
