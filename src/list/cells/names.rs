//! Takes a cell with a person's name apart: the address below it, initials, badges, and the order of first and last name.

use crate::list::found::Person;
use crate::model::{Email, Field, Value};

/// The name that a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::list) struct NameCell {
    /// The name; empty if there is none.
    pub(in crate::list) name: String,
    /// The address beside it.
    pub(in crate::list) email: Option<Email>,
    /// Other lines, which may be words of a state or role.
    pub(in crate::list) badges: Vec<String>,
}

/// Takes a cell apart.
pub(in crate::list) fn name_cell(text: &str) -> NameCell {
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
            let name = without_initials(line);
            name.trim_end_matches(is_sign).trim().clone_into(&mut found.name);
            let rest = name.get(found.name.len()..).unwrap_or_default().trim();
            found.badges.extend(Some(rest.to_owned()).filter(|rest| has_stop_sign(rest)));
        } else {
            found.badges.push(line.to_owned());
        }
    }
    found
}

/// Returns whether a text has a sign for people who are kept out.
pub(in crate::list) fn has_stop_sign(text: &str) -> bool {
    text.contains(['🔒', '⛔', '🚫', '🔴', '❌'])
}

/// Takes the words of a state out of a first or last name that has a column of its own: "Old - INACTIVE", "(Inactive) Ana".
pub(in crate::list) fn part(text: &str, is_state: &dyn Fn(&str) -> bool) -> Option<(String, String)> {
    let ends = |c: char| matches!(c, '(' | ')' | '[' | ']' | '-' | '–' | '—' | ':' | '|' | '*' | ' ');
    let found = |name: &str, word: &str| {
        let (name, word) = (name.trim_matches(ends), word.trim_matches(ends));
        (!name.is_empty() && is_state(word)).then(|| (name.to_owned(), word.to_owned()))
    };
    let marked = |name: &str, word: &str| {
        // A word alone can be a name: "Former".
        let is_marked = word.starts_with(['(', '[']) || word.ends_with([')', ']', ':']) || name.ends_with(ends) || name.starts_with(ends);
        if is_marked { found(name, word) } else { None }
    };
    let last = text.trim().rsplit_once(' ').and_then(|(name, word)| marked(name, word));
    last.or_else(|| text.trim().split_once(' ').and_then(|(word, name)| marked(name, word)))
}

impl NameCell {
    /// Puts a comma behind the last name, where it comes first; of more than two words, nobody knows where it ends, and the answer is `false`.
    pub(in crate::list) fn turn(&mut self) -> bool {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        if let ([last, first], false) = (words.as_slice(), self.name.contains(',')) {
            self.name = format!("{last}, {first}");
        }
        self.name.is_empty() || self.name.contains(',')
    }

    /// Moves words of a state from the end of the name to the badges: "Joe Doe (Inactive)", "Joe Doe - DISABLED".
    pub(in crate::list) fn part_from(&mut self, is_state: &dyn Fn(&str) -> bool) {
        let spaces: Vec<usize> = self.name.match_indices(' ').map(|(at, _)| at).collect();
        // "Ana Ruiz Invited 3 days ago": a first and a last name come before it.
        for at in spaces.iter().skip(1).copied().filter(|at| spaces.last() != Some(at)) {
            let Some((name, said)) = self.name.split_at_checked(at) else { continue };
            if is_state(said.trim().trim_matches(['(', ')', '[', ']'])) {
                self.badges.push(said.trim().trim_matches(['(', ')', '[', ']']).to_owned());
                self.name = name.trim_end_matches(['-', '–', '—', ':', '|', ' ']).to_owned();
                return;
            }
        }
        // "INACTIVE - Lee Old": so that it is sorted apart.
        if let Some((name, word)) = part(&self.name, is_state).filter(|(name, _)| self.name.ends_with(name.as_str())) {
            self.name = name;
            self.badges.push(word);
            return;
        }
        let Some((name, last)) = self.name.rsplit_once(' ') else { return };
        let is_marked = last.starts_with('(') || name.ends_with(['-', '–', '—', ':', '|']);
        let word = last.trim_matches(['(', ')', '[', ']']);
        let name = name.trim_end_matches(['-', '–', '—', ':', '|', ' ']);
        if is_state(word) && (is_marked || name.contains(' ')) {
            self.badges.push(word.to_owned());
            self.name = name.to_owned();
        }
    }
}

/// Returns whether a header says that the last name comes first: "Name (Last First)", "Nom et prénom".
pub(in crate::list) fn is_last_first(header: &str) -> bool {
    let word = crate::platform::without_accents(&crate::list::words::squash(header));
    ["lastfirst", "lastnamefirst", "nometprenom", "nomprenom"].iter().any(|part| word.contains(part))
}

/// Returns whether a name begins with a last name in capitals, as lists in French have it: "RUIZ Ana".
fn begins_with_capitals(first: &str, last: &str) -> bool {
    let is_loud = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() > 2 && !text.contains(char::is_lowercase);
    is_loud(first) && last.contains(char::is_lowercase)
}

/// Returns whether a character at the end of a name is a sign beside it.
fn is_sign(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '*' | '†'
                | '‡'
                | '●'
                | '○'
                | '•'
                | '◉'
                | '★'
                | '☆'
                | '✓'
                | '✔'
                | '⚫'
                | '🟢'
                | '🔴'
                | '🟡'
                | '⚪'
                | '🔒'
                | '⭐'
        )
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
    let name = plain(name);
    if let Some((last, first)) = name.split_once(',') {
        let (first, last) = (first.trim(), last.trim());
        return (!first.is_empty() && !last.is_empty() && !first.contains(',')).then(|| (first.to_owned(), last.to_owned()));
    }
    let (first, last) = name.rsplit_once(' ')?;
    if begins_with_capitals(first, last) {
        return None;
    }
    // "Smith Jr." is a last name.
    if is_generation(last)
        && let Some((first, family)) = first.rsplit_once(' ')
    {
        return Some((first.to_owned(), format!("{family} {last}")));
    }
    Some((first.to_owned(), last.to_owned()))
}

/// Letters after a name, for what somebody has studied or is licensed to do.
const CREDENTIALS: [&str; 40] = [
    "MD", "DO", "NP", "RN", "PA", "PAC", "DNP", "FNP", "FNPC", "FNPBC", "ARNP", "APRN", "CRNP", "AGNP", "PMHNP", "BSN", "MSN", "LPN",
    "LVN", "CNA", "CMA", "RMA", "LE", "LME", "CLT", "DDS", "DMD", "RDH", "DVM", "OD", "DC", "DPM", "PT", "DPT", "PhD", "PharmD", "MBA",
    "MPH", "MBBS", "FRCPC",
];

/// Words in front of a name.
const TITLES: [&str; 9] = ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "dre", "mme"];

/// Returns a name with single spaces, without titles, credentials and texts in parentheses: none of them is a first or last name.
#[must_use]
pub fn plain(name: &str) -> String {
    // A number beside a name is that of an employee.
    let is_number = |word: &&str| word.strip_prefix('#').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    let mut text = name.split_whitespace().filter(|word| !is_number(word)).collect::<Vec<_>>().join(" ");
    // "(RN)" and "(she/her)"; a name that is nothing else stays.
    while let Some((open, close)) = text.find('(').and_then(|open| Some((open, open + text.get(open..)?.find(')')?))) {
        let rest =
            format!("{} {}", text.get(..open).unwrap_or_default().trim_end(), text.get(close + 1..).unwrap_or_default().trim_start());
        let rest = rest.replace(" ,", ",").trim().to_owned();
        if rest.is_empty() {
            break;
        }
        text = rest;
    }
    // In a name of capitals, nobody can tell letters from a name.
    if !text.contains(char::is_lowercase) {
        return text;
    }
    let mut parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    // "Ana Ruiz, NP" has no comma of a name; "Ruiz, Ana, RN" has one.
    while parts.len() > 1 && parts.last().is_some_and(|last| last.split_whitespace().all(is_credential)) {
        parts.pop();
    }
    let least = if parts.len() > 1 { 1 } else { 2 };
    let parts: Vec<String> = parts.into_iter().map(|part| without_letters(part, least)).collect();
    match parts.as_slice() {
        // "John Smith, Jr." and "Smith, John, Jr."
        [name, generation] if is_generation(generation) => format!("{name} {generation}"),
        [last, first, generation] if is_generation(generation) => format!("{last} {generation}, {first}"),
        _ => parts.join(", "),
    }
}

/// Removes titles before and credentials after the words of a name, as long as two words are left or the name has a comma.
fn without_letters(part: &str, least: usize) -> String {
    let mut words: Vec<&str> = part.split(' ').collect();
    let is_title = |word: &str| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    if words.len() > 1 && words.first().is_some_and(|word| is_title(word)) {
        words.remove(0);
    }
    while words.len() > least && words.last().is_some_and(|word| is_credential(word)) {
        words.pop();
    }
    words.join(" ")
}

/// Returns whether a word is letters after a name: they are capitals, so that "Ana Do" keeps her name.
fn is_credential(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    CREDENTIALS.contains(&letters.as_str()) && !word.contains(['(', ')'])
}

/// Returns whether a word tells a child from a parent of the same name.
fn is_generation(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "Jr" | "Sr" | "JR" | "SR" | "II" | "III" | "IV")
}

/// Takes the name apart, since the roster has first and last name; returns whether it has both.
pub(in crate::list) fn set_name(person: &mut Person, name: &NameCell) -> bool {
    if name.name.is_empty() {
        person.fields.extend([(Field::FirstName, Value::Unset), (Field::LastName, Value::Unset)]);
    } else if let Some((first, last)) = split(&name.name) {
        person.fields.extend([(Field::FirstName, Value::Text(first)), (Field::LastName, Value::Text(last))]);
    }
    person.name = Some(name.name.clone()).filter(|name| !name.is_empty());
    person.fields.contains_key(&Field::LastName)
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
            ("Ruiz, Ana, MD", pair("Ana", "Ruiz")),
            ("Ana Ruiz, NP", pair("Ana", "Ruiz")),
            ("Ana Ruiz MD", pair("Ana", "Ruiz")),
            ("Ana Ruiz, MSN, FNP-C", pair("Ana", "Ruiz")),
            ("Dr. Ana Ruiz", pair("Ana", "Ruiz")),
            ("Ana Ruiz (she/her)", pair("Ana", "Ruiz")),
            ("Ruiz, Ana (RN)", pair("Ana", "Ruiz")),
            ("John Smith Jr.", pair("John", "Smith Jr.")),
            ("Smith, John, Jr.", pair("John", "Smith Jr.")),
            ("Smith Jr., John", pair("John", "Smith Jr.")),
            ("John Smith, Jr.", pair("John", "Smith Jr.")),
            ("Ana Ruiz #1042", pair("Ana", "Ruiz")),
            ("Kim Do", pair("Kim", "Do")),
            ("Le, Kim", pair("Kim", "Le")),
            ("DO, KIM", pair("KIM", "DO")),
            ("ANA MARIA DO", pair("ANA MARIA", "DO")),
            ("Le, Kim MD", pair("Kim", "Le")),
            ("(RN)", None),
            ("Ruiz, Ana, Maria", None),
            ("RUIZ Ana", None),
            ("JR Smith", pair("JR", "Smith")),
            ("ANA RUIZ", pair("ANA", "RUIZ")),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
    }
}
