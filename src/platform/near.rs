//! The nearest known address to a mistyped one.

use strsim::osa_distance;

use crate::yaml::letters;

/// Returns the known address closest to `address`: at most two letters differ, and few of those before the
/// `@`, so that another person's address is never suggested.
#[must_use]
pub fn nearest_address<'a>(address: &str, known: &[&'a str]) -> Option<&'a str> {
    let parts = |text: &str| text.rsplit_once('@').map(|(name, domain)| (letters(name), letters(domain)));
    let (name, domain) = parts(address)?;
    let limit = (name.chars().count() / 3).clamp(1, 2);
    known
        .iter()
        .filter_map(|k| {
            let (other, other_domain) = parts(k)?;
            let wrong = osa_distance(&name, &other);
            Some((wrong, wrong + osa_distance(&domain, &other_domain), *k))
        })
        .filter(|(wrong, all, _)| *wrong <= limit && *all <= 2)
        .min_by_key(|(_, all, _)| *all)
        .map(|(.., k)| k)
}

#[cfg(test)]
mod tests {
    use super::nearest_address;

    #[test]
    fn only_nearly_the_same_address_is_taken_for_a_slip() {
        let people = ["ana.ruiz@glow.example", "al@glow.example", "marcus.lee@glow.example"];
        assert_eq!(nearest_address("ana.riuz@glow.example", &people), Some("ana.ruiz@glow.example"));
        assert_eq!(nearest_address("ana.ruiz@glow.exampel", &people), Some("ana.ruiz@glow.example"));
        assert_eq!(nearest_address("bo@glow.example", &people), None, "another person");
        assert_eq!(nearest_address("olivia@glow.example", &people), None);
        assert_eq!(nearest_address("no address", &people), None);
    }
}
