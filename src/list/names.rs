//! Takes a cell with a person's name apart: the address below it, initials, badges, and the order of first and last name.

use crate::model::Email;

/// What a cell with a name shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NameCell {
    /// The name; empty if there is none.
    pub(super) name: String,
    /// The address beside it.
    pub(super) email: Option<Email>,
    /// Other lines, which may be words of a state or role.
    pub(super) badges: Vec<String>,
}

/// Takes a cell apart.
pub(super) fn name_cell(text: &str) -> NameCell {
    let mut found = NameCell::default();
    for line in text.split(['\n', '<', '>', '·', '|']).map(str::trim).filter(|line| !line.is_empty()) {
        if let Ok(email) = Email::parse(line.trim_start_matches("mailto:").trim_matches(['(', ')'])) {
            found.email.get_or_insert(email);
            continue;
        }
        let (line, email) = match line.rsplit_once(char::is_whitespace) {
            Some((rest, last)) => match Email::parse(last.trim_matches(['(', ')'])) {
                Ok(email) => (rest.trim(), Some(email)),
                Err(_) => (line, None),
            },
            None => (line, None),
        };
        if let Some(email) = email {
            found.email.get_or_insert(email);
        }
        let line = without_you(line);
        if line.is_empty() || is_initials(line) {
            // Initials are a picture's text; whose they are says the next line.
        } else if found.name.is_empty() {
            without_initials(line).trim_end_matches('*').trim().clone_into(&mut found.name);
        } else {
            found.badges.push(line.to_owned());
        }
    }
    found
}

/// Removes "(you)", which marks the person who looked.
fn without_you(line: &str) -> &str {
    let lower = line.to_lowercase();
    for ending in ["(you)", "(me)"] {
        if lower.ends_with(ending) && lower.len() == line.len() {
            return line.get(..line.len() - ending.len()).unwrap_or(line).trim_end();
        }
    }
    if lower == "you" { "" } else { line }
}

/// Returns whether a line is one to three capitals.
fn is_initials(line: &str) -> bool {
    (1..=3).contains(&line.chars().count()) && line.chars().all(char::is_uppercase)
}

/// Removes the text of a picture that has run into the name: `ARAna Ruiz`.
fn without_initials(line: &str) -> &str {
    for count in [3, 2, 1] {
        let Some((at, _)) = line.char_indices().nth(count) else { continue };
        let (initials, rest) = line.split_at(at);
        let words: Vec<char> = rest.split_whitespace().filter_map(|word| word.chars().next()).collect();
        let is_short = initials.chars().eq(words.iter().copied()) && (count > 1 || words.len() == 1);
        let ends = [words.first(), words.last()].into_iter().flatten().copied();
        let is_ends = count == 2 && words.len() > 2 && initials.chars().eq(ends);
        let is_name = rest.chars().nth(1).is_some_and(char::is_lowercase);
        if is_name && initials.chars().all(char::is_uppercase) && (is_short || is_ends) {
            return rest.trim_start();
        }
    }
    line
}

/// Splits a name into first and last name: at the comma of "Ruiz, Ana", or before the last word. One word alone is not split.
#[must_use]
pub fn split(name: &str) -> Option<(String, String)> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((last, first)) = name.split_once(',') {
        let (first, last) = (first.trim(), last.trim());
        return (!first.is_empty() && !last.is_empty() && !first.contains(',')).then(|| (first.to_owned(), last.to_owned()));
    }
    name.rsplit_once(' ').map(|(first, last)| (first.to_owned(), last.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_freed_of_what_pages_put_beside_it() {
        for (text, name, email, badges) in [
            ("Ana Ruiz", "Ana Ruiz", None, vec![]),
            ("AR\nAna Ruiz\nana@glow.example", "Ana Ruiz", Some("ana@glow.example"), vec![]),
            ("ARAna Ruiz", "Ana Ruiz", None, vec![]),
            ("Ana Ruiz <ana@glow.example>", "Ana Ruiz", Some("ana@glow.example"), vec![]),
            ("Ana Ruiz ana@glow.example", "Ana Ruiz", Some("ana@glow.example"), vec![]),
            ("Ana Ruiz (you)\nOwner", "Ana Ruiz", None, vec!["Owner"]),
            ("KPKim Park\nInvited 3 days ago", "Kim Park", None, vec!["Invited 3 days ago"]),
            ("JR Smith", "JR Smith", None, vec![]),
            ("AJ Abel Jones", "AJ Abel Jones", None, vec![]),
            ("Old, Lee*", "Old, Lee", None, vec![]),
            ("", "", None, vec![]),
        ] {
            let found = name_cell(text);
            let expected = NameCell {
                name: name.to_owned(),
                email: email.map(|email: &str| Email::parse(email).unwrap()),
                badges: badges.into_iter().map(str::to_owned).collect(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_split_at_its_comma_or_its_last_word() {
        let pair = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        for (name, parts) in [
            ("Ruiz, Ana", pair("Ana", "Ruiz")),
            ("Ana  Ruiz", pair("Ana", "Ruiz")),
            ("Ana Maria Ruiz", pair("Ana Maria", "Ruiz")),
            ("van Dyk, Ana", pair("Ana", "van Dyk")),
            ("Ana", None),
            ("Ruiz,", None),
            ("Ruiz, Ana, MD", None),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
    }
}
