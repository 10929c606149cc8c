//! Makes text from outside safe to show: nothing in it can move the cursor, color the line or turn the reading direction.

use std::fmt::Write as _;

use crate::model::characters::{breaks_line, is_hidden};

/// Escapes what could deceive a terminal or a reader; everything else stays as it is.
#[must_use]
pub fn clean(text: &str) -> String {
    if !text.contains(is_deceptive) {
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

/// Writes the same characters as JSON escapes. Outside of strings JSON has none of them, so the document means the same.
pub(super) fn clean_json(document: &str) -> String {
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
    fn what_could_deceive_a_terminal_is_escaped_and_the_rest_is_kept() {
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
