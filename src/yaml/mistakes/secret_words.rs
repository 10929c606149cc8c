//! Knows the keys that hold secrets, so that no mistake shows their values.

use super::suggest::nearest;

/// Words for keys that hold secrets, or would: the value of what may be one of them is never shown.
#[derive(Clone, Copy, Debug)]
pub struct SecretWords(pub &'static [&'static str]);

impl SecretWords {
    /// Returns whether an unknown key may be meant for one that holds a secret.
    pub(in crate::yaml) fn may_be(self, word: &str) -> bool {
        // A word this short is not near any of them, and a hostile file may have very many.
        if word.len() < 3 {
            return false;
        }
        let word = word.to_lowercase().replace(['-', ' '], "_");
        self.0.iter().any(|key| word.contains(key)) || nearest(&word, self.0).is_some()
    }

    /// Returns where the value of a key that holds secrets begins in a line (in characters).
    pub(in crate::yaml) fn value_begins(self, line: &str) -> Option<usize> {
        let lower = line.to_lowercase();
        let key = self.0.iter().filter_map(|k| lower.find(k)).min()?;
        let colon = lower.get(key..)?.find(':')? + key;
        Some(lower.get(..=colon)?.chars().count())
    }
}
