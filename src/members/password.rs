//! The rules for passwords: their length, and a list of common ones; no rules of composition (NIST SP 800-63B-4).

use unicode_normalization::UnicodeNormalization as _;

use crate::model::Secret;

/// The longest password, in bytes: a longer one is refused before it is hashed.
pub const LONGEST_PASSWORD: usize = 1024;
/// The shortest password that opens a login by itself, in characters.
pub const SHORTEST_ALONE: usize = 15;
/// The shortest password beside a second factor, in characters.
const SHORTEST_BESIDE: usize = 8;

/// Why a password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It is too short.
    TooShort {
        /// The least number of characters.
        least: usize,
    },
    /// It has more than [`LONGEST_PASSWORD`] bytes.
    TooLong,
    /// Many people use it, or it follows from what is known of its owner.
    Guessable,
}

/// A password as it is hashed: in Unicode NFC, never cut.
#[must_use]
pub fn normal(typed: &str) -> Secret {
    Secret::new(typed.nfc().collect::<String>())
}

/// Checks a new password. `known` is what others know of its owner: name, address, practice.
///
/// # Errors
/// The first rule that it breaks.
pub fn choose(typed: &str, known: &[&str], second_factor: bool) -> Result<Secret, PasswordFault> {
    if typed.len() > LONGEST_PASSWORD {
        return Err(PasswordFault::TooLong);
    }
    let password = normal(typed);
    let text = password.expose();
    if text.len() > LONGEST_PASSWORD {
        return Err(PasswordFault::TooLong);
    }
    let least = if second_factor { SHORTEST_BESIDE } else { SHORTEST_ALONE };
    if text.chars().count() < least {
        return Err(PasswordFault::TooShort { least });
    }
    if zxcvbn::zxcvbn(text, known).score() < zxcvbn::Score::Two {
        return Err(PasswordFault::Guessable);
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(typed: &str) -> Option<PasswordFault> {
        choose(typed, &["ana.ruiz@glow.example", "Ana", "Ruiz", "glow"], false).err()
    }

    // H5
    #[test]
    fn a_password_has_fifteen_characters_or_eight_beside_a_second_factor() {
        assert_eq!(fault("tram lens moss"), Some(PasswordFault::TooShort { least: 15 }));
        assert_eq!(fault("tram lens mossy"), None);
        assert_eq!(choose("k9 tram", &[], true).err(), Some(PasswordFault::TooShort { least: 8 }));
        assert_eq!(choose("k9 tramx", &[], true).err(), None);
        // Characters count, not bytes.
        assert_eq!(fault("äöüßéèêñçøåłžš"), Some(PasswordFault::TooShort { least: 15 }));
    }

    #[test]
    fn a_long_password_is_accepted_whole_and_a_huge_one_is_refused() {
        let long = "tram lens moss 8 ".repeat(60);
        assert_eq!(choose(&long[..1020], &[], false).unwrap().expose(), &long[..1020]);
        assert_eq!(choose(&"x".repeat(LONGEST_PASSWORD + 1), &[], false).err(), Some(PasswordFault::TooLong));
        // Byte 65 matters.
        let (a, b) = (format!("{}a", &long[..64]), format!("{}b", &long[..64]));
        assert_ne!(choose(&a, &[], false).unwrap().expose(), choose(&b, &[], false).unwrap().expose());
    }

    #[test]
    fn common_repeated_and_personal_passwords_are_refused() {
        for typed in ["passwordpassword", "123456789012345", "aaaaaaaaaaaaaaaaaaaa", "ana.ruiz@glow.example", "qwertyuiopasdfg"] {
            assert_eq!(fault(typed), Some(PasswordFault::Guessable), "{typed}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        assert_eq!(normal("cafe\u{301} au lait 2026").expose(), normal("caf\u{e9} au lait 2026").expose());
    }
}
