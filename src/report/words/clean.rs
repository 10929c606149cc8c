//! Makes text from outside safe to show: nothing in it can move the cursor, color the line or turn the reading direction.

use std::fmt::Write as _;

use crate::model::characters::{breaks_line, is_filler, is_hidden, is_joiner};

/// Escapes what could deceive a terminal or a reader; everything else stays as it is.
#[must_use]
pub fn clean(text: &str) -> String {
    // Most texts have nothing but these, which deceive nobody.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_deceptive) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_deceptive(c) => {
                let _ = write!(shown, "\\u{{{:04x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Shows two texts that differ only in what people cannot tell apart with the numbers of those characters; `None` for others.
pub(in crate::report) fn distinguished(one: &str, other: &str) -> Option<[String; 2]> {
    (one != other && seen(one) == seen(other)).then(|| [one, other].map(numbered))
}

fn is_unseen(c: char) -> bool {
    is_joiner(c) || is_filler(c)
}

/// A text as people see it.
fn seen(text: &str) -> String {
    text.replace(is_unseen, "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces unseen characters and each blank that is not a single one between words with their numbers.
fn numbered(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let (mut before, last) = (' ', text.trim_end().len());
    for (at, c) in text.char_indices() {
        let is_extra = c == ' ' && (before.is_whitespace() || at >= last);
        if is_extra || is_unseen(c) || (c.is_whitespace() && c != ' ') {
            let _ = write!(shown, "[U+{:04X}]", u32::from(c));
        } else {
            shown.push(c);
        }
        before = c;
    }
    clean(&shown)
}

/// Writes the same characters as JSON escapes. Outside of strings JSON has none of them, so the document means the same.
pub(in crate::report) fn clean_json(document: &str) -> String {
    if !document.contains(|c: char| c != '\n' && is_deceptive(c)) {
        return document.to_owned();
    }
    let mut shown = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if c != '\n' && is_deceptive(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Returns whether a character is a control, turns the direction of reading, or is invisible.
///
/// The joiners U+200C and U+200D stay: names and emoji need them.
fn is_deceptive(c: char) -> bool {
    c.is_control() || breaks_line(c) || is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_the_same_differ_visibly() {
        let shown = |one, other| distinguished(one, other).map(|[one, other]| format!("{one} {other}"));
        assert_eq!(shown("Mary\u{a0}Ann", "Mary Ann").as_deref(), Some("Mary[U+00A0]Ann Mary Ann"));
        assert_eq!(shown("Mary  Ann", "Mary Ann").as_deref(), Some("Mary [U+0020]Ann Mary Ann"));
        assert_eq!(shown("Ann ", " Ann").as_deref(), Some("Ann[U+0020] [U+0020]Ann"));
        assert_eq!(shown("An\u{34f}n", "Ann").as_deref(), Some("An[U+034F]n Ann"));
        assert_eq!(shown("Mary\u{a0}Ann", "Mary Anna"), None);
        assert_eq!(shown("Mary\u{a0}Ann", "Mary\u{a0}Ann"), None);
    }

    #[test]
    fn signs_that_could_deceive_a_terminal_are_escaped_and_the_rest_is_kept() {
        // J7
        assert_eq!(clean("Ana \u{1b}[31mRuiz"), "Ana \\u{001b}[31mRuiz");
        assert_eq!(clean("a\u{202e}b\r\n\u{9b}2J"), "a\\u{202e}b\\r\\n\\u{009b}2J");
        assert_eq!(clean("Zoë O'Neil 👩\u{200d}⚕️ نور"), "Zoë O'Neil 👩\u{200d}⚕️ نور");
        let json = serde_json::to_string("a\u{202e}\u{9b}\u{e0041}").unwrap();
        let safe = clean_json(&json);
        assert!(safe.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), "a\u{202e}\u{9b}\u{e0041}");
    }
}
