//! Marks at a name by which practices sort people who have left to the end of a list: letters before it, and asterisks; and who has a name at all.

use crate::list::words::Words;
use crate::model::Standing;

/// Returns whether a text in place of a name is none.
pub(in crate::list) fn has_no_name(text: &str) -> bool {
    crate::list::general::is_dash(text)
}

/// Returns whether somebody of this standing has a name, also where a list shows none: everybody who has accepted an invitation of a product that we
/// know. A catalog of a roster's own can have accounts that belong to nobody.
pub(in crate::list) const fn must_have_name(status: Option<Standing>, words: &Words<'_>) -> bool {
    let is_pending = match status {
        Some(Standing::Pending) => true,
        Some(Standing::Active | Standing::Inactive) | None => false,
    };
    !words.catalog.is_own && !words.catalog.open_roles && words.catalog.list.nameless.is_none() && !is_pending
}

/// Returns whether letters of a text are lost, or shown as the signs of another encoding: `Jos�`, `JosÃ©`.
pub(in crate::list) fn is_garbled(text: &str) -> bool {
    let is_rest = |c: char| {
        ('\u{a0}'..='\u{bf}').contains(&c)
            || matches!(c, '€' | '‚' | '„' | '…' | '†' | '‡' | '‰' | '‹' | '‘' | '’' | '“' | '”' | '•' | '–' | '—' | '™' | '›')
    };
    let is_pair = |(one, next): (char, char)| matches!(one, 'Ã' | 'Â' | 'Å' | 'Ä' | 'â') && is_rest(next);
    text.contains('\u{fffd}') || text.chars().zip(text.chars().skip(1)).any(is_pair)
}

/// Letters that are a word of their own before a name.
const ALONE: [&str; 2] = ["xx", "xxx"];

/// Returns a name without its mark; `None` if it has none.
pub(in crate::list) fn unmarked(name: &str) -> Option<String> {
    let rest = name.trim().trim_matches('*');
    let has_asterisk = rest.len() < name.trim().len() || rest.contains("*,");
    let rest = rest.replace("*,", ",");
    let letters = sorted_last(&rest);
    (has_asterisk || letters > 0).then(|| rest.get(letters..).unwrap_or_default().trim_start_matches(is_between).trim().to_owned())
}

/// Returns how many bytes of letters before a name sort it to the end: `zz Ana Ruiz`, `ZZRuiz`, `xx-Ruiz`.
fn sorted_last(name: &str) -> usize {
    let letters = name.bytes().take_while(|byte| byte.eq_ignore_ascii_case(&b'z')).count();
    let rest = name.get(letters..).unwrap_or_default();
    if letters > 1 && rest.contains(char::is_alphabetic) {
        return letters;
    }
    let word = name.split(is_between).next().unwrap_or_default();
    let is_alone = word.len() < name.len() && ALONE.contains(&word.to_lowercase().as_str());
    if is_alone { word.len() } else { 0 }
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | '*' | ':' | '–' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_another_encoding_are_known() {
        for text in ["Jos\u{fffd} N\u{fffd}ez", "JosÃ©", "MÃ¼ller", "Oâ€™Brien", "Å\u{a0}imon", "Zoë Ã±u"] {
            assert!(is_garbled(text), "{text}");
        }
        for text in ["José", "Åsa Ångström", "JOÃO", "Ärzte", "Zoë O’Brien", "Müller", "François"] {
            assert!(!is_garbled(text), "{text}");
        }
    }

    #[test]
    fn a_mark_is_taken_from_a_name() {
        for (name, expected) in [
            ("zz Ana Ruiz", Some("Ana Ruiz")),
            ("ZZ-Ruiz, Ana", Some("Ruiz, Ana")),
            ("zzRuiz, Ana", Some("Ruiz, Ana")),
            ("ZZZ_Ruiz", Some("Ruiz")),
            ("xx Ruiz, Ana", Some("Ruiz, Ana")),
            ("*Ruiz, Ana", Some("Ruiz, Ana")),
            ("* Ana Ruiz", Some("Ana Ruiz")),
            ("Ruiz*, Ana", Some("Ruiz, Ana")),
            ("Ruiz, Ana*", Some("Ruiz, Ana")),
            ("**Ruiz**", Some("Ruiz")),
            ("Ana Ruiz", None),
            ("Zoë Zimmer", None),
            ("Lizz Ruiz", None),
            ("X Ruiz", None),
            ("Xxavier Ruiz", None),
            ("Z Z", None),
            ("zz", None),
            ("", None),
        ] {
            assert_eq!(unmarked(name).as_deref(), expected, "{name}");
        }
    }
}
