//! The colors by which a calendar tells the appointments of a clinic's providers apart (AR-8).

use std::collections::BTreeSet;

use crate::model::{Email, Field, Texts};

use crate::platform::{Candidate, Catalog, Clash};

use super::broken::Broken;

/// A provider with a color.
struct Provider<'a> {
    color: &'a str,
    /// The position among all accounts.
    at: usize,
    email: &'a Email,
    clinics: Texts<'a>,
}

/// Lists providers who have the color of another provider of the same clinic.
pub(super) fn repeated(catalog: &Catalog, accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
    let provider = |(at, Candidate { email, fields, active, main_admin: _ })| {
        let color = fields.text(Field::AppointmentColor)?;
        let is_provider = active && fields.flag(Field::Provider) == Some(true);
        is_provider.then_some(Provider { color, at, email, clinics: fields.items(Field::Clinics) })
    };
    // Sorted once, and compared color by color: a list of all colors and clinics takes more memory than everything else of this check.
    let mut providers: Vec<Provider<'_>> = accounts.enumerate().filter_map(provider).collect();
    providers.sort_unstable_by_key(|provider| (provider.color, provider.at));
    let mut pairs: Vec<(usize, &str, &Email, &Email)> = Vec::new();
    for same in providers.chunk_by(|one, other| one.color == other.color) {
        let clinics = same.iter().flat_map(|provider| provider.clinics.into_iter().map(|clinic| (clinic, provider.at, provider.email)));
        let mut taken: Vec<(&str, usize, &Email)> = clinics.collect();
        taken.sort_unstable();
        let clashes = taken.iter().zip(taken.iter().skip(1)).filter(|(one, other)| one.0 == other.0);
        pairs.extend(clashes.map(|(first, second)| (second.1, second.0, first.2, second.2)));
    }
    pairs.sort_unstable_by_key(|(at, clinic, ..)| (*at, *clinic));
    let mut reported: BTreeSet<&Email> = BTreeSet::new();
    let mut found = Vec::new();
    for (_, clinic, first, second) in pairs.into_iter().filter(|(.., second)| reported.insert(second)) {
        let broken = Broken::SameColor { first: first.clone(), second: second.clone(), clinic: clinic.to_owned() };
        let violation = broken.violation(Field::AppointmentColor, catalog);
        found.push(Clash { user: second.clone(), other: first.clone(), violation });
    }
    found
}
