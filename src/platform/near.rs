//! The nearest valid word to a mistyped one.

/// The known word closest to `word`: at most a third of its letters wrong, the first one where several are as close.
#[must_use]
pub fn nearest<'a, S: AsRef<str>>(word: &str, known: &'a [S]) -> Option<&'a str> {
    let typed = letters(word);
    let limit = (typed.len().max(3) / 3).max(1);
    known
        .iter()
        // A hostile file has very many words: those whose length alone says no are not compared.
        .filter(|k| k.as_ref().chars().flat_map(char::to_lowercase).count().abs_diff(typed.len()) <= limit)
        .map(|k| (distance(&typed, &k.as_ref().to_lowercase().chars().collect::<Vec<_>>()), k.as_ref()))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// The known address closest to `address`: at most two letters wrong, and few of those before the `@`, so that no other person is meant.
#[must_use]
pub fn nearest_address<'a>(address: &str, known: &[&'a str]) -> Option<&'a str> {
    let parts = |text: &str| text.rsplit_once('@').map(|(name, domain)| (letters(name), letters(domain)));
    let (name, domain) = parts(address)?;
    let limit = (name.len() / 3).clamp(1, 2);
    known
        .iter()
        .filter_map(|k| {
            let (other, other_domain) = parts(k)?;
            let wrong = distance(&name, &other);
            Some((wrong, wrong + distance(&domain, &other_domain), *k))
        })
        .filter(|(wrong, all, _)| *wrong <= limit && *all <= 2)
        .min_by_key(|(_, all, _)| *all)
        .map(|(.., k)| k)
}

fn letters(word: &str) -> Vec<char> {
    word.to_lowercase().chars().take(64).collect()
}

/// Edits between two words, neighbours swapped counting once (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before_last: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, cb) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                best = best.min(before_last[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        before_last = last;
        last = row;
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_address};

    #[test]
    fn a_mistyped_word_finds_its_neighbour() {
        let roles = ["administrator", "provider", "front-desk"];
        assert_eq!(nearest("providr", &roles), Some("provider"));
        assert_eq!(nearest("frontdesk", &roles), Some("front-desk"));
        assert_eq!(nearest("surgeon", &roles), None);
    }

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
