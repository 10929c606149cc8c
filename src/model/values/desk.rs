//! Names and addresses that are not one person's: those of desks, devices and programs.

use std::collections::BTreeSet;

/// Words of addresses and names that no person has.
const WORDS: &str = "account accounts admin api appointments assistant billing bills booking bookings clinic contact desk front frontdesk hello \
    help info integration ipad kiosk mail manager marketing noreply nurse office practice reception receptionist reply schedule scheduling \
    service shared spa staff station support tablet team test user welcome";

fn is_desk_word(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    word.is_empty() || WORDS.split_whitespace().any(|own| own == word)
}

/// Returns whether a user name, or the part of an address before the @, has no word that a person could be called.
#[must_use]
pub fn is_desk_login(login: &str) -> bool {
    let login = login.to_lowercase();
    let words: Vec<&str> = login.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    !words.is_empty() && (words.iter().all(|word| is_desk_word(word)) || is_desk_word(&words.concat()))
}

/// Returns whether no word of a name is a person's; those of the practice and its clinics are not.
#[must_use]
pub fn names_nobody(words: &[String], places: &BTreeSet<String>) -> bool {
    words.iter().all(|word| is_desk_word(word) || places.contains(word))
}

/// Returns whether an account looks like that of a desk, a device or a program, by the words of its name and its login without the domain.
#[must_use]
pub fn is_perhaps_a_desks(words: &[String], login: Option<&str>, places: &BTreeSet<String>) -> bool {
    names_nobody(words, places) && (login.is_some_and(is_desk_login) || !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_of_a_desk_are_shared_and_those_of_people_are_not() {
        for login in ["info", "front.desk", "frontdesk2", "reception", "no-reply", "Desk1", "front-desk+uptown2"] {
            assert_eq!(is_desk_login(login), login != "front-desk+uptown2", "{login}");
        }
        for login in ["ana.ruiz", "info.ana", "spade", "testa", ""] {
            assert!(!is_desk_login(login), "{login}");
        }
    }

    #[test]
    fn a_name_of_a_place_is_nobodys_and_no_name_says_nothing() {
        let places = BTreeSet::from(["glow".to_owned()]);
        let words = |name: &str| name.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (name, login, is_desks) in [
            ("front desk", None, true),
            ("glow tablet", None, true),
            ("glow reed", None, false),
            ("", None, false),
            ("", Some("kiosk"), true),
        ] {
            assert_eq!(is_perhaps_a_desks(&words(name), login, &places), is_desks, "{name} {login:?}");
        }
    }
}
