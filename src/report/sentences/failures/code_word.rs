//! The sentences about code words that people could not type.

use crate::model::CodeWordFault;
use crate::platform::LONGEST_CODE_WORD;

/// Says why people could not type a code word, and what to do. The sentence never contains the word.
#[must_use]
pub fn code_word(fault: CodeWordFault) -> String {
    match fault {
        CodeWordFault::Empty => "it is empty: give the word".to_owned(),
        CodeWordFault::TooLong => format!("it has more than {LONGEST_CODE_WORD} characters: give the word alone"),
        CodeWordFault::LineBreak => "it contains a line break: give the word alone, on one line".to_owned(),
        CodeWordFault::Quoted => "it is in quotes, which people would have to type: give the word alone".to_owned(),
        CodeWordFault::Named => {
            "it begins with its own name and `=` or `:`, which people would have to type: give the word alone".to_owned()
        }
        CodeWordFault::Unseen(character) => {
            format!("it contains the character U+{:04X}, which people do not see or cannot type: write the word anew", u32::from(character))
        }
    }
}
