//! Hides the parts of a text where a secret is, or may be, so that no mistake shows a character of it.

use crate::yaml::text::Span;

/// The parts of a text that are hidden.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// Sorted, and none touches the next one.
    parts: Vec<Span>,
    chars: Vec<char>,
}

impl Zones {
    /// Hides parts of a text.
    pub(super) fn new(text: &str, mut parts: Vec<Span>) -> Self {
        parts.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(parts.len());
        for part in parts {
            match merged.last_mut() {
                Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
                Some(_) | None => merged.push(part),
            }
        }
        let chars = if merged.is_empty() { Vec::new() } else { text.chars().collect() };
        Self { parts: merged, chars }
    }

    /// Returns the part that has a character.
    fn part(&self, char: u32) -> Option<Span> {
        let after = self.parts.partition_point(|part| part.start <= char);
        self.parts.get(after.checked_sub(1)?).copied().filter(|part| char < part.end)
    }

    /// Returns whether a character is hidden; blanks between a key and its value are not.
    pub(super) fn hides(&self, char: u32) -> bool {
        let is_blank = |c: &char| matches!(c, ' ' | ':' | '\t');
        self.part(char).is_some_and(|part| {
            let before = self.chars.get(part.start as usize..=char as usize).unwrap_or_default();
            // Only the first few characters of a zone can be such blanks.
            before.len() > 16 || !before.iter().all(is_blank)
        })
    }

    /// Returns a sentence about a place in a zone without what it quotes, where it quotes anything; `None` anywhere else. Even one word of a secret
    /// is too much, and a quoted word may be one although the text does not have it in this form.
    pub(super) fn redacted(&self, sentence: &str, place: Span) -> Option<String> {
        self.part(place.start)?;
        let (before, quoted) = sentence.split_once('`')?;
        let behind = quoted.rsplit_once('`').map_or("", |(_, behind)| behind);
        Some(format!("{before}`…`{behind}"))
    }
}
