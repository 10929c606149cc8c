//! The form in which texts are kept, and the one in which people compare them.

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
