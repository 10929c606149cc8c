//! The rules for passwords: their length, and a list of common ones; no rules of composition (NIST SP 800-63B-4).

use unicode_normalization::UnicodeNormalization as _;

use crate::model::Secret;

/// The longest password, in bytes: a longer one is refused before it is hashed.
pub const LONGEST_PASSWORD: usize = 1024;
/// The shortest password that opens a login by itself, in characters.
const SHORTEST_ALONE: usize = 15;
/// The shortest password beside a second factor, in characters.
const SHORTEST_BESIDE: usize = 8;

/// The reason why a password is not accepted.
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

/// Returns the shortest password, in characters, of somebody who has a second factor or not.
#[must_use]
pub const fn shortest(second_factor: bool) -> usize {
    if second_factor { SHORTEST_BESIDE } else { SHORTEST_ALONE }
}

/// Returns whether a password is too short to open a login by itself.
#[must_use]
pub fn needs_second_factor(typed: &str) -> bool {
    normal(typed).expose().chars().count() < SHORTEST_ALONE
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
    let least = shortest(second_factor);
    if text.chars().count() < least {
        return Err(PasswordFault::TooShort { least });
    }
    if adds_little(text, known) || zxcvbn::zxcvbn(text, known).score() < zxcvbn::Score::Two {
        return Err(PasswordFault::Guessable);
    }
    Ok(password)
}

/// A password needs so many letters and digits besides words that others know of its owner.
const LEAST_ADDED: usize = 6;

/// Returns whether a password is little more than what others know of its owner: words of the name, of the address and of the practice.
fn adds_little(password: &str, known: &[&str]) -> bool {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut words: Vec<String> = known.iter().flat_map(|known| known.split(|c: char| !c.is_alphanumeric())).map(plain).collect();
    words.retain(|word| word.chars().count() > 1);
    // Of two words that begin alike, the longer one is taken out first.
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = plain(password);
    let whole = rest.len();
    for word in &words {
        rest = rest.replace(word.as_str(), "");
    }
    rest.len() < whole && rest.chars().count() < LEAST_ADDED
}

#[cfg(test)]
mod tests {
    use super::*;

    // H5: names, address and practice are not a secret, in whatever order.
    #[test]
    fn a_password_of_name_address_and_practice_alone_is_refused() {
        for typed in [
            "Ana Ruiz ana glow",
            "glow.example ruiz ana",
            "GLOW glow Ana RUIZ 2026",
            "ruizruizruizruiz",
            "ana-ruiz-glow-example-1!",
            "example Ruiz GLOW",
        ] {
            assert_eq!(fault(typed), Some(PasswordFault::Guessable), "{typed}");
        }
        for typed in ["ana keeps tram lenses", "glow in the moss at 8", "tram lens moss 8"] {
            assert_eq!(fault(typed), None, "{typed}");
        }
    }

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

    /// Words that many people choose; a password made of one of them is guessed first.
    const COMMON: [&str; 40] = [
        "password",
        "123456",
        "12345678",
        "qwerty",
        "iloveyou",
        "admin",
        "welcome",
        "monkey",
        "dragon",
        "football",
        "letmein",
        "baseball",
        "sunshine",
        "princess",
        "master",
        "shadow",
        "superman",
        "michael",
        "jennifer",
        "hunter",
        "trustno1",
        "batman",
        "passw0rd",
        "abc123",
        "starwars",
        "whatever",
        "freedom",
        "charlie",
        "jordan",
        "computer",
        "secret",
        "summer",
        "flower",
        "cookie",
        "chocolate",
        "butterfly",
        "liverpool",
        "samsung",
        "pokemon",
        "hello",
    ];

    // H5: a table of more than 200 cases.
    #[test]
    fn the_rules_for_passwords_hold_in_every_case_of_a_table() {
        let mut cases = 0;
        let mut is = |typed: &str, beside: bool, wanted: Option<PasswordFault>| {
            assert_eq!(choose(typed, &["ana.ruiz@glow.example", "Ana", "Ruiz", "glow"], beside).err(), wanted, "{typed:?}, {beside}");
            cases += 1;
        };
        // Characters count, of one, two, three or four bytes each; a long enough text of them is judged by the list alone.
        for letters in [
            "tr4m l3ns m0ss 8",
            "\u{f6}\u{e4}\u{fc}\u{df}\u{e9}\u{e8}\u{ea}\u{f1}\u{e7}\u{f8}\u{e5}\u{142}\u{17e}\u{161}\u{111}",
            "\u{4e2d}\u{6587}\u{8a9e}\u{65e5}\u{672c}\u{97d3}\u{56fd}\u{5b57}\u{66f8}\u{8aad}\u{6f22}\u{5c71}\u{5ddd}\u{6d77}\u{7a7a}",
        ] {
            for length in 0..SHORTEST_ALONE {
                let short: String = letters.chars().take(length).collect();
                is(&short, false, Some(PasswordFault::TooShort { least: SHORTEST_ALONE }));
                if length < SHORTEST_BESIDE {
                    is(&short, true, Some(PasswordFault::TooShort { least: SHORTEST_BESIDE }));
                }
            }
            is(&letters.chars().take(SHORTEST_ALONE).collect::<String>(), false, None);
        }
        // What many people choose, once more and once more, until it is long enough.
        for word in COMMON {
            is(&word.repeat(SHORTEST_ALONE.div_ceil(word.len())), false, Some(PasswordFault::Guessable));
        }
        for letter in ('a'..='z').chain('0'..='9') {
            is(&letter.to_string().repeat(SHORTEST_ALONE), false, Some(PasswordFault::Guessable));
            is(&letter.to_string().repeat(64), true, Some(PasswordFault::Guessable));
        }
        for typed in ["abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjih", "ana.ruiz@glow.example", "glowglowglowglow"] {
            is(typed, false, Some(PasswordFault::Guessable));
        }
        // 64 characters are taken whole, and so is every length up to the most bytes; one byte more is refused before it is hashed.
        let long = "tram lens moss 8 kelp dune wick 5 ".repeat(40);
        for length in [64, 65, 100, 128, 255, 256, 512, 1023, LONGEST_PASSWORD] {
            is(&long[..length], false, None);
            assert_eq!(choose(&long[..length], &[], false).unwrap().expose().len(), length, "nothing is cut");
        }
        for length in [LONGEST_PASSWORD + 1, LONGEST_PASSWORD + 2, long.len()] {
            is(&long[..length], false, Some(PasswordFault::TooLong));
        }
        is(&"\u{4e2d}".repeat(LONGEST_PASSWORD / 3 + 1), false, Some(PasswordFault::TooLong));
        assert!(cases >= 200, "{cases}");
    }
}
