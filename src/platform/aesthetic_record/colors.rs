//! The colors by which a calendar tells the appointments of a clinic's providers apart (AR-8).

use std::collections::{BTreeSet, HashMap};

use crate::model::{Email, Field, Rule, Violation};

use crate::platform::{Candidate, Clash};

/// Lists providers who have the color of another provider of the same clinic.
pub(super) fn repeated(accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
    let mut taken: HashMap<(&str, &str), &Email> = HashMap::new();
    let mut reported: BTreeSet<&Email> = BTreeSet::new();
    let mut found = Vec::new();
    for Candidate { email, fields, active, main_admin: _ } in accounts {
        let Some(color) = fields.text(Field::AppointmentColor) else { continue };
        if fields.flag(Field::Provider) != Some(true) || !active {
            continue;
        }
        for clinic in fields.items(Field::Clinics) {
            let Some(first) = taken.insert((clinic, color), email) else { continue };
            if reported.insert(email) {
                let rule = Rule::SameColor { first: first.clone(), second: email.clone(), clinic: clinic.to_owned() };
                let violation = Violation { field: Field::AppointmentColor, entry: None, rule, requirement: "AR-8".into() };
                found.push(Clash { user: email.clone(), other: first.clone(), violation });
            }
        }
    }
    found
}
