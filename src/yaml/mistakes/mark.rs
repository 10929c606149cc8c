//! Prepares places in a file for display: the line, cut if it is long, with secrets masked.

use super::finding::{Finding, Spot};
use super::secret_words::SecretWords;
use crate::yaml::text::{self, Lines, Span, small};
use crate::yaml::visible::is_invisible;

/// The most characters of a line that are handed to the renderer, which cuts them to the width of a terminal.
const WIDTH: usize = 1_000;

/// A place in a file with its line, cut and masked where needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) file: String,
    /// From 1; 0 if the whole file is meant.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    pub(crate) excerpt: String,
    /// The marked part of the excerpt, in bytes.
    pub(crate) marked: (usize, usize),
}

/// A file, with the parts of it that must be hidden.
pub(crate) struct Marks<'s> {
    name: &'s str,
    bytes: &'s [u8],
    text: Option<(&'s str, Lines)>,
    masks: Vec<Span>,
    secrets: SecretWords,
}

impl<'s> Marks<'s> {
    /// Prepares a file for showing these findings.
    pub(crate) fn new(name: &'s str, bytes: &'s [u8], findings: &[Finding], secrets: SecretWords) -> Self {
        let text = text::text(bytes).ok().map(|t| (t, Lines::new(t)));
        let mut masks: Vec<Span> = findings.iter().filter_map(|f| f.hidden).collect();
        masks.sort_unstable();
        Self { name, bytes, text, masks, secrets }
    }

    /// The mark of a spot.
    pub(crate) fn mark(&self, spot: Spot, unparsed: bool) -> Mark {
        let bare = |line, column| Mark { file: self.name.to_owned(), line, column, excerpt: String::new(), marked: (0, 0) };
        match (spot, &self.text) {
            (Spot::Text(span), Some((text, lines))) => self.excerpt(text, lines, span, unparsed),
            (Spot::Byte(byte), _) => {
                let before = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.bytes).get(..byte).unwrap_or_default();
                let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
                let number = before.split(|b| *b == b'\n').count();
                bare(small(number), small(String::from_utf8_lossy(line).chars().count() + 1))
            }
            (Spot::Text(_) | Spot::File, _) => bare(0, 0),
        }
    }

    fn excerpt(&self, text: &str, lines: &Lines, span: Span, unparsed: bool) -> Mark {
        let at = lines.position(text, span.start);
        let (before, after) = text.split_at_checked(at.byte as usize).unwrap_or((text, ""));
        let mut begin: Vec<char> = before.chars().rev().take_while(|c| *c != '\n').take(WIDTH / 2).collect();
        begin.reverse();
        let cut = begin.len() < at.column() as usize;
        // A line may be very long, and is shown for every mistake in it. One character more than is shown says that the line continues.
        let near = after.char_indices().nth(WIDTH + 1).map_or(after, |(end, _)| after.get(..end).unwrap_or_default());
        let rest = match near.split_once('\n') {
            Some((line, _)) => line.trim_end_matches('\r'),
            None if near.len() == after.len() => near.trim_end_matches('\r'),
            None => near,
        };
        let first = span.start - small(begin.len());
        let hidden = match (unparsed, cut) {
            (true, true) => Some(0),
            (true, false) => self.secrets.value_begins(&begin.iter().copied().chain(rest.chars().take(WIDTH)).collect::<String>()),
            (false, _) => None,
        };
        let mut excerpt = String::from(if cut { "…" } else { "" });
        let mut marked = (0, 0);
        for (i, c) in begin.iter().copied().chain(rest.chars()).enumerate() {
            if i == WIDTH {
                excerpt.push('…');
                break;
            }
            let number = first + small(i);
            if number == span.start {
                marked.0 = excerpt.len();
            }
            let masked = self.is_masked(number) || hidden.is_some_and(|from| i >= from);
            excerpt.push(if masked {
                '*'
            } else if c == '\t' {
                '→'
            } else if is_invisible(c) {
                '\u{fffd}'
            } else {
                c
            });
            if number >= span.start && number < span.end.max(span.start + 1) {
                marked.1 = excerpt.len();
            }
        }
        if marked.1 <= marked.0 {
            marked = (excerpt.len(), excerpt.len());
        }
        Mark { file: self.name.to_owned(), line: at.line + 1, column: at.column() + 1, excerpt, marked }
    }

    /// Returns whether a character is part of a secret.
    fn is_masked(&self, char: u32) -> bool {
        let after = self.masks.partition_point(|m| m.start <= char);
        self.masks.get(..after).is_some_and(|begun| begun.iter().any(|m| char < m.end))
    }
}
