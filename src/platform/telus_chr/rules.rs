//! Rules of TELUS CHR beyond its catalog: which users must be practitioners (CHR-2), and its recommendations (CHR-5).

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
        let Some(rule) = catalog.field(Field::Needs) else { return Vec::new() };
        let violation = |need: &str| {
            let because = rule.because.get(need)?.clone();
            let requirement = rule.source.clone().unwrap_or_default().into();
            let rule = Rule::NeedsOtherRole { because: because.into() };
            Some(Violation { field: Field::Needs, entry: Some(need.to_owned()), rule, requirement })
        };
        candidate.fields.items(Field::Needs).into_iter().filter_map(violation).collect()
    }

    fn warnings(&self, candidate: &Candidate<'_>) -> Vec<Violation> {
        // Only the roster is known here: the account itself may have it already, and its first login may be long ago.
        let declined = match candidate.fields.flag(Field::TwoFactor) {
            Some(true) => return Vec::new(),
            Some(false) => true,
            None => false,
        };
        vec![Violation { field: Field::TwoFactor, entry: None, rule: Rule::NoTwoFactor { declined }, requirement: "CHR-5".into() }]
    }
}
