//! The tables of characters that people do not see: one home for all who escape, refuse or drop them.

/// Returns whether a character begins a new line.
#[must_use]
pub const fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether a character takes no room or turns the direction of reading, wherever it is. See [`is_joiner`] for two that names need.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{e0000}'..='\u{e007f}')
        || is_noncharacter(c)
}

/// Returns whether no character is ever meant by a code point.
const fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe
}

/// Returns whether a character only joins or parts its neighbors: Persian and Indic names need these, and so do emoji.
#[must_use]
pub const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Returns whether a character shows nothing by itself: fillers, blanks and selectors.
#[must_use]
pub const fn is_filler(c: char) -> bool {
    matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0080}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // Unicode's Default_Ignorable_Code_Point.
    #[test]
    fn a_table_has_the_characters_that_programs_draw_as_nothing() {
        let ranges = [
            ('\u{ad}', '\u{ad}'),
            ('\u{34f}', '\u{34f}'),
            ('\u{61c}', '\u{61c}'),
            ('\u{115f}', '\u{1160}'),
            ('\u{17b4}', '\u{17b5}'),
            ('\u{180b}', '\u{180f}'),
            ('\u{200b}', '\u{200f}'),
            ('\u{202a}', '\u{202e}'),
            ('\u{2060}', '\u{206f}'),
            ('\u{3164}', '\u{3164}'),
            ('\u{fe00}', '\u{fe0f}'),
            ('\u{feff}', '\u{feff}'),
            ('\u{ffa0}', '\u{ffa0}'),
            ('\u{fff0}', '\u{fff8}'),
            ('\u{1bca0}', '\u{1bca3}'),
            ('\u{1d173}', '\u{1d17a}'),
            ('\u{e0000}', '\u{e0fff}'),
        ];
        for c in ranges.into_iter().flat_map(|(first, last)| first..=last) {
            assert!(is_hidden(c) || is_joiner(c) || is_filler(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn each_character_is_in_one_table() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_control()) {
            let tables = [breaks_line(c), is_hidden(c), is_joiner(c), is_filler(c)];
            assert!(tables.iter().filter(|has| **has).count() <= 1, "U+{:04X}", u32::from(c));
        }
    }
}
