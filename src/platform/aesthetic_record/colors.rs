//! The colors by which a calendar tells the appointments of a clinic's providers apart (AR-8).

use std::collections::BTreeSet;

use crate::model::{Email, Field, Rule, Violation};

use crate::platform::{Candidate, Clash};

/// Lists providers who have the color of another provider of the same clinic.
pub(super) fn repeated(accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
    let mut taken: Vec<(&str, &str, usize, &Email)> = Vec::new();
    for (at, Candidate { email, fields, active, main_admin: _ }) in accounts.enumerate() {
        let Some(color) = fields.text(Field::AppointmentColor) else { continue };
        if fields.flag(Field::Provider) != Some(true) || !active {
            continue;
        }
        taken.extend(fields.items(Field::Clinics).into_iter().map(|clinic| (color, clinic, at, email)));
    }
    // Sorted once: a map of all clinics and colors costs more than everything else of a plan's warnings.
    taken.sort_unstable_by_key(|(color, clinic, at, _)| (*color, *clinic, *at));
    let mut pairs: Vec<(usize, &str, &Email, &Email)> = Vec::new();
    for (first, second) in taken.iter().zip(taken.iter().skip(1)).filter(|(one, other)| (one.0, one.1) == (other.0, other.1)) {
        pairs.push((second.2, second.1, first.3, second.3));
    }
    pairs.sort_unstable_by_key(|(at, clinic, ..)| (*at, *clinic));
    let mut reported: BTreeSet<&Email> = BTreeSet::new();
    let mut found = Vec::new();
    for (_, clinic, first, second) in pairs.into_iter().filter(|(.., second)| reported.insert(second)) {
        let rule = Rule::SameColor { first: first.clone(), second: second.clone(), clinic: clinic.to_owned() };
        let violation = Violation { field: Field::AppointmentColor, entry: None, rule, requirement: "AR-8".into() };
        found.push(Clash { user: second.clone(), other: first.clone(), violation });
    }
    found
}
