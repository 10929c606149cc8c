//! Prepares places in a file for display: the line, cut if it is long, with secrets masked.

use super::finding::{Finding, Spot};
use super::zones::Zones;
use crate::yaml::text::{self, Lines, Span, small};
use crate::yaml::visible::is_invisible;

/// The most characters of a line that are handed to the renderer, which cuts them to the width of a terminal.
const WIDTH: usize = 1_000;

/// Says that a text cannot be parsed, where more would repeat a secret.
const NOT_YAML: &str = "not valid YAML";

/// Says what to do where more would repeat a secret.
const IN_QUOTES: &str = "put the text in quotes; if it is a secret, write where to find it instead";

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
    zones: Zones,
}

impl<'s> Marks<'s> {
    /// Prepares a file, of which these parts are hidden.
    pub(in crate::yaml) fn new(name: &'s str, bytes: &'s [u8], hidden: Vec<Span>) -> Self {
        let text = text::text(bytes).ok().map(|t| (t, Lines::new(t)));
        let zones = text.as_ref().map(|(text, _)| Zones::new(text, hidden)).unwrap_or_default();
        Self { name, bytes, text, zones }
    }

    /// The mark of a spot.
    pub(crate) fn mark(&self, spot: Spot) -> Mark {
        let bare = |line, column| Mark { file: self.name.to_owned(), line, column, excerpt: String::new(), marked: (0, 0) };
        match (spot, &self.text) {
            (Spot::Text(span), Some((text, lines))) => self.excerpt(text, lines, span),
            (Spot::Byte(byte), _) => {
                let before = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.bytes).get(..byte).unwrap_or_default();
                let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
                let number = before.split(|b| *b == b'\n').count();
                bare(small(number), small(String::from_utf8_lossy(line).chars().count() + 1))
            }
            (Spot::Text(_) | Spot::File, _) => bare(0, 0),
        }
    }

    fn excerpt(&self, text: &str, lines: &Lines, span: Span) -> Mark {
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
            excerpt.push(if self.zones.hides(number) {
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

    /// Returns what a finding says: its message, and its hint. Neither repeats a secret.
    pub(crate) fn sentences(&self, finding: &Finding) -> (String, Option<String>) {
        let Spot::Text(place) = finding.spot else { return (finding.message.clone(), finding.hint.clone()) };
        // The sentences about a secret itself repeat nothing, and say what to write.
        if finding.hidden == Some(place) {
            return (finding.message.clone(), finding.hint.clone());
        }
        let message = match self.zones.redacted(&finding.message, place) {
            Some(_) if finding.unparsed => NOT_YAML.to_owned(),
            Some(redacted) => redacted,
            None => finding.message.clone(),
        };
        let is_open = |hint: &String| self.zones.redacted(hint, place).is_none();
        let hint = finding.hint.clone().map(|hint| if is_open(&hint) { hint } else { IN_QUOTES.to_owned() });
        (message, hint)
    }
}
