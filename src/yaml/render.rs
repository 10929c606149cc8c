//! Findings made presentable: the line they stand in, cut where it is long, secrets masked, and a marker.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::finding::{Finding, Spot};
use super::keys;
use super::mistake::{Mark, Mistake};
use super::text::{Lines, Span};

/// The most characters of a line that are handed to the renderer, which cuts them to the width of a terminal.
const WIDTH: usize = 1_000;
/// The most characters of a message or hint.
const MESSAGE: usize = 600;

/// A file of the roster with what is to be hidden in it.
pub(crate) struct Shown<'s> {
    name: &'s str,
    bytes: &'s [u8],
    text: Option<(&'s str, Lines)>,
    masks: Vec<Span>,
}

impl<'s> Shown<'s> {
    /// Prepares a file for showing these findings.
    pub(crate) fn new(name: &'s str, bytes: &'s [u8], findings: &[Finding]) -> Self {
        let text = super::text::text(bytes).ok().map(|t| (t, Lines::of(t)));
        let mut masks: Vec<Span> = findings.iter().filter_map(|f| f.hidden).collect();
        masks.sort_unstable();
        Self { name, bytes, text, masks }
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
                bare(super::text::small(number), super::text::small(String::from_utf8_lossy(line).chars().count() + 1))
            }
            _ => bare(0, 0),
        }
    }

    fn excerpt(&self, text: &str, lines: &Lines, span: Span, unparsed: bool) -> Mark {
        let at = lines.position(text, span.start);
        let (before, after) = text.split_at_checked(at.byte as usize).unwrap_or((text, ""));
        let mut begin: Vec<char> = before.chars().rev().take_while(|c| *c != '\n').take(WIDTH / 2).collect();
        begin.reverse();
        let cut = begin.len() < at.column() as usize;
        // A line may be very long, and be shown for every mistake in it. One character more than is shown tells that it goes on.
        let near = after.char_indices().nth(WIDTH + 1).map_or(after, |(end, _)| after.get(..end).unwrap_or_default());
        let rest = match near.split_once('\n') {
            Some((line, _)) => line.trim_end_matches('\r'),
            None if near.len() == after.len() => near.trim_end_matches('\r'),
            None => near,
        };
        let first = span.start - super::text::small(begin.len());
        let hidden = match (unparsed, cut) {
            (true, true) => Some(0),
            (true, false) => secret_from(&begin.iter().copied().chain(rest.chars().take(WIDTH)).collect::<String>()),
            (false, _) => None,
        };
        let mut excerpt = String::from(if cut { "…" } else { "" });
        let mut marked = (0, 0);
        for (i, c) in begin.iter().copied().chain(rest.chars()).enumerate() {
            if i == WIDTH {
                excerpt.push('…');
                break;
            }
            let number = first + super::text::small(i);
            if number == span.start {
                marked.0 = excerpt.len();
            }
            let masked = self.is_masked(number) || hidden.is_some_and(|from| i >= from);
            excerpt.push(if masked {
                '*'
            } else if c == '\t' {
                '→'
            } else if is_unseen(c) {
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

    /// Whether a character is part of a secret.
    fn is_masked(&self, char: u32) -> bool {
        let after = self.masks.partition_point(|m| m.start <= char);
        self.masks.get(..after).is_some_and(|begun| begun.iter().any(|m| char < m.end))
    }
}

/// Where the value of a key that holds secrets begins in a line (in characters).
fn secret_from(line: &str) -> Option<usize> {
    let lower = line.to_lowercase();
    let key = keys::SECRETS.iter().filter_map(|k| lower.find(k)).min()?;
    let colon = lower.get(key..)?.find(':')? + key;
    Some(lower.get(..=colon)?.chars().count())
}

/// Makes a finding presentable.
pub(crate) fn present(finding: &Finding, mark: Mark, also: Option<(Mark, &'static str)>) -> Mistake {
    Mistake { code: finding.code, message: clean(&finding.message), hint: finding.hint.as_deref().map(clean), mark, also }
}

/// Whether a character is a control, or changes how others are shown without being seen.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// One line without control characters, cut where it is very long.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        if i == MESSAGE {
            out.push('…');
            break;
        }
        if is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// A mistake or warning as a compiler would show it.
pub(crate) fn render(mistake: &Mistake, warning: bool, colour: bool) -> String {
    let level = if warning { Level::WARNING } else { Level::ERROR };
    let mut group = level.primary_title(mistake.message.as_str()).elements(place(&mistake.mark, AnnotationKind::Primary, None));
    if let Some((mark, label)) = &mistake.also {
        group = group.elements(place(mark, AnnotationKind::Context, Some(label)));
    }
    if let Some(hint) = &mistake.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let groups: [Group<'_>; 1] = [group];
    renderer.render(&groups)
}

/// Where a mark stands: with its line where there is one. A line that was cut has its own count of columns, so its place is told apart.
fn place<'m>(mark: &'m Mark, kind: AnnotationKind, label: Option<&'m str>) -> Vec<Element<'m>> {
    let origin = Origin::path(mark.file.as_str());
    if mark.line == 0 {
        return vec![origin.into()];
    }
    let origin = origin.line(mark.line as usize).char_column(mark.column as usize);
    if mark.excerpt.is_empty() {
        return vec![origin.into()];
    }
    let snippet = Snippet::source(mark.excerpt.as_str())
        .line_start(mark.line as usize)
        .annotation(kind.span(mark.marked.0..mark.marked.1).label(label));
    if mark.excerpt.starts_with('…') { vec![origin.into(), snippet.into()] } else { vec![snippet.path(mark.file.as_str()).into()] }
}
