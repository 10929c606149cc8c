//! Takes the meaning from text in HTML.

/// Escapes a text for the content of an element and for an attribute in double quotes.
pub(in crate::report) fn escape(text: &str) -> String {
    // Most texts have nothing but these, which mean themselves.
    let is_plain = |byte: u8| matches!(byte, b' ' | b'!' | b'#'..=b'%' | b'('..=b';' | b'=' | b'?'..=b'~');
    if text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // As a reference, so that an attribute keeps it.
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            // No document contains the others, whatever its form.
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_text_is_markup_or_ends_an_attribute() {
        // J7
        assert_eq!(escape("<b a='1' c=\"2\">&amp;\n\u{0}\u{1b}"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;&#10;");
    }
}
