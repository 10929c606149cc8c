//! The places where the parts of a document begin and end in its text, in bytes.

use super::super::text::Lines;
use super::super::tree::{NodeKind, NodeRef, Tree};

/// A text with the places of its parts.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    lines: Lines,
}

impl<'t> Layout<'t> {
    pub(super) fn new(tree: &Tree<'t>) -> Self {
        Self { text: tree.source(), lines: Lines::new(tree.source()) }
    }

    fn byte(&self, char: u32) -> usize {
        self.lines.position(self.text, char).byte as usize
    }

    fn first(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Returns where a node begins.
    pub(super) fn start(&self, node: NodeRef<'_>) -> usize {
        let at = self.byte(node.span().start);
        match (node.kind(), self.first(at)) {
            (NodeKind::Quoted, Some('"' | '\'' | '|' | '>')) | (NodeKind::Plain | NodeKind::List | NodeKind::Map, _) => at,
            // The span of a block of text begins behind its header.
            (NodeKind::Quoted, _) => self.text.get(..at).and_then(|before| before.rfind(['|', '>'])).unwrap_or(at),
        }
    }

    /// Returns whether a list or map is written in brackets.
    pub(super) fn is_flow(&self, container: NodeRef<'_>) -> bool {
        matches!(self.first(self.start(container)), Some('[' | '{'))
    }

    /// Returns whether a scalar that begins at a byte is a block of text.
    pub(super) fn is_block_text(&self, at: usize) -> bool {
        matches!(self.first(at), Some('|' | '>'))
    }

    /// Returns whether nothing is written where a scalar would be.
    pub(super) fn is_blank(node: NodeRef<'_>) -> bool {
        node.kind() == NodeKind::Plain && node.text().is_empty()
    }

    /// Returns where a value ends: after its last character. `key` is the key that it belongs to. `None` if that is unknown.
    pub(super) fn end(&self, key: Option<NodeRef<'_>>, value: NodeRef<'_>) -> Option<usize> {
        if Self::is_blank(value) {
            return self.colon(key?);
        }
        let start = self.start(value);
        if value.is_scalar() {
            return self.scalar_end(value);
        }
        let last = if value.kind() == NodeKind::Map {
            value.entries().last().map(|(key, value)| self.end(Some(key), value))
        } else {
            value.children().last().map(|item| self.end(None, item))
        };
        match self.first(start)? {
            '[' | '{' => self.bracket_end(last.unwrap_or(Some(start + 1))?),
            // The place of the brackets behind an anchor is not known.
            '&' => None,
            _ => last?,
        }
    }

    /// Returns where the bracket closes whose last entry ends at a byte; only blanks, commas and comments are between.
    fn bracket_end(&self, mut at: usize) -> Option<usize> {
        loop {
            match self.first(at)? {
                ']' | '}' => return Some(at + 1),
                '#' => at = self.line_end(at),
                c if c == ',' || c.is_whitespace() => at += c.len_utf8(),
                _ => return None,
            }
        }
    }

    /// Returns where a key ends, with its colon where it has one.
    pub(super) fn colon(&self, key: NodeRef<'_>) -> Option<usize> {
        let end = self.scalar_end(key)?;
        let rest = self.text.get(end..)?;
        let after = rest.trim_start_matches([' ', '\t']);
        Some(if after.starts_with(':') { end + rest.len() - after.len() + 1 } else { end })
    }

    /// Returns where a scalar ends. Its span may take in the blanks and the comment behind it.
    fn scalar_end(&self, scalar: NodeRef<'_>) -> Option<usize> {
        let start = self.start(scalar);
        let rest = self.text.get(start..)?;
        match (scalar.kind(), rest.chars().next()) {
            (NodeKind::Quoted, Some('|' | '>')) => Some(self.block_end(start, scalar.text().trim().is_empty())),
            (NodeKind::Quoted, Some(quote @ ('"' | '\''))) => {
                let mut is_escaped = false;
                // Two single quotes are one in the text: what begins anew behind the first goes on.
                let mut chars = rest.char_indices().skip(1).peekable();
                while let Some((at, c)) = chars.next() {
                    if is_escaped {
                        is_escaped = false;
                    } else if c == '\\' && quote == '"' {
                        is_escaped = true;
                    } else if c == quote && chars.next_if(|(_, next)| quote == '\'' && *next == quote).is_none() {
                        return Some(start + at + 1);
                    }
                }
                None
            }
            (NodeKind::Plain, _) if rest.starts_with(scalar.text()) => Some(start + scalar.text().len()),
            (NodeKind::Plain, _) => {
                let end = start + self.text.get(start..self.byte(scalar.span().end))?.trim_end().len();
                (!self.has_comment(start, end)).then_some(end)
            }
            (NodeKind::Quoted | NodeKind::List | NodeKind::Map, _) => None,
        }
    }

    /// Returns where a block of text ends that begins with `|` or `>`: after the last line that is indented as its first one, or more. The lines
    /// after an empty one may be a comment.
    fn block_end(&self, start: usize, is_empty: bool) -> usize {
        let mut at = self.line_end(start);
        let mut end = start + self.text.get(start..at).unwrap_or_default().trim_end().len();
        if is_empty {
            return end;
        }
        let mut indent = None;
        while let Some(line) = self.text.get(at..self.line_end(at)).filter(|line| !line.is_empty()) {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() {
                if blanks < *indent.get_or_insert(blanks.max(1)) {
                    break;
                }
                end = at + line.trim_end_matches(['\r', '\n']).len();
            }
            at += line.len();
        }
        end
    }

    /// Returns where the line of a byte begins.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// Returns where the line of a byte ends, its line end included.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|after| after.find('\n')).map_or(self.text.len(), |end| at + end + 1)
    }

    /// Returns the part of the line before a byte.
    pub(super) fn before(&self, at: usize) -> &'t str {
        self.text.get(self.line_start(at)..at).unwrap_or_default()
    }

    /// The line end that the file uses.
    pub(super) fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Returns whether a part may hold a comment.
    pub(super) fn has_comment(&self, from: usize, to: usize) -> bool {
        let Some(part) = self.text.get(from..to) else { return true };
        let ends_blank = |before: &str| before.chars().next_back().is_none_or(char::is_whitespace);
        part.match_indices('#').any(|(at, _)| part.get(..at).is_none_or(ends_blank))
    }

    /// Returns where the dash of an item of a block list is.
    pub(super) fn dash(&self, item: NodeRef<'_>) -> Option<usize> {
        let before = self.text.get(..self.start(item))?.trim_end();
        before.ends_with('-').then(|| before.len() - 1)
    }
}
