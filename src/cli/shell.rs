//! Writes file names so that a printed command can be pasted into a shell.

use std::fmt::Write as _;
use std::path::Path;

use crate::report::clean;

/// Returns a path as one word of a shell command. A path that begins with a hyphen gets `./`, so that it is not read as an option.
pub(in crate::cli) fn word(path: &Path) -> String {
    let path = if path.as_os_str().as_encoded_bytes().starts_with(b"-") { &Path::new(".").join(path) } else { path };
    match path.to_str() {
        // A backtick would end the command in the sentence that shows it.
        Some(text) if clean(text) == text && !text.contains('`') => quoted(text),
        _ => escaped(path.as_os_str().as_encoded_bytes()),
    }
}

/// Quotes a text, unless no shell would read it differently.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./,:@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Writes a text that has invisible characters or backticks with escapes, which bash, zsh and ksh read.
fn escaped(bytes: &[u8]) -> String {
    let mut word = String::from("$'");
    for byte in bytes {
        match byte {
            b'\'' | b'\\' => {
                word.push('\\');
                word.push(char::from(*byte));
            }
            b' '..=b'_' | b'a'..=b'~' => word.push(char::from(*byte)),
            _ => {
                let _ = write!(word, "\\{byte:03o}");
            }
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_would_change_is_quoted() {
        for (path, expected) in [
            ("examples/glow", "examples/glow"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("-rf", "./-rf"),
            ("~", "'~'"),
            ("Größe", "'Größe'"),
            ("a\nb\\'", r"$'a\012b\\\''"),
            ("a `b`", r"$'a \140b\140'"),
            ("", "''"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
