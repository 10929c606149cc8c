//! Recognizes invisible characters, and removes them from text.

use crate::model::characters::{breaks_line, is_filler, is_hidden, is_joiner};

/// The most characters of a message or hint.
const MESSAGE: usize = 600;

/// Returns whether a character is a control, or changes how others are shown without being seen.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control() || breaks_line(c) || is_hidden(c) || is_joiner(c)
}

/// Returns whether a text has a character that people can see. Fillers, blanks and selectors show nothing.
pub(crate) fn is_seen(text: &str) -> bool {
    let shows_nothing = |c: char| c.is_whitespace() || is_invisible(c) || is_filler(c);
    !text.chars().all(shows_nothing)
}

/// One line without control characters, cut where it is very long.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        if i == MESSAGE {
            out.push('…');
            break;
        }
        if is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}
