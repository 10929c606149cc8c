//! The form in which texts are kept, and the one in which people compare them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text in NFC without white space at its ends.
#[must_use]
pub fn text_form(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Returns a text without the marks above and below its letters: people leave them out.
#[must_use]
pub fn without_accents(text: &str) -> String {
    // Most texts have none, and a review compares those of everybody.
    if text.is_ascii() { text.to_owned() } else { text.nfd().filter(|c| !is_combining_mark(*c)).collect() }
}

/// Returns a text with plain apostrophes: word processors and phones make others of them, and people compare them as equal.
#[must_use]
pub fn plain_apostrophes(text: &str) -> Cow<'_, str> {
    let is_apostrophe =
        |c: char| matches!(c, '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bb}' | '\u{2bc}' | '\u{2032}' | '\u{b4}' | '`' | '\u{ff07}');
    if text.contains(is_apostrophe) { Cow::Owned(text.replace(is_apostrophe, "'")) } else { Cow::Borrowed(text) }
}
