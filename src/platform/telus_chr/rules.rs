//! What TELUS CHR allows beyond its catalog: who must be a practitioner (CHR-2), and what it recommends (CHR-5).

use crate::model::{Field, Rule, Violation};

use crate::platform::rules::Rules;
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
        let known = catalog.field(Field::Needs).map_or(&[][..], |rule| &rule.allowed);
        candidate
            .fields
            .items(Field::Needs)
            .into_iter()
            .filter(|need| known.iter().any(|k| k == need))
            .map(|need| Violation {
                field: Field::Needs,
                entry: Some(need.to_owned()),
                rule: Rule::NeedsOtherRole { because: why(need).into() },
                requirement: "CHR-2".into(),
            })
            .collect()
    }

    fn warnings(&self, candidate: &Candidate<'_>) -> Vec<Violation> {
        // Only what the YAML says is known here: the account itself may have it already, and its first login may be long ago.
        let declined = match candidate.fields.flag(Field::TwoFactor) {
            Some(true) => return Vec::new(),
            Some(false) => true,
            None => false,
        };
        vec![Violation { field: Field::TwoFactor, entry: None, rule: Rule::NoTwoFactor { declined }, requirement: "CHR-5".into() }]
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
