//! Which characters a text can contain. Manifest and server call these same functions.

/// The first character that a text of one line cannot contain: a control character, or another one that breaks the line.
#[must_use]
pub fn unwritable_in_line(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_control() || breaks_line(*c))
}

/// The first character that a text of several lines cannot contain: a control character other than a line feed or a tab.
#[must_use]
pub fn unwritable_in_lines(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Whether a character begins a new line.
pub(super) const fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
