//! Finds a line on which a key is not followed by a colon and a space, or which is indented with something else than spaces. The
//! parser complains of a later line, since all of it could be one long text.

use crate::yaml::text::{Span, small};

/// A slip: its place, what is wrong, and what to write.
pub(in crate::yaml) struct Slip {
    pub(in crate::yaml) span: Span,
    pub(in crate::yaml) message: String,
    pub(in crate::yaml) hint: String,
}

/// Finds the slip on the line of a place, or on the line above it that has anything.
pub(in crate::yaml) fn near(text: &str, place: Span) -> Option<Slip> {
    let (mut next, mut above, mut here) = (0, None, (0, ""));
    for line in text.split('\n') {
        if next > place.start as usize {
            break;
        }
        above = Some(here).filter(|(_, line)| has_anything(line)).or(above);
        here = (next, line);
        next += line.chars().count() + 1;
    }
    let on_line_above = || above.and_then(|(start, line)| blank(start, line).or_else(|| separator(start, line)));
    Some(here).filter(|(_, line)| has_anything(line)).and_then(|(start, line)| blank(start, line)).or_else(on_line_above)
}

/// Finds the slip in a text that is all there is where the keys of a map should be.
pub(in crate::yaml) fn of_only_line(text: &str, keys: &[&str]) -> Option<Slip> {
    separator(0, text).or_else(|| {
        let key = keys.contains(&text).then_some(text)?;
        Some(Slip { span: one(0), message: not_followed(key), hint: format!("write a colon, a space and the value: `{key}: …`") })
    })
}

fn not_followed(key: &str) -> String {
    format!("the key `{key}` is not followed by a colon and a space")
}

fn has_anything(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

/// Finds a character in the indentation that looks like a space and is none.
fn blank(start: usize, line: &str) -> Option<Slip> {
    let (at, blank) = line.chars().enumerate().take_while(|(_, c)| c.is_whitespace()).find(|(_, c)| is_strange(*c))?;
    Some(Slip {
        span: one(start + at),
        message: format!("the line begins with the character {}, which is not a space", name(blank)),
        hint: "indent with spaces".to_owned(),
    })
}

/// Finds a key that has no colon and space behind it.
fn separator(start: usize, line: &str) -> Option<Slip> {
    let indentation = line.chars().take_while(|c| c.is_whitespace()).count();
    let rest = line.trim_start();
    let key: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+')).collect();
    let mut behind = rest.chars().skip(key.len());
    let (sign, next) = (behind.next()?, behind.next());
    if !key.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.contains(": ") || rest.trim_end().ends_with(':') {
        return None;
    }
    let what = match (sign, next) {
        (':', Some(next)) if is_strange(next) => format!("put a space after the colon in place of the character {}", name(next)),
        (':', Some(next)) if next != '/' => format!("put a space after the colon: `{key}: …`"),
        ('=' | ';' | '：' | '﹕' | '∶' | '꞉', _) | (' ', Some('=')) => format!("write a colon and a space after the key: `{key}: …`"),
        _ => return None,
    };
    Some(Slip { span: one(start + indentation + key.len()), message: not_followed(&key), hint: what })
}

fn is_strange(c: char) -> bool {
    c.is_whitespace() && !matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn one(at: usize) -> Span {
    Span { start: small(at), end: small(at + 1) }
}
