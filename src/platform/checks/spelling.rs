//! Brings the words of lists and definitions to one spelling, so that they can be compared.

use unicode_normalization::UnicodeNormalization as _;

use crate::model::plain_apostrophes;

/// Returns the letters and digits of a text, in lower case: headers differ in case, spaces and hyphens.
#[must_use]
pub fn squash(text: &str) -> String {
    plain_apostrophes(text).nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns a text in lower case with single spaces, for words whose signs matter.
#[must_use]
pub fn exact(text: &str) -> String {
    plain_apostrophes(text).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
