//! Brings headers and words to one spelling, so that they can be compared.

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
