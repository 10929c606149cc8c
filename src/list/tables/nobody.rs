//! Tells an empty tab from a list that a search left empty, or that was not there yet when the page was saved.

use std::collections::BTreeSet;

use super::rows::TableRead;
use super::table::Table;
use super::total::{Counted, filter};
use crate::list::problem::{Cause, Problems};
use crate::list::words::Words;
use crate::model::{Standing, Tab};

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
fn first_sentence(text: &str) -> Vec<String> {
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

/// Returns the tab whose people such a text names: "No pending invites".
fn named(text: &str, words: &Words<'_>) -> Option<Tab> {
    let sentence = first_sentence(text);
    let by_state = sentence.iter().find_map(|word| words.heading(word));
    let is_invited = || sentence.iter().any(|word| word.starts_with("invit"));
    by_state.or_else(|| is_invited().then(|| Tab::showing(Standing::Pending)))
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

/// What the texts around people say about whether a list without people can be believed.
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

/// Why a list without people may not be one of nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Doubt {
    /// A search or filter was on, or may have been.
    Narrowed,
    /// The list was not there yet.
    Loading,
}

/// Reads a file that has no table, and says that there is nobody; `None` if it cannot be believed.
pub(in crate::list) fn read(
    file: &str,
    given: Option<Tab>,
    (table, sentence): (&Table, &str),
    words: &Words<'_>,
    problems: &mut Problems,
) -> Option<TableRead> {
    let Some(tab) = given else {
        problems.push(file, None, Cause::Nobody);
        return None;
    };
    let of = |texts: &[String]| texts.iter().filter_map(|text| words.heading(text)).collect::<BTreeSet<Tab>>();
    // The sentence itself says more than the tabs around it.
    let said = [
        named(sentence, words).into_iter().collect(),
        of(&table.chosen),
        table.heading.iter().filter_map(|text| words.heading(text)).collect(),
    ];
    let said = said.into_iter().find(|tabs| !tabs.is_empty()).unwrap_or_else(|| of(&table.around));
    if let [chosen] = said.iter().collect::<Vec<_>>().as_slice()
        && **chosen != tab
    {
        problems.push(file, None, Cause::OtherTab { given: tab, chosen: **chosen });
        return None;
    }
    let doubt = doubt(table.around.iter().chain(&table.doubts).map(String::as_str), table.is_page);
    if doubt == Some(Doubt::Loading) {
        problems.push(file, None, Cause::Loading);
        return None;
    }
    let is_filtered = doubt.is_some() || !table.filters.is_empty();
    Some(TableRead {
        status: tab != Tab::Blocked,
        blocked: tab == Tab::Blocked,
        counted: Counted { total: Some(0), is_filtered, pages: None },
        is_chosen: table.choices.iter().any(|choice| words.narrows_down(choice, Some(tab)))
            || table.around.iter().any(|line| words.is_of_one_place(line)),
        ..TableRead::default()
    })
}
