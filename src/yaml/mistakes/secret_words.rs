//! Knows the keys that hold secrets, so that no mistake shows their values.

use super::suggest::nearest;

/// Words for keys that hold secrets, or would: the value of what may be one of them is never shown.
#[derive(Clone, Copy, Debug)]
pub struct SecretWords {
    /// Keys that hold secrets. A key that contains one, or is nearly one, may be meant for it.
    pub keys: &'static [&'static str],
    /// Words of other programs for secrets: a key that is one, or has one as its first or last part, may hold a secret.
    pub others: &'static [&'static str],
    /// Keys that are near to one of these words and hold no secret.
    pub harmless: &'static [&'static str],
    /// The keys of a map that says only where a secret is, or what should become of it.
    pub places: &'static [(&'static str, SecretPlace)],
    /// Words that say that there is a secret, beside yes and no.
    pub allowed: &'static [&'static str],
}

/// A longer line is not looked through word by word, since nobody writes one: all of it may be a secret (bytes).
pub(in crate::yaml) const LONGEST_LINE: usize = 10_000;

/// The form of a value that says where a secret is, or what should become of it.
#[derive(Clone, Copy, Debug)]
pub enum SecretPlace {
    /// The name of a variable.
    Variable,
    /// A text, such as a path.
    Text,
    /// A list of texts, such as a command.
    Texts,
    /// A day or a time.
    Time,
}

impl SecretWords {
    /// These words hide nothing.
    pub const NONE: Self = Self { keys: &[], others: &[], harmless: &[], places: &[], allowed: &[] };

    /// Returns whether a key may be meant for one that holds a secret.
    pub(in crate::yaml) fn may_be(self, word: &str) -> bool {
        // A word this short is not near any of them, and a hostile file may have very many. Nobody names a secret by an address.
        if word.len() < 3 || self.harmless.contains(&word) || word.contains('@') {
            return false;
        }
        let word = word.to_lowercase().replace(['-', ' '], "_");
        let is_part = |other: &&str| {
            word.strip_prefix(*other).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
                || word.strip_suffix(*other).is_some_and(|rest| rest.ends_with('_'))
        };
        self.keys.iter().any(|key| word.contains(key)) || self.others.iter().any(is_part) || nearest(&word, self.keys).is_some()
    }

    /// Returns whether a text may have a secret. Hostile files are large, and most have none: then nothing more is done for them.
    pub(in crate::yaml) fn may_be_in(self, text: &str) -> bool {
        let has_word = |line: &str| {
            let is_word = |word: &&str| line.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
            self.keys.iter().chain(self.others).any(is_word)
        };
        // A key can be written with backslashes.
        let has_key = |line: &str| line.contains('\\') || self.value_begins(line).is_some();
        text.lines().any(|line| if line.len() > LONGEST_LINE { has_word(line) } else { has_key(line) })
    }

    /// Returns where the value of a key that may hold a secret begins in a line (in characters).
    pub(in crate::yaml) fn value_begins(self, line: &str) -> Option<usize> {
        let mut found = self.word_ends(line);
        let mut key = String::new();
        for (at, c) in line.chars().enumerate() {
            match c {
                ':' | '=' | '：' => {
                    let last = key.split_whitespace().last().unwrap_or_default();
                    if self.may_be(key.trim()) || self.may_be(last) {
                        found = Some(found.map_or(at + 1, |found| found.min(at + 1)));
                        break;
                    }
                    key.clear();
                }
                '{' | '[' | '}' | ']' | ',' | '"' | '\'' | '?' => key.clear(),
                c => key.push(c),
            }
            // The quotes around a key end before its colon.
            if matches!(c, '"' | '\'') {
                key = quoted_before(line, at);
            }
        }
        found
    }

    /// Returns where the first word ends that contains a key, as far as no colon is behind it.
    fn word_ends(self, line: &str) -> Option<usize> {
        let lower: Vec<char> = line.chars().filter_map(|c| c.to_lowercase().next()).collect();
        let spelled: String = lower.iter().map(|c| if matches!(c, '-' | ' ') { '_' } else { *c }).collect();
        let begin = self
            .keys
            .iter()
            .filter_map(|key| spelled.find(key).map(|at| (spelled.get(..at).map_or(0, |s| s.chars().count()), key)))
            .min()?;
        let (begin, key) = (begin.0, begin.1.chars().count());
        let end = begin + key + lower.iter().skip(begin + key).take_while(|c| c.is_alphanumeric() || matches!(c, '_')).count();
        let rest = lower.iter().skip(end).collect::<String>();
        let behind = rest.trim_start_matches(['"', '\'', ' ']);
        if behind.starts_with(':') { Some(end + rest.chars().count() - behind.chars().count() + 1) } else { Some(end) }
    }
}

/// Returns the text in the quotes that end at a character; nothing where they begin there.
fn quoted_before(line: &str, end: usize) -> String {
    let chars: Vec<char> = line.chars().take(end).collect();
    let quote = line.chars().nth(end).unwrap_or('"');
    chars.iter().rposition(|c| *c == quote).map_or_else(String::new, |at| chars.iter().skip(at + 1).collect())
}
