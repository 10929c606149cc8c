//! Brings headers and words to one spelling, so that they can be compared, and finds the word that a slip was meant to be.

use crate::platform::squash;

/// Removes `[…]`, which says how a column may be used, and not what is in it.
pub(super) fn without_brackets(text: &str) -> String {
    without(text, '[', ']')
}

/// Removes `(…)`, which names the section of a report.
pub(super) fn without_parentheses(text: &str) -> String {
    without(text, '(', ')')
}

fn without(text: &str, open: char, close: char) -> String {
    let (mut depth, mut out) = (0_usize, String::new());
    for c in text.chars() {
        match c {
            c if c == open => depth += 1,
            c if c == close => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The beginnings of words that say something else than the rest, or the opposite of it.
const OTHERS: [&str; 19] = [
    "nolonger", "assist", "former", "deputy", "asst", "vice", "not", "non", "sub", "dis", "des", "was", "pre", "un", "de", "in", "ex",
    "re", "no",
];

/// Returns whether two words are one in all letters and digits, and both have a plus or none: "Admin+" is more than "Admin".
pub(super) fn is_same_word(one: &str, other: &str) -> bool {
    one.contains('+') == other.contains('+') && squash(one) == squash(other)
}

/// Returns the known word of which a word is a slip: as many words, and nothing before it that turns its meaning.
pub(super) fn slip_of<'a, S: AsRef<str>>(word: &str, known: &'a [S]) -> Option<&'a str> {
    let near = crate::yaml::nearest(word, known)?;
    let parts = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).count();
    let is_joined = || strsim::osa_distance(&squash(word), &squash(near)) < 2;
    let turned = |text: &str| OTHERS.iter().find(|other| squash(text).starts_with(**other));
    let has_plus = |text: &str| text.contains('+');
    (turned(word) == turned(near) && has_plus(word) == has_plus(near) && (parts(word) == parts(near) || is_joined())).then_some(near)
}
