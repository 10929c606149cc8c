//! Checks a code word, which people hear or read, and type.

use super::writable::unwritable_in_line;
use crate::model::CodeWordFault;

/// The most characters of a code word.
pub(crate) const LONGEST_CODE_WORD: usize = 128;

/// Says why people could not type a code word; `None` if everybody can. Program and server call this same function; the program knows the
/// environment variable that the word comes from.
#[must_use]
pub fn check_code_word(word: &str, variable: Option<&str>) -> Option<CodeWordFault> {
    let blank = || word.chars().find(|c| c.is_whitespace() && *c != ' ');
    if word.is_empty() {
        Some(CodeWordFault::Empty)
    } else if word.chars().count() > LONGEST_CODE_WORD {
        Some(CodeWordFault::TooLong)
    } else if word.contains(['\r', '\n']) {
        Some(CodeWordFault::LineBreak)
    } else if let Some(character) = unwritable_in_line(word).or_else(blank) {
        Some(CodeWordFault::Unseen(character))
    } else if word.chars().count() > 1 && word.starts_with(is_quote) && word.ends_with(is_quote) {
        Some(CodeWordFault::Quoted)
    } else {
        is_named(word, variable).then_some(CodeWordFault::Named)
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{300c}'..='\u{300f}')
}

/// Returns whether a word is a line that was copied whole: `code_word: blue harbor`, or `PBN_WORD=blue harbor` of the variable `PBN_WORD`. Any other
/// word can have such signs in it.
fn is_named(word: &str, variable: Option<&str>) -> bool {
    let word = word.strip_prefix("export ").unwrap_or(word);
    let Some((name, rest)) = word.split_once(['=', ':']) else { return false };
    let plain = |name: &str| name.trim().trim_matches(is_quote).to_lowercase().replace(['-', ' '], "_");
    let name = plain(name);
    let is_ours = name.ends_with("code_word") || name.ends_with("codeword") || variable.is_some_and(|variable| name == plain(variable));
    is_ours && !rest.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    // PBN-5
    #[test]
    fn a_code_word_is_what_people_type_and_nothing_around_it() {
        for word in
            ["blue harbor", "Bl\u{e5}b\u{e6}r-7", "it's \"blue\"", "2+2=4", "Zm9v==", "a:b", "\"", "now: ", "\u{201c}blue\u{201d} harbor"]
        {
            assert_eq!(check_code_word(word, None), None, "{word}");
        }
        let around = [
            "\"w\"",
            "'w w'",
            "\u{201c}blue harbor\u{201d}",
            "\u{201e}w\u{201c}",
            "\u{2018}w\u{2019}",
            "\u{ab}w\u{bb}",
            "\u{2039}w\u{203a}",
        ];
        for word in around {
            assert_eq!(check_code_word(word, None), Some(CodeWordFault::Quoted), "{word}");
        }
        for word in ["code_word=blue harbor", "CODE-WORD = blue", "codeWord:blue", "\"code word\": a=b", "export PBN_CODE_WORD=blue"] {
            assert_eq!(check_code_word(word, None), Some(CodeWordFault::Named), "{word}");
        }
        for word in ["blue=harbor", "key: blue", "CW=blue", "code_word=", "code word blue"] {
            assert_eq!(check_code_word(word, None), None, "{word}");
            assert_eq!(check_code_word(word, Some("PBN_WORD")), None, "{word}");
        }
        for word in ["CW=blue", "cw: blue", "export CW=blue=harbor"] {
            assert_eq!(check_code_word(word, Some("CW")), Some(CodeWordFault::Named), "{word}");
        }
        assert_eq!(check_code_word("", None), Some(CodeWordFault::Empty));
        assert_eq!(check_code_word("a\nb", None), Some(CodeWordFault::LineBreak));
        assert_eq!(check_code_word("a\u{a0}b", None), Some(CodeWordFault::Unseen('\u{a0}')));
        assert_eq!(check_code_word("a\u{200b}b", None), Some(CodeWordFault::Unseen('\u{200b}')));
        assert_eq!(check_code_word(&"w".repeat(LONGEST_CODE_WORD), None), None);
        assert_eq!(check_code_word(&"w".repeat(LONGEST_CODE_WORD + 1), None), Some(CodeWordFault::TooLong));
    }
}
