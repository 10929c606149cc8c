//! Knows where a secret is, or may be, in a text.
//!
//! Where the text can be parsed, that is the value of every key that may hold a secret, unless it says only where the secret is. Where it
//! cannot, it is everything behind such a key: the rest of its line, and the block below. In either, it is also what is a secret by its form.

use super::finding::{Finding, Sink};
use super::mark::Marks;
use super::parse::parse;
use super::secret_parts::{may_have, secret_parts};
use super::secret_words::{LONGEST_LINE, SecretPlace, SecretWords};
use super::text::{Span, small, text};
use super::tree::{NodeKind, NodeRef, Tree};
use crate::model::OwnSecret;

/// Prepares a file for showing these findings, without the secrets in it.
pub(crate) fn marks<'s>(name: &'s str, bytes: &'s [u8], findings: &[Finding], secrets: SecretWords) -> Marks<'s> {
    let mut parts: Vec<Span> = findings.iter().filter_map(|finding| finding.hidden).collect();
    if let Ok(text) = text(bytes) {
        let (has_keys, has_forms) = (secrets.may_be_in(text), may_have(text));
        let chars: Vec<char> = if has_keys || has_forms { text.chars().collect() } else { Vec::new() };
        if has_forms {
            parts.extend(secret_parts(&chars));
        }
        if has_keys {
            match parse(text, &mut Sink::default()) {
                Some(tree) => of_tree(&tree, &chars, secrets, &mut parts),
                None => of_text(&chars, secrets, &mut parts),
            }
        }
    }
    Marks::new(name, bytes, parts)
}

impl SecretWords {
    /// Returns whether a value says only where a secret is, or whether there is one.
    pub(super) fn says_where(self, value: NodeRef<'_>, chars: &[char]) -> bool {
        // Behind an anchor or a tag, which a secret may look like, everything is hidden.
        let is_marked = |node: NodeRef<'_>| matches!(chars.get(node.span().start as usize), Some('&' | '!'));
        let is_own = |node: NodeRef<'_>| OwnSecret::is_given(node.text());
        let is_fit = |node: NodeRef<'_>, place: SecretPlace| match place {
            SecretPlace::Variable if is_own(node) => false,
            SecretPlace::Variable => node.text().chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
            SecretPlace::Time => node.text().chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | 'Z' | '+' | '.')),
            SecretPlace::Text => !is_own(node),
            SecretPlace::Texts => !node.children().any(is_own),
        };
        match value.kind() {
            NodeKind::Plain if value.text().is_empty() => false,
            NodeKind::Plain | NodeKind::Quoted => (is_yes_or_no(value) || self.allowed.contains(&value.text())) && !is_marked(value),
            NodeKind::List => false,
            NodeKind::Map => {
                let mut entries = value.entries();
                let (first, second) = (entries.next(), entries.next());
                let place = first.and_then(|(key, inner)| {
                    self.places.iter().find(|(name, _)| *name == key.text() && !is_marked(key)).map(|(_, place)| (inner, *place))
                });
                second.is_none()
                    && !is_marked(value)
                    && place.is_some_and(|(inner, place)| {
                        has_form(inner, place) && is_fit(inner, place) && !is_marked(inner) && !inner.children().any(is_marked)
                    })
            }
        }
    }

    /// Returns whether a node is a map with one of these keys only, whose value has the form that it must have.
    pub(in crate::yaml) fn is_reference(self, node: NodeRef<'_>, keys: &[&str]) -> bool {
        let mut entries = node.entries();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else { return false };
        let place = self.places.iter().find(|(name, _)| *name == key.text() && keys.contains(name));
        place.is_some_and(|(_, place)| has_form(value, *place))
    }
}

/// Returns whether a value has the form of a place, or says nothing at all.
fn has_form(node: NodeRef<'_>, place: SecretPlace) -> bool {
    match place {
        SecretPlace::Texts => node.is_null() || (node.kind() == NodeKind::List && node.children().all(NodeRef::is_scalar)),
        SecretPlace::Variable | SecretPlace::Text | SecretPlace::Time => node.is_scalar(),
    }
}

/// Returns whether a node says whether there is a secret, or at least is not one: `true`, `false`, and what people write for them.
pub(in crate::yaml) fn is_yes_or_no(node: NodeRef<'_>) -> bool {
    let words = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    node.is_scalar() && words.contains(&node.text().to_lowercase().as_str())
}

/// Adds the values of keys in a tree.
fn of_tree(tree: &Tree<'_>, chars: &[char], secrets: SecretWords, parts: &mut Vec<Span>) {
    let mut open: Vec<NodeRef<'_>> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        let mut is_after_secret = false;
        for (key, value) in node.entries() {
            if key.is_scalar() && secrets.may_be(key.text()) && !secrets.says_where(value, chars) {
                parts.push(of_value(key, value, chars));
                is_after_secret = true;
            } else if is_after_secret && is_bare(key, value, chars) {
                // A comma in braces ends a text that has no quotes.
                parts.push(key.span());
            } else {
                open.push(value);
                is_after_secret = false;
            }
            open.extend((!key.is_scalar()).then_some(key));
        }
        if !node.is_scalar() && node.entries().next().is_none() {
            open.extend(node.children());
        }
    }
}

/// Returns whether a key has neither a value nor a colon.
fn is_bare(key: NodeRef<'_>, value: NodeRef<'_>, chars: &[char]) -> bool {
    let mut behind = chars.iter().skip(key.span().end as usize);
    value.is_null() && value.text().is_empty() && behind.find(|c| !c.is_whitespace()) != Some(&':')
}

/// Returns the place of a value, with everything between it and its key.
fn of_value(key: NodeRef<'_>, value: NodeRef<'_>, chars: &[char]) -> Span {
    let start = key.span().end;
    let span = value.span();
    let first = chars.get(span.start as usize).copied().unwrap_or('\n');
    let is_block =
        matches!(first, '|' | '>' | '&' | '!') || chars.get(start as usize..span.start as usize).unwrap_or_default().contains(&'|');
    let end = if value.is_scalar() && (value.text().is_empty() || is_block) {
        line_end(chars, start as usize).max(span.end as usize)
    } else {
        span.end as usize
    };
    Span { start, end: small(end) }
}

/// Returns where the line of a character ends.
fn line_end(chars: &[char], from: usize) -> usize {
    chars.iter().skip(from).position(|c| *c == '\n').map_or(chars.len(), |more| from + more)
}

/// Adds what is behind the keys in a text that cannot be parsed.
fn of_text(chars: &[char], secrets: SecretWords, parts: &mut Vec<Span>) {
    let mut start = 0;
    while start < chars.len() {
        let end = line_end(chars, start);
        let line = chars.get(start..end).unwrap_or_default();
        if line.len() > LONGEST_LINE {
            parts.push(Span { start: small(start), end: small(end) });
            start = end + 1;
            continue;
        }
        start = match secrets.value_begins(&line.iter().collect::<String>()) {
            Some(at) => {
                let block = block_end(chars, start, start + at);
                parts.push(Span { start: small(start + at), end: small(block.max(end)) });
                block.max(end) + 1
            }
            None => end + 1,
        };
    }
}

/// Returns where the value ends that begins at a character of a line: with the lines below that are indented more, or that its brackets
/// or quotes take in, or with the next line if it has nothing in its own.
fn block_end(chars: &[char], line: usize, from: usize) -> usize {
    let indentation = |from: usize| chars.iter().skip(from).take_while(|c| **c == ' ').count();
    let first = chars.get(from..line_end(chars, from)).unwrap_or_default();
    let shown: String = first.iter().collect();
    let content = shown.split_whitespace().find(|word| !word.starts_with(['&', '!', ':'])).unwrap_or_default();
    let closed = closing(chars, from);
    let is_comment = chars.get(line..).unwrap_or_default().iter().find(|c| **c != ' ') == Some(&'#');
    let (own, mut is_empty) = (indentation(line), (content.is_empty() || content.starts_with('#')) && !is_comment);
    let mut end = line_end(chars, from);
    while end + 1 < chars.len() && !is_comment {
        let next = end + 1;
        let next_end = line_end(chars, next);
        let text = chars.get(next..next_end).unwrap_or_default();
        let is_blank = text.iter().all(|c| c.is_whitespace());
        let is_item = text.get(own) == Some(&'-') && indentation(next) == own;
        if !(is_blank || is_empty || indentation(next) > own || is_item || closed.is_some_and(|closed| closed > end)) {
            break;
        }
        is_empty = is_empty && is_blank;
        end = next_end;
    }
    end
}

/// Returns where the quotes or the brackets are closed with which a value begins; the end of the text if nothing closes them.
fn closing(chars: &[char], from: usize) -> Option<usize> {
    let begin = from + chars.iter().skip(from).position(|c| !matches!(c, ' ' | '\t' | ':'))?;
    let after = || chars.iter().enumerate().skip(begin + 1);
    match chars.get(begin)? {
        quote @ ('"' | '\'') => Some(after().find(|(_, c)| *c == quote).map_or(chars.len(), |(at, _)| at)),
        '{' | '[' => {
            let mut depth = 1_usize;
            for (at, c) in after() {
                match c {
                    '{' | '[' => depth += 1,
                    '}' | ']' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some(at);
                }
            }
            Some(chars.len())
        }
        _ => None,
    }
}
