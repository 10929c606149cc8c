//! Tells an empty tab from a list that a search left empty, or that was not there yet when the page was saved.

use super::total::filter;

/// Words for people.
const PEOPLE: [&str; 24] = [
    "user",
    "users",
    "member",
    "members",
    "account",
    "accounts",
    "invite",
    "invites",
    "invitation",
    "invitations",
    "employee",
    "employees",
    "people",
    "staff",
    "teammate",
    "teammates",
    "utilisateur",
    "utilisateurs",
    "membre",
    "membres",
    "compte",
    "comptes",
    "employé",
    "employés",
];

/// Words for what tables have: elsewhere on a page they can be about something else.
const ROWS: [&str; 8] = ["record", "records", "rows", "entries", "items", "data", "donnée", "données"];

/// Words that change nothing about it: what else a sentence says, such as a place, can be what the list was narrowed down to.
const OTHER: [&str; 54] = [
    "there",
    "are",
    "is",
    "you",
    "have",
    "has",
    "currently",
    "found",
    "available",
    "yet",
    "to",
    "display",
    "show",
    "in",
    "the",
    "table",
    "this",
    "list",
    "at",
    "moment",
    "time",
    "been",
    "were",
    "was",
    "exist",
    "right",
    "now",
    "any",
    "don",
    "do",
    "not",
    "haven",
    "aren",
    "t",
    "your",
    "our",
    "team",
    "open",
    "outstanding",
    "sent",
    "invited",
    "added",
    "workspace",
    "organization",
    "trouvé",
    "trouvée",
    "disponible",
    "dans",
    "le",
    "tableau",
    "en",
    "attente",
    "la",
    "liste",
];

/// The words of the first sentence of a text, in small letters.
pub(in crate::list) fn first_sentence(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let first = lower.trim_start_matches(|c: char| !c.is_alphanumeric()).split(['.', '!', '\n']).next().unwrap_or_default();
    first.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns whether a text says that there are no users at all, and not that a search found none; in a table, or in place of one.
pub(in crate::list) fn says_that_nobody(text: &str, is_table: bool) -> bool {
    let words = first_sentence(text);
    let is_no = |word: &String| matches!(word.as_str(), "no" | "aucun" | "aucune");
    // "No users", "There are no users", "You don't have any users".
    let lead = [
        "there",
        "are",
        "is",
        "you",
        "we",
        "have",
        "has",
        "currently",
        "don",
        "do",
        "not",
        "haven",
        "aren",
        "t",
        "any",
        "il",
        "n",
        "y",
        "a",
    ];
    let before: Vec<&String> = words.iter().take_while(|word| lead.contains(&word.as_str())).collect();
    let is_negated = before.last().is_some_and(|word| *word == "any") && before.iter().any(|word| matches!(word.as_str(), "t" | "not"));
    let has_no = is_negated || words.get(before.len()).is_some_and(is_no);
    let is_of_people = |word: &String| PEOPLE.contains(&word.as_str()) || (is_table && ROWS.contains(&word.as_str()));
    let is_known = |word: &String| {
        let word = word.as_str();
        PEOPLE.contains(&word) || ROWS.contains(&word) || OTHER.contains(&word) || crate::list::general::state(word).is_some()
    };
    let is_quoted = text.contains(['"', '“', '”', '«', '‘']);
    has_no && !is_quoted && words.iter().any(is_of_people) && words.iter().skip(before.len()).all(|word| is_no(word) || is_known(word))
}

/// Returns whether a text says that the list was not there yet when the page was saved.
pub(in crate::list) fn is_loading(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let begins = ["loading", "please wait", "fetching", "chargement", "veuillez patienter"];
    let contains = ["went wrong", "try again", "failed to load", "unable to load", "could not load", "couldn't load", "timed out"];
    lower.len() < 80 && (begins.iter().any(|begin| lower.starts_with(begin)) || contains.iter().any(|part| lower.contains(part)))
}

/// Returns whether a text of a page says that a search or filter is on.
pub(in crate::list) fn says_narrowed(text: &str) -> bool {
    let lower = text.to_lowercase();
    let parts = ["results for", "matching", "clear search", "clear filter", "clear all", "reset filter", "remove filter", "adjust"];
    filter(text).is_some() || (lower.len() < 120 && parts.iter().any(|part| lower.contains(part)))
}

/// Returns whether a line of pasted text leaves it open: the text does not show what is typed in a field or chosen.
fn may_be_narrowed(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    let begins = |word: &str| ["search", "filter", "match", "recherche", "filtre"].iter().any(|begin| word.starts_with(begin));
    let has_word = lower.split(|c: char| !c.is_alphanumeric()).any(begins);
    let is_refused = ["denied", "permission", "sign in", "log in"].iter().any(|part| lower.contains(part));
    has_word || is_refused || lower == "clear" || lower.ends_with(['×', '✕', '✖'])
}

/// Returns what the texts around people say about whether a list without people can be believed.
pub(in crate::list) fn doubt<'t>(texts: impl Iterator<Item = &'t str>, is_page: bool) -> Option<Doubt> {
    let mut found = None;
    for text in texts.flat_map(str::lines) {
        if is_loading(text) {
            return Some(Doubt::Loading);
        }
        if says_narrowed(text) || (!is_page && may_be_narrowed(text)) {
            found = Some(Doubt::Narrowed);
        }
    }
    found
}

/// The reason why a list without people may not be one of nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Doubt {
    /// A search or filter was on, or may have been.
    Narrowed,
    /// The list was not there yet.
    Loading,
}
