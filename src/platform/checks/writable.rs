//! The characters that a text can contain. Manifest and server call these same functions.

use std::borrow::Cow;

use crate::model::characters::{self, breaks_line};

/// The first character that a text of one line cannot contain: a control character, another one that breaks the line, or one that changes
/// how the others are read and is not seen.
#[must_use]
pub fn unwritable_in_line(text: &str) -> Option<char> {
    first(text, |c| c.is_control() || breaks_line(c))
}

/// The first character that a text of several lines cannot contain: a control character other than a line feed or a tab, or one that changes
/// how the others are read and is not seen.
#[must_use]
pub fn unwritable_in_lines(text: &str) -> Option<char> {
    first(text, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Returns a text without the characters that nobody sees, as copied text has them.
#[must_use]
pub fn without_hidden(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || first(text, |_| false).is_none() {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_hidden(c, seen.chars().next_back()) {
            seen.push(c);
        }
    }
    Cow::Owned(seen)
}

fn first(text: &str, is_refused: impl Fn(char) -> bool) -> Option<char> {
    if text.is_ascii() {
        return text.chars().find(|c| is_refused(*c));
    }
    let mut before = None;
    text.chars().find(|c| is_refused(*c) || is_hidden(*c, before.replace(*c)))
}

/// Returns whether a character turns the direction of reading or takes no room, which lets two names look the same. The joiners are hidden only where
/// they join nothing: Persian and Indic names need them, and so do emoji.
pub(in crate::platform) const fn is_hidden(c: char, before: Option<char>) -> bool {
    match c {
        '\u{200c}' => match before {
            Some(before) => !joins(before),
            None => true,
        },
        '\u{200d}' => match before {
            Some(before) => !joins(before) && !is_emoji(before),
            None => true,
        },
        // A selector picks the form of an emoji, a sign, a digit or an ideograph; behind a letter of an alphabet nobody sees it.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => match before {
            Some(before) => has_one_form(before),
            None => true,
        },
        // These pick the form of a Mongolian letter.
        '\u{180b}'..='\u{180d}' | '\u{180f}' => match before {
            Some(before) => !is_mongolian(before),
            None => true,
        },
        c => characters::is_hidden(c) || characters::is_filler(c),
    }
}

const fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18aa}')
}

/// Returns whether a character is a letter of Latin, Greek, Cyrillic, Armenian or Hebrew, of which no variants are selected.
const fn has_one_form(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{5ff}' | '\u{1e00}'..='\u{1fff}')
}

/// Returns whether a character belongs to a script whose letters change their form beside others: Arabic, Syriac, those of India and its neighbors,
/// Mongolian.
const fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1a20}'..='\u{1aaf}' | '\u{1b00}'..='\u{1bff}' | '\u{a8e0}'..='\u{a8ff}' | '\u{a980}'..='\u{a9df}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{10d3f}' | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_refused_except_those_that_a_script_needs() {
        for (text, found) in [
            ("Ana Ruiz", None),
            ("\u{202e}anA", Some('\u{202e}')),
            ("Ana\u{2066}Ruiz\u{2069}", Some('\u{2066}')),
            ("An\u{200b}a", Some('\u{200b}')),
            ("An\u{ad}a", Some('\u{ad}')),
            ("An\u{200c}a", Some('\u{200c}')),
            ("An\u{200d}a", Some('\u{200d}')),
            ("\u{200d}", Some('\u{200d}')),
            ("\u{feff}Ana", Some('\u{feff}')),
            ("A\u{e0041}na", Some('\u{e0041}')),
            ("Park\u{fe0f}", Some('\u{fe0f}')),
            ("Parke\u{301}\u{e0101}", Some('\u{e0101}')),
            ("\u{fe0f}Ana", Some('\u{fe0f}')),
            ("Par\u{34f}k", Some('\u{34f}')),
            ("Par\u{115f}k", Some('\u{115f}')),
            ("Par\u{17b4}k", Some('\u{17b4}')),
            ("Par\u{180b}k", Some('\u{180b}')),
            ("Par\u{180f}k", Some('\u{180f}')),
            ("\u{3164}", Some('\u{3164}')),
            ("Par\u{ffa0}k", Some('\u{ffa0}')),
            ("Par\u{1d173}k", Some('\u{1d173}')),
            ("Par\u{ffff}k", Some('\u{ffff}')),
            ("Par\u{fdd0}k", Some('\u{fdd0}')),
            ("Par\u{10fffe}k", Some('\u{10fffe}')),
            ("ᠠ\u{180b}ᠨ", None),
            // Persian "vahid-zadeh", Malayalam and Hindi with joiners, a family of emoji, a Japanese name with a variant.
            ("زاده\u{200c}ها", None),
            ("അവന്\u{200d}", None),
            ("क्\u{200d}ष", None),
            ("👩\u{200d}⚕\u{fe0f}", None),
            ("葛\u{e0100}城", None),
        ] {
            assert_eq!((unwritable_in_line(text), unwritable_in_lines(text)), (found, found), "{text:?}");
            assert_eq!(unwritable_in_line(&without_hidden(text)), None, "{text:?}");
        }
        assert_eq!(without_hidden("\u{202a}Ana\u{200b} Ruiz\u{202c}"), "Ana Ruiz");
        assert_eq!(without_hidden("زاده\u{200c}ها"), "زاده\u{200c}ها");
    }
}
