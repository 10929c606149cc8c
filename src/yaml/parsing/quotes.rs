//! Finds typographic quotes, such as a word processor makes of straight ones: to YAML they are letters.

use crate::yaml::text::{Span, small};

/// The advice on what to write.
pub(in crate::yaml) const HINT: &str = "write straight quotes (`\"`) around the text";

/// Says why it is wrong.
pub(in crate::yaml) const MESSAGE: &str = "these quotes are not quotes to YAML, but a part of the text";

const OPENING: [char; 5] = ['“', '”', '„', '«', '＂'];
const CLOSING: [char; 4] = ['”', '“', '»', '＂'];

/// Returns a text without the typographic quotes around it; `None` if there are none. One that is only at the end, or a single one, counts
/// where there is no other in the text: `Kim “Kit”` and `the ’Okina` have quotes of their own.
pub(in crate::yaml) fn unquoted(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_prefix('‘').and_then(|rest| rest.strip_suffix(['’', '‘'])) {
        return Some(inner);
    }
    if let Some(inner) = text.strip_prefix(OPENING) {
        return Some(inner.strip_suffix(CLOSING).or_else(|| inner.strip_suffix('"')).unwrap_or(inner));
    }
    text.strip_suffix(CLOSING).filter(|inner| !inner.contains(OPENING))
}

/// Finds the first typographic quote around a value, on the line of a place, or else on the line above it. Between straight quotes it is one
/// only if `ends_none`: nothing closes them.
pub(in crate::yaml) fn near(text: &str, place: Span, ends_none: bool) -> Option<Span> {
    let (mut start, mut found) = (0, None);
    for line in text.split('\n') {
        if start > place.start as usize {
            break;
        }
        let here = around_a_value(line, ends_none).map(|at| small(start + at));
        start += line.chars().count() + 1;
        let is_last = start > place.start as usize;
        found = if is_last || !line.trim().is_empty() { here.or(found.filter(|_| is_last)) } else { found };
    }
    found.map(|start| Span { start, end: start + 1 })
}

/// Finds the first typographic quote around a value on a line.
fn around_a_value(line: &str, ends_none: bool) -> Option<usize> {
    let chars: Vec<char> = line.chars().collect();
    let around = |at: usize| chars.get(at).copied().unwrap_or('\n');
    let mut straight = 0;
    (0..chars.len()).find(|at| {
        let (c, previous, next) = (around(*at), at.checked_sub(1).map_or('\n', around), around(at + 1));
        straight += usize::from(c == '"');
        let begins = OPENING.contains(&c) && matches!(previous, ' ' | '[' | '{' | ',' | ':' | '\n');
        let ends = CLOSING.contains(&c) && matches!(next, ']' | '}' | ',' | ':' | '\n' | '\r');
        (begins || ends) && (ends_none || straight % 2 == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn only_quotes_around_a_text_are_taken_for_quotes() {
        for text in ["“Kim”", "”Kim”", "„Kim“", "«Kim»", "＂Kim＂", "‘Kim’", "“Kim", "Kim”", "“Kim\""] {
            assert_eq!(unquoted(text), Some("Kim"), "{text}");
        }
        for text in ["Kim", "Kim “Kit” Park", "Kim “Kit”", "‘Aolani", "the Girls’", "5'11\"", "O’Neil"] {
            assert_eq!(unquoted(text), None, "{text}");
        }
    }
}
