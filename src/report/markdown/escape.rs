//! Takes the meaning from text in Markdown: no markup, and nothing that GitHub or GitLab would turn into a link or a mention.

/// An empty comment. Readers do not see it, and what it parts is no longer recognized.
const PART: &str = "<!-- -->";

/// The longest run of hexadecimal digits that cannot be the number of a commit.
const SHORT: usize = 6;
/// The lengths that the number of a commit can have.
const COMMIT: std::ops::RangeInclusive<usize> = SHORT + 1..=40;

/// Escapes a text. It reads as before, and nothing in it has an effect.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text;
    let mut before = "";
    while let Some(c) = rest.chars().next() {
        let length = if is_word(c) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
        let (token, after) = rest.split_at(length);
        if is_word(c) {
            word(&mut escaped, token);
        } else {
            sign(&mut escaped, c, before, after);
        }
        (before, rest) = (token, after);
    }
    escaped
}

/// Escapes a text with which an item of a list begins: it begins no box, no other list and no block either.
pub(in crate::report) fn item(text: &str) -> String {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(digits);
    let signs: &[char] = if number.is_empty() { &['[', '-', '+', '=', ' ', '\t'] } else { &['.', ')'] };
    match rest.strip_prefix(signs).and_then(|after| Some((rest.chars().next()?, after))) {
        // A sign that is written as a number shows the same, and has no effect.
        Some((sign, after)) => format!("{number}&#{};{}", u32::from(sign), escape(after)),
        None => escape(text),
    }
}

/// Returns a text as it is typed, which people can copy from the file, too: nothing in a code span has an effect. One with a comment in it
/// would not stay one where a runbook is read again.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() || text.contains(['<', '`', '\n']) || text.trim() != text {
        return escape(text);
    }
    format!("`{text}`")
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// A word that could be the number of a commit is parted.
fn word(escaped: &mut String, word: &str) {
    if !COMMIT.contains(&word.len()) || !word.bytes().all(|b| b.is_ascii_hexdigit()) {
        escaped.push_str(word);
        return;
    }
    for (at, c) in word.chars().enumerate() {
        if at > 0 && at % SHORT == 0 {
            escaped.push_str(PART);
        }
        escaped.push(c);
    }
}

/// A sign between the word before it and the text after it.
fn sign(escaped: &mut String, sign: char, before: &str, after: &str) {
    let next = after.chars().next().unwrap_or(' ');
    match sign {
        '&' => escaped.push_str("&amp;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
            escaped.push('\\');
            escaped.push(sign);
        }
        '.' if before.eq_ignore_ascii_case("www") => {
            escaped.push_str(PART);
            escaped.push(sign);
        }
        _ => escaped.push(sign),
    }
    let has_effect = match sign {
        // An address, a mention, an issue.
        '@' | '#' => true,
        // The signs of GitLab for other things that have a number or a name.
        '&' | '~' | '$' | '!' | '%' | '^' => next.is_alphanumeric() || next == '"',
        // The scheme of a link, or an emoji.
        ':' => !next.is_whitespace(),
        '-' => is_reference(before, next),
        _ => false,
    };
    if has_effect && !after.is_empty() {
        escaped.push_str(PART);
    }
}

/// Returns whether a hyphen may be in an issue's name, such as `GH-1`, `shop-12` or `GHSA-x`.
fn is_reference(before: &str, next: char) -> bool {
    let is_name = before.chars().next_back().is_some_and(|c| c.is_ascii_alphabetic());
    let is_capital = before.len() > 1 && before.bytes().all(|b| b.is_ascii_uppercase());
    (is_name && next.is_ascii_digit()) || (is_capital && next.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_to_type_can_be_copied() {
        for (text, expected) in
            [("+16025550142", "`+16025550142`"), ("ana@glow.example", "`ana@glow.example`"), ("a`b <!-- c", "a\\`b &lt;\\!-- c"), ("", "")]
        {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn an_item_begins_no_box_and_no_list() {
        for (text, expected) in [
            ("[x] Active", "&#91;x\\] Active"),
            ("- [ ] off", "&#45; \\[ \\] off"),
            ("1. [x]", "1&#46; \\[x\\]"),
            ("12) a", "12&#41; a"),
            ("    code", "&#32;   code"),
            ("* [x]", "\\* \\[x\\]"),
            ("4 seats", "4 seats"),
            ("", ""),
        ] {
            assert_eq!(item(text), expected);
        }
    }

    #[test]
    fn nothing_becomes_a_link_a_mention_or_a_reference() {
        // J7
        for (text, expected) in [
            ("www.shop.example/x", "www<!-- -->.shop.example/x"),
            ("WwW.shop.example", "WwW<!-- -->.shop.example"),
            ("mailto:a@b.example", "mailto:<!-- -->a@<!-- -->b.example"),
            ("xmpp:x/y https://z", "xmpp:<!-- -->x/y https:<!-- -->//z"),
            ("@team/it #12 o/r#12", "@<!-- -->team/it #<!-- -->12 o/r#<!-- -->12"),
            ("GH-12 gh-12 ab-1 GHSA-xx a-b", "GH-<!-- -->12 gh-<!-- -->12 ab-<!-- -->1 GHSA-<!-- -->xx a-b"),
            ("0123abc", "0123ab<!-- -->c"),
            ("0123ab", "0123ab"),
            ("o/r@0123456789abcdef", "o/r@<!-- -->012345<!-- -->6789ab<!-- -->cdef"),
            ("a0123456789abcdefg", "a0123456789abcdefg"),
            ("!7 $7 ~bug %1.0 &3 ^a", "\\!<!-- -->7 \\$<!-- -->7 \\~<!-- -->bug %<!-- -->1.0 &amp;<!-- -->3 ^<!-- -->a"),
            (":tada: 12:30", ":<!-- -->tada: 12:<!-- -->30"),
            ("reason: 50 % of 3", "reason: 50 % of 3"),
            ("Zoë <b>|*x*_`", "Zoë &lt;b&gt;\\|\\*x\\*\\_\\`"),
            ("", ""),
        ] {
            assert_eq!(escape(text), expected);
        }
        assert_eq!(escape(&"a".repeat(41)), "a".repeat(41), "a digest of 64 digits stays whole, too");
    }
}
